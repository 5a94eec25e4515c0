"""The database behind the store: short transactions on a primary and, if wished, a replica."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    RootTransaction,
    RowMapping,
    Select,
    Table,
    insert,
    select,
)
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

from matcher.errors import StoreUnavailableError
from matcher.store.engines import make_engine
from matcher.store.troubles import explained, trouble

_AWAY_SECONDS = 5.0
"""How long a server that did not answer is asked last."""
_COMPACT_SECONDS = 5.0
"""How long a rewriting that others are in the way of is tried again."""
_MOMENT_MS = 500
_PAUSE = 0.05


class Database:
    """Short transactions on one database, or on a primary and its read replica.

    Parameters
    ----------
    url
        SQLAlchemy URL of an SQLite file or of a PostgreSQL database.
    read_url
        URL of a replica of it.
    threads
        How many threads will use it at once.

    Raises
    ------
    StoreUnavailableError
        The URL cannot be used, or the folder of the file cannot be made.
    """

    def __init__(self, url: str, *, read_url: str | None = None, threads: int = 8) -> None:
        self._engine = make_engine(url, threads)
        self._engines = [self._engine, *([make_engine(read_url, threads)] if read_url else [])]
        if read_url and any(engine.dialect.name == "sqlite" for engine in self._engines):
            raise StoreUnavailableError(
                "MATCHER_DATABASE_READ_URL is for a replica of a database in PostgreSQL."
            )
        self._away_until: dict[Engine, float] = {}
        self._local = threading.local()

    @property
    def dialect(self) -> str:
        """``"sqlite"`` or ``"postgresql"``."""
        return self._engine.dialect.name

    @contextmanager
    def read(self, *, stale: bool = False) -> Iterator[Connection]:
        """Give a connection that sees one state of the database.

        Where there is a replica, it stands in for a primary that does not answer, and the other
        way round.

        Parameters
        ----------
        stale
            Whether the state of some moments ago does, too: the replica is asked first.
        """
        with explained(self.dialect):
            connection, transaction = self._begin_reading(stale)
            with connection, transaction:
                yield connection

    @contextmanager
    def write(self, *, beside_others: bool = False) -> Iterator[Connection]:
        """Give a connection whose changes are kept together at the end, or not at all.

        The transaction is a writer's from the start, so it waits for others instead of failing
        half-way, and what it reads stays true until it ends.

        Parameters
        ----------
        beside_others
            Whether the writer need not wait for others, as it judges nothing by what it reads.
            SQLite has one writer at a time all the same.
        """
        with explained(self.dialect), self._engine.connect() as connection:
            connection.execution_options(writes=True, beside_others=beside_others)
            with connection.begin():
                getattr(self._local, "check", _nothing)(connection)
                yield connection

    def rows(self, query: Select[Any]) -> Sequence[RowMapping]:
        """Read the rows that a query finds."""
        with self.read() as connection:
            return connection.execute(query).mappings().all()

    def first(self, query: Select[Any]) -> RowMapping | None:
        """Read the first row that a query finds."""
        with self.read() as connection:
            return connection.execute(query).mappings().first()

    def change(self, statement: Executable) -> int:
        """Run one statement that writes, and tell how many rows it touched."""
        with self.write() as connection:
            return connection.execute(statement).rowcount

    @contextmanager
    def checked(self, check: Callable[[Connection], None]) -> Iterator[None]:
        """Call `check` first in each write of this thread in the block; it may refuse by an error.

        It looks within the write's own transaction, so that nothing comes between the two.
        """
        self._local.check = check
        try:
            yield
        finally:
            del self._local.check

    def require(self, table: Table) -> None:
        """Make sure that every server answers.

        Parameters
        ----------
        table
            One that must be there.

        Raises
        ------
        StoreUnavailableError
            The text says which one does not.
        """
        for engine in self._engines:
            try:
                with explained(self.dialect), engine.connect() as connection:
                    connection.execute(table.select().limit(1))
            except StoreUnavailableError as error:
                if engine is self._engine:
                    raise
                told = str(error).replace("The database", "The read replica")
                told = told.replace("DATABASE_URL", "DATABASE_READ_URL")
                raise StoreUnavailableError(told) from error

    def compact(self, tables: Iterable[Table]) -> None:
        """Rewrite the storage, so that nothing of deleted rows is left in any file.

        Parameters
        ----------
        tables
            Which had them; SQLite rewrites everything.

        Raises
        ------
        StoreUnavailableError
            Somebody else is using the database; deleted rows may still be in a file.
        """
        with explained(self.dialect):
            if self.dialect == "sqlite":
                self._compact_sqlite()
                return
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").detach()
                names = ", ".join(sorted({table.name for table in tables}))
                connection.exec_driver_sql("SET lock_timeout = '10s'")
                connection.exec_driver_sql(f"VACUUM FULL {names}")

    def _begin_reading(self, stale: bool) -> tuple[Connection, RootTransaction]:
        """Begin on the first server that answers; those that lately did not are asked last."""
        now = time.monotonic()
        engines = self._engines[::-1] if stale else self._engines
        *others, last = sorted(engines, key=lambda engine: self._away_until.get(engine, 0) > now)
        for engine in others:
            try:
                return _begun(engine)
            except DBAPIError:
                self._away_until[engine] = now + _AWAY_SECONDS
        return _begun(last)

    def _compact_sqlite(self) -> None:
        raw = self._engine.raw_connection()
        until = time.monotonic() + _COMPACT_SECONDS
        try:
            with _waiting_less(raw.cursor()) as cursor:
                while (problem := _vacuumed(cursor)) and time.monotonic() < until:
                    time.sleep(_PAUSE)
        finally:
            raw.close()
        if problem:
            raise StoreUnavailableError(f"The database {trouble('sqlite', problem)}")

    def close(self) -> None:
        """Close all connections."""
        for engine in self._engines:
            engine.dispose()


def _nothing(_connection: Connection) -> None:
    """Refuse no write."""


def _begun(engine: Engine) -> tuple[Connection, RootTransaction]:
    connection = engine.connect()
    try:
        return connection, connection.begin()
    except BaseException:
        connection.close()
        raise


@contextmanager
def _waiting_less(cursor: DBAPICursor) -> Iterator[DBAPICursor]:
    """Give a cursor that is told within a moment that others are in its way."""
    with closing(cursor):
        cursor.execute("PRAGMA busy_timeout")
        ((waits,),) = cursor.fetchall()
        cursor.execute(f"PRAGMA busy_timeout = {_MOMENT_MS}")
        try:
            yield cursor
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {waits}")


def _vacuumed(cursor: DBAPICursor) -> str:
    """Rewrite the file and empty its log; say what was in the way, if anything was.

    Words that were deleted are gone only when nobody reads an older state any more: then the log
    is cut to nothing.
    """
    try:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((busy, *_),) = cursor.fetchall()
    except sqlite3.OperationalError as error:
        return str(error)
    return "locked" if busy else ""


class Repository:
    """What a room keeps in a database.

    Parameters
    ----------
    database
        With its tables in place.
    """

    def __init__(self, database: Database) -> None:
        self._database = database


def now(later: timedelta = timedelta(), timespec: str = "microseconds") -> str:
    """Write the moment, or one so much later, as columns keep moments: ISO 8601 in UTC."""
    return (datetime.now(UTC) + later).isoformat(timespec=timespec)


def row_of(connection: Connection, table: Table, key: int | str) -> RowMapping | None:
    """Read the row that has this ``id``."""
    return connection.execute(select(table).where(table.c.id == key)).mappings().first()


def inserted(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row, and return the ``id`` that it got."""
    key = connection.execute(insert(table).values(row)).inserted_primary_key
    return int(key[0]) if key else 0


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
