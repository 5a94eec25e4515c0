"""Routes for staff: the schedule of an event, why two do not meet, and everybody's agenda."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Annotated, Any, Literal, get_args
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Blueprint, Response
from pydantic import Field

from matcher.documents.agenda import Agenda
from matcher.documents.agenda_pdf import agendas_html, agendas_pdf
from matcher.documents.calendars import agenda_ics
from matcher.documents.workbooks import agenda_xlsx
from matcher.errors import ConflictError, InvalidInputError, NotFoundError
from matcher.events.attendance import Presence, cancel_participants, change_presence
from matcher.events.bounds import GREATEST_SEED, LONGEST_SCHEDULING, MOST_PARTICIPANTS
from matcher.events.edits import misfits
from matcher.events.event import (
    Event,
    Instant,
    Key,
    sorted_pair,
)
from matcher.events.papers import agenda_files, agendas_of, event_values
from matcher.events.plan import Schedule, WhyNot
from matcher.events.repository import StoredEvent
from matcher.events.scheduler import freeze, replan, schedule, settle, thaw, why_not
from matcher.events.talks import Briefing
from matcher.i18n import LanguageCode
from matcher.profiles.bounds import AtMost
from matcher.web.api import staff
from matcher.web.api.event_answers import event_line
from matcher.web.api.jobs import JobAnswer, accepted
from matcher.web.http.context import current_matcher, current_settings
from matcher.web.http.exports import attachment, bare_types
from matcher.web.http.operations import Operation
from matcher.web.http.validation import Given
from matcher.web.http.work import Tell

schedules = Blueprint("schedules", __name__, url_prefix="/api/v1")

AgendaFormat = Literal["ics", "xlsx", "pdf", "html"]
_VIEWS: Mapping[AgendaFormat, Callable[[Agenda], bytes]] = {
    "ics": lambda agenda: agenda_ics(agenda, stamp=datetime.now(UTC)),
    "xlsx": agenda_xlsx,
    "pdf": lambda agenda: agendas_pdf([agenda]),
    "html": lambda agenda: agendas_html([agenda]).encode(),
}


class Scheduling(Given):
    """What to do with the schedule of an event."""

    seconds: float = Field(default=10.0, gt=0, le=LONGEST_SCHEDULING, description="Work to spend.")
    seed: int = Field(default=0, ge=0, le=GREATEST_SEED)
    keep: bool = Field(
        default=False, description="Move as few meetings of the present schedule as possible."
    )
    cancel: Annotated[tuple[Key, ...], AtMost(MOST_PARTICIPANTS)] = Field(
        default=(),
        description="Participants who have cancelled; as few meetings as possible move.",
    )
    presence: Annotated[tuple[Presence, ...], AtMost(MOST_PARTICIPANTS)] = Field(
        default=(),
        description="Participants who are there at other times than was known, or are back after "
        "they had cancelled.",
    )
    refill: bool = Field(
        default=False, description="Offer what is free to new meetings, also once frozen."
    )
    not_before: Instant | None = Field(
        default=None,
        description="Declare over what begins before this moment: it stays as it was, now and "
        "later.",
    )
    freeze: bool = Field(
        default=False,
        description="Declare it final; with `not_before`, only what begins before that moment.",
    )
    unfreeze: bool = Field(default=False, description="Declare it provisional again.")

    @property
    def changes(self) -> bool:
        """Whether the present schedule is to be changed, as little as possible."""
        return bool(self.cancel or self.presence or self.keep or self.refill)


class PairOfEvent(Given):
    """Two participants."""

    a: Key = Field(description="Id of one participant.")
    b: Key = Field(description="Id of the other participant.")


class AgendaOptions(Given):
    """How an agenda should come."""

    form: AgendaFormat = Field(default="ics", alias="format", description="File format.")
    language: LanguageCode = Field(default="en", description="Language of the labels.")


class AllAgendaOptions(Given):
    """How all agendas together should come."""

    form: Literal["zip", "pdf"] = Field(default="zip", alias="format", description="File format.")
    language: LanguageCode = Field(default="en", description="Language of the labels.")


@schedules.post("/events/<event_id>/schedule")
@Operation(
    JobAnswer,
    example={"seconds": 10, "freeze": False},
    scope=staff.SCOPE,
    if_match=True,
    status=202,
)
def schedule_event(wish: Scheduling, event_id: str) -> Response:
    """Schedule an event.

    Begins a job that plans the meetings; its `result` is the event in short, with its new
    `version`. With `cancel` or `presence`, works in who cannot come or is there at other times,
    and moves as few meetings as possible; with `refill`, free places are taken at once. With
    `freeze`, declares the schedule final, making one first where there is none; with `unfreeze`,
    provisional again.
    """
    with staff.seen_version() as version:
        _changed(staff.seen_event(event_id, version), wish)
    return accepted("schedule event", event_id, partial(_schedule, event_id, version, wish))


@schedules.get("/events/<event_id>/why-not")
@Operation(query=PairOfEvent, problems=("conflict",), scope=staff.SCOPE)
def why_not_meeting(pair: PairOfEvent, event_id: str) -> WhyNot:
    """Why two participants do not meet.

    Their `meeting` where they do. A `private` reason is for staff only.
    """
    event, plan = _scheduled(event_id)
    values = event_values(current_matcher(), event)
    return why_not(event, values, plan, sorted_pair(pair.a, pair.b))


@schedules.get("/events/<event_id>/agendas")
@Operation(
    query=AllAgendaOptions,
    problems=("conflict",),
    scope=staff.SCOPE,
    files=bare_types(("zip", "pdf")),
)
def agendas(options: AllAgendaOptions, event_id: str) -> Response:
    """All agendas of an event.

    A zip with calendar, workbook and page for each participant and place, the calendars that
    take meetings back, and the whole schedule for staff; or one PDF with the page of each
    participant who has a meeting, to print.
    """
    event, plan = _scheduled(event_id)
    if options.form == "pdf":
        busy = {key for meeting in plan.meetings for key in meeting.pair}
        keys = [one.id for one in event.participants if one.id in busy]
        pages = list(agendas_of(event, plan, keys, options.language, _briefing()))
        return attachment(agendas_pdf(pages), f"{event_id}.pdf")
    buffer, stamp = BytesIO(), datetime.now(UTC)
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        files = agenda_files(event, plan, stamp=stamp, code=options.language, briefing=_briefing())
        for name, content in files:
            archive.writestr(name, content)
    return attachment(buffer.getvalue(), f"{event_id}.zip")


@schedules.get("/events/<event_id>/agendas/<participant_id>")
@Operation(
    query=AgendaOptions,
    problems=("conflict",),
    scope=staff.SCOPE,
    files=bare_types(get_args(AgendaFormat)),
)
def agenda(options: AgendaOptions, event_id: str, participant_id: str) -> Response:
    """The agenda of a participant.

    The calendar keeps the identity of each meeting, so that a newer one updates the older.
    """
    event, plan = _scheduled(event_id)
    if participant_id not in event.by_id:
        raise NotFoundError(f"Nobody with the id {participant_id!r} takes part.")
    (page,) = agendas_of(event, plan, [participant_id], options.language, _briefing())
    return attachment(_VIEWS[options.form](page), f"{participant_id}.{options.form}")


def _briefing() -> Briefing:
    return Briefing(current_matcher(), current_settings().origin)


def _changed(before: StoredEvent, wish: Scheduling) -> Event:
    """Return the event after the cancellations.

    Raises
    ------
    InvalidInputError
        Somebody does not take part, or a frozen schedule would be planned anew.
    """
    event, plan = cancel_participants(before.event, wish.cancel), before.schedule
    frozen = plan is not None and plan.state == "frozen"
    if frozen and not (wish.changes or wish.freeze or wish.unfreeze):
        raise InvalidInputError(
            "The schedule is frozen: it can be changed after a cancellation, but not planned "
            "again. Unfreeze it first."
        )
    return change_presence(event, wish.presence)


def _schedule(event_id: str, version: int, wish: Scheduling, tell: Tell) -> dict[str, Any]:
    before = staff.seen_event(event_id, version)
    event, plan = _changed(before, wish), before.schedule
    plan = thaw(plan) if plan and wish.unfreeze else plan
    plan = settle(plan, wish.not_before) if plan and wish.not_before else plan
    if plan is None or wish.changes or not (wish.freeze or wish.unfreeze):
        values = event_values(current_matcher(), event)
        if plan is not None and wish.changes:
            plan = replan(
                event,
                values,
                plan,
                seconds=wish.seconds,
                refill=wish.refill,
                progress=tell,
            )
        else:
            plan = schedule(
                event, values, seconds=wish.seconds, seed=wish.seed, previous=plan, progress=tell
            )
    elif wish.freeze and (wrong := misfits(event, plan)):
        raise InvalidInputError("The schedule no longer fits the event: schedule it again.", wrong)
    plan = freeze(plan) if wish.freeze and wish.not_before is None else plan
    stored = staff.current_meetings().save(event, plan, version=version)
    return event_line(stored).model_dump(mode="json")


def _scheduled(event_id: str) -> tuple[Event, Schedule]:
    stored = staff.current_meetings().get(event_id)
    return stored.event, fitting(stored)


def fitting(stored: StoredEvent) -> Schedule:
    """Return the schedule of an event, which fits it.

    Raises
    ------
    NotFoundError, ConflictError
        There is no schedule, or it no longer fits.
    """
    plan = planned(stored)
    if misfits(stored.event, plan):
        raise ConflictError("The event was edited: schedule it again before you hand out agendas.")
    return plan


def planned(stored: StoredEvent) -> Schedule:
    """Return the schedule of an event, whether it fits or not.

    Raises
    ------
    NotFoundError
        There is none.
    """
    if stored.schedule is None:
        raise NotFoundError(f"The event {stored.event.id!r} has no schedule yet.")
    return stored.schedule
