"""Texts and profiles in arrays: a million of them cost no more than their bytes."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from matcher.errors import StoreUnavailableError
from matcher.profiles.profile import ClusterProfile

Item = TypeVar("Item")

KEPT = 5000
"""Profiles that stay in memory once they were asked for."""


def spans(
    starts: NDArray[np.int64], rows: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of what some rows own of values that lie row after row.

    Parameters
    ----------
    starts
        (n + 1,) row r owns ``starts[r]:starts[r + 1]``.
    rows
        (k,) rows.

    Returns
    -------
    places : ndarray of int64
        Of the values of these rows, row after row.
    starts : ndarray of int64, shape (k + 1,)
        What each row owns of them.
    """
    first = starts[rows]
    sizes = starts[rows + 1] - first
    own = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(sizes, out=own[1:])
    return np.repeat(first - own[:-1], sizes) + np.arange(own[-1]), own


class Texts(Sequence[str]):
    """n texts in one array of UTF-8 bytes; immutable, read when asked for.

    Parameters
    ----------
    data
        All bytes, text after text.
    starts
        (n + 1,) text r is ``data[starts[r]:starts[r + 1]]``.
    """

    def __init__(self, data: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self._data, self._starts = data, starts
        self._bytes, self._places = data.data, starts.data

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Pack texts."""
        encoded = [text.encode() for text in texts]
        starts = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), starts)

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """The inverse of `arrays`; raises `KeyError` where one is missing."""
        return cls(arrays[name], arrays[f"{name}_starts"])  # type: ignore[arg-type]

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """The arrays as an index generation stores them."""
        return {name: self._data, f"{name}_starts": self._starts}

    def containing(self, word: str) -> NDArray[np.bool_]:
        """(n,) which texts contain a word, be it as part of another one.

        Each text must end with a line break, and the word must have none.
        """
        if not word:
            return np.ones(len(self), dtype=np.bool_)
        found = re.finditer(re.escape(word.encode()), self._data.data)
        places = np.fromiter((match.start() for match in found), dtype=np.int64)
        contained = np.zeros(len(self), dtype=np.bool_)
        contained[np.searchsorted(self._starts, places, side="right") - 1] = True
        return contained

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[str, ...]: ...
    def __getitem__(self, row: int | slice) -> str | tuple[str, ...]:
        if isinstance(row, slice):
            return tuple(map(self.__getitem__, range(len(self))[row]))
        if not 0 <= row < len(self):
            row = range(len(self))[row]
        return str(self._bytes[self._places[row] : self._places[row + 1]], "utf-8")


class RowOf(Mapping[str, int]):
    """Row of each of n sorted texts, found by halving: no dictionary is made.

    Parameters
    ----------
    texts
        Sorted, each once.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __getitem__(self, text: str) -> int:
        row = bisect_left(self._texts, text)
        if row == len(self._texts) or self._texts[row] != text:
            raise KeyError(text)
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class Profiles(Sequence[ClusterProfile]):
    """n profiles as JSON texts, each read when it is asked for; those asked for last are kept.

    One that is damaged raises `StoreUnavailableError` when it is read.

    Parameters
    ----------
    bodies
        The profiles.
    """

    def __init__(self, bodies: Texts) -> None:
        self.bodies = bodies
        self._read: Callable[[int], ClusterProfile] = lru_cache(maxsize=KEPT)(
            lambda row: _parsed(bodies[row])
        )

    def __len__(self) -> int:
        return len(self.bodies)

    @overload
    def __getitem__(self, row: int) -> ClusterProfile: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[ClusterProfile, ...]: ...
    def __getitem__(self, row: int | slice) -> ClusterProfile | tuple[ClusterProfile, ...]:
        places = range(len(self))[row]
        return self._read(places) if isinstance(places, int) else tuple(map(self._read, places))


def _parsed(body: str) -> ClusterProfile:
    try:
        return ClusterProfile.model_validate_json(body)
    except ValidationError as error:
        raise StoreUnavailableError(
            f"The stored profile that begins with {body[:60]!r} is damaged. Import it again, or "
            "put a backup of the database in its place."
        ) from error


class Chosen(Sequence[Item]):
    """Some items of a sequence in an order of their own; none is read before it is asked for.

    Parameters
    ----------
    items
        The sequence.
    rows
        (k,) places in it.
    """

    def __init__(self, items: Sequence[Item], rows: NDArray[np.intp]) -> None:
        self._items, self._rows = items, rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> Item: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, row: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(row, slice):
            return tuple(self._items[int(place)] for place in self._rows[row])
        return self._items[int(self._rows[row])]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]
