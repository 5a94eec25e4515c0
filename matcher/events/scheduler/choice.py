"""Pairs and slots together: the proven choice where it can be had, the best found elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matcher.events.plan import Method
from matcher.events.scheduler.instance import Problem
from matcher.events.scheduler.levels import Levels, Limits, Programme, achieved, solve, value_gap
from matcher.events.scheduler.placing import fill, greedy, place_all
from matcher.events.scheduler.progress import Progress, between, silent
from matcher.events.scheduler.selection import pair_programme, slot_programme
from matcher.events.scheduler.windows import better, improve_by_windows, useful, worthwhile

_JOINT_COLUMNS = 3_000
_PLACING_STEPS = 2_000


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

    @property
    def gap(self) -> float:
        """Share of the value bound that is not reached, in [0, 1]."""
        return value_gap(self.levels, self.bound)


def choose(problem: Problem, limits: Limits, seed: int, progress: Progress = silent) -> Choice:
    """Choose pairs and slots: minimum first, then musts, then value.

    The choice of pairs alone gives a bound. Where its pairs all find a slot the bound is
    reached and the choice is optimal. Where they do not, small events are solved over pairs and
    slots at once, and large ones window by window. Never worse than `greedy`.

    Parameters
    ----------
    progress
        Told how far the choice has come.
    """
    programme = pair_programme(problem)
    answer = solve(problem, programme, limits)
    progress(0.1, "choosing pairs and slots", None)
    chosen = useful(problem, answer.columns or ())
    slots = place_all(problem, chosen, steps=_PLACING_STEPS, seed=seed)
    by_hand, _ = greedy(problem)
    best = better(problem, by_hand, slots)
    bound = Levels(*answer.bound)
    if achieved(problem, best) != bound:
        progress(0.2, "improving the choice", value_gap(achieved(problem, best), bound))
        rest = between(progress, 0.2, 1.0)
        best, programme, bound = _harder(problem, best, limits, seed, rest)
    levels = achieved(problem, best)
    method: Method = "optimised" if levels > achieved(problem, by_hand) else "greedy"
    if levels == bound:
        method = "optimised"
    return Choice(best, levels, _tighten(problem, programme, limits, levels, bound), method)


def _harder(
    problem: Problem, slots: dict[int, int], limits: Limits, seed: int, progress: Progress
) -> tuple[dict[int, int], Programme, Levels]:
    """Improve on `slots` where the choice of pairs alone was too hopeful."""
    joint, columns = slot_programme(problem)
    if len(columns) <= _JOINT_COLUMNS:
        answer = solve(problem, joint, limits)
        found = dict(columns[c] for c in answer.columns or ())
        kept = useful(problem, found)
        slots = better(problem, slots, {n: found[n] for n in kept})
        joint = replace(joint, whole=False)
        return fill(problem, slots, worthwhile(problem)), joint, Levels(*answer.bound)
    joint = replace(joint, whole=False)
    bound = Levels(*solve(problem, joint, limits).bound)
    slots = fill(problem, slots, worthwhile(problem))

    def tell(share: float, levels: Levels) -> None:
        progress(share, "improving the choice", value_gap(levels, bound))

    return improve_by_windows(problem, slots, limits, seed, tell), joint, bound


def keep(problem: Problem, limits: Limits) -> Choice:
    """Take the fixed meetings and no others; the bound tells what more there might be."""
    levels = achieved(problem, problem.fixed)
    programme = pair_programme(problem)
    bound = Levels(*solve(problem, programme, limits).bound)
    bound = _tighten(problem, programme, limits, levels, bound)
    return Choice(dict(problem.fixed), levels, bound, "optimised")


def _tighten(
    problem: Problem, programme: Programme, limits: Limits, levels: Levels, bound: Levels
) -> Levels:
    """Bound the later levels anew where an earlier one fell short of its own bound."""
    if levels.served < bound.served:
        later = solve(problem, programme, limits, held=levels[:1]).bound
        bound = Levels(bound.served, *later[1:])
    if levels.musts < bound.musts:
        later = solve(problem, programme, limits, held=levels[:2]).bound
        bound = Levels(bound.served, bound.musts, later[2])
    return bound
