"""Column headings in their usual spellings, and the field each stands for."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii
from rapidfuzz import fuzz, process

from matcher.errors import InvalidInputError, UnreadableFileError
from matcher.i18n.message import Message
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.wordlists import read_word_lists

CONTACT = "contact"
"""What the table of headings calls columns about persons, which profiles do not keep."""

IGNORED = ""
"""Target of a column that is to be left out."""

_ROW_NUMBER = "number"
_BETWEEN_LANGUAGES = re.compile(r"[/|\n]")
_LIKENESS = 78
_SHORTEST_WORD = 4
_WORD_SURENESS = 0.75


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a file, and what became of its column.

    Attributes
    ----------
    text
        As it stands in the file.
    field
        The column of ours that it was read as; ``None`` where it was left out.
    suggestion
        What it may mean: a column of ours, ``""`` for one that profiles have no place for, and
        ``None`` where nothing is near.
    sureness
        How likely the suggestion is, 0 to 1.
    example
        The first value that stands below it.
    """

    text: str
    field: str | None
    suggestion: str | None = None
    sureness: float = 0.0
    example: str = ""


class MissingColumnsError(UnreadableFileError):
    """No heading of the file stands for a column that is needed; `headings` tells what is there."""

    def __init__(self, message: Message, headings: tuple[Heading, ...]) -> None:
        super().__init__(message)
        self.headings = headings


class Guess(NamedTuple):
    """A column that a heading may stand for, and how likely it does, 0 to 1."""

    field: str
    sureness: float


def compact(text: str) -> str:
    """Letters and digits alone, in small ASCII: what two spellings of a word share."""
    return "".join(char for char in anyascii(text).casefold() if char.isalnum())


def field_of(column: str) -> str | None:
    """Field that a column heading stands for; case, accents, spaces and signs do not matter.

    A heading in two languages, "Name / Назва", stands for what both of them do.
    """
    meant = _fields().get(_spelled(column))
    if meant is None:
        both = {_fields().get(_spelled(part)) for part in _BETWEEN_LANGUAGES.split(column)}
        meant = both.pop() if len(both) == 1 else None
    return None if meant in (CONTACT, _ROW_NUMBER) else meant


def is_contact(column: str) -> bool:
    """Whether a heading stands for names, addresses or telephone numbers of persons."""
    near = _nearest(column)
    return near is not None and near.field == CONTACT


def guess(column: str) -> Guess | None:
    """Field that a heading may stand for, or ``None`` where nothing is near."""
    near = _nearest(column)
    if near and near.field in (CONTACT, _ROW_NUMBER):
        return near._replace(field=IGNORED)
    return near


def _nearest(column: str) -> Guess | None:
    key = _spelled(column)
    if key in _fields():
        return Guess(_fields()[key], 1.0)
    if near := nearest(key, _fields()):
        return near
    name = _named_within(column)
    return Guess(_fields()[name], _WORD_SURENESS) if name else None


def nearest(key: str, spellings: Mapping[str, str]) -> Guess | None:
    """Find the column whose usual spelling is most alike, or ``None`` where nothing is near."""
    near = process.extractOne(key, spellings.keys(), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return Guess(spellings[near[0]], round(near[1] / 100, 2)) if near else None


def mapped(mapping: Mapping[str, str]) -> Callable[[str], str | None]:
    """Turn what a user says of headings into a function that tells the field of each.

    Parameters
    ----------
    mapping
        Heading -> field, or ``""`` for a column to leave out; other headings keep their usual
        meaning.

    Raises
    ------
    InvalidInputError
        A target is no field.
    """
    require_columns(mapping, tuple(ClusterProfile.model_fields))
    return stated(mapping, field_of)


def require_columns(mapping: Mapping[str, str], known: Sequence[str]) -> None:
    """Make sure that the targets of a mapping are columns that are known.

    Raises
    ------
    InvalidInputError
        One is not.
    """
    if wrong := sorted(set(mapping.values()) - {*known, IGNORED}):
        raise InvalidInputError(
            f"There is no column {', '.join(wrong)}. Use one of {', '.join(known)}, or nothing to "
            "leave a column out."
        )


def stated(
    mapping: Mapping[str, str], otherwise: Callable[[str], str | None]
) -> Callable[[str], str | None]:
    """Give headings the meaning that a mapping states, and all others their usual one."""
    said = {_spelled(heading): field for heading, field in mapping.items()}

    def meaning(column: str) -> str | None:
        key = _spelled(column)
        return (said[key] or None) if key in said else otherwise(column)

    return meaning


@lru_cache(maxsize=1)
def _fields() -> Mapping[str, str]:
    table = {
        _spelled(alias): row.columns["field"]
        for row in reversed(read_word_lists("headings.csv"))
        for words in row.words.values()
        for alias in words
    }
    return table | {_spelled(field): field for field in ClusterProfile.model_fields}


def _spelled(column: str) -> str:
    """What spellings of a heading share; a heading of signs alone is itself."""
    return compact(column) or column.strip()


def _named_within(column: str) -> str | None:
    """The longest usual heading that is part of a longer one: "Country (seat)" -> country."""
    words = anyascii(column).casefold().split()
    runs = {
        compact("".join(words[start:end]))
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    }
    return max(
        (run for run in runs if len(run) >= _SHORTEST_WORD and run in _fields()),
        key=len,
        default=None,
    )
