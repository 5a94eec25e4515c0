"""Requests to speak for a cluster, or to list a new one: staff decide."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request

from matcher.accounts.claims import Claims
from matcher.accounts.memberships import is_own_domain
from matcher.errors import ConflictError, FieldProblem, InvalidInputError, MatcherError
from matcher.profiles.profile import DraftProfile
from matcher.web.api.staff import entered
from matcher.web.http.authorisation import only_for
from matcher.web.http.context import cluster_with_id, current_matcher, current_settings
from matcher.web.http.sessions import the_account
from matcher.web.pages.askers import asker_with
from matcher.web.pages.own_fields import NEW_FIELDS, own_choices
from matcher.web.pages.whatif import filled, form_values

claims = Blueprint("claims", __name__)
MAX_NOTE = 2000


@claims.get("/clusters/<cluster_id>/claim")
@only_for("account")
def claim(cluster_id: str) -> str:
    """Ask to speak for a listed cluster."""
    return _claim_page(cluster_id)


@claims.post("/clusters/<cluster_id>/claim")
@only_for("account")
def send_claim(cluster_id: str) -> str | tuple[str, int]:
    """Send it to the staff."""
    cluster = cluster_with_id(cluster_id)
    try:
        with entered("claim cluster", cluster.id):
            current_claims().claim(the_account(), cluster, request.form.get("note", "")[:MAX_NOTE])
    except ConflictError as error:
        return _claim_page(cluster_id, error=error), 409
    return _claim_page(cluster_id, sent=True)


@claims.get("/register")
@only_for("account")
def register() -> str:
    """Show the form for a cluster that is not listed, filled in from a draft if one is named."""
    key = request.args.get("draft")
    return _register_page(form_values(asker_with(key).profile, NEW_FIELDS) if key else {})


@claims.post("/register")
@only_for("account")
def send_registration() -> str | tuple[str, int]:
    """Send it to the staff."""
    try:
        draft = filled(DraftProfile(), request.form, NEW_FIELDS)
        _require(draft)
        with entered("register cluster", "a new one") as outcome:
            note = request.form.get("note", "")[:MAX_NOTE]
            outcome.text = current_claims().register(the_account(), draft, note)
    except (InvalidInputError, ConflictError) as error:
        return _register_page(request.form, error), 422
    return render_template("register.html", sent=draft)


def current_claims() -> Claims:
    """Return the claims on this application's clusters."""
    return Claims(current_matcher(), current_settings().origin)


def _require(draft: DraftProfile) -> None:
    missing = [field for field in ("name", "country", "description") if not getattr(draft, field)]
    if missing:
        problems = [FieldProblem("form", "is missing", field) for field in missing]
        raise InvalidInputError("Please fill in what is missing.", problems)


def _claim_page(cluster_id: str, *, sent: bool = False, error: MatcherError | None = None) -> str:
    cluster = cluster_with_id(cluster_id)
    return render_template(
        "claim.html",
        cluster=cluster,
        sent=sent,
        error=error,
        own_domain=is_own_domain(the_account().email, cluster.website),
    )


def _register_page(given: Mapping[str, str], error: MatcherError | None = None) -> str:
    return render_template("register.html", given=given, error=error, **own_choices(DraftProfile()))
