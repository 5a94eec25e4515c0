"""The values that met in a factor, in words: one line for each factor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from matcher.i18n.message import Message, Text
from matcher.matching.recommendation import PhraseMatch
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import countries, ecosystems

_LISTED = 3
Item = TypeVar("Item", bound=Text)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Everything about one pair that can be put into words.

    Attributes
    ----------
    you, they
        The asker's and the partner's profile.
    your_words, their_words
        What the two say of themselves, as `said_by` puts it.
    needs_met
        Needs of either side that an offer of the other meets, the closest first.
    specialities
        The two phrases, yours and theirs, that are nearest to each other.
    shared_terms
        Rare terms that both profiles use, the weightiest first.
    distance_km
        Between the seats; ``None`` where unknown.
    """

    you: DraftProfile
    they: DraftProfile
    your_words: Mapping[str, Text | None]
    their_words: Mapping[str, Text | None]
    needs_met: tuple[PhraseMatch, ...]
    specialities: tuple[str, str] | None
    shared_terms: tuple[str, ...]
    distance_km: float | None


Values = tuple[Text | None, Text | None]


def values_that_met(factor: str, meeting: Meeting) -> Values:
    """What stands on your side and on theirs for a factor; ``None`` where unknown."""
    if factor in _BETWEEN:
        return _BETWEEN[factor](meeting)
    return meeting.your_words[factor], meeting.their_words[factor]


def said_by(profile: DraftProfile) -> Mapping[str, Text | None]:
    """What one side says of itself, for each factor that compares such values."""
    technologies, titles = listed(profile.technologies), ecosystem_titles(profile)
    fields, targets = listed(titles), _targets(profile)
    return {
        "profile": technologies or fields,
        "topic": fields or technologies,
        "services": listed(profile.services),
        "ambitions": listed(profile.seeks),
        "ecosystems": listed(titles, 5),
        "label": Message(f"{profile.label} label") if profile.label else None,
        "size": _members(profile),
        "kind": kind_title(profile.kind) if profile.kind else None,
        "target": targets,
        "markets": targets,
    }


def listed(items: Sequence[Text], limit: int = _LISTED) -> Text | None:
    """The first few items as one text, or ``None`` where there are none."""
    shown = tuple(items[:limit])
    if any(isinstance(item, Message) for item in shown):
        return Message("{items}", items=shown)
    return "; ".join(map(str, shown)) or None


def first_of(items: Sequence[Item], limit: int = _LISTED) -> tuple[Item, ...]:
    """The first few items."""
    return tuple(items[:limit])


@cache
def country_name(code: str) -> Message:
    """English name of a country."""
    return Message(countries()[code].name)


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


def _terms(meeting: Meeting) -> Values:
    terms = listed(meeting.shared_terms)
    return terms, terms


def _needs(meeting: Meeting) -> Values:
    if not meeting.needs_met:
        return listed(meeting.you.seeks), listed(meeting.they.offers)
    match = meeting.needs_met[0]
    yours, theirs = (
        (match.need, match.offer) if match.seeker == "you" else (match.offer, match.need)
    )
    return yours, theirs


def _distance(meeting: Meeting) -> Values:
    if meeting.distance_km is None:
        return meeting.you.city, meeting.they.city
    km = round(meeting.distance_km, -1 if meeting.distance_km < 1000 else -2)
    if meeting.they.city is None:
        return meeting.you.city, Message("{km:,.0f} km away", km=km)
    return meeting.you.city, Message("{city}, {km:,.0f} km away", city=meeting.they.city, km=km)


def _targets(profile: DraftProfile) -> Text | None:
    return listed([country_name(code) for code in profile.target_countries], 6)


def _members(profile: DraftProfile) -> Message | None:
    count = profile.members_total
    return None if count is None else Message("{count:,} members", count=count)


_BETWEEN: Mapping[str, Callable[[Meeting], Values]] = MappingProxyType(
    {
        "wording": _terms,
        "specialities": lambda meeting: meeting.specialities or (None, None),
        "needs": _needs,
        "proximity": _distance,
    }
)
"""Values that only the two together have."""
