"""Names in forms that can be compared across scripts and spellings."""

import re

from anyascii import anyascii

_APOSTROPHES = re.compile(r"['’‘`ʼ]")
_SIGNS = re.compile(r"[\W_]+")
# Words that tell no cluster from another: in English and in transliterations of the region.
_FILLER_WORDS = (
    "a an the of and for in cluster clusters clusterul clustr klaster klastr klasteri klastras "
    "klasteris klaszter asociace asociacia asociatia association associazione asociacion "
    "asotsiatsiya assotsiatsiya stowarzyszenie verein ev gmbh ngo ltd"
)
_FILLERS = frozenset(_FILLER_WORDS.split())


def plain(text: str) -> str:
    """Small ASCII words, one blank between: "Харківський ІТ" -> "kharkivskiy it"."""
    ascii_text = text if text.isascii() else anyascii(text)
    return _SIGNS.sub(" ", _APOSTROPHES.sub("", ascii_text).casefold()).strip()


def is_filler(plain_word: str) -> bool:
    """Whether a word of names tells no cluster from another."""
    return plain_word in _FILLERS


def bare(plain_text: str) -> str:
    """Drop filler words and order nothing; a name of nothing but fillers is kept as it is."""
    words = [word for word in plain_text.split() if word not in _FILLERS]
    return " ".join(words) or plain_text


def joined(plain_text: str) -> str:
    """Drop the blanks, so that "ClujIT" and "Cluj IT" are one."""
    return plain_text.replace(" ", "")
