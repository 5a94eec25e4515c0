"""Tables of vectors in PostgreSQL: made, filled and dropped within the caller's transaction."""

import struct
from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError

from matcher.embedding.encoder import Vectors
from matcher.errors import StoreUnavailableError

EXACT_ROWS = 10_000
"""A table of more rows has a graph (HNSW); so many rows are compared one by one at most."""

_PART = 1000
"""Rows that are on their way to the database at a time."""
_COPY_HEAD = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
_COPY_END = struct.pack(">h", -1)
_CARE = 128
"""Rows that are compared while a place in the graph is sought (`ef_construction`)."""
_GRAPH_BYTES = 1300
"""Memory for the graph of one row of 384 dimensions while it is built."""


def make_table(connection: Connection, table: str, dim: int) -> None:
    """Make an empty table of vectors in place of one of that name.

    Raises
    ------
    StoreUnavailableError
        The server has no pgvector, or this user may not switch it on.
    """
    _require_extension(connection)
    drop_table(connection, table)
    connection.exec_driver_sql(
        f"CREATE TABLE {table} (number integer PRIMARY KEY, id text NOT NULL, "
        f"vector vector({dim}) NOT NULL)"
    )
    # Vectors stay beside their row as they are: numbers hardly shrink, and detours cost more.
    connection.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN vector SET STORAGE PLAIN")


def copy_rows(
    connection: Connection, table: str, first: int, ids: Sequence[str], vectors: Vectors
) -> None:
    """Append rows, numbered from `first` on."""
    import psycopg

    raw: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    command = f"COPY {table} (number, id, vector) FROM STDIN (FORMAT binary)"
    try:
        with raw.cursor().copy(command.encode()) as copy:
            copy.write(_COPY_HEAD)
            for start in range(0, len(ids), _PART):
                part = slice(start, start + _PART)
                copy.write(b"".join(_rows(first + start, ids[part], vectors[part])))
            copy.write(_COPY_END)
    except psycopg.Error as error:
        raise DatabaseError(command, None, error) from error


def make_graph(connection: Connection, table: str, dim: int, rows: int) -> None:
    """Make the table fast to search, if it has many rows; the longest part of a re-index."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    if rows > EXACT_ROWS:
        needed = min(max(64, rows * _GRAPH_BYTES * dim // 384 >> 20), 2000)
        connection.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{needed}MB'")
        connection.exec_driver_sql(
            f"CREATE INDEX {table}_graph ON {table} "
            f"USING hnsw ((vector::halfvec({dim})) halfvec_ip_ops) WITH (ef_construction = {_CARE})"
        )
    connection.exec_driver_sql(f"ANALYZE {table}")


def drop_table(connection: Connection, table: str) -> None:
    """Drop a table, if it is there."""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")


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


def _rows(first: int, ids: Sequence[str], vectors: Vectors) -> Iterator[bytes]:
    """Each row in PostgreSQL's binary format: three fields, each with its length before it."""
    head = struct.pack(">HH", vectors.shape[1], 0)
    plain = np.ascontiguousarray(vectors, dtype=">f4")
    for number, (name, vector) in enumerate(zip(ids, plain, strict=True), start=first):
        key, data = name.encode(), head + vector.tobytes()
        yield struct.pack(">hiii", 3, 4, number, len(key)) + key
        yield struct.pack(">i", len(data)) + data
