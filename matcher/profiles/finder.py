"""Finds listed words and phrases in texts of seven languages, without a pattern per entry.

A list entry is one or more words that stand next to each other; a word that ends with ``*``
stands for every word that begins so. Spelling is unified first, as `plain_word` does.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from matcher.profiles.words import (
    LATIN_LANGUAGES,
    Sentence,
    kept,
    plain_word,
    spelt_plainly,
    taken_apart,
    told_language,
)

_OTHER = "other"
_SCRIPTS = (
    ("cyrillic", "\u052f"),
    ("armenian", "\u058f"),
    (_OTHER, "\u109f"),
    ("georgian", "\u10ff"),
)
_NEAR = ' \t\n\r\u00a0&/"«»„“”'
_SHORT_NAME = re.compile(r"\b[A-Zİ]{2,3}\b")
_AT_NAME = re.compile(r"(?<![\w+-])(?<![\w+-]\.)[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)*")
"""A name such as it@cork, or an address: what stands in it is no word of the text."""
_SHORTEST_PLURAL = 4


class Hit(NamedTuple):
    """A listed phrase found in a text: whose it is, the words as written, where they stand."""

    key: str
    words: str
    start: int
    end: int
    language: str


_List = tuple[str, str, Iterable[str]]
"""Key, language and phrases."""


class _Entry(NamedTuple):
    """A list entry: its words in plain spelling, with ``*`` where only the beginning is given."""

    key: str
    language: str
    words: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How closely the entry fits what it matches: letters given, whole words before parts."""
        return sum(2 * len(word) - 3 * word.endswith("*") for word in self.words)


class _Match(NamedTuple):
    """An entry that fits the words from `first` up to, without, `last`."""

    first: int
    last: int
    entry: _Entry


class _Begun(NamedTuple):
    """Entries that a word begins: single words, and phrases by the second word's letter."""

    words: tuple[_Entry, ...]
    phrases: Mapping[str, tuple[_Entry, ...]]


class _Table:
    """Entries that begin in one script, by their first word."""

    def __init__(self, lists: Iterable[_List]) -> None:
        self._exact: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._prefixes: defaultdict[str, list[_Entry]] = defaultdict(list)
        for key, language, phrases in lists:
            for words in _compiled(phrases):
                table, first = self._exact, words[0]
                if first[-1] == "*":
                    table, first = self._prefixes, first[:-1]
                table[plain_word(first)].append(_Entry(key, language, words))
        self._lengths = sorted({len(stem) for stem in self._prefixes})

    def begun(self, plain: str) -> _Begun | None:
        """Entries whose first word may be the word `plain`, as far as small letters tell."""
        found = list(self._exact.get(plain, ()))
        for singular in _singulars(plain):
            found += [entry for entry in self._exact.get(singular, ()) if entry.language == "en"]
        for length in self._lengths:
            if length > len(plain):
                break
            found += self._prefixes.get(plain[:length], ())
        if not found:
            return None
        phrases: defaultdict[str, list[_Entry]] = defaultdict(list)
        for entry in found:
            if len(entry.words) > 1:
                phrases[entry.words[1][0].casefold()].append(entry)
        return _Begun(
            tuple(entry for entry in found if len(entry.words) == 1),
            {letter: tuple(entries) for letter, entries in phrases.items()},
        )


class WordFinder:
    """Lists of phrases; finds in a text whose phrases occur.

    The phrases of a script are compiled when the first text in that script comes.

    Parameters
    ----------
    lists
        Key, ISO 639-1 language and phrases of each list.
    """

    def __init__(self, lists: Iterable[_List]) -> None:
        self._lists: defaultdict[str, list[_List]] = defaultdict(list)
        for key, language, phrases in lists:
            by_script: defaultdict[str, list[str]] = defaultdict(list)
            for phrase in phrases:
                by_script[_script(phrase)].append(phrase)
            for script, own in by_script.items():
                self._lists[script].append((key, language, own))
        self._table = lru_cache(maxsize=None)(lambda script: _Table(self._lists[script]))
        self._begun = kept(lambda plain: self._table(_script(plain)).begun(plain))

    def find(self, text: str, language: str | None = None) -> tuple[Hit, ...]:
        """Phrases found in `text`, in order; of two, one within the other, the longer counts.

        Parameters
        ----------
        text
            Any text; each of its sentences may be in another language.
        language
            Of `text`, where the caller knows it; otherwise told sentence by sentence among
            those written in Latin letters. Words in other scripts are always tried in all.
        """
        if "@" in text:
            text = _AT_NAME.sub(lambda name: "@" * len(name[0]), text)
        said = taken_apart(text)
        own = language or told_language(said)
        hits: list[Hit] = []
        for sentence in said:
            hits += self._in_sentence(sentence, language or told_language([sentence]) or own)
        return tuple(hits)

    def _in_sentence(self, said: Sentence, language: str | None) -> list[Hit]:
        matches = [match for match in self._matches(said) if _speaks(match, said, language)]
        if language is None and any(match.entry.language == "en" for match in matches):
            matches = [match for match in matches if match.entry.language not in ("ro", "az")]
        return [_hit(match, said) for match in _longest(matches)]

    def _matches(self, said: Sentence) -> Iterator[_Match]:
        for first, begun in enumerate(map(self._begun, said.plains)):
            if begun is None:
                continue
            for entry in begun.words:
                if _in_capitals(entry, said.words[first]):
                    yield _Match(first, first + 1, entry)
            if not begun.phrases or first + 1 == len(said.words):
                continue
            for entry in begun.phrases.get(said.plains[first + 1][0], ()):
                if _in_capitals(entry, said.words[first]) and _goes_on(entry, said, first):
                    yield _Match(first, first + len(entry.words), entry)


def _compiled(phrases: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Words of each phrase, spelt plainly; short names stay in capitals, as they count only so."""
    listed = ";".join(phrases).replace("-", " ")
    if _SHORT_NAME.search(listed):
        plain = " ".join(
            word if _SHORT_NAME.fullmatch(word) else plain_word(word)
            for word in listed.replace(";", " ; ").split()
        )
    else:
        plain = spelt_plainly(listed)
    yield from filter(None, map(tuple, map(str.split, plain.split(";"))))


def _script(text: str) -> str:
    """Script of a text's first letter, as far as the lists need to tell."""
    letter = text[:1]
    if letter < "\u0370":
        return "latin"
    return next((name for name, last in _SCRIPTS if letter <= last), _OTHER)


def _in_capitals(entry: _Entry, word: str) -> bool:
    first = entry.words[0]
    return not first.isupper() or word == first


def _goes_on(entry: _Entry, said: Sentence, first: int) -> bool:
    """Whether the words after the first of an entry are those that follow in a sentence."""
    if first + len(entry.words) > len(said.words):
        return False
    following = enumerate(entry.words[1:], start=first + 1)
    return all(_goes_with(word, said, place, entry.language) for place, word in following)


def _goes_with(word: str, said: Sentence, place: int, language: str) -> bool:
    """Whether a word of a phrase fits one that no more than a blank or a hyphen stands before."""
    gap, plain = said.gaps[place], said.plains[place]
    if len(gap) > 1 and gap.strip(_NEAR):
        return False
    if word[-1] == "*":
        return plain.startswith(word[:-1])
    if _SHORT_NAME.fullmatch(word):
        return said.words[place] == word
    return word == plain or (language == "en" and word in _singulars(plain))


@kept
def _singulars(plain: str) -> tuple[str, ...]:
    """What an English word may be the plural of."""
    if len(plain) < _SHORTEST_PLURAL or plain[-1] != "s" or plain[-2] in "su":
        return ()
    if plain.endswith("ies"):
        return (plain[:-3] + "y", plain[:-1])
    return (plain[:-1], plain[:-2]) if plain.endswith("es") else (plain[:-1],)


def _speaks(match: _Match, said: Sentence, language: str | None) -> bool:
    """Whether words of the entry's language may stand in a sentence of this one."""
    own = match.entry.language
    if language is None or own not in LATIN_LANGUAGES or own == language:
        return True
    return own == "en" and _is_loan(match, said)


def _is_loan(match: _Match, said: Sentence) -> bool:
    """Whether English words are long or capital enough to be meant in another language."""
    own = slice(match.first, match.last)
    return sum(map(len, said.plains[own])) >= 6 or all(map(str.isupper, said.words[own]))


def _longest(matches: list[_Match]) -> list[_Match]:
    """Drop what lies within a longer match, and of equal spans what fits less closely."""
    if all(one.last <= other.first for one, other in pairwise(matches)):
        return matches
    best: dict[tuple[int, int], int] = {}
    for match in matches:
        span = (match.first, match.last)
        best[span] = max(best.get(span, 0), match.entry.weight)
    outer = [
        span
        for span in best
        if not any(o != span and o[0] <= span[0] and span[1] <= o[1] for o in best)
    ]
    closest: dict[tuple[tuple[int, int], str], _Match] = {}
    for match in matches:
        span = (match.first, match.last)
        if span in outer and match.entry.weight == best[span]:
            closest.setdefault((span, match.entry.key), match)
    return list(closest.values())


def _hit(match: _Match, said: Sentence) -> Hit:
    text = " ".join(said.words[match.first : match.last])
    start, end = said.starts[match.first], said.ends[match.last - 1]
    return Hit(match.entry.key, text, start, end, match.entry.language)
