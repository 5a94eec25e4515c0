"""Routes for staff: events, their schedules and agendas, and what came of the meetings."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field

from matcher.errors import ConflictError, NotFoundError
from matcher.introductions.workflow import Outcome
from matcher.meetings.after import MeetingReport, pair_feedback
from matcher.meetings.agendas import participant_agenda
from matcher.meetings.calendars import agenda_ics
from matcher.meetings.event import Event, Key, cancel_participant, sorted_pair
from matcher.meetings.papers import agenda_files, event_values
from matcher.meetings.plan import Schedule
from matcher.meetings.printing import agendas_html, agendas_pdf
from matcher.meetings.repository import StoredEvent
from matcher.meetings.schedule import freeze, replan, schedule
from matcher.meetings.sheets import agenda_xlsx
from matcher.web import staff
from matcher.web.context import current_matcher
from matcher.web.exports import attachment
from matcher.web.jsonio import read_body
from matcher.web.operations import Operation, documented
from matcher.web.parameters import parameters_of, read_query
from matcher.web.staff_answers import EventAnswer, EventLine, EventList, FeedbackAnswer
from matcher.web.validation import validated

events = Blueprint("events", __name__, url_prefix="/api/v1")
events.after_request(staff.keep_private)

AgendaFormat = Literal["ics", "xlsx", "pdf", "html"]
MEDIA_TYPES: Mapping[AgendaFormat, str] = {
    "ics": "text/calendar; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
_VIEWS: Mapping[AgendaFormat, Callable[[Event, Schedule, str], bytes]] = {
    "ics": lambda event, plan, key: agenda_ics(event, plan, key, stamp=datetime.now(UTC)),
    "xlsx": lambda event, plan, key: agenda_xlsx(participant_agenda(event, plan, key)),
    "pdf": lambda event, plan, key: agendas_pdf([participant_agenda(event, plan, key)]),
    "html": lambda event, plan, key: agendas_html([participant_agenda(event, plan, key)]).encode(),
}


class _Given(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scheduling(_Given):
    """What to do with the schedule of an event."""

    seconds: float = Field(default=10.0, gt=0, le=60, description="Work to spend.")
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    cancel: tuple[Key, ...] = Field(
        default=(), description="Participants who have cancelled; as few meetings move as can be."
    )
    freeze: bool = Field(default=False, description="Declare it final.")


class AgendaOptions(_Given):
    """How an agenda should come."""

    form: AgendaFormat = Field(default="ics", description="File format.")


class FeedbackSearch(_Given):
    """Whose feedback to list."""

    event_id: str | None = Field(default=None, description="Of this event only.")


class Said(_Given):
    """What one side says of one meeting; fields as in `MeetingReport`, in any order of the two."""

    event_id: Key
    a: Key
    b: Key
    by: Key
    attended: bool
    rating: int | None = Field(default=None, ge=1, le=5)
    outcome: Outcome | None = None
    second_meeting: bool | None = None


AGENDA = parameters_of(AgendaOptions, {"form": "format"})
FEEDBACK = parameters_of(FeedbackSearch, {"event_id": "event_id"})


@events.get("/events")
@documented(Operation("List events", EventList, problems=("store-unavailable",), scope=staff.SCOPE))
def list_events() -> Response:
    """All events, in short."""
    lines = tuple(
        EventLine(
            id=one.event.id,
            title=one.event.title,
            zone=one.event.zone,
            participants=len(one.event.participants),
            schedule=one.schedule.state if one.schedule else None,
            version=one.version,
        )
        for one in staff.current_meetings().all()
    )
    return jsonify(EventList(events=lines).model_dump(mode="json"))


@events.post("/events")
@documented(
    Operation(
        "Add an event",
        EventAnswer,
        description="Participants whose id is a cluster's are valued by the ranking. "
        "`matcher schedule --json` makes an event from tables.",
        body={"application/json": Event},
        problems=(*staff.WRITES, "conflict"),
        example={
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
        },
        scope=staff.SCOPE,
    )
)
def add_event() -> Response:
    """Save a new event."""
    event = validated(Event, read_body(), where="body")
    with staff.entered("add event", event.id):
        stored = staff.current_meetings().add(event)
    return _answer(stored)


@events.get("/events/<event_id>")
@documented(Operation("One event", EventAnswer, problems=staff.READS, scope=staff.SCOPE))
def event(event_id: str) -> Response:
    """An event with its schedule."""
    return _answer(staff.current_meetings().get(event_id))


@events.post("/events/<event_id>/schedule")
@documented(
    Operation(
        "Schedule an event",
        EventAnswer,
        description="Plans the meetings; with `cancel`, withdraws participants and moves as few "
        "meetings as possible; with `freeze`, declares the schedule final, making one first where "
        "there is none.",
        body={"application/json": Scheduling},
        problems=(*staff.WRITES, "not-found"),
        example={"seconds": 10, "freeze": False},
        scope=staff.SCOPE,
        if_match=True,
    )
)
def schedule_event(event_id: str) -> Response:
    """Make or change the schedule."""
    wish = validated(Scheduling, read_body(), where="body")
    meetings = staff.current_meetings()
    with staff.seen_version() as version, staff.entered("schedule event", event_id):
        before = meetings.get(event_id)
        if before.version != version:
            raise ConflictError(f"The event is now at version {before.version}.")
        event, plan = _planned(before, wish)
        stored = meetings.save(event, plan, version=version)
    return _answer(stored)


@events.get("/events/<event_id>/agendas")
@documented(
    Operation(
        "All agendas of an event",
        bytes,
        description="A zip with calendar, workbook and page for each participant and place, the "
        "calendars that take meetings back, and the whole schedule for staff.",
        problems=staff.READS,
        scope=staff.SCOPE,
        files=("application/zip",),
    )
)
def agendas(event_id: str) -> Response:
    """Every agenda, zipped."""
    event, plan = _scheduled(event_id)
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in agenda_files(event, plan, stamp=datetime.now(UTC)):
            archive.writestr(name, content)
    return attachment(buffer.getvalue(), "application/zip", f"{event_id}.zip")


@events.get("/events/<event_id>/agendas/<participant_id>")
@documented(
    Operation(
        "The agenda of a participant",
        bytes,
        description="The calendar keeps the identity of each meeting, so that a newer one "
        "updates the older.",
        parameters=AGENDA,
        problems=(*staff.READS, "invalid-input"),
        scope=staff.SCOPE,
        files=tuple(kind.split(";")[0] for kind in MEDIA_TYPES.values()),
    )
)
def agenda(event_id: str, participant_id: str) -> Response:
    """One agenda."""
    form = read_query(AGENDA, request.args, AgendaOptions).form
    event, plan = _scheduled(event_id)
    if participant_id not in event.by_id:
        raise NotFoundError(f"Nobody with the id {participant_id!r} takes part.")
    content = _VIEWS[form](event, plan, participant_id)
    return attachment(content, MEDIA_TYPES[form], f"{participant_id}.{form}")


@events.get("/feedback")
@documented(
    Operation(
        "What was said after meetings",
        FeedbackAnswer,
        parameters=FEEDBACK,
        problems=("invalid-input", "store-unavailable"),
        scope=staff.SCOPE,
    )
)
def list_feedback() -> Response:
    """Reports, and each pair summed up."""
    search = read_query(FEEDBACK, request.args, FeedbackSearch)
    reports = staff.current_meetings().reports(search.event_id)
    answer = FeedbackAnswer(reports=tuple(reports), pairs=tuple(pair_feedback(reports)))
    return jsonify(answer.model_dump(mode="json"))


@events.post("/feedback")
@documented(
    Operation(
        "Record what a side says of a meeting",
        MeetingReport,
        description="Replaces what the same side said of it before.",
        body={"application/json": Said},
        problems=(*staff.WRITES, "not-found"),
        example={
            "event_id": "brussels-2026",
            "a": "sk-kosice-it-valley",
            "b": "ua-kharkiv-it-cluster",
            "by": "ua-kharkiv-it-cluster",
            "attended": True,
            "rating": 5,
            "outcome": "mou",
            "second_meeting": True,
        },
        scope=staff.SCOPE,
    )
)
def add_feedback() -> Response:
    """Keep a report."""
    said = validated(Said, read_body(), where="body").model_dump()
    said["a"], said["b"] = sorted_pair(said["a"], said["b"])
    data = {**said, "recorded_at": datetime.now(UTC)}
    report = validated(MeetingReport, data, where="body")
    with staff.entered("record feedback", f"{report.event_id}: {report.a}, {report.b}"):
        staff.current_meetings().record(report)
    return jsonify(report.model_dump(mode="json"))


def _planned(before: StoredEvent, wish: Scheduling) -> tuple[Event, Schedule]:
    event, plan = before.event, before.schedule
    for participant in wish.cancel:
        event = cancel_participant(event, participant)
    if plan is None or wish.cancel or not wish.freeze:
        values = event_values(current_matcher(), event)
        if plan is not None and wish.cancel:
            plan = replan(event, values, plan, seconds=wish.seconds)
        else:
            plan = schedule(event, values, seconds=wish.seconds, seed=wish.seed, previous=plan)
    return event, freeze(plan) if wish.freeze else plan


def _scheduled(event_id: str) -> tuple[Event, Schedule]:
    stored = staff.current_meetings().get(event_id)
    if stored.schedule is None:
        raise NotFoundError(f"The event {event_id!r} has no schedule yet.")
    return stored.event, stored.schedule


def _answer(stored: StoredEvent) -> Response:
    figures = stored.schedule.figures if stored.schedule else None
    answer = EventAnswer(
        version=stored.version,
        event=stored.event,
        schedule=stored.schedule,
        gap=figures.gap if figures else None,
        optimal=figures.optimal if figures else None,
    )
    return staff.versioned(answer.model_dump(mode="json"), stored.version)
