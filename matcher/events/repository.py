"""Events, schedules and feedback in the database, safe against two people changing one at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from matcher.errors import ConflictError, InvalidInputError, NotFoundError
from matcher.events.after import MeetingReport, require_held
from matcher.events.event import Event
from matcher.events.plan import Schedule
from matcher.events.tables import events, feedback
from matcher.store.database import Database, upsert


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as kept; the version counts every change of it or of its schedule."""

    event: Event
    schedule: Schedule | None
    version: int


class Meetings:
    """All events of a database.

    Parameters
    ----------
    database
        The store's database, with its tables in place.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, event: Event) -> StoredEvent:
        """Save a new event.

        Raises
        ------
        ConflictError
            There is one of that id.
        """
        with self._database.write() as connection:
            if _row(connection, event.id) is not None:
                raise ConflictError(f"There is already an event {event.id!r}.")
            row = {"id": event.id, "version": 1, "event": event.model_dump_json()}
            connection.execute(insert(events).values(row))
        return StoredEvent(event, None, 1)

    def get(self, event_id: str) -> StoredEvent:
        """Read an event with its schedule.

        Raises
        ------
        NotFoundError
            There is none of that id.
        """
        with self._database.read() as connection:
            return _stored(_found(connection, event_id))

    def all(self) -> list[StoredEvent]:
        """List the events, sorted by id."""
        with self._database.read() as connection:
            stored = [_stored(row) for row in connection.execute(select(events)).mappings()]
        return sorted(stored, key=lambda one: one.event.id)

    def save(self, event: Event, schedule: Schedule | None, *, version: int) -> StoredEvent:
        """Replace event and schedule together, from the version that the editor has seen.

        Raises
        ------
        NotFoundError
            There is no such event.
        ConflictError
            It has been changed since.
        InvalidInputError
            The schedule is another event's, or would thaw a frozen one.
        """
        if schedule is not None and schedule.event_id != event.id:
            raise InvalidInputError("The schedule belongs to another event.")
        with self._database.write() as connection:
            before = _seen(connection, event.id, version)
            frozen = before.schedule is not None and before.schedule.state == "frozen"
            if frozen and (schedule is None or schedule.state != "frozen"):
                raise InvalidInputError("A frozen schedule cannot become provisional again.")
            values = {
                "version": version + 1,
                "event": event.model_dump_json(),
                "schedule": schedule.model_dump_json() if schedule else None,
            }
            connection.execute(update(events).where(events.c.id == event.id).values(values))
        return StoredEvent(event, schedule, version + 1)

    def delete(self, event_id: str, *, version: int) -> None:
        """Delete an event; what was said after its meetings stays.

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

    def record(self, report: MeetingReport) -> None:
        """Keep what a side says of a meeting, in place of what it said before.

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

    def reports(self, event_id: str | None = None) -> list[MeetingReport]:
        """List reports, of one event if wished, sorted by event, pair and side."""
        query = select(feedback)
        if event_id is not None:
            query = query.where(feedback.c.event_id == event_id)
        with self._database.read() as connection:
            rows: Sequence[RowMapping] = connection.execute(query).mappings().all()
        reports = [MeetingReport.model_validate(dict(row)) for row in rows]
        return sorted(reports, key=lambda one: (one.event_id, one.a, one.b, one.by))


def _row(connection: Connection, event_id: str) -> RowMapping | None:
    return connection.execute(select(events).where(events.c.id == event_id)).mappings().first()


def _found(connection: Connection, event_id: str) -> RowMapping:
    row = _row(connection, event_id)
    if row is None:
        raise NotFoundError(f"There is no event {event_id!r}.")
    return row


def _seen(connection: Connection, event_id: str, version: int) -> StoredEvent:
    before = _stored(_found(connection, event_id))
    if before.version != version:
        raise ConflictError(
            f"The event {event_id!r} was changed by somebody else: you saw version {version}, it "
            f"is now at version {before.version}. Read it again, then repeat the change if it "
            "still makes sense."
        )
    return before


def _stored(row: RowMapping) -> StoredEvent:
    schedule = row["schedule"]
    return StoredEvent(
        Event.model_validate_json(row["event"]),
        Schedule.model_validate_json(schedule) if schedule else None,
        row["version"],
    )
