"""Profiles as weighted words (TF-IDF), beside their meaning: rare terms that two profiles share.

Sparse rows are kept as plain arrays, so that answering for a known cluster imports neither
scikit-learn nor scipy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.embedder import MISFIT
from matcher.errors import IndexUnavailableError
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import ecosystems, nace_divisions

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer


class SparseRow(NamedTuple):
    """One sparse vector: its columns, each once, and their weights."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SparseRows:
    """n sparse unit vectors in compressed-row form.

    Attributes
    ----------
    values, columns
        (m,) weights and their columns, row after row.
    starts
        (n + 1,) row r owns ``starts[r]:starts[r + 1]``.
    """

    values: NDArray[np.float32]
    columns: NDArray[np.int32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, row: int) -> "SparseRow":
        """One row alone."""
        span = slice(self.starts[row], self.starts[row + 1])
        return SparseRow(self.columns[span], self.values[span])

    def cosine(self, one: Self) -> NDArray[np.float32]:
        """(n,) cosines of these rows with the single row `one`."""
        width = 1 + max(self.columns.max(initial=0), one.columns.max(initial=0))
        dense = np.zeros(width, dtype=np.float32)
        dense[one.columns] = one.values
        sums = np.concatenate([[0.0], np.cumsum(self.values * dense[self.columns], dtype=float)])
        return np.diff(sums[self.starts]).astype(np.float32)

    def take(self, rows: NDArray[np.intp]) -> "SparseRows":
        """The given rows only, in the given order."""
        spans = [np.arange(self.starts[row], self.starts[row + 1]) for row in rows]
        chosen = np.concatenate(spans) if spans else np.empty(0, dtype=np.int64)
        sizes = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return SparseRows(self.values[chosen], self.columns[chosen], starts)


def lexical_text(profile: DraftProfile) -> str:
    """Everything that a profile says in words, sector titles spelled out."""
    parts = [
        profile.name or "",
        profile.description or "",
        *profile.technologies,
        *profile.services,
        *profile.offers,
        *profile.seeks,
        *(ecosystems()[name] for name in profile.ecosystems),
        *(nace_divisions()[code] for code in profile.nace),
    ]
    return ". ".join(part for part in parts if part)


class LexicalModel:
    """Vocabulary and rarities of a collection of profiles.

    Words and pairs of words that at least two profiles use; weights ``(1 + log tf) * idf``
    (scikit-learn's smoothed idf), rows of length 1.

    Parameters
    ----------
    profiles
        The collection.
    """

    def __init__(self, profiles: Sequence[DraftProfile]) -> None:
        self._texts = [lexical_text(profile) for profile in profiles]

    @cached_property
    def _vectorizer(self) -> "TfidfVectorizer | None":
        """The fitted vocabulary; ``None`` where no two profiles share a word."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(
            sublinear_tf=True,
            stop_words="english",
            ngram_range=(1, 2),
            min_df=min(2, len(self._texts)),
            dtype=np.float32,
        )
        try:
            return vectorizer.fit(self._texts)
        except ValueError:  # scikit-learn's only word for an empty vocabulary
            return None

    @property
    def terms(self) -> tuple[str, ...]:
        """The word or pair of words of each column."""
        return tuple(self._vectorizer.get_feature_names_out()) if self._vectorizer else ()

    def rows(self, profiles: Sequence[DraftProfile]) -> SparseRows:
        """Vectors of any profiles; words that the collection does not know count for nothing."""
        if self._vectorizer is None:
            nothing = np.empty(0, np.float32), np.empty(0, np.int32)
            return SparseRows(*nothing, np.zeros(len(profiles) + 1, dtype=np.int64))
        matrix = self._vectorizer.transform([lexical_text(profile) for profile in profiles])
        return SparseRows(
            matrix.data, matrix.indices.astype(np.int32), matrix.indptr.astype(np.int64)
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """TF-IDF vectors of n profiles, and the terms that their columns stand for."""

    rows: SparseRows
    terms: tuple[str, ...]

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, as an index generation stores them."""
        return {
            "lexical_values": self.rows.values,
            "lexical_columns": self.rows.columns,
            "lexical_starts": self.rows.starts,
            "lexical_terms": np.frombuffer("\n".join(self.terms).encode("utf-32-le"), np.int32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """The inverse of `arrays`.

        Raises
        ------
        IndexUnavailableError
            An array is missing.
        """
        try:
            values, columns, starts, terms = (arrays[f"lexical_{name}"] for name in _ARRAYS)
        except KeyError:
            raise IndexUnavailableError(MISFIT) from None
        rows = SparseRows(values, columns, starts)  # type: ignore[arg-type]
        return cls(rows, tuple(terms.tobytes().decode("utf-32-le").split("\n")))


_ARRAYS = ("values", "columns", "starts", "terms")
