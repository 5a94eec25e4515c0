"""Introductions for a saved group: between the one that leads it and each member it does not know.

One introduction a member is enough: who has agreed meets the others in the group. Each is drafted,
vetted and asked as any other.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select, union_all

from matcher.errors import InvalidInputError
from matcher.introductions.desk import Desk
from matcher.introductions.tables import group_introductions, introductions
from matcher.introductions.workflow import CLOSED, Introduction, State, propose
from matcher.matcher import Matcher
from matcher.planning.groups import Conditions, GroupAnswer, build_groups
from matcher.planning.groups.saved import SavedGroup, SavedGroups
from matcher.profiles.profile import ClusterProfile
from matcher.store.database import Database, upsert

Standing = Literal["leads", "knows", "none"] | State
"""How far a member is: it leads, knows who leads, was not asked yet, or as its introduction."""

LOST: tuple[State, ...] = ("declined", "expired")
"""States in which a member will not take part."""


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """A member of a saved group, how far it is, and its introduction to the one that leads."""

    cluster_id: str
    standing: Standing
    introduction: int | None = None

    @property
    def agreed(self) -> bool:
        """Whether it takes part so far as is known."""
        return self.standing in ("leads", "knows", "agreed", "introduced", "met", "outcome")

    @property
    def lost(self) -> bool:
        """Whether it will not take part."""
        return self.standing in LOST


def standings_of(matcher: Matcher, group: SavedGroup) -> tuple[MemberStanding, ...]:
    """Tell how far each member of a group is."""
    lead, *others = group.members
    tied = _tied(matcher.store.database, group.key)
    known = matcher.links.of(lead)
    found = [MemberStanding(lead, "leads")]
    for member in others:
        one = next((one for one in tied if {one.a, one.b} == {lead, member}), None)
        if one:
            found.append(MemberStanding(member, one.state, one.id))
        else:
            found.append(MemberStanding(member, "knows" if member in known else "none"))
    return tuple(found)


def draft_introductions(
    matcher: Matcher, group: SavedGroup, *, purpose: str, on: date
) -> tuple[int, ...]:
    """Draft what a group still needs, and keep the group for good; nobody is asked by this.

    An introduction that is under way already is used as it is.

    Returns
    -------
    tuple of int
        Numbers of the introductions that the group has gained.

    Raises
    ------
    InvalidInputError
        The purpose is missing, or a member and the one that leads must not be introduced.
    """
    database, lead = matcher.store.database, group.members[0]
    desk = Desk(database)
    under_way = {
        frozenset((one.a, one.b)): one
        for one in desk.introductions.all(cluster=lead)
        if one.is_open
    }
    missing = [one for one in standings_of(matcher, group) if one.standing == "none"]
    refused = desk.introductions.exclusions().refused
    for one in missing:
        if frozenset((lead, one.cluster_id)) in refused:
            raise InvalidInputError(
                "A member and the first one must not be introduced, for one of them declined: "
                "replace that member first."
            )
    SavedGroups(database).keep(group.key)
    gained = []
    for one in missing:
        pair = frozenset((lead, one.cluster_id))
        found = under_way.get(pair) or desk.introductions.add(
            propose(lead, one.cluster_id, purpose=purpose, on=on)
        )
        gained.append(found.id)
        with database.write() as connection:
            row = {"introduction_id": found.id, "group_key": group.key}
            upsert(connection, group_introductions, [row])
    return tuple(gained)


def replacements(matcher: Matcher, group: SavedGroup, leaves: str) -> GroupAnswer:
    """Find who could take a member's place, so that the group's conditions still hold.

    Who declined the one that leads is not among them.
    """
    lead, *_ = group.members
    kept = tuple(one for one in group.members if one != leaves and matcher.get(one))
    refused = Desk(matcher.store.database).introductions.exclusions().refused
    gone = {other for pair in refused if lead in pair for other in pair - {lead}}
    asked = Conditions(
        **{
            **group.asked.model_dump(),
            "members": kept,
            "at_least": len(group.members),
            "at_most": len(group.members),
            "excluded": tuple(sorted({*group.asked.excluded, *gone, leaves} - set(kept))),
        }
    )
    return build_groups(matcher, asked, count=1, load=loads(matcher.store.database))


def stand_ins(answer: GroupAnswer) -> Sequence[ClusterProfile]:
    """List the clusters that `replacements` found, the best first."""
    free = [seat for group in answer.groups for seat in group.seats if not seat.sure]
    return [cluster for seat in free for cluster in (seat.cluster, *seat.stand_ins)]


def loads(database: Database) -> Counter[str]:
    """Count the introductions that each cluster is in at present."""
    table = introductions.c
    sides = union_all(
        *(
            select(side.label("one")).where(table.state.not_in(CLOSED))
            for side in (table.a, table.b)
        )
    )
    with database.read() as connection:
        return Counter(connection.scalars(sides))


def _tied(database: Database, key: str) -> list[Introduction]:
    """Introductions of a group, the latest first."""
    table, desk = group_introductions.c, Desk(database)
    query = select(table.introduction_id).where(table.group_key == key)
    numbers = [row["introduction_id"] for row in database.rows(query)]
    return [desk.introductions.get(number) for number in sorted(numbers, reverse=True)]
