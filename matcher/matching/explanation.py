"""From scores to recommendations that say why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from matcher.embedding.lexical import Lexicon
from matcher.i18n.message import Text
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import FACTORS
from matcher.matching.features.place import distance_km
from matcher.matching.model import Scores
from matcher.matching.reasons import caution, reasons_for_them, reasons_for_you
from matcher.matching.recommendation import (
    Contribution,
    FieldDifference,
    KnownLink,
    PhraseMatch,
    Recommendation,
)
from matcher.matching.terms import OwnTerms
from matcher.matching.words import Meeting, said_by, values_that_met
from matcher.profiles.completeness import completeness
from matcher.profiles.profile import ClusterProfile, DraftProfile

MEETS = 0.45
"""Cosine from which an offer is said to meet a need: below, quoted pairs stop making sense."""
_MATCHES = 3
_MET = {"offers": "seeks", "seeks": "offers", "technologies": "technologies"}
"""Kind of their phrases -> kind of one's own that they are met with."""

_COMPARED = (
    *("country", "city", "kind", "founded", "members_total", "label", "ecosystems", "nace"),
    *("technologies", "services", "offers", "seeks", "target_countries", "languages", "as_of"),
)


@dataclass(frozen=True)
class Explainer:
    """Tells, for one asker and some partners, what the scores mean.

    Attributes
    ----------
    asker
        Corpus of one row.
    partners
        Corpus of the m partners to be told of.
    scores
        Their scores, in the same order.
    lexicon
        Names the terms of the TF-IDF columns.
    """

    asker: Corpus
    partners: Corpus
    scores: Scores
    lexicon: Lexicon

    def recommendation(self, place: int, rank: int, links: Sequence[KnownLink]) -> Recommendation:
        """The recommendation of one partner.

        Parameters
        ----------
        place
            Its place in `partners`.
        rank
            Its place in the asker's list, from 1.
        links
            Documented partnerships that the two share.
        """
        partner = self.partners.profiles[place]
        meeting = self._meeting(place)
        contributions = self._contributions(place, meeting)
        score, for_you, for_them = (float(values[place]) for values in self._fits)
        known = completeness(partner).share
        return Recommendation(
            id=partner.id or "",
            name=partner.name or "",
            country=partner.country or "",
            rank=rank,
            score=score,
            fit_for_you=for_you,
            fit_for_them=for_them,
            confidence=float(np.sqrt(known * self._own_completeness)),
            reasons=reasons_for_you(contributions, meeting),
            reasons_for_them=reasons_for_them(contributions, meeting),
            caution=caution(meeting, for_you, for_them, known),
            contributions=contributions,
            matches=meeting.needs_met,
            known_links=tuple(links),
        )

    @cached_property
    def _fits(self) -> tuple[Floats, Floats, Floats]:
        return self.scores.score, self.scores.fit_for_you, self.scores.fit_for_them

    @cached_property
    def _own_completeness(self) -> float:
        return completeness(self.asker.profiles[0]).share

    @cached_property
    def _own_terms(self) -> OwnTerms:
        return OwnTerms(self.lexicon, self.asker.lexical.row(0), _lists(self.asker.profiles[0]))

    @cached_property
    def _own_words(self) -> Mapping[str, Text | None]:
        return said_by(self.asker.profiles[0])

    @cached_property
    def _cosines(self) -> Mapping[str, Floats]:
        """Own phrases against those of all partners, by the kind of theirs.

        Rounded, so that equal phrases are equally near, however many partners are compared.
        """
        mine, theirs = self.asker.vectors.phrases, self.partners.vectors.phrases
        pairs = {kind: (mine[own].vectors, theirs[kind].vectors) for kind, own in _MET.items()}
        return {kind: np.round(own @ others.T, 6) for kind, (own, others) in pairs.items()}

    @cached_property
    def _shares(self) -> tuple[list[list[float]], list[list[float]], list[list[float]]]:
        scores = self.scores
        return scores.contributions.tolist(), scores.to_you.tolist(), scores.to_them.tolist()

    @cached_property
    def _km(self) -> Floats:
        return distance_km(self.asker, self.partners)

    def _contributions(self, place: int, meeting: Meeting) -> tuple[Contribution, ...]:
        joint, you, them = (shares[place] for shares in self._shares)
        items = [
            Contribution(
                name,
                factor.title,
                joint[column],
                you[column],
                them[column],
                *values_that_met(name, meeting),
            )
            for column, (name, factor) in enumerate(FACTORS.items())
        ]
        return tuple(sorted(items, key=lambda item: (-abs(item.contribution), item.factor)))

    def _meeting(self, place: int) -> Meeting:
        you, they = self.asker.profiles[0], self.partners.profiles[place]
        words = self.partners.lexical.row(place)
        km = float(self._km[place])
        return Meeting(
            you=you,
            they=they,
            your_words=self._own_words,
            their_words=said_by(they),
            needs_met=self._needs_met(place),
            specialities=self._nearest_specialities(place),
            shared_terms=self._own_terms.shared_with(words, _lists(they)),
            distance_km=None if np.isnan(km) else km,
        )

    def _needs_met(self, place: int) -> tuple[PhraseMatch, ...]:
        you, they = self.asker.profiles[0], self.partners.profiles[place]
        matches = [
            *_met("you", you.seeks, they.offers, self._with(place, "offers")),
            *_met("them", they.seeks, you.offers, self._with(place, "seeks").T),
        ]
        return tuple(sorted(matches, key=lambda m: (-m.similarity, m.seeker, m.need)))

    def _nearest_specialities(self, place: int) -> tuple[str, str] | None:
        similarity = self._with(place, "technologies")
        if not similarity.size or similarity.max() < MEETS:
            return None
        row, column = divmod(int(similarity.argmax()), similarity.shape[1])
        own, other = self.asker.profiles[0], self.partners.profiles[place]
        return own.technologies[row], other.technologies[column]

    def _with(self, place: int, kind: str) -> Floats:
        """Cosines of own phrases with one partner's of this kind, (own, theirs)."""
        first, end = self.partners.vectors.phrases[kind].starts[place : place + 2]
        return self._cosines[kind][:, first:end]


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


def _lists(profile: DraftProfile) -> str:
    parts = (*profile.technologies, *profile.services, *profile.offers, *profile.seeks)
    return "\n".join(parts).casefold()


def _met(
    seeker: Literal["you", "them"], needs: Sequence[str], offers: Sequence[str], cosines: Floats
) -> list[PhraseMatch]:
    """Each need of one side with the offer of the other that is nearest, where it is near."""
    if not cosines.size or cosines.max() < MEETS:
        return []
    nearest = zip(needs, cosines.argmax(axis=1), cosines.max(axis=1), strict=True)
    found = [
        PhraseMatch(seeker, need, offers[column], float(cosine))
        for need, column, cosine in nearest
        if cosine >= MEETS
    ]
    return sorted(found, key=lambda match: -match.similarity)[:_MATCHES]
