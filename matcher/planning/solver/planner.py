"""`make_plan`: which introductions a programme should make, under limits of both sides."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from matcher.i18n.message import Message
from matcher.planning.solver.assignment import best_matching, simple_bound
from matcher.planning.solver.floors import worst_off_floors
from matcher.planning.solver.greedy import greedy_matching
from matcher.planning.solver.instance import Floats, Instance, Pair, Side, count_pairs

Objective = Literal["total", "worst-off"]
Method = Literal["exact", "greedy"]
Progress = Callable[[int, int], None]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
DEFAULT_TIME_LIMIT = 25.0


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A cluster that gets fewer introductions than "at least" asks for, and why.

    Attributes
    ----------
    side, index
        Which cluster: row of the askers or column of the targets.
    wanted, got
        Introductions asked for, and planned.
    reason
        Why no plan can give more, in words.
    """

    side: Side
    index: int
    wanted: int
    got: int
    reason: Message


@dataclass(frozen=True, slots=True)
class Plan:
    """The introductions to make, and how good they are.

    Attributes
    ----------
    pairs
        (asker, target) places, sorted.
    objective
        What was maximised.
    method
        ``"exact"`` (optimum) or ``"greedy"`` (the work was spent first).
    total_value
        Sum of the mutual values of the pairs.
    bound
        The most total value that any plan can reach; among the plans that keep every promised
        best introduction, where the worst-off come first.
    floors
        Worst-off alone: (n,) the best introduction promised to each asker.
    shortfalls
        "At least" wishes that cannot be met.
    """

    pairs: tuple[Pair, ...]
    objective: Objective
    method: Method
    total_value: float
    bound: float
    floors: Floats | None
    shortfalls: tuple[Shortfall, ...]

    @property
    def gap(self) -> float:
        """How far the optimum may still be, as a share of the bound; 0 when proven."""
        return max(0.0, 1 - self.total_value / self.bound) if self.bound > 0 else 0.0


def make_plan(
    instance: Instance,
    objective: Objective = "total",
    *,
    time_limit: float = DEFAULT_TIME_LIMIT,
    progress: Progress | None = None,
) -> Plan:
    """Choose the best set of introductions.

    The same instance and limit yield the same plan, however busy the machine is: work is counted in
    steps. `Plan.gap` says how far the optimum may be.

    Rules and "at most" are never broken. "At least" wishes are served before anything else, as
    many as possible; the rest is named in `Plan.shortfalls`.

    Parameters
    ----------
    instance
        Values, limits, rules, fixed pairs.
    objective
        ``"total"``: largest total mutual value. ``"worst-off"``: first the best introduction of
        the worst-served asker is raised as far as possible, then of the next, and so on; then
        the total. Promises are made as if nobody had an "at least"; of those that cannot be kept
        beside the wishes, as few as possible are broken.
    time_limit
        Work to spend, in seconds of an ordinary two-core machine; then the greedy plan is
        returned with a bound.
    progress
        Called with (steps done, steps in all).
    """
    tell = progress or (lambda _done, _all: None)
    tell(0, 3)
    floors: Floats | None = None
    promised: tuple[Pair, ...] = ()
    if objective == "worst-off":
        floors, partners = worst_off_floors(instance)
        promised = tuple((i, int(j)) for i, j in enumerate(partners) if j >= 0)
    tell(1, 3)
    exact = best_matching(instance, time_limit, floors=floors)
    pairs = greedy_matching(instance, promised) if exact is None else exact
    total = float(sum(instance.values[pair] for pair in pairs))
    tell(2, 3)
    plan = Plan(
        pairs=pairs,
        objective=objective,
        method="greedy" if exact is None else "exact",
        total_value=total,
        bound=simple_bound(instance) if exact is None else total,
        floors=floors,
        shortfalls=_shortfalls(instance, pairs),
    )
    tell(3, 3)
    return plan


def _shortfalls(instance: Instance, pairs: tuple[Pair, ...]) -> tuple[Shortfall, ...]:
    counts = count_pairs(pairs, instance.values.shape)
    return tuple(
        Shortfall(
            side,
            int(index),
            int(limits.at_least[index]),
            int(count[index]),
            _used_up(instance, pairs)
            or _shortfall_reason(instance, side, int(index), int(limits.at_least[index])),
        )
        for (side, limits), count in zip(instance.sides, counts, strict=True)
        for index in np.flatnonzero(count < limits.at_least)
    )


def _used_up(instance: Instance, pairs: tuple[Pair, ...]) -> Message | None:
    if len(pairs) != instance.total:
        return None
    return Message("the total of the programme, {total}, is used up", total=len(pairs))


def _shortfall_reason(instance: Instance, side: Side, index: int, wanted: int) -> Message:
    line = instance.line(side, index)
    allowed = int(instance.allowed[line].sum())
    if allowed >= wanted:
        return Message(
            'others whose "at least" is just as hard to meet need all {count} allowed partners; '
            'raise the partners\' "at most" or lower an "at least"',
            count=allowed,
        )
    by_rule = tuple(
        Message("{count} by the rule: {rule}", count=int(mask[line].sum()), rule=name)
        for name, mask in instance.rules.items()
        if mask[line].any()
    )
    few = Message(
        "too few partners are allowed: {allowed} of {all}",
        allowed=allowed,
        all=instance.allowed[line].size,
    )
    return Message("{few}; ruled out: {rules}", few=few, rules=by_rule) if by_rule else few
