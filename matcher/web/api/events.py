"""Routes for staff: events, made, edited, filled from tables and deleted."""

from typing import Annotated

from flask import Blueprint, request
from pydantic import Field
from werkzeug.exceptions import BadRequest

from matcher.errors import FieldProblem, InvalidInputError
from matcher.events.bounds import LONGEST_MINUTES, MOST_BREAKS, MOST_PARTICIPANTS
from matcher.events.edits import carried
from matcher.events.event import Event, Key
from matcher.events.headings import TABLES, TableName
from matcher.events.joining import identified, matches_of
from matcher.events.merging import fill
from matcher.events.repository import StoredEvent
from matcher.events.rows import Source, tables_of_file
from matcher.events.times import parse_break, parse_slots
from matcher.introductions.contact_file import keep
from matcher.profiles.bounds import AtMost
from matcher.store.mappings import parsed_mapping
from matcher.web.api import staff
from matcher.web.api.event_answers import (
    Deleted,
    EventAnswer,
    EventList,
    Grid,
    ImportedTables,
    Matches,
    event_answer,
    event_line,
)
from matcher.web.http.context import current_matcher
from matcher.web.http.operations import Operation
from matcher.web.http.uploads import UPLOAD_PROBLEMS, field_errors
from matcher.web.http.validation import Given

events = Blueprint("events", __name__, url_prefix="/api/v1")

_FILE = "file"
_EXAMPLE = {
    "id": "brussels-2026",
    "title": "Matchmaking day",
    "zone": "Europe/Brussels",
    "slots": [
        {
            "id": "1-0900",
            "start": "2026-11-12T09:00:00+01:00",
            "end": "2026-11-12T09:25:00+01:00",
        }
    ],
    "places": [{"id": "table-1", "name": "Table 1"}],
    "participants": [
        {"id": "ua-kharkiv-it-cluster", "name": "Kharkiv IT Cluster"},
        {"id": "sk-kosice-it-valley", "name": "Košice IT Valley"},
    ],
}


Written = Annotated[str, Field(max_length=400)]


class Times(Given):
    """When meetings are held, as staff write it."""

    zone: str = Field(max_length=100, description="Time zone of the times.")
    days: Annotated[tuple[Written, ...], AtMost(MOST_BREAKS)] = Field(
        min_length=1, description="Such as `2026-11-12 09:00-12:30`."
    )
    minutes: int = Field(default=25, ge=1, le=LONGEST_MINUTES, description="Length of a meeting.")
    pause: int = Field(
        default=5, ge=0, le=LONGEST_MINUTES, description="Minutes between two meetings."
    )
    breaks: Annotated[tuple[Written, ...], AtMost(MOST_BREAKS)] = Field(
        default=(), description="Such as `2026-11-12 10:30-11:00 Coffee`."
    )


class TableOptions(Given):
    """How to read the tables of an event."""

    mapping: tuple[str, ...] = Field(
        default=(),
        alias="map",
        description="What a column means, as `Heading=column`; `Heading=` leaves it out. Kept for "
        "the next file that has the same headings.",
    )


class Identities(Given):
    """Which participants are which clusters of the data."""

    clusters: Annotated[dict[Key, Written], AtMost(MOST_PARTICIPANTS)] = Field(
        min_length=1, description="Id of a participant, and name or id of the cluster."
    )


@events.get("/events")
@Operation(scope=staff.SCOPE)
def list_events() -> EventList:
    """List events."""
    lines = tuple(event_line(one) for one in staff.current_meetings().all())
    return EventList(events=lines)


@events.post("/events")
@Operation(problems=("conflict",), example=_EXAMPLE, scope=staff.SCOPE)
def add_event(event: Event) -> EventAnswer:
    """Add an event.

    Participants whose id is a cluster's are valued by the ranking. They may also be added
    later, from tables; `matcher schedule --json` makes a whole event.
    """
    with staff.entered("add event", event.id):
        stored = staff.current_meetings().add(event)
    return event_answer(stored)


@events.post("/events:slots")
@Operation(
    example={"zone": "Europe/Brussels", "days": ["2026-11-12 09:00-12:30"]}, scope=staff.SCOPE
)
def divide(times: Times) -> Grid:
    """Divide days into slots.

    Slots of equal length around the breaks, as an event takes them. Nothing is stored.
    """
    breaks = tuple(parse_break(times.zone, text) for text in times.breaks)
    slots = parse_slots(times.zone, times.days, times.minutes, times.pause, breaks)
    return Grid(slots=slots, breaks=breaks)


@events.get("/events/<event_id>")
@Operation(scope=staff.SCOPE)
def event(event_id: str) -> EventAnswer:
    """One event."""
    return event_answer(staff.current_meetings().get(event_id))


@events.put("/events/<event_id>")
@Operation(example=_EXAMPLE, scope=staff.SCOPE, if_match=True)
def edit_event(event: Event, event_id: str) -> EventAnswer:
    """Edit an event.

    Replaces the whole event. A provisional schedule that no longer fits is kept, with what is
    wrong under `misfits`, until it is scheduled again. A frozen one is protected: an edit that
    would break one of its meetings is refused.
    """
    if event.id != event_id:
        raise InvalidInputError(
            "The id of an event cannot be changed, because calendars keep it.",
            [FieldProblem("body", f"must be {event_id}", "id")],
        )
    with staff.seen_version() as version, staff.entered("edit event", event_id):
        stored = _saved(staff.seen_event(event_id, version), event)
    return event_answer(stored)


@events.delete("/events/<event_id>")
@Operation(scope=staff.SCOPE, if_match=True)
def delete_event(event_id: str) -> Deleted:
    """Delete an event.

    Together with its schedule. The feedback given after its meetings stays.
    """
    with staff.seen_version() as version, staff.entered("delete event", event_id):
        staff.current_meetings().delete(event_id, version=version)
    return Deleted(deleted=event_id)


@events.post("/events/<event_id>/tables")
@Operation(
    query=TableOptions,
    takes=("multipart/form-data",),
    problems=UPLOAD_PROBLEMS,
    scope=staff.SCOPE,
    if_match=True,
    uploads=(_FILE, *TABLES),
)
def fill_event(options: TableOptions, event_id: str) -> ImportedTables:
    """Fill an event from tables.

    CSV or XLSX files as the form fields `participants`, `presence` and `wishes`, or one XLSX as
    `file` with sheets of these names; a CSV there is the table of participants. Good rows are
    kept: who is listed is added or replaced, nobody is removed. Bad rows are named under
    `problems`, by table, row and column; `headings` tells what the columns were read as. Persons
    are kept with the consent that the table states; `contacts` counts the new ones.
    """
    tables, said = _tables(), parsed_mapping(options.mapping)
    with (
        staff.seen_version() as version,
        staff.entered("import event tables", event_id) as outcome,
    ):
        before = staff.seen_event(event_id, version)
        event, found = fill(current_matcher(), before.event, tables, said)
        stored = _saved(before, event)
        new, ended = keep(staff.current_desk().people, found.contacts)
        problems = (*found.problems, *ended)
        outcome.text = f"{len(event.participants)} participants, {len(problems)} problems"
    return ImportedTables(
        **dict(event_answer(stored)),
        problems=field_errors(problems),
        headings=found.headings,
        contacts=new,
    )


@events.get("/events/<event_id>/matches")
@Operation(problems=("model-unavailable",), scope=staff.SCOPE)
def matches(event_id: str) -> Matches:
    """What is known of the participants before a schedule is made.

    Who is in the data, who may be which cluster of it, and who matches nobody.
    """
    event = staff.current_meetings().get(event_id).event
    return Matches(participants=matches_of(current_matcher(), event))


@events.post("/events/<event_id>/identities")
@Operation(
    problems=("cluster-not-found", "ambiguous-name"),
    example={"clusters": {"kharkiv-it": "ua-kharkiv-it-cluster"}},
    scope=staff.SCOPE,
    if_match=True,
)
def identify(given: Identities, event_id: str) -> EventAnswer:
    """Join participants to the data.

    Their wishes, fixed meetings and persons follow. The next file may call them as before.
    """
    clusters = {key: current_matcher().find(name) for key, name in given.clusters.items()}
    with staff.seen_version() as version, staff.entered("identify participants", event_id):
        before = staff.seen_event(event_id, version)
        stored = _saved(before, identified(before.event, clusters))
        staff.current_desk().people.follow({key: one.id for key, one in clusters.items()})
    return event_answer(stored)


def _tables() -> dict[TableName, Source]:
    """Tables of the form that was sent; fields without a file do not count.

    Raises
    ------
    BadRequest, UnreadableFileError
        There is none, or it cannot be read.
    """
    sent = {field: file for field, file in request.files.items() if file.filename}
    whole = sent.get(_FILE)
    found = tables_of_file(whole.read(), whole.filename) if whole else {}
    found |= {table: sent[table].read() for table in TABLES if table in sent}
    if not found:
        fields = ", ".join((_FILE, *TABLES))
        raise BadRequest(f"Send a file as one of the form fields {fields}.")
    return found


def _saved(before: StoredEvent, event: Event) -> StoredEvent:
    plan = before.schedule and carried(before.event, before.schedule, event)
    return staff.current_meetings().save(event, plan, version=before.version)
