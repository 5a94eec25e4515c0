"""Taking an import back, row by row: what was changed again since stays, and is told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, column, table, update

from matcher.profiles.merging import alike, differing, taken
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.store.records import CLUSTERS, PARTNERSHIPS, Kept

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """Something that stays as it is now: a field of a record, or all of it."""

    id: str
    field: str | None


@dataclass(slots=True)
class Back:
    """What is taken back so far: ids put back as they were, ids gone, and what stays."""

    restored: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def take_back(connection: Connection, rows: Sequence[Row]) -> Back:
    """Put back what the rows of an import say, as far as nobody has changed it since."""
    back = Back()
    _clusters_back(connection, [row for row in rows if row["kind"] == CLUSTERS.table.name], back)
    linked = [row for row in rows if row["kind"] == PARTNERSHIPS.table.name]
    if linked:
        _partnerships_back(connection, linked, back)
    for row in rows:
        if row["field"]:
            _reference_back(connection, row)
    return back


def _clusters_back(connection: Connection, rows: Sequence[Row], back: Back) -> None:
    there = CLUSTERS.found(connection, [row["key"] for row in rows])
    new = [_cluster_back(there.get(row["key"]), row, back) for row in rows]
    CLUSTERS.put(connection, there, [one for one in new if one], back.removed)


def _cluster_back(
    now: Kept[ClusterProfile] | None, row: Row, back: Back
) -> tuple[str, ClusterProfile] | None:
    """Origin and record to put back; ``None`` where there is nothing to save."""
    key = row["key"]
    after = CLUSTERS.parse(key, row["after"])
    untouched = now is not None and not differing(now.record, after)
    if now is None or (row["before"] is None and not untouched):
        back.left.append(Left(key, None))
        return None
    if row["before"] is None:
        back.removed.append(key)
        return None
    before = CLUSTERS.parse(key, row["before"])
    back.restored.append(key)
    if untouched:
        return row["origin"], before
    changed = differing(before, after)
    free = [name for name in changed if alike(now.record, after, name)]
    back.left += [Left(key, name) for name in changed if name not in free]
    return "user", taken(now.record, before, free)


def _partnerships_back(connection: Connection, rows: Sequence[Row], back: Back) -> None:
    there = PARTNERSHIPS.found(connection, [row["key"] for row in rows])
    same = [row for row in rows if _is_untouched(there.get(row["key"]), row)]
    back.left += [Left(row["key"], None) for row in rows if row not in same]
    new = [(row["origin"], PARTNERSHIPS.parse(row["key"], row["before"])) for row in same]
    PARTNERSHIPS.put(connection, there, new)


def _is_untouched(now: Kept[Partnership] | None, row: Row) -> bool:
    return now is not None and now.record == PARTNERSHIPS.parse(row["key"], row["after"])


def _reference_back(connection: Connection, row: Row) -> None:
    """Let a row of another table refer to the cluster that it referred to before."""
    key, name = json.loads(row["key"]), row["field"]
    this = table(row["kind"], column(name), *(column(one) for one in key if one != name))
    where = and_(
        *(this.c[one] == value for one, value in key.items()), this.c[name] == row["after"]
    )
    connection.execute(update(this).where(where).values({name: row["before"]}))
