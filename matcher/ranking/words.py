"""The values that met in a factor, in words: one line for each factor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from matcher.embedding.lexical import Lexicon, SparseRow
from matcher.profiles.profile import DraftProfile
from matcher.profiles.sentence import Sentence
from matcher.profiles.taxonomy import countries, ecosystems
from matcher.ranking.recommendation import PhraseMatch

_LISTED = 3


@dataclass(frozen=True, slots=True)
class Meeting:
    """Everything about one pair that can be put into words.

    Attributes
    ----------
    you, they
        The asker's and the partner's profile.
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
    needs_met: tuple[PhraseMatch, ...]
    specialities: tuple[str, str] | None
    shared_terms: tuple[str, ...]
    distance_km: float | None


Values = tuple[str | None, str | None]


def values_that_met(factor: str, meeting: Meeting) -> Values:
    """What stands on your side and on theirs for a factor; ``None`` where unknown."""
    return _VALUES[factor](meeting)


def listed(items: tuple[str, ...] | list[str], limit: int = _LISTED) -> str | None:
    """The first few items as one text, or ``None`` where there are none."""
    shown = items[:limit]
    if any(isinstance(item, Sentence) for item in shown):
        return Sentence("{items}", items=tuple(shown))
    return "; ".join(shown) or None


def first_of(items: tuple[str, ...] | list[str], limit: int = _LISTED) -> tuple[str, ...]:
    """The first few items."""
    return tuple(items[:limit])


@cache
def country_name(code: str) -> str:
    """English name of a country."""
    return Sentence(countries()[code].name)


def ecosystem_titles(profile: DraftProfile) -> list[str]:
    """English titles of a profile's ecosystems."""
    return [_ecosystem_title(name) for name in profile.ecosystems]


@cache
def _ecosystem_title(name: str) -> str:
    return Sentence(ecosystems()[name])


@cache
def kind_title(kind: str) -> str:
    """English name of a kind of organisation."""
    return Sentence(kind.replace("_", " "))


def shared_terms(
    lexicon: Lexicon, mine: SparseRow, theirs: SparseRow, pair: str
) -> tuple[str, ...]:
    """Terms that weigh most in the overlap of two TF-IDF rows.

    Parameters
    ----------
    lexicon
        Names the columns.
    mine, theirs
        The two rows.
    pair
        Casefolded lists of both profiles; a term must stand in one of them, since prose is full
        of words that say nothing about a sector.
    """
    columns, here, there = np.intersect1d(
        mine.columns, theirs.columns, assume_unique=True, return_indices=True
    )
    terms = [lexicon.terms[column] for column in columns]
    overlap = (mine.values[here] * theirs.values[there]).tolist()
    weight = {  # a pair of words says more than one
        term: value * len(term.split()) for term, value in zip(terms, overlap, strict=True)
    }
    found: list[str] = []
    for term in sorted(weight, key=lambda term: (-weight[term], term)):
        if len(found) == _LISTED:
            break
        if _tells(term) and term in pair and not any(term in f or f in term for f in found):
            found.append(term)
    return tuple(found)


def _tells(term: str) -> bool:
    """Whether a term is worth quoting: no numbers, no fragments."""
    return len(term) > 3 and term.replace(" ", "").isalpha()


def _topics(profile: DraftProfile) -> str | None:
    return listed(profile.technologies) or listed(ecosystem_titles(profile))


def _field(profile: DraftProfile) -> str | None:
    return listed(ecosystem_titles(profile)) or listed(profile.technologies)


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
        return meeting.you.city, Sentence("{km:,.0f} km away", km=km)
    return meeting.you.city, Sentence("{city}, {km:,.0f} km away", city=meeting.they.city, km=km)


def _targets(profile: DraftProfile) -> str | None:
    return listed([country_name(code) for code in profile.target_countries], 6)


def _members(profile: DraftProfile) -> str | None:
    count = profile.members_total
    return None if count is None else Sentence("{count:,} members", count=count)


def _kind(profile: DraftProfile) -> str | None:
    return kind_title(profile.kind) if profile.kind else None


def _label(profile: DraftProfile) -> str | None:
    return Sentence(f"{profile.label} label") if profile.label else None


def _both(value: Callable[[DraftProfile], str | None]) -> Callable[[Meeting], Values]:
    return lambda meeting: (value(meeting.you), value(meeting.they))


_VALUES: Mapping[str, Callable[[Meeting], Values]] = MappingProxyType(
    {
        "profile": _both(_topics),
        "topic": _both(_field),
        "wording": _terms,
        "specialities": lambda meeting: meeting.specialities or (None, None),
        "services": _both(lambda profile: listed(profile.services)),
        "ambitions": _both(lambda profile: listed(profile.seeks)),
        "needs": _needs,
        "ecosystems": _both(lambda profile: listed(ecosystem_titles(profile), 5)),
        "label": _both(_label),
        "size": _both(_members),
        "kind": _both(_kind),
        "proximity": _distance,
        "target": _both(_targets),
        "markets": _both(_targets),
    }
)
