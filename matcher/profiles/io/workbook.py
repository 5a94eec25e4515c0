"""XLSX workbooks to raw rows, after checks that keep archive bombs out."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from matcher.errors import FieldProblem, UnreadableFileError
from matcher.i18n.message import Message
from matcher.profiles.io.countries import country_of
from matcher.profiles.io.formats import CLUSTER_SHEET, MAX_COLUMNS, MAX_ROWS, TEMPLATE_SHEETS
from matcher.profiles.io.marks import Marks, filled, marks_of, told
from matcher.profiles.io.raw import Meaning, RawFile, RawRow, RawTables
from matcher.profiles.io.table import (
    above_heading,
    find_heading,
    name_columns,
    table_row,
    whole_heading,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet


MAX_UNPACKED_BYTES = 100_000_000
MAX_PARTS = 1_000
MAX_RATIO = 25
_ALWAYS_FINE_BYTES = 5_000_000
_CHUNK = 1 << 16
_LAST_ROW = 1 << 20
_DOCTYPE = b"<!DOCTYPE"  # no spreadsheet writes one: it serves entity attacks only
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s")
MAX_SHEETS = 200
_BEGINS_AS_XML = re.compile(rb"[\xef\xbb\xbf\xfe\xff\0\s]*+<")
_STRETCH = re.compile(rb"[^<]++")
_MAX_TOKEN_BYTES = 300_000
_MAX_FRAME_BYTES = 5_000_000
_TABLES = ("xl/worksheets/", "xl/sharedStrings.xml")
"""Parts that grow with the table; styles and names that did so would cost far more."""

# openpyxl reports damage by whatever breaks first inside it.
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    SyntaxError,  # the base of every XML parser's complaint
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
_HEX_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNREADABLE = Message(
    "The file is not a readable XLSX workbook: it is damaged or of another kind. "
    "Open it in a spreadsheet and save it again as .xlsx."
)


def read_sheet(content: bytes, sheet: str, meaning: Meaning) -> RawFile:
    """Read the sheet of that name, or else the first one; formulas count as their values.

    Raises
    ------
    UnreadableFileError
        Where the archive is damaged, unpacks to too much, or holds no sheet with a heading.
    """
    with _opened(content) as book:
        named = [one for one in book.worksheets if _title(one) == sheet]
        chosen = (named or book.worksheets)[0]
        rows = _sheet_rows(chosen, MAX_ROWS + 1)
        marks = marks_of(chosen)
    if not rows:
        raise UnreadableFileError(
            Message("The sheet is empty. Put the {what} on the first sheet.", what=sheet)
        )
    return _cluster_table(rows, "", "", marks, meaning)


def read_sheets(content: bytes, meaning: Meaning) -> RawTables:
    """Read all visible sheets that hold something; what is hidden or left out is named.

    Parameters
    ----------
    meaning
        Tells what headings stand for, which are looked for in the first rows.

    Raises
    ------
    UnreadableFileError
        As for `read_sheet`.
    """
    tables: list[RawFile] = []
    notes: list[FieldProblem] = []
    with _opened(content) as book:
        ours = CLUSTER_SHEET in map(_title, book.worksheets)
        several = sum(sheet.sheet_state == "visible" for sheet in book.worksheets) > 1
        left = MAX_ROWS + 1
        for sheet in book.worksheets:
            reason = _why_left_out(sheet, ours)
            rows = [] if reason else _sheet_rows(sheet, left)
            left -= len(rows)
            if reason:
                place = Message("sheet {sheet}", sheet=sheet.title)
                notes.append(FieldProblem(place, reason))
            elif rows:
                name = sheet.title if several else ""
                tables.append(_cluster_table(rows, name, sheet.title, marks_of(sheet), meaning))
    if not tables:
        raise UnreadableFileError(
            Message("The sheet is empty. Put the {what} on the first sheet.", what=CLUSTER_SHEET)
        )
    return RawTables(tables, tuple(notes))


def _why_left_out(sheet: "ReadOnlyWorksheet", ours: bool) -> Message | None:
    if sheet.sheet_state != "visible":
        return Message("is hidden and was left out; show the sheet to have it read")
    if ours and _title(sheet) in TEMPLATE_SHEETS:
        return Message("belongs to the template and was left out")
    return None


def _cluster_table(
    rows: list[tuple[int, list[str]]], name: str, title: str, marks: Marks, meaning: Meaning
) -> RawFile:
    rows = filled(rows, marks)
    texts = [values for _, values in rows]
    first, last, heading = whole_heading(texts, find_heading(texts, meaning), meaning)
    table = _table([*rows[:first], (rows[first][0], heading), *rows[last + 1 :]], first)
    line = table.header_line
    notes = (*above_heading(rows[0][0], line), *told(marks, table.columns or (), line))
    table = replace(table, sheet=name, defaults=_country_of_sheet(title))
    return replace(
        table, notes=tuple(replace(note, where=table.within(note.where)) for note in notes)
    )


def _country_of_sheet(title: str) -> Mapping[str, str]:
    code = country_of(title)
    return {"country": code} if code else {}


def _table(rows: list[tuple[int, list[str]]], at: int) -> RawFile:
    line, heading = rows[at]
    columns = name_columns(heading)
    return RawFile(_named_rows(iter(rows[at + 1 :]), columns), columns=columns, header_line=line)


def _named_rows(rows: Iterator[tuple[int, list[str]]], columns: Sequence[str]) -> Iterator[RawRow]:
    for line, values in rows:
        # A spreadsheet row ends where its last cell does: a short one is no irregularity.
        padded = values + [""] * (len(columns) - len(values))
        row = table_row(line, columns, padded)
        if row:
            yield row


def _require_harmless(content: bytes) -> None:
    """Check what the archive says of itself, then unpack it piece by piece and count."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise _bomb()
            _require_volume(sum(part.file_size for part in parts), len(content))
            _count(archive, parts, len(content))
    except _DAMAGE as error:
        raise UnreadableFileError(_UNREADABLE) from error


def _count(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sheets = 0
    for part in parts:
        kept: list[bytes] = []
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                _require_volume(unpacked, packed)
                if kept or _BEGINS_AS_XML.match(chunk):
                    kept.append(chunk)
        text = b"".join(kept).replace(b"\0", b"")  # UTF-16 reads like UTF-8 then
        if len(text) > _MAX_FRAME_BYTES and not part.filename.startswith(_TABLES):
            raise _bomb()
        sheets += len(_SHEET.findall(text))
        if sheets > MAX_SHEETS or _has_long_token(text):
            raise _bomb()
        if _DOCTYPE in text:
            raise UnreadableFileError(_UNREADABLE)


def _has_long_token(text: bytes) -> bool:
    """Whether something has no end for so long that a parser would read it over and over."""
    for opening, closing in ((b"<!--", b"-->"), (b"<?", b"?>")):
        at = text.find(opening)
        while at >= 0:
            end = text.find(closing, at)
            if not 0 <= end - at <= _MAX_TOKEN_BYTES:
                return True
            at = text.find(opening, end)
    return any(one.end() - one.start() > _MAX_TOKEN_BYTES for one in _STRETCH.finditer(text))


def _require_volume(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(_ALWAYS_FINE_BYTES, MAX_RATIO * packed):
        raise _bomb()


def _bomb() -> UnreadableFileError:
    return UnreadableFileError(
        Message(
            "The workbook unpacks to far more than a list of clusters needs, so it was not opened. "
            "Copy the cells into a new workbook, or save the sheet as CSV."
        )
    )


def sheet_names(content: bytes) -> list[str]:
    """Names of the sheets, in lower case.

    Raises
    ------
    UnreadableFileError
        Where the archive is damaged or unpacks to too much.
    """
    with _opened(content) as book:
        return [_title(sheet) for sheet in book.worksheets]


def _title(sheet: "ReadOnlyWorksheet") -> str:
    return sheet.title.strip().casefold()


@contextmanager
def _opened(content: bytes) -> Iterator["Workbook"]:
    """Open a workbook; damage that shows while it is read is an `UnreadableFileError`."""
    _require_harmless(content)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on styles and extensions, not on values
            yield openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except _DAMAGE as error:
        raise UnreadableFileError(_UNREADABLE) from error


def _sheet_rows(sheet: "ReadOnlyWorksheet", most: int) -> list[tuple[int, list[str]]]:
    """Rows that are not blank, with their numbers; one more than may be read at most."""
    found: list[tuple[int, list[str]]] = []
    # A sheet may claim any size; without the claim only its real cells are visited.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(  # type: ignore[misc]
        max_row=_LAST_ROW, max_col=MAX_COLUMNS + 1, values_only=True
    )
    for number, row in enumerate(rows, start=1):
        if row.count(None) == len(row):
            continue
        values = _trimmed([as_text(value) for value in row])
        if values:
            found.append((number, values))
        if len(found) > most:
            break
    return found


def _trimmed(values: list[str]) -> list[str]:
    while values and not values[-1].strip():
        values.pop()
    return values


def as_text(value: object) -> str:
    """Write a cell's value as the spreadsheet shows it, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return _HEX_CHARACTER.sub(lambda match: chr(int(match[1], 16)), str(value))
