"""Vector search in PostgreSQL with pgvector, for generations that several services share.

A table holds one row a vector. Few rows are compared one by one, so the answer is exact; more are
found through a graph over half-precision copies (HNSW), and what it finds is put in order by the
exact inner products. The filter is applied while the graph is walked, and the walk goes on until
there are enough rows; where it ends with too few, all allowed ones are compared.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy.exc import ProgrammingError

from matcher.embedding.encoder import Vectors
from matcher.errors import IndexUnavailableError, InvalidInputError, StoreUnavailableError
from matcher.index import pgtable
from matcher.index.contract import Hit, Mask, VectorIndex, check_rows, check_search
from matcher.index.pgtable import copy_rows, make_graph, make_table
from matcher.store.database import Database

_TABLE = re.compile(r"[a-z][a-z0-9_]{0,50}")
_BREADTH = (100, 1000)
"""Least and most places that a walk through the graph keeps in mind (`hnsw.ef_search`)."""
_SPARE = 1.1
"""More rows are fetched from the graph than are wanted: its order is that of half precision."""
_WALK = (
    "SET LOCAL hnsw.iterative_scan = strict_order; SET LOCAL hnsw.max_scan_tuples = 200000; "
    "SET LOCAL hnsw.scan_mem_multiplier = 16; "
    "SET LOCAL hnsw.ef_search = {breadth}; SET LOCAL enable_seqscan = off; "
    "SET LOCAL enable_sort = off"
)
_COMPARE = """
    SELECT number, -(vector <#> %(query)s::text::vector) FROM {table} WHERE {where}
    ORDER BY 2 DESC, id COLLATE "C" LIMIT %(k)s
"""
_FETCH = """
    WITH near AS MATERIALIZED (
        SELECT number, id, vector FROM {table} WHERE {where}
        ORDER BY vector::halfvec({dim}) <#> %(query)s::text::halfvec({dim}) LIMIT %(depth)s
    )
    SELECT number, -(vector <#> %(query)s::text::vector) FROM near
    ORDER BY 2 DESC, id COLLATE "C" LIMIT %(k)s
"""


class PgVectorIndex(VectorIndex):
    """Rows in a table of their own.

    Parameters
    ----------
    database
        In PostgreSQL, with the extension pgvector.
    table
        Its name: lower-case letters, digits and underscores. It is made when rows are given.
    dim
        Length of a vector.
    """

    def __init__(self, database: Database, table: str, dim: int) -> None:
        if not _TABLE.fullmatch(table):
            raise InvalidInputError(f"{table!r} cannot be the name of a table.")
        self._database = database
        self._table = table
        self._dim = dim
        self._ids: tuple[str, ...] = ()
        self._rows: NDArray[np.int64] = np.empty(0, np.int64)

    @classmethod
    def filled(cls, database: Database, table: str, dim: int, ids: Sequence[str]) -> Self:
        """The index over a table that holds these ids already, numbered from 0."""
        index = cls(database, table, dim)
        index._ids, index._rows = tuple(ids), np.arange(len(ids))
        return index

    @property
    def ids(self) -> tuple[str, ...]:
        """Id of each row."""
        return self._ids

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._dim

    def build(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Replace the whole content, as `VectorIndex.build` says."""
        check_rows(ids, vectors, self._dim)
        with self._database.write(beside_others=True) as connection:
            make_table(connection, self._table, self._dim)
            copy_rows(connection, self._table, 0, ids, vectors)
            make_graph(connection, self._table, self._dim, len(ids))
        self._ids, self._rows = tuple(ids), np.arange(len(ids))

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Append rows, as `VectorIndex.add` says."""
        check_rows(ids, vectors, self._dim, self._ids)
        if not self._ids:
            self.build(ids, vectors)
            return
        first = int(self._rows[-1]) + 1
        with self._database.write(beside_others=True) as connection:
            copy_rows(connection, self._table, first, ids, vectors)
        self._ids += tuple(ids)
        self._rows = np.append(self._rows, np.arange(first, first + len(ids)))

    def remove(self, ids: Sequence[str]) -> None:
        """Take rows out, as `VectorIndex.remove` says."""
        gone = set(ids)
        if unknown := sorted(gone - set(self._ids)):
            raise InvalidInputError(f"Not in the index: {', '.join(unknown)}.")
        kept = np.array([name not in gone for name in self._ids], dtype=np.bool_)
        with self._database.write(beside_others=True) as connection:
            connection.exec_driver_sql(
                f"DELETE FROM {self._table} WHERE number = ANY(%(rows)s)",  # noqa: S608
                {"rows": self._rows[~kept].tolist()},
            )
        self._ids = tuple(name for name in self._ids if name not in gone)
        self._rows = self._rows[kept]

    def search(self, queries: Vectors, k: int, allowed: Mask | None = None) -> list[list[Hit]]:
        """Find the best rows for each query, as `VectorIndex.search` says.

        Raises
        ------
        IndexUnavailableError
            The database does not answer, or the table is not there any more.
        """
        check_search(queries, k, allowed, self)
        rows = self._rows if allowed is None else self._rows[allowed]
        if not len(rows):
            return [[] for _ in queries]
        try:
            with self._database.read(stale=True) as connection:
                return [self._one(connection, query, k, rows) for query in queries]
        except StoreUnavailableError as error:
            raise IndexUnavailableError(f"Vectors cannot be searched. {error}") from error
        except ProgrammingError as error:
            raise IndexUnavailableError(
                f"The table {self._table} is not in the database any more."
            ) from error

    def _one(
        self, connection: Connection, query: Vectors, k: int, rows: NDArray[np.int64]
    ) -> list[Hit]:
        count = min(k, len(rows))
        wanted: dict[str, Any] = {"query": _written(query), "k": count}
        where = "true"
        if len(rows) < len(self) and len(rows) <= pgtable.EXACT_ROWS:
            where, wanted["rows"] = "number = ANY(%(rows)s)", rows.tolist()
        elif len(rows) < len(self):
            where = "get_bit(%(mask)s::bytea, number) = 1"
            wanted["mask"] = _bits(rows, int(self._rows[-1]) + 1)
        if len(rows) <= pgtable.EXACT_ROWS:
            return self._asked(connection, _COMPARE, where, wanted)
        least, most = _BREADTH
        depth = min(int(_SPARE * k) + 10, len(rows))
        connection.exec_driver_sql(_WALK.format(breadth=min(max(least, depth), most)))
        found = self._asked(connection, _FETCH, where, wanted | {"depth": depth})
        if len(found) < count:
            found = self._asked(connection, _COMPARE, where, wanted)
        return found

    def _asked(
        self, connection: Connection, query: str, where: str, values: Mapping[str, Any]
    ) -> list[Hit]:
        statement = query.format(table=self._table, dim=self._dim, where=where)
        answer = connection.exec_driver_sql(statement, dict(values)).all()
        places = np.searchsorted(self._rows, [row for row, _ in answer])
        return [
            Hit(self._ids[place], score) for place, (_, score) in zip(places, answer, strict=True)
        ]


def _written(vector: Vectors) -> str:
    """The vector as pgvector reads it; nine digits tell every float32 apart."""
    return f"[{','.join(f'{number:.9g}' for number in vector.tolist())}]"


def _bits(rows: NDArray[np.int64], size: int) -> bytes:
    """A string of bits of which those of the rows are set, as `get_bit` counts them."""
    mask = np.zeros(size, dtype=np.bool_)
    mask[rows] = True
    return np.packbits(mask, bitorder="little").tobytes()
