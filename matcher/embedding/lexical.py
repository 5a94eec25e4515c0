"""Profiles as weighted words (TF-IDF), beside their meaning: rare terms that two profiles share.

The vocabulary is learned with scikit-learn when the index is built; texts are turned into rows
without it, since importing it takes longer than answering.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.embedder import MISFIT
from matcher.embedding.sparse import Sparse
from matcher.errors import IndexUnavailableError
from matcher.profiles.profile import DraftProfile
from matcher.profiles.sequences import packed, unpacked
from matcher.profiles.taxonomy import ecosystems, nace_divisions

_WORD = re.compile(r"\b\w\w+\b")
"""What scikit-learn takes for a word."""


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
    stops
        Words that are passed over.
    """

    terms: Sequence[str]
    idf: NDArray[np.float32]
    stops: frozenset[str]

    @classmethod
    def of(cls, profiles: Iterable[DraftProfile]) -> Self:
        """Learn from a collection; nothing where no two profiles share a word."""
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

        texts = [lexical_text(profile) for profile in profiles]
        vectorizer = TfidfVectorizer(
            min_df=min(2, len(texts)), stop_words="english", ngram_range=(1, 2)
        )
        try:
            vectorizer.fit(texts)
        except ValueError:  # scikit-learn's only word for an empty vocabulary
            return cls((), np.empty(0, np.float32), frozenset())
        terms, idf = vectorizer.get_feature_names_out(), vectorizer.idf_.astype(np.float32)
        return cls(tuple(terms), idf, frozenset(ENGLISH_STOP_WORDS))

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, as the saved index keeps them."""
        words = {"lexical_terms": self.terms, "lexical_stops": sorted(self.stops)}
        return {"lexical_idf": self.idf, **{name: packed(listed) for name, listed in words.items()}}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """The inverse of `arrays`; raises `KeyError` where one is missing."""
        terms, stops = (unpacked(arrays[f"lexical_{name}"]) for name in ("terms", "stops"))  # type: ignore[arg-type]
        return cls(terms, arrays["lexical_idf"], frozenset(stops))  # type: ignore[arg-type]

    def rows(self, profiles: Iterable[DraftProfile]) -> Sparse:
        """Vectors of any profiles; words that the collection does not know count for nothing."""
        counts = Sparse.of(map(self._counts, profiles))
        row = np.repeat(np.arange(len(counts)), np.diff(counts.starts))
        weights = (1 + np.log(counts.values, dtype=np.float64)) * self.idf.take(counts.columns)
        lengths = np.sqrt(np.bincount(row, weights**2, minlength=len(counts)))
        values = (weights / lengths.take(row)).astype(np.float32)
        return Sparse(values, counts.columns, counts.starts)

    @cached_property
    def _column(self) -> Mapping[str, int]:
        return {term: column for column, term in enumerate(self.terms)}

    def _counts(self, profile: DraftProfile) -> Mapping[int, int]:
        """How often a profile says each term."""
        said = _WORD.findall(lexical_text(profile).lower())
        words = [word for word in said if word not in self.stops]
        counts = Counter(map(self._column.get, [*words, *map(" ".join, pairwise(words))]))
        return {column: count for column, count in counts.items() if column is not None}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """TF-IDF vectors of n profiles, and the model that they come from."""

    rows: Sparse
    model: LexicalModel

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, as the saved index keeps them."""
        return self.rows.arrays("lexical") | self.model.arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """Put together what `arrays` gave.

        Raises
        ------
        IndexUnavailableError
            An array is missing.
        """
        try:
            return cls(Sparse.from_arrays("lexical", arrays), LexicalModel.from_arrays(arrays))
        except KeyError:
            raise IndexUnavailableError(MISFIT) from None
