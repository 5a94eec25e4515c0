r"""Reversible spelling of values in table cells.

Lists are joined by ``"; "``; inside an item ``\;`` stands for a semicolon and ``\\`` for a
backslash. In CSV an apostrophe is put before a character that would make a spreadsheet take
the text for a formula. Readers undo both.
"""

import re
from collections.abc import Iterable

_ESCAPE = re.compile(r"[\\;]")
_PIECE = re.compile(r"\\[\\;]|;|[^\\;]+|\\")
# A cell also begins after ";" for spreadsheets that separate by it, and after a line break.
_BEFORE = r"((?:^|[;\t\r\n])\s*'*)"
_TRIGGER = r"(?=[=+\-@＝＋－＠])"
_GUARD = re.compile(_BEFORE + _TRIGGER)
_GUARDED = re.compile(_BEFORE + "'" + _TRIGGER)


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


def guard_formula(cell: str) -> str:
    """Put an apostrophe where a spreadsheet would start to read a formula."""
    return _GUARD.sub(r"\1'", cell)


def unguard_formula(cell: str) -> str:
    """Take back what `guard_formula` put in."""
    return _GUARDED.sub(r"\1", cell)
