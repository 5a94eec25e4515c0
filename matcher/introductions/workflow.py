"""Double opt-in: the states of an introduction, and who may move it where.

Both sides are asked in private and in turn; only when both have said yes are they put in touch.
Every move is made by a person and keeps its date, role and reason. What a side gave as the reason
for a refusal is for staff alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, get_args

from matcher.errors import ConflictError, FieldProblem, InvalidInputError

State = Literal[
    "draft",
    "vetted",
    "asked_a",
    "asked_b",
    "agreed",
    "introduced",
    "met",
    "outcome",
    "declined",
    "expired",
]
Role = Literal["staff", "a", "b"]
Origin = Literal["staff", "a"]
Outcome = Literal["mou", "project", "none"]
Answer = Literal["no", "not_now", "known_to_us", "not_for_us"]
STATES: tuple[State, ...] = get_args(State)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
ANSWERS: tuple[Answer, ...] = get_args(Answer)
MOST_OPEN = 10
"""Introductions that one cluster may have asked for and that are not over."""

MOST_A_DAY = 5
CLOSED: tuple[State, ...] = ("outcome", "declined", "expired")
"""States in which nobody has to do anything any more."""

UNASKED: tuple[State, ...] = ("draft", "vetted")
"""States in which no side has been asked."""

NOT_WRITTEN = "no address is known: no letter was sent"
"""Reason of a step by which a side should be asked; it is due at once."""

_STAFF: frozenset[Role] = frozenset({"staff"})
_A: frozenset[Role] = frozenset({"staff", "a"})
_B: frozenset[Role] = frozenset({"staff", "b"})
_BOTH: frozenset[Role] = _A | _B

MOVES: Mapping[State, Mapping[State, frozenset[Role]]] = MappingProxyType(
    {
        "draft": {"vetted": _STAFF, "declined": _A, "expired": _STAFF},
        "vetted": {"asked_a": _STAFF, "asked_b": _STAFF, "declined": _A, "expired": _STAFF},
        "asked_a": {"asked_b": _A, "declined": _A, "expired": _STAFF, "asked_a": _STAFF},
        "asked_b": {"agreed": _B, "declined": _BOTH, "expired": _STAFF, "asked_b": _STAFF},
        "agreed": {"introduced": _STAFF, "declined": _BOTH, "expired": _STAFF},
        "introduced": {"met": _BOTH, "declined": _BOTH, "expired": _STAFF},
        "met": {"outcome": _BOTH},
        "outcome": {"outcome": _BOTH},
        "declined": {},
        "expired": {},
    }
)
"""State -> state it may become -> roles that may say so. Staff may record any side's answer; who
is asked again is reminded, and the days of waiting begin anew."""

WAITING_DAYS: Mapping[State, tuple[int, int]] = MappingProxyType(
    {
        "asked_a": (7, 21),
        "asked_b": (7, 21),
        "agreed": (3, 14),
        "introduced": (14, 60),
    }
)
"""State -> days until a reminder is due, days until it expires."""
OUTCOME_REMINDER_DAYS = 90


class IllegalMoveError(InvalidInputError):
    """The introduction cannot be moved like that; the text names the moves that are legal."""

    code = "illegal-move"


@dataclass(frozen=True, slots=True)
class Move:
    """One step of an introduction.

    Attributes
    ----------
    on
        The day it happened.
    role
        Who made it: staff, or a side.
    to
        The state it led to.
    reason
        In the words of who made it; of a refusal, for staff alone.
    answer
        Kind of a refusal.
    outcome
        What came of it, when `to` is ``"outcome"``.
    who
        Who of the staff entered it, as the audit log names them; empty for a side's own answer.
    """

    on: date
    role: Role
    to: State
    reason: str = ""
    answer: Answer | None = None
    outcome: Outcome | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two clusters on their way to each other.

    Attributes
    ----------
    id
        Key, given by the store; 0 before it is saved.
    a, b
        Ids of the clusters; a is asked first, or asked for the introduction itself.
    purpose
        What it is for, in one line that both sides will read.
    origin
        Who wished for it: staff, or a itself (whose yes is then given).
    moves
        All steps so far, the first one to ``"draft"``.
    version
        Rises by one with each change, so that two people cannot overwrite each other.
    """

    id: int
    a: str
    b: str
    purpose: str
    origin: Origin
    moves: tuple[Move, ...]
    version: int = 1

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.moves[-1].to

    @property
    def since(self) -> date:
        """The day it came to its present state."""
        return self.moves[-1].on

    @property
    def outcome(self) -> Outcome | None:
        """What came of it, so far as known."""
        return self.moves[-1].outcome

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state not in CLOSED

    def of(self, side: Literal["a", "b"]) -> str:
        """Id of the cluster of a side."""
        return self.a if side == "a" else self.b

    def consent(self, side: Literal["a", "b"]) -> bool:
        """Whether the side has agreed to be introduced."""
        reached = {move.to for move in self.moves}
        if side == "b":
            return "agreed" in reached
        return "asked_b" in reached or self.origin == "a"


def further(*outcomes: Outcome | None) -> Outcome | None:
    """Which of the outcomes led furthest: a project, then a memorandum, then nothing."""
    order: tuple[Outcome, ...] = ("none", "mou", "project")
    return max(filter(None, outcomes), key=order.index, default=None)


def propose(
    a: str, b: str, *, purpose: str, origin: Origin = "staff", on: date, who: str = ""
) -> Introduction:
    """Draft an introduction; nobody is asked by this.

    Raises
    ------
    InvalidInputError
        The two clusters are one and the same, or the purpose is missing.
    """
    if a == b:
        raise InvalidInputError("A cluster cannot be introduced to itself.")
    if not purpose.strip():
        raise InvalidInputError(
            "Say what the introduction is for.", [FieldProblem("purpose", "one line is needed")]
        )
    draft = Move(on, origin, "draft", who=who)
    return Introduction(0, a, b, " ".join(purpose.split()), origin, (draft,))


def legal_moves(introduction: Introduction, role: Role) -> tuple[State, ...]:
    """States that this role may move the introduction to now."""
    return tuple(
        state
        for state, roles in MOVES[introduction.state].items()
        if role in roles and _asked_in_turn(introduction, state)
    )


def advance(introduction: Introduction, move: Move) -> Introduction:
    """Apply a move; the version rises by one.

    Raises
    ------
    IllegalMoveError
        State or role do not allow it, the day is before the last move's, or what the move must
        say (answer of a refusal, outcome) is missing or out of place.
    """
    legal = legal_moves(introduction, move.role)
    if move.to not in legal:
        listed = ", ".join(legal) or "none: this role cannot move it any further"
        raise IllegalMoveError(
            f"An introduction in state {introduction.state!r} cannot be moved to {move.to!r} by "
            f"{move.role!r}. Legal moves: {listed}."
        )
    if move.on < introduction.since:
        raise IllegalMoveError(
            f"The move is dated {move.on}, before the last one on {introduction.since}."
        )
    if (move.to == "declined") != (move.answer is not None):
        raise IllegalMoveError(
            f"A refusal needs an answer ({', '.join(ANSWERS)}); no other move has one."
        )
    if (move.to == "outcome") != (move.outcome is not None):
        raise IllegalMoveError(
            f"An outcome needs its kind ({', '.join(OUTCOMES)}); no other move has one."
        )
    return replace(
        introduction, moves=(*introduction.moves, move), version=introduction.version + 1
    )


def require_honest(move: Move, today: date) -> None:
    """Check a step that staff enter: it has happened, and they say how they know that two agreed.

    Raises
    ------
    InvalidInputError
        It is still to come, or staff speak for the second side and do not say how they know.
    """
    if move.on > today:
        raise InvalidInputError(
            "A step can only be recorded once it has happened.",
            [FieldProblem("step", "is to come", "on")],
        )
    if move.to == "agreed" and move.role == "staff" and not move.reason.strip():
        raise InvalidInputError(
            "Staff speak for the sides here: say how it is known that they agreed.",
            [FieldProblem("step", "say how it is known, such as by telephone", "reason")],
        )


def require_room(known: Iterable[Introduction], cluster: str, today: date) -> None:
    """Check that a cluster may ask for one more of its introductions.

    Raises
    ------
    ConflictError
        It has asked for too many that are still open, or for too many today.
    """
    asked = [one for one in known if one.a == cluster and one.origin == "a"]
    if sum(one.is_open for one in asked) >= MOST_OPEN:
        raise ConflictError("Some of your introductions are still open: wait for their answers.")
    if sum(one.moves[0].on == today for one in asked) >= MOST_A_DAY:
        raise ConflictError("You have asked for several introductions today: go on tomorrow.")


def require_undecided(introduction: Introduction) -> None:
    """Check that staff still have to decide about a request.

    Raises
    ------
    ConflictError
        It was passed on or ended already.
    """
    if introduction.state not in UNASKED:
        raise ConflictError("This request is not there any more: somebody has decided it.")


def turn(introduction: Introduction) -> Literal["a", "b"]:
    """Tell which side is to be asked next, or waited for.

    Raises
    ------
    IllegalMoveError
        Nobody is.
    """
    if introduction.state in UNASKED:
        return "b" if introduction.origin == "a" else "a"
    if introduction.state not in ("asked_a", "asked_b"):
        raise IllegalMoveError(
            f"There is nobody to ask in an introduction in state {introduction.state!r}."
        )
    return "a" if introduction.state == "asked_a" else "b"


def refusing_side(before: Introduction, move: Move) -> Literal["a", "b"]:
    """Tell whose refusal a move records: the side that was asked, or that speaks for itself."""
    if move.role == "staff":
        return "b" if before.state == "asked_b" else "a"
    return move.role


def reminder_on(introduction: Introduction) -> date | None:
    """Tell the day on which to remind somebody; ``None`` where nothing is awaited."""
    if introduction.state == "met":
        return introduction.since + timedelta(days=OUTCOME_REMINDER_DAYS)
    if introduction.moves[-1].reason == NOT_WRITTEN:
        return introduction.since
    days = WAITING_DAYS.get(introduction.state)
    return introduction.since + timedelta(days=days[0]) if days else None


def expires_on(introduction: Introduction) -> date | None:
    """Tell the day on which silence is taken as "not now"; ``None`` where it never is."""
    days = WAITING_DAYS.get(introduction.state)
    return introduction.since + timedelta(days=days[1]) if days else None


def _asked_in_turn(introduction: Introduction, state: State) -> bool:
    """From vetted, a is asked first, unless the wish came from a: then b is asked at once."""
    if introduction.state != "vetted" or state not in ("asked_a", "asked_b"):
        return True
    return (state == "asked_b") == (introduction.origin == "a")
