"""Finds listed words and phrases in texts of seven languages, without a pattern per entry.

A list entry is one or more words that stand next to each other; a word that ends with ``*``
stands for every word that begins so. Spelling is unified first: case, diacritics, apostrophes,
letters of another alphabet that look alike.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple, TypeVar

Kept = TypeVar("Kept")

LATIN_LANGUAGES = ("en", "ro", "az")
"""Languages whose words could be mistaken for each other's."""

_JOINERS = "'’‘ʼ`´՛՜՞"
_WORD = re.compile(rf"[^\W_]+(?:[{_JOINERS}\u0300-\u036f]+[^\W_]+)*[\u0300-\u036f]*")
_DROPPED = re.compile(rf"[{_JOINERS}\u0300-\u036f]+")
_PLAIN = {"ə": "e", "ı": "i", "ł": "l", "đ": "d", "ø": "o", "ґ": "г"}
_ALIKE = ("aceiopxykmthb", "асеіорхукмтнв")
_TO_CYRILLIC = str.maketrans(*_ALIKE)
_TO_LATIN = str.maketrans(*reversed(_ALIKE))
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[a-z]")
_OTHER = "other"
_SCRIPTS = (
    ("cyrillic", "\u052f"),
    ("armenian", "\u058f"),
    (_OTHER, "\u109f"),
    ("georgian", "\u10ff"),
)
_NEAR = ' \t\n\r\u00a0&/"«»„“”'
_SHORT_NAME = re.compile(r"\b[A-Zİ]{2,3}\b")
_AT_NAME = re.compile(r"[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)*")
"""A name such as it@cork, or an address: what stands in it is no word of the text."""
_SHORTEST_PLURAL = 4
_LONGEST = 60


class Token(NamedTuple):
    """A word of a text: as written, in its plain spelling, and where it stands.

    It is `apart` from the word before where more than a blank or a hyphen parts them.
    """

    text: str
    plain: str
    start: int
    end: int
    apart: bool


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
    """An entry that fits the tokens from `first` up to, without, `last`."""

    first: int
    last: int
    entry: _Entry


def tokens(text: str) -> list[Token]:
    """Words of a text, in order, each with its plain spelling."""
    found = []
    end = 0
    for match in _WORD.finditer(text):
        start = match.start()
        apart = start - end > 1 and bool(text[end:start].strip(_NEAR))
        found.append(Token(match[0], plain_word(match[0]), start, match.end(), apart))
        end = match.end()
    return found


def vocabulary(text: str) -> set[str]:
    """Different words of a text in plain spelling."""
    return {plain_word(word) for word in set(_WORD.findall(text))}


def _kept(function: Callable[[str], Kept]) -> Callable[[str], Kept]:
    """Remember what a function makes of words; of words that are longer than any, nothing."""
    keeping = lru_cache(maxsize=50_000)(function)

    def kept(word: str) -> Kept:
        return keeping(word) if len(word) <= _LONGEST else function(word)

    return kept


@_kept
def plain_word(word: str) -> str:
    """Spell a word plainly: small letters of one alphabet without diacritics or apostrophes."""
    plain = _spelt_plainly(word)
    if plain.isascii():
        return plain
    cyrillic, latin = len(_CYRILLIC.findall(plain)), len(_LATIN.findall(plain))
    if cyrillic and latin:
        return plain.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)
    return plain


def _spelt_plainly(text: str) -> str:
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        for letter, alike in _PLAIN.items():
            plain = plain.replace(letter, alike)
    return _DROPPED.sub("", plain)


class _Begun(NamedTuple):
    """Entries that a word may begin: single words, and phrases by the second word's letter."""

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
        self.begun = _kept(self._beginning_with)

    def _beginning_with(self, plain: str) -> _Begun:
        """Entries whose first word may be the word `plain`, as far as small letters tell."""
        found = list(self._exact.get(plain, ()))
        for singular in _singulars(plain):
            found += [entry for entry in self._exact.get(singular, ()) if entry.language == "en"]
        for length in self._lengths:
            if length > len(plain):
                break
            found += self._prefixes.get(plain[:length], ())
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
        hits: list[Hit] = []
        text = _AT_NAME.sub(lambda name: "@" * len(name[0]), text)
        own = language or latin_language(text)
        for start, sentence in sentences(text):
            spoken = language or latin_language(sentence) or own
            hits += self._in_sentence(tokens(sentence), start, spoken)
        return tuple(hits)

    def _in_sentence(self, words: list[Token], offset: int, language: str | None) -> list[Hit]:
        matches = [match for match in self._matches(words) if _speaks(match, words, language)]
        if language is None and any(match.entry.language == "en" for match in matches):
            matches = [match for match in matches if match.entry.language not in ("ro", "az")]
        return [_hit(match, words, offset) for match in _longest(matches)]

    def _matches(self, words: list[Token]) -> Iterator[_Match]:
        for first, token in enumerate(words):
            begun = self._table(_script(token.plain)).begun(token.plain)
            for entry in begun.words:
                if _in_capitals(entry, token):
                    yield _Match(first, first + 1, entry)
            if not begun.phrases or first + 1 == len(words):
                continue
            for entry in begun.phrases.get(words[first + 1].plain[0], ()):
                last = first + len(entry.words)
                if _in_capitals(entry, token) and _goes_on(entry, words[first + 1 : last]):
                    yield _Match(first, last, entry)


_FUNCTION_WORDS = {
    "en": "the and of with for to from by is are we our that their its you have has who this "
    "which want need look looking not an at as on it be or in",
    "ro": "si de la cu pentru din este sunt suntem avem cautam ne care pe un o sau noi vrem dorim "
    "prin nu sa o al ale cel unde iar e mai ca putem dintre nostru noastre noastra nostri fi",
    "az": "ve ile ucun bizim olan biz var axtaririq isteyirik uzre bu da de ki hem ya bir cox "
    "daha bize olaraq kimi lazimdir qeder sonra hemcinin isteyen edirik",
    _OTHER: "nous sommes les des et est sont une dans pour avec wir ist sind und oder der die das "
    "den fur mit ein eine einen suchen el los las y con para una somos gli il che per di siamo "
    "jest jestesmy oraz dla sie nie szukamy icin ariyoruz egy es hogy je su za na och som med",
}
_LANGUAGES_OF: defaultdict[str, list[str]] = defaultdict(list)
for _language, _listed in _FUNCTION_WORDS.items():
    for _listed_word in _listed.split():
        _LANGUAGES_OF[_listed_word].append(_language)
_LETTERS_OF = {"ro": re.compile("[ăâîșțşţ]"), "az": re.compile("[əğışçöü]")}
_SENTENCE = re.compile(r"[^.!?;\n։]+[.!?;\n։]*")
_ARMENIAN_SENTENCE = re.compile(r"[^!?;\n։]+[!?;\n։]*")


def sentences(text: str) -> list[tuple[int, str]]:
    """Sentences of a text with the place where each begins.

    Where Armenian has its own full stop, the Latin one stands for a colon.
    """
    pattern = _ARMENIAN_SENTENCE if "։" in text else _SENTENCE
    return [(match.start(), match[0]) for match in pattern.finditer(text)]


def latin_language(text: str) -> str | None:
    """``"en"``, ``"ro"`` or ``"az"``, or ``None`` where function words and letters do not tell."""
    votes = dict.fromkeys((*LATIN_LANGUAGES, _OTHER), 0.0)
    for token in tokens(text):
        for language in _LANGUAGES_OF.get(token.plain, ()):
            votes[language] += 1
    small = text.casefold()
    if not small.isascii():
        for language, letters in _LETTERS_OF.items():
            votes[language] += 0.5 * len(letters.findall(small))
    second, best = sorted(votes, key=lambda language: votes[language])[-2:]
    told = best != _OTHER and votes[best] >= 1 and votes[best] > votes[second]
    return best if told else None


def says_nothing(plain: str) -> bool:
    """Whether a word is one of those that only tell a language: "the", "și"."""
    return plain in _LANGUAGES_OF


def _compiled(phrases: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Words of each phrase, spelt plainly; short names stay in capitals, as they count only so."""
    listed = ";".join(phrases).replace("-", " ")
    if _SHORT_NAME.search(listed):
        plain = " ".join(
            word if _SHORT_NAME.fullmatch(word) else plain_word(word)
            for word in listed.replace(";", " ; ").split()
        )
    else:
        plain = _spelt_plainly(listed)
    yield from filter(None, map(tuple, map(str.split, plain.split(";"))))


def _script(text: str) -> str:
    """Script of a text's first letter, as far as the lists need to tell."""
    letter = text[:1]
    if letter < "\u0370":
        return "latin"
    return next((name for name, last in _SCRIPTS if letter <= last), _OTHER)


def _in_capitals(entry: _Entry, token: Token) -> bool:
    first = entry.words[0]
    return not first.isupper() or token.text == first


def _goes_on(entry: _Entry, following: list[Token]) -> bool:
    """Whether the words after the first of an entry are those that follow in a text."""
    return len(following) == len(entry.words) - 1 and all(
        map(_goes_with, entry.words[1:], following, repeat(entry.language))
    )


def _goes_with(word: str, token: Token, language: str) -> bool:
    """Whether a word of a phrase fits a token and no punctuation parts it from the one before."""
    if token.apart:
        return False
    if word[-1] == "*":
        return token.plain.startswith(word[:-1])
    if _SHORT_NAME.fullmatch(word):
        return token.text == word
    return word == token.plain or (language == "en" and word in _singulars(token.plain))


@_kept
def _singulars(plain: str) -> tuple[str, ...]:
    """What an English word may be the plural of."""
    if len(plain) < _SHORTEST_PLURAL or plain[-1] != "s" or plain[-2] in "su":
        return ()
    if plain.endswith("ies"):
        return (plain[:-3] + "y", plain[:-1])
    return (plain[:-1], plain[:-2]) if plain.endswith("es") else (plain[:-1],)


def _speaks(match: _Match, words: list[Token], language: str | None) -> bool:
    """Whether words of the entry's language may stand in a sentence of this one."""
    own = match.entry.language
    if language is None or own not in LATIN_LANGUAGES or own == language:
        return True
    return own == "en" and _is_loan(words[match.first : match.last])


def _is_loan(words: list[Token]) -> bool:
    """Whether English words are long or capital enough to be meant in another language."""
    return sum(len(word.plain) for word in words) >= 6 or all(w.text.isupper() for w in words)


def _longest(matches: list[_Match]) -> list[_Match]:
    """Drop what lies within a longer match, and of equal spans what fits less closely."""
    best: dict[tuple[int, int], int] = {}
    for match in matches:
        span = (match.first, match.last)
        best[span] = max(best.get(span, 0), match.entry.weight)
    outer = [
        span
        for span in best
        if not any(o != span and o[0] <= span[0] and span[1] <= o[1] for o in best)
    ]
    kept: dict[tuple[tuple[int, int], str], _Match] = {}
    for match in matches:
        span = (match.first, match.last)
        if span in outer and match.entry.weight == best[span]:
            kept.setdefault((span, match.entry.key), match)
    return list(kept.values())


def _hit(match: _Match, words: list[Token], offset: int) -> Hit:
    start, end = words[match.first].start, words[match.last - 1].end
    text = " ".join(word.text for word in words[match.first : match.last])
    return Hit(match.entry.key, text, offset + start, offset + end, match.entry.language)
