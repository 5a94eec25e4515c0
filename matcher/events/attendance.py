"""Who of the participants is there, as it changes before and on the day."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Annotated

from matcher.errors import InvalidInputError
from matcher.events.bounds import MOST_WINDOWS
from matcher.events.event import Event, Instant, Key, Part, Window
from matcher.profiles.bounds import AtMost


class Presence(Part):
    """When a participant is there after all: late, early away, or back; ``None`` is always."""

    id: Key
    available: Annotated[tuple[Window, ...], AtMost(MOST_WINDOWS)] | None = None


def change_presence(event: Event, changes: Iterable[Presence]) -> Event:
    """Return the event with other times of presence; who had cancelled or waited is in.

    Fixed meetings outside these times are given up.

    Raises
    ------
    InvalidInputError
        Nobody of such an id takes part.
    """
    people, slots = event.by_id, {slot.id: slot for slot in event.slots}
    for one in changes:
        if one.id not in people:
            raise InvalidInputError(f"Nobody with the id {one.id!r} takes part.")
        update = {"available": one.available, "cancelled": False, "waiting": False}
        people[one.id] = people[one.id].model_copy(update=update)
    fixed = tuple(
        one
        for one in event.fixed
        if all(people[key].is_available(slots[one.slot]) for key in one.pair)
    )
    return event.model_copy(update={"participants": tuple(people.values()), "fixed": fixed})


def cancel_participants(event: Event, ids: Collection[str]) -> Event:
    """Withdraw participants from the event: they stay listed but meet nobody.

    Raises
    ------
    InvalidInputError
        Nobody of such an id takes part.
    """
    gone = set(ids)
    if strangers := sorted(gone - event.by_id.keys()):
        raise InvalidInputError(f"Nobody with the id {strangers[0]!r} takes part.")
    return event.model_copy(
        update={
            "participants": tuple(
                one.model_copy(update={"cancelled": True}) if one.id in gone else one
                for one in event.participants
            ),
            "fixed": tuple(one for one in event.fixed if gone.isdisjoint(one.pair)),
        }
    )


class Attendance(Part):
    """What is told of presence by slots: who is there when, and up to when all is over."""

    changes: tuple[Presence, ...]
    over: Instant | None


def presences(
    event: Event,
    *,
    back: Iterable[str] = (),
    late: Iterable[tuple[str, str]] = (),
    early: Iterable[tuple[str, str]] = (),
    over: str | None = None,
) -> Attendance:
    """Turn what staff say by slots into times of presence.

    Parameters
    ----------
    back
        Ids of who is there after all, at the times known before.
    late, early
        Id of a participant, and of the first or last slot in which it is there.
    over
        Id of the first slot that is not over.

    Raises
    ------
    InvalidInputError
        There is no such participant or slot, or nothing of a presence is left.
    """
    slots = {slot.id: slot for slot in event.slots}
    named = [*(slot for _, slot in (*late, *early)), *([over] if over else [])]
    if strange := [slot for slot in named if slot not in slots]:
        raise InvalidInputError(f"There is no slot {strange[0]!r}.")
    cuts = [
        *((key, None, None) for key in back),
        *((key, slots[slot].start, None) for key, slot in late),
        *((key, None, slots[slot].end) for key, slot in early),
    ]
    changes = tuple(
        Presence(id=key, available=_cut(event, key, first, last)) for key, first, last in cuts
    )
    return Attendance(changes=changes, over=slots[over].start if over else None)


def _cut(
    event: Event, key: str, first: datetime | None, last: datetime | None
) -> tuple[Window, ...] | None:
    """Windows of a participant's presence between two moments."""
    one = event.by_id.get(key)
    if first is None and last is None:
        return one.available if one else None
    whole = Window(start=event.slots[0].start, end=event.slots[-1].end)
    windows = (one.available if one else None) or (whole,)
    cut = [
        (max(window.start, first or window.start), min(window.end, last or window.end))
        for window in windows
    ]
    left = tuple(Window(start=start, end=end) for start, end in cut if start < end)
    if not left:
        raise InvalidInputError(f"{key} would not be there at all: say that it cancels.")
    return left
