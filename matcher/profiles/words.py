"""Sentences and words of texts in seven languages, spelt plainly, and the language that they show.

Case, diacritics, apostrophes and letters of another alphabet that look alike make no difference.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import NamedTuple, TypeVar

Kept = TypeVar("Kept")

LATIN_LANGUAGES = ("en", "ro", "az")
"""Languages whose words could be mistaken for each other's."""

_JOINERS = "'’‘ʼ`´՛՜՞"
_WORD = re.compile(rf"([^\W_]+(?:[{_JOINERS}\u0300-\u036f]+[^\W_]+)*[\u0300-\u036f]*)")
_DROPPED = re.compile(rf"[{_JOINERS}\u0300-\u036f]+")
_PLAIN = {"ə": "e", "ı": "i", "ł": "l", "đ": "d", "ø": "o", "ґ": "г"}
_ALIKE = ("aceiopxykmthb", "асеіорхукмтнв")
_TO_CYRILLIC = str.maketrans(*_ALIKE)
_TO_LATIN = str.maketrans(*reversed(_ALIKE))
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[a-z]")
_OTHER = "other"


class Token(NamedTuple):
    """A word of a text: its plain spelling, and where it stands."""

    plain: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Words of a text, in order, each with its plain spelling."""
    return [
        Token(*word)
        for sentence in taken_apart(text)
        for word in zip(sentence.plains, sentence.starts, sentence.ends, strict=True)
    ]


def vocabulary(text: str) -> set[str]:
    """Different words of a text in plain spelling."""
    return {plain_word(word) for word in set(_WORD.findall(text))}


class _Memory(dict[str, Kept]):
    """What a function made of texts that are not too long; begun anew when it is full.

    A text that is there costs no call of Python, as it would with `lru_cache` and a limit.
    """

    def __init__(self, function: Callable[[str], Kept], most: int, longest: int) -> None:
        self._function, self._most, self._longest = function, most, longest

    def __missing__(self, text: str) -> Kept:
        made = self._function(text)
        if len(text) <= self._longest:
            if len(self) >= self._most:
                self.clear()
            self[text] = made
        return made


def kept(
    function: Callable[[str], Kept], most: int = 50_000, longest: int = 60
) -> Callable[[str], Kept]:
    """Remember what a function makes of texts that are no longer than `longest`.

    Parameters
    ----------
    function
        What is remembered.
    most, longest
        Texts to remember, and their letters; by default words.
    """
    return _Memory(function, most, longest).__getitem__


@kept
def plain_word(word: str) -> str:
    """Spell a word plainly: small letters of one alphabet without diacritics or apostrophes."""
    plain = spelt_plainly(word)
    if plain.isascii():
        return plain
    cyrillic, latin = len(_CYRILLIC.findall(plain)), len(_LATIN.findall(plain))
    if cyrillic and latin:
        return plain.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)
    return plain


def spelt_plainly(text: str) -> str:
    """Spell a text plainly, letters of two alphabets in one word left alone."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        for letter, alike in _PLAIN.items():
            plain = plain.replace(letter, alike)
    return _DROPPED.sub("", plain)


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


def latin_language(*texts: str) -> str | None:
    """``"en"``, ``"ro"`` or ``"az"``, or ``None`` where function words and letters do not tell.

    Parameters
    ----------
    *texts
        Parts of what somebody says, judged together.
    """
    return told_language(said for text in texts for said in taken_apart(text))


class Sentence(NamedTuple):
    """A sentence taken apart.

    Attributes
    ----------
    words, plains
        Its words, as written and in plain spelling.
    gaps
        What stands before each word.
    starts, ends
        Where each word stands in the text.
    votes
        Languages that function words and letters speak for, one for each, as often as they do:
        a word twice as often as a letter.
    """

    words: list[str]
    plains: list[str]
    gaps: list[str]
    starts: list[int]
    ends: list[int]
    votes: list[str]


def _taken_apart(text: str) -> tuple[Sentence, ...]:
    return tuple(_sentence(start, sentence) for start, sentence in sentences(text))


taken_apart = kept(_taken_apart, most=300, longest=1000)
"""Gives the sentences of a text, which all lists then look into."""


def told_language(said: Iterable[Sentence]) -> str | None:
    """Language that a word or two letters of sentences, and more than for any other, speak for."""
    votes = [vote for sentence in said for vote in sentence.votes]
    counts = {language: votes.count(language) for language in set(votes)}
    most = max(counts.values(), default=0)
    best = [language for language, count in counts.items() if count == most]
    return best[0] if most >= 2 and len(best) == 1 and best[0] != _OTHER else None


def _sentence(start: int, text: str) -> Sentence:
    pieces = _WORD.split(text)
    places = [*accumulate(map(len, pieces), initial=start)]
    words = pieces[1::2]
    plains = [*map(plain_word, words)]
    votes = _votes(plains, text)
    return Sentence(words, plains, pieces[::2], places[1:-1:2], places[2::2], votes)


def _votes(plains: Iterable[str], text: str) -> list[str]:
    votes = [
        language
        for plain in plains
        if plain in _LANGUAGES_OF
        for language in 2 * _LANGUAGES_OF[plain]
    ]
    if not text.isascii():
        small = text.casefold()
        for language, letters in _LETTERS_OF.items():
            votes += len(letters.findall(small)) * [language]
    return votes


def says_nothing(plain: str) -> bool:
    """Whether a word is one of those that only tell a language: "the", "și"."""
    return plain in _LANGUAGES_OF
