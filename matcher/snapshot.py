"""`Snapshot`: everything that answers are computed from, opened once and never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.building import Body, bodies_digest
from matcher.embedding.embedder import MISFIT, EmbeddedProfiles, embed_profiles
from matcher.embedding.encoder import Encoder
from matcher.embedding.lexical import Lexicon
from matcher.errors import IndexUnavailableError
from matcher.index.generation import Generation, Generations
from matcher.matching.candidates import CandidateIndex
from matcher.matching.columns import Columns
from matcher.matching.corpus import Corpus
from matcher.matching.links import KnownLinks
from matcher.profiles.lookup import NameIndex, id_form
from matcher.profiles.packed import Chosen, Profiles, Texts
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile, DraftProfile


@dataclass(frozen=True)
class Snapshot:
    """The clusters of one index generation, ready to answer; safe to share between threads.

    Attributes
    ----------
    profiles
        All clusters, sorted by id; each is read when it is asked for.
    partnerships
        All documented partnerships.
    generation
        What the vectors were read from.
    corpus
        The clusters as arrays, rows as in `profiles`.
    lexicon
        Words of the TF-IDF columns.
    links
        Partnerships by pair.
    candidates
        Retrieval by vectors and words, for more clusters than are scored one by one.
    """

    profiles: Sequence[ClusterProfile]
    partnerships: tuple[Partnership, ...]
    generation: Generation
    corpus: Corpus
    lexicon: Lexicon
    links: KnownLinks
    candidates: CandidateIndex

    @cached_property
    def names(self) -> NameIndex:
        """Look-up by name."""
        return NameIndex(self.profiles)

    @property
    def public(self) -> Sequence[ClusterProfile]:
        """The clusters that anybody may see, sorted by id; each is read when it is asked for."""
        return Chosen(self.profiles, np.flatnonzero(self.corpus.visible))

    @cached_property
    def years(self) -> tuple[int, int] | None:
        """First and last year that the facts about public clusters refer to."""
        years = [cluster.as_of for cluster in self.public if cluster.as_of]
        return (min(years), max(years)) if years else None

    def get(self, cluster_id: str) -> ClusterProfile | None:
        """The cluster with exactly that id, if there is one."""
        row = self.corpus.row_of.get(cluster_id)
        return None if row is None else self.profiles[row]

    def find(self, text: str) -> ClusterProfile:
        """The cluster of that id, name or acronym; names are prepared when the first is asked for.

        Raises
        ------
        ClusterNotFoundError, AmbiguousNameError
            None or several go by it.
        """
        return self.get(id_form(text)) or self.names.find(text)

    def draft(self, profile: DraftProfile, encoder: Encoder) -> Corpus:
        """A profile that is not registered, as a corpus of one row."""
        return Corpus.of(
            [profile], embed_profiles([profile], encoder), self.lexicon.model.rows([profile])
        )


@dataclass(frozen=True, slots=True)
class Status:
    """What the matcher is serving.

    Attributes
    ----------
    generation
        Id of the index generation.
    degraded
        What is wrong, or ``None`` when all is well.
    clusters, partnerships
        How many there are.
    model, weights
        Fingerprint of the embedding model, version of the scoring model.
    """

    generation: str
    degraded: str | None
    clusters: int
    partnerships: int
    model: str
    weights: str


def read_snapshot(
    generations: Generations,
    bodies: Iterable[Body],
    partnerships: Sequence[Partnership],
    fingerprint: str,
) -> Snapshot:
    """Read the generation in force.

    Parameters
    ----------
    generations
        Where it is.
    bodies
        Id and JSON of all profiles, sorted by id.
    partnerships
        All documented partnerships.
    fingerprint
        The model that its vectors must come from.

    Raises
    ------
    IndexUnavailableError
        There is none, it is damaged, or it was made from other profiles or another model.
    """
    generation = generations.current(fingerprint)
    if generation.meta.get("profiles") != bodies_digest(bodies):
        raise IndexUnavailableError("The profiles have changed since the index was built.")
    return open_snapshot(generation, partnerships)


def open_snapshot(generation: Generation, partnerships: Sequence[Partnership]) -> Snapshot:
    """Answer from a generation.

    Raises
    ------
    IndexUnavailableError
        It was written by another version.
    """
    arrays = generation.arrays
    try:
        bodies, keywords = (Texts.from_arrays(name, arrays) for name in ("bodies", "keywords"))
        columns = Columns.from_arrays(arrays)
    except KeyError:
        raise IndexUnavailableError(MISFIT) from None
    profiles = Profiles(bodies)
    lexicon = Lexicon.from_arrays(arrays)
    vectors = EmbeddedProfiles.from_arrays(generation.ids, arrays)
    corpus = Corpus(profiles, columns, vectors, lambda: lexicon.rows, columns.rarity, keywords)
    return Snapshot(
        profiles,
        tuple(partnerships),
        generation,
        corpus,
        lexicon,
        KnownLinks(partnerships),
        CandidateIndex(corpus, arrays, generation.searcher),
    )
