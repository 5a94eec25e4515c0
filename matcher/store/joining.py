"""Joining two records of one cluster, in one step that can be taken back as an import can."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, select, update

from matcher.errors import ClusterNotFoundError, InvalidInputError
from matcher.profiles.merging import filled_up
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.store.database import Database, upsert
from matcher.store.imports import imported_row, remember
from matcher.store.records import CLUSTERS, PARTNERSHIPS, Kept
from matcher.store.tables import joined_clusters

Row = dict[str, Any]


def join(
    database: Database, gone: str, kept: str, references: Sequence[Column[str]], who: str
) -> int:
    """Join one cluster into another, with all that refers to it, and all that is imported later.

    Parameters
    ----------
    gone, kept
        Ids; the first is hidden from now on, the second gains what it lacks.
    references
        Columns that name clusters. A row that would name the second twice, or would be one that
        is there already, stays.
    who
        To be remembered.

    Returns
    -------
    int
        The number of the import.

    Raises
    ------
    InvalidInputError, ClusterNotFoundError
        They are one already, are of two countries, or one is not stored.
    """
    with database.write() as connection:
        rows = [*_clusters(connection, gone, kept), *_partnerships(connection, gone, kept)]
        upsert(connection, joined_clusters, [{"gone": gone, "kept": gone}])
        for column in (*references, joined_clusters.c.kept):
            others = [one for one in references if one.table is column.table and one is not column]
            rows += _moved(connection, column, others, gone, kept)
        return remember(connection, who, "join", f"{gone} into {kept}", rows)


def _clusters(connection: Connection, gone: str, kept: str) -> list[Row]:
    there = CLUSTERS.found(connection, [gone, kept])
    one, other = (_required(there, key) for key in (gone, kept))
    if gone == kept:
        raise InvalidInputError("A cluster cannot be joined into itself: name two clusters.")
    if one.country != other.country:
        raise InvalidInputError("Clusters of two countries are not the same: they are not joined.")
    new = (one.model_copy(update={"visibility": "hidden"}), filled_up(other, one))
    CLUSTERS.put(connection, there, [("user", profile) for profile in new])
    return [imported_row(CLUSTERS, there.get(profile.id), profile) for profile in new]


def _required(there: dict[str, Kept[ClusterProfile]], key: str) -> ClusterProfile:
    if key not in there:
        raise ClusterNotFoundError(key)
    return there[key].record


def _partnerships(connection: Connection, gone: str, kept: str) -> list[Row]:
    keys = [one.id for one in PARTNERSHIPS.all(connection) if gone in one.member_ids]
    there = PARTNERSHIPS.found(connection, keys)
    new = [_renamed(there[key].record, gone, kept) for key in keys]
    PARTNERSHIPS.put(connection, there, [("user", one) for one in new])
    return [imported_row(PARTNERSHIPS, there[one.id], one) for one in new]


def _renamed(partnership: Partnership, gone: str, kept: str) -> Partnership:
    members = tuple(
        one.model_copy(update={"id": kept}) if one.id == gone else one
        for one in partnership.members
    )
    return partnership.model_copy(update={"members": members})


def _moved(
    connection: Connection,
    column: Column[str],
    others: Iterable[Column[str]],
    gone: str,
    kept: str,
) -> Iterator[Row]:
    """Let the rows that name one cluster in a column name the other one, and tell which did."""
    table, keys = column.table, [*column.table.primary_key.columns]
    named = select(*keys).where(column == gone, *(other != kept for other in others))
    for found in connection.execute(named).mappings().all():
        key = dict(found)
        moved = {**key, column.name: kept} if column.primary_key else key
        if moved != key and _is_there(connection, table, moved):
            continue
        this = update(table).where(*(table.c[name] == value for name, value in key.items()))
        connection.execute(this.values({column.name: kept}))
        yield {
            "kind": table.name,
            "key": json.dumps(moved),
            "field": column.name,
            "origin": None,
            "before": gone,
            "after": kept,
        }


def _is_there(connection: Connection, table: Table, key: Row) -> bool:
    where = (table.c[name] == value for name, value in key.items())
    return connection.execute(select(*table.primary_key.columns).where(*where)).first() is not None
