"""From the store to a snapshot: read from the saved index where that fits, built where not."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from typing import NamedTuple

from matcher.config import Settings
from matcher.embedding.embedder import embed_profiles
from matcher.embedding.encoder import Encoder, Progress
from matcher.embedding.lexical import LexicalModel, Lexicon
from matcher.errors import IndexUnavailableError
from matcher.index.contract import VectorIndex
from matcher.index.engines import open_engine
from matcher.index.lock import alone
from matcher.index.saved import SavedIndex
from matcher.matching.candidates import SEARCHED
from matcher.matching.columns import Columns
from matcher.matching.corpus import keyword_lines
from matcher.matching.snapshot import Arrays, Provenance, Snapshot, open_snapshot
from matcher.matching.topics import Topics
from matcher.profiles.lookup import name_lines
from matcher.profiles.meaning import as_json, meaning
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.sequences import Profiles, packed
from matcher.store import Store

RECIPE = "11"
"""Raised when the arrays change in meaning, so that older ones are built anew."""

SAMPLE = 20_000
"""Of more profiles than that, about so many, evenly spaced, teach the vocabulary; and each is read
anew whenever it is needed, as they would fill the memory."""


class Built(NamedTuple):
    """A snapshot, and why it could not be saved; ``None`` where it was."""

    snapshot: Snapshot
    unsaved: str | None


class Builder:
    """Gives snapshots of the collection in a store.

    Parameters
    ----------
    store
        Clusters and partnerships.
    settings
        Where the index is saved, and which engine searches.
    fingerprint
        The embedding model in use.
    """

    def __init__(self, store: Store, settings: Settings, fingerprint: str) -> None:
        self._store, self._settings, self._fingerprint = store, settings, fingerprint
        self._saved = SavedIndex(settings.home)
        factory = f"{settings.index_factory} from {settings.index_factory_rows}"
        engine = "pgvector" if store.database.dialect == "postgresql" else factory
        self._made_for = {"recipe": RECIPE, "fingerprint": fingerprint, "made_for": engine}

    def saved(self) -> Snapshot:
        """Read the saved index, of whatever state of the collection it is.

        Raises
        ------
        IndexUnavailableError
            There is none, or it cannot be used; the text says why.
        """
        saved = self._saved.read()
        made_for = {name: saved.notes.get(name) for name in self._made_for}
        if made_for != self._made_for:
            raise IndexUnavailableError(
                "The saved index was made by another version, by another model or for other "
                "settings."
            )
        provenance = Provenance(*(saved.notes[name] for name in Provenance.__slots__))
        index = self._engine(saved.arrays)
        snapshot = open_snapshot(saved.arrays, index, self._store.partnerships(), provenance)
        index.load(saved.vectors, snapshot.corpus.ids)
        return snapshot

    def build(
        self, encoder: Encoder, progress: Progress | None = None, *, shared: bool = True
    ) -> Built:
        """Build the index of the collection as it is now, and save it.

        Parameters
        ----------
        encoder
            Turns texts into vectors.
        progress
            Told how many profiles are done.
        shared
            Whether nobody else may build for the same database meanwhile, on whatever machine.

        Raises
        ------
        IndexBusyError
            Another process is building.
        IndexUnavailableError
            The engine cannot be set up.
        ModelUnavailableError, StoreUnavailableError
            The model cannot be loaded, the store cannot be read.
        """
        with ExitStack() as held:
            try:
                held.enter_context(self._saved.building())
                unsaved = None
            except IndexUnavailableError as error:
                unsaved = str(error)
            if shared:
                held.enter_context(alone(self._store.database))
            return self._build(encoder, progress, unsaved)

    def _build(self, encoder: Encoder, progress: Progress | None, unsaved: str | None) -> Built:
        collection = self._store.collection()
        rows = list(self._store.bodies())
        arrays = described([key for key, _ in rows], [body for _, body in rows], encoder, progress)
        index = self._engine(arrays)
        index.build([key for key, _ in rows], arrays[SEARCHED])
        provenance = Provenance(
            generation=_name(RECIPE, self._fingerprint, collection),
            collection=collection,
            fingerprint=self._fingerprint,
            engine=index.told,
            created=datetime.now(UTC).isoformat(timespec="microseconds"),
        )
        if unsaved is None:
            try:
                self._saved.write(arrays, index.save, asdict(provenance) | self._made_for)
            except IndexUnavailableError as error:
                unsaved = str(error)
        partnerships = self._store.partnerships()
        return Built(open_snapshot(arrays, index, partnerships, provenance), unsaved)

    def _engine(self, arrays: Arrays) -> VectorIndex:
        dim = arrays[SEARCHED].shape[1]
        return open_engine(self._settings, self._store.database, self._fingerprint, dim)


def described(
    ids: Sequence[str], bodies: Sequence[str], encoder: Encoder, progress: Progress | None = None
) -> Arrays:
    """Make all arrays that answers are computed from; every one of them is saved.

    Parameters
    ----------
    ids, bodies
        Id and JSON of all profiles, sorted by id.
    encoder
        Turns texts into vectors.
    progress
        Told how many profiles are done.
    """
    profiles: Sequence[ClusterProfile] = Profiles(bodies)
    if len(bodies) <= SAMPLE:
        profiles = profiles[:]
    meanings = [meaning(one) for one in profiles]
    step = max(1, -(-len(profiles) // SAMPLE))
    model = LexicalModel.of(profiles[row] for row in range(0, len(profiles), step))
    texts = {
        "ids": ids,
        "bodies": bodies,
        "names": [name_lines(one) for one in profiles],
        "keywords": [keyword_lines(one) for one in profiles],
        "meanings": [as_json(one) for one in meanings],
    }
    return {
        **{name: packed(lines) for name, lines in texts.items()},
        **Columns.of(profiles).arrays,
        **Topics.of(profiles, meanings=meanings).arrays,
        **embed_profiles(profiles, encoder, progress).arrays,
        **Lexicon(model.rows(profiles), model).arrays,
    }


def _name(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
