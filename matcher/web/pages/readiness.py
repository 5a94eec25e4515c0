"""How ready a cluster is: registration, labels, programmes, and what to add to its profile."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request

from matcher.errors import InvalidInputError
from matcher.matching.what_if import Change
from matcher.profiles.profile import DraftProfile
from matcher.readiness import check_readiness
from matcher.web.http.context import cluster_with_id, current_matcher, today
from matcher.web.http.languages import current_language
from matcher.web.pages.partners import packed, unpacked
from matcher.web.pages.shared import choices, member_countries
from matcher.web.pages.whatif import filled, form_values, gains

readiness = Blueprint("readiness", __name__)


@readiness.get("/clusters/<cluster_id>/readiness")
def of_cluster(cluster_id: str) -> str:
    """Readiness of a registered cluster."""
    cluster = cluster_with_id(cluster_id)
    return _page(cluster, registered=True)


@readiness.post("/clusters/<cluster_id>/readiness")
def what_if(cluster_id: str) -> str | tuple[str, int]:
    """Show the same with what a form adds, and what that would change."""
    cluster = cluster_with_id(cluster_id)
    try:
        after = filled(cluster, request.form)
        added = after.model_dump() != cluster.model_dump()
        changed = current_matcher().what_if(cluster, after) if added else None
    except InvalidInputError as error:
        return _page(cluster, registered=True, error=error), 422
    return _page(after, registered=True, changed=changed, original=cluster)


@readiness.get("/readiness")
def form() -> str:
    """Show the form for a cluster that is not listed."""
    return _form({}, None)


@readiness.post("/readiness")
def of_draft() -> str | tuple[str, int]:
    """Readiness of whatever the form says."""
    try:
        before = unpacked(request.form.get("profile") or "{}")
        after = filled(before, request.form)
        if not after.model_fields_set or after == DraftProfile():
            raise InvalidInputError(
                current_language().gettext("Please fill in at least one field.")
            )
        again = bool(request.form.get("profile")) and after != before
        changed = current_matcher().what_if(before, after) if again else None
    except InvalidInputError as error:
        return _form(request.form, error), 422
    return _page(after, registered=False, changed=changed)


def _form(given: Mapping[str, str], error: InvalidInputError | None) -> str:
    return render_template(
        "readiness_form.html", given=given, error=error, codes=member_countries(), **choices()
    )


def _page(
    profile: DraftProfile,
    *,
    registered: bool,
    changed: Change | None = None,
    original: DraftProfile | None = None,
    error: InvalidInputError | None = None,
) -> str:
    return render_template(
        "readiness.html",
        profile=profile,
        report=check_readiness(profile, today()),
        gains=gains(profile),
        registered=registered,
        changed=changed,
        given=form_values(profile),
        original=original or profile,
        packed=packed(profile),
        error=error,
        codes=member_countries(),
        **choices(),
    )
