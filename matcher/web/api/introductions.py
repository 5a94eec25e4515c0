"""Routes for staff: introductions from plan to outcome, and their papers."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from typing import Annotated

from flask import Blueprint, Response, g
from pydantic import Field

from matcher.documents.archive import FORMATS, Format, render_brief
from matcher.errors import ClusterNotFoundError, ConflictError, InvalidInputError, NotFoundError
from matcher.i18n import LanguageCode
from matcher.i18n.languages import language as load_language
from matcher.introductions.conversion import ANCHORS, conversion
from matcher.introductions.papers import introduction_brief, introduction_letters
from matcher.introductions.workflow import (
    Answer,
    Introduction,
    Move,
    Origin,
    Outcome,
    Role,
    State,
    propose,
    require_honest,
)
from matcher.profiles.bounds import AtMost
from matcher.store.audit import first_of
from matcher.web.api import staff
from matcher.web.api.staff_answers import (
    ConversionAnswer,
    IntroductionAnswer,
    IntroductionList,
    Letters,
    MovedIntroductions,
    TakenBackSteps,
    answer_of,
)
from matcher.web.http.context import current_matcher, today
from matcher.web.http.exports import attachment, bare_types
from matcher.web.http.operations import Operation
from matcher.web.http.problems import FieldError
from matcher.web.http.validation import Given

introductions = Blueprint("introductions", __name__, url_prefix="/api/v1")
MOST_MOVED = 500
MOST_SENT = 100


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


class Several(Given):
    """Introductions to do something with at once."""

    introductions: Annotated[tuple[Seen, ...], AtMost(MOST_MOVED)] = Field(min_length=1)


class SharedStep(Step, Several):
    """A step of many introductions at once."""


class Questions(Given):
    """Introductions to ask a side of, by letter."""

    introductions: Annotated[tuple[Seen, ...], AtMost(MOST_SENT)] = Field(min_length=1)
    language: LanguageCode = Field(
        default="en", description="Language of letters to those of whom none is known."
    )


class PaperOptions(Given):
    """How a brief should come."""

    language: LanguageCode = Field(default="en", description="Language of the labels.")
    form: Format = Field(default="pdf", alias="format", description="File format.")


class LetterOptions(Given):
    """How the letters should be written."""

    language: LanguageCode = Field(default="en", description="Language of the letters.")
    sender: str | None = Field(default=None, max_length=200, description=staff.SENDER)


@introductions.get("/introductions")
@Operation(query=Search, scope=staff.SCOPE)
def list_introductions(search: Search) -> IntroductionList:
    """List introductions.

    With every step, also those that are private to staff.
    """
    found = staff.current_desk().introductions.all(
        cluster=search.cluster, state=search.state, due=today() if search.due else None
    )
    names = staff.names_of_staff()
    return IntroductionList(tuple(answer_of(one, names) for one in found))


@introductions.post("/introductions")
@Operation(
    problems=("cluster-not-found", "ambiguous-name", "conflict"),
    example={
        "a": "ua-kharkiv-it-cluster",
        "b": "sk-kosice-it-valley",
        "purpose": "A joint bid for a call on cyber-security",
    },
    scope=staff.SCOPE,
)
def add_introduction(given: Proposal) -> IntroductionAnswer:
    """Draft an introduction.

    Nobody is asked by this. Refused where one side does not want the other, or the pair has an
    introduction under way.
    """
    a, b = (current_matcher().find(name).id for name in (given.a, given.b))
    draft = propose(a, b, purpose=given.purpose, origin=given.origin, on=today(), who=g.actor)
    with staff.entered("draft introduction", f"{a}, {b}") as outcome:
        saved = staff.current_desk().introductions.add(draft)
        outcome.text = f"introduction {saved.id}"
    return _answer(saved)


@introductions.get("/introductions/<introduction_id>")
@Operation(scope=staff.SCOPE)
def introduction(introduction_id: int) -> IntroductionAnswer:
    """One introduction.

    The ETag of the answer is what a step has to send as If-Match.
    """
    return _answer(staff.current_desk().introductions.get(introduction_id))


@introductions.post("/introductions/<introduction_id>/moves")
@Operation(problems=("illegal-move",), example={"to": "vetted"}, scope=staff.SCOPE, if_match=True)
def move_introduction(step: Step, introduction_id: int) -> IntroductionAnswer:
    """Move an introduction on.

    Both sides are asked in turn; `legal_moves` of an introduction names the steps that are
    possible. A refusal needs an `answer`, an outcome its `outcome`.
    """
    move = _move(step)
    with (
        staff.seen_version() as version,
        staff.entered("move introduction", f"{introduction_id} to {step.to}"),
    ):
        moved = staff.current_desk().introductions.move(introduction_id, move, version=version)
    return _answer(moved)


@introductions.post("/introductions:move")
@Operation(example={"introductions": [{"id": 1, "version": 1}], "to": "vetted"}, scope=staff.SCOPE)
def move_introductions(step: SharedStep) -> MovedIntroductions:
    """Move many introductions on.

    Each on its own: those that cannot take the step stay as they are, and are named under
    `refused`. Where staff record that both sides agreed, the `reason` says how that is known.
    """
    move, table = _move(step), staff.current_desk().introductions
    return _each(
        step.introductions,
        f"move introductions to {step.to}",
        lambda one: table.move(one.id, move, version=one.version),
    )


@introductions.post("/introductions:undo")
@Operation(example={"introductions": [{"id": 1, "version": 2}]}, scope=staff.SCOPE)
def take_back_steps(given: Several) -> TakenBackSteps:
    """Take back the last step of introductions.

    Of those whose last step staff have entered. Where no side is asked any more, its link
    ends. A letter that waits in the outbox is withdrawn; one that has gone cannot be called back.
    """
    table = staff.current_desk().introductions
    letters: dict[bool | None, int] = Counter()

    def take_back(one: Seen) -> Introduction:
        after, withdrawn = table.take_back(one.id, version=one.version)
        letters[withdrawn] += 1
        return after

    answer = _each(given.introductions, "take steps back", take_back)
    return TakenBackSteps(**dict(answer), withdrawn=letters[True], gone=letters[False])


@introductions.post("/introductions:send")
@Operation(example={"introductions": [{"id": 1, "version": 1}]}, scope=staff.SCOPE)
def send_letters(given: Questions) -> MovedIntroductions:
    """Ask the sides of introductions by letter, or remind them.

    Each letter goes to the side whose turn it is, by the outbox, with a link to answer. When the
    first side says yes, the second is asked, and when both have, they are put in touch.
    """
    asking, table = staff.current_asking(), staff.current_desk().introductions
    say = load_language(given.language)

    def send(one: Seen) -> Introduction:
        seen = replace(table.get(one.id), version=one.version)
        for cluster in (seen.a, seen.b):  # before anything is noted
            current_matcher().find(cluster)
        return asking.send(seen, say, today(), who=g.actor)

    return _each(given.introductions, "ask by letter", send)


def _each(
    chosen: tuple[Seen, ...], action: str, act: Callable[[Seen], Introduction]
) -> MovedIntroductions:
    """Do something with each introduction on its own, and name those that refuse it."""
    moved: list[int] = []
    refused: list[FieldError] = []
    with staff.entered(action, first_of(str(one.id) for one in chosen)) as outcome:
        for one in chosen:
            try:
                moved.append(act(one).id)
            except (ClusterNotFoundError, ConflictError, InvalidInputError, NotFoundError) as error:
                refused.append(FieldError(f"introduction {one.id}", None, str(error)))
        outcome.text = f"{len(moved)} moved, {len(refused)} refused"
    return MovedIntroductions(moved=tuple(moved), refused=tuple(refused))


@introductions.get("/introductions/<introduction_id>/brief")
@Operation(
    query=PaperOptions,
    problems=("cluster-not-found",),
    scope=staff.SCOPE,
    files=bare_types(FORMATS),
)
def brief(options: PaperOptions, introduction_id: int) -> Response:
    """The brief of an introduction.

    One page for both sides. Contacts are on it when both have agreed.
    """
    found = staff.current_desk().introductions.get(introduction_id)
    staff.shown("read brief", f"introduction {found.id}")
    page = introduction_brief(
        current_matcher(),
        staff.current_desk(),
        found,
        on=today(),
        language=options.language,
        occasion=staff.current_meetings().next_together(found.a, found.b, today()),
    )
    return attachment(render_brief(page, options.form), f"{page.name}.{options.form}")


@introductions.get("/introductions/<introduction_id>/letters")
@Operation(query=LetterOptions, problems=("cluster-not-found",), scope=staff.SCOPE)
def letters(options: LetterOptions, introduction_id: int) -> Letters:
    """The letters of an introduction.

    Texts to send yourself: the first question to either side and, when both have agreed, the
    joint introduction.
    """
    found = staff.current_desk().introductions.get(introduction_id)
    staff.shown("read letters", f"introduction {found.id}")
    written = introduction_letters(
        current_matcher(),
        staff.current_desk(),
        found,
        on=today(),
        language=options.language,
        occasion=staff.current_meetings().next_together(found.a, found.b, today()),
        sender=options.sender,
    )
    return Letters(written["ask_a"], written["ask_b"], written.get("joint"))


@introductions.get("/introductions:conversion")
@Operation(scope=staff.SCOPE)
def outcomes() -> ConversionAnswer:
    """What came of the introductions.

    How many reached each state and outcome, beside published figures of comparable programmes.
    """
    found = conversion(staff.current_desk().introductions.all())
    anchors = [{**asdict(anchor), "share": anchor.share} for anchor in ANCHORS]
    return ConversionAnswer(
        reached=found.reached, outcomes=found.outcomes, share=found.share, anchors=anchors
    )


def _move(step: Step) -> Move:
    day = step.on or today()
    move = Move(day, step.role, step.to, step.reason, step.answer, step.outcome, g.actor)
    require_honest(move, today())
    return move


def _answer(one: Introduction) -> IntroductionAnswer:
    return answer_of(one, staff.names_of_staff())
