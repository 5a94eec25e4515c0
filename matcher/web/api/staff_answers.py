"""Bodies of answers to staff."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from matcher.documents.letters import Letter
from matcher.introductions.workflow import Move, Origin, Outcome, State
from matcher.web.http.problems import FieldError


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


class MovedIntroductions(BaseModel):
    """Numbers of the introductions that took a step, and why the others did not."""

    moved: tuple[int, ...]
    refused: tuple[FieldError, ...]


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
