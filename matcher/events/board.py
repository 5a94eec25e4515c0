"""The screen on the wall: who sits where now, and who comes next; its link needs no login."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from itsdangerous import BadSignature, URLSafeSerializer

from matcher.errors import NotFoundError
from matcher.events.event import Event, Slot
from matcher.events.plan import Schedule
from matcher.store.database import Database
from matcher.store.keys import signing_key


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of meetings: its time at the venue, whether it runs, and who sits at which place."""

    start: datetime
    end: datetime
    runs: bool
    rows: tuple[tuple[str, str, str], ...]


def board(event: Event, plan: Schedule, now: datetime) -> tuple[Turn, ...]:
    """Give the turn that runs and the next with meetings; before and between them the next two."""
    held = {one.slot for one in plan.meetings}
    coming = [slot for slot in event.slots if slot.end > now and slot.id in held]
    return tuple(_turn(event, plan, slot, now) for slot in coming[:2])


def _turn(event: Event, plan: Schedule, slot: Slot, now: datetime) -> Turn:
    zone, people = ZoneInfo(event.zone), event.by_id
    at = {one.place: one for one in plan.meetings if one.slot == slot.id}
    return Turn(
        slot.start.astimezone(zone),
        slot.end.astimezone(zone),
        slot.start <= now,
        tuple(
            (place.name, people[at[place.id].a].name, people[at[place.id].b].name)
            for place in event.places
            if place.id in at
        ),
    )


class BoardLinks:
    """Signed names of events: who has one sees the screen of that event, and nothing else.

    Parameters
    ----------
    database
        Where the key of the signature is.
    """

    def __init__(self, database: Database) -> None:
        self._signer = URLSafeSerializer(signing_key(database), salt="board")

    def key(self, event_id: str) -> str:
        """Return what the link to the screen of an event carries."""
        return str(self._signer.dumps(event_id))

    def event_id(self, key: str) -> str:
        """Return the event that a link is for.

        Raises
        ------
        NotFoundError
            We have made no such link.
        """
        try:
            return str(self._signer.loads(key))
        except BadSignature:
            raise NotFoundError("There is no such screen.") from None
