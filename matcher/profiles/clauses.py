"""Sentences of a text taken apart into clauses: what is done, what is offered, what is sought."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from matcher.profiles.finder import Hit, WordFinder
from matcher.profiles.wordlists import read_word_lists
from matcher.profiles.words import latin_language, sentences, tokens

Role = Literal["do", "offer", "seek"]

_SCRIPTS = (("ka", re.compile(r"[\u10a0-\u10ff]")), ("hy", re.compile(r"[\u0530-\u058f]")))
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)
_RUSSIAN = re.compile(r"[ыэъё]", re.IGNORECASE)
_UKRAINIAN_WORDS = frozenset(("та", "що", "як", "ми", "для", "від", "або"))
_COMMA = re.compile(r"[,.:()՝՝—–]|\s-\s")
_DEPENDING = frozenset(
    (
        "to",
        "who",
        "which",
        "that",
        "where",
        "whom",
        "whose",
        "what",
        "how",
        "can",
        "could",
        "if",
        "sa",
    )
)
VERB_LAST = ("az", "ka", "hy")
"""Languages in which what is sought may stand before the word for seeking."""

_TELLABLE = 4
"""Words from which on a sentence should show its language."""


class Clause(NamedTuple):
    """A part of a sentence with one role; `body` is `text` without the words that showed it."""

    role: Role
    text: str
    body: str
    start: int
    language: str | None
    sentence: int


def read_clauses(text: str) -> list[Clause]:
    """Take a text apart.

    A part of a sentence that shows no role has that of its neighbour: of the one before it, or
    in Azerbaijani, whose verbs stand last, of the one after it. What is listed after a semicolon
    goes on in the role before it.
    """
    own = language_of(text)
    clauses: list[Clause] = []
    role: Role | None = None
    for number, (start, sentence) in enumerate(sentences(text)):
        language = language_of(sentence) or own
        found = list(_clauses(sentence, start, language, role, number))
        clauses += found
        role = found[-1].role if found and sentence.endswith(";") else None
    return clauses


def language_of(text: str) -> str | None:
    """ISO 639-1 code of one of the seven languages, or ``None`` where none of them shows."""
    for language, script in _SCRIPTS:
        if script.search(text):
            return language
    if not _CYRILLIC.search(text):
        return latin_language(text)
    words = [token.plain for token in tokens(text)]
    ukrainian = len(_UKRAINIAN.findall(text)) + sum(word in _UKRAINIAN_WORDS for word in words)
    return "uk" if ukrainian > len(_RUSSIAN.findall(text)) else "ru"


def unknown_language(text: str) -> bool:
    """Whether a text is long enough to show its language and shows none of the seven."""
    return len(tokens(text)) >= _TELLABLE and language_of(text) is None


@lru_cache(maxsize=1)
def marker_finder() -> WordFinder:
    """Finder of the words that show roles, kinds of organisation, members and numbers."""
    return WordFinder(
        (row.columns["id"], language, words)
        for row in read_word_lists("markers.csv")
        for language, words in row.words.items()
    )


class _Part(NamedTuple):
    text: str
    start: int
    role: Role | None
    body: str


def _clauses(
    sentence: str, offset: int, language: str | None, role: Role | None, number: int
) -> Iterator[Clause]:
    marks = list(_main_marks(sentence, language))
    verb_last = language in VERB_LAST
    parts = _by_commas(sentence, marks) if verb_last else _by_marks(sentence, marks)
    for part, found in zip(parts, _filled(parts, role, language), strict=True):
        if part.body.strip():
            yield Clause(
                found, part.text.strip(), part.body.strip(), offset + part.start, language, number
            )


_ROLES: tuple[Role, ...] = ("do", "offer", "seek")


def _main_marks(sentence: str, language: str | None) -> Iterator[Hit]:
    """Words that show a role of their own: not "to have" nor "who want", which depend."""
    before = {}
    last = ""
    for token in tokens(sentence):
        before[token.start], last = last, token.plain
    for hit in marker_finder().find(sentence, language):
        if hit.key in _ROLES and before[hit.start] not in _DEPENDING:
            yield hit


def _by_marks(sentence: str, marks: list[Hit]) -> list[_Part]:
    """Parts that each begin with the word that shows their role."""
    starts = [0, *(mark.start for mark in marks)]
    ends = [*(mark.start for mark in marks), len(sentence)]
    bodies = [0, *(mark.end for mark in marks)]
    roles = [None, *(mark.key for mark in marks)]
    return [
        _Part(sentence[start:end], start, role, sentence[body:end])  # type: ignore[arg-type]
        for start, end, body, role in zip(starts, ends, bodies, roles, strict=True)
    ]


def _by_commas(sentence: str, marks: list[Hit]) -> list[_Part]:
    """Parts between commas, each with the role that its last word of the kind shows."""
    cuts = [0, *(match.end() for match in _COMMA.finditer(sentence)), len(sentence)]
    parts = []
    for start, end in pairwise(cuts):
        within = [mark for mark in marks if start <= mark.start < end]
        role = within[-1].key if within else None
        body = sentence[start:end]
        for mark in within:
            body = body.replace(mark.words, " ", 1)
        parts.append(_Part(sentence[start:end], start, role, body))  # type: ignore[arg-type]
    return parts


def _filled(parts: list[_Part], role: Role | None, language: str | None) -> list[Role]:
    """Role of each part, those of neighbours where it shows none."""
    before: list[Role | None] = []
    for part in parts:
        before.append(part.role or (before[-1] if before else role))
    after: list[Role | None] = []
    for part in reversed(parts):
        after.append(part.role or (after[-1] if after else None))
    after.reverse()
    if language == "az":
        return [second or first or "do" for first, second in zip(before, after, strict=True)]
    follows = language in VERB_LAST
    return [
        first or (second if follows else None) or "do"
        for first, second in zip(before, after, strict=True)
    ]
