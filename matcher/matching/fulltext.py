"""`WordIndex`: which profiles say a word, whatever their spelling of it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import orjson
from numpy.typing import NDArray

from matcher.matching.columns import Bools
from matcher.profiles.words import vocabulary

_TEXTS = (
    *("name", "native_name", "acronym", "city", "region", "description", "native_description"),
    *("technologies", "services", "offers", "seeks"),
)
_WHOLE = 3
"""Letters up to which a word counts only as a whole: "it" is no beginning of "Italy"."""
_ENDING = 2
_SHORTEST_STEM = 4
_LAST = "\U0010ffff"


class WordIndex:
    """The words of n profiles, each with the rows that say it.

    Parameters
    ----------
    bodies
        The profiles as JSON texts.
    """

    def __init__(self, bodies: Sequence[str]) -> None:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, body in enumerate(bodies):
            for word in vocabulary(_text(orjson.loads(body))):
                rows[word].append(row)
        self._words = sorted(rows)
        self._rows: Mapping[str, NDArray[np.int32]] = {
            word: np.array(found, dtype=np.int32) for word, found in rows.items()
        }
        self._size = len(bodies)

    def saying(self, words: Iterable[str]) -> Bools:
        """(n,) profiles that say all of these words, each in any form.

        Parameters
        ----------
        words
            In plain spelling, as `matcher.profiles.words.tokens` gives it.
        """
        found = np.ones(self._size, dtype=np.bool_)
        for word in words:
            found &= self._saying(word)
        return found

    def _saying(self, word: str) -> Bools:
        found = np.zeros(self._size, dtype=np.bool_)
        for form in self._forms(word):
            found[self._rows[form]] = True
        return found

    def _forms(self, word: str) -> Sequence[str]:
        if len(word) <= _WHOLE:
            return [word] if word in self._rows else []
        stem = word[: max(_SHORTEST_STEM, len(word) - _ENDING)]
        first, end = (bisect_left(self._words, text) for text in (stem, stem + _LAST))
        return self._words[first:end]


def _text(profile: Mapping[str, str | list[str] | None]) -> str:
    parts = (profile.get(field) or "" for field in _TEXTS)
    return " ".join(part if isinstance(part, str) else " ".join(part) for part in parts)
