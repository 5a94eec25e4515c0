"""Lists in one cell: entries that semicolons, lines, bullets or numbers part."""

import re

from matcher.profiles.io.cells import split_items

_LINES = re.compile(r"[\r\n\u2028]+")
_BULLET = "[•▪●◦‣∙■□○➢✓✔·]"
_BULLETS = re.compile(rf"(?:^|\s+){_BULLET}\s*")
_MARK = re.compile(rf"^\s*(?:{_BULLET}\s*|[-–—*+>]\s+|\(?\d{{1,2}}[.)]\s+|[a-z]\)\s+)")
_NUMBERED = re.compile(r"(?:^|(?<=[\s,;.]))\(?(\d{1,2})[.)]\s+")


def list_entries(cell: str) -> list[str]:
    """Read the entries of a cell, without bullets and numbers."""
    lines = [line for line in _LINES.split(cell) if line.strip()]
    if len(lines) > 1:
        cell = ";".join(_MARK.sub("", line).rstrip(", \t") for line in lines)
    elif _counts_up(cell):
        cell = _NUMBERED.sub(";", cell)
    return split_items(_BULLETS.sub(";", cell))


def _counts_up(cell: str) -> bool:
    numbers = [int(number) for number in _NUMBERED.findall(cell)]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))
