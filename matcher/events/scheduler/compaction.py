"""Fewest idle gaps: simulated annealing over Kempe chains, which break no rule on their way."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from math import exp, log
from random import Random

from matcher.events.scheduler.instance import Instance
from matcher.events.scheduler.timetable import Timetable

_HOT, _COLD = 1.5, 0.15
_FIRST_ROUND, _GROWTH = 20_000, 4


Gaps = Callable[[int, int], int]
"""Tells the idle gaps of a participant who meets in the slots of a mask."""


def gap_counter(instance: Instance) -> Gaps:
    """Return what counts idle gaps: slots spent waiting between somebody's meetings of one day.

    A slot counts where the participant is present, has no meeting, but has one before and one
    after it on that day.
    """

    @cache
    def count(person: int, busy: int) -> int:
        idle = 0
        for day in instance.days:
            if today := busy & day:
                span = (1 << today.bit_length()) - (today & -today)
                idle += (span & day & instance.available[person] & ~today).bit_count()
        return idle

    return count


def compact(
    instance: Instance,
    slots: Mapping[int, int],
    *,
    steps: int,
    seed: int,
    progress: Callable[[float], None],
) -> dict[int, int]:
    """Move meetings between slots until nobody waits, or the steps are used up.

    An exchange of two slots along a chain changes the day of the two participants at its ends
    only, so that a step costs microseconds whatever the size of the event.

    Parameters
    ----------
    progress
        Told the share of the steps used up, again and again.

    Returns
    -------
    dict
        The best timetable seen; the same meetings as before. Rounds grow longer and each cools
        more slowly, so that easy events end early.
    """
    best, kept, spent, round_steps = sum(idle_gaps(instance, slots)), dict(slots), 0, _FIRST_ROUND
    steps = steps * len(slots.keys() - instance.fixed.keys()) // max(len(slots), 1)
    random = Random(seed).random  # noqa: S311 (no secret)
    while best and spent < steps:
        round_steps = min(round_steps, steps - spent)
        tell = partial(_tell_share, progress, spent, steps)
        idle, found = _anneal(instance, slots, round_steps, random, tell)
        if idle < best:
            best, kept = idle, found
        spent, round_steps = spent + round_steps, _GROWTH * round_steps
    return kept


def _tell_share(progress: Callable[[float], None], spent: int, steps: int, step: int) -> None:
    progress((spent + step) / steps)


def _anneal(
    instance: Instance,
    slots: Mapping[int, int],
    steps: int,
    random: Callable[[], float],
    tell: Callable[[int], None],
) -> tuple[int, dict[int, int]]:
    table = Timetable(instance, slots)
    count = gap_counter(instance)
    idle = best = sum(count(one, busy) for one, busy in enumerate(table.busy))
    kept = dict(table.slot_of)
    people = _movable_people(instance, slots)
    cooling = log(_COLD / _HOT) / steps
    for step in range(steps):
        if best == 0:
            break
        if step % _FIRST_ROUND == 0:
            tell(step)
        person = people[int(random() * len(people))]
        a, b = int(random() * instance.slot_count), int(random() * instance.slot_count)
        heat = _HOT * exp(cooling * step)
        idle += _try(table, count, person, (a, b), -heat * log(1.0 - random()))
        if idle < best:
            best, kept = idle, dict(table.slot_of)
    return best, kept


def _movable_people(instance: Instance, slots: Mapping[int, int]) -> list[int]:
    """Participants with at least one meeting that is not fixed, in order."""
    movable = [instance.candidates[n] for n in slots if n not in instance.fixed]
    return sorted({person for candidate in movable for person in candidate.ends})


def _try(
    table: Timetable, count: Gaps, person: int, slots: tuple[int, int], tolerance: float
) -> int:
    """Exchange two slots from `person` on if that costs no more than `tolerance` gaps."""
    a, b = slots
    busy = table.busy[person]
    if busy >> a & 1 == busy >> b & 1:
        return 0
    flip = 1 << a | 1 << b
    change = count(person, busy ^ flip) - count(person, busy)
    chain = table.chain(person, a, b)
    if chain is None:
        return 0
    far = table.busy[chain.end]
    change += count(chain.end, far ^ flip) - count(chain.end, far)
    if change > tolerance:
        return 0
    table.exchange(chain, a, b)
    return change


def idle_gaps(instance: Instance, slots: Mapping[int, int]) -> list[int]:
    """Idle gaps of each participant."""
    count, busy = gap_counter(instance), Timetable(instance, slots).busy
    return [count(person, mask) for person, mask in enumerate(busy)]
