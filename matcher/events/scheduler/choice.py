"""Pairs and slots together: the proven choice where it can be had, the best found elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matcher.events.plan import Method
from matcher.events.scheduler.instance import Instance
from matcher.events.scheduler.levels import Levels, Limits, LinearModel, achieved, solve, value_gap
from matcher.events.scheduler.placing import fill, greedy
from matcher.events.scheduler.progress import Progress, between, silent
from matcher.events.scheduler.selection import pair_model, slot_model
from matcher.events.scheduler.windows import (
    better,
    improve_by_windows,
    solved,
    useful,
    worthwhile,
)

_JOINT_COLUMNS = 3_000


@dataclass(frozen=True, slots=True)
class Choice:
    """Meetings with their slots, what they achieve, and what nothing can exceed.

    Attributes
    ----------
    slots
        Candidate -> slot.
    bound
        Each level given that the levels before are as in `levels`.
    """

    slots: Mapping[int, int]
    levels: Levels
    bound: Levels
    method: Method


def choose(instance: Instance, limits: Limits, seed: int, progress: Progress = silent) -> Choice:
    """Choose pairs and slots: minimum first, then musts, then value.

    The choice of pairs alone gives a bound. Where its pairs all find a slot the bound is
    reached and the choice is optimal. Where they do not, small events are solved over pairs and
    slots at once, and large ones window by window. Never worse than `greedy`.

    Parameters
    ----------
    progress
        Told how far the choice has come.
    """
    model = pair_model(instance)
    answer = solve(instance, model, limits)
    progress(0.1, "choosing pairs and slots", None)
    chosen = useful(instance, answer.columns or ())
    hardest_first = sorted(chosen, key=lambda n: instance.candidates[n].slots.bit_count())
    musts_first = sorted(hardest_first, key=lambda n: -instance.candidates[n].musts)
    placed = (fill(instance, instance.fixed, order) for order in (musts_first, hardest_first))
    by_hand, _ = greedy(instance)
    best = better(instance, by_hand, better(instance, *placed))
    bound = Levels(*answer.bound)
    if achieved(instance, best) != bound:
        progress(0.2, "improving the choice", value_gap(achieved(instance, best), bound))
        rest = between(progress, 0.2, 1.0)
        best, model, bound = _harder(instance, best, limits, seed, rest)
    levels = achieved(instance, best)
    method: Method = "optimised" if levels > achieved(instance, by_hand) else "greedy"
    if levels == bound:
        method = "optimised"
    return Choice(best, levels, _tighten(instance, model, limits, levels, bound), method)


def _harder(
    instance: Instance, slots: dict[int, int], limits: Limits, seed: int, progress: Progress
) -> tuple[dict[int, int], LinearModel, Levels]:
    """Improve on `slots` where the choice of pairs alone was too hopeful."""
    joint, columns = slot_model(instance)
    relaxed, small = replace(joint, whole=False), len(columns) <= _JOINT_COLUMNS
    answer = solve(instance, joint if small else relaxed, limits)
    bound = Levels(*answer.bound)

    def tell(share: float, levels: Levels) -> None:
        progress(share, "improving the choice", value_gap(levels, bound))

    if small:
        slots = better(instance, slots, solved(instance, columns, answer))
    slots = fill(instance, slots, worthwhile(instance))
    if not small:
        slots = improve_by_windows(instance, slots, limits, seed, tell)
    return slots, relaxed, bound


def keep(instance: Instance, limits: Limits) -> Choice:
    """Take the fixed meetings and no others; the bound tells what more there might be."""
    levels = achieved(instance, instance.fixed)
    model = pair_model(instance)
    bound = Levels(*solve(instance, model, limits).bound)
    bound = _tighten(instance, model, limits, levels, bound)
    return Choice(dict(instance.fixed), levels, bound, "optimised")


def _tighten(
    instance: Instance, model: LinearModel, limits: Limits, levels: Levels, bound: Levels
) -> Levels:
    """Bound the later levels anew where an earlier one fell short of its own bound."""
    if levels.served < bound.served:
        later = solve(instance, model, limits, held=levels[:1]).bound
        bound = Levels(bound.served, *later[1:])
    if levels.musts < bound.musts:
        later = solve(instance, model, limits, held=levels[:2]).bound
        bound = Levels(bound.served, bound.musts, later[2])
    return bound
