"""Approximate search for many rows: short codes find candidates, exact products order them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from pydantic import TypeAdapter, ValidationError

from matcher.embedding.encoder import Progress, Vectors
from matcher.errors import IndexUnavailableError, InvalidInputError
from matcher.index.codes import Array, Codes
from matcher.index.contract import Hit, Mask, VectorIndex, check_rows, check_search
from matcher.index.effort import Effort, RecallReport
from matcher.index.rows import RowNumbers, Rows
from matcher.index.sealed import pack, read_sealed, write_sealed
from matcher.index.training import coded
from matcher.index.tuning import Tuner

EXACT_ROWS = 8192
"""Up to so many allowed rows, exact search over just those is the faster one, too."""

SEED = 0
MISFIT = "The codes do not belong to these vectors; rebuild the index: matcher index"


_EFFORT = TypeAdapter(tuple[Effort | None, RecallReport])


class QuantisedIndex(VectorIndex):
    """Finds candidates by codes kept in memory and orders them by their exact scores.

    How much a query looks at is chosen when building, so that measured recall against exact
    search is 0.99 at ten hits, with filters and without (`report`). Where that cannot be had, and
    where few rows are allowed, every allowed row is compared. The vectors themselves are never
    copied: given as a memory map, they stay on disk.

    Parameters
    ----------
    dim
        Length of a vector.
    exact_rows
        Number of allowed rows up to which search is exact.
    """

    def __init__(self, dim: int, *, exact_rows: int = EXACT_ROWS) -> None:
        self._exact_rows = exact_rows
        self._ids: tuple[str, ...] = ()
        self._rows = Rows.of(np.empty((0, dim), np.float32))
        self._codes: Codes | None = None
        self._effort: Effort | None = None
        self._report = RecallReport()

    @property
    def ids(self) -> tuple[str, ...]:
        """Id of each row."""
        return self._ids

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._rows.dim

    @property
    def report(self) -> RecallReport:
        """Recall as measured by the last build."""
        return self._report

    @property
    def arrays(self) -> dict[str, Array]:
        """Everything but ids and vectors, as arrays that a sealed folder can hold."""
        said = _EFFORT.dump_json((self._effort, self._report))
        codes = self._codes.arrays if self._codes else {}
        return {"effort": np.frombuffer(said, np.uint8), **codes}

    @classmethod
    def from_arrays(cls, ids: Sequence[str], vectors: Vectors, arrays: Mapping[str, Array]) -> Self:
        """Open what `arrays` gave, without building.

        Parameters
        ----------
        ids, vectors
            The rows that the index had.
        arrays
            What `arrays` gave; others may be among them.

        Raises
        ------
        IndexUnavailableError
            The arrays do not belong together.
        """
        index = cls(vectors.shape[1])
        index._ids, index._rows = tuple(ids), Rows.of(vectors)
        try:
            index._effort, index._report = _EFFORT.validate_json(arrays["effort"].tobytes())
            if index._effort:
                index._exact_rows = index._effort.exact_rows
                index._codes = Codes.from_arrays(arrays)
        except (KeyError, ValidationError):
            raise IndexUnavailableError(MISFIT) from None
        if index._codes and not index._codes.fits(len(index), index.dim):
            raise IndexUnavailableError(MISFIT)
        return index

    def build(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        progress: Progress | None = None,
        questions: Vectors | None = None,
    ) -> None:
        """Replace the whole content, as `VectorIndex.build` says.

        Parameters
        ----------
        ids, vectors
            As there; the vectors are read in chunks, and kept by reference.
        progress
            Told how many rows are coded.
        questions
            (q, dim) questions like those to come, by which recall is measured, too; it matters
            where they are of another kind than the rows.
        """
        check_rows(ids, vectors, self.dim)
        rows = Rows.of(vectors)
        codes, effort, report = None, None, RecallReport()
        if len(rows) > self._exact_rows:
            codes = coded(rows, SEED, progress)
            effort, report = Tuner(codes, rows, questions, self._exact_rows, SEED).tune()
        self._ids, self._rows, self._report = tuple(ids), rows, report
        self._codes, self._effort = codes if effort else None, effort

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Append rows, as `VectorIndex.add` says; codes are made without new training."""
        check_rows(ids, vectors, self.dim, self._ids)
        rows = self._rows.plus(vectors)
        if self._codes:
            self._codes.add(np.ascontiguousarray(vectors, dtype=np.float32))
        elif len(rows) > self._exact_rows >= len(self):
            self.build((*self._ids, *ids), rows.take(np.arange(len(rows))))
            return
        self._ids, self._rows = (*self._ids, *ids), rows

    def remove(self, ids: Sequence[str]) -> None:
        """Take rows out, as `VectorIndex.remove` says; nothing is trained anew."""
        gone = set(ids)
        if unknown := sorted(gone - set(self._ids)):
            raise InvalidInputError(f"Not in the index: {', '.join(unknown)}.")
        kept = np.fromiter((name not in gone for name in self._ids), np.bool_, len(self))
        if self._codes:
            self._codes = self._codes.only(kept)
        self._rows = self._rows.only(kept)
        self._ids = tuple(name for name in self._ids if name not in gone)

    def search(self, queries: Vectors, k: int, allowed: Mask | None = None) -> list[list[Hit]]:
        """Find the best rows for each query, as `VectorIndex.search` says.

        Scores are exact. A row may be missed, as often as `report` tells; never is one found that
        is not allowed, nor are there fewer than there should be.
        """
        check_search(queries, k, allowed, self)
        reachable = len(self) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, reachable)
        if not k:
            return [[] for _ in queries]
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        if not self._codes or not self._effort or reachable <= self._exact_rows:
            rows = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
            return [self._rows.best(self._ids, query, rows, k) for query in queries]
        narrowed = self._codes.narrow(allowed)
        depth = self._effort.candidates(k, reachable)
        share = self._effort.share(reachable / len(self))
        near = (self._codes.nearest(query, depth, share, narrowed) for query in queries)
        return [
            self._rows.best(self._ids, query, rows, k)
            for query, rows in zip(queries, near, strict=True)
        ]

    def near(self, query: Vectors, k: int, allowed: Mask) -> RowNumbers:
        """Numbers of the allowed rows that are likely the best `k`, in no order.

        Parameters
        ----------
        query
            (dim,) one vector.
        k, allowed
            As in `search`; the rows found by codes are not read again.
        """
        reachable = int(np.count_nonzero(allowed))
        if self._codes and self._effort and reachable > max(k, self._exact_rows):
            share = self._effort.share(reachable / len(self))
            return self._codes.nearest(query, k, share, self._codes.narrow(allowed))
        rows = np.flatnonzero(allowed)
        if k >= reachable:
            return rows
        return rows[np.argpartition(-self._rows.scores(query, rows), k)[:k]]

    def save(self, folder: Path) -> None:
        """Write everything and checksums, as `VectorIndex.save` says."""
        vectors = self._rows.take(np.arange(len(self)))
        try:
            write_sealed(folder, pack({"vectors": vectors, **self.arrays}, self._ids, {}))
        except OSError as error:
            raise IndexUnavailableError(f"The index cannot be saved: {error.strerror}.") from error

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote, as `VectorIndex.load` says; the vectors stay on disk."""
        contents = read_sealed(folder)
        vectors = contents.arrays.get("vectors")
        if vectors is None or vectors.ndim != 2 or len(vectors) != len(contents.ids):
            raise IndexUnavailableError(f"{folder.name} does not hold a saved index.")
        return cls.from_arrays(contents.ids, vectors, contents.arrays)
