"""Vector search in PostgreSQL with pgvector, for a service that runs on several machines.

One table holds the vectors of all services, keyed by the model's fingerprint and the id. Few
allowed rows are compared one by one; many are found through a graph (HNSW) that is walked until
enough allowed rows are found.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError, ProgrammingError

from matcher.embedding.encoder import Vectors
from matcher.errors import IndexUnavailableError, StoreUnavailableError
from matcher.index.contract import Hits, Mask, VectorIndex, best_first, check_rows, check_search
from matcher.store.database import Database

TABLE = "profile_vectors"
EXACT_ROWS = 10_000
"""Up to so many allowed rows are compared one by one; a table of more rows has a graph."""

_FILLING = 0x636C7575
"""Number of the advisory lock of whoever writes the table."""

_WALK = """
    SET LOCAL hnsw.iterative_scan = strict_order; SET LOCAL hnsw.max_scan_tuples = 200000;
    SET LOCAL hnsw.scan_mem_multiplier = 16; SET LOCAL hnsw.ef_search = {breadth};
    SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off
"""
_COMPARE = "SET LOCAL enable_indexscan = off"
_NEAREST = f"""
    SELECT id, -(vector <#> %(query)s::text::vector) FROM {TABLE}
    WHERE fingerprint = %(fingerprint)s AND {{condition}}
    ORDER BY vector <#> %(query)s::text::vector LIMIT %(count)s
"""  # noqa: S608
_ALLOWED, _NOT_LEFT_OUT = "id = ANY(%(ids)s)", "id <> ALL(%(ids)s)"


class PgVectorIndex(VectorIndex):
    """The rows of one model in the table of vectors.

    Parameters
    ----------
    database
        In PostgreSQL, with the extension pgvector.
    fingerprint
        The model.
    dim
        Length of a vector.
    """

    def __init__(self, database: Database, fingerprint: str, dim: int) -> None:
        self._database, self._fingerprint, self._dim = database, fingerprint, dim
        self._names: NDArray[np.str_] = np.empty(0, dtype=np.str_)
        self.told = "PostgreSQL with pgvector"

    def build(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Write what has changed, so that the table has this content; see `VectorIndex.build`."""
        check_rows(ids, vectors)
        new = {key: _checksum(vector) for key, vector in zip(ids, vectors, strict=True)}
        if not self._is_written(new):
            row = {key: place for place, key in enumerate(ids)}
            with self._database.write(beside_others=True) as connection:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_FILLING})")
                _require_extension(connection)
                _require_table(connection, self._dim)
                there = self._checksums(connection)
                self._drop(connection, [key for key in there if there[key] != new.get(key)])
                fresh = [key for key in ids if there.get(key) != new[key]]
                self._copy(connection, fresh, vectors[[row[key] for key in fresh]], new)
                if fresh:
                    _finish(connection, len(ids))
        self._know(ids)

    def _is_written(self, new: dict[str, str]) -> bool:
        """Whether the table has this content, so that a service starts without the primary."""
        try:
            with self._database.read() as connection:
                return self._checksums(connection) == new
        except (ProgrammingError, StoreUnavailableError):
            return False

    def search(self, vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """Find the best rows for each query vector, as `VectorIndex.search` says."""
        mask = check_search(vectors, self._dim, k, len(self.ids), allowed)
        count = min(k, int(np.count_nonzero(mask)))
        if not count:
            return [Hits(np.empty(0, np.intp), np.empty(0, np.float32)) for _ in vectors]
        try:
            with self._database.read(stale=True) as connection:
                return [self._nearest(connection, vector, count, mask) for vector in vectors]
        except StoreUnavailableError as error:
            raise IndexUnavailableError(f"Vectors cannot be searched. {error}") from error
        except ProgrammingError as error:
            raise IndexUnavailableError(
                f"The table {TABLE} is not in the database. Build it: matcher index"
            ) from error

    def save(self, file: Path) -> None:
        """Write nothing: the table is kept by the database."""

    def load(self, file: Path, ids: Sequence[str]) -> None:
        """Take up the rows of the table; how complete they are shows in each search."""
        self._know(ids)

    def _know(self, ids: Sequence[str]) -> None:
        self.ids, self._names = ids, np.array(ids, dtype=np.str_)

    def _nearest(self, connection: Connection, vector: Vectors, count: int, mask: Mask) -> Hits:
        """Ask for one vector; a walk that ends with too few rows is followed by a comparison."""
        reachable = int(np.count_nonzero(mask))
        if reachable > EXACT_ROWS:
            breadth = min(max(100, count), 1000)
            connection.exec_driver_sql(_WALK.format(breadth=breadth))
            found = self._asked(connection, vector, count, mask)
            if len(found.rows) == count:
                return found
            connection.exec_driver_sql("SET LOCAL enable_seqscan = on; SET LOCAL enable_sort = on")
        connection.exec_driver_sql(_COMPARE)
        # One row more than wanted shows whether equal scores stand on both sides of the cut.
        depth = min(count + 1, reachable)
        while True:
            found = self._asked(connection, vector, depth, mask)
            if len(found.rows) < depth:
                raise IndexUnavailableError(
                    f"The table {TABLE} does not hold the vectors of this collection. Build it: "
                    "matcher index"
                )
            if depth == reachable or found.scores[depth - 1] < found.scores[count - 1]:
                return Hits(found.rows[:count], found.scores[:count])
            depth = min(2 * depth, reachable)

    def _asked(self, connection: Connection, vector: Vectors, count: int, mask: Mask) -> Hits:
        """Ask for the nearest rows; the shorter list of ids, in or out, is the filter."""
        inside = np.count_nonzero(mask) * 2 <= len(mask)
        ids = self._names[mask if inside else ~mask].tolist()
        statement = _NEAREST.format(condition=_ALLOWED if inside else _NOT_LEFT_OUT)
        values = {"fingerprint": self._fingerprint, "ids": ids, "count": count}
        answer = connection.exec_driver_sql(statement, values | {"query": str(vector.tolist())})
        rows = answer.all()
        found = np.array([key for key, _ in rows], dtype=np.str_)
        places = np.minimum(np.searchsorted(self._names, found), len(self._names) - 1)
        known = self._names[places] == found  # others may have come with a newer collection
        scores = np.array([score for _, score in rows], dtype=np.float32)
        return best_first(places[known], scores[known], count)

    def _checksums(self, connection: Connection) -> dict[str, str]:
        query = f"SELECT id, checksum FROM {TABLE} WHERE fingerprint = %(fingerprint)s"  # noqa: S608
        found = connection.exec_driver_sql(query, {"fingerprint": self._fingerprint})
        return {row.id: row.checksum for row in found}

    def _drop(self, connection: Connection, ids: list[str]) -> None:
        query = f"DELETE FROM {TABLE} WHERE fingerprint = %(fingerprint)s AND id = ANY(%(ids)s)"  # noqa: S608
        connection.exec_driver_sql(query, {"fingerprint": self._fingerprint, "ids": ids})

    def _copy(
        self, connection: Connection, ids: Sequence[str], vectors: Vectors, checksums: Any
    ) -> None:
        import psycopg

        raw: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        command = f"COPY {TABLE} (fingerprint, id, checksum, vector) FROM STDIN"
        try:
            with raw.cursor().copy(command.encode()) as copy:
                for key, vector in zip(ids, vectors, strict=True):
                    row = (self._fingerprint, key, checksums[key], str(vector.tolist()))
                    copy.write_row(row)
        except psycopg.Error as error:
            raise DatabaseError(command, None, error) from error


def _checksum(vector: Vectors) -> str:
    return hashlib.sha256(vector.tobytes()).hexdigest()[:16]


def _require_extension(connection: Connection) -> None:
    if connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'vector'").scalar():
        return
    try:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS vector")
    except DBAPIError as error:
        raise StoreUnavailableError(
            "The database has no pgvector. Install it on the server, and let an administrator run "
            "in this database: CREATE EXTENSION vector"
        ) from error


def _require_table(connection: Connection, dim: int) -> None:
    """Make the table; one of other dimensions holds nothing that this model could use."""
    found = connection.exec_driver_sql(
        "SELECT atttypmod FROM pg_attribute WHERE attname = 'vector' "
        "AND attrelid = to_regclass(%(table)s)",
        {"table": TABLE},
    ).scalar()
    if found == dim:
        return
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")
    connection.exec_driver_sql(
        f"CREATE TABLE {TABLE} (fingerprint text, id text, checksum text NOT NULL, "
        f"vector vector({dim}) NOT NULL, PRIMARY KEY (fingerprint, id))"
    )


def _finish(connection: Connection, rows: int) -> None:
    """Give a large table its graph, which is the longest part of a build."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    if rows > EXACT_ROWS:
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
        connection.exec_driver_sql(
            f"CREATE INDEX IF NOT EXISTS {TABLE}_graph ON {TABLE} USING hnsw (vector vector_ip_ops)"
        )
    connection.exec_driver_sql(f"ANALYZE {TABLE}")
