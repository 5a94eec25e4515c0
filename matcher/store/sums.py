"""Sums over tables: they tell that a collection has changed, and that a disk has changed rows.

The sum of a table is the exclusive or of its rows' SHA-256: it does not depend on their order, and
a row is taken out or put in without reading the others. It is kept in the transaction that changes
the rows. Rows are compared with it where they are read from SQLite, whose files have no checksums.
"""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Table, select

from matcher.errors import StoreUnavailableError
from matcher.store.database import upsert
from matcher.store.tables import meta

NOTE = "sum:"
"""How the keys of sums in `meta` begin."""


class RowSum:
    """A sum under way.

    Parameters
    ----------
    value
        To begin with.
    """

    def __init__(self, value: int = 0) -> None:
        self.value = value

    def toggle(self, *texts: str) -> None:
        """Put a row in, or take it out if it is in."""
        row = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).digest()
        self.value ^= int.from_bytes(row, "big")


def noted_sum(connection: Connection, table: Table) -> RowSum | None:
    """Read the sum of a table; ``None`` where nobody has summed it."""
    query = select(meta.c.value).where(meta.c.key == NOTE + table.name)
    found = connection.scalar(query)
    try:
        return None if found is None else RowSum(int(found, 16))
    except ValueError:
        raise _damaged(table) from None


def note_sum(connection: Connection, table: Table, total: RowSum) -> None:
    """Keep the sum of a table with it."""
    upsert(connection, meta, [{"key": NOTE + table.name, "value": f"{total.value:064x}"}])


def changed_sum(
    total: RowSum,
    before: Mapping[str, Iterable[str]],
    after: Mapping[str, Iterable[str]],
) -> RowSum:
    """The sum of a table in which some rows, by their ids, were replaced by others."""
    changed = RowSum(total.value)
    for rows in (before, after):
        for key, texts in rows.items():
            changed.toggle(key, *texts)
    return changed


def require_sum(table: Table, said: RowSum | None, found: RowSum) -> None:
    """Make sure that a table is as it was written.

    Raises
    ------
    StoreUnavailableError
        It is not.
    """
    if said is not None and said.value != found.value:
        raise _damaged(table)


def _damaged(table: Table) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"The table {table.name} of the database is damaged: it is not as it was written. Move the "
        "database away, then: matcher restore BACKUP"
    )
