"""One process at a time builds; a lock goes with its process, however that ends."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select, text

from matcher.errors import IndexBusyError
from matcher.store.database import Database

_BUILDING = 0x636C7574
"""Number of the advisory lock in PostgreSQL; one above that of the writers."""
_HOLDER = text(
    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) "
    "WHERE locktype = 'advisory' AND objid = :lock AND granted"
)


@contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Hold the lock file for the length of a ``with`` block.

    Parameters
    ----------
    file
        Made if it is not there.

    Raises
    ------
    IndexBusyError
        Somebody else holds it; the text names the process.
    OSError
        The file cannot be opened for writing.
    """
    with file.open("a+", encoding="ascii") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            opened.seek(0)
            raise IndexBusyError(opened.read(20).strip() or "unknown") from None
        opened.truncate(0)
        opened.write(f"{os.getpid()}\n")
        opened.flush()
        yield


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Keep the builders of other machines out, or raise `IndexBusyError`.

    On SQLite nothing needs to be done: whoever uses the file has the same home folder.
    """
    if database.dialect != "postgresql":
        yield
        return
    with database.write(beside_others=True) as connection:
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        name = f"{os.getpid()} on {socket.gethostname()}"[:60]
        connection.execute(select(func.set_config("application_name", name, True)))
        if not connection.scalar(select(func.pg_try_advisory_xact_lock(_BUILDING))):
            raise IndexBusyError(connection.scalar(_HOLDER, {"lock": _BUILDING}) or "unknown")
        yield
