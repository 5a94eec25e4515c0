"""Meeting schedules for events drawn from the shipped clusters: value, bound, greedy, gaps, time.

Half of the participants are drawn from the six Eastern Partnership countries, half from the EU.
Mutual values are the matcher's own; each participant wishes for some of those that it values most.
Run with ``python -m benchmarks.meetings``; time is that of the
processor, so that other work on the machine does not count.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from random import Random
from time import process_time

from matcher.config import get_settings
from matcher.events.event import (
    Event,
    Pair,
    Participant,
    Place,
    Slot,
    Window,
    Wish,
    slot_grid,
    sorted_pair,
)
from matcher.events.scheduler.compaction import idle_gaps
from matcher.events.scheduler.instance import VALUE_SCALE, build_problem
from matcher.events.scheduler.placing import greedy
from matcher.events.scheduler.schedule import schedule
from matcher.matcher import Matcher
from matcher.planning.programme import ProgrammeRequest, participants
from matcher.profiles.profile import ClusterProfile

SIZES = ((20, 12, 7), (40, 16, 14), (80, 20, 28), (120, 20, 40))
SEEDS = (1, 2)
SECONDS = 20.0
HALF_DAYS = (0.15, 0.30)
HEADING = (
    "presence     people slots tables seed |   value   bound    gap  optimal |"
    "  greedy    gap | musts of | lacking | idle greedy | moves | cpu s"
)


Sides = tuple[Sequence[ClusterProfile], Sequence[ClusterProfile]]


def shipped() -> tuple[Sides, dict[Pair, float]]:
    """Both sides of the shipped data, and what each pair across them is worth to the ranking."""
    with Matcher.open(get_settings()) as matcher:
        sides = participants(matcher.clusters, ProgrammeRequest())
        worth = matcher.pair_scores(*([one.id for one in side] for side in sides)).score
    east, west = sides
    return sides, {
        sorted_pair(a.id, b.id): float(worth[i, j])
        for i, a in enumerate(east)
        for j, b in enumerate(west)
    }


def drawn_event(
    size: tuple[int, int, int],
    seed: int,
    sides: Sides,
    worth: Mapping[Pair, float],
    *,
    scattered: bool,
) -> tuple[Event, dict[Pair, float]]:
    """One event: who takes part, when, what they wish, and what each pair is worth."""
    people, slot_count, tables = size
    random = Random(seed)
    east, west = sides
    guests = random.sample(east, people // 2)
    guests += random.sample(west, people - len(guests))
    slots = _slots(slot_count)
    participants = [
        Participant(
            id=guest.id,
            name=guest.name,
            country=guest.country,
            available=_presence(random, slots, scattered=scattered),
            minimum=3,
            maximum=len(slots) if scattered else random.randint(6, 12),
        )
        for guest in guests
    ]
    ids = {guest.id for guest in guests}
    values = {pair: value for pair, value in worth.items() if ids.issuperset(pair)}
    event = Event(
        id=f"benchmark-{people}-{seed}",
        title="Benchmark",
        zone="Europe/Brussels",
        venue="Brussels",
        slots=slots,
        places=[Place(id=f"t{n}", name=f"Table {n}") for n in range(1, tables + 1)],
        participants=participants,
        wishes=tuple(_wishes(random, participants, values)),
        met_before=tuple(pair for pair in values if random.random() < 0.02),
    )
    return event, values


def _slots(count: int) -> tuple[Slot, ...]:
    days = [(date(2026, 11, day), time(9), time(18)) for day in (12, 13)]
    grid = slot_grid("Europe/Brussels", days, 25, pause=5)
    first = [slot for slot in grid if slot.id.startswith("1")][: count // 2]
    second = [slot for slot in grid if slot.id.startswith("2")][: count - count // 2]
    return (*first, *second)


def _presence(
    random: Random, slots: tuple[Slot, ...], *, scattered: bool
) -> tuple[Window, ...] | None:
    if scattered:
        return tuple(
            Window(start=slot.start, end=slot.end) for slot in slots if random.random() < 0.5
        )
    share, half = random.random(), len(slots) // 2
    if share < HALF_DAYS[0]:
        return (Window(start=slots[0].start, end=slots[half - 1].end),)
    if share < HALF_DAYS[1]:
        return (Window(start=slots[half].start, end=slots[-1].end),)
    return None


def _wishes(
    random: Random, participants: list[Participant], values: dict[Pair, float]
) -> Iterator[Wish]:
    for one in participants:
        known = sorted(((v, pair) for pair, v in values.items() if one.id in pair), reverse=True)
        best = [pair[0] if pair[1] == one.id else pair[1] for _, pair in known[:40]]
        chosen = random.sample(best, min(len(best), random.randint(5, 15)))
        for place, other in enumerate(chosen):
            last = place == len(chosen) - 1
            kind = "must_meet" if place < 2 else "no_thanks" if last else "meet"
            yield Wish.model_validate({"by": one.id, "about": other, "kind": kind})


def main() -> None:
    """Print the table."""
    sides, worth = shipped()
    print(HEADING)
    for scattered in (False, True):
        for size in SIZES:
            for seed in SEEDS:
                event, values = drawn_event(size, seed, sides, worth, scattered=scattered)
                print(_line(size, seed, event, values, scattered=scattered), flush=True)


def _line(
    size: tuple[int, int, int],
    seed: int,
    event: Event,
    values: Mapping[Pair, float],
    *,
    scattered: bool,
) -> str:
    begun = process_time()
    found = schedule(event, values, seconds=SECONDS)
    seconds = process_time() - begun
    figures = found.figures
    problem = build_problem(event, values)
    slots, levels = greedy(problem)
    by_hand = levels.value / VALUE_SCALE
    people, slot_count, tables = size
    return (
        f"{'scattered' if scattered else 'half days':<12} {people:>6} {slot_count:>5} {tables:>6} "
        f"{seed:>4} | {figures.value:7.2f} {figures.value_bound:7.2f} {figures.gap:6.2%} "
        f"{'yes' if figures.optimal else 'no':>8} | {by_hand:7.2f} "
        f"{1 - by_hand / figures.value_bound:6.2%} | {figures.musts:>3}/{levels.musts:>3}"
        f"/{figures.musts_wanted:>3} | {figures.lacking:>3}/{-levels.served:>3} | "
        f"{figures.idle_gaps:>4} {sum(idle_gaps(problem, slots)):>6} | "
        f"{figures.table_changes:>5} | {seconds:5.1f}"
    )


if __name__ == "__main__":
    main()
