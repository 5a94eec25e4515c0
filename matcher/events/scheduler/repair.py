"""After a change: which announced meetings can stay, and where the others go."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from matcher.events.event import Book, Event, Pair
from matcher.events.plan import Schedule
from matcher.events.scheduler.instance import (
    Candidate,
    Instance,
    build_instance,
    mutual_values,
    past,
)
from matcher.events.scheduler.levels import Limits, solve
from matcher.events.scheduler.selection import slot_model
from matcher.events.scheduler.timetable import Timetable


def surviving_slots(
    event: Event,
    values: Mapping[Pair, float],
    previous: Schedule,
    limits: Limits,
) -> dict[Pair, str]:
    """Slots of the announced meetings that the changed event still allows.

    As many as possible are kept; of these as many as possible at their time; where some must be
    given up, those of least value. Spare places may be used: that is what they are for. What is
    over stays as it was, and nothing is moved there.

    Returns
    -------
    dict
        Pair -> slot id, with the event's fixed meetings.
    """
    instance = _survivors(event, values, previous)
    number = {instance.pair(n): n for n in range(len(instance.candidates))}
    slot_number = {slot.id: s for s, slot in enumerate(event.slots)}
    wanted = {
        number[meeting.pair]: slot_number[meeting.slot]
        for meeting in previous.meetings
        if meeting.pair in number and meeting.slot in slot_number
    }
    wanted |= instance.fixed
    instance = _in_time(instance, wanted, past(event, previous.settled))
    slots, everyone = _stay(instance, wanted)
    if not everyone:
        slots = _moved(instance, wanted, limits) or slots
    return {instance.pair(n): event.slots[s].id for n, s in slots.items()}


def _survivors(event: Event, values: Mapping[Pair, float], previous: Schedule) -> Instance:
    """Only the announced pairs, with every place."""
    worth = mutual_values(event, values)
    refused, done = event.refused, held_before(event, previous)
    pairs = {
        meeting.pair: worth.get(meeting.pair, 0.0)
        for meeting in previous.meetings
        if meeting.pair not in refused or meeting.pair in done
    }
    bare = event.model_copy(
        update={"wishes": (), "met_before": (), "book": Book(), "spare_share": 0.0}
    )
    return build_instance(bare, pairs, done)


def held_before(event: Event, plan: Schedule) -> dict[Pair, str]:
    """Pairs of the meetings that are over, each with its slot."""
    over, here = plan.over(event.slots), event.by_id.keys()
    return {one.pair: one.slot for one in plan.meetings if one.slot in over and here >= {*one.pair}}


def ahead(event: Event, plan: Schedule) -> Event:
    """Return the event without fixed meetings that have been, or can be no more."""
    over, done = plan.over(event.slots), held_before(event, plan)
    still = tuple(one for one in event.fixed if one.slot not in over and one.pair not in done)
    return event.model_copy(update={"fixed": still})


def _in_time(instance: Instance, wanted: Mapping[int, int], over: int) -> Instance:
    def still(n: int, one: Candidate) -> Candidate:
        own = 1 << wanted[n] if n in wanted else 0
        return replace(one, slots=one.slots & (own if own & over else ~over))

    candidates = tuple(still(n, one) for n, one in enumerate(instance.candidates))
    return replace(instance, candidates=candidates) if over else instance


def _stay(instance: Instance, wanted: Mapping[int, int]) -> tuple[dict[int, int], bool]:
    """Leave in place what can stay, the most valuable first; whether that is every pair."""
    table = Timetable(instance)
    for n in sorted(wanted, key=lambda n: (-instance.candidates[n].value, n)):
        is_open = table.open_slots(n) >> wanted[n] & 1
        has_room = table.has_room(wanted[n], online=instance.candidates[n].online)
        if n not in instance.fixed and is_open and has_room and table.has_time(n):
            table.place(n, wanted[n])
    return table.slot_of, len(table.slot_of) == len(instance.candidates)


def _moved(instance: Instance, wanted: Mapping[int, int], limits: Limits) -> dict[int, int] | None:
    """Solve for most meetings kept, then most at their time, then value."""
    model, columns = slot_model(instance)
    people = np.zeros(len(instance.ids))
    aims = [
        np.ones(len(columns)),
        np.array([float(wanted.get(n) == slot) for n, slot in columns]),
        np.array([float(instance.candidates[n].value) for n, _ in columns]),
    ]
    answer = solve(instance, model, limits, aims=[np.concatenate([aim, people]) for aim in aims])
    return None if answer.columns is None else dict(columns[c] for c in answer.columns)
