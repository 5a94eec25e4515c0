"""The database behind the store: connections, transactions, and its troubles in plain words."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    IntegrityError,
    NoSuchModuleError,
    ProgrammingError,
)

from matcher.errors import StoreUnavailableError

DIALECTS = ("sqlite", "postgresql")

_TROUBLES = (
    ("not a database", "is damaged or is no database at all. It was left as it is: {way_out}"),
    ("malformed", "is damaged. It was left as it is: {way_out}"),
    ("decode", "is damaged. It was left as it is: {way_out}"),
    ("locked", "is busy: another process is writing to it. Try again in a moment."),
    ("full", "cannot be written: the disk is full. Make room and try again; nothing was changed."),
    ("readonly", "cannot be written. Make the file and its folder writable and try again."),
    ("unable to open", "cannot be opened. Make its folder readable and writable and try again."),
    ("disk i/o", "cannot be read or written: the disk reports an error. Nothing was changed."),
)
_WAY_OUT = (
    "put a backup in its place, or move it away and start again with the shipped data "
    "(imported clusters must then be imported again)."
)


class Database:
    """A connection pool with short transactions.

    Parameters
    ----------
    url
        SQLAlchemy URL of an SQLite file or of a PostgreSQL database.

    Raises
    ------
    StoreUnavailableError
        The URL cannot be used, or the folder of the file cannot be made.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database."""
        with explained(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together at the end, or not at all.

        On SQLite the transaction is a writer's from the start, so it waits for others instead of
        failing half-way.
        """
        with explained(), self._engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    def compact(self) -> None:
        """Rewrite the storage, so that nothing of deleted rows is left in any file.

        Raises
        ------
        StoreUnavailableError
            Somebody else is using the database; deleted rows may still be in a file.
        """
        with explained():
            if self._engine.dialect.name == "sqlite":
                self._compact_sqlite()
            else:
                with self._engine.connect() as connection:
                    connection.execution_options(isolation_level="AUTOCOMMIT")
                    connection.exec_driver_sql("VACUUM FULL")

    def _compact_sqlite(self) -> None:
        raw = self._engine.raw_connection()
        try:
            cursor = raw.cursor()
            try:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                busy, *_ = cursor.fetchone() or (1,)
            except sqlite3.OperationalError as error:
                raise StoreUnavailableError(f"The database {_trouble(str(error))}") from error
        finally:
            raw.close()
        if busy:
            raise StoreUnavailableError(f"The database {_trouble('locked')}")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where the primary key is there already, replace the row."""
    if not rows:
        return
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    changes = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    if changes:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changes)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, list(rows))


@contextmanager
def explained() -> Iterator[None]:
    """Turn the database's troubles into sentences; mistakes in our own SQL stay as they are.

    Raises
    ------
    StoreUnavailableError
        The database cannot be reached, read or written.
    """
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise
    except DatabaseError as error:
        raise StoreUnavailableError(f"The database {_trouble(str(error.orig))}") from error


def _trouble(message: str) -> str:
    lowered = message.lower()
    for sign, sentence in _TROUBLES:
        if sign in lowered:
            return sentence.format(way_out=_WAY_OUT)
    return "cannot be reached or does not answer as it should. Check MATCHER_DATABASE_URL."


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in DIALECTS:
            raise StoreUnavailableError(
                f"MATCHER_DATABASE_URL must begin with one of {', '.join(DIALECTS)}."
            )
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreUnavailableError(
            "MATCHER_DATABASE_URL is not a database URL, such as sqlite:////path/matcher.db"
        ) from error
    except ModuleNotFoundError as error:
        raise StoreUnavailableError(
            f"The driver of this database is not installed: pip install {error.name}"
        ) from error
    except OSError as error:
        raise StoreUnavailableError(
            f"The folder of the database cannot be made ({error.strerror}). Set MATCHER_HOME to a "
            "folder that can be written."
        ) from error
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite` alone
    for pragma in ("busy_timeout = 10000", "journal_mode = WAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
