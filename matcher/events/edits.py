"""Changes of an event that has a schedule: what still fits, and what a frozen one forbids."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Self, TypeVar

from matcher.errors import FieldProblem, InvalidInputError
from matcher.events.event import Event, Pair, Participant, Place, Slot
from matcher.events.plan import Meeting, Schedule

Thing = TypeVar("Thing", Slot, Place)


class _Parts(NamedTuple):
    """What an event holds, by id."""

    people: Mapping[str, Participant]
    slots: Mapping[str, Slot]
    places: Mapping[str, Place]

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(
            event.by_id,
            {slot.id: slot for slot in event.slots},
            {place.id: place for place in event.places},
        )


def misfits(event: Event, plan: Schedule, before: Event | None = None) -> tuple[FieldProblem, ...]:
    """Name what of a schedule the event does not allow (any more), meeting by meeting.

    Who has left the event is called by the name that it had `before`, else by its id. A meeting
    that is over needs no more than that its people, its slot and its place are still there.
    """
    refused, names, there = event.refused, _names(before, event), _Parts.of(event)
    over = plan.over(event.slots)
    found = [
        FieldProblem(_both(meeting.pair, names), reason)
        for meeting in plan.meetings
        for reason in (
            *_lost(there, meeting, names),
            *(() if meeting.slot in over else _objections(event, there, meeting)),
        )
    ]
    found += [
        FieldProblem(_both(meeting.pair, names), "one of them said no thanks, or declined")
        for meeting in plan.meetings
        if meeting.pair in refused and meeting.slot not in over
    ]
    return (*found, *_doubled(plan, there), *_crowded(event, plan))


def carried(before: Event, plan: Schedule, after: Event) -> Schedule:
    """Carry a schedule over to the event as edited; its calendars learn of what has moved.

    A provisional schedule may no longer fit, and is then planned again. A frozen one stands, and
    of any other what is over: its slots and places stay as they are, and each of its meetings must
    still be possible.

    Raises
    ------
    InvalidInputError
        The schedule is frozen, or a meeting is over, and the edit breaks it.
    """
    moved = _moved(before, plan, after)
    over = plan.over(before.slots)
    done = tuple(one for one in plan.meetings if plan.state == "frozen" or one.slot in over)
    firm = plan.model_copy(update={"meetings": done})
    problems = [*misfits(after, firm, before)]
    change, names = "its slot or place was changed", _names(before, after)
    held = {one.pair for one in done}
    problems += [FieldProblem(_both(pair, names), change) for pair in sorted(moved & held)]
    if problems:
        frozen = "The schedule is frozen, and this edit would break it."
        begun = "What is over stays as it was, and this edit would change it."
        raise InvalidInputError(
            f"{frozen if plan.state == 'frozen' else begun} Unfreeze it first, or cancel a "
            "participant.",
            problems,
        )
    return plan.model_copy(
        update={
            "meetings": tuple(
                one.model_copy(update={"sequence": one.sequence + (one.pair in moved)})
                for one in plan.meetings
            )
        }
    )


def _names(*events: Event | None) -> dict[str, str]:
    return {one.id: one.name for event in events if event for one in event.participants}


def _both(pair: Pair, names: Mapping[str, str]) -> str:
    return " and ".join(names.get(key, key) for key in pair)


def _lost(there: _Parts, meeting: Meeting, names: Mapping[str, str]) -> Iterator[str]:
    if meeting.slot not in there.slots:
        yield f"slot {meeting.slot} no longer exists"
    for key in meeting.pair:
        if key not in there.people:
            yield f"{names.get(key, key)} no longer takes part"
    if meeting.place not in there.places:
        yield f"place {meeting.place} no longer exists"


def _objections(event: Event, there: _Parts, meeting: Meeting) -> Iterator[str]:
    people = [there.people[key] for key in meeting.pair if key in there.people]
    slot, place = there.slots.get(meeting.slot), there.places.get(meeting.place)
    for one in people:
        if slot and not one.is_available(slot):
            yield f"{one.name} is not present in slot {meeting.slot}"
    if place and len(people) == len(meeting.pair):
        online = event.is_online(people[0], people[1])
        if (place.kind == "online") != online:
            yield f"{place.id} is not {'an online room' if online else 'a table or room'}"


def _doubled(plan: Schedule, there: _Parts) -> Iterator[FieldProblem]:
    busy = Counter((key, one.slot) for one in plan.meetings for key in one.pair)
    taken = Counter((one.place, one.slot) for one in plan.meetings)
    for (key, slot), count in busy.items():
        if count > 1:
            name = there.people[key].name if key in there.people else key
            yield FieldProblem(name, f"has {count} meetings in slot {slot}")
    for (key, slot), count in taken.items():
        if count > 1:
            name = there.places[key].name if key in there.places else key
            yield FieldProblem(name, f"is given to {count} meetings in slot {slot}")


def _crowded(event: Event, plan: Schedule) -> Iterator[FieldProblem]:
    over = plan.over(event.slots)
    loads = Counter(key for meeting in plan.meetings for key in meeting.pair)
    ahead = {key for one in plan.meetings if one.slot not in over for key in one.pair}
    for one in event.participants:
        if loads[one.id] > one.maximum and one.id in ahead:
            yield FieldProblem(one.name, f"has {loads[one.id]} meetings, above its maximum")


def _moved(before: Event, plan: Schedule, after: Event) -> set[tuple[str, str]]:
    """Pairs whose slot or place is there but has changed."""
    slots, places = _changed(before.slots, after.slots), _changed(before.places, after.places)
    return {one.pair for one in plan.meetings if one.slot in slots or one.place in places}


def _changed(before: Sequence[Thing], after: Sequence[Thing]) -> set[str]:
    known = {one.id: one for one in before}
    return {one.id for one in after if known.get(one.id, one) != one}
