"""Candidate retrieval: when clusters are too many to score each, take those near in some facet."""

import time
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.errors import IndexUnavailableError
from matcher.index.codes import Codes
from matcher.index.contract import Hit, Mask, VectorIndex
from matcher.index.quantised import CHUNK, EXACT_ROWS, LISTS, QuantisedIndex
from matcher.index.sealed import Array
from matcher.ranking.corpus import Corpus

DEPTH = 100
"""Rows that each look-up finds."""

AWAY_SECONDS = 5.0
"""How long an index elsewhere that did not answer is not asked again."""

_LOOKUPS = (
    ("about", "about"),
    ("topic", "topic"),
    ("seeks", "offers"),
    ("offers", "seeks"),
)
"""Facet of the asker -> facet of the partners in which it is searched."""

SEARCHED = tuple(searched for _, searched in _LOOKUPS)
ASKED_BY = {searched: asking for asking, searched in _LOOKUPS}
"""Facet that is searched -> the one whose vectors are the questions."""

_QUESTIONS = 1000


class CandidateIndex:
    """One vector index for each facet that candidates are looked up in.

    Parameters
    ----------
    corpus
        The clusters to choose from.
    arrays
        What `index_arrays` made of them.
    searchers
        Facet -> index that is kept elsewhere; its ids are row numbers. While it does not answer,
        one is opened here.
    """

    def __init__(
        self,
        corpus: Corpus,
        arrays: Mapping[str, Array],
        searchers: Mapping[str, VectorIndex],
    ) -> None:
        self._facets = corpus.vectors.facets
        self._arrays = arrays
        self._elsewhere = searchers
        self._away_until = 0.0
        self._here = {} if searchers else {facet: self._opened(facet) for facet in SEARCHED}

    def retrieve(self, asker: Corpus, allowed: Mask) -> NDArray[np.intp]:
        """Rows that are nearest among the allowed ones in some facet, ascending.

        Parameters
        ----------
        asker
            Corpus of one row.
        allowed
            (n,) eligible rows; the filter is applied before the search.
        """
        rows: set[int] = set()
        for facet, searched in _LOOKUPS:
            vector = asker.vectors.facets[facet]
            if vector.any():
                rows.update(int(hit.id) for hit in self._near(searched, vector[:1], allowed))
        return np.array(sorted(rows), dtype=np.intp)

    def _near(self, facet: str, query: Vectors, allowed: Mask) -> list[Hit]:
        if facet in self._elsewhere and time.monotonic() >= self._away_until:
            try:
                return self._elsewhere[facet].search(query, DEPTH, allowed)[0]
            except IndexUnavailableError:
                self._away_until = time.monotonic() + AWAY_SECONDS
        if facet not in self._here:
            self._here[facet] = self._opened(facet)
        return self._here[facet].search(query, DEPTH, allowed)[0]

    def _opened(self, facet: str) -> VectorIndex:
        vectors = self._facets[facet]
        numbers = tuple(map(str, range(len(vectors))))
        return _opened(numbers, vectors, _own(facet, self._arrays))


def index_arrays(
    facet: str,
    vectors: Vectors,
    asking: Vectors,
    before: Mapping[str, Array],
    unchanged: NDArray[np.int64],
) -> dict[str, Array]:
    """Index a facet; few rows need no index, and get none.

    Parameters
    ----------
    facet
        One of `SEARCHED`.
    vectors
        (n, dim), may be a memory map.
    asking
        (n, dim) vectors of the facet that it is asked by: recall is measured with some of them.
    before
        The arrays of an earlier generation, or none.
    unchanged
        (n,) row that a row had in there, -1 where it is new. While most rows are old ones, the
        new ones are added to the old index.
    """
    own = _own(facet, before)
    if len(vectors) <= EXACT_ROWS:
        return {}
    if own and "codes" in own and _still_fits(own["centroids"], unchanged):
        own = {**own, **_extended(own, vectors, unchanged)}
    else:
        index = QuantisedIndex(vectors.shape[1])
        some = np.array(asking[:: max(1, len(asking) // _QUESTIONS)])
        index.build(tuple(map(str, range(len(vectors)))), vectors, questions=some)
        own = index.arrays
    return {f"{facet}_index_{name}": array for name, array in own.items()}


def _opened(numbers: tuple[str, ...], vectors: Vectors, own: Mapping[str, Array]) -> VectorIndex:
    if own:
        return QuantisedIndex.from_arrays(numbers, vectors, own)
    index = QuantisedIndex(vectors.shape[1], exact_rows=len(numbers))
    index.build(numbers, vectors)
    return index


def _own(facet: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    prefix = f"{facet}_index_"
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def _still_fits(centroids: Array, unchanged: NDArray[np.int64]) -> bool:
    """Whether at least half of the rows are old, and so many lists are still enough."""
    learnt_from = (len(centroids) / LISTS) ** 2
    return bool((unchanged >= 0).mean() >= 0.5) and len(unchanged) <= 2 * learnt_from


def _extended(
    own: Mapping[str, Array], vectors: Vectors, unchanged: NDArray[np.int64]
) -> dict[str, Array]:
    """Lists and codes of all rows, those of the new ones computed."""
    added, kept = Codes(own["centroids"]), unchanged >= 0
    for rows in _chunks(np.flatnonzero(~kept)):
        added.add(np.ascontiguousarray(vectors[rows], dtype=np.float32))
    whole = {}
    for name in ("lists", "codes"):
        old, new = own[name], added.arrays[name]
        whole[name] = np.empty((len(kept), *old.shape[1:]), dtype=old.dtype)
        whole[name][kept], whole[name][~kept] = old[unchanged[kept]], new
    return whole


def _chunks(rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
