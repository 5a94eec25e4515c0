"""From scores to recommendations that say why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import starmap
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.i18n.message import Text
from matcher.matching.cautions import Cautions, cautions
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import FEATURES
from matcher.matching.features.needs import likelihoods
from matcher.matching.known import Kept
from matcher.matching.model import Scores, level_of
from matcher.matching.purposes import PURPOSE, PURPOSE_TITLE
from matcher.matching.reason_pair import Pair
from matcher.matching.reasons import evidence_of, reasons_for
from matcher.matching.recommendation import (
    BACKGROUND,
    Contribution,
    Evidence,
    FieldDifference,
    KnownLink,
    Level,
    PhraseMatch,
    Recommendation,
)
from matcher.matching.trade_reasons import wide_trades
from matcher.matching.words import needs_that_met, said_by
from matcher.profiles.completeness import completeness
from matcher.profiles.meaning import Meaning
from matcher.profiles.profile import ClusterProfile, DraftProfile, Intent

_COMPARED = (
    *("country", "city", "kind", "founded", "members_total", "label", "ecosystems", "nace"),
    *("technologies", "services", "offers", "seeks", "target_countries", "languages", "as_of"),
)
_TITLES = {name: feature.title for name, feature in FEATURES.items()} | {PURPOSE: PURPOSE_TITLE}
_NAMES = tuple(_TITLES), tuple(_TITLES.values())
_by_feature = itemgetter(*_TITLES)
_BY_NAME = np.argsort(list(_TITLES))
"""Columns of all features and of the purpose, by name."""
_OF_PURPOSE = list(_TITLES).index(PURPOSE)


class Story(NamedTuple):
    """What can be told of a pair whatever its score.

    Attributes
    ----------
    evidence
        What speaks for it.
    matches
        Needs that are met.
    yours, theirs
        The values that met, in words, of each feature and of the purpose.
    completeness
        Of the partner's profile, in [0, 1].
    cautions
        What to keep in mind.
    """

    evidence: tuple[Evidence, ...]
    matches: tuple[PhraseMatch, ...]
    yours: tuple[Text | None, ...]
    theirs: tuple[Text | None, ...]
    completeness: float
    cautions: Cautions


@dataclass(frozen=True)
class Explainer:
    """Tells, for one asker and some partners, what the scores mean.

    Attributes
    ----------
    asker
        Corpus of one row.
    corpus
        All clusters.
    rows
        (m,) rows of the partners to be told of.
    scores
        Their scores, in the same order.
    intent
        What the partnership is for.
    today
        The day on which rules are looked up.
    stories
        Keeps what was told of pairs.
    """

    asker: Corpus
    corpus: Corpus
    rows: NDArray[np.intp]
    scores: Scores
    intent: Intent | None
    today: date
    stories: Kept[Story]

    def recommendation(self, place: int, rank: int, links: Sequence[KnownLink]) -> Recommendation:
        """The recommendation of one partner.

        Parameters
        ----------
        place
            Its place in `rows`.
        rank
            Its place in the asker's list, from 1.
        links
            Documented partnerships that the two share.
        """
        partner = self.corpus.profiles[int(self.rows[place])]
        score, for_you, for_them = self._fits[place]
        key = (self._own.id, partner.id, self.intent, self.today)
        told = self.stories.get(key, lambda: self._story(place, partner))
        found, known = told.evidence, told.completeness
        keep_in_mind = told.cautions.with_fits(for_you, for_them)
        return Recommendation(
            id=partner.id or "",
            name=partner.name or "",
            country=partner.country or "",
            rank=rank,
            score=score,
            level=_level(score, found),
            fit_for_you=for_you,
            fit_for_them=for_them,
            confidence=float(np.sqrt(known * self._own_completeness)),
            reasons=reasons_for(found, "you"),
            reasons_for_them=reasons_for(found, "them"),
            evidence=found,
            caution=next(iter(keep_in_mind), None),
            cautions=keep_in_mind,
            contributions=self._contributions(place, told),
            matches=told.matches,
            known_links=tuple(links),
        )

    @cached_property
    def _partners(self) -> Corpus:
        """The partners alone; not made where all their stories are kept."""
        return self.corpus.take(self.rows)

    @cached_property
    def _own(self) -> DraftProfile:
        return self.asker.profiles[0]

    @cached_property
    def _own_meaning(self) -> Meaning:
        return self.asker.meanings[0]

    @cached_property
    def _own_words(self) -> Mapping[str, Text | None]:
        return said_by(self._own, self._own_meaning)

    @cached_property
    def _own_completeness(self) -> float:
        return completeness(self._own).share

    @cached_property
    def _fits(self) -> list[list[float]]:
        scores = self.scores
        fits = np.stack([scores.score, scores.fit_for_you, scores.fit_for_them], axis=1)
        listed: list[list[float]] = fits.tolist()
        return listed

    @cached_property
    def _shares(self) -> tuple[list[list[float]], list[list[float]], list[list[float]]]:
        scores = self.scores
        return scores.contributions.tolist(), scores.to_you.tolist(), scores.to_them.tolist()

    @cached_property
    def _order(self) -> list[list[int]]:
        """Columns of the contributions to each partner's score, the largest first, then by name."""
        columns = _BY_NAME if self.intent else _BY_NAME[_BY_NAME != _OF_PURPOSE]
        sizes = -np.abs(self.scores.contributions[:, columns])
        order: list[list[int]] = columns[np.argsort(sizes, axis=1, kind="stable")].tolist()
        return order

    @cached_property
    def _needs(self) -> tuple[Floats, Floats]:
        """How likely needs are met: the asker's by all partners' offers, and the reverse."""
        return likelihoods(self.asker, self._partners), likelihoods(self._partners, self.asker)

    @cached_property
    def _specialities(self) -> Floats:
        return self._cosines("technologies")

    @cached_property
    def _offers(self) -> Floats:
        return self._cosines("offers")

    @cached_property
    def _wide(self) -> frozenset[str]:
        return wide_trades(self.corpus.topics.shares)

    def _cosines(self, phrases: str) -> Floats:
        """Cosines of the asker's phrases with those of all partners."""
        mine, theirs = (side.vectors.phrases[phrases] for side in (self.asker, self._partners))
        return np.round(theirs.cosines(mine).T, 6)

    def _pair(self, place: int, partner: DraftProfile) -> Pair:
        phrases, topics = self._partners.vectors.phrases, self._partners.topics
        offers, seeks, technologies = (
            slice(*starts[place : place + 2])
            for starts in (
                topics.offers.starts,
                topics.seeks.starts,
                phrases["technologies"].starts,
            )
        )
        needs, their_needs = self._needs
        return Pair(
            you=self._own,
            they=partner,
            your_meaning=self._own_meaning,
            their_meaning=self._partners.meanings[place],
            needs=needs[:, offers],
            their_needs=their_needs[seeks],
            specialities=self._specialities[:, technologies],
            offers=self._offers[:, offers],
            share=topics.shares,
            wide=self._wide,
            intent=self.intent,
        )

    def _story(self, place: int, partner: DraftProfile) -> Story:
        found = evidence_of(self._pair(place, partner))
        matches = _matches(found)
        theirs = said_by(partner, self._partners.meanings[place])
        mine, other = needs_that_met(self._own, partner, matches)
        known = completeness(partner).share
        return Story(
            found,
            matches,
            _by_feature({**self._own_words, "needs": mine}),
            _by_feature({**theirs, "needs": other}),
            known,
            cautions(self._own, partner, known, found, self.today),
        )

    def _contributions(self, place: int, story: Story) -> tuple[Contribution, ...]:
        shares = (side[place] for side in self._shares)
        told = list(zip(*_NAMES, *shares, story.yours, story.theirs, strict=True))
        return tuple(starmap(Contribution, itemgetter(*self._order[place])(told)))


def _level(score: float, found: Sequence[Evidence]) -> Level:
    """The score in a word, and never surer than the reasons are."""
    if not found:
        return "weak"
    level = level_of(score)
    general = all(one.kind in BACKGROUND for one in found)
    return "worth_a_talk" if general and level == "strong" else level


def differences(a: DraftProfile, b: ClusterProfile) -> tuple[FieldDifference, ...]:
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


def _matches(found: Sequence[Evidence]) -> tuple[PhraseMatch, ...]:
    """Needs that are met, as pairs of phrases."""
    return tuple(
        PhraseMatch("you", str(one.yours), str(one.theirs), one.strength - 1)
        if one.side == "you"
        else PhraseMatch("them", str(one.theirs), str(one.yours), one.strength - 1)
        for one in found
        if one.kind == "need_met"
    )
