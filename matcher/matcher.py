"""`Matcher`: the one facade. It opens everything, answers queries and keeps its index current."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from matcher.config import Settings, get_settings
from matcher.embedding.cache import CachedEncoder
from matcher.embedding.encoder import Encoder, Progress
from matcher.embedding.packaged import open_encoder
from matcher.errors import InvalidInputError
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.current import CurrentIndex, Served, Status
from matcher.matching.links import KnownLinks
from matcher.matching.model import ScoringModel, shipped_model
from matcher.matching.query import PartnerQuery, Scope
from matcher.matching.recommend import Recommender
from matcher.matching.recommendation import PairExplanation, PartnerList
from matcher.matching.snapshot import Snapshot
from matcher.profiles.partnership import Partnership
from matcher.profiles.problems import parsed
from matcher.profiles.profile import ClusterProfile, DraftProfile, Intent
from matcher.store import Saved, Store, Undone
from matcher.store.private import make_private

if TYPE_CHECKING:
    from matcher.matching.directory import Directory, DirectoryQuery
    from matcher.matching.landscape import Landscape
    from matcher.matching.pairs import PairScores
    from matcher.matching.what_if import Change

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
    settings
        Limits, and where the index is saved.
    model
        The scoring model; the shipped one when absent.
    """

    def __init__(
        self, store: Store, encoder: Encoder, settings: Settings, model: ScoringModel | None = None
    ) -> None:
        self._store = store
        self._encoder = CachedEncoder(encoder, store.vectors)
        self._settings = settings
        self._given_model = model
        self._index = CurrentIndex(store, self._encoder, settings)
        self._surveying = Lock()
        self._surveyed: tuple[Served, Landscape] | None = None

    @classmethod
    def open(cls, settings: Settings | None = None, *, progress: Progress | None = None) -> Self:
        """Open the store and the index; the first start loads the shipped data.

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
        make_private(settings.home)
        store = Store.open(
            settings.store_url, read_url=settings.database_read_url, threads=settings.threads
        )
        matcher = cls(store, open_encoder(settings), settings)
        matcher.load(progress)
        return matcher

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def model(self) -> ScoringModel:
        """The scoring model; read when first needed, so that a damaged file can be trained anew."""
        return self._given_model or shipped_model()

    @property
    def state(self) -> Served:
        """What answers are computed from at this moment: another object whenever they may differ.

        Raises
        ------
        IndexUnavailableError
            Nothing was loaded.
        """
        return self._index.state

    @property
    def encoder(self) -> Encoder:
        """What turns texts into vectors, each of which is kept in the store."""
        return self._encoder

    @property
    def snapshot(self) -> Snapshot:
        """The arrays behind the answers, for those who study the ranking itself."""
        return self.state.snapshot

    @property
    def store(self) -> Store:
        """Everything that is kept."""
        return self._store

    @property
    def clusters(self) -> Sequence[ClusterProfile]:
        """All clusters, sorted by id."""
        return self.snapshot.profiles

    @property
    def public(self) -> Sequence[ClusterProfile]:
        """The clusters that anybody may see, sorted by id."""
        return self.snapshot.public

    @property
    def partnerships(self) -> Sequence[Partnership]:
        """All documented partnerships."""
        return self.snapshot.partnerships

    @property
    def links(self) -> KnownLinks:
        """Documented partnerships by pair."""
        return self.snapshot.links

    def get(self, cluster_id: str) -> ClusterProfile | None:
        """The cluster with exactly that id, if there is one."""
        return self.snapshot.get(cluster_id)

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

    def directory(self, query: "DirectoryQuery") -> "Directory":
        """The public clusters that a query describes, and how many there are of each kind."""
        from matcher.matching.directory import directory

        return directory(self.snapshot, query)

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
        return self._recommender.answer(query)

    def explain(
        self,
        a: str | DraftProfile,
        b: str,
        *,
        intent: Intent | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> PairExplanation:
        """Why, or why not, cluster `b` is a partner for cluster `a`.

        Parameters
        ----------
        a
            Name or id, or the profile of a cluster that need not be registered.
        b
            Name or id.
        intent, weights
            As in `PartnerQuery`.

        Raises
        ------
        ClusterNotFoundError, AmbiguousNameError, InvalidInputError
            A cluster is not known, or an option is wrong.
        """
        other = self.snapshot.find(b)
        asker = {"cluster": self.snapshot.find(a).id} if isinstance(a, str) else {"profile": a}
        if asker.get("cluster") == other.id:
            raise InvalidInputError("A cluster is no partner for itself: name two clusters.")
        wanted = {**asker, "intent": intent, "weights": weights or {}}
        return self._recommender.pair(parsed(PartnerQuery, wanted, _UNANSWERABLE), other)

    def what_if(self, before: DraftProfile, after: DraftProfile, k: int = 10) -> "Change":
        """How the list of the `k` best partners changes when a profile does."""
        from matcher.matching.what_if import change

        old, new = (
            self.recommend(PartnerQuery(profile=profile, k=k)).partners
            for profile in (before, after)
        )
        return change(before, after, old, new)

    def pair_scores(
        self,
        askers: Scope | Iterable[str] = "all",
        partners: Scope | Iterable[str] = "all",
        *,
        intent: Intent | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> "PairScores":
        """Factors and scores of all pairs of two sides.

        Parameters
        ----------
        askers, partners
            ``"eu"``, ``"eap"``, ``"all"``, or names and ids of registered clusters.
        intent, weights
            As in `PartnerQuery`.

        Raises
        ------
        ClusterNotFoundError, AmbiguousNameError, InvalidInputError
            A cluster is not known, or a weight names no factor.
        """
        from matcher.matching.pairs import pair_scores

        snapshot = self.snapshot
        rows = (snapshot.rows_of(side) for side in (askers, partners))
        pairs = pair_scores(snapshot.corpus, snapshot.links, self.model, *rows)
        return pairs.weighted(intent=intent, weights=weights)

    def mutual_values(
        self, askers: Sequence[str | DraftProfile], partners: Sequence[str | DraftProfile]
    ) -> Floats:
        """Joint scores in [0, 1], shape (n, m), of ids of clusters and of profiles of others.

        Raises
        ------
        ModelUnavailableError
            The texts of a profile cannot be embedded.
        """
        return self._recommender.mutual(askers, partners)

    def corpus_with(self, described: Mapping[str, DraftProfile]) -> Corpus:
        """The arrays behind the answers and, behind them, clusters that are not registered.

        Parameters
        ----------
        described
            Id that each is given here -> its profile.

        Raises
        ------
        InvalidInputError, ModelUnavailableError
            A profile says nothing, or its texts cannot be embedded.
        """
        return self._recommender.corpus_with(described)

    def landscape(self) -> "Landscape":
        """The whole field at a glance; computed once for each index."""
        from matcher.matching.landscape import landscape

        state = self.state
        with self._surveying:
            if self._surveyed is None or self._surveyed[0] is not state:
                self._surveyed = state, landscape(self.public, self.pair_scores)
            return self._surveyed[1]

    def import_profiles(
        self,
        profiles: Sequence[ClusterProfile],
        progress: Progress | None = None,
        *,
        replace: bool = False,
        who: str = "a program",
        source: str = "",
    ) -> Saved:
        """Merge profiles into the collection and re-index.

        Parameters
        ----------
        profiles, replace, who, source
            As in `Imports.save`.
        """
        saved = self._store.imports.save(profiles, replace=replace, who=who, source=source)
        self.reindex(progress)
        return saved

    def undo_import(self, key: int, progress: Progress | None = None) -> Undone:
        """Take an import back, but for what was changed again since, and re-index.

        Raises
        ------
        NotFoundError, ConflictError
            It is not remembered any more, or taken back already.
        """
        undone = self._store.imports.undo(key)
        self.reindex(progress)
        return undone

    def load(self, progress: Progress | None = None) -> None:
        """Load the shipped data if it is new, and read the saved index, building it if needed."""
        self._index.load(progress)

    def reindex(self, progress: Progress | None = None) -> None:
        """Embed what changed, build the index, save it and serve it from now on.

        Raises
        ------
        IndexBusyError, IndexUnavailableError, ModelUnavailableError
            It cannot be built; what was served before still is.
        """
        self._index.reindex(progress)

    def reindex_if_changed(self) -> None:
        """Re-index if this process has changed a profile otherwise than by an import.

        Raises
        ------
        IndexBusyError, IndexUnavailableError, ModelUnavailableError
            As `reindex`.
        """
        if self._store.collection() != self.snapshot.provenance.collection:
            self.reindex()

    def refresh(self) -> bool:
        """Serve the collection as it is now, if another process has changed it.

        Returns whether answers come from another index than before.

        Raises
        ------
        IndexBusyError, IndexUnavailableError, StoreUnavailableError
            There is no index of it yet; what was served before still is.
        """
        return self._index.refresh()

    def is_current(self) -> bool:
        """Whether what is served is the collection as it stands in the store.

        Raises
        ------
        StoreUnavailableError
            The store does not tell.
        """
        return self._index.is_current()

    def status(self) -> Status:
        """What is being served, and whether something is wrong."""
        snapshot, degraded = self.state
        return Status(
            generation=snapshot.provenance.generation,
            degraded=degraded,
            clusters=len(snapshot.profiles),
            partnerships=len(snapshot.partnerships),
            model=self._encoder.fingerprint,
            weights=self.model.version,
            engine=snapshot.provenance.engine,
            created=snapshot.provenance.created,
        )

    @property
    def _recommender(self) -> Recommender:
        snapshot, degraded = self.state
        limit = self._settings.exhaustive_limit
        return Recommender(snapshot, self.model, self._encoder.encoder, limit, degraded)
