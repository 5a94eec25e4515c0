"""Bodies of answers about events, their meetings, and what came of them."""

from pydantic import BaseModel, SkipValidation

from matcher.events.after import MeetingFigures, MeetingReport, PairFeedback
from matcher.events.board import BoardLinks
from matcher.events.edits import misfits
from matcher.events.event import Break, Event, Slot
from matcher.events.joining import Match
from matcher.events.notices import Notice, notices
from matcher.events.plan import Schedule, ScheduleState
from matcher.events.repository import StoredEvent
from matcher.profiles.io.headers import Heading
from matcher.web.http.context import current_database
from matcher.web.http.problems import FieldError
from matcher.web.http.uploads import field_errors


class EventLine(BaseModel):
    """An event in a list; `schedule` is ``None`` while there is none."""

    id: str
    title: str
    zone: str
    participants: int
    schedule: ScheduleState | None
    version: int


class EventList(BaseModel):
    """Events, sorted by id."""

    events: tuple[EventLine, ...]


class EventAnswer(BaseModel):
    """An event with its schedule, which is for staff: it tells also why a side was left out.

    `version` is also the ETag, which a change sends as If-Match. `gap` is the share of the value
    bound that the schedule does not reach; `optimal`: it is proven best. `misfits` names what of
    the schedule the event does not allow any more, since it was edited. `to_tell` names who must be
    told of what, and `board` is the key of the link to the screen on the wall.
    """

    version: int
    event: SkipValidation[Event]  # it may be at odds with itself by now, which `misfits` tells
    schedule: Schedule | None
    gap: float | None
    optimal: bool | None
    misfits: tuple[FieldError, ...] = ()
    to_tell: tuple[Notice, ...] = ()
    board: str


class ImportedTables(EventAnswer):
    """The event with the good rows of its tables; `problems` names all that was not taken.

    `headings` tells what the columns were read as, `contacts` how many persons are new.
    """

    problems: tuple[FieldError, ...]
    headings: tuple[Heading, ...]
    contacts: int


class Matches(BaseModel):
    """Participants who have not cancelled, in the event's order."""

    participants: tuple[Match, ...]


class Grid(BaseModel):
    """When meetings are held, as an event takes it."""

    slots: tuple[Slot, ...]
    breaks: tuple[Break, ...]


class Deleted(BaseModel):
    """What is no more."""

    deleted: str


class FeedbackAnswer(BaseModel):
    """What was said after the meetings, in figures, and each pair summed up for the ranking."""

    reports: tuple[MeetingReport, ...]
    pairs: tuple[PairFeedback, ...]
    figures: MeetingFigures


def event_line(stored: StoredEvent) -> EventLine:
    """Return an event in short."""
    return EventLine(
        id=stored.event.id,
        title=stored.event.title,
        zone=stored.event.zone,
        participants=len(stored.event.participants),
        schedule=stored.schedule.state if stored.schedule else None,
        version=stored.version,
    )


def event_answer(stored: StoredEvent) -> EventAnswer:
    """Return an event with its schedule."""
    plan = stored.schedule
    return EventAnswer(
        version=stored.version,
        event=stored.event,
        schedule=plan,
        gap=plan.figures.gap if plan else None,
        optimal=plan.figures.optimal if plan else None,
        misfits=field_errors(misfits(stored.event, plan)) if plan else (),
        to_tell=notices(stored.event, plan) if plan else (),
        board=BoardLinks(current_database()).key(stored.event.id),
    )
