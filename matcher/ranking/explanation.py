"""From scores to recommendations that say why."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.lexical import Lexicon
from matcher.profiles.completeness import completeness
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.ranking.columns import Floats
from matcher.ranking.corpus import Corpus
from matcher.ranking.factors import FACTORS
from matcher.ranking.factors.place import distance_km
from matcher.ranking.model import Scores
from matcher.ranking.reasons import caution, reasons_for_them, reasons_for_you
from matcher.ranking.recommendation import (
    Contribution,
    FieldDifference,
    KnownLink,
    PhraseMatch,
    Recommendation,
)
from matcher.ranking.words import Meeting, shared_terms, values_that_met

MEETS = 0.45
"""Cosine from which an offer is said to meet a need: below, quoted pairs stop making sense."""
_MATCHES = 3
_COMPARED = (
    *("country", "city", "kind", "founded", "members_total", "label", "ecosystems", "nace"),
    *("technologies", "services", "offers", "seeks", "target_countries", "languages", "as_of"),
)


def recommend_row(
    asker: Corpus,
    corpus: Corpus,
    row: int,
    scores: Scores,
    rank: int,
    lexicon: Lexicon,
    links: Sequence[KnownLink],
) -> Recommendation:
    """The recommendation of one partner.

    Parameters
    ----------
    asker
        Corpus of one row.
    corpus, row
        The partner.
    scores
        Scores of this partner alone (one row).
    rank
        Its place in the list.
    lexicon
        Names the terms of the TF-IDF columns.
    links
        Documented partnerships that the two share.
    """
    partner = corpus.profiles[row]
    meeting = _meeting(asker, corpus, row, lexicon)
    contributions = _contributions(scores, meeting)
    fits = float(scores.fit_for_you[0]), float(scores.fit_for_them[0])
    known = completeness(partner).share
    return Recommendation(
        id=partner.id or "",
        name=partner.name or "",
        country=partner.country or "",
        rank=rank,
        score=float(scores.score[0]),
        fit_for_you=fits[0],
        fit_for_them=fits[1],
        confidence=float(np.sqrt(known * completeness(meeting.you).share)),
        reasons=reasons_for_you(contributions, meeting),
        reasons_for_them=reasons_for_them(contributions, meeting),
        caution=caution(meeting, *fits, known),
        contributions=contributions,
        matches=meeting.needs_met,
        known_links=tuple(links),
    )


def differences(a: ClusterProfile, b: ClusterProfile) -> tuple[FieldDifference, ...]:
    """The compared fields in which two profiles differ."""
    return tuple(
        FieldDifference(field, _text(getattr(a, field)), _text(getattr(b, field)))
        for field in _COMPARED
        if getattr(a, field) != getattr(b, field)
    )


def _text(value: object) -> str | None:
    if isinstance(value, tuple):
        return "; ".join(value) or None
    return None if value is None else str(value)


def _contributions(scores: Scores, meeting: Meeting) -> tuple[Contribution, ...]:
    joint, you, them = scores.contributions[0], scores.to_you[0], scores.to_them[0]
    items = [
        Contribution(
            name,
            factor.title,
            float(joint[column]),
            float(you[column]),
            float(them[column]),
            *values_that_met(name, meeting),
        )
        for column, (name, factor) in enumerate(FACTORS.items())
    ]
    return tuple(sorted(items, key=lambda item: (-abs(item.contribution), item.factor)))


def _meeting(asker: Corpus, corpus: Corpus, row: int, lexicon: Lexicon) -> Meeting:
    you, they = asker.profiles[0], corpus.profiles[row]
    seat = Corpus.take(corpus, np.array([row]))
    km = float(distance_km(asker, seat)[0])
    return Meeting(
        you=you,
        they=they,
        needs_met=_needs_met(asker, seat),
        specialities=_nearest_specialities(asker, seat),
        shared_terms=shared_terms(
            lexicon, asker.lexical.row(0), corpus.lexical.row(row), _lists(you) + _lists(they)
        ),
        distance_km=None if np.isnan(km) else km,
    )


def _lists(profile: DraftProfile) -> str:
    parts = (*profile.technologies, *profile.services, *profile.offers, *profile.seeks)
    return "\n".join(parts).casefold() + "\n"


def _needs_met(asker: Corpus, partner: Corpus) -> tuple[PhraseMatch, ...]:
    matches = [*_met("you", asker, partner), *_met("them", partner, asker)]
    return tuple(sorted(matches, key=lambda m: (-m.similarity, m.seeker, m.need)))


def _met(seeker: Literal["you", "them"], needs: Corpus, offers: Corpus) -> list[PhraseMatch]:
    """Each need of one side with the offer of the other that is nearest, where it is near."""
    wanted, offered = needs.profiles[0].seeks, offers.profiles[0].offers
    if not wanted or not offered:
        return []
    similarity = _cosines(needs, "seeks", offers, "offers")
    best = similarity.argmax(axis=1)
    found = [
        PhraseMatch(seeker, need, offered[place], float(similarity[row, place]))
        for row, (need, place) in enumerate(zip(wanted, best, strict=True))
        if similarity[row, place] >= MEETS
    ]
    return sorted(found, key=lambda match: -match.similarity)[:_MATCHES]


def _nearest_specialities(asker: Corpus, partner: Corpus) -> tuple[str, str] | None:
    mine, theirs = asker.profiles[0].technologies, partner.profiles[0].technologies
    if not mine or not theirs:
        return None
    similarity = _cosines(asker, "technologies", partner, "technologies")
    row, column = np.unravel_index(similarity.argmax(), similarity.shape)
    return (mine[row], theirs[column]) if similarity[row, column] >= MEETS else None


def _cosines(one: Corpus, kind: str, other: Corpus, other_kind: str) -> Floats:
    vectors: NDArray[np.float32] = one.vectors.phrases[kind].vectors
    return vectors @ other.vectors.phrases[other_kind].vectors.T
