"""Routes for the day of an event: meetings by hand, who must be told, and who has arrived."""

from datetime import UTC, datetime

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from matcher.documents.badges import badges_pdf
from matcher.events.arrivals import Arrivals
from matcher.events.by_hand import Change, make, propose
from matcher.events.event import Instant
from matcher.events.mailing import Mailing
from matcher.events.notices import Notice, Told, notices
from matcher.events.openings import openings
from matcher.events.papers import event_badges, event_values
from matcher.events.plan import Meeting, Schedule
from matcher.events.repository import StoredEvent
from matcher.events.scheduler import settle
from matcher.i18n import LanguageCode
from matcher.i18n.languages import language
from matcher.web.api import staff
from matcher.web.api.schedules import fitting, planned
from matcher.web.http.context import current_database, current_matcher, current_settings
from matcher.web.http.exports import attachment, bare_types
from matcher.web.http.operations import Operation
from matcher.web.http.problems import FieldError
from matcher.web.http.uploads import field_errors
from matcher.web.http.validation import Given

day = Blueprint("day", __name__, url_prefix="/api/v1")
CHECK_IN = "check-in"


class ByHand(Change):
    """A change of one meeting."""

    preview: bool = Field(default=False, description="Only tell what it would come to.")
    not_before: Instant | None = Field(
        default=None, description="Declare over what begins before this moment."
    )


class Moment(Given):
    """From when on."""

    not_before: Instant | None = Field(
        default=None, description="Only meetings that begin at this moment or later."
    )


class Tell(Given):
    """How to tell."""

    language: LanguageCode = Field(
        default="en", description="Language of the first letter to somebody; later ones keep it."
    )


class Arrived(Given):
    """Whether a participant has arrived."""

    here: bool


class ByHandAnswer(BaseModel):
    """What a change comes to: rules that it breaks, what is given up, who must be told by then."""

    version: int
    made: bool
    refused: tuple[FieldError, ...]
    costs: tuple[FieldError, ...]
    to_tell: tuple[Notice, ...]


class Openings(BaseModel):
    """Meetings that could be held in free places."""

    meetings: tuple[Meeting, ...]


class ToldAnswer(Told):
    """Who was told by how many letters, and who has no address to write to."""

    version: int


class Guest(BaseModel):
    """A participant at the door, and since when it is there."""

    id: str
    name: str
    country: str | None
    cancelled: bool
    waiting: bool
    since: str | None


class CheckIn(BaseModel):
    """Who has arrived, and who has not."""

    title: str
    guests: tuple[Guest, ...]


@day.post("/events/<event_id>/meetings")
@Operation(
    problems=("conflict",),
    example={
        "kind": "move",
        "a": "sk-kosice-it-valley",
        "b": "ua-kharkiv-it-cluster",
        "slot": "1-0900",
    },
    scope=staff.SCOPE,
    if_match=True,
)
def change_meeting(wish: ByHand, event_id: str) -> ByHandAnswer:
    """Change a meeting by hand.

    Adds, moves, removes, pins or unpins one meeting, or swaps two. What is set by hand is pinned.
    With `preview`, tells which rules it breaks and what it costs, and changes nothing; without,
    it is refused where it breaks a rule that holds so far: so what does not fit the event any
    more can be put right.
    """
    stored = _seen(event_id)
    event, plan = stored.event, _settled(planned(stored), wish.not_before)
    proposal = propose(event, plan, wish)
    if not wish.preview:
        with (
            staff.seen_version() as version,
            staff.entered("change meeting", f"{event_id}: {wish.kind}"),
        ):
            after = make(event, event_values(current_matcher(), event), plan, wish)
            stored = staff.current_meetings().save(proposal.event, after, version=version)
    changed = stored.schedule if not wish.preview else None
    return ByHandAnswer(
        version=stored.version,
        made=not wish.preview,
        refused=field_errors(proposal.refused),
        costs=field_errors(proposal.costs),
        to_tell=notices(
            proposal.event, changed or plan.model_copy(update={"meetings": proposal.meetings})
        ),
    )


@day.get("/events/<event_id>/openings")
@Operation(query=Moment, problems=("conflict",), scope=staff.SCOPE)
def could_meet(moment: Moment, event_id: str) -> Openings:
    """Who could meet now.

    Meetings for the places that are free, with nobody moved for it. Nothing is changed: add them
    by hand, or all at once by `refill`.
    """
    stored = staff.current_meetings().get(event_id)
    values = event_values(current_matcher(), stored.event)
    found = openings(stored.event, values, _settled(fitting(stored), moment.not_before))
    return Openings(meetings=found)


@day.post("/events/<event_id>/notices")
@Operation(problems=("conflict",), example={"language": "en"}, scope=staff.SCOPE, if_match=True)
def tell_all(wish: Tell, event_id: str) -> ToldAnswer:
    """Tell everybody whose meetings are new, have moved or are off.

    Writes to the contacts of each who consent to meetings, and to whom a link was sent; the others
    are named, for staff to tell. From then on all of them count as told.
    """
    mailing = Mailing(current_database(), current_settings().origin)
    before = _seen(event_id)
    fitting(before)
    with staff.seen_version(), staff.entered("tell meetings", event_id) as outcome:
        stored, told = mailing.tell(before, language(wish.language))
        outcome.text = f"{sum(told.letters.values())} letters"
    return ToldAnswer(**dict(told), version=stored.version)


@day.get("/events/<event_id>/badges")
@Operation(query=Tell, scope=staff.SCOPE, files=bare_types(("pdf",)))
def badges(asked: Tell, event_id: str) -> Response:
    """Badges of an event.

    One for each delegate, or for each participant where no delegates are known, to cut out.
    """
    say = language(asked.language)
    event = staff.current_meetings().get(event_id).event
    file = badges_pdf(event_badges(event, say), event.title, say.code)
    return attachment(file, f"{event_id}-badges.pdf")


@day.get("/events/<event_id>/arrivals")
@Operation(scope=CHECK_IN)
def arrived(event_id: str) -> CheckIn:
    """Who has arrived."""
    return _guests(staff.current_meetings().get(event_id))


@day.put("/events/<event_id>/arrivals/<participant_id>")
@Operation(example={"here": True}, scope=CHECK_IN)
def arrive(wish: Arrived, event_id: str, participant_id: str) -> CheckIn:
    """Note that a participant has arrived, or has not after all.

    Needs no version: helpers and editors of the event do not wait for each other.
    """
    with staff.entered("note arrival", f"{event_id}: {participant_id}"):
        since = datetime.now(UTC) if wish.here else None
        _arrivals().note(event_id, participant_id, since)
    return _guests(staff.current_meetings().get(event_id))


def _seen(event_id: str) -> StoredEvent:
    """Return the event at the version that the editor names; any other is answered 412."""
    with staff.seen_version() as version:
        return staff.seen_event(event_id, version)


def _settled(plan: Schedule, moment: datetime | None) -> Schedule:
    return settle(plan, moment) if moment else plan


def _guests(stored: StoredEvent) -> CheckIn:
    since = _arrivals().of(stored.event.id)
    told = {"id", "name", "country", "cancelled", "waiting"}
    guests = tuple(
        Guest(**one.model_dump(include=told), since=since.get(one.id))
        for one in sorted(stored.event.participants, key=lambda one: (one.name.casefold(), one.id))
    )
    return CheckIn(title=stored.event.title, guests=guests)


def _arrivals() -> Arrivals:
    return Arrivals(current_database())
