"""Bodies of answers to staff."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from matcher.introductions.briefs.letters import Letter
from matcher.introductions.workflow import Move, Origin, Outcome, State
from matcher.meetings.after import MeetingReport, PairFeedback
from matcher.meetings.event import Event
from matcher.meetings.plan import Schedule, ScheduleState


@dataclass(frozen=True, slots=True)
class IntroductionAnswer:
    """An introduction with all its steps, and what can be done next.

    `version` is also the ETag, which a step sends as If-Match. Where a cluster is no longer
    listed, its id stands for its name.
    """

    id: int
    a: str
    b: str
    name_a: str
    name_b: str
    purpose: str
    origin: Origin
    state: State
    since: date
    outcome: Outcome | None
    consent_a: bool
    consent_b: bool
    legal_moves: tuple[State, ...]
    reminder_on: date | None
    expires_on: date | None
    moves: tuple[Move, ...]
    version: int


@dataclass(frozen=True, slots=True)
class IntroductionList:
    """Introductions, the oldest first."""

    introductions: tuple[IntroductionAnswer, ...]


@dataclass(frozen=True, slots=True)
class Letters:
    """Texts to send; `joint` only when both sides have agreed."""

    ask_a: Letter
    ask_b: Letter
    joint: Letter | None


class AnchorAnswer(BaseModel):
    """Published figures of a programme; fields as in `Anchor`."""

    name: str
    meetings: int
    agreements: int
    projects: int | None
    share: float


class ConversionAnswer(BaseModel):
    """How many introductions reached each state and outcome.

    `share` is memoranda and projects per meeting held.
    """

    reached: dict[State, int]
    outcomes: dict[Outcome, int]
    share: float | None
    anchors: tuple[AnchorAnswer, ...]


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
    bound that the schedule does not reach; `optimal`: it is proven best.
    """

    version: int
    event: Event
    schedule: Schedule | None
    gap: float | None
    optimal: bool | None


class FeedbackAnswer(BaseModel):
    """What was said after the meetings, and each pair summed up for the ranking."""

    reports: tuple[MeetingReport, ...]
    pairs: tuple[PairFeedback, ...]
