"""Sums over tables: they tell that a collection has changed, and that a disk has changed rows.

The sum of a table is the exclusive or of its rows' SHA-256: it does not depend on their order, and
a row is taken out or put in without reading the others. It is kept in the transaction that changes
the rows. Rows are compared with it where they are read from SQLite, whose files have no checksums.
"""

import hashlib

from sqlalchemy import Connection, Table, select

from matcher.errors import StoreUnavailableError
from matcher.store.database import upsert
from matcher.store.tables import meta

NOTE = "sum:"
"""How the keys of sums in `meta` begin."""


def row_sum(*texts: str) -> int:
    """Return what a row adds to the sum of its table, or takes out of it: the same, by `^`."""
    row = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(row, "big")


def noted_sum(connection: Connection, table: Table) -> int | None:
    """Read the sum of a table; ``None`` where nobody has summed it."""
    query = select(meta.c.value).where(meta.c.key == NOTE + table.name)
    found = connection.scalar(query)
    try:
        return None if found is None else int(found, 16)
    except ValueError:
        raise _damaged(table) from None


def note_sum(connection: Connection, table: Table, total: int) -> None:
    """Keep the sum of a table with it."""
    upsert(connection, meta, [{"key": NOTE + table.name, "value": f"{total:064x}"}])


def require_sum(table: Table, said: int | None, found: int) -> None:
    """Make sure that a table is as it was written.

    Raises
    ------
    StoreUnavailableError
        It is not.
    """
    if said is not None and said != found:
        raise _damaged(table)


def _damaged(table: Table) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"The table {table.name} of the database is damaged: it is not as it was written. Move the "
        "database away, then: matcher restore BACKUP"
    )
