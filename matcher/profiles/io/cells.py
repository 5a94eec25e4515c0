r"""Reversible spelling of values in table cells.

Lists are joined by ``"; "``; inside an item ``\;`` stands for a semicolon and ``\\`` for a
backslash. In CSV an apostrophe is put before a character that would make a spreadsheet take
the text for a formula. Readers undo both.
"""

import csv
import io
import re
from collections.abc import Iterable

_ESCAPE = re.compile(r"[\\;]")
_PIECE = re.compile(r"\\[\\;]|;|[^\\;]+|\\")
_LINES = re.compile(r"[\r\n\u2028]+")
_BULLET = "[•▪●◦‣∙■□○➢✓✔·]"
_BULLETS = re.compile(rf"(?:^|\s+){_BULLET}\s*")
_MARK = re.compile(rf"^\s*(?:{_BULLET}\s*|[-–—*+>]\s+|\(?\d{{1,2}}[.)]\s+|[a-z]\)\s+)")
_NUMBERED = re.compile(r"(?:^|(?<=[\s,;.]))\(?(\d{1,2})[.)]\s+")
# A cell also begins after ";" for spreadsheets that separate by it, and after a line break.
# Blanks are taken whole and once: a cell full of line breaks must not be read over and over.
_START = re.compile(r"(?:[;\t\r\n]|^)\s*+'*+")
_TRIGGERS = frozenset("=+-@＝＋－＠")


def join_items(items: Iterable[str]) -> str:
    """Write a list into one cell."""
    return "; ".join(_ESCAPE.sub(r"\\\g<0>", item) for item in items)


def split_items(cell: str) -> list[str]:
    """Read a list from one cell; blank items are dropped."""
    items = [""]
    for piece in _PIECE.findall(cell):
        if piece == ";":
            items.append("")
        else:
            items[-1] += piece[1:] if piece in ("\\;", "\\\\") else piece
    return [item.strip() for item in items if item.strip()]


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


def guard_formula(cell: str) -> str:
    """Put an apostrophe where a spreadsheet would start to read a formula."""
    return _START.sub(lambda start: start[0] + "'" * _leads_to_formula(start), cell)


def csv_of(rows: Iterable[Iterable[object]]) -> bytes:
    """Write rows as CSV: UTF-8 with a byte-order mark, as spreadsheets expect it, no formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([guard_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def unguard_formula(cell: str) -> str:
    """Take back what `guard_formula` put in."""
    return _START.sub(
        lambda start: start[0].removesuffix("'") if _leads_to_formula(start) else start[0], cell
    )


def _leads_to_formula(start: re.Match[str]) -> bool:
    return start.string[start.end() : start.end() + 1] in _TRIGGERS
