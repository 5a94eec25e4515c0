"""Imports: clusters saved as one step that is remembered for a while, and can be taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from matcher.errors import ConflictError, NotFoundError
from matcher.profiles.merging import ClusterChange, planned, redirected
from matcher.profiles.profile import ClusterProfile
from matcher.store.database import Repository, now, row_of
from matcher.store.records import CLUSTERS, Kept, Record, Records
from matcher.store.tables import import_rows, imports, joined_clusters
from matcher.store.undoing import Left, take_back

KEPT = timedelta(days=90)
"""How long an import can be taken back."""

MOST = 50
"""How many imports are remembered."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What an import did.

    Attributes
    ----------
    id
        Its number, to take it back by; ``None`` where it changed nothing.
    changes
        Every cluster of the file, also those that stay as they were.
    """

    id: int | None
    changes: tuple[ClusterChange, ...]

    @property
    def added(self) -> int:
        """How many clusters are new."""
        return self._count("added")

    @property
    def changed(self) -> int:
        """How many were known and are different now."""
        return self._count("changed")

    @property
    def unchanged(self) -> int:
        """How many stay as they were."""
        return self._count("unchanged")

    def __str__(self) -> str:
        """Tell the counts."""
        return f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged"

    def _count(self, action: str) -> int:
        return sum(change.action == action for change in self.changes)


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import that is remembered.

    Attributes
    ----------
    id
        Counts up.
    at, who
        When it was, ISO 8601 in UTC, and who did it.
    action, detail
        An import or a join of two clusters; and what of.
    undone
        When it was taken back; ``None`` where it holds.
    """

    id: int
    at: str
    who: str
    action: Literal["import", "join"]
    detail: str
    undone: str | None


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of taking an import back: ids put back as they were, ids gone, and what stays."""

    id: int
    restored: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[Left, ...]

    def __str__(self) -> str:
        """Tell the counts."""
        back, gone, left = map(len, (self.restored, self.removed, self.left))
        return f"{back} put back, {gone} removed, {left} left as changed since"


class Imports(Repository):
    """The imports of a database."""

    def save(
        self,
        profiles: Iterable[ClusterProfile],
        *,
        replace: bool = False,
        who: str = "a program",
        source: str = "",
    ) -> Saved:
        """Merge a user's clusters into those that are stored, all or none.

        Parameters
        ----------
        profiles
            What they do not set, and what is blank in them, stays as it is stored.
        replace
            Whether they take the place of the stored records whole.
        who, source
            Who imports, and what: to be remembered.
        """
        given = list(profiles)
        with self._database.write() as connection:
            joined = _joined(connection)
            ids = {one.id for one in given}
            there = CLUSTERS.found(connection, [*ids, *(joined[key] for key in ids & {*joined})])
            given = redirected(given, joined, lambda key: _record(there, key))
            changes = planned(given, lambda key: _record(there, key), replace=replace)
            new = [change for change in changes if change.action != "unchanged"]
            CLUSTERS.put(connection, there, [("user", change.after) for change in new])
            rows = [imported_row(CLUSTERS, there.get(one.after.id), one.after) for one in new]
            key = remember(connection, who, "import", source, rows) if rows else None
        return Saved(key, tuple(changes))

    def last(self, limit: int = MOST) -> list[PastImport]:
        """Read the imports that are remembered, the newest first."""
        query = select(imports).order_by(imports.c.id.desc()).limit(limit)
        return [PastImport(**row) for row in self._database.rows(query)]

    def joined(self) -> dict[str, str]:
        """Read into which id another one was joined: there its imports go."""
        with self._database.read() as connection:
            return _joined(connection)

    def changes(self, key: int) -> list[ClusterChange]:
        """Read what an import changed.

        Raises
        ------
        NotFoundError
            It is not remembered.
        """
        with self._database.read() as connection:
            _require(connection, key)
            rows = [row for row in _rows(connection, key) if row["kind"] == CLUSTERS.table.name]
        return [
            ClusterChange(
                CLUSTERS.parse(row["key"], row["before"]) if row["before"] else None,
                CLUSTERS.parse(row["key"], row["after"]),
            )
            for row in rows
        ]

    def undo(self, key: int) -> Undone:
        """Put back what an import changed, but for what was changed again since.

        Raises
        ------
        NotFoundError
            It is not remembered.
        ConflictError
            It is taken back already.
        """
        with self._database.write() as connection:
            if _require(connection, key).undone:
                raise ConflictError(f"Import {key} has been taken back already.")
            back = take_back(connection, _rows(connection, key))
            this = update(imports).where(imports.c.id == key)
            connection.execute(this.values(undone=now(timespec="seconds")))
        return Undone(key, tuple(back.restored), tuple(back.removed), tuple(back.left))


def remember(
    connection: Connection, who: str, action: str, detail: str, rows: Sequence[dict[str, Any]]
) -> int:
    """Enter an import with the rows that it touched, and forget those of long ago."""
    entry = {"at": now(timespec="seconds"), "who": who, "action": action, "detail": detail}
    key = connection.execute(insert(imports).values(entry).returning(imports.c.id)).scalar_one()
    numbered = [{"import_id": key, "place": place, **row} for place, row in enumerate(rows)]
    connection.execute(insert(import_rows), numbered)
    last = select(imports.c.id).order_by(imports.c.id.desc()).offset(MOST).limit(1)
    newest_old = connection.scalar(last) or 0
    connection.execute(
        delete(imports).where((imports.c.at < now(-KEPT, "seconds")) | (imports.c.id <= newest_old))
    )
    first = connection.scalar(select(func.min(imports.c.id)))
    connection.execute(delete(import_rows).where(import_rows.c.import_id < first))
    return int(key)


def imported_row(
    kept: Records[Record], before: Kept[Record] | None, after: Record
) -> dict[str, Any]:
    """Describe what became of a record, as it is remembered."""
    return {
        "kind": kept.table.name,
        "key": after.id,
        "field": None,
        "origin": before and before.origin,
        "before": before and before.body,
        "after": after.model_dump_json(),
    }


def _joined(connection: Connection) -> dict[str, str]:
    table = joined_clusters.c
    query = select(table.gone, table.kept).where(table.gone != table.kept)
    return {row.gone: row.kept for row in connection.execute(query)}


def _record(there: dict[str, Kept[ClusterProfile]], key: str) -> ClusterProfile | None:
    return there[key].record if key in there else None


def _require(connection: Connection, key: int) -> PastImport:
    row = row_of(connection, imports, key)
    if row is None:
        raise NotFoundError(
            f"There is no import {key}, or it was more than {KEPT.days} days or {MOST} imports ago."
        )
    return PastImport(**row)


def _rows(connection: Connection, key: int) -> list[dict[str, Any]]:
    query = select(import_rows).where(import_rows.c.import_id == key)
    found = connection.execute(query.order_by(import_rows.c.place)).mappings()
    return [dict(row) for row in found]
