"""Sequences that are read when asked for: profiles as JSON texts, and some items of another one."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from matcher.errors import StoreUnavailableError
from matcher.profiles.profile import ClusterProfile

Item = TypeVar("Item")

KEPT = 5000
"""Profiles that stay in memory once they were asked for."""

_END = b"\xff"
"""Stands behind each text in an array of texts; no byte of UTF-8 is equal to it."""


def packed(texts: Sequence[str]) -> NDArray[np.uint8]:
    """Put texts into an array of bytes."""
    return np.frombuffer(b"".join(text.encode() + _END for text in texts), np.uint8)


def unpacked(array: NDArray[np.uint8]) -> list[str]:
    """Read the texts of an array that `packed` made."""
    return [text.decode() for text in array.tobytes().split(_END)[:-1]]


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


class Profiles(Sequence[ClusterProfile]):
    """n profiles as JSON texts, each read when it is asked for; those asked for last are kept.

    One that is damaged raises `StoreUnavailableError` when it is read.

    Parameters
    ----------
    bodies
        The profiles.
    """

    def __init__(self, bodies: Sequence[str]) -> None:
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


class Chained(Sequence[Item]):
    """Two sequences, one behind the other; no item is read before it is asked for.

    Parameters
    ----------
    first, then
        The sequences.
    """

    def __init__(self, first: Sequence[Item], then: Sequence[Item]) -> None:
        self._first, self._then = first, then

    def __len__(self) -> int:
        return len(self._first) + len(self._then)

    @overload
    def __getitem__(self, row: int) -> Item: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, row: int | slice) -> Item | tuple[Item, ...]:
        places = range(len(self))[row]
        if isinstance(places, range):
            return tuple(self[place] for place in places)
        beyond = places - len(self._first)
        return self._first[places] if beyond < 0 else self._then[beyond]
