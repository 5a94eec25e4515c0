"""Profiles as weighted words (TF-IDF), beside their meaning: rare terms that two profiles share.

Sparse rows are kept as plain arrays, so that answering for a known cluster imports neither
scikit-learn nor scipy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.embedder import MISFIT
from matcher.errors import IndexUnavailableError
from matcher.profiles.profile import DraftProfile
from matcher.profiles.sequences import packed, spans, unpacked
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

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, as the saved index keeps them."""
        return {
            "lexical_values": self.values,
            "lexical_columns": self.columns,
            "lexical_starts": self.starts,
        }

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, row: int) -> "SparseRow":
        """One row alone."""
        span = slice(self.starts[row], self.starts[row + 1])
        return SparseRow(self.columns[span], self.values[span])

    def cosine(self, one: SparseRow) -> NDArray[np.float32]:
        """(n,) cosines of these rows with another one."""
        width = 1 + max(self.columns.max(initial=0), one.columns.max(initial=0))
        dense = np.zeros(width, dtype=np.float32)
        dense[one.columns] = one.values
        products = self.values * dense.take(self.columns)
        cosines = np.zeros(len(self), dtype=np.float32)
        worded = np.flatnonzero(np.diff(self.starts))
        if len(worded):
            cosines[worded] = np.add.reduceat(products, self.starts[worded], dtype=np.float64)
        return cosines

    def take(self, rows: NDArray[np.intp]) -> "SparseRows":
        """The given rows only, in the given order."""
        places, starts = spans(self.starts, rows)
        return SparseRows(self.values[places], self.columns[places], starts)


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


@dataclass(frozen=True)
class LexicalModel:
    """Vocabulary and rarities of a collection of profiles.

    Words and pairs of words that at least two profiles use; weights ``(1 + log tf) * idf``
    (scikit-learn's smoothed idf), rows of length 1.

    Attributes
    ----------
    terms
        The word or pair of words of each column.
    idf
        (terms,) their rarities.
    """

    terms: Sequence[str]
    idf: NDArray[np.float32]

    @classmethod
    def of(cls, profiles: Iterable[DraftProfile]) -> Self:
        """Learn from a collection; nothing where no two profiles share a word."""
        texts = [lexical_text(profile) for profile in profiles]
        vectorizer = _vectorizer(min_df=min(2, len(texts)))
        try:
            vectorizer.fit(texts)
        except ValueError:  # scikit-learn's only word for an empty vocabulary
            return cls((), np.empty(0, np.float32))
        return cls(tuple(vectorizer.get_feature_names_out()), vectorizer.idf_.astype(np.float32))

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, as the saved index keeps them."""
        return {"lexical_idf": self.idf, "lexical_terms": packed(self.terms)}

    @cached_property
    def _fitted(self) -> "TfidfVectorizer":
        vectorizer = _vectorizer(vocabulary=tuple(self.terms))
        vectorizer.idf_ = self.idf
        return vectorizer

    def rows(self, profiles: Sequence[DraftProfile]) -> SparseRows:
        """Vectors of any profiles; words that the collection does not know count for nothing."""
        if not self.terms or not profiles:
            nothing = np.empty(0, np.float32), np.empty(0, np.int32)
            return SparseRows(*nothing, np.zeros(len(profiles) + 1, dtype=np.int64))
        matrix = self._fitted.transform([lexical_text(profile) for profile in profiles])
        return SparseRows(
            matrix.data, matrix.indices.astype(np.int32), matrix.indptr.astype(np.int64)
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """TF-IDF vectors of n profiles, and the model that they come from."""

    rows: SparseRows
    model: LexicalModel

    @property
    def terms(self) -> Sequence[str]:
        """The word or pair of words of each column."""
        return self.model.terms

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """Put together what the `arrays` of rows and model gave.

        Raises
        ------
        IndexUnavailableError
            An array is missing.
        """
        try:
            values, columns, starts, idf = (arrays[f"lexical_{name}"] for name in _ARRAYS)
            terms = unpacked(arrays["lexical_terms"])  # type: ignore[arg-type]
        except KeyError:
            raise IndexUnavailableError(MISFIT) from None
        rows = SparseRows(values, columns, starts)  # type: ignore[arg-type]
        return cls(rows, LexicalModel(terms, idf))  # type: ignore[arg-type]


_ARRAYS = ("values", "columns", "starts", "idf")


def _vectorizer(**options: object) -> "TfidfVectorizer":
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        sublinear_tf=True, stop_words="english", ngram_range=(1, 2), dtype=np.float32, **options
    )
