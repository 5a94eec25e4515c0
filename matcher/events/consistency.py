"""Rules that an event and its meetings must keep, checked all at once."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

from matcher.errors import FieldProblem
from matcher.events.bounds import MOST_PROBLEMS

if TYPE_CHECKING:
    from matcher.events.event import Event, FixedMeeting, Pair, Participant, Place, Slot
    from matcher.events.plan import Meeting

    Held: TypeAlias = FixedMeeting | Meeting


def event_problems(event: "Event") -> tuple[FieldProblem, ...]:
    """Contradictions in the event, in reading order, up to a number; empty where it is sound."""
    checks = (_grid, _pauses, _duplicates, _participants, _relations)
    found = chain.from_iterable(check(event) for check in checks)
    problems = tuple(islice(found, MOST_PROBLEMS))
    return problems or tuple(islice(_fixed(event), MOST_PROBLEMS))


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
    for pause in event.breaks:
        for slot in sorted(event.slots, key=lambda slot: slot.start):
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


def _fixed(event: "Event") -> Iterator[FieldProblem]:
    names = {one.id: one.name for one in event.participants}
    for problem in meeting_problems(event, event.fixed, names):
        yield replace(problem, where=f"fixed {problem.where}")


def meeting_problems(
    event: "Event",
    meetings: "Sequence[Held]",
    names: Mapping[str, str],
    over: Collection[str] = (),
) -> Iterator[FieldProblem]:
    """Name what of meetings the event does not allow, meeting by meeting.

    Parameters
    ----------
    event, meetings
        Which meetings, fixed or scheduled, of which event.
    names
        What participants are called, also those who have left the event.
    over
        Slots that are over: a meeting there needs no more than that its people, its slot and its
        place are still there.
    """
    there = _Parts.of(event)
    for one in meetings:
        where = " and ".join(names.get(key, key) for key in one.pair)
        for reason in _lost(there, one, names):
            yield FieldProblem(where, reason)
        if one.slot not in over:
            for reason in _objections(event, there, one):
                yield FieldProblem(where, reason)
    yield from _doubled(there, meetings)
    yield from _crowded(event, there, meetings, over)


class _Parts(NamedTuple):
    """What an event holds, by id, and who never meets."""

    people: "Mapping[str, Participant]"
    slots: "Mapping[str, Slot]"
    places: "Mapping[str, Place]"
    refused: "frozenset[Pair]"

    @classmethod
    def of(cls, event: "Event") -> Self:
        slots, places = ({one.id: one for one in part} for part in (event.slots, event.places))
        return cls(event.by_id, slots, places, event.refused)  # type: ignore[arg-type]


def _lost(there: _Parts, meeting: "Held", names: Mapping[str, str]) -> Iterator[str]:
    if meeting.slot not in there.slots:
        yield f"there is no slot {meeting.slot}"
    for key in meeting.pair:
        if key not in there.people:
            yield f"{names.get(key, key)} does not take part"
    if meeting.place is not None and meeting.place not in there.places:
        yield f"there is no place {meeting.place}"


def _objections(event: "Event", there: _Parts, meeting: "Held") -> Iterator[str]:
    if meeting.pair in there.refused:
        yield "one of them said no thanks or declined, and that always wins"
    people = [there.people[key] for key in meeting.pair if key in there.people]
    slot, place = there.slots.get(meeting.slot), there.places.get(meeting.place or "")
    for one in people:
        if slot and not one.is_available(slot):
            yield f"{one.name} is not present in slot {meeting.slot}"
    if place and len(people) == len(meeting.pair):
        online = event.is_online(people[0], people[1])
        if (place.kind == "online") != online:
            yield f"{place.id} is not {'an online room' if online else 'a table or room'}"


def _doubled(there: _Parts, meetings: "Sequence[Held]") -> Iterator[FieldProblem]:
    busy = Counter((key, one.slot) for one in meetings for key in one.pair)
    taken = Counter((one.place, one.slot) for one in meetings if one.place)
    for told, parts, counts in (
        ("has {} meetings in slot {}", there.people, busy),
        ("is given to {} meetings in slot {}", there.places, taken),
    ):
        for (key, slot), count in counts.items():
            if count > 1:
                name = parts[key].name if key in parts else key
                yield FieldProblem(name, told.format(count, slot))


def _crowded(
    event: "Event", there: _Parts, meetings: "Sequence[Held]", over: Collection[str]
) -> Iterator[FieldProblem]:
    loads = Counter(key for one in meetings for key in one.pair)
    ahead = [one for one in meetings if one.slot not in over and there.people.keys() >= {*one.pair}]
    for key in dict.fromkeys(key for one in ahead for key in one.pair):
        person = there.people[key]
        if loads[key] > person.maximum:
            yield FieldProblem(person.name, f"has {loads[key]} meetings, above its maximum")
    room = Counter(place.kind == "online" for place in event.places)
    crowd = Counter(
        (one.slot, event.is_online(*(there.people[key] for key in one.pair))) for one in ahead
    )
    for (slot, online), count in crowd.items():
        if count > room[online]:
            yield FieldProblem(f"slot {slot}", f"has {count} meetings but too few places")
