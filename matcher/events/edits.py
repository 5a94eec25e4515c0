"""Changes of an event that has a schedule: what still fits, and what a frozen one forbids."""

from collections.abc import Sequence

from matcher.errors import FieldProblem, InvalidInputError
from matcher.events.consistency import meeting_problems
from matcher.events.event import Event, Place, Slot
from matcher.events.plan import Schedule


def misfits(event: Event, plan: Schedule, before: Event | None = None) -> tuple[FieldProblem, ...]:
    """Name what of a schedule the event does not allow (any more), meeting by meeting.

    Who has left the event is called by the name that it had `before`, else by its id. A meeting
    that is over needs no more than that its people, its slot and its place are still there.
    """
    over = plan.over(event.slots)
    return tuple(meeting_problems(event, plan.meetings, _names(before, event), over))


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
    problems += [
        FieldProblem(" and ".join(names.get(key, key) for key in pair), change)
        for pair in sorted(moved & held)
    ]
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


def _moved(before: Event, plan: Schedule, after: Event) -> set[tuple[str, str]]:
    """Pairs whose slot or place is there but has changed."""
    slots, places = _changed(before.slots, after.slots), _changed(before.places, after.places)
    return {one.pair for one in plan.meetings if one.slot in slots or one.place in places}


def _changed(before: Sequence[Slot | Place], after: Sequence[Slot | Place]) -> set[str]:
    known = {one.id: one for one in before}
    return {one.id for one in after if known.get(one.id, one) != one}
