"""Values of the closed lists in their usual spellings, in seven languages."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from matcher.profiles.io.headers import compact
from matcher.profiles.wordlists import read_word_lists

_SIGNS = re.compile(r"[-–—−_./\\?*…·•~\s]+")
_TOTAL = re.compile(r"[\W\d_]+")


def spelling_key(text: str) -> str:
    """What all spellings of a value share."""
    words = text.replace("&", " ").casefold().split()
    return compact(" ".join(word for word in words if word != "and"))


@lru_cache(maxsize=16)
def spellings(field: str) -> Mapping[str, str]:
    """Usual spellings of the values of a list, by `spelling_key`."""
    return {
        spelling_key(word): row.columns["value"]
        for row in read_word_lists("spellings.csv")
        if row.columns["field"] == field
        for words in row.words.values()
        for word in words
        if spelling_key(word)
    }


def keyed(values: Iterable[str]) -> dict[str, str]:
    """Values by their own `spelling_key`."""
    return {spelling_key(value): value for value in values}


def is_blank(text: str) -> bool:
    """Whether a text only says that nothing is known: "n/a", "-", "немає"."""
    stripped = text.strip()
    return not stripped or bool(_SIGNS.fullmatch(stripped)) or _plain(stripped) in _words("blank")


def is_total(text: str) -> bool:
    """Whether a text is what stands before the sum of a column: "TOTAL:", "Всього"."""
    return _plain(_TOTAL.sub(" ", text)) in _words("total")


@lru_cache(maxsize=2)
def _words(field: str) -> frozenset[str]:
    return frozenset(
        _plain(word)
        for row in read_word_lists("spellings.csv")
        if row.columns["field"] == field
        for words in row.words.values()
        for word in words
    )


def _plain(text: str) -> str:
    """Small letters, without blanks and signs around or inside: scripts are kept apart."""
    return "".join(char for char in text.casefold() if char.isalnum())
