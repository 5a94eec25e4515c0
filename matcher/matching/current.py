"""`CurrentIndex`: what answers are computed from, kept up with the collection in the store."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import NamedTuple

from matcher import memory
from matcher.config import DATA_DIR, Settings
from matcher.embedding.cache import CachedEncoder, NeverEncoding
from matcher.embedding.encoder import Encoder, Progress
from matcher.errors import IndexUnavailableError, MatcherError
from matcher.matching.building import Builder
from matcher.matching.snapshot import Snapshot
from matcher.store import Store

_STALE = (
    "The collection has changed, but its index cannot be built: {problem} Answers are those of "
    "before the change."
)


class Served(NamedTuple):
    """What answers are computed from, and what is wrong with it; ``None`` when all is well."""

    snapshot: Snapshot
    degraded: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """What the matcher is serving.

    Attributes
    ----------
    generation
        Id of the index.
    degraded
        What is wrong, or ``None`` when all is well.
    clusters, partnerships
        How many there are.
    model, weights
        Fingerprint of the embedding model, version of the scoring model.
    engine
        What finds candidates, in words.
    created
        When the index was built, ISO 8601 in UTC.
    """

    generation: str
    degraded: str | None
    clusters: int
    partnerships: int
    model: str
    weights: str
    engine: str
    created: str


class CurrentIndex:
    """Builds and reads the index of a collection, and serves the newest that there is.

    Parameters
    ----------
    store
        Clusters, partnerships and cached vectors.
    encoder
        Turns texts into vectors.
    settings
        Where the index is saved, and which engine searches.
    """

    def __init__(self, store: Store, encoder: CachedEncoder, settings: Settings) -> None:
        self._store, self._encoder, self._settings = store, encoder, settings
        self._changing = RLock()
        self._served: Served | None = None

    @property
    def state(self) -> Served:
        """What answers are computed from at this moment: another object whenever they may differ.

        Raises
        ------
        IndexUnavailableError
            Nothing was loaded.
        """
        if self._served is None:
            raise IndexUnavailableError("The matcher has not loaded its index: call load() first.")
        return self._served

    def load(self, progress: Progress | None = None) -> None:
        """Load the shipped data if it is new, and read the saved index, building it where needed.

        Where it cannot be built, a saved index of an earlier state of the collection is served.

        Raises
        ------
        StoreUnavailableError
            The database is damaged.
        """
        self._store.load_shipped(DATA_DIR)
        before: Snapshot | None = None
        with suppress(IndexUnavailableError):
            before = self._builder.saved()
        if before and before.provenance.collection == self._store.collection():
            self._store.verify()
            self._served = Served(before, None)
            return
        try:
            self._build_anew(progress)
        except MatcherError as error:
            if before is None:
                raise
            self._served = Served(before, _STALE.format(problem=error))

    def _build_anew(self, progress: Progress | None) -> None:
        """Build from cached vectors where all are there, as others may be embedding the rest."""
        try:
            self._build(NeverEncoding(self._encoder.encoder), progress, shared=False)
        except IndexUnavailableError:
            self.reindex(progress)

    def reindex(self, progress: Progress | None = None) -> None:
        """Embed what changed, build the index, save it and serve it from now on.

        One that cannot be saved is served all the same; `status` then says so.

        Raises
        ------
        IndexBusyError, IndexUnavailableError, ModelUnavailableError
            It cannot be built; what was served before still is.
        """
        self._build(self._encoder.encoder, progress, shared=True)

    def is_current(self) -> bool:
        """Whether what is served is the collection as it stands in the store."""
        return self._store.collection() == self.state.snapshot.provenance.collection

    def refresh(self) -> bool:
        """Serve the collection as it is now, if another process has changed it.

        No model is loaded: whoever changes the collection embeds it.

        Returns
        -------
        bool
            Whether answers come from another index than before.

        Raises
        ------
        IndexBusyError, IndexUnavailableError, StoreUnavailableError
            There is no index of it yet; what was served before still is.
        """
        if self.is_current():
            return False
        with self._changing:  # what another thread is building now need not be built twice
            if not self.is_current():
                self._take_up()
        return True

    def _take_up(self) -> None:
        """Read the index that another process has saved here, or build it from cached vectors."""
        with suppress(IndexUnavailableError):
            saved = self._builder.saved()
            if saved.provenance.collection == self._store.collection():
                self._served = Served(saved, None)
                return
        try:
            self._build(NeverEncoding(self._encoder.encoder), shared=False)
        except MatcherError as error:
            self._served = Served(self.state.snapshot, _STALE.format(problem=error))
            raise

    def _build(self, encoder: Encoder, progress: Progress | None = None, *, shared: bool) -> None:
        with self._changing:
            cached = CachedEncoder(encoder, self._store.vectors)
            self._served = Served(*self._builder.build(cached, progress, shared=shared))
        memory.give_back()

    @cached_property
    def _builder(self) -> Builder:
        return Builder(self._store, self._settings, self._encoder.fingerprint)
