"""Describing a cluster that is not listed: as a text, as a file, and field by field.

What is described is kept under an address of its own, without anything that belongs to a person.
"""

from collections.abc import Mapping
from typing import NamedTuple

import orjson
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matcher.errors import FieldProblem, InvalidInputError, MatcherError, UnreadableFileError
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.personal import without_personal_data
from matcher.profiles.profile import DraftProfile
from matcher.web.http.context import current_matcher, current_settings
from matcher.web.http.languages import current_language
from matcher.web.http.validation import validated
from matcher.web.pages.addresses import public_address
from matcher.web.pages.askers import asker_with
from matcher.web.pages.shared import choices
from matcher.web.pages.whatif import filled, form_values

drafts = Blueprint("drafts", __name__)
_MAX_LISTED = 200
_DESCRIBED = (
    *("description", "country", "seeks", "offers"),
    *("technologies", "ecosystems", "target_countries"),
)
"""What the short form asks of a cluster."""


class Correction(NamedTuple):
    """A form to correct what was read from a text: what it shows, and the rest of the profile."""

    given: Mapping[str, str]
    base: str


@drafts.get("/describe")
def describe() -> str:
    """Show the form for a cluster that is not listed."""
    return _form({})


@drafts.post("/describe")
def describing() -> Response | tuple[str, int]:
    """Keep what is described and show its partners, or the form again with what is missing."""
    try:
        return redirect(_partners(kept(_described())), 303)
    except InvalidInputError as error:
        return _form(request.form, error), 422


@drafts.post("/upload")
def upload() -> Response | tuple[str, int]:
    """Keep the cluster in a file and show its partners; with several, a list to choose from."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise InvalidInputError(current_language().gettext("Please choose a file first."))
        report = read_profiles(file.read(), name=file.filename)
        if len(report.profiles) == 1 and not report.problems:
            return redirect(_partners(kept(report.profiles[0])), 303)
    except (InvalidInputError, UnreadableFileError) as error:
        return _form({}, error), 422
    page = render_template(
        "upload.html",
        report=report,
        name=file.filename,
        shown=[(profile, packed(profile)) for profile in report.profiles[:_MAX_LISTED]],
    )
    return page, 200 if report.profiles else 422


@drafts.get("/drafts/<key>")
def edit(key: str) -> str:
    """Show everything that was said of the described cluster, to be completed or deleted."""
    return _edit_page(key)


@drafts.post("/drafts/<key>")
def change(key: str) -> Response | tuple[str, int]:
    """Keep what a form says instead, and show the partners."""
    before = asker_with(key).profile
    try:
        described = "base" in request.form or "profile" in request.form
        after = _described() if described else filled(before, request.form)
        days = current_settings().draft_days
        current_matcher().store.drafts.change(key, without_personal_data(after), days)
    except InvalidInputError as error:
        return _edit_page(key, error), 422
    return redirect(_partners(key), 303)


@drafts.post("/drafts/<key>/delete")
def delete(key: str) -> str:
    """Forget the described cluster."""
    current_matcher().store.drafts.delete(key)
    return render_template("deleted.html")


def kept(profile: DraftProfile) -> str:
    """Keep a described cluster without personal data; gives its key.

    Raises
    ------
    InvalidInputError
        Too many are kept.
    """
    days = current_settings().draft_days
    return current_matcher().store.drafts.add(without_personal_data(profile), days)


def correction(profile: DraftProfile) -> Correction:
    """Return what a form needs to correct a profile that was read from a text."""
    blank = {name: DraftProfile().model_dump()[name] for name in _DESCRIBED}
    return Correction(form_values(profile), packed(profile.model_copy(update=blank)))


def packed(profile: DraftProfile) -> str:
    """Return a profile as the text that a form sends back."""
    return profile.model_dump_json(exclude_defaults=True)


def _unpacked(text: str) -> DraftProfile:
    """Return the profile that a form sent back.

    Raises
    ------
    InvalidInputError
        It is not a profile.
    """
    try:
        data = current_app.json.loads(text)
    except orjson.JSONDecodeError as error:
        problem = FieldProblem(
            "form", "must be the profile exactly as this page wrote it", "profile"
        )
        raise InvalidInputError(str(problem), [problem]) from error
    return validated(DraftProfile, data, where="form")


def _described() -> DraftProfile:
    if "profile" in request.form:
        return _unpacked(request.form["profile"])
    told = [(name, text) for name, text in request.form.items(multi=True) if name in _DESCRIBED]
    draft = filled(_unpacked(request.form.get("base") or "{}"), MultiDict(told))
    if not draft.description:
        raise InvalidInputError(
            current_language().gettext("Please write a few sentences about your cluster first.")
        )
    return draft


def _partners(key: str) -> str:
    return url_for("partners.of_cluster", cluster_id=key)


def _form(given: Mapping[str, str], error: MatcherError | None = None) -> str:
    return render_template(
        "describe.html",
        given=given,
        base=given.get("base", ""),
        error=error,
        days=current_settings().draft_days,
        **choices(),
    )


def _edit_page(key: str, error: MatcherError | None = None) -> str:
    asker = asker_with(key)
    return render_template(
        "draft.html",
        asker=asker,
        given=request.form if error else form_values(asker.profile),
        error=error,
        address=public_address("partners.of_cluster", cluster_id=key),
        **choices(),
    )
