"""Routes for staff: programmes of introductions, and what is made of the pairs of a plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import orjson
from flask import Blueprint, Response, g
from pydantic import Field

from matcher.documents.archive import Format, brief_archive
from matcher.errors import ConflictError, FieldProblem, InvalidInputError
from matcher.i18n import LanguageCode
from matcher.i18n.languages import language as load_language
from matcher.introductions.briefing import BriefContext
from matcher.introductions.papers import pair_brief, plan_with
from matcher.introductions.programme import Programme
from matcher.introductions.workflow import propose
from matcher.planning.plan import PlanRequest
from matcher.planning.report import plan_report
from matcher.profiles.profile import Intent
from matcher.web.api import staff
from matcher.web.api.jobs import JobAnswer, accepted
from matcher.web.http.context import current_matcher, today
from matcher.web.http.exports import attachment
from matcher.web.http.jsonio import to_json
from matcher.web.http.operations import Operation
from matcher.web.http.validation import Given
from matcher.web.http.work import Tell

plans = Blueprint("plans", __name__, url_prefix="/api/v1")

LONGEST_PLANNING = 30.0
"""Seconds that a request may plan for."""
MOST_DRAFTS = 1000
MOST_BRIEFS = 40
_PAIR = ["ua-kharkiv-it-cluster", "sk-kosice-it-valley"]
Name = Annotated[str, Field(min_length=1, max_length=300)]


@dataclass(frozen=True, slots=True)
class ProgrammeAnswer:
    """The programme; `version` is also the ETag, which a change sends as If-Match."""

    programme: Programme
    version: int


class Tongue(Given):
    """The reader's language."""

    language: LanguageCode = Field(default="en", description="Language of the answer's sentences.")


class Question(Given):
    """Why a pair is not in the plan of a programme; the two by name or id."""

    programme: PlanRequest
    a: Name
    b: Name


class Drafts(Given):
    """Pairs to draft introductions of, each first side and second side, by name or id."""

    pairs: tuple[tuple[Name, Name], ...] = Field(min_length=1, max_length=MOST_DRAFTS)
    purpose: str | None = Field(
        default=None,
        min_length=1,
        max_length=300,
        description="One line for both to read; each pair's own, as its brief has it, when absent.",
    )
    intent: Intent | None = Field(default=None, description="Purpose of the programme.")


class Papers(Given):
    """Pairs to write briefs and letters for, by name or id."""

    pairs: tuple[tuple[Name, Name], ...] = Field(min_length=1, max_length=MOST_BRIEFS)
    intent: Intent | None = Field(default=None, description="Purpose of the programme.")
    sender: str | None = Field(default=None, max_length=200, description=staff.SENDER)
    formats: tuple[Format, ...] = Field(default=("pdf", "docx"), min_length=1, max_length=2)


@plans.get("/programme")
@Operation(scope=staff.SCOPE)
def programme() -> ProgrammeAnswer:
    """What all letters and briefs say of the programme.

    Its name, who signs, where the two of a pair could talk, and until when to answer.
    """
    return ProgrammeAnswer(*staff.current_desk().programmes.read())


@plans.put("/programme")
@Operation(
    example={"name": "Bridges 2030", "sender": "The networking team of the example agency"},
    scope=staff.SCOPE,
    if_match=True,
)
def settle_programme(given: Programme) -> ProgrammeAnswer:
    """Settle what all letters and briefs say of the programme.

    What is left out is not said. Letters that were written before stay as they are.
    """
    with staff.seen_version() as version, staff.entered("settle programme", given.name):
        now = staff.current_desk().programmes.save(given, version=version, on=today())
    return ProgrammeAnswer(given, now)


@plans.post("/introductions:plan")
@Operation(
    JobAnswer,
    description="Begins a job whose `result` is the plan, a `PlanReport`, and under `request` "
    "what was asked for: the introductions of most mutual value under the limits of both "
    "sides, and how they are spread. Nothing else is stored. Pairs that know each other, that "
    "refused or are being introduced are left out. The same request gives the same plan while "
    f"nothing else changes. `time_limit`: {LONGEST_PLANNING:g} s at most.",
    query=Tongue,
    example={"targets": ["sk-kosice-it-valley"], "asker_limits": {"at_most": 1}},
    scope=staff.SCOPE,
    status=202,
)
def plan(wishes: PlanRequest, said: Tongue) -> Response:
    """Plan a programme."""
    _check_limit(wishes)
    return accepted("plan programme", wishes.objective, partial(_plan, wishes, said.language))


@plans.post("/introductions:why-not")
@Operation(
    JobAnswer,
    query=Tongue,
    problems=("cluster-not-found", "ambiguous-name"),
    example={"programme": {"asker_limits": {"at_most": 1}}, "a": _PAIR[0], "b": _PAIR[1]},
    scope=staff.SCOPE,
    status=202,
)
def why_not(question: Question, said: Tongue) -> Response:
    """Why a pair is not in a plan.

    Begins a job whose `result` says, under `sentences`, what keeps the first side from being
    introduced to the second in the plan of this programme, and what it would cost.
    """
    _check_limit(question.programme)
    a, b = (current_matcher().find(name).id for name in (question.a, question.b))
    task = partial(_why_not, question.programme, (a, b), said.language)
    return accepted("explain plan", f"{a}, {b}", task)


@plans.post("/introductions:draft")
@Operation(
    JobAnswer,
    query=Tongue,
    problems=("cluster-not-found", "ambiguous-name"),
    example={"pairs": [_PAIR]},
    scope=staff.SCOPE,
    status=202,
)
def draft(wishes: Drafts, said: Tongue) -> Response:
    """Draft introductions of many pairs.

    Begins a job whose `result` has the numbers of the introductions `drafted`, and the pairs
    `left_out`, which refused or have an introduction under way. Nobody is asked by this.
    """
    task = partial(_draft, wishes, _ids(wishes.pairs), said.language)
    return accepted("draft introductions", f"{len(wishes.pairs)} pairs", task)


@plans.post("/introductions:briefs")
@Operation(
    description="A zip with a folder for each pair. No contacts are in it: nobody has been "
    f"asked yet. {MOST_BRIEFS} pairs at most.",
    query=Tongue,
    problems=("cluster-not-found", "ambiguous-name"),
    example={"pairs": [_PAIR]},
    scope=staff.SCOPE,
    files=("application/zip",),
)
def briefs(wishes: Papers, said: Tongue) -> Response:
    """Briefs and letters of many pairs."""
    context = BriefContext(
        today(), said.language, intent=wishes.intent, programme=staff.current_desk().programme
    )
    pages = [
        pair_brief(current_matcher(), a, b, context).signed_by(wishes.sender)
        for a, b in _ids(wishes.pairs)
    ]
    content = brief_archive(pages, formats=dict.fromkeys(wishes.formats))
    return attachment(content, "briefs.zip")


def _check_limit(wishes: PlanRequest) -> None:
    if wishes.time_limit > LONGEST_PLANNING:
        problem = FieldProblem("body", f"must be at most {LONGEST_PLANNING:g}", "time_limit")
        raise InvalidInputError("The time limit is too long.", [problem])


def _ids(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    find = current_matcher().find
    return list(dict.fromkeys((find(a).id, find(b).id) for a, b in pairs))


def _progress(tell: Tell, done: int, every: int) -> None:
    tell(done / every, "choosing introductions", None)


def _plan(wishes: PlanRequest, language: LanguageCode, tell: Tell) -> dict[str, object]:
    progress = partial(_progress, tell)
    made = plan_with(current_matcher(), wishes, staff.current_desk(), progress=progress)
    report = orjson.loads(to_json(plan_report(made), load_language(language).say))
    return {"request": wishes.model_dump(mode="json"), **report}


def _why_not(
    wishes: PlanRequest, pair: tuple[str, str], language: LanguageCode, tell: Tell
) -> dict[str, object]:
    progress = partial(_progress, tell)
    made = plan_with(current_matcher(), wishes, staff.current_desk(), progress=progress)
    say = load_language(language).say
    return {"sentences": [say(sentence) for sentence in made.why_not(*pair)]}


def _draft(
    wishes: Drafts, pairs: list[tuple[str, str]], language: LanguageCode, tell: Tell
) -> dict[str, object]:
    matcher, desk = current_matcher(), staff.current_desk()
    context = BriefContext(today(), language, intent=wishes.intent)
    drafted: list[int] = []
    left_out: list[dict[str, str]] = []
    for done, (a, b) in enumerate(pairs):
        tell(done / len(pairs), "drafting introductions", None)
        purpose = wishes.purpose or pair_brief(matcher, a, b, context).purpose
        try:
            draft = propose(a, b, purpose=purpose, on=today(), who=g.actor)
            drafted.append(desk.introductions.add(draft).id)
        except (ConflictError, InvalidInputError) as error:
            left_out.append({"a": a, "b": b, "reason": error.code})
    return {"drafted": drafted, "left_out": left_out}
