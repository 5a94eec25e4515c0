"""Routes for staff: introductions from plan to outcome, and their papers."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from flask import Blueprint, Response, jsonify, request
from pydantic import Field

from matcher.documents.archive import FORMATS, Format, render_brief
from matcher.errors import ConflictError, FieldProblem, InvalidInputError, NotFoundError
from matcher.i18n import LanguageCode
from matcher.introductions.conversion import ANCHORS, conversion
from matcher.introductions.papers import introduction_brief, introduction_letters
from matcher.introductions.workflow import (
    Answer,
    IllegalMoveError,
    Introduction,
    Move,
    Origin,
    Outcome,
    Role,
    State,
    expires_on,
    legal_moves,
    propose,
    reminder_on,
)
from matcher.profiles.bounds import AtMost
from matcher.web.api import staff
from matcher.web.api.staff_answers import (
    ConversionAnswer,
    IntroductionAnswer,
    IntroductionList,
    Letters,
    MovedIntroductions,
)
from matcher.web.http.context import current_matcher, name_of, today
from matcher.web.http.exports import attachment, bare_types
from matcher.web.http.jsonio import read_body
from matcher.web.http.operations import Operation
from matcher.web.http.parameters import parameters_of, read_query
from matcher.web.http.problems import FieldError
from matcher.web.http.validation import Given, validated

introductions = Blueprint("introductions", __name__, url_prefix="/api/v1")
introductions.after_request(staff.keep_private)
MOST_MOVED = 500


class Search(Given):
    """Which introductions to list."""

    cluster: str | None = Field(default=None, description="Of this cluster only, by its id.")
    state: State | None = Field(default=None, description="In this state only.")
    due: bool = Field(
        default=False, description="Only where the day of the reminder or expiry has come."
    )


class Proposal(Given):
    """An introduction to draft; clusters by name or id."""

    a: str = Field(min_length=1, max_length=300)
    b: str = Field(min_length=1, max_length=300)
    purpose: str = Field(min_length=1, max_length=300, description="One line for both to read.")
    origin: Origin = Field(default="staff", description="Who asked for it.")


class Step(Given):
    """A step of an introduction, as it happened."""

    to: State
    role: Role = "staff"
    reason: str = Field(default="", max_length=2000)
    answer: Answer | None = None
    outcome: Outcome | None = None
    on: date | None = Field(default=None, description="The day; today when absent.")


class Seen(Given):
    """An introduction, at the version that was seen."""

    id: int = Field(ge=1, lt=10**9)
    version: int = Field(ge=1, lt=10**9)


class SharedStep(Step):
    """A step of many introductions at once."""

    introductions: Annotated[tuple[Seen, ...], AtMost(MOST_MOVED)] = Field(min_length=1)


class PaperOptions(Given):
    """How a brief should come."""

    language: LanguageCode = Field(default="en", description="Language of the labels.")
    form: Format = Field(default="pdf", description="File format.")


class LetterOptions(Given):
    """How the letters should be written."""

    language: LanguageCode = Field(default="en", description="Language of the letters.")
    sender: str = Field(
        default="The networking team", max_length=200, description="Who signs them."
    )


SEARCH = parameters_of(Search, {"cluster": "cluster", "state": "state", "due": "due"})
PAPER = parameters_of(PaperOptions, {"language": "language", "form": "format"})
LETTER = parameters_of(LetterOptions, {"language": "language", "sender": "sender"})


@introductions.get("/introductions")
@Operation(
    IntroductionList,
    parameters=SEARCH,
    problems=("invalid-input", "store-unavailable"),
    scope=staff.SCOPE,
)
def list_introductions() -> Response:
    """List introductions.

    With every step, also those that are private to staff.
    """
    search = read_query(SEARCH, request.args, Search)
    found = staff.current_desk().introductions.all(
        cluster=search.cluster, state=search.state, due=today() if search.due else None
    )
    return jsonify(IntroductionList(tuple(map(_answer, found))))


@introductions.post("/introductions")
@Operation(
    IntroductionAnswer,
    body={"application/json": Proposal},
    problems=(*staff.WRITES, "cluster-not-found", "ambiguous-name", "conflict"),
    example={
        "a": "ua-kharkiv-it-cluster",
        "b": "sk-kosice-it-valley",
        "purpose": "A joint bid for a call on cyber-security",
    },
    scope=staff.SCOPE,
)
def add_introduction() -> Response:
    """Draft an introduction.

    Nobody is asked by this. Refused where one side does not want the other, or the pair has an
    introduction under way.
    """
    given = validated(Proposal, read_body(), where="body")
    a, b = (current_matcher().find(name).id for name in (given.a, given.b))
    draft = propose(a, b, purpose=given.purpose, origin=given.origin, on=today())
    with staff.entered("draft introduction", f"{a}, {b}") as outcome:
        saved = staff.current_desk().introductions.add(draft)
        outcome.text = f"introduction {saved.id}"
    return staff.versioned(_answer(saved), saved.version)


@introductions.get("/introductions/<introduction_id>")
@Operation(IntroductionAnswer, problems=staff.READS, scope=staff.SCOPE)
def introduction(introduction_id: str) -> Response:
    """One introduction.

    The ETag of the answer is what a step has to send as If-Match.
    """
    found = _introduction(introduction_id)
    return staff.versioned(_answer(found), found.version)


@introductions.post("/introductions/<introduction_id>/moves")
@Operation(
    IntroductionAnswer,
    body={"application/json": Step},
    problems=(*staff.WRITES, "not-found", "illegal-move"),
    example={"to": "vetted"},
    scope=staff.SCOPE,
    if_match=True,
)
def move_introduction(introduction_id: str) -> Response:
    """Move an introduction on.

    Both sides are asked in turn; `legal_moves` of an introduction names the steps that are
    possible. A refusal needs an `answer`, an outcome its `outcome`.
    """
    key = staff.number_of("introduction", introduction_id)
    step = validated(Step, read_body(), where="body")
    move = _move(step)
    with (
        staff.seen_version() as version,
        staff.entered("move introduction", f"{key} to {step.to}"),
    ):
        moved = staff.current_desk().introductions.move(key, move, version=version)
    return staff.versioned(_answer(moved), moved.version)


@introductions.post("/introductions:move")
@Operation(
    MovedIntroductions,
    body={"application/json": SharedStep},
    problems=staff.WRITES,
    example={"introductions": [{"id": 1, "version": 1}], "to": "vetted"},
    scope=staff.SCOPE,
)
def move_introductions() -> Response:
    """Move many introductions on.

    Each on its own: those that cannot take the step stay as they are, and are named under
    `refused`. Where staff record that both sides agreed, the `reason` says how that is known.
    """
    step = validated(SharedStep, read_body(), where="body")
    if step.to == "agreed" and step.role == "staff" and not step.reason.strip():
        raise InvalidInputError(
            "Staff speak for the sides here: say how it is known that they agreed.",
            [FieldProblem("body", "say how it is known, such as by telephone", "reason")],
        )
    move, table = _move(step), staff.current_desk().introductions
    moved: list[int] = []
    refused: list[FieldError] = []
    with staff.entered("move introductions", f"to {step.to}") as outcome:
        for one in step.introductions:
            try:
                moved.append(table.move(one.id, move, version=one.version).id)
            except (ConflictError, IllegalMoveError, NotFoundError) as error:
                refused.append(FieldError(f"introduction {one.id}", None, str(error)))
        outcome.text = f"{len(moved)} moved, {len(refused)} refused"
    answer = MovedIntroductions(moved=tuple(moved), refused=tuple(refused))
    return jsonify(answer.model_dump(mode="json"))


@introductions.get("/introductions/<introduction_id>/brief")
@Operation(
    bytes,
    parameters=PAPER,
    problems=(*staff.READS, "invalid-input", "cluster-not-found"),
    scope=staff.SCOPE,
    files=bare_types(FORMATS),
)
def brief(introduction_id: str) -> Response:
    """The brief of an introduction.

    One page for both sides. Contacts are on it when both have agreed.
    """
    options = read_query(PAPER, request.args, PaperOptions)
    found = _introduction(introduction_id)
    staff.shown("read brief", f"introduction {found.id}")
    page = introduction_brief(
        current_matcher(),
        staff.current_desk(),
        found,
        on=today(),
        language=options.language,
    )
    return attachment(render_brief(page, options.form), f"{page.name}.{options.form}")


@introductions.get("/introductions/<introduction_id>/letters")
@Operation(
    Letters,
    parameters=LETTER,
    problems=(*staff.READS, "invalid-input", "cluster-not-found"),
    scope=staff.SCOPE,
)
def letters(introduction_id: str) -> Response:
    """The letters of an introduction.

    Texts to send yourself: the first question to either side and, when both have agreed, the
    joint introduction.
    """
    options = read_query(LETTER, request.args, LetterOptions)
    found = _introduction(introduction_id)
    staff.shown("read letters", f"introduction {found.id}")
    written = introduction_letters(
        current_matcher(),
        staff.current_desk(),
        found,
        on=today(),
        language=options.language,
        sender=options.sender,
        occasion=staff.current_meetings().next_together(found.a, found.b, today()),
    )
    return jsonify(Letters(written["ask_a"], written["ask_b"], written.get("joint")))


@introductions.get("/introductions:conversion")
@Operation(ConversionAnswer, problems=("store-unavailable",), scope=staff.SCOPE)
def outcomes() -> Response:
    """What came of the introductions.

    How many reached each state and outcome, beside published figures of comparable programmes.
    """
    found = conversion(staff.current_desk().introductions.all())
    anchors = [{**asdict(anchor), "share": anchor.share} for anchor in ANCHORS]
    return jsonify(
        ConversionAnswer(
            reached=found.reached,
            outcomes=found.outcomes,
            share=found.share,
            anchors=anchors,
        ).model_dump(mode="json")
    )


def _introduction(text: str) -> Introduction:
    return staff.current_desk().introductions.get(staff.number_of("introduction", text))


def _move(step: Step) -> Move:
    """Return the step as a move.

    Raises
    ------
    InvalidInputError
        It is still to come.
    """
    day = step.on or today()
    if day > today():
        raise InvalidInputError(
            "A step can only be recorded once it has happened.",
            [FieldProblem("body", "is to come", "on")],
        )
    return Move(day, step.role, step.to, step.reason, step.answer, step.outcome)


def _answer(one: Introduction) -> IntroductionAnswer:
    return IntroductionAnswer(
        id=one.id,
        a=one.a,
        b=one.b,
        name_a=name_of(one.a),
        name_b=name_of(one.b),
        purpose=one.purpose,
        origin=one.origin,
        state=one.state,
        since=one.since,
        outcome=one.outcome,
        consent_a=one.consent("a"),
        consent_b=one.consent("b"),
        legal_moves=legal_moves(one, "staff"),
        reminder_on=reminder_on(one),
        expires_on=expires_on(one),
        moves=one.moves,
        version=one.version,
    )
