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

    Who has left the event is called by the name that it had `before`, else by its id.
    """
    refused, names, there = event.refused, _names(before, event), _Parts.of(event)
    found = [
        FieldProblem(_both(meeting.pair, names), reason)
        for meeting in plan.meetings
        for reason in _objections(event, there, meeting, names)
    ]
    found += [
        FieldProblem(_both(meeting.pair, names), "one of them said no thanks, or declined")
        for meeting in plan.meetings
        if meeting.pair in refused
    ]
    return (*found, *_crowded(event, plan))


def carried(before: Event, plan: Schedule, after: Event) -> Schedule:
    """Carry a schedule over to the event as edited; its calendars learn of what has moved.

    A provisional schedule may no longer fit, and is then planned again. A frozen one stands:
    its slots and places stay as they are, and each of its meetings must still be possible.

    Raises
    ------
    InvalidInputError
        The schedule is frozen, and the edit breaks it.
    """
    moved = _moved(before, plan, after)
    if plan.state == "frozen":
        problems = [*misfits(after, plan, before)]
        change, names = "its slot or place was changed", _names(before, after)
        problems += [FieldProblem(_both(pair, names), change) for pair in sorted(moved)]
        if problems:
            raise InvalidInputError(
                "The schedule is frozen, and this edit would break it. Unfreeze it first, or "
                "cancel a participant.",
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


def _objections(
    event: Event, there: _Parts, meeting: Meeting, names: Mapping[str, str]
) -> Iterator[str]:
    people = [there.people.get(key) for key in meeting.pair]
    slot, place = there.slots.get(meeting.slot), there.places.get(meeting.place)
    if slot is None:
        yield f"slot {meeting.slot} no longer exists"
    for key, one in zip(meeting.pair, people, strict=True):
        if one is None:
            yield f"{names.get(key, key)} no longer takes part"
        elif slot and not one.is_available(slot):
            yield f"{one.name} is not present in slot {meeting.slot}"
    if place is None:
        yield f"place {meeting.place} no longer exists"
    elif people[0] and people[1]:
        online = event.is_online(people[0], people[1])
        if (place.kind == "online") != online:
            yield f"{place.id} is not {'an online room' if online else 'a table or room'}"


def _crowded(event: Event, plan: Schedule) -> Iterator[FieldProblem]:
    loads = Counter(key for meeting in plan.meetings for key in meeting.pair)
    for one in event.participants:
        if loads[one.id] > one.maximum:
            yield FieldProblem(one.name, f"has {loads[one.id]} meetings, above its maximum")


def _moved(before: Event, plan: Schedule, after: Event) -> set[tuple[str, str]]:
    """Pairs whose slot or place is there but has changed."""
    slots, places = _changed(before.slots, after.slots), _changed(before.places, after.places)
    return {one.pair for one in plan.meetings if one.slot in slots or one.place in places}


def _changed(before: Sequence[Thing], after: Sequence[Thing]) -> set[str]:
    known = {one.id: one for one in before}
    return {one.id for one in after if known.get(one.id, one) != one}
