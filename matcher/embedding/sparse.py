"""Sparse rows of numbers as plain arrays, so that no request needs scipy.

`numpy.take` gathers what an array of places names several times as fast as brackets do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.profiles.sequences import spans

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Sparse:
    """n sparse vectors in compressed-row form.

    Attributes
    ----------
    values, columns
        (m,) values and their columns, row after row.
    starts
        (n + 1,) row r owns ``starts[r]:starts[r + 1]``.
    """

    values: Floats
    columns: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[Mapping[int, float]]) -> Self:
        """Put rows, each as column -> value, into arrays."""
        listed = [sorted(row.items()) for row in rows]
        pairs = [pair for row in listed for pair in row]
        return cls(
            np.array([value for _, value in pairs], dtype=np.float32),
            np.array([column for column, _ in pairs], dtype=np.int32),
            np.cumsum([0, *map(len, listed)], dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def filled(self) -> NDArray[np.bool_]:
        """(n,) rows that have values."""
        return np.diff(self.starts) > 0

    @cached_property
    def width(self) -> int:
        """Columns up to the last one that has a value."""
        return int(self.columns.max(initial=-1)) + 1

    @cached_property
    def _segments(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Rows that have values, and where those of each begin."""
        rows = np.flatnonzero(self.filled)
        return rows, self.starts.take(rows)

    def dense(self, row: int, width: int) -> Floats:
        """(width,) one row with its zeros."""
        span = slice(self.starts[row], self.starts[row + 1])
        whole = np.zeros(width, dtype=np.float32)
        whole[self.columns[span]] = self.values[span]
        return whole

    def dot(self, one: Floats) -> Floats:
        """(n,) products with a dense vector."""
        return self._reduced(np.add, self.values * one.take(self.columns))

    def dot_first(self, other: "Sparse") -> Floats:
        """(n,) products with the first row of another table of the same columns."""
        return self.dot(other.dense(0, max(self.width, other.width)))

    def largest(self, one: Floats) -> Floats:
        """(n,) largest value of a dense vector among the columns of each row; 0 for empty rows."""
        return self._reduced(np.maximum, one.take(self.columns))

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The given rows only, in the given order."""
        places, starts = spans(self.starts, rows)
        return type(self)(self.values.take(places), self.columns.take(places), starts)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """The arrays as the saved index keeps them."""
        return {f"{name}_{part}": getattr(self, part) for part in _names()}

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """The inverse of `arrays`; raises `KeyError` where one is missing."""
        return cls(*(arrays[f"{name}_{part}"] for part in _names()))  # type: ignore[arg-type]

    def _reduced(self, how: np.ufunc, values: Floats) -> Floats:
        reduced = np.zeros(len(self), dtype=np.float32)
        rows, starts = self._segments
        if len(rows):
            reduced[rows] = how.reduceat(values, starts)
        return reduced


def _names() -> list[str]:
    return [field.name for field in fields(Sparse)]
