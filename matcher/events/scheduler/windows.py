"""Large neighbourhoods: a few slots at a time are emptied and solved anew to the optimum."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from matcher.events.scheduler.instance import Problem
from matcher.events.scheduler.levels import Levels, Limits, achieved, solve
from matcher.events.scheduler.placing import by_worth, fill
from matcher.events.scheduler.selection import slot_programme

_WIDTH = 4


def improve_by_windows(
    problem: Problem,
    slots: dict[int, int],
    limits: Limits,
    seed: int,
    progress: Callable[[float, Levels], None],
) -> dict[int, int]:
    """Solve random windows of slots, everything outside held fast; no step ever loses.

    Parameters
    ----------
    progress
        Told the share of the windows done, and what the best choice so far achieves.

    Returns
    -------
    dict
        Candidate -> slot.
    """
    random = Random(seed)  # noqa: S311 (no secret)
    for done in range(limits.windows):
        progress(done / limits.windows, achieved(problem, slots))
        width = min(_WIDTH, problem.slot_count)
        window = sum(1 << slot for slot in random.sample(range(problem.slot_count), width))
        slots = better(problem, slots, _solve_window(problem, slots, window, limits))
    return fill(problem, slots, worthwhile(problem))


def _solve_window(
    problem: Problem, slots: dict[int, int], window: int, limits: Limits
) -> dict[int, int]:
    held = {n: slot for n, slot in slots.items() if n in problem.fixed or not window >> slot & 1}
    inside = replace(
        problem,
        fixed=held,
        candidates=tuple(
            one if n in held else replace(one, slots=one.slots & window)
            for n, one in enumerate(problem.candidates)
        ),
    )
    programme, columns = slot_programme(inside)
    answer = solve(inside, programme, limits)
    found = dict(columns[c] for c in answer.columns or ())
    return {n: found[n] for n in useful(problem, found)}


def better(problem: Problem, a: dict[int, int], b: dict[int, int]) -> dict[int, int]:
    """Return the one that achieves more, the second of equals."""
    return a if achieved(problem, a) > achieved(problem, b) else b


def useful(problem: Problem, chosen: Iterable[int]) -> list[int]:
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


def worthwhile(problem: Problem) -> list[int]:
    """Candidates that are worth a meeting of their own accord, the best first."""
    return [
        n for n in by_worth(problem) if problem.candidates[n].value or problem.candidates[n].musts
    ]
