"""Cuts texts into the parts that one model reads at a time."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

from matcher.profiles.language import detect, in_latin

_SENTENCE_END = re.compile(r"\s(?:(?<=[.!?։…]\s)\s*|(?<=\n)\n*)")
_WORD_END = re.compile(r"\s+")
_MIN_LETTERS = 20
"""Shorter sentences in Latin letters are taken to be in the language of the one before."""


class Part(NamedTuple):
    """A stretch of a text, and whether it is for the English model."""

    text: str
    english: bool


def parts(text: str) -> tuple[Part, ...]:
    """Cut a text where its language changes between English and another.

    A text in one language, or in none that can be told, is one part, unchanged.
    """
    english = is_english(text)
    sentences = list(filter(str.strip, _SENTENCE_END.split(text)))
    if len(sentences) < 2:
        return (Part(text, english),)
    told = []
    for sentence in sentences:
        english = _is_english_after(english, sentence)
        told.append(Part(sentence, english))
    if len({part.english for part in told}) < 2:
        return (Part(text, english),)
    runs = groupby(told, key=lambda part: part.english)
    return tuple(Part(" ".join(part.text for part in run), english) for english, run in runs)


def is_english(text: str) -> bool:
    """Whether a text is for the English model: technical terms in Latin letters are as well."""
    return detect(text) in ("en", None)


def windows(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """Cut a text that is too long, again and again in the middle, at the end of a sentence."""
    if len(text) < 2 or fits(text):
        yield text
        return
    middle = _middle(text)
    for half in (text[:middle].strip(), text[middle:].strip()):
        if half:
            yield from windows(half, fits)


def _is_english_after(before: bool, sentence: str) -> bool:
    """Whether a sentence is English, as the one before it was where it cannot be told."""
    if len(sentence) < _MIN_LETTERS and in_latin(sentence):
        return before
    code = detect(sentence)
    return before if code is None else code == "en"


def _middle(text: str) -> int:
    """Place of the sentence's end, or else of the word's, that is nearest to the middle."""
    for boundary in (_SENTENCE_END, _WORD_END):
        ends = [found.end() for found in boundary.finditer(text, 1) if found.end() < len(text)]
        if ends:
            return min(ends, key=lambda end: abs(end - len(text) // 2))
    return len(text) // 2
