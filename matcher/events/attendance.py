"""Who of the participants is there, as it changes before and on the day."""

from collections.abc import Collection, Iterable
from typing import Annotated

from matcher.errors import InvalidInputError
from matcher.events.bounds import MOST_WINDOWS
from matcher.events.event import Event, Key, Part, Window
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
