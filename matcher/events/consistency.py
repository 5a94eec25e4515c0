"""Rules that an event must keep with itself, checked all at once."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, islice, pairwise
from typing import TYPE_CHECKING

from matcher.errors import FieldProblem
from matcher.events.bounds import MOST_PROBLEMS

if TYPE_CHECKING:
    from matcher.events.event import Event, FixedMeeting


def event_problems(event: "Event") -> tuple[FieldProblem, ...]:
    """Contradictions in the event, in reading order, up to a number; empty where it is sound."""
    checks = (_grid, _pauses, _duplicates, _participants, _relations, _fixed_references)
    found = chain.from_iterable(check(event) for check in checks)
    problems = tuple(islice(found, MOST_PROBLEMS))
    return problems or tuple(
        islice(chain(_fixed_rules(event), _fixed_clashes(event)), MOST_PROBLEMS)
    )


def _grid(event: "Event") -> Iterator[FieldProblem]:
    if not event.slots:
        yield FieldProblem("slots", "an event needs at least one slot")
    if not event.places:
        yield FieldProblem("places", "an event needs at least one table, room or online room")
    ordered = sorted(event.slots, key=lambda slot: slot.start)
    for first, second in pairwise(ordered):
        if first.overlaps(second):
            yield FieldProblem(f"slot {second.id}", f"overlaps slot {first.id}")
    if list(event.slots) != ordered:
        yield FieldProblem("slots", "must be listed in order of time")


def _pauses(event: "Event") -> Iterator[FieldProblem]:
    ordered = sorted(event.slots, key=lambda slot: slot.start)
    starts = [slot.start for slot in ordered]
    ends = [*accumulate((slot.end for slot in ordered), max)]
    for pause in event.breaks:
        for slot in ordered[bisect_right(ends, pause.start) : bisect_left(starts, pause.end)]:
            if pause.overlaps(slot):
                yield FieldProblem(f"slot {slot.id}", f"overlaps the break {pause.title!r}")


def _duplicates(event: "Event") -> Iterator[FieldProblem]:
    lists = (("slot", event.slots), ("place", event.places), ("participant", event.participants))
    for word, things in lists:
        for key, count in Counter(thing.id for thing in things).items():
            if count > 1:
                yield FieldProblem(f"{word} {key}", f"the id is used {count} times")
    for pair, count in Counter(fixed.pair for fixed in event.fixed).items():
        if count > 1:
            yield FieldProblem("fixed", f"{' and '.join(pair)} are fixed {count} times")


def _participants(event: "Event") -> Iterator[FieldProblem]:
    has_online = any(place.kind == "online" for place in event.places)
    for one in event.participants:
        where = f"participant {one.id}"
        if one.minimum > one.maximum:
            yield FieldProblem(
                where, f"the minimum of {one.minimum} is above the maximum of {one.maximum}"
            )
        if one.remote and not has_online:
            yield FieldProblem(where, "takes part online, but the event has no online room")


def _relations(event: "Event") -> Iterator[FieldProblem]:
    known = event.by_id
    named: Iterable[tuple[str, tuple[str, str]]] = [
        *(("wishes", (wish.by, wish.about)) for wish in event.wishes),
        *(("met_before", pair) for pair in event.met_before),
        *(("fixed", (fixed.a, fixed.b)) for fixed in event.fixed),
    ]
    for where, (a, b) in named:
        if a == b:
            yield FieldProblem(where, f"{a} is paired with itself")
        for key in dict.fromkeys((a, b)):
            if key not in known:
                yield FieldProblem(where, f"{key} does not take part")


def _fixed_references(event: "Event") -> Iterator[FieldProblem]:
    slots = {slot.id for slot in event.slots}
    places = {place.id for place in event.places}
    for fixed in event.fixed:
        if fixed.slot not in slots:
            yield FieldProblem(_name(fixed), f"there is no slot {fixed.slot}")
        if fixed.place is not None and fixed.place not in places:
            yield FieldProblem(_name(fixed), f"there is no place {fixed.place}")


def _fixed_rules(event: "Event") -> Iterator[FieldProblem]:
    known = event.by_id
    slots = {slot.id: slot for slot in event.slots}
    online = {place.id: place.kind == "online" for place in event.places}
    refused = event.refused
    for fixed in event.fixed:
        if fixed.pair in refused:
            yield FieldProblem(
                _name(fixed), "one of them said no thanks or declined, and that always wins"
            )
        for key in fixed.pair:
            if not known[key].is_available(slots[fixed.slot]):
                yield FieldProblem(_name(fixed), f"{key} is not available in slot {fixed.slot}")
        needs = event.is_online(*(known[key] for key in fixed.pair))
        if fixed.place is not None and online[fixed.place] != needs:
            kind = "an online room" if needs else "a table or room"
            yield FieldProblem(_name(fixed), f"needs {kind}, but {fixed.place} is not one")


def _fixed_clashes(event: "Event") -> Iterator[FieldProblem]:
    known = event.by_id
    busy = Counter((key, fixed.slot) for fixed in event.fixed for key in fixed.pair)
    taken = Counter((fixed.place, fixed.slot) for fixed in event.fixed if fixed.place)
    for (key, slot), count in [*busy.items(), *taken.items()]:
        if count > 1:
            yield FieldProblem("fixed", f"{key} has {count} fixed meetings in slot {slot}")
    totals = Counter(key for fixed in event.fixed for key in fixed.pair)
    for key, count in totals.items():
        if count > known[key].maximum:
            yield FieldProblem("fixed", f"{key} has {count} fixed meetings, above its maximum")
    crowd = Counter(
        (fixed.slot, event.is_online(*(known[key] for key in fixed.pair))) for fixed in event.fixed
    )
    for (slot, online), count in crowd.items():
        if count > sum((place.kind == "online") == online for place in event.places):
            yield FieldProblem(
                "fixed", f"slot {slot} has {count} fixed meetings but too few places"
            )


def _name(fixed: "FixedMeeting") -> str:
    return f"fixed {fixed.a} and {fixed.b}"
