"""`Corpus`: clusters as everything that ranking works on, aligned row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.embedder import EmbeddedProfiles
from matcher.embedding.sparse import Sparse
from matcher.matching.columns import Bools, Columns, Rarities
from matcher.matching.topics import Topics, column
from matcher.profiles.meaning import Meaning, meaning
from matcher.profiles.profile import DraftProfile
from matcher.profiles.sequences import Chained, Chosen
from matcher.profiles.trades import ancestors, trades

OWN = 0.2
"""How far a trade must be a profile's to count as its own; a need alone does not make it so."""


@dataclass(frozen=True)
class Corpus:
    """n clusters (or one draft) with their columns and vectors; immutable.

    Attributes
    ----------
    profiles
        The n profiles.
    meanings
        The same, understood.
    columns
        Their plain fields as arrays.
    vectors
        Their embedded texts, rows in the same order.
    lexical
        Their TF-IDF vectors.
    topics
        What they are about: trades, needs, traits.
    rarities
        How rare each sector is in the whole collection, also where only some of its rows are
        here.
    kept_keywords
        `keywords`, where they are kept.
    """

    profiles: Sequence[DraftProfile]
    meanings: Sequence[Meaning]
    columns: Columns
    vectors: EmbeddedProfiles
    lexical: Sparse
    topics: Topics
    rarities: Rarities
    kept_keywords: Sequence[str] | None = None

    @classmethod
    def of(
        cls,
        profiles: Sequence[DraftProfile],
        vectors: EmbeddedProfiles,
        lexical: Sparse,
        topics: Topics,
    ) -> Self:
        """The corpus of a whole collection; all parts must have their rows in the same order."""
        columns = Columns.of(profiles)
        meanings = [meaning(profile) for profile in profiles]
        return cls(profiles, meanings, columns, vectors, lexical, topics, columns.rarities)

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The given rows only, in the given order."""
        return type(self)(
            Chosen(self.profiles, rows),
            Chosen(self.meanings, rows),
            self.columns.take(rows),
            self.vectors.take(rows),
            self.lexical.take(rows),
            self.topics.take(rows),
            self.rarities,
        )

    def joined(self, other: "Corpus", ids: Sequence[str]) -> Self:
        """These rows and, behind them under new ids, those of another corpus of the snapshot."""
        table = len(self._arrays["phrases"])
        arrays = {
            name: _joined(name, one, other._arrays[name], table)
            for name, one in self._arrays.items()
        }
        return type(self)(
            Chained(self.profiles, other.profiles),
            Chained(self.meanings, other.meanings),
            Columns.from_arrays(arrays),
            EmbeddedProfiles.from_arrays((*self.ids, *ids), arrays),
            Sparse.from_arrays("lexical", arrays),
            Topics.from_arrays(arrays),
            self.rarities,
        )

    @property
    def _arrays(self) -> dict[str, NDArray[np.generic]]:
        own = self.vectors.arrays | self.columns.arrays | self.topics.arrays
        return own | self.lexical.arrays("lexical")

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def ids(self) -> Sequence[str]:
        """Id of each row; empty for a draft without one."""
        return self.vectors.ids

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row of each id."""
        return {key: row for row, key in enumerate(self.ids) if key}

    def rows_of(self, ids: Iterable[str]) -> Bools:
        """(n,) which rows have one of these ids; ids that are not here are passed over."""
        marked = np.zeros(len(self), dtype=np.bool_)
        marked[[self.row_of[key] for key in ids if key in self.row_of]] = True
        return marked

    @property
    def visible(self) -> Bools:
        """(n,) rows that may be suggested to others: public profiles."""
        return self.columns.public.view(np.bool_)

    @cached_property
    def trades(self) -> Bools:
        """(n, trades) which trades are a row's own; the broader ones of each are, too."""
        stated = self.topics.stated
        rows = np.repeat(np.arange(len(self)), np.diff(stated.starts))[stated.values > OWN]
        own = np.zeros((len(self), len(trades())), dtype=np.bool_)
        own[rows, stated.columns[stated.values > OWN]] = True
        for trade in trades():
            for broader in ancestors(trade):
                own[:, column(broader)] |= own[:, column(trade)]
        return own

    @cached_property
    def keywords(self) -> Sequence[str]:
        """What the technology filter looks into, see `keyword_lines`."""
        return self.kept_keywords or [keyword_lines(profile) for profile in self.profiles]

    def mentioning(self, word: str) -> Bools:
        """(n,) rows whose keywords contain a casefolded word, be it as part of another one."""
        return np.array([word in lines for lines in self.keywords], dtype=np.bool_)


def keyword_lines(profile: DraftProfile) -> str:
    """Technologies, services and offers of a profile, casefolded, each in a line."""
    phrases = (*profile.technologies, *profile.services, *profile.offers)
    return "".join(f"{phrase}\n" for phrase in phrases).casefold()


def _joined(name: str, one: NDArray[Any], other: NDArray[Any], table: int) -> NDArray[np.generic]:
    """One array behind the other; what counts places begins where the first one ends."""
    if name == "trade_rarity":
        return one
    if name.endswith("starts"):
        return np.concatenate([one, other[1:] + one[-1]])
    return np.concatenate([one, other + table if name.endswith("_phrases") else other])
