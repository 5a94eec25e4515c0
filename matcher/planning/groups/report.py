"""Groups in plain values: one shape for the API and for ``--json``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.i18n.message import Message
from matcher.planning.groups.builder import Group, GroupAnswer, Seat
from matcher.planning.groups.conditions import Conditions
from matcher.planning.groups.worth import Part
from matcher.planning.named import Named


@dataclass(frozen=True, slots=True)
class MemberReport(Named):
    """A member: `sure` where the conditions name it, `fit` to the topic in [0, 1].

    `brings` says in words what it brings, `stand_ins` who could take its place, the best first.
    """

    sure: bool
    fit: float
    brings: tuple[Message, ...]
    stand_ins: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class GroupReport:
    """A group; no group under the same conditions is worth more than `bound`.

    `parts` adds up to `value`, but for what members cost; `needs_met` of the `needs` of all
    members are met by another one; `missing` says in words what the group lacks.
    """

    members: tuple[MemberReport, ...]
    value: float
    bound: float
    gap: float
    parts: Mapping[Part, float]
    needs_met: int
    needs: int
    missing: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class GroupsReport:
    """The best groups, chosen from the best `candidates` under `conditions`.

    Where there is none, `conflict` names conditions that cannot hold together.
    """

    conditions: Conditions
    candidates: int
    groups: tuple[GroupReport, ...]
    conflict: tuple[Message, ...]


def groups_json(answer: GroupAnswer) -> dict[str, Any]:
    """Return an answer with the keys of `GroupsReport`."""
    return {
        "conditions": answer.asked.model_dump(mode="json", exclude_defaults=True),
        "candidates": answer.candidates,
        "groups": [_group(one) for one in answer.groups],
        "conflict": answer.conflict,
    }


def _group(group: Group) -> GroupReport:
    return GroupReport(
        tuple(map(_member, group.seats)),
        group.value,
        group.bound,
        group.gap,
        dict(group.parts),
        group.met,
        group.needs,
        group.missing,
    )


def _member(seat: Seat) -> MemberReport:
    one = seat.cluster
    stand_ins = tuple(map(Named.of, seat.stand_ins))
    name = one.name or "your cluster"
    return MemberReport(one.id, name, one.country, seat.sure, seat.fit, seat.brings, stand_ins)
