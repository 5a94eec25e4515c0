"""`Corpus`: clusters as everything that ranking works on, aligned row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.embedder import EmbeddedProfiles
from matcher.embedding.lexical import SparseRows
from matcher.profiles.profile import DraftProfile
from matcher.ranking.columns import Bools, Columns, Floats


@dataclass(frozen=True)
class Corpus:
    """n clusters (or one draft) with their columns and vectors; immutable.

    Attributes
    ----------
    profiles
        The n profiles.
    columns
        Their plain fields as arrays.
    vectors
        Their embedded texts, rows in the same order.
    lexical
        Their TF-IDF vectors, rows in the same order.
    rarity
        (14,) how rare each ecosystem is in the whole collection, also where only some of its
        rows are here: inverse document frequency, ``log((n + 1) / (df + 1))``.
    """

    profiles: tuple[DraftProfile, ...]
    columns: Columns
    vectors: EmbeddedProfiles
    lexical: SparseRows
    rarity: Floats

    @classmethod
    def of(
        cls, profiles: Sequence[DraftProfile], vectors: EmbeddedProfiles, lexical: SparseRows
    ) -> Self:
        """The corpus of a whole collection; vectors must have their rows in the same order."""
        columns = Columns.of(profiles)
        having = columns.ecosystems.sum(axis=0)
        rarity = np.log((len(columns) + 1) / (having + 1)).astype(np.float32)
        return cls(tuple(profiles), columns, vectors, lexical, rarity)

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The given rows only, in the given order."""
        return type(self)(
            tuple(self.profiles[row] for row in rows),
            self.columns.take(rows),
            self.vectors.take(rows),
            self.lexical.take(rows),
            self.rarity,
        )

    def __len__(self) -> int:
        return len(self.profiles)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Id of each row; empty for a draft without one."""
        return tuple(profile.id or "" for profile in self.profiles)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row of each id."""
        return {key: row for row, key in enumerate(self.ids) if key}

    @cached_property
    def visible(self) -> Bools:
        """(n,) rows that may be suggested to others: public profiles."""
        return np.array([profile.visibility == "public" for profile in self.profiles])

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """What the technology filter looks into: technologies, services and offers, casefolded."""
        return tuple(
            "\n".join((*p.technologies, *p.services, *p.offers)).casefold() for p in self.profiles
        )
