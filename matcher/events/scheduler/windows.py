"""Large neighbourhoods: a few slots at a time are emptied and solved anew to the optimum."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random

from matcher.events.scheduler.instance import Instance
from matcher.events.scheduler.levels import Answer, Levels, Limits, achieved, solve
from matcher.events.scheduler.placing import by_worth, fill
from matcher.events.scheduler.selection import slot_model

_WIDTH = 4


def improve_by_windows(
    instance: Instance,
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
        progress(done / limits.windows, achieved(instance, slots))
        width = min(_WIDTH, instance.slot_count)
        window = sum(1 << slot for slot in random.sample(range(instance.slot_count), width))
        slots = better(instance, slots, _solve_window(instance, slots, window, limits))
    return fill(instance, slots, worthwhile(instance))


def _solve_window(
    instance: Instance, slots: dict[int, int], window: int, limits: Limits
) -> dict[int, int]:
    held = {n: slot for n, slot in slots.items() if n in instance.fixed or not window >> slot & 1}
    inside = replace(
        instance,
        fixed=held,
        candidates=tuple(
            one if n in held else replace(one, slots=one.slots & window)
            for n, one in enumerate(instance.candidates)
        ),
    )
    model, columns = slot_model(inside)
    return solved(instance, columns, solve(inside, model, limits))


def solved(
    instance: Instance, columns: Sequence[tuple[int, int]], answer: Answer
) -> dict[int, int]:
    """Read the useful meetings, each with its slot, off the answer of a model of slots."""
    found = dict(columns[c] for c in answer.columns or ())
    return {n: found[n] for n in useful(instance, found)}


def better(instance: Instance, a: dict[int, int], b: dict[int, int]) -> dict[int, int]:
    """Return the one that achieves more, the second of equals."""
    return a if achieved(instance, a) > achieved(instance, b) else b


def useful(instance: Instance, chosen: Iterable[int]) -> list[int]:
    """Drop meetings that are worth nothing and that no minimum needs."""
    kept = sorted(chosen)
    load = instance.load(kept)
    for n in list(kept):
        candidate = instance.candidates[n]
        if n in instance.fixed or candidate.value or candidate.musts:
            continue
        if all(load[end] > instance.minimum[end] for end in candidate.ends):
            kept.remove(n)
            for end in candidate.ends:
                load[end] -= 1
    return kept


def worthwhile(instance: Instance) -> list[int]:
    """Candidates that are worth a meeting of their own accord, the best first."""
    return [
        n
        for n in by_worth(instance)
        if instance.candidates[n].value or instance.candidates[n].musts
    ]
