"""Approximate search for many rows: short codes find candidates, exact products order them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from pydantic import TypeAdapter, ValidationError

from matcher.embedding.encoder import Progress, Vectors
from matcher.errors import IndexUnavailableError, InvalidInputError
from matcher.index.coded import Coded
from matcher.index.codes import Array
from matcher.index.contract import Hit, Mask, SavedIndex, check_rows, check_search
from matcher.index.effort import Effort, RecallReport, deeper
from matcher.index.rows import Find, RowNumbers, Rows
from matcher.index.saving import read_index, save_index
from matcher.index.training import coded
from matcher.index.tuning import Tuner

EXACT_ROWS = 4096
"""Up to so many allowed rows, exact search over just those is the faster one, too."""

SEED = 0
MISFIT = "The codes do not belong to these vectors; rebuild the index: matcher index"


_EFFORT = TypeAdapter(tuple[Effort | None, RecallReport])


class QuantisedIndex(SavedIndex):
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
        self._coded: Coded | None = None
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
        said = _EFFORT.dump_json((self._coded.effort if self._coded else None, self._report))
        arrays = self._coded.arrays if self._coded else {}
        return arrays | {"effort": np.frombuffer(said, np.uint8)}

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
            effort, index._report = _EFFORT.validate_json(arrays["effort"].tobytes())
            if effort:
                index._exact_rows = effort.exact_rows
                index._coded = Coded.from_arrays(arrays, effort)
        except (KeyError, ValidationError):
            raise IndexUnavailableError(MISFIT) from None
        if index._coded and not index._coded.fits(len(index), index.dim):
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
        made, report = None, RecallReport()
        if len(rows) > self._exact_rows:
            codes, sketch = coded(rows, SEED, progress)
            tuner = Tuner(codes, sketch, rows, questions, self._exact_rows, SEED)
            effort, report = tuner.tune()
            made = Coded(codes, sketch, effort) if effort else None
        self._ids, self._rows, self._report, self._coded = tuple(ids), rows, report, made

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Append rows, as `VectorIndex.add` says; codes are made without new training."""
        check_rows(ids, vectors, self.dim, self._ids)
        rows = self._rows.plus(vectors)
        if self._coded:
            self._coded.add(vectors)
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
        if self._coded:
            self._coded = self._coded.only(kept)
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
        find = self._finder(k, allowed, reachable)
        return [self._rows.best(self._ids, query, find(query), k) for query in queries]

    def near(self, query: Vectors, k: int, allowed: Mask) -> RowNumbers:
        """Numbers of `k` allowed rows that are near, in no order; of few rows, the best.

        Of many, those whose codes are nearest: enough for whoever looks deep, and compares by
        more than this.

        Parameters
        ----------
        query
            (dim,) one vector.
        k, allowed
            As in `search`.
        """
        reachable = int(np.count_nonzero(allowed))
        if self._coded and reachable > self._exact_rows:
            return self._coded.finder(lambda _: k, allowed, reachable)(query)
        rows = np.flatnonzero(allowed)
        if k >= len(rows):
            return rows
        return rows[np.argpartition(self._rows.scores(query, rows), -k)[-k:]]

    def _finder(self, k: int, allowed: Mask | None, reachable: int) -> Find:
        """What gives candidates for the best `k` hits, to be compared exactly."""
        if self._coded and reachable > self._exact_rows:
            return self._coded.finder(lambda ten: deeper(ten, k), allowed, reachable)
        rows = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
        return lambda query: rows

    def save(self, folder: Path) -> None:
        """Write everything and checksums, as `SavedIndex.save` says."""
        vectors = self._rows.take(np.arange(len(self)))
        save_index(folder, self._ids, {"vectors": vectors, **self.arrays})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote, as `SavedIndex.load` says; the vectors stay on disk."""
        contents, vectors = read_index(folder)
        return cls.from_arrays(contents.ids, vectors, contents.arrays)
