"""Why a given pair is not in a plan, and what it would cost to add it."""

from dataclasses import dataclass

import numpy as np

from matcher.i18n.message import Message, Text
from matcher.planning.solver.assignment import best_matching
from matcher.planning.solver.instance import Pair, PlanProblem, Side, unmet_wishes
from matcher.planning.solver.planner import DEFAULT_TIME_LIMIT, Plan


@dataclass(frozen=True, slots=True)
class Place:
    """One introduction that holds a place which the pair would need."""

    side: Side
    pair: Pair
    value: float


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer for one pair.

    Attributes
    ----------
    pair, value
        The pair and its mutual value.
    planned
        It is in the plan; the other fields are then empty.
    rules
        Names of the rules that forbid it.
    held
        Where a side is full, the introductions that hold its places, the least valuable first.
    dropped, added
        What the best plan with this pair would leave out and take in besides the pair.
    loss
        How much total value that plan loses (0: an equally good plan); ``None`` where a rule
        forbids the pair or the work was spent first.
    breaks_wish
        That plan would leave one more "at least" wish, or one promise to a worst-off asker, unmet.
    """

    pair: Pair
    value: float
    planned: bool = False
    rules: tuple[Text, ...] = ()
    held: tuple[Place, ...] = ()
    dropped: tuple[Pair, ...] = ()
    added: tuple[Pair, ...] = ()
    loss: float | None = None
    breaks_wish: bool = False


def why_not(
    problem: PlanProblem, plan: Plan, pair: Pair, *, time_limit: float = DEFAULT_TIME_LIMIT
) -> WhyNot:
    """Compare the plan with the best plan that contains the pair."""
    value = float(problem.values[pair])
    if pair in plan.pairs:
        return WhyNot(pair, value, planned=True)
    if not problem.allowed[pair]:
        return WhyNot(pair, value, rules=problem.broken_rules(pair) or (Message("no places"),))
    held = _held_places(problem, plan, pair)
    if not _fixed_leave_room(problem, pair):
        taken = Message("fixed pairs take every place")
        return WhyNot(pair, value, rules=(taken,), held=held)
    other = best_matching(problem.with_fixed(pair), time_limit, floors=plan.floors)
    if other is None:
        return WhyNot(pair, value, held=held)
    before, after = set(plan.pairs), set(other)
    return WhyNot(
        pair,
        value,
        held=held,
        dropped=tuple(sorted(before - after)),
        added=tuple(sorted(after - before - {pair})),
        loss=plan.total_value - float(sum(problem.values[p] for p in other)),
        breaks_wish=_unmet(problem, plan, other) > _unmet(problem, plan, plan.pairs),
    )


def _held_places(problem: PlanProblem, plan: Plan, pair: Pair) -> tuple[Place, ...]:
    sides: tuple[Side, Side] = ("asker", "target")
    held: list[Place] = []
    for axis, (side, limits) in enumerate(
        zip(sides, (problem.askers, problem.targets), strict=True)
    ):
        own = [p for p in plan.pairs if p[axis] == pair[axis]]
        if len(own) >= limits.at_most[pair[axis]]:
            held += [Place(side, p, float(problem.values[p])) for p in own]
    return tuple(sorted(held, key=lambda place: (place.value, place.pair)))


def _fixed_leave_room(problem: PlanProblem, pair: Pair) -> bool:
    return all(
        sum(fixed[axis] == pair[axis] for fixed in problem.fixed) < limits.at_most[pair[axis]]
        for axis, limits in enumerate((problem.askers, problem.targets))
    )


def _unmet(problem: PlanProblem, plan: Plan, pairs: tuple[Pair, ...]) -> int:
    """Missing introductions below "at least", and promises not kept."""
    missing = unmet_wishes(problem, pairs)
    if plan.floors is not None:
        best = np.zeros(len(problem.values))
        for pair in pairs:
            best[pair[0]] = max(best[pair[0]], problem.values[pair])
        missing += int((best < plan.floors).sum())
    return missing
