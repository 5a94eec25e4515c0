"""Generations in PostgreSQL: their files in parts, what is searched as a table, and one pointer."""

import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select, text

from matcher.errors import IndexBusyError, IndexUnavailableError
from matcher.index.generation import GENERATION_ID, SEARCHED
from matcher.index.pgtable import copy_rows, drop_table, make_graph, make_table
from matcher.index.pgvector import PgVectorIndex
from matcher.index.sealed import MANIFEST, mapped, verified_manifest
from matcher.store.database import Database, upsert
from matcher.store.tables import POINTER, generation_files, generations, meta

_PART = 1 << 22
"""Bytes of a file in one row."""
_REBUILDING = 0x636C7574
"""Number of the advisory lock that a rebuild holds; one above that of the writers."""
_HOLDER = text(
    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) "
    "WHERE locktype = 'advisory' AND objid = :lock AND granted"
)


class PublishedGenerations:
    """The generations of a database; nothing of them is trusted before it is verified.

    Parameters
    ----------
    database
        In PostgreSQL.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def pointed(self) -> str | None:
        """Read the id in force; ``None`` where nothing was published yet, or it is damaged."""
        with self._database.read() as connection:
            return _pointed(connection)

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Hold the lock of all services for a whole rebuild; it ends with its process.

        Raises
        ------
        IndexBusyError
            Another process is rebuilding; the text names it.
        """
        with self._database.write(beside_others=True) as connection:
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            name = f"{os.getpid()} on {socket.gethostname()}"[:60]
            connection.execute(select(func.set_config("application_name", name, True)))
            if not connection.scalar(select(func.pg_try_advisory_xact_lock(_REBUILDING))):
                raise IndexBusyError(connection.scalar(_HOLDER, {"lock": _REBUILDING}) or "unknown")
            yield

    def publish(self, name: str, folder: Path) -> None:
        """Upload a generation and put it in force: readers see the old one, then the new one.

        Parameters
        ----------
        name
            Its id.
        folder
            Where its files are.
        """
        with self._database.write(beside_others=True) as connection:
            previous = _pointed(connection)
            connection.execute(delete(generations).where(generations.c.id == name))
            connection.execute(insert(generations).values(_entry(name)))
            for file, number, data in _parts(folder):
                row = {"generation_id": name, "name": file, "part": number, "data": data}
                connection.execute(insert(generation_files).values(row))
            _make_table(connection, name, folder)
            _tidy(connection, {name, previous})
            upsert(connection, meta, [{"key": POINTER, "value": name}])

    def download(self, name: str, folder: Path) -> None:
        """Fetch the files of a generation into an empty folder, as they are.

        Raises
        ------
        IndexUnavailableError
            The database does not hold it.
        OSError
            The disk is full.
        """
        for stale in (True, False):  # a replica may not have it yet
            with self._database.read(stale=stale) as connection:
                if _fetch(connection, name, folder):
                    return
        raise IndexUnavailableError(f"{name} is not in the database")

    def is_whole(self, name: str, folder: Path) -> bool:
        """Whether the database holds what is in a folder, written at whatever time."""
        here = {(file, part, hashlib.sha256(data).digest()) for file, part, data in _parts(folder)}
        table = generation_files.c
        mine = table.generation_id == name
        digests = select(table.name, table.part, func.sha256(table.data)).where(mine)
        with self._database.read() as connection:
            there = {
                (file, part, bytes(digest)) for file, part, digest in connection.execute(digests)
            }
            data = connection.scalar(select(table.data).where(mine, table.name == MANIFEST))
        try:
            verified_manifest(data or b"", name)
        except IndexUnavailableError:
            return False
        return {one for one in here ^ there if one[0] != MANIFEST} == set()

    def searcher(self, name: str, shape: tuple[int, ...]) -> PgVectorIndex:
        """The table of a generation as a vector index; its ids are row numbers.

        Parameters
        ----------
        name
            The generation.
        shape
            Rows and dimensions of what is searched.
        """
        ids = tuple(map(str, range(shape[0])))
        return PgVectorIndex.filled(self._database, _table(name), shape[1], ids)


def _pointed(connection: Connection) -> str | None:
    found = connection.scalar(select(meta.c.value).where(meta.c.key == POINTER))
    return found if found and GENERATION_ID.fullmatch(found) else None


def _entry(name: str) -> dict[str, str]:
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    return {
        "id": name,
        "published": now,
        "published_by": f"{os.getpid()} on {socket.gethostname()}",
    }


def _table(name: str) -> str:
    return f"vectors_{name}"


def _make_table(connection: Connection, name: str, folder: Path) -> None:
    if (file := folder / f"{SEARCHED}.npy").exists():
        vectors, table = mapped(file), _table(name)
        make_table(connection, table, vectors.shape[1])
        copy_rows(connection, table, 0, tuple(map(str, range(len(vectors)))), vectors)
        make_graph(connection, table, vectors.shape[1], len(vectors))


def _tidy(connection: Connection, kept: set[str | None]) -> None:
    """Drop all generations but the one in force and the one before it."""
    for name in set(connection.scalars(select(generations.c.id))) - kept:
        connection.execute(delete(generations).where(generations.c.id == name))
        drop_table(connection, _table(name))


def _parts(folder: Path) -> Iterator[tuple[str, int, bytes]]:
    for file in sorted(folder.iterdir()):
        with file.open("rb") as opened:
            for number, data in enumerate(iter(lambda: opened.read(_PART), b"")):
                yield file.name, number, data


def _fetch(connection: Connection, name: str, folder: Path) -> bool:
    """Write the files; give whether there were any."""
    table = generation_files.c
    mine = table.generation_id == name
    parts = connection.execute(
        select(table.name, table.part).where(mine).order_by(table.name, table.part)
    ).all()
    for file, number in parts:
        if Path(file).name != file:
            raise IndexUnavailableError(f"{name} holds a file of an impossible name")
        one = select(table.data).where(mine, table.name == file, table.part == number)
        with (folder / file).open("ab") as opened:
            opened.write(connection.scalar(one) or b"")
    return bool(parts)
