"""Meeting schedules for events drawn from the shipped clusters: value, bound, greedy, gaps, time.

Half of the participants are of the six Eastern Partnership countries, half of the EU. Mutual
values are drawn from a seeded latent-taste model, so that some clusters are wanted by many.
Run with ``python -m benchmarks.meetings``; time is that of the
processor, so that other work on the machine does not count.
"""

import json
import math
from collections.abc import Iterator
from datetime import date, time
from random import Random
from time import process_time

from matcher.config import DATA_DIR
from matcher.meetings.compaction import idle_gaps
from matcher.meetings.event import (
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
from matcher.meetings.placing import greedy
from matcher.meetings.problem import VALUE_SCALE, build_problem
from matcher.meetings.schedule import schedule
from matcher.profiles.taxonomy import country_group

SIZES = ((20, 12, 7), (40, 16, 14), (80, 20, 28), (120, 20, 40))
SEEDS = (1, 2)
SECONDS = 20.0
HALF_DAYS = (0.15, 0.30)
HEADING = (
    "presence     people slots tables seed |   value   bound    gap  optimal |"
    "  greedy    gap | musts of | lacking | idle greedy | moves | cpu s"
)


def drawn_event(
    size: tuple[int, int, int], seed: int, *, scattered: bool
) -> tuple[Event, dict[Pair, float]]:
    """One event: who takes part, when, what they wish, and what each pair is worth."""
    people, slot_count, tables = size
    random = Random(seed)
    lines = (DATA_DIR / "clusters.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    east = [row for row in rows if row["country"] in country_group("EaP")]
    west = [row for row in rows if row["country"] in country_group("EU")]
    guests = random.sample(east, people // 2)
    guests += random.sample(west, people - len(guests))
    slots = _slots(slot_count)
    participants = [
        Participant(
            id=row["id"],
            name=row["name"],
            country=row["country"],
            available=_presence(random, slots, scattered=scattered),
            minimum=3,
            maximum=len(slots) if scattered else random.randint(6, 12),
        )
        for row in guests
    ]
    values = _values(random, guests)
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


def _values(random: Random, guests: list[dict[str, str]]) -> dict[Pair, float]:
    taste = {row["id"]: [random.gauss(0, 1) for _ in range(4)] for row in guests}
    east = country_group("EaP")
    values = {}
    for n, one in enumerate(guests):
        for other in guests[n + 1 :]:
            across = (one["country"] in east) != (other["country"] in east)
            if one["country"] == other["country"] or not (across or random.random() < 0.15):
                continue
            dot = sum(x * y for x, y in zip(taste[one["id"]], taste[other["id"]], strict=True))
            score = 0.8 * dot - 1 + random.gauss(0, 0.5)
            values[sorted_pair(one["id"], other["id"])] = 1 / (1 + math.exp(-score))
    return values


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
    print(HEADING)
    for scattered in (False, True):
        for size in SIZES:
            for seed in SEEDS:
                print(_line(size, seed, scattered=scattered), flush=True)


def _line(size: tuple[int, int, int], seed: int, *, scattered: bool) -> str:
    event, values = drawn_event(size, seed, scattered=scattered)
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
