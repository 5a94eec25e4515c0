"""`Snapshot`: everything that answers are computed from, opened once and never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.embedder import MISFIT, EmbeddedProfiles, embed_profiles
from matcher.embedding.encoder import Encoder
from matcher.embedding.lexical import Lexicon
from matcher.errors import IndexUnavailableError
from matcher.index.contract import VectorIndex
from matcher.matching.candidates import SEARCHED, CandidateIndex
from matcher.matching.columns import Columns, Floats
from matcher.matching.corpus import Corpus
from matcher.matching.explanation import Story
from matcher.matching.features import FEATURES
from matcher.matching.fulltext import WordIndex
from matcher.matching.known import Kept
from matcher.matching.links import KnownLinks
from matcher.matching.query import Scope
from matcher.matching.topics import Topics
from matcher.profiles.lookup import NameIndex, id_form
from matcher.profiles.meaning import Meanings
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.profiles.sequences import Chosen, Profiles, unpacked

Arrays = Mapping[str, NDArray[Any]]


FEATURE_BYTES, STORIES, DRAFTS = 64 * 2**20, 10_000, 100
"""What a snapshot keeps of registered pairs and of drafts, see `Snapshot`."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a snapshot comes from.

    Attributes
    ----------
    generation
        16 hexadecimal digits that name collection, model and recipe.
    collection
        Digest of the collection in the store.
    fingerprint
        The embedding model.
    engine
        What finds candidates, in words.
    created
        When it was built, ISO 8601 in UTC.
    """

    generation: str
    collection: str
    fingerprint: str
    engine: str
    created: str


@dataclass(frozen=True)
class Snapshot:
    """The clusters of one collection, ready to answer; safe to share between threads.

    Attributes
    ----------
    provenance
        Where it comes from.
    profiles
        All clusters, sorted by id; each is read when it is asked for.
    partnerships
        All documented partnerships.
    corpus
        The clusters as arrays, rows as in `profiles`.
    name_lines
        What each is called, see `matcher.profiles.lookup.name_lines`.
    lexicon
        Words of the TF-IDF columns.
    links
        Partnerships by pair.
    candidates
        Finds the nearest clusters.
    added
        What the features of registered askers with the whole corpus add; 200 kB for each asker
        at the shipped size, 64 MB at most.
    stories
        What is told of registered pairs; some 6 kB for each, 60 MB at most.
    described
        Drafts asked for lately: whoever describes a cluster looks at several pages.
    """

    provenance: Provenance
    profiles: Profiles
    partnerships: tuple[Partnership, ...]
    corpus: Corpus
    name_lines: Sequence[str]
    lexicon: Lexicon
    links: KnownLinks
    candidates: CandidateIndex
    added: Kept[tuple[Floats, ...]]
    stories: Kept[Story]
    described: Kept[Corpus]

    @cached_property
    def names(self) -> NameIndex[ClusterProfile]:
        """Look-up by name."""
        return NameIndex(self.corpus.ids, self.profiles, self.name_lines)

    @cached_property
    def words(self) -> WordIndex:
        """Which profiles say a word."""
        return WordIndex(self.profiles.bodies)

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

    def rows_of(self, side: Scope | Iterable[str]) -> NDArray[np.intp]:
        """Rows of ``"eu"``, ``"eap"``, ``"all"``, or of clusters by name or id.

        Raises
        ------
        ClusterNotFoundError, AmbiguousNameError
            As `find`.
        """
        if isinstance(side, str):
            groups = enumerate(str(one.group).lower() for one in self.profiles)
            wanted = [row for row, group in groups if side in ("all", group)]
        else:
            wanted = [self.corpus.row_of[self.find(name).id] for name in side]
        return np.array(wanted, dtype=np.intp)

    def draft(self, profile: DraftProfile, encoder: Encoder, gloss: str = "") -> Corpus:
        """A profile that is not registered, as a corpus of one row.

        Parameters
        ----------
        profile
            As it is.
        encoder
            Turns its texts into vectors.
        gloss
            What it is about in English words; stands in for the words of other languages.
        """
        return self.drafts([profile], encoder, [gloss])

    def drafts(
        self, profiles: Sequence[DraftProfile], encoder: Encoder, glosses: Sequence[str]
    ) -> Corpus:
        """Profiles that are not registered as a corpus, in their order; see `draft`."""
        keys = (one.model_dump_json(exclude_defaults=True) for one in profiles)
        key = (*zip(keys, glosses, strict=True),)
        return self.described.get(key, lambda: self._embedded(profiles, encoder, glosses))

    def _embedded(
        self, profiles: Sequence[DraftProfile], encoder: Encoder, glosses: Sequence[str]
    ) -> Corpus:
        glossed = [
            one.model_copy(update={"description": f"{one.description} {gloss}"}) if gloss else one
            for one, gloss in zip(profiles, glosses, strict=True)
        ]
        found = Corpus.of(
            profiles,
            embed_profiles(profiles, encoder),
            self.lexicon.model.rows(glossed),
            Topics.of(profiles, self.corpus.topics.rarity),
        )
        return replace(found, rarities=self.corpus.rarities)


def open_snapshot(
    arrays: Arrays, index: VectorIndex, partnerships: Sequence[Partnership], provenance: Provenance
) -> Snapshot:
    """Answer from arrays, as `matcher.matching.building.described` makes them.

    Raises
    ------
    IndexUnavailableError
        They were made by another version.
    """
    try:
        ids, bodies, names, keywords, meanings = (
            unpacked(arrays[name]) for name in ("ids", "bodies", "names", "keywords", "meanings")
        )
        columns, topics = Columns.from_arrays(arrays), Topics.from_arrays(arrays)
    except KeyError:
        raise IndexUnavailableError(MISFIT) from None
    profiles, lexicon = Profiles(bodies), Lexicon.from_arrays(arrays)
    vectors = EmbeddedProfiles.from_arrays(ids, arrays)
    parts = (profiles, Meanings(meanings), columns, vectors, lexicon.rows, topics, columns.rarities)
    corpus = Corpus(*parts, keywords)
    return Snapshot(
        provenance,
        profiles,
        tuple(partnerships),
        corpus,
        names,
        lexicon,
        KnownLinks(partnerships),
        CandidateIndex(index, vectors.facets[SEARCHED]),
        Kept(max(1, FEATURE_BYTES // (8 * len(FEATURES) * max(len(ids), 1)))),
        Kept(STORIES),
        Kept(DRAFTS),
    )
