"""Small helpers for text that comes from profiles and people."""

import re

_NOT_XML = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)


def clean(text: str) -> str:
    """Drop characters that XML forbids or that reverse the reading direction; join white space."""
    return " ".join(_NOT_XML.sub("", text).split())


def opening(text: str, most: int) -> str:
    """Keep whole sentences from the start up to `most` characters, else whole words."""
    if len(text) <= most:
        return text
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s)", text[: most + 1])]
    if ends and ends[-1] >= most // 3:
        return text[: ends[-1]]
    return text[:most].rsplit(" ", 1)[0].rstrip(",;:") + "…"
