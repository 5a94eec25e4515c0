"""Vectors that stay where they are, an array or a memory map, and are read row by row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.index.contract import Hit, Mask

RowNumbers = NDArray[np.int64]
Find = Callable[[Vectors], RowNumbers]
"""Gives candidates for a query (dim,)."""


@dataclass(frozen=True)
class Rows:
    """n vectors: those given at first, those added since, less those taken out.

    Attributes
    ----------
    first
        (m, dim) float32, C-contiguous; never copied, so that a memory map stays one.
    added
        (a, dim) vectors that came later.
    places
        (n,) place of each row among first and added; ``None`` where each row is its own place.
    """

    first: Vectors
    added: Vectors
    places: RowNumbers | None = field(default=None)

    @classmethod
    def of(cls, vectors: Vectors) -> Self:
        """The given vectors, copied only if they are not C-contiguous float32."""
        first = np.ascontiguousarray(vectors, dtype=np.float32)
        return cls(first, np.empty((0, vectors.shape[1]), np.float32))

    def __len__(self) -> int:
        return len(self.first) + len(self.added) if self.places is None else len(self.places)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.first.shape[1])

    def plus(self, vectors: Vectors) -> Self:
        """These rows, then the given ones."""
        places = self.places
        if places is not None:
            end = len(self.first) + len(self.added)
            places = np.concatenate([places, np.arange(end, end + len(vectors))])
        added = np.concatenate([self.added, vectors.astype(np.float32, copy=False)])
        return type(self)(self.first, added, places)

    def only(self, kept: Mask) -> Self:
        """The rows marked as kept, in their order."""
        numbers = np.flatnonzero(kept)
        places = numbers if self.places is None else self.places[numbers]
        return type(self)(self.first, self.added, places)

    def take(self, rows: RowNumbers) -> Vectors:
        """(len(rows), dim) copy of some rows."""
        places = self._places(rows)
        taken = np.empty((len(rows), self.dim), np.float32)
        late = places >= len(self.first)
        taken[~late] = self.first[places[~late]]
        taken[late] = self.added[places[late] - len(self.first)]
        return taken

    def chunks(self, size: int) -> Iterator[tuple[int, Vectors]]:
        """Copies of all rows, `size` at a time, each with the number of its first row."""
        for start in range(0, len(self), size):
            yield start, self.take(np.arange(start, min(start + size, len(self))))

    def scores(self, query: Vectors, rows: RowNumbers) -> Vectors:
        """(len(rows),) inner products with one query (dim,), bit for bit those of `FlatIndex`."""
        places = self._places(rows)
        late = places >= len(self.first)
        scores = np.empty(len(rows), np.float32)
        scores[~late] = products(self.first, places[~late], query)
        scores[late] = products(self.added, places[late] - len(self.first), query)
        return scores

    def best(self, ids: Sequence[str], query: Vectors, rows: RowNumbers, k: int) -> list[Hit]:
        """The best `k` of some rows by descending score, equal scores by id."""
        scores = self.scores(query, rows)
        if k < len(rows):
            enough = scores >= np.partition(scores, len(rows) - k)[len(rows) - k]
            rows, scores = rows[enough], scores[enough]
        pairs = zip(rows.tolist(), scores.tolist(), strict=True)
        hits = (Hit(ids[row], score) for row, score in pairs)
        return nsmallest(k, hits, key=lambda hit: (-hit.score, hit.id))

    def _places(self, rows: RowNumbers) -> RowNumbers:
        return rows if self.places is None else self.places[rows]


def products(vectors: Vectors, places: RowNumbers, query: Vectors) -> Vectors:
    """(len(places),) inner products of some rows with one query; the rows are not copied."""
    import faiss

    products = np.empty(len(places), np.float32)
    if len(places):
        wanted = np.ascontiguousarray(places, dtype=np.int64)
        given = np.ascontiguousarray(query, dtype=np.float32)
        pointers = [faiss.swig_ptr(array) for array in (products, given, vectors, wanted)]
        multiply = faiss.fvec_inner_products_by_idx  # type: ignore[attr-defined]
        multiply(*pointers, vectors.shape[1], 1, len(places))
    return products
