"""Profiles as weighted words (TF-IDF), beside their meaning: rare terms that two profiles share.

The weights are those of scikit-learn, which takes longer to import than this to do.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.config import DATA_DIR
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
    """

    terms: Sequence[str]
    idf: NDArray[np.float32]

    @classmethod
    def of(cls, profiles: Iterable[DraftProfile]) -> Self:
        """Learn from a collection; nothing where no two profiles share a word."""
        said = [set(_terms(profile)) for profile in profiles]
        users = Counter(chain.from_iterable(said))
        terms = sorted(term for term, count in users.items() if count >= min(2, len(said)))
        shares = np.array([users[term] + 1 for term in terms]) / (len(said) + 1)
        return cls(terms, (1 - np.log(shares)).astype(np.float32))

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, as the saved index keeps them."""
        return {"lexical_idf": self.idf, "lexical_terms": packed(self.terms)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """The inverse of `arrays`; raises `KeyError` where one is missing."""
        return cls(unpacked(arrays["lexical_terms"]), arrays["lexical_idf"])  # type: ignore[arg-type]

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
        counts = Counter(map(self._column.get, _terms(profile)))
        return {column: count for column, count in counts.items() if column is not None}


def _terms(profile: DraftProfile) -> list[str]:
    """Words and pairs of words of a profile, as often as it says them."""
    stops = _stops()
    words = [word for word in _WORD.findall(lexical_text(profile).lower()) if word not in stops]
    return [*words, *map(" ".join, pairwise(words))]


@lru_cache(maxsize=1)
def _stops() -> frozenset[str]:
    """English words that every text has."""
    file = DATA_DIR / "taxonomy" / "stop_words.txt"
    return frozenset(file.read_text(encoding="utf-8").split())


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
