"""Candidate retrieval: when clusters are too many to score each, take those near the asker.

Near means: the profile as a whole is, or the same rare words are used. These are the two weightiest
factors; clusters that lead in a sum of factors are high in one of these.
"""

import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.embedding.postings import Postings
from matcher.errors import IndexUnavailableError
from matcher.index.codes import Codes
from matcher.index.contract import Mask, VectorIndex
from matcher.index.generation import SEARCHED
from matcher.index.quantised import EXACT_ROWS, QuantisedIndex
from matcher.index.rows import products
from matcher.index.sealed import Array
from matcher.index.sketch import Sketch
from matcher.index.training import CHUNK, LISTS
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus

DEPTHS, ONE_IN = (400, 1600), 40
"""Least and most rows that are found by the profile, and by words; between, one in so many."""

AWAY_SECONDS = 5.0
"""How long an index elsewhere that did not answer is not asked again."""

_PREFIX = f"{SEARCHED}_index_"

Rows = NDArray[np.intp]


class Candidates(NamedTuple):
    """Rows to choose from, and what was learnt of them by the way.

    Attributes
    ----------
    rows
        (n,) ascending.
    profile, wording
        (n,) the two factors by which they were found; the second as far as the rarest words go.
    """

    rows: Rows
    profile: Floats
    wording: Floats


class CandidateIndex:
    """Looks candidates up by the profile as a whole and by words.

    Parameters
    ----------
    corpus
        The clusters to choose from.
    arrays
        The generation's: `index_arrays` and the postings are among them where rows are many.
    elsewhere
        Index that is kept elsewhere; its ids are row numbers. While it does not answer, and where
        there is none, one is opened here.
    """

    def __init__(
        self,
        corpus: Corpus,
        arrays: Mapping[str, Array],
        elsewhere: VectorIndex | None,
    ) -> None:
        self._corpus, self._arrays = corpus, arrays
        self._elsewhere = elsewhere
        self._away_until = 0.0
        self._here = None if self._elsewhere else self._opened()
        self._postings = Postings.from_arrays(arrays) if "posting_rows" in arrays else None

    def retrieve(self, asker: Corpus, allowed: Mask) -> Candidates:
        """The rows that are nearest among the allowed ones.

        Parameters
        ----------
        asker
            Corpus of one row.
        allowed
            (n,) eligible rows; the filter is applied before the search.
        """
        query = asker.vectors.facets[SEARCHED][:1]
        depth = depth_among(int(np.count_nonzero(allowed)))
        near, (worded, cosines) = self._near(query, depth, allowed), self._worded(asker, allowed)
        rows = np.union1d(near, worded[_highest(cosines, depth)]).astype(np.intp)
        likeness = products(self._corpus.vectors.facets[SEARCHED], rows, query[0])
        return Candidates(rows, likeness, _values_at(rows, worded, cosines))

    def _near(self, query: Vectors, depth: int, allowed: Mask) -> Rows:
        if self._elsewhere and time.monotonic() >= self._away_until:
            try:
                hits = self._elsewhere.search(query, depth, allowed)[0]
                return np.array([int(hit.id) for hit in hits], dtype=np.intp)
            except IndexUnavailableError:
                self._away_until = time.monotonic() + AWAY_SECONDS
        if self._here is None:
            self._here = self._opened()
        return self._here.near(np.ascontiguousarray(query[0]), depth, allowed)

    def _worded(self, asker: Corpus, allowed: Mask) -> tuple[Rows, Floats]:
        """Rows that use the same words, ascending, and how far they do."""
        words = asker.lexical.row(0)
        if self._postings:
            return self._postings.shared(words, allowed)
        rows = np.flatnonzero(allowed)
        return rows, self._corpus.lexical.cosine(words)[rows]

    def _opened(self) -> QuantisedIndex:
        vectors, own = self._corpus.vectors.facets[SEARCHED], _own(self._arrays)
        numbers = tuple(map(str, range(len(vectors))))
        if own:
            return QuantisedIndex.from_arrays(numbers, vectors, own)
        index = QuantisedIndex(vectors.shape[1], exact_rows=len(numbers))
        index.build(numbers, vectors)
        return index


def depth_among(eligible: int) -> int:
    """How many of so many eligible rows each look-up finds."""
    return int(np.clip(eligible // ONE_IN, *DEPTHS))


def index_arrays(
    vectors: Vectors, before: Mapping[str, Array], unchanged: NDArray[np.int64]
) -> dict[str, Array]:
    """Index the profiles as a whole; few rows need no index, and get none.

    Parameters
    ----------
    vectors
        (n, dim), may be a memory map.
    before
        The arrays of an earlier generation, or none.
    unchanged
        (n,) row that a row had in there, -1 where it is new. While most rows are old ones, the
        new ones are added to the old index.
    """
    own = _own(before)
    if len(vectors) <= EXACT_ROWS:
        return {}
    if "sketch" in own and _still_fits(own["centroids"], unchanged):
        own |= _extended(own, vectors, unchanged)
    else:
        index = QuantisedIndex(vectors.shape[1], exact_rows=EXACT_ROWS)
        index.build(tuple(map(str, range(len(vectors)))), vectors)
        own = index.arrays
    return {f"{_PREFIX}{name}": array for name, array in own.items()}


def _highest(values: Floats, count: int) -> Rows:
    """Places of the highest values, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, -count)[-count:]


def _values_at(wanted: Rows, rows: Rows, values: Floats) -> Floats:
    """Values of the wanted rows, given those of some rows, ascending; 0 for the others."""
    if not len(rows):
        return np.zeros(len(wanted), dtype=np.float32)
    places = np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)
    return np.where(rows[places] == wanted, values[places], np.float32(0))


def _own(arrays: Mapping[str, Array]) -> dict[str, Array]:
    names = [name for name in arrays if name.startswith(_PREFIX)]
    return {name.removeprefix(_PREFIX): arrays[name] for name in names}


def _still_fits(centroids: Array, unchanged: NDArray[np.int64]) -> bool:
    """Whether at least half of the rows are old, and so many lists are still enough."""
    learnt_from = (len(centroids) / LISTS) ** 2
    return bool((unchanged >= 0).mean() >= 0.5) and len(unchanged) <= 2 * learnt_from


def _extended(
    own: Mapping[str, Array], vectors: Vectors, unchanged: NDArray[np.int64]
) -> dict[str, Array]:
    """Lists, codes and sketches of all rows, those of the new ones computed."""
    codes, sketch, kept = Codes(own["centroids"]), Sketch(own["axes"]), unchanged >= 0
    for rows in _chunks(np.flatnonzero(~kept)):
        fresh = np.ascontiguousarray(vectors[rows], dtype=np.float32)
        codes.add(fresh)
        sketch.add(fresh)
    added, whole = codes.arrays | sketch.arrays, {}
    for name in ("lists", "codes", "sketch"):
        old, new = own[name], added[name]
        whole[name] = np.empty((len(kept), *old.shape[1:]), dtype=old.dtype)
        whole[name][kept], whole[name][~kept] = old[unchanged[kept]], new
    return whole


def _chunks(rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
