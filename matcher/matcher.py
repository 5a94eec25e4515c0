"""`Matcher`: the one facade. It opens everything, answers queries and re-indexes."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from threading import Lock
from types import TracebackType
from typing import Any, Self

import numpy as np

from matcher import memory
from matcher.building import build
from matcher.config import DATA_DIR, Settings, get_settings
from matcher.embedding.cache import CachedEncoder
from matcher.embedding.encoder import Encoder, Progress, SentenceTransformerEncoder
from matcher.embedding.facets import facet_texts
from matcher.errors import (
    FieldProblem,
    IndexBusyError,
    IndexUnavailableError,
    InvalidInputError,
    MatcherError,
    StoreUnavailableError,
)
from matcher.i18n.message import Text
from matcher.index.generation import Generations
from matcher.index.shared import open_generations
from matcher.matching.corpus import Corpus
from matcher.matching.eligibility import default_scope, eligible, why_not_eligible
from matcher.matching.explanation import Explainer, differences
from matcher.matching.hints import hints
from matcher.matching.model import ScoringModel, shipped_model
from matcher.matching.query import PartnerQuery
from matcher.matching.ranker import multipliers, rank, score, shortlist
from matcher.matching.recommendation import PairExplanation, PartnerList
from matcher.profiles.problems import parsed
from matcher.profiles.profile import ClusterProfile, DraftProfile, Intent
from matcher.snapshot import Snapshot, Status, open_snapshot, read_snapshot
from matcher.store import SaveCounts, Store

_UNANSWERABLE = "The question cannot be answered."


class Matcher:
    """Answers who fits whom; open one per process and share it between threads.

    Use `Matcher.open`; the constructor takes the parts, for tests and unusual set-ups.

    Parameters
    ----------
    store
        Clusters, partnerships and cached vectors; closed with the matcher.
    encoder
        Turns texts into vectors.
    generations
        Index generations on disk.
    settings
        Limits.
    model
        The scoring model; the shipped one when absent.
    """

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        generations: Generations,
        settings: Settings,
        model: ScoringModel | None = None,
    ) -> None:
        self._store = store
        self._encoder = CachedEncoder(encoder, store.vectors)
        self._generations = generations
        self._settings = settings
        self._given_model = model
        self._changing = Lock()
        self._snapshot: Snapshot | None = None

    @classmethod
    def open(cls, settings: Settings | None = None, *, progress: Progress | None = None) -> Self:
        """Open the store and the index; the first start loads the shipped data and embeds it.

        Parameters
        ----------
        settings
            From the environment when absent.
        progress
            Told how many profiles are embedded, should that be necessary.

        Raises
        ------
        StoreUnavailableError, IndexUnavailableError, ModelUnavailableError
            Something cannot be opened; the text says what to do.
        """
        settings = settings or get_settings()
        settings.home.mkdir(parents=True, exist_ok=True)
        store = Store.open(
            settings.store_url, read_url=settings.database_read_url, threads=settings.threads
        )
        matcher = cls(
            store,
            SentenceTransformerEncoder(settings.model),
            open_generations(settings.home, store.database),
            settings,
        )
        matcher.load(progress)
        return matcher

    def load(self, progress: Progress | None = None) -> None:
        """Load the shipped data if it is new, and read the index, building it where needed.

        A damaged index is built anew; where that cannot be done, the last good one is served.
        """
        self._store.load_shipped(DATA_DIR)
        try:
            self._snapshot = read_snapshot(
                self._generations,
                self._store.bodies(),
                self._store.partnerships(),
                self._encoder.fingerprint,
            )
        except IndexUnavailableError:
            self._build_or_serve(progress)
        if self.snapshot.generation.degraded:
            with suppress(MatcherError):
                self.reindex(progress)

    def _build_or_serve(self, progress: Progress | None) -> None:
        """Re-index; while another process is at it, or the primary is away, serve what is there."""
        try:
            self.reindex(progress)
        except (IndexBusyError, StoreUnavailableError):
            with suppress(IndexUnavailableError):
                generation = self._generations.current(self._encoder.fingerprint)
                self._snapshot = open_snapshot(generation, self._store.partnerships())
            if self._snapshot is None:
                raise

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @cached_property
    def _model(self) -> ScoringModel:
        """Read when first needed, so that a damaged file can be trained anew."""
        return self._given_model or shipped_model()

    @property
    def snapshot(self) -> Snapshot:
        """What answers are computed from at this moment."""
        if self._snapshot is None:
            raise IndexUnavailableError("The matcher has not loaded its index: call load() first.")
        return self._snapshot

    @property
    def store(self) -> Store:
        """Everything that is kept."""
        return self._store

    @property
    def clusters(self) -> Sequence[ClusterProfile]:
        """All clusters, sorted by id."""
        return self.snapshot.profiles

    def find(self, name: str) -> ClusterProfile:
        """The cluster of that name, acronym or id, in any script.

        Raises
        ------
        ClusterNotFoundError, AmbiguousNameError
            None or several go by that name; the error lists the nearest.
        """
        return self.snapshot.find(name)

    def search(self, text: str, limit: int = 20) -> list[ClusterProfile]:
        """Clusters whose names resemble the text, best first."""
        return self.snapshot.names.search(text, limit)

    def recommend(self, query: PartnerQuery | str, **options: Any) -> PartnerList:
        """Rank partners.

        Parameters
        ----------
        query
            The query, or just the name or id of a registered cluster.
        **options
            Fields of `PartnerQuery`, where `query` is a name.

        Raises
        ------
        ClusterNotFoundError, AmbiguousNameError, InvalidInputError, ModelUnavailableError
            The asker is not known, or the query cannot be answered.
        """
        if isinstance(query, str):
            query = parsed(PartnerQuery, {"cluster": query, **options}, _UNANSWERABLE)
        elif options:
            raise InvalidInputError("Options belong into the query itself.")
        snapshot = self.snapshot
        cluster, asker = self._asker(snapshot, query)
        profile = asker.profiles[0]
        query = query.model_copy(update={"scope": query.scope or default_scope(profile)})
        links = snapshot.links.of(profile.id)
        linked = snapshot.corpus.rows_of(links)
        allowed = eligible(snapshot.corpus, profile, query, linked)
        rows = self._candidates(snapshot, asker, allowed, query)
        ranking = rank(asker, snapshot.corpus, rows, query, self._model)
        found = snapshot.corpus.take(ranking.rows)
        explainer = Explainer(asker, found, ranking.scores, snapshot.lexicon)
        partners = tuple(
            explainer.recommendation(place, place + 1, links.get(partner, ()))
            for place, partner in enumerate(found.ids)
        )
        english_only = self._encoder.english_only
        warnings: list[Text] = [*hints(profile, query, partners, english_only=english_only)]
        if snapshot.generation.degraded:
            warnings.append(snapshot.generation.degraded)
        return PartnerList(
            cluster=cluster,
            query=query,
            partners=partners,
            eligible=int(allowed.sum()),
            warnings=tuple(warnings),
            generation=snapshot.generation.id,
            model=self._encoder.fingerprint,
            weights=self._model.version,
        )

    def explain(
        self,
        a: str,
        b: str,
        *,
        intent: Intent | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> PairExplanation:
        """Why, or why not, cluster `b` is a partner for cluster `a`.

        Parameters
        ----------
        a, b
            Names or ids.
        intent, weights
            As in `PartnerQuery`.

        Raises
        ------
        ClusterNotFoundError, AmbiguousNameError, InvalidInputError
            A cluster is not known, or an option is wrong.
        """
        snapshot = self.snapshot
        one, other = snapshot.find(a), snapshot.find(b)
        if one.id == other.id:
            raise InvalidInputError("A cluster is no partner for itself: name two clusters.")
        wanted = {"cluster": one.id, "intent": intent, "weights": weights or {}}
        query = parsed(PartnerQuery, wanted, _UNANSWERABLE)
        asker = _row(snapshot.corpus, one.id)
        row = snapshot.corpus.row_of[other.id]
        links = snapshot.links.of(one.id)
        because = why_not_eligible(one, other, query)
        place = 0 if because else self._place(snapshot, asker, query, row)
        partner = snapshot.corpus.take(np.array([row]))
        scores = score(asker, partner, self._model, multipliers(query))
        explainer = Explainer(asker, partner, scores, snapshot.lexicon)
        return PairExplanation(
            a=one,
            b=other,
            recommendation=explainer.recommendation(0, place, links.get(other.id, ())),
            ineligible_because=because,
            differences=differences(one, other),
            generation=snapshot.generation.id,
            model=self._encoder.fingerprint,
            weights=self._model.version,
        )

    def import_profiles(
        self, profiles: Sequence[ClusterProfile], progress: Progress | None = None
    ) -> SaveCounts:
        """Save profiles and re-index."""
        counts = self._store.save_profiles(profiles)
        self.reindex(progress)
        return counts

    def reindex(self, progress: Progress | None = None) -> None:
        """Embed what changed, write a new generation and serve it from now on.

        Raises
        ------
        IndexBusyError, IndexUnavailableError, ModelUnavailableError
            It cannot be built; what was served before still is.
        """
        with self._changing:
            generation = build(self._generations, self._store.bodies(), self._encoder, progress)
            self._snapshot = open_snapshot(generation, self._store.partnerships())
        memory.give_back()

    def refresh(self) -> bool:
        """Serve the index in force, if another process has made a new one.

        Returns
        -------
        bool
            Whether answers come from another index, or are of another quality, than before.

        Raises
        ------
        IndexUnavailableError, StoreUnavailableError
            The new one cannot be used; what was served before still is.
        """
        pointed = self._generations.pointed()
        if pointed in (None, self.snapshot.generation.id):
            return False
        with self._changing:
            before = self.snapshot.generation
            generation = self._generations.current(self._encoder.fingerprint)
            if (generation.id, generation.degraded) == (before.id, before.degraded):
                return False
            self._snapshot = open_snapshot(generation, self._store.partnerships())
        return True

    def status(self) -> Status:
        """What is being served, and whether something is wrong."""
        snapshot = self.snapshot
        return Status(
            generation=snapshot.generation.id,
            degraded=snapshot.generation.degraded,
            clusters=len(snapshot.profiles),
            partnerships=len(snapshot.partnerships),
            model=self._encoder.fingerprint,
            weights=self._model.version,
        )

    def _asker(
        self, snapshot: Snapshot, query: PartnerQuery
    ) -> tuple[ClusterProfile | None, Corpus]:
        if query.cluster is not None:
            cluster = snapshot.find(query.cluster)
            return cluster, _row(snapshot.corpus, cluster.id)
        draft = query.profile or DraftProfile(description=query.text)
        if not facet_texts(draft)["about"]:
            raise InvalidInputError(
                "The profile says nothing that could be compared.",
                [FieldProblem("profile", "give a description, technologies, offers or needs")],
            )
        return None, snapshot.draft(draft, self._encoder.encoder)

    def _candidates(
        self, snapshot: Snapshot, asker: Corpus, allowed: np.ndarray, query: PartnerQuery
    ) -> np.ndarray:
        """All eligible rows while they are few, otherwise the most promising of them."""
        if np.count_nonzero(allowed) <= self._settings.exhaustive_limit:
            return np.flatnonzero(allowed)
        found = snapshot.candidates.retrieve(asker, allowed)
        return shortlist(asker, snapshot.corpus, found, query, self._model)

    def _place(self, snapshot: Snapshot, asker: Corpus, query: PartnerQuery, row: int) -> int:
        """Rank of a row in the asker's list, from 1; the list ends with it if it is long."""
        profile = asker.profiles[0]
        nobody = np.zeros(len(snapshot.corpus), dtype=np.bool_)
        allowed = eligible(snapshot.corpus, profile, query, nobody)
        rows = np.union1d(self._candidates(snapshot, asker, allowed, query), [row])
        everyone = query.model_copy(update={"k": len(rows)})
        ranking = rank(asker, snapshot.corpus, rows, everyone, self._model)
        return int(np.flatnonzero(ranking.rows == row)[0]) + 1


def _row(corpus: Corpus, cluster_id: str) -> Corpus:
    return corpus.take(np.array([corpus.row_of[cluster_id]]))
