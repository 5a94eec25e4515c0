"""Bodies of answers to staff."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel

from matcher.documents.letters import Letter
from matcher.introductions.workflow import (
    Introduction,
    Move,
    Origin,
    Outcome,
    State,
    expires_on,
    legal_moves,
    reminder_on,
)
from matcher.web.http.context import name_of
from matcher.web.http.problems import FieldError


@dataclass(frozen=True, slots=True)
class IntroductionAnswer:
    """An introduction with all its steps, and what can be done next.

    A step names who of the staff entered it; `may_undo` tells whether the last one can be taken
    back. `version` is also the ETag, which a step sends as If-Match. Where a cluster is no longer
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
    may_undo: bool
    version: int


def answer_of(one: Introduction, names: Mapping[str, str]) -> IntroductionAnswer:
    """Return what staff are told of an introduction.

    Parameters
    ----------
    names
        Of the staff, by what the audit log calls them.
    """
    same = ("id", "a", "b", "purpose", "origin", "state", "since", "outcome", "version")
    return IntroductionAnswer(
        **{name: getattr(one, name) for name in same},
        name_a=name_of(one.a),
        name_b=name_of(one.b),
        consent_a=one.consent("a"),
        consent_b=one.consent("b"),
        legal_moves=legal_moves(one, "staff"),
        reminder_on=reminder_on(one),
        expires_on=expires_on(one),
        moves=tuple(replace(move, who=names.get(move.who, move.who)) for move in one.moves),
        may_undo=len(one.moves) > 1 and bool(one.moves[-1].who),
    )


@dataclass(frozen=True, slots=True)
class IntroductionList:
    """Introductions, the oldest first."""

    introductions: tuple[IntroductionAnswer, ...]


class MovedIntroductions(BaseModel):
    """Numbers of the introductions that took a step, and why the others did not."""

    moved: tuple[int, ...]
    refused: tuple[FieldError, ...]


class TakenBackSteps(MovedIntroductions):
    """The same of steps taken back, and how many of their letters are withdrawn, or have gone."""

    withdrawn: int
    gone: int


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
