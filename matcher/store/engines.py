"""Connections to SQLite and PostgreSQL, set up so that both keep the same promises."""

import sqlite3
from contextvars import ContextVar
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from matcher.errors import StoreUnavailableError
from matcher.store.private import begin_private

DIALECTS = ("sqlite", "postgresql")

PATIENCE: ContextVar[int] = ContextVar("PATIENCE", default=10)
"""Seconds that a writer waits for others; less where somebody waits behind it."""

POOL_SECONDS = 10.0
"""How long a thread waits for a connection."""
_SPARE_CONNECTIONS = 4
"""Beside one for each thread: the look for a new index, a rebuild, its lock."""
_WRITERS = 0x636C7573
"""Number of the advisory lock that writers hold; "clus" in ASCII."""
_POSTGRES_LIMITS = (
    "SET LOCAL lock_timeout = '{patience}s'; SET LOCAL statement_timeout = '5min'; "
    "SET LOCAL idle_in_transaction_session_timeout = '10min'"
)
_POSTGRES = {
    "connect_timeout": 4,
    "application_name": "cluster-matcher",
    # A server that vanished without a word is noticed within a minute, not within hours.
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    # Prepared statements would tie a session to one server connection of a pooler.
    "prepare_threshold": None,
}


def make_engine(url: str, threads: int) -> Engine:
    """Make the connection pool of a database; nothing is connected yet.

    Parameters
    ----------
    url
        SQLAlchemy URL of an SQLite file or of a PostgreSQL database.
    threads
        How many threads will use it at once.

    Raises
    ------
    StoreUnavailableError
        The URL cannot be used, or the folder of the file cannot be made.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in DIALECTS:
            raise StoreUnavailableError(
                f"MATCHER_DATABASE_URL must begin with one of {', '.join(DIALECTS)}."
            )
        if parsed.get_backend_name() == "postgresql":
            return _postgres(parsed, threads)
        return _sqlite(parsed)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreUnavailableError(
            "MATCHER_DATABASE_URL is not a database URL, such as sqlite:////path/matcher.db or "
            "postgresql://user@host/database"
        ) from error
    except ModuleNotFoundError as error:
        raise StoreUnavailableError(
            f"The driver of this database is not installed: pip install '{error.name}[binary]'"
        ) from error
    except OSError as error:
        raise StoreUnavailableError(
            f"The folder of the database cannot be made ({error.strerror}). Set MATCHER_HOME to a "
            "folder that can be written."
        ) from error


def _sqlite(url: URL) -> Engine:
    file = Path(url.database) if url.database and url.database != ":memory:" else None
    if file:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url)
    if file:
        event.listen(engine, "do_connect", lambda *_: begin_private(file))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite` alone
    for pragma in ("busy_timeout = 10000", "journal_mode = WAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {1000 * PATIENCE.get()}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres(url: URL, threads: int) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url,
        connect_args={name: value for name, value in _POSTGRES.items() if name not in url.query},
        pool_size=threads,
        max_overflow=_SPARE_CONNECTIONS,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,  # a connection that died with a restart of the server is replaced
        pool_recycle=1800,
    )
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _begin_postgres(connection: Connection) -> None:
    """Make a transaction what it is on SQLite: readers see one state, writers come in turn.

    All is said in the transaction, nothing to the session, so that a pooler may stand between.
    """
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    limits = _POSTGRES_LIMITS.format(patience=PATIENCE.get())
    if not options.get("writes"):
        mode = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        connection.exec_driver_sql(f"{mode}; {limits}")
    elif options.get("beside_others"):
        connection.exec_driver_sql(limits)
    else:
        turn = f"SELECT pg_advisory_xact_lock({_WRITERS})"
        connection.exec_driver_sql(f"{limits}; {turn}")
