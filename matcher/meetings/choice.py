"""Pairs and slots together: the proven choice where it can be had, the best found elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matcher.meetings.levels import Levels, Limits, Programme, achieved, solve
from matcher.meetings.placing import by_worth, fill, greedy, place_all
from matcher.meetings.plan import Method
from matcher.meetings.problem import Problem
from matcher.meetings.selection import pair_programme, slot_programme

_JOINT_COLUMNS = 6_000
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


def choose(problem: Problem, limits: Limits, seed: int) -> Choice:
    """Choose pairs and slots: minimum first, then musts, then value.

    The choice of pairs alone gives a bound. Where its pairs all find a slot the bound is
    reached and the choice is optimal. Where they do not, small events are solved over pairs and
    slots at once, and large ones keep what was placed, filled up. Never worse than `greedy`.
    """
    programme = pair_programme(problem)
    answer = solve(problem, programme, limits)
    chosen = _useful(problem, answer.columns or ())
    slots = place_all(problem, chosen, steps=_PLACING_STEPS, seed=seed)
    bound = Levels(*answer.bound)
    if achieved(problem, slots) != bound:
        joint, columns = slot_programme(problem)
        if len(columns) <= _JOINT_COLUMNS:
            exact = solve(problem, joint, limits)
            programme, bound = joint, Levels(*exact.bound)
            found = dict(columns[c] for c in exact.columns or ())
            useful = set(_useful(problem, found))
            slots = _better(problem, slots, {n: s for n, s in found.items() if n in useful})
        slots = fill(problem, slots, _worthwhile(problem))
    by_hand, _ = greedy(problem)
    best = _better(problem, slots, by_hand)
    method: Method = "greedy" if best is by_hand else "optimised"
    levels = achieved(problem, best)
    return Choice(best, levels, _tighten(problem, programme, limits, levels, bound), method)


def keep(problem: Problem, limits: Limits) -> Choice:
    """Take the fixed meetings and no others; the bound tells what more there might be."""
    levels = achieved(problem, problem.fixed)
    programme = pair_programme(problem)
    bound = Levels(*solve(problem, programme, limits).bound)
    bound = _tighten(problem, programme, limits, levels, bound)
    return Choice(dict(problem.fixed), levels, bound, "optimised")


def _better(problem: Problem, a: dict[int, int], b: dict[int, int]) -> dict[int, int]:
    return b if achieved(problem, b) > achieved(problem, a) else a


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


def _useful(problem: Problem, chosen: Iterable[int]) -> list[int]:
    """Drop meetings that are worth nothing and that no minimum needs."""
    kept = sorted(chosen)
    load = [0] * len(problem.ids)
    for n in kept:
        load[problem.candidates[n].i] += 1
        load[problem.candidates[n].j] += 1
    for n in list(kept):
        candidate = problem.candidates[n]
        ends = (candidate.i, candidate.j)
        if n in problem.fixed or candidate.value or candidate.musts:
            continue
        if all(load[end] > problem.minimum[end] for end in ends):
            kept.remove(n)
            for end in ends:
                load[end] -= 1
    return kept


def _worthwhile(problem: Problem) -> list[int]:
    return [
        n for n in by_worth(problem) if problem.candidates[n].value or problem.candidates[n].musts
    ]
