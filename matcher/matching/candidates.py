"""Candidate retrieval: the eligible clusters that are nearest to the asker, and how near."""

import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.errors import IndexUnavailableError
from matcher.index.contract import Hits, Mask, VectorIndex
from matcher.index.faiss_index import FaissIndex
from matcher.matching.columns import Floats

SEARCHED = "about"
"""Name of the facet by which candidates are found: the profile as a whole."""

AWAY_SECONDS = 5.0
"""How long an index elsewhere that did not answer is not asked again."""


class Candidates(NamedTuple):
    """Rows to choose from.

    Attributes
    ----------
    rows
        (n,) ascending.
    likeness
        (n,) cosine of the whole profiles.
    """

    rows: NDArray[np.intp]
    likeness: Floats


class CandidateIndex:
    """Finds candidates in a vector index; while that does not answer, by exact search here.

    Parameters
    ----------
    index
        Holds a vector for each row.
    vectors
        (n, dim) the same vectors.
    """

    def __init__(self, index: VectorIndex, vectors: Vectors) -> None:
        self._index, self._vectors = index, vectors
        self._away_until = 0.0
        self._here: FaissIndex | None = None

    def nearest(self, asker: Vectors, allowed: Mask, count: int) -> Candidates:
        """Find the nearest of the allowed rows.

        Parameters
        ----------
        asker
            (dim,) vector of the asker.
        allowed
            (n,) eligible rows; the filter is applied before the search.
        count
            How many candidates; all eligible rows where they are no more.
        """
        hits = self._searched(asker[None], count, allowed)
        order = np.argsort(hits.rows)
        return Candidates(hits.rows[order], hits.scores[order])

    def _searched(self, query: Vectors, count: int, allowed: Mask) -> Hits:
        if time.monotonic() >= self._away_until:
            try:
                return self._index.search(query, count, allowed)[0]
            except IndexUnavailableError:
                self._away_until = time.monotonic() + AWAY_SECONDS
        if self._here is None:
            here = FaissIndex()
            here.build(self._index.ids, self._vectors)
            self._here = here
        return self._here.search(query, count, allowed)[0]
