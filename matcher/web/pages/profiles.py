"""The fields of a profile in the reader's words."""

from matcher.i18n.languages import Language
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.profiles.taxonomy import nace_divisions
from matcher.web.http.languages import current_language
from matcher.web.pages import words

_TITLES = {"kind": words.KINDS, "label": words.LABELS, "ecosystems": words.ECOSYSTEMS}
_YEARS = ("founded", "label_year", "as_of")


def field_text(profile: DraftProfile, field: str) -> str | None:
    """Return the value of a field as a reader expects it; ``None`` where it is unknown."""
    value, language = getattr(profile, field), current_language()
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return language.gettext("yes") if value else language.gettext("no")
    if isinstance(value, tuple):
        return "; ".join(_word(item, field, language) for item in value)
    if isinstance(value, (int, float)):
        return str(value) if field in _YEARS else language.number(value)
    return _word(str(value), field, language)


def quotes(field: str) -> bool:
    """Whether a field holds the cluster's own words, which stay in their language."""
    return field in ("technologies", "services", "offers", "seeks", "description", "name")


def profile_facts(cluster: ClusterProfile) -> list[tuple[str, str]]:
    """(field, value) of what is known of a cluster, for comparing several."""
    fields = (
        *("country", "city", "kind", "founded", "members_total", "label", "ecosystems"),
        *("technologies", "services", "offers", "seeks", "target_countries", "as_of"),
    )
    return [(field, field_text(cluster, field) or "") for field in fields]


def _word(value: str, field: str, language: Language) -> str:
    if field == "nace":
        return language.gettext(nace_divisions()[value])
    if field in ("country", "target_countries"):
        return language.country(value)
    if field == "languages":
        return str(language.locale.languages.get(value, value))
    if field == "intents":
        return language.gettext(words.INTENTS[value])  # type: ignore[index]
    titles = _TITLES.get(field, {})
    return language.gettext(titles[value]) if value in titles else value
