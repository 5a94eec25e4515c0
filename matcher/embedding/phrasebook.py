"""Numbers for phrases, so that the vector of each is kept once however many profiles say it."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

KEY_BYTES = 16
_KEY = np.dtype(f"S{KEY_BYTES}")


class PhraseBook:
    """Phrases by the digest of their text, numbered as they come; takes 20 bytes a phrase.

    Parameters
    ----------
    keys
        (u, 16) digests that have the numbers 0 to u - 1, ascending.
    """

    def __init__(self, keys: NDArray[np.uint8]) -> None:
        self._keys = np.ascontiguousarray(keys).view(_KEY).reshape(len(keys))
        self._codes = np.arange(len(keys), dtype=np.int32)

    def __len__(self) -> int:
        return len(self._codes)

    def codes(self, phrases: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        """Number phrases.

        Parameters
        ----------
        phrases
            Different phrases.

        Returns
        -------
        codes : ndarray of int32
            The number of each.
        new : ndarray of int
            Places in `phrases` of those that had none, in the order of their numbers.
        """
        digests = [hashlib.sha256(phrase.encode()).digest()[:KEY_BYTES] for phrase in phrases]
        keys = np.array(digests, dtype=_KEY)
        place = np.searchsorted(self._keys, keys)
        known = np.zeros(len(keys), dtype=np.bool_)
        inside = place < len(self)
        known[inside] = self._keys[place[inside]] == keys[inside]
        codes = np.empty(len(keys), dtype=np.int32)
        codes[known] = self._codes[place[known]]
        new = np.flatnonzero(~known)
        codes[new] = np.arange(len(self), len(self) + len(new))
        order = new[np.argsort(keys[new])]
        self._keys = np.insert(self._keys, place[order], keys[order])
        self._codes = np.insert(self._codes, place[order], codes[order])
        return codes, new

    def in_order(self, used: NDArray[np.bool_]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """Digests and numbers of some phrases, by digest: an order that no history changes.

        Parameters
        ----------
        used
            (numbers,) which of them.
        """
        wanted = used[self._codes]
        keys = np.ascontiguousarray(self._keys[wanted])
        return keys.view(np.uint8).reshape(-1, KEY_BYTES), self._codes[wanted]
