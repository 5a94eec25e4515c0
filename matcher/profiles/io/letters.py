"""Letters that were lost, or encoded twice, before a file came here."""

import re

_LOST = re.compile(r"\ufffd|\?{3,}|\?(?=[^\W\d_])|(?<=[^\W\d_])\?(?=\w)")
_NOTHING_LEFT = re.compile(r"[?\ufffd\W_]*(?:\?{4,}|\ufffd)[?\ufffd\W_]*")


def has_lost(text: str) -> bool:
    """Whether question marks or signs of replacement stand where letters should."""
    return ("?" in text or "\ufffd" in text) and _LOST.search(text) is not None


def is_lost(text: str) -> bool:
    """Whether no letter of a text is left."""
    return _NOTHING_LEFT.fullmatch(text) is not None


def mended(text: str) -> str:
    """Undo a double encoding such as "KrakÃ³w", where one is certain."""
    if text.isascii():
        return text
    import ftfy

    return str(ftfy.fix_encoding(text))
