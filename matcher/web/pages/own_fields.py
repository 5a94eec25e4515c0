"""The form for all that those may say who speak for a cluster."""

from matcher.i18n.languages import sort_key
from matcher.profiles.profile import DraftProfile
from matcher.web.http.languages import current_language
from matcher.web.pages.shared import choices
from matcher.web.pages.whatif import FORM_FIELDS
from matcher.web.pages.words import INTENTS

NEW_FIELDS = (
    *FORM_FIELDS,
    *("native_name", "acronym", "city", "native_description", "registered_in", "legal_form"),
    *("lat", "lon"),
)
EDIT_FIELDS = tuple(field for field in NEW_FIELDS if field != "country")
"""The country is part of a cluster's id, and stays."""

_LANGUAGES = (
    *("az", "be", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu"),
    *("hy", "it", "ka", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk"),
)


def own_choices(profile: DraftProfile) -> dict[str, object]:
    """Return what the form offers; a language that the profile names is always among it."""
    language = current_language()
    names = language.locale.languages
    tongues = {code: str(names.get(code, code)) for code in (*_LANGUAGES, *profile.languages)}
    return {
        **choices(),
        "intent_choices": [(key, language.gettext(title)) for key, title in INTENTS.items()],
        "language_choices": sorted(tongues.items(), key=lambda item: sort_key(item[1])),
    }
