"""The four file formats: how to tell them apart, and how much of one is read."""

import json
from pathlib import PurePath
from typing import Literal

from matcher.errors import UnreadableFileError
from matcher.i18n.message import Message

Format = Literal["csv", "xlsx", "jsonl", "json"]

CLUSTER_SHEET = "clusters"
EXAMPLES_SHEET, COLUMNS_SHEET, LISTS_SHEET = TEMPLATE_SHEETS = ("examples", "columns", "lists")
"""Sheets of the template: the one to fill in, and those beside it, which are not read."""

MAX_FILE_BYTES = 20_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 300
MAX_PROBLEMS = 10_000

EMPTY = Message("The file is empty. Check that the right file was chosen.")

_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
}
_ZIP = b"PK\x03\x04"
_PDF = b"%PDF-"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def format_of(content: bytes, name: str | None = None) -> Format | None:
    """Tell the format from the content, or else from the suffix of the file's name.

    Returns
    -------
    str or None
        ``"xlsx"`` for every zip archive; ``None`` for what may be text of any format.

    Raises
    ------
    UnreadableFileError
        For an empty file, a PDF, and an Excel file that is encrypted or older than 2007.
    """
    if not content.strip():
        raise UnreadableFileError(EMPTY)
    if content.startswith(_OLE):
        raise UnreadableFileError(
            Message(
                "This is an old (.xls) or password-protected Excel file. Save it in Excel as an "
                ".xlsx workbook without a password."
            )
        )
    if content.startswith(_PDF):
        raise UnreadableFileError(
            Message(
                "This is a PDF, from which no table can be read. Send the table as CSV or XLSX."
            )
        )
    named = _SUFFIXES.get(PurePath(name).suffix.lower()) if name else None
    return "xlsx" if content.startswith(_ZIP) else named


def text_format(text: str) -> Format:
    """Tell JSON, JSON Lines and CSV apart by their first characters."""
    start = text.lstrip()
    if start.startswith("["):
        return "json"
    if not start.startswith("{"):
        return "csv"
    first, _, rest = start.partition("\n")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return "json"
    return "jsonl" if rest.strip() else "json"


def require_size(size: int) -> None:
    """Refuse a file of more than `MAX_FILE_BYTES` bytes with an `UnreadableFileError`."""
    if size > MAX_FILE_BYTES:
        raise UnreadableFileError(
            Message(
                "The file has {size} MB; at most {most} MB are read. Split it into smaller files.",
                size=f"{size / 1e6:.0f}",
                most=f"{MAX_FILE_BYTES / 1e6:.0f}",
            )
        )
