"""Events, schedules and feedback in the database, safe against two people changing one at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from matcher.documents.letters import Occasion
from matcher.errors import ConflictError, InvalidInputError, NotFoundError
from matcher.events.after import MeetingReport, require_held
from matcher.events.book import book_of
from matcher.events.edits import carried
from matcher.events.event import Event, Pair, parse_event
from matcher.events.plan import Schedule
from matcher.events.tables import arrivals, events, feedback, late_notes
from matcher.events.video import linked
from matcher.introductions.repository import carry_on
from matcher.introductions.standings import outcomes_of_pairs
from matcher.introductions.workflow import Outcome
from matcher.mail.tables import participant_links
from matcher.store.database import Repository, row_of, upsert

_ROOM = 110


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as kept; the version counts every change of it or of its schedule."""

    event: Event
    schedule: Schedule | None
    version: int


class Meetings(Repository):
    """All events of a database."""

    def add(self, event: Event) -> StoredEvent:
        """Save a new event; feedback on a deleted one of its id is kept under another.

        Raises
        ------
        ConflictError
            There is one of that id.
        InvalidInputError
            It fixes a meeting of two that declined each other.
        """
        with self._database.write() as connection:
            if row_of(connection, events, event.id) is not None:
                raise ConflictError(f"There is already an event {event.id!r}.")
            event = _booked(connection, event)
            connection.execute(
                insert(events).values({"id": event.id, "version": 1, "event": _written(event)})
            )
            _set_feedback_aside(connection, event.id)
        return StoredEvent(event, None, 1)

    def get(self, event_id: str) -> StoredEvent:
        """Read an event with its schedule.

        Raises
        ------
        NotFoundError
            There is none of that id.
        """
        with self._database.read() as connection:
            return _read(connection, event_id)

    def all(self) -> list[StoredEvent]:
        """List the events, sorted by id."""
        stored = map(_stored, self._database.rows(select(events)))
        return sorted(stored, key=lambda one: one.event.id)

    def to_remind(self) -> list[StoredEvent]:
        """List events whose final schedule all are to be reminded of, and were not yet.

        The database looks for it in the text, so that events of years need not be read.
        """
        asked = ~events.c.event.contains('"remind":null')
        final, not_yet = (
            events.c.schedule.contains(text) for text in ('"state":"frozen"', '"reminded":false')
        )
        return [*map(_stored, self._database.rows(select(events).where(asked & final & not_yet)))]

    def save(
        self,
        event: Event,
        schedule: Schedule | None,
        *,
        version: int,
        also: Callable[[Connection], None] = lambda _: None,
    ) -> StoredEvent:
        """Replace event and schedule together, from the version that the editor has seen.

        Parameters
        ----------
        also
            What else is written with it, all of it or nothing.

        Raises
        ------
        NotFoundError
            There is no such event.
        ConflictError
            It has been changed since.
        InvalidInputError
            The schedule is another event's, or the event fixes a meeting of two that declined
            each other.
        """
        if schedule is not None and schedule.event_id != event.id:
            raise InvalidInputError("The schedule belongs to another event.")
        with self._database.write() as connection:
            _seen(connection, event.id, version)
            saved = _kept(connection, event, schedule, version)
            also(connection)
        return saved

    def mark_reminded(self, stored: StoredEvent, also: Callable[[Connection], None]) -> None:
        """Note that all were reminded, and write the letters, even where the event is at odds.

        Raises
        ------
        ConflictError
            It has been changed since.
        """
        event, plan = stored.event, stored.schedule
        done = plan and plan.model_copy(update={"reminded": True}).model_dump_json()
        values = {"version": stored.version + 1, "schedule": done}
        with self._database.write() as connection:
            _seen(connection, event.id, stored.version)
            connection.execute(update(events).where(events.c.id == event.id).values(values))
            also(connection)

    def change(self, event_id: str, edit: Callable[[Event], Event]) -> StoredEvent:
        """Change an event as it is now, whatever its version; its schedule is carried over.

        Raises
        ------
        NotFoundError
            There is no such event.
        InvalidInputError
            The edit is refused, or would break a frozen schedule.
        """
        with self._database.write() as connection:
            stored = _read(connection, event_id)
            event, plan = edit(stored.event), stored.schedule
            plan = plan and carried(stored.event, plan, event)
            return _kept(connection, event, plan, stored.version)

    def delete(self, event_id: str, *, version: int) -> None:
        """Delete an event with the links of its participants; what they said of meetings stays.

        Raises
        ------
        NotFoundError
            There is no such event.
        ConflictError
            It has been changed since.
        """
        with self._database.write() as connection:
            _seen(connection, event_id, version)
            connection.execute(delete(events).where(events.c.id == event_id))
            for table in (arrivals, participant_links, late_notes):
                connection.execute(delete(table).where(table.c.event_id == event_id))

    def record(self, report: MeetingReport) -> None:
        """Keep what a side says of a meeting, in place of what it said before.

        Where the two were introduced, their introduction moves on with it.

        Raises
        ------
        NotFoundError
            There is no such event.
        InvalidInputError
            Its schedule holds no such meeting.
        """
        with self._database.write() as connection:
            schedule = _stored(_found(connection, report.event_id)).schedule
            if schedule is None:
                raise InvalidInputError("The event has no schedule yet.")
            require_held(schedule, report)
            values: dict[str, Any] = report.model_dump()
            values["recorded_at"] = report.recorded_at.isoformat()
            upsert(connection, feedback, [values])
            if report.attended:
                carry_on(
                    connection,
                    report.pair,
                    by=report.by,
                    on=report.recorded_at.date(),
                    outcome=report.outcome,
                )

    def booked(self, event: Event) -> Event:
        """Return an event with what introductions and other events know of its pairs.

        Raises
        ------
        InvalidInputError
            It fixes a meeting of two that declined each other.
        """
        with self._database.read() as connection:
            return _booked(connection, event)

    def next_together(self, a: str, b: str, on: date) -> Occasion | None:
        """The next event in which both take part, from a day on."""
        events_to_come = [
            Occasion(event.title, event.day_of(event.slots[0]))
            for event in (stored.event for stored in self.all())
            if event.day_of(event.slots[0]) >= on
            and all((one := event.by_id.get(key)) and not one.cancelled for key in (a, b))
        ]
        return min(events_to_come, key=lambda occasion: occasion.day, default=None)

    def outcomes(self) -> Mapping[Pair, Outcome]:
        """What came of the introductions of pairs."""
        with self._database.read() as connection:
            return outcomes_of_pairs(connection)

    def reports(self, event_id: str | None = None) -> list[MeetingReport]:
        """List reports, of one event if wished, sorted by event, pair and side."""
        query = select(feedback)
        if event_id is not None:
            query = query.where(feedback.c.event_id == event_id)
        reports = [MeetingReport.model_validate(dict(row)) for row in self._database.rows(query)]
        return sorted(reports, key=lambda one: (one.event_id, one.a, one.b, one.by))


def _kept(
    connection: Connection, event: Event, schedule: Schedule | None, version: int
) -> StoredEvent:
    """Write an event over the one of its id; online meetings get their links."""
    event = linked(_booked(connection, event), schedule)
    values = {
        "version": version + 1,
        "event": _written(event),
        "schedule": schedule.model_dump_json() if schedule else None,
    }
    connection.execute(update(events).where(events.c.id == event.id).values(values))
    return StoredEvent(event, schedule, version + 1)


def _booked(connection: Connection, event: Event) -> Event:
    """Return the event with what the book knows by now; a fixed meeting may contradict it."""
    return parse_event(dict(event) | {"book": book_of(connection, event)})


def _written(event: Event) -> str:
    return event.model_dump_json(exclude={"book"})


def _set_feedback_aside(connection: Connection, event_id: str) -> None:
    taken = {key for (key,) in connection.execute(select(feedback.c.event_id).distinct())}
    taken |= {key for (key,) in connection.execute(select(events.c.id))}
    room = next(key for n in count(1) if (key := f"{event_id[:_ROOM]}-{n}") not in taken)
    of_old = feedback.c.event_id == event_id
    connection.execute(update(feedback).where(of_old).values(event_id=room))


def _read(connection: Connection, event_id: str) -> StoredEvent:
    stored = _stored(_found(connection, event_id))
    book = book_of(connection, stored.event)
    return replace(stored, event=stored.event.model_copy(update={"book": book}))


def _found(connection: Connection, event_id: str) -> RowMapping:
    row = row_of(connection, events, event_id)
    if row is None:
        raise NotFoundError(f"There is no event {event_id!r}.")
    return row


def _seen(connection: Connection, event_id: str, version: int) -> None:
    now = _found(connection, event_id)["version"]
    if now != version:
        raise ConflictError(
            f"The event {event_id!r} was changed by somebody else: you saw version {version}, it "
            f"is now at version {now}. Read it again, then repeat the change if it "
            "still makes sense."
        )


def _stored(row: RowMapping) -> StoredEvent:
    schedule = row["schedule"]
    return StoredEvent(
        Event.model_validate_json(row["event"]),
        Schedule.model_validate_json(schedule) if schedule else None,
        row["version"],
    )
