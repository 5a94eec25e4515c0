"""One book of introductions and events: what is known of a pair, whichever page it came from."""

from collections.abc import Iterator
from datetime import datetime

import orjson
from sqlalchemy import Connection, select

from matcher.events.event import Book, Event, Pair
from matcher.events.tables import events, feedback
from matcher.introductions.standings import standings

_Meeting = tuple[str, str, str]
"""Id of the event, and the pair."""


def book_of(connection: Connection, event: Event) -> Book:
    """Tell what introductions and other events know of the participants of an event."""
    here = event.by_id.keys()
    told = standings(connection, max(slot.end for slot in event.slots).date())
    declined, agreed, met = (
        frozenset(pair for pair in pairs if here >= set(pair))
        for pairs in (told.declined, told.agreed, told.met | _met(connection, event))
    )
    return Book(declined=declined, agreed=agreed - declined - met, met=met)


def _met(connection: Connection, event: Event) -> frozenset[Pair]:
    """Pairs with a meeting at another event, unless somebody reported that a side stayed away."""
    came = dict.fromkeys(_earlier(connection, event), True)
    reports = select(feedback).where(feedback.c.event_id != event.id)
    for row in connection.execute(reports).mappings():
        key = row["event_id"], row["a"], row["b"]
        came[key] = came.get(key, True) and row["attended"]
    return frozenset((a, b) for (_, a, b), both in came.items() if both)


def _earlier(connection: Connection, event: Event) -> Iterator[_Meeting]:
    """Meetings at other events that begin before this one does."""
    begins = min(slot.start for slot in event.slots)
    others = select(events).where(events.c.id != event.id, events.c.schedule.is_not(None))
    for row in connection.execute(others).mappings():
        slots = orjson.loads(row["event"])["slots"]
        early = {one["id"] for one in slots if datetime.fromisoformat(one["start"]) < begins}
        for meeting in orjson.loads(row["schedule"])["meetings"]:
            if meeting["slot"] in early:
                yield row["id"], meeting["a"], meeting["b"]
