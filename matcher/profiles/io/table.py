"""CSV text to raw rows."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import NamedTuple

from matcher.errors import FieldProblem, UnreadableFileError
from matcher.i18n.message import Message
from matcher.profiles.io.cells import unguard_formula
from matcher.profiles.io.formats import EMPTY, MAX_COLUMNS
from matcher.profiles.io.headers import field_of
from matcher.profiles.io.raw import Meaning, RawFile, RawRow

_DELIMITERS = ",;\t"
_SEARCHED = 12
"""Rows among which the heading is looked for."""
_BAD_QUOTES = Message(
    "cannot be split into cells: a quotation mark is not closed, or one inside a text is not "
    "doubled"
)
_GIVEN_UP = Message(
    "too many quotation marks are not closed; nothing after this line was read. "
    "Close or double the quotation marks"
)


def read_table(text: str, meaning: Meaning | None = None) -> RawFile:
    """Read CSV; the delimiter is the one under which the heading names most known fields.

    Parameters
    ----------
    meaning
        Tells what headings stand for: the heading is looked for in the first rows. Without it,
        it is the first row.

    Raises
    ------
    UnreadableFileError
        Where there is no heading, or it has too many columns.
    """
    lines = list(io.StringIO(text, newline=""))
    start, delimiter = _stated_delimiter(lines)
    while start < len(lines) and not lines[start].strip(_DELIMITERS + " \r\n"):
        start += 1
    if start == len(lines):
        raise UnreadableFileError(EMPTY)
    candidates = [delimiter] if delimiter else list(_DELIMITERS)
    found = [_heading(lines, start, one, meaning) for one in candidates]
    best = max(found, key=lambda heading: heading.merit)
    if best.fault:
        raise best.fault
    header = name_columns(best.cells)
    rows = _rows(lines, best.end, header, best.delimiter)
    notes = above_heading(start + 1, best.line)
    return RawFile(rows, columns=header, header_line=best.line, notes=notes)


def find_heading(rows: Sequence[Sequence[str]], meaning: Meaning) -> int:
    """Which of some rows is the heading: the one that names most fields, or else the first.

    Titles and notes that stand above a table name none, so that two are proof enough.
    """
    merits = [len(_fields(row, meaning)) for row in rows[:_SEARCHED]]
    best = max(merits, default=0)
    return merits.index(best) if best > 1 else 0


def whole_heading(
    rows: Sequence[Sequence[str]], at: int, meaning: Meaning
) -> tuple[int, int, list[str]]:
    """Put a heading together that stands in two rows: "Contact" above "City" and "Website".

    Parameters
    ----------
    rows, at
        Some rows, and which of them names most fields.

    Returns
    -------
    tuple
        Which row it begins with, which it ends with, and its cells.
    """
    if at + 1 < len(rows) and len(_fields(rows[at + 1], meaning)) > 1:
        return at, at + 1, _stacked(rows[at], rows[at + 1], meaning)
    if at > 0:
        stacked = _stacked(rows[at - 1], rows[at], meaning)
        if _fields(stacked, meaning) > _fields(rows[at], meaning):
            return at - 1, at, stacked
    return at, at, list(rows[at])


def _stacked(upper: Sequence[str], lower: Sequence[str], meaning: Meaning) -> list[str]:
    """Heading of each column: what stands lower, unless only what stands above it is known."""
    return [
        below if below.strip() and (meaning(below) or not meaning(above)) else above
        for above, below in zip_longest(upper, lower, fillvalue="")
    ]


def above_heading(first: int, heading: int) -> tuple[FieldProblem, ...]:
    """Tell of lines that stand above the heading, if there are any."""
    if first >= heading:
        return ()
    message = Message("was left out, for the heading is line {line}", line=str(heading))
    lines = str(first) if first == heading - 1 else f"{first}–{heading - 1}"
    return (FieldProblem(Message("line {line}", line=lines), message),)


def _fields(row: Sequence[str], meaning: Meaning) -> set[str]:
    return {name for name in map(meaning, row[:MAX_COLUMNS]) if name}


def name_columns(heading: Sequence[str]) -> tuple[str, ...]:
    """Headings without blanks around them; a column without one is called by its place.

    Raises
    ------
    UnreadableFileError
        Where there are more than `MAX_COLUMNS` columns.
    """
    if len(heading) > MAX_COLUMNS:
        raise UnreadableFileError(
            Message(
                "The heading has more than {most} columns. Delete those that are not needed.",
                most=str(MAX_COLUMNS),
            )
        )
    return tuple(text.strip() or f"column {i}" for i, text in enumerate(heading, start=1))


def table_row(line: int, columns: Sequence[str], values: Sequence[str]) -> RawRow | None:
    """Pair values with their columns; ``None`` for a blank row."""
    if not any(value.strip() for value in values):
        return None
    cells = tuple(zip(columns, values, strict=False))
    if any(value.strip() for value in values[len(columns) :]):
        fault = Message(
            "has {cells} cells where the heading has {columns}; give every column a heading, and "
            "put texts that contain the separator in quotation marks",
            cells=str(len(values)),
            columns=str(len(columns)),
        )
        return RawRow(line, cells, fault=fault)
    if len(values) < len(columns):
        note = Message(
            "has only {cells} of {columns} cells; the others count as blank",
            cells=str(len(values)),
            columns=str(len(columns)),
        )
        return RawRow(line, cells, note=note)
    return RawRow(line, cells)


def _stated_delimiter(lines: Sequence[str]) -> tuple[int, str | None]:
    """Honour the line ``sep=;`` that spreadsheets put first: lines to skip, delimiter."""
    first = lines[0].rstrip("\r\n") if lines else ""
    if first.lower().startswith("sep=") and len(first) == 5 and first[4] in _DELIMITERS:
        return 1, first[4]
    return 0, None


class _Heading(NamedTuple):
    """A heading as one delimiter shows it: its line from 1, the line after it from 0, its cells."""

    delimiter: str
    line: int = 1
    end: int = 0
    cells: Sequence[str] = ()
    merit: tuple[int, int] = (0, 0)
    fault: UnreadableFileError | None = None


def _heading(lines: list[str], start: int, delimiter: str, meaning: Meaning | None) -> _Heading:
    rows = _first_rows(lines, start, delimiter)
    if not rows:
        message = Message("The heading (first line) {fault}. Correct it.", fault=_BAD_QUOTES)
        fault = UnreadableFileError(message)
        return _Heading(delimiter, fault=fault)
    known = meaning or field_of
    first = last = 0
    cells = rows[0][2]
    if meaning:
        texts = [row[2] for row in rows]
        first, last, cells = whole_heading(texts, find_heading(texts, known), known)
    merit = (len(_fields(cells, known)), len(cells))
    return _Heading(delimiter, rows[first][0], rows[last][1], cells, merit)


def _first_rows(lines: list[str], start: int, delimiter: str) -> list[tuple[int, int, list[str]]]:
    """Rows among which the heading is looked for, blank ones left out, each with its lines."""
    reader = csv.reader(islice(lines, start, None), delimiter=delimiter, strict=True)
    found: list[tuple[int, int, list[str]]] = []
    before = start
    try:
        for values in islice(reader, _SEARCHED):
            if any(value.strip() for value in values):
                cells = [unguard_formula(value) for value in values]
                found.append((before + 1, start + reader.line_num, cells))
            before = start + reader.line_num
    except csv.Error:
        pass  # the broken row is named when the rows below the heading are read
    return found


def _rows(
    lines: Sequence[str], start: int, columns: Sequence[str], delimiter: str
) -> Iterator[RawRow]:
    # After a broken quotation the reading goes on with the very next line, so that one bad row
    # does not swallow good ones; the budget keeps a hostile file from being read over and over.
    budget = len(lines)
    while start < len(lines):
        reader = csv.reader(
            (lines[i] for i in range(start, len(lines))), delimiter=delimiter, strict=True
        )
        consumed = 0
        try:
            for values in reader:
                row = table_row(start + consumed + 1, columns, list(map(unguard_formula, values)))
                consumed = reader.line_num
                if row:
                    yield row
            return
        except csv.Error:
            line = start + consumed + 1
            budget -= reader.line_num - consumed - 1
            yield RawRow(line, fault=_BAD_QUOTES if budget >= 0 else _GIVEN_UP)
            if budget < 0:
                return
            start = line
