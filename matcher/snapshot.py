"""`Snapshot`: everything that answers are computed from, built once and never changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from matcher.embedding.embedder import EmbeddedProfiles, embed_profiles
from matcher.embedding.encoder import Encoder, Progress
from matcher.embedding.lexical import LexicalModel, Lexicon
from matcher.errors import IndexUnavailableError
from matcher.index.generation import Generation, Generations
from matcher.profiles.lookup import NameIndex
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.ranking.candidates import CandidateIndex
from matcher.ranking.corpus import Corpus
from matcher.ranking.links import KnownLinks

RECIPE = "1"
"""Raised when the arrays of a generation change in meaning, so that older ones are rebuilt."""


@dataclass(frozen=True)
class Snapshot:
    """The clusters of one index generation, ready to answer; safe to share between threads.

    Attributes
    ----------
    profiles
        All clusters, sorted by id.
    partnerships
        All documented partnerships.
    generation
        What the vectors were read from.
    corpus
        The clusters as arrays, rows as in `profiles`.
    lexicon
        Terms of the TF-IDF columns.
    links
        Partnerships by pair.
    """

    profiles: tuple[ClusterProfile, ...]
    partnerships: tuple[Partnership, ...]
    generation: Generation
    corpus: Corpus
    lexicon: Lexicon
    links: KnownLinks

    @cached_property
    def names(self) -> NameIndex:
        """Look-up by name."""
        return NameIndex(self.profiles)

    @cached_property
    def candidates(self) -> CandidateIndex:
        """Retrieval by vectors, for more clusters than are scored one by one."""
        return CandidateIndex(self.corpus)

    @cached_property
    def _lexical_model(self) -> LexicalModel:
        return LexicalModel(self.profiles)

    def draft(self, profile: DraftProfile, encoder: Encoder) -> Corpus:
        """A profile that is not registered, as a corpus of one row."""
        return Corpus.of(
            [profile], embed_profiles([profile], encoder), self._lexical_model.rows([profile])
        )


def read_snapshot(
    generations: Generations,
    profiles: Sequence[ClusterProfile],
    partnerships: Sequence[Partnership],
    fingerprint: str,
) -> Snapshot:
    """Read the generation in force.

    Raises
    ------
    IndexUnavailableError
        There is none, it is damaged, or it was made from other profiles or another model.
    """
    generation = generations.current(fingerprint)
    if generation.meta.get("profiles") != profiles_digest(profiles):
        raise IndexUnavailableError("The profiles have changed since the index was built.")
    return _snapshot(generation, profiles, partnerships)


def build_snapshot(
    generations: Generations,
    profiles: Sequence[ClusterProfile],
    partnerships: Sequence[Partnership],
    encoder: Encoder,
    progress: Progress | None,
) -> Snapshot:
    """Embed what changed, write a new generation and read it back.

    Raises
    ------
    IndexBusyError
        Another process is rebuilding.
    IndexUnavailableError
        It cannot be stored.
    ModelUnavailableError
        The model cannot be loaded.
    """
    with generations.rebuilding() as write:
        embedded = embed_profiles(profiles, encoder, progress)
        model = LexicalModel(profiles)
        lexicon = Lexicon(model.rows(profiles), model.terms)
        generation = write(
            {**embedded.arrays, **lexicon.arrays},
            embedded.ids,
            {"fingerprint": encoder.fingerprint, "profiles": profiles_digest(profiles)},
        )
    return _snapshot(generation, profiles, partnerships)


def profiles_digest(profiles: Sequence[ClusterProfile]) -> str:
    """SHA-256 of everything that the arrays of a generation depend on, but the model."""
    digest = hashlib.sha256(RECIPE.encode())
    for profile in profiles:
        digest.update(profile.model_dump_json().encode() + b"\n")
    return digest.hexdigest()


def _snapshot(
    generation: Generation,
    profiles: Sequence[ClusterProfile],
    partnerships: Sequence[Partnership],
) -> Snapshot:
    vectors = EmbeddedProfiles.from_arrays(generation.ids, generation.arrays)
    lexicon = Lexicon.from_arrays(generation.arrays)
    return Snapshot(
        tuple(profiles),
        tuple(partnerships),
        generation,
        Corpus.of(profiles, vectors, lexicon.rows),
        lexicon,
        KnownLinks(partnerships),
    )
