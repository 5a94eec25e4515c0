"""The shipped lists of words in seven languages besides the trades: CSV files of one shape."""

import csv
from collections.abc import Mapping
from typing import NamedTuple

from matcher.config import DATA_DIR

LANGUAGES = ("en", "uk", "ro", "ru", "ka", "hy", "az")
"""Languages of the word lists."""


class WordList(NamedTuple):
    """A line of such a file: its own columns, and its words by language."""

    columns: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


def read_word_lists(name: str) -> tuple[WordList, ...]:
    """Read a file of ``data/taxonomy`` that has a column for each language."""
    with (DATA_DIR / "taxonomy" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        WordList(row, {language: listed(row[language]) for language in LANGUAGES}) for row in rows
    )


def listed(cell: str) -> tuple[str, ...]:
    """Entries of a cell, which semicolons part."""
    return tuple(filter(None, map(str.strip, cell.split(";"))))
