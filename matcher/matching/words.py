"""The values that met in a feature, in words: one line for each feature."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from matcher.i18n.message import Message, Text
from matcher.matching.recommendation import PhraseMatch
from matcher.profiles.meaning import Meaning
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import countries, ecosystems, nace_divisions
from matcher.profiles.trades import trades

_LISTED = 3

Values = tuple[Text | None, Text | None]


@lru_cache(maxsize=2000)
def said_by(profile: DraftProfile, meaning: Meaning) -> Mapping[str, Text | None]:
    """What one side says of itself, for each feature that compares such values."""
    technologies, titles = listed(profile.technologies), ecosystem_titles(profile)
    fields, kind = listed(titles), kind_title(profile.kind) if profile.kind else None
    named = listed([trade_name(shown.trade) for shown in meaning.trades])
    breadth = Message("{count} ecosystems", count=len(titles)) if titles else None
    return {
        "trades": named,
        "value_chain": named,
        "wanted_trades": named,
        "profile": technologies or fields,
        "topic": fields or technologies,
        "wording": technologies,
        "specialities": technologies,
        "ecosystems": listed(titles, 5),
        "main_ecosystem": titles[0] if titles else None,
        "activities": listed([Message(nace_divisions()[code]) for code in profile.nace]),
        "kind": kind,
        "breadth": breadth,
        "breadth_gap": breadth,
        "focus": named,
        "acts_for_members": kind,
        "detail": Message("{count} offers", count=len(profile.offers)),
        "freshness": str(profile.as_of) if profile.as_of else None,
        "eastward": country_name(profile.country) if profile.country else None,
        "target": _targets(profile),
        "purpose": None,
        "needs": None,
    }


def needs_that_met(you: DraftProfile, they: DraftProfile, met: Sequence[PhraseMatch]) -> Values:
    """The closest need and offer; what is sought and offered where none is met."""
    if not met:
        return listed(you.seeks), listed(they.offers)
    first = met[0]
    return (first.need, first.offer) if first.seeker == "you" else (first.offer, first.need)


def listed(items: Sequence[Text], limit: int = _LISTED) -> Text | None:
    """The first few items as one text, or ``None`` where there are none."""
    shown = tuple(items[:limit])
    if shown and isinstance(shown[0], Message):
        return Message("{items}", items=shown)
    return "; ".join(map(str, shown)) or None


@cache
def country_name(code: str) -> Message:
    """English name of a country."""
    return Message(countries()[code].name)


@cache
def trade_name(trade: str) -> Message:
    """English name of a trade; faces show it in the reader's language."""
    name = trades()[trade].names["en"]
    return Message(name)


def ecosystem_titles(profile: DraftProfile) -> list[Message]:
    """English titles of a profile's ecosystems."""
    return [_ecosystem_title(name) for name in profile.ecosystems]


@cache
def _ecosystem_title(name: str) -> Message:
    return Message(ecosystems()[name])


@cache
def kind_title(kind: str) -> Message:
    """English name of a kind of organisation."""
    return Message(kind.replace("_", " "))


def _targets(profile: DraftProfile) -> Text | None:
    return listed([country_name(code) for code in profile.target_countries], 6)
