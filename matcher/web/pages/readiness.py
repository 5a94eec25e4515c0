"""How ready a cluster is: registration, labels, programmes, and what to add to its profile."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.errors import InvalidInputError
from matcher.matching.what_if import Change
from matcher.profiles.profile import DraftProfile
from matcher.readiness.check import check_readiness
from matcher.readiness.report import ReadinessReport
from matcher.web.http.context import current_matcher, today
from matcher.web.http.languages import current_language
from matcher.web.pages.askers import Asker, asker_with
from matcher.web.pages.drafts import kept, packed
from matcher.web.pages.shared import choices
from matcher.web.pages.whatif import FORM_FIELDS, filled, form_values, gains

readiness = Blueprint("readiness", __name__)
_FIRST = 3


class Step(NamedTuple):
    """Something to do next: a field to fill in, and the question where there is one.

    Attributes
    ----------
    field, question
        Where the answer belongs, and what is asked.
    settles
        How many open points it settles.
    """

    field: str
    question: str | None
    settles: int


@readiness.get("/clusters/<cluster_id>/readiness")
def of_cluster(cluster_id: str) -> str:
    """Readiness of a cluster or a draft."""
    asker = asker_with(cluster_id)
    return _page(asker, asker.profile)


@readiness.post("/clusters/<cluster_id>/readiness")
def what_if(cluster_id: str) -> str | tuple[str, int]:
    """Show the same with what a form adds, and what that would change."""
    asker = asker_with(cluster_id)
    try:
        after = filled(asker.profile, request.form)
        added = after.model_dump() != asker.profile.model_dump()
        changed = current_matcher().what_if(asker.profile, after) if added else None
    except InvalidInputError as error:
        return _page(asker, asker.profile, error=error), 422
    return _page(asker, after, changed=changed)


@readiness.get("/readiness")
def form() -> str:
    """Show the form for a cluster that is not listed."""
    return _form({}, None)


@readiness.post("/readiness")
def of_draft() -> Response | tuple[str, int]:
    """Keep what the form says, and show its readiness."""
    try:
        draft = filled(DraftProfile(), request.form)
        if draft == DraftProfile():
            raise InvalidInputError(
                current_language().gettext("Please fill in at least one field.")
            )
        return redirect(url_for("readiness.of_cluster", cluster_id=kept(draft)), 303)
    except InvalidInputError as error:
        return _form(request.form, error), 422


def _next_steps(profile: DraftProfile, report: ReadinessReport) -> list[Step]:
    """What to do first: questions that settle most, then what is worth most to the profile."""
    steps = [
        Step(blank[0], question.text, len(question.rules))
        for question in report.questions
        if (blank := [name for name in question.fields if getattr(profile, name) is None])
    ]
    asked = {step.field for step in steps}
    told = (gain.field for gain in gains(profile))
    steps += [Step(name, None, 0) for name in told if name in FORM_FIELDS and name not in asked]
    return steps[:_FIRST]


def _form(given: Mapping[str, str], error: InvalidInputError | None) -> str:
    return render_template("readiness_form.html", given=given, error=error, **choices())


def _page(
    asker: Asker,
    profile: DraftProfile,
    *,
    changed: Change | None = None,
    error: InvalidInputError | None = None,
) -> str:
    report = check_readiness(profile, today())
    return render_template(
        "readiness.html",
        asker=asker,
        profile=profile,
        report=report,
        gains=gains(profile),
        steps=_next_steps(profile, report),
        changed=changed,
        given=form_values(profile),
        packed=packed(profile),
        error=error,
        **choices(),
    )
