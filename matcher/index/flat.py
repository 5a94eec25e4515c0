"""Exact search with FAISS.

FAISS runs on as many OpenMP threads as ``OMP_NUM_THREADS`` says; one is best for single queries.
A process that has searched must not fork: the child would hang in its first search.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.errors import InvalidInputError
from matcher.index.contract import (
    Hit,
    Mask,
    SavedIndex,
    check_rows,
    check_search,
)
from matcher.index.saving import read_index, save_index

if TYPE_CHECKING:
    import faiss


class FlatIndex(SavedIndex):
    """Compares a query with every allowed row.

    Parameters
    ----------
    dim
        Length of a vector.
    """

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._ids: tuple[str, ...] = ()
        self._index = _flat(np.empty((0, dim), dtype=np.float32))

    @property
    def ids(self) -> tuple[str, ...]:
        """Id of each row."""
        return self._ids

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._dim

    @property
    def vectors(self) -> Vectors:
        """(n, dim) copy of the rows."""
        rows: Vectors = self._index.reconstruct_n(0, len(self))
        return rows

    def build(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Replace the whole content, as `VectorIndex.build` says."""
        check_rows(ids, vectors, self._dim)
        self._index, self._ids = _flat(vectors), tuple(ids)

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Append rows, as `VectorIndex.add` says."""
        check_rows(ids, vectors, self._dim, self._ids)
        self._index.add(_plain(vectors))
        self._ids += tuple(ids)

    def remove(self, ids: Sequence[str]) -> None:
        """Take rows out, as `VectorIndex.remove` says."""
        gone = set(ids)
        if unknown := sorted(gone - set(self._ids)):
            raise InvalidInputError(f"Not in the index: {', '.join(unknown)}.")
        kept = [row for row, name in enumerate(self._ids) if name not in gone]
        self.build([self._ids[row] for row in kept], self.vectors[kept])

    def search(self, queries: Vectors, k: int, allowed: Mask | None = None) -> list[list[Hit]]:
        """Find the best rows for each query, as `VectorIndex.search` says."""
        check_search(queries, k, allowed, self)
        mask = np.ones(len(self), dtype=np.bool_) if allowed is None else allowed
        reachable = int(mask.sum())
        if not reachable or not len(queries):
            return [[] for _ in queries]
        scores, rows = self._search_past_ties(_plain(queries), min(k, reachable), mask, reachable)
        return [
            sorted(
                (Hit(self._ids[row], score) for row, score in zip(*found, strict=True)),
                key=lambda hit: (-hit.score, hit.id),
            )[:k]
            for found in zip(rows.tolist(), scores.tolist(), strict=True)
        ]

    def _search_past_ties(
        self, queries: Vectors, k: int, mask: Mask, reachable: int
    ) -> tuple[Vectors, NDArray[np.int64]]:
        """Search deeper until no query has equal scores on both sides of the cut.

        FAISS orders equal scores at will, so a cut within them would drop ids at will. It also
        computes filtered searches row by row, while unfiltered batches go through kernels whose
        last bit depends on a row's place: a filter is always given.
        """
        import faiss

        # The stubs of faiss describe the C++ constructors, not the Python ones.
        bitmap = np.packbits(mask, bitorder="little")
        selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        depth = min(k + 1, reachable)
        while True:
            scores, rows = self._index.search(queries, depth, params=parameters)
            if depth == reachable or (scores[:, depth - 1] < scores[:, k - 1]).all():
                return scores, rows
            depth = min(2 * depth, reachable)

    def save(self, folder: Path) -> None:
        """Write ids, vectors and their checksums, as `SavedIndex.save` says."""
        save_index(folder, self._ids, {"vectors": self.vectors})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote, as `SavedIndex.load` says."""
        contents, vectors = read_index(folder)
        index = cls(vectors.shape[1])
        index.build(contents.ids, vectors.astype(np.float32, copy=False))
        return index


def _plain(vectors: Vectors) -> Vectors:
    return np.ascontiguousarray(vectors, dtype=np.float32)


def _flat(vectors: Vectors) -> "faiss.IndexFlatIP":
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(_plain(vectors))
    return index
