"""Who gets how much of a plan: shares, expected matches, and the naive lists beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.metrics import gini
from matcher.i18n.message import Message
from matcher.planning.solver.instance import Floats, Instance, Ints, Pair, Side, count_pairs
from matcher.planning.solver.planner import Plan

Most = TypeVar("Most")


@dataclass(frozen=True, slots=True)
class Unserved:
    """A cluster without any introduction, and why."""

    side: Side
    index: int
    reason: Message


@dataclass(frozen=True, slots=True)
class Exposure(Generic[Most]):
    """How a set of introductions is spread.

    Attributes
    ----------
    introductions
        How many pairs.
    expected_matches
        Introductions that both sides are expected to accept, see `expected_matches`.
    asker_coverage, target_coverage
        Share of the clusters of a side with at least one introduction.
    asker_gini, target_gini
        Inequality of the number of introductions: 0 all alike, towards 1 all with one cluster.
    most_asked
        Targets and how often they are asked, the most asked first, at most ten.
    over_capacity
        Requests beyond the "at most" of the targets that receive them.
    """

    introductions: int
    expected_matches: float
    asker_coverage: float
    target_coverage: float
    asker_gini: float
    target_gini: float
    most_asked: tuple[Most, ...]
    over_capacity: int


@dataclass(frozen=True, slots=True)
class ExposureReport:
    """The plan beside the naive lists of the same length, and who gets none."""

    plan: Exposure[tuple[int, int]]
    naive: Exposure[tuple[int, int]]
    unserved: tuple[Unserved, ...]


def exposure_report(
    instance: Instance, plan: Plan, fit_for_askers: Floats, fit_for_targets: Floats
) -> ExposureReport:
    """Spread of a plan, and of the lists that each asker would get by itself.

    Parameters
    ----------
    instance, plan
        What was planned.
    fit_for_askers, fit_for_targets
        (n, m) directed fits in [0, 1]: how well target j suits asker i, and i suits j.
    """
    naive = naive_lists(instance, fit_for_askers)
    return ExposureReport(
        plan=spread(instance, plan.pairs, fit_for_askers, fit_for_targets),
        naive=spread(instance, naive, fit_for_askers, fit_for_targets),
        unserved=_unserved(instance, plan),
    )


def naive_lists(instance: Instance, fit_for_askers: Floats) -> tuple[Pair, ...]:
    """Each asker asks its own best allowed targets, as many as its "at most"; ties by place."""
    worth = np.where(instance.allowed, fit_for_askers, -np.inf)
    order = np.argsort(-worth, axis=1, kind="stable")
    return tuple(
        (i, int(j))
        for i, most in enumerate(instance.askers.at_most)
        for j in order[i, :most]
        if instance.allowed[i, j]
    )


def spread(
    instance: Instance, pairs: Sequence[Pair], fit_for_askers: Floats, fit_for_targets: Floats
) -> Exposure[tuple[int, int]]:
    """Exposure figures of any set of pairs."""
    asker_counts, target_counts = count_pairs(pairs, instance.values.shape)
    busiest = np.argsort(-target_counts, kind="stable")[:10]
    return Exposure(
        introductions=len(pairs),
        expected_matches=expected_matches(
            pairs, fit_for_askers, fit_for_targets, instance.targets.at_most
        ),
        asker_coverage=_share(asker_counts > 0),
        target_coverage=_share(target_counts > 0),
        asker_gini=gini(asker_counts),
        target_gini=gini(target_counts),
        most_asked=tuple((int(j), int(target_counts[j])) for j in busiest if target_counts[j]),
        over_capacity=int(np.maximum(target_counts - instance.targets.at_most, 0).sum()),
    )


def expected_matches(
    pairs: Sequence[Pair], fit_for_askers: Floats, fit_for_targets: Floats, places: Ints
) -> float:
    """Count the introductions that both sides can be expected to accept.

    A target takes up as many of the requests as it has places, those that suit it best (ties by
    index); the others come to nothing: this is the congestion of lists that send everybody to
    the same popular clusters. Each request taken up succeeds with a chance that is the product
    of the two directed fits. The fits are estimates, so the figure serves to compare plans.
    """
    asked: dict[int, list[int]] = {}
    for i, j in pairs:
        asked.setdefault(j, []).append(i)
    expected = 0.0
    for j, who in asked.items():
        best = sorted(who, key=lambda i: (-fit_for_targets[i, j], i))[: places[j]]
        expected += float((fit_for_askers[best, j] * fit_for_targets[best, j]).sum())
    return expected


def _share(served: NDArray[np.bool_]) -> float:
    return float(served.mean()) if len(served) else 0.0


def _unserved(instance: Instance, plan: Plan) -> tuple[Unserved, ...]:
    counts = count_pairs(plan.pairs, instance.values.shape)
    full = len(plan.pairs) == instance.total
    return tuple(
        Unserved(side, int(index), _unserved_reason(instance, side, int(index), counts, full))
        for (side, _), count in zip(instance.sides, counts, strict=True)
        for index in np.flatnonzero(count == 0)
    )


def _unserved_reason(
    instance: Instance, side: Side, index: int, counts: tuple[Ints, Ints], full: bool
) -> Message:
    limits = instance.askers if side == "asker" else instance.targets
    if not limits.at_most[index]:
        return Message("it takes no introductions: its limit is 0")
    line = instance.line(side, index)
    allowed = np.flatnonzero(instance.allowed[line])
    if not len(allowed):
        names = tuple(name for name, mask in instance.rules.items() if mask[line].any())
        if not names:
            return Message("no partner has room for another introduction")
        return Message("no partner is allowed ({rules})", rules=names)
    if full:
        return Message("the programme's introductions go to pairs that add more to the plan")
    partners = instance.targets if side == "asker" else instance.askers
    partner_counts = counts[1] if side == "asker" else counts[0]
    room = allowed[partner_counts[allowed] < partners.at_most[allowed]]
    if len(room):
        return Message(
            "the partners that still have room are of no value to it, or promised to others"
        )
    best = float(instance.values[line][allowed].max())
    return Message(
        "all allowed partners ({count}) are full with introductions that add more to the plan; its "
        "own best pair is worth {best:.2f}",
        count=len(allowed),
        best=best,
    )
