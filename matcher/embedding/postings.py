"""TF-IDF rows turned round: for each term the rows that use it, to find rows by rare words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.embedder import MISFIT
from matcher.embedding.lexical import SparseRow, SparseRows
from matcher.errors import IndexUnavailableError

PART = 1 << 22
"""Entries that are sorted at a time."""

ONE = np.float32(255)
"""How a weight of 1 is kept."""

LOOKED_AT = 200_000
"""Entries that a look-up reads: those of the rarest terms, which tell rows apart."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Entries of a sparse matrix, term after term.

    Attributes
    ----------
    rows, weights
        (m,) which row has the term, and its weight there in 255ths.
    starts
        (terms + 1,) term t owns ``starts[t]:starts[t + 1]``, rows ascending.
    """

    rows: NDArray[np.int32]
    weights: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """Put together what `turned` gave.

        Raises
        ------
        IndexUnavailableError
            An array is missing.
        """
        try:
            return cls(*(arrays[f"posting_{name}"] for name in cls.__slots__))  # type: ignore[arg-type]
        except KeyError:
            raise IndexUnavailableError(MISFIT) from None

    def shared(
        self, one: SparseRow, allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Allowed rows that share rare terms with a row.

        Returns
        -------
        rows : ndarray of int
            Their numbers, ascending.
        cosines : ndarray of float32
            Their cosines with the row, as far as its rarest terms go.
        """
        begins, ends = self.starts[one.columns], self.starts[one.columns + 1]
        rarest = np.argsort(ends - begins, kind="stable")
        rarest = rarest[: 1 + np.searchsorted(np.cumsum((ends - begins)[rarest]), LOOKED_AT)]
        own = [slice(begins[term], ends[term]) for term in rarest]
        if not own:
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
        rows = np.concatenate([self.rows[span] for span in own])
        weights = np.concatenate([self.weights[span] for span in own])
        shares = np.repeat(one.values[rarest] / ONE, (ends - begins)[rarest]) * weights
        kept = np.flatnonzero(allowed[rows])
        kept = kept[np.argsort(rows[kept], kind="stable")]  # merges runs that are sorted already
        rows = rows[kept].astype(np.intp)
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        if not len(first):
            return rows, np.empty(0, dtype=np.float32)
        return rows[first], np.add.reduceat(shares[kept], first)


def turned(lexical: SparseRows, terms: int) -> Iterator[dict[str, NDArray[np.generic]]]:
    """Turn rows round, a part at a time.

    Parameters
    ----------
    lexical
        n rows, may be memory maps.
    terms
        Number of columns.

    Yields
    ------
    dict
        Parts of the arrays of `Postings`, to be appended; ``posting_starts`` comes whole.
    """
    uses = np.zeros(terms, dtype=np.int64)
    for _, columns, _ in _blocks(lexical):
        uses += np.bincount(columns, minlength=terms)
    starts = np.append(0, np.cumsum(uses)).astype(np.int64)
    yield {"posting_starts": starts}
    first = 0
    while first < terms:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + PART, side="right")) - 1)
        yield _part(lexical, first, last)
        first = last


def _part(lexical: SparseRows, first: int, last: int) -> dict[str, NDArray[np.generic]]:
    """Entries of the terms from `first` to before `last`."""
    found = []
    for rows, columns, values in _blocks(lexical):
        inside = (columns >= first) & (columns < last)
        found.append((rows[inside], columns[inside], values[inside]))
    rows, columns, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(columns, kind="stable")
    weights = np.rint(ONE * values[order]).astype(np.uint8)
    return {"posting_rows": rows[order], "posting_weights": weights}


def _blocks(
    lexical: SparseRows,
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]]:
    """All entries: rows, columns, values."""
    step = 1 + len(lexical) * PART // max(1, len(lexical.values))
    for start in range(0, len(lexical), step):
        stop = min(start + step, len(lexical))
        begin, end = lexical.starts[start], lexical.starts[stop]
        sizes = np.diff(lexical.starts[start : stop + 1])
        rows = np.repeat(np.arange(start, stop, dtype=np.int32), sizes)
        yield rows, lexical.columns[begin:end], lexical.values[begin:end]
