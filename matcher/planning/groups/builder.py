"""Groups that satisfy conditions: the best ones, explained, and why a cluster is in none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.i18n.message import Message
from matcher.matcher import Matcher
from matcher.matching.columns import Bools
from matcher.planning.groups.conditions import Conditions
from matcher.planning.groups.explaining import brings, missing
from matcher.planning.groups.optimum import Optimum
from matcher.planning.groups.problem import (
    NOBODY,
    Problem,
    conflict_of,
    problem_among,
    problem_of,
)
from matcher.planning.groups.rows import Row, barring, stand_ins
from matcher.planning.groups.worth import Part
from matcher.profiles.profile import ClusterProfile, DraftProfile

GROUPS = 3
_DIFFERENT = 2
"""Members, besides those that are sure, that a further group does not share with an earlier one."""

_STAND_INS = 3


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of a group.

    Attributes
    ----------
    cluster
        The member.
    sure
        Whether the conditions name it.
    fit
        How well it fits the topic, in [0, 1].
    brings
        What it brings, in words.
    stand_ins
        Who could take its place, the best first.
    """

    cluster: ClusterProfile
    sure: bool
    fit: float
    brings: tuple[Message, ...]
    stand_ins: tuple[ClusterProfile, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group that satisfies all conditions.

    Attributes
    ----------
    seats
        Its members: those that are sure in their order, then the others by their fit.
    value, bound
        What it is worth, and what no group under the same conditions exceeds; of a further group,
        none that differs as much from the earlier ones.
    parts
        What the value is made of.
    met, needs
        How many needs of members are met by another one, and how many they have.
    missing
        What it lacks, in words.
    """

    seats: tuple[Seat, ...]
    value: float
    bound: float
    parts: Mapping[Part, float]
    met: int
    needs: int
    missing: tuple[Message, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the members."""
        return tuple(seat.cluster.id for seat in self.seats)

    @property
    def gap(self) -> float:
        """How far the value may lie below the best there is, as a share of the bound."""
        return max(0.0, self.bound - self.value) / max(abs(self.bound), 1e-9)


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """The groups for some conditions, the best first.

    Attributes
    ----------
    asked
        The conditions.
    groups
        As many as were asked for, or fewer where no more differ enough.
    candidates
        How many clusters they were chosen from.
    conflict
        Where there is no group: conditions that cannot hold together.
    """

    asked: Conditions
    groups: tuple[Group, ...]
    candidates: int
    conflict: tuple[Message, ...] = ()


def build_groups(
    matcher: Matcher,
    asked: Conditions,
    *,
    count: int = GROUPS,
    load: Mapping[str, int] | None = None,
    described: Mapping[str, DraftProfile] = NOBODY,
) -> GroupAnswer:
    """Find the best groups, each unlike those before.

    Parameters
    ----------
    matcher
        Scores pairs.
    asked
        The conditions; members and those left out by id.
    count
        How many groups.
    load
        Groups and introductions that clusters are in already.
    described
        Profiles of members that are not registered, by the ids that name them in the conditions.

    Raises
    ------
    ClusterNotFoundError, InvalidInputError, ModelUnavailableError
        A member is not known, or the topic cannot be read.
    """
    problem = problem_of(matcher, asked, load=load, described=described)
    found: list[Optimum] = []
    while len(found) < count:
        best = problem.best(_unlike(problem, earlier.chosen) for earlier in found)
        if best is None:
            break
        found.append(best)
    return GroupAnswer(
        asked,
        tuple(_group(problem, one) for one in found),
        len(problem.corpus),
        () if found else conflict_of(matcher, asked, described),
    )


def describe_group(matcher: Matcher, asked: Conditions, members: Sequence[str]) -> Group:
    """Describe a group as it is, whatever its conditions; the first member leads.

    Raises
    ------
    ModelUnavailableError
        The topic cannot be read.
    """
    problem = problem_among(matcher, asked, members)
    everybody = np.ones(len(members), dtype=np.bool_)
    value = problem.worth.value(everybody)
    return _group(problem, Optimum(everybody, value, value))


def why_not(
    matcher: Matcher,
    asked: Conditions,
    cluster_id: str,
    *,
    described: Mapping[str, DraftProfile] = NOBODY,
) -> tuple[Message, ...]:
    """Say why a cluster is not in the best group: conditions it fails, or what it would cost.

    Raises
    ------
    ClusterNotFoundError, InvalidInputError, ModelUnavailableError
        As `build_groups`.
    """
    problem = problem_of(matcher, asked, besides=[cluster_id], described=described)
    place, best = problem.corpus.row_of[cluster_id], problem.best()
    if best is None:
        return (Message("No group satisfies the conditions."),)
    name = problem.clusters[place].name
    if best.chosen[place]:
        return (Message("{name} is in the best group.", name=name),)
    if failed := barring(problem.rows, place):
        return (Message("{name} fails these conditions: {names}.", name=name, names=failed),)
    only = problem.corpus.rows_of([cluster_id]).astype(float)
    takes_part = Row(Message("{name} takes part", name=name), only, 1, 1)
    other = problem.best([takes_part])
    if other is None:
        return (Message("With {name}, no group satisfies the other conditions.", name=name),)
    return (
        *_cost(problem, best, other, place),
        *(brings(problem, other.chosen, place) or (_BRINGS_NOTHING,)),
    )


_BRINGS_NOTHING = Message("It meets no need of the others and covers no step of the value chain.")


def _cost(problem: Problem, best: Optimum, other: Optimum, place: int) -> tuple[Message, ...]:
    leaving = np.flatnonzero(best.chosen & ~other.chosen).tolist()
    names = tuple(problem.clusters[one].name for one in leaving)
    lost = max(0.0, best.value - other.value) / max(abs(best.value), 1e-9)
    told = Message(
        "The best group with {name} is worth {percent} % less.",
        name=problem.clusters[place].name,
        percent=f"{100 * lost:.1f}",
    )
    if not names:
        return (told,)
    return told, Message("It would take the place of: {names}.", names=names)


def _unlike(problem: Problem, chosen: Bools) -> Row:
    free = chosen & ~problem.corpus.rows_of(problem.asked.members)
    kept = max(0, int(free.sum()) - _DIFFERENT)
    return Row(Message("another group"), free.astype(float), 0, kept)


def _group(problem: Problem, best: Optimum) -> Group:
    sure = problem.asked.members
    places = sorted(
        np.flatnonzero(best.chosen).tolist(), key=lambda place: _turn(problem, sure, place)
    )
    met = problem.worth.met(best.chosen)
    return Group(
        tuple(_seat(problem, best.chosen, place) for place in places),
        best.value,
        best.bound,
        problem.worth.parts(best.chosen),
        int(met.sum()),
        int(best.chosen[problem.worth.owners].sum()),
        missing(problem, best.chosen),
    )


def _turn(problem: Problem, sure: tuple[str, ...], place: int) -> tuple[int, float]:
    key = problem.clusters[place].id
    return (sure.index(key) if key in sure else len(sure)), -float(problem.fit[place])


def _seat(problem: Problem, chosen: Bools, place: int) -> Seat:
    cluster = problem.clusters[place]
    sure = cluster.id in problem.asked.members
    return Seat(
        cluster,
        sure,
        float(problem.fit[place]),
        brings(problem, chosen, place),
        () if sure else tuple(_stand_ins(problem, chosen, place)),
    )


def _stand_ins(problem: Problem, chosen: Bools, place: int) -> list[ClusterProfile]:
    """Find who could take a place, so that all conditions still hold; the best first."""
    rest = chosen & (np.arange(len(chosen)) != place)
    able = stand_ins(problem.rows, problem.belongs, rest) & ~chosen
    worth = {
        other: problem.worth.value(rest | (np.arange(len(rest)) == other))
        for other in np.flatnonzero(able).tolist()
    }
    best = sorted(worth, key=lambda other: (-worth[other], other))
    return [problem.clusters[other] for other in best[:_STAND_INS]]
