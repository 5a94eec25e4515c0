"""Answers questions for partners from a snapshot: filter, candidates, features, score, reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

import numpy as np

from matcher.embedding.encoder import Encoder
from matcher.embedding.facets import facet_texts
from matcher.errors import FieldProblem, InvalidInputError
from matcher.i18n.message import Text
from matcher.index.contract import Mask
from matcher.matching.candidates import SEARCHED, Candidates
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.eligibility import default_scope, eligible, why_not_eligible
from matcher.matching.explanation import Explainer, Story, differences
from matcher.matching.hints import hints, notice_of
from matcher.matching.known import Kept
from matcher.matching.model import ScoringModel
from matcher.matching.query import PartnerQuery
from matcher.matching.ranker import added, rank, score
from matcher.matching.recommendation import (
    KnownLink,
    PairExplanation,
    PartnerList,
    Recommendation,
)
from matcher.matching.snapshot import Snapshot
from matcher.profiles.paragraph import Understood, read_paragraph
from matcher.profiles.profile import ClusterProfile, DraftProfile

SPARE = 2
"""How many times as many partners are explained as are asked for, so that those without a true
reason can be left out."""


class Asker(NamedTuple):
    """Who asks: the profile if it is registered, its row, and what was read from a text."""

    cluster: ClusterProfile | None
    row: Corpus
    understood: Understood | None


@dataclass(frozen=True, slots=True)
class Recommender:
    """Answers from one snapshot under one model.

    Attributes
    ----------
    snapshot
        The clusters.
    model
        The scoring model.
    encoder
        Turns an asker's texts into vectors.
    limit
        Most clusters that are scored for one answer: all that are eligible, or the nearest.
    degraded
        What is wrong with the snapshot, or ``None``.
    """

    snapshot: Snapshot
    model: ScoringModel
    encoder: Encoder
    limit: int
    degraded: str | None

    def answer(self, query: PartnerQuery) -> PartnerList:
        """Rank partners and tell why.

        Raises
        ------
        ClusterNotFoundError, AmbiguousNameError, InvalidInputError, ModelUnavailableError
            The asker is not known, or the query cannot be answered.
        """
        asker = self.asker(query)
        profile = asker.row.profiles[0]
        query = query.model_copy(update={"scope": query.scope or default_scope(profile)})
        silent = asker.understood is not None and asker.understood.says_nothing
        corpus = self.snapshot.corpus
        links = self.snapshot.links.of(profile.id)
        allowed = eligible(corpus, profile, query, corpus.rows_of(links))
        wanted = query.model_copy(update={"k": 0 if silent else SPARE * query.k})
        found = self.candidates(asker.row, allowed)
        ranking = rank(asker.row, corpus, found, wanted, self.model, self._known(asker))
        stories = self._stories(asker)
        explainer = Explainer(
            asker.row, corpus, ranking.rows, ranking.scores, query.intent, _today(), stories
        )
        ids = [corpus.ids[row] for row in ranking.rows]
        partners = tuple(_listed(explainer, ids, links, query))
        return PartnerList(
            cluster=asker.cluster,
            query=query,
            partners=partners,
            eligible=int(allowed.sum()),
            warnings=self._warnings(profile, query),
            notice=notice_of(asker.row, asker.understood, query, partners, int(allowed.sum())),
            understood=asker.understood,
            generation=self.snapshot.provenance.generation,
            model=self.encoder.fingerprint,
            weights=self.model.version,
        )

    def pair(self, query: PartnerQuery, other: ClusterProfile) -> PairExplanation:
        """Tell why, or why not, a registered cluster is a partner for who asks."""
        corpus = self.snapshot.corpus
        asker = self.asker(query)
        one = asker.row.profiles[0]
        row = corpus.row_of[other.id]
        links: Mapping[str, Sequence[KnownLink]] = self.snapshot.links.of(one.id)
        because = why_not_eligible(one, other, query)
        place = 0 if because else self._place(asker, query, row)
        rows = np.array([row])
        scores = score(asker.row, corpus.take(rows), query, self.model)
        stories = self._stories(asker)
        explainer = Explainer(asker.row, corpus, rows, scores, query.intent, _today(), stories)
        return PairExplanation(
            a=one,
            b=other,
            recommendation=explainer.recommendation(0, place, links.get(other.id, ())),
            ineligible_because=because,
            differences=differences(one, other),
            generation=self.snapshot.provenance.generation,
            model=self.encoder.fingerprint,
            weights=self.model.version,
        )

    def mutual(
        self, askers: Sequence[str | DraftProfile], partners: Sequence[str | DraftProfile]
    ) -> Floats:
        """(n, m) joint scores of two sides, of which drafts are read as askers are."""
        table = np.zeros((len(askers), len(partners)), dtype=np.float32)
        others = [*self._parts(partners)]
        for places, ours in self._parts(askers):
            for row, place in enumerate(places):
                one = ours.take(np.array([row]))
                for columns, theirs in others:
                    query = PartnerQuery(cluster="any")
                    table[place, columns] = score(one, theirs, query, self.model).score
        return table

    def _parts(self, side: Sequence[str | DraftProfile]) -> Iterator[tuple[list[int], Corpus]]:
        """Registered clusters of a side, and its drafts, each with their places in it."""
        corpus = self.snapshot.corpus
        known = {place: one for place, one in enumerate(side) if isinstance(one, str)}
        if known:
            rows = np.array([corpus.row_of[key] for key in known.values()], dtype=np.intp)
            yield list(known), corpus.take(rows)
        drafts = {place: one for place, one in enumerate(side) if not isinstance(one, str)}
        if drafts:
            read = [_sketch(PartnerQuery(profile=one)) for one in drafts.values()]
            profiles, glosses = [one.profile for one in read], [one.gloss for one in read]
            yield list(drafts), self.snapshot.drafts(profiles, self.encoder, glosses)

    def asker(self, query: PartnerQuery) -> Asker:
        """Who asks; a text, or a profile that is no more than one, is read first."""
        if query.cluster is not None:
            cluster = self.snapshot.find(query.cluster)
            return Asker(cluster, row_of(self.snapshot.corpus, cluster.id), None)
        draft, understood, gloss = _sketch(query)
        if not facet_texts(draft)["about"]:
            raise InvalidInputError(
                "The profile says nothing that could be compared.",
                [FieldProblem("profile", "give a description, technologies, offers or needs")],
            )
        return Asker(None, self.snapshot.draft(draft, self.encoder, gloss), understood)

    def corpus_with(self, described: Mapping[str, DraftProfile]) -> Corpus:
        """All clusters and, behind them, drafts under ids of their own, read as askers are."""
        corpus = self.snapshot.corpus
        for key, profile in described.items():
            draft = profile.model_copy(update={"visibility": "public"})
            row = self.asker(PartnerQuery(profile=draft)).row
            known = replace(row, profiles=[_named(one, key) for one in row.profiles])
            corpus = corpus.joined(known, [key])
        return corpus

    def candidates(self, asker: Corpus, allowed: Mask) -> Candidates:
        """All eligible rows while they are few, otherwise the nearest of them."""
        vector = asker.vectors.facets[SEARCHED][0]
        return self.snapshot.candidates.nearest(vector, allowed, self.limit)

    def _stories(self, asker: Asker) -> Kept[Story]:
        """What was told before; of those who are not registered nothing is kept."""
        return self.snapshot.stories if asker.cluster else Kept[Story](0)

    def _place(self, asker: Asker, query: PartnerQuery, row: int) -> int:
        """Rank of a row in the asker's list, from 1; the list ends with it if it is long."""
        corpus = self.snapshot.corpus
        nobody = np.zeros(len(corpus), dtype=np.bool_)
        allowed = eligible(corpus, asker.row.profiles[0], query, nobody)
        found = self.candidates(asker.row, allowed)
        if row not in found.rows:
            return len(found.rows) + 1
        everyone = query.model_copy(update={"k": len(found.rows)})
        ranking = rank(asker.row, corpus, found, everyone, self.model, self._known(asker))
        return int(np.flatnonzero(ranking.rows == row)[0]) + 1

    def _known(self, asker: Asker) -> tuple[Floats, ...] | None:
        """What the features of a registered asker with all clusters add, while these are few."""
        corpus = self.snapshot.corpus
        if asker.cluster is None or len(corpus) > self.limit:
            return None
        return self.snapshot.added.get(
            (asker.cluster.id, self.model.version),
            lambda: added(asker.row, corpus, self.model),
        )

    def _warnings(self, profile: DraftProfile, query: PartnerQuery) -> tuple[Text, ...]:
        told: list[Text] = list(hints(profile, query, english_only=self.encoder.english_only))
        return (*told, self.degraded) if self.degraded else tuple(told)


def row_of(corpus: Corpus, cluster_id: str) -> Corpus:
    """One registered cluster as a corpus of one row."""
    return corpus.take(np.array([corpus.row_of[cluster_id]]))


def _named(draft: DraftProfile, key: str) -> ClusterProfile:
    """A draft under an id that no register would give; it need not have a name."""
    return ClusterProfile.model_construct(**{**dict(draft), "id": key})


class _Sketch(NamedTuple):
    """The profile to rank for, what was read from its text if that gave it, and a gloss."""

    profile: DraftProfile
    understood: Understood | None
    gloss: str


def _sketch(query: PartnerQuery) -> _Sketch:
    """Read the text that an asker gave, or the description of a profile that gives no more.

    Who has stated some lists is not told otherwise, but for the specialities: a need alone does
    not say what a cluster does.
    """
    if query.text is not None:
        understood = read_paragraph(query.text)
        return _Sketch(understood.profile, understood, understood.gloss)
    draft = query.profile or DraftProfile()
    if not draft.description:
        return _Sketch(draft, None, "")
    understood = read_paragraph(draft.description)
    if draft.technologies or draft.offers or draft.seeks:
        words = draft.technologies or understood.profile.technologies
        gloss = "" if understood.languages == ("en",) else understood.gloss
        return _Sketch(draft.model_copy(update={"technologies": words}), None, gloss)
    stated = draft.model_dump(exclude_defaults=True)
    profile = DraftProfile.model_validate(understood.profile.model_dump() | stated)
    return _Sketch(profile, understood._replace(profile=profile), understood.gloss)


def _listed(
    explainer: Explainer,
    ids: Sequence[str],
    links: Mapping[str, Sequence[KnownLink]],
    query: PartnerQuery,
) -> Iterator[Recommendation]:
    """Partners from the best on; weak ones only where they are asked for."""
    rank_in_list = 0
    for place, partner in enumerate(ids):
        if rank_in_list == query.k:
            return
        found = explainer.recommendation(place, rank_in_list + 1, links.get(partner, ()))
        if found.level != "weak" or query.include_weak:
            rank_in_list += 1
            yield found


def _today() -> date:
    return datetime.now(UTC).date()
