"""Why a given pair is not in a plan, and what it would cost to add it."""

from dataclasses import dataclass, replace

import numpy as np

from matcher.i18n.message import Message, Text
from matcher.planning.solver.assignment import best_matching
from matcher.planning.solver.instance import Instance, Pair, Side, unmet_wishes
from matcher.planning.solver.planner import DEFAULT_TIME_LIMIT, Plan


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
        Where a side is full, that side with each introduction that holds one of its places, the
        least valuable first.
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
    held: tuple[tuple[Side, Pair], ...] = ()
    dropped: tuple[Pair, ...] = ()
    added: tuple[Pair, ...] = ()
    loss: float | None = None
    breaks_wish: bool = False


def why_not(
    instance: Instance, plan: Plan, pair: Pair, *, time_limit: float = DEFAULT_TIME_LIMIT
) -> WhyNot:
    """Compare the plan with the best plan that contains the pair."""
    value = float(instance.values[pair])
    if pair in plan.pairs:
        return WhyNot(pair, value, planned=True)
    if not instance.allowed[pair]:
        return WhyNot(pair, value, rules=instance.broken_rules(pair) or (Message("a limit of 0"),))
    held = _holders(instance, plan, pair)
    if not _fixed_leave_room(instance, pair):
        taken = Message("fixed pairs use up the limit")
        return WhyNot(pair, value, rules=(taken,), held=held)
    with_pair = replace(instance, fixed=(*instance.fixed, pair))
    other = best_matching(with_pair, time_limit, floors=plan.floors)
    if other is None:
        return WhyNot(pair, value, held=held)
    before, after = set(plan.pairs), set(other)
    return WhyNot(
        pair,
        value,
        held=held,
        dropped=tuple(sorted(before - after)),
        added=tuple(sorted(after - before - {pair})),
        loss=plan.total_value - float(sum(instance.values[p] for p in other)),
        breaks_wish=_unmet(instance, plan, other) > _unmet(instance, plan, plan.pairs),
    )


def _holders(instance: Instance, plan: Plan, pair: Pair) -> tuple[tuple[Side, Pair], ...]:
    held: list[tuple[Side, Pair]] = []
    for axis, (side, limits) in enumerate(instance.sides):
        own = [p for p in plan.pairs if p[axis] == pair[axis]]
        if len(own) >= limits.at_most[pair[axis]]:
            held += [(side, p) for p in own]
    return tuple(sorted(held, key=lambda one: (instance.values[one[1]], one[1])))


def _fixed_leave_room(instance: Instance, pair: Pair) -> bool:
    if instance.total is not None and len(instance.fixed) >= instance.total:
        return False
    return all(
        sum(fixed[axis] == pair[axis] for fixed in instance.fixed) < limits.at_most[pair[axis]]
        for axis, (_, limits) in enumerate(instance.sides)
    )


def _unmet(instance: Instance, plan: Plan, pairs: tuple[Pair, ...]) -> int:
    """Missing introductions below "at least", and promises not kept."""
    missing = unmet_wishes(instance, pairs)
    if plan.floors is not None:
        best = np.zeros(len(instance.values))
        for pair in pairs:
            best[pair[0]] = max(best[pair[0]], instance.values[pair])
        missing += int((best < plan.floors).sum())
    return missing
