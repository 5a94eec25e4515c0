"""CSV text to raw rows."""

import csv
import io
from collections.abc import Iterator, Sequence

from matcher.errors import UnreadableFileError
from matcher.profiles.io.cells import unguard_formula
from matcher.profiles.io.formats import MAX_COLUMNS
from matcher.profiles.io.headers import field_of
from matcher.profiles.io.raw import RawFile, RawRow

_DELIMITERS = ",;\t"
_BAD_QUOTES = (
    "cannot be split into cells: a quotation mark is not closed, or one inside a text is not "
    "doubled"
)
_GIVEN_UP = (
    "too many quotation marks are not closed; nothing after this line was read. "
    "Close or double the quotation marks"
)


def read_table(text: str) -> RawFile:
    """Read CSV; the delimiter is the one under which the heading names most known fields.

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
        raise UnreadableFileError("The file is empty. Check that the right file was chosen.")
    delimiter = delimiter or _best_delimiter(lines[start:])
    width, cells = _heading(lines[start:], delimiter)
    header = name_columns(cells)
    rows = _rows(lines, start + width, header, delimiter)
    return RawFile(rows, columns=header, header_line=start + 1)


def name_columns(heading: Sequence[str]) -> tuple[str, ...]:
    """Headings without blanks around them; a column without one is called by its place.

    Raises
    ------
    UnreadableFileError
        Where there are more than `MAX_COLUMNS` columns.
    """
    if len(heading) > MAX_COLUMNS:
        raise UnreadableFileError(
            f"The heading has more than {MAX_COLUMNS} columns. Delete those that are not needed."
        )
    return tuple(text.strip() or f"column {i}" for i, text in enumerate(heading, start=1))


def table_row(line: int, columns: Sequence[str], values: Sequence[str]) -> RawRow | None:
    """Pair values with their columns; ``None`` for a blank row."""
    if not any(value.strip() for value in values):
        return None
    cells = tuple(zip(columns, values, strict=False))
    if any(value.strip() for value in values[len(columns) :]):
        fault = (
            f"has {len(values)} cells where the heading has {len(columns)}; "
            "give every column a heading, and put texts that contain the separator in "
            "quotation marks"
        )
        return RawRow(line, cells, fault=fault)
    if len(values) < len(columns):
        note = f"has only {len(values)} of {len(columns)} cells; the others count as blank"
        return RawRow(line, cells, note=note)
    return RawRow(line, cells)


def _stated_delimiter(lines: Sequence[str]) -> tuple[int, str | None]:
    """Honour the line ``sep=;`` that spreadsheets put first: lines to skip, delimiter."""
    first = lines[0].rstrip("\r\n") if lines else ""
    if first.lower().startswith("sep=") and len(first) == 5 and first[4] in _DELIMITERS:
        return 1, first[4]
    return 0, None


def _best_delimiter(lines: Sequence[str]) -> str:
    def merit(delimiter: str) -> tuple[int, int]:
        try:
            _, cells = _heading(lines, delimiter)
        except UnreadableFileError:
            return 0, 0
        return sum(1 for cell in cells[:MAX_COLUMNS] if field_of(cell)), len(cells)

    return max(_DELIMITERS, key=merit)


def _heading(lines: Sequence[str], delimiter: str) -> tuple[int, list[str]]:
    """Lines that the heading takes, and its cells."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        heading = next(reader)
    except csv.Error as error:
        raise UnreadableFileError(
            f"The heading (first line) {_BAD_QUOTES}. Correct the first line."
        ) from error
    return reader.line_num, [unguard_formula(cell) for cell in heading]


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
