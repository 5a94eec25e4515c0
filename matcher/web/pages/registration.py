"""What the European platform's registration form asks for, filled in from a profile."""

from typing import NamedTuple

from flask import Blueprint, Response, render_template

from matcher.documents.form_docx import Asked, form_docx
from matcher.profiles.profile import DraftProfile
from matcher.readiness.loading import rule_book
from matcher.readiness.registration import registration_form
from matcher.readiness.report import FormField
from matcher.web.http.exports import attachment
from matcher.web.http.languages import current_language
from matcher.web.pages import words
from matcher.web.pages.askers import Asker, asker_with
from matcher.web.pages.profiles import field_text

registration = Blueprint("registration", __name__)
_AT_HAND = ("name", "region", "founded", "description", "services", "ecosystems", "nace", "label")
"""What no public page names, and any such form may well ask for."""


class Answer(NamedTuple):
    """A field of the profile, in words; ``None`` while it is blank."""

    field: str
    text: str | None


@registration.get("/clusters/<cluster_id>/registration")
def page(cluster_id: str) -> str:
    """Show what the form asks for, ready to be copied, and what is missing."""
    asker = asker_with(cluster_id)
    asked = _asked(asker.profile)
    return render_template(
        "registration.html",
        asker=asker,
        asked=[(one, _answers(asker.profile, one.fields)) for one in asked],
        missing=sum(bool(one.missing) for one in asked),
        at_hand=_answers(asker.profile, _AT_HAND),
        caveats=rule_book().registration.caveats,
    )


@registration.get("/clusters/<cluster_id>/registration.docx")
def document(cluster_id: str) -> Response:
    """Give the same as a Word document."""
    asker = asker_with(cluster_id)
    name = f"{asker.key}-registration.docx" if asker.registered else "registration.docx"
    return attachment(_document(asker), name)


def _document(asker: Asker) -> bytes:
    say = current_language().gettext
    asked = [
        Asked(say(one.title), _named(asker.profile, one.fields), say(one.obtain))
        for one in _asked(asker.profile)
    ]
    unknown = say("No public page says whether the form asks for these; keep them at hand.")
    asked.append(Asked(say("Other fields"), _named(asker.profile, _AT_HAND), unknown))
    title = say("Registration on the European Cluster Collaboration Platform")
    caveats = [say(text) for text in rule_book().registration.caveats]
    return form_docx(f"{title}: {asker.name}", asked, say("missing"), caveats)


def _asked(profile: DraftProfile) -> tuple[FormField, ...]:
    return registration_form(profile, rule_book())


def _answers(profile: DraftProfile, fields: tuple[str, ...]) -> list[Answer]:
    return [Answer(field, field_text(profile, field)) for field in fields]


def _named(profile: DraftProfile, fields: tuple[str, ...]) -> list[tuple[str, str | None]]:
    say = current_language().gettext
    return [(say(words.FIELDS[one.field]), one.text) for one in _answers(profile, fields)]
