"""Export: profiles to a file of any of the four formats, which the import reads back unchanged."""

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from matcher.errors import FieldProblem, InvalidInputError
from matcher.profiles.io.cells import csv_of, join_items
from matcher.profiles.io.formats import Format
from matcher.profiles.profile import ClusterProfile

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FIELDS = tuple(ClusterProfile.model_fields)
_CELL_LIMITS: Mapping[str, int] = {"csv": 131_072, "xlsx": 32_767}
_WIDTHS = {"id": 30, "name": 40, "native_name": 40, "website": 30, "description": 80}
_LIST_WIDTH = 40
_USUAL_WIDTH = 14

Cell = str | int | float


def write_profiles(profiles: Iterable[ClusterProfile], form: Format) -> bytes:
    """Write profiles, one a row or object, in the order given.

    Parameters
    ----------
    profiles
        What to write.
    form
        ``"csv"`` (UTF-8 with a byte-order mark, for spreadsheets), ``"xlsx"``, ``"jsonl"`` or
        ``"json"`` (an array).

    Raises
    ------
    InvalidInputError
        Where a text is longer than a cell of that format can hold.
    """
    writers: Mapping[Format, Callable[[Sequence[ClusterProfile]], bytes]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "jsonl": _jsonl,
        "json": _json,
    }
    return writers[form](tuple(profiles))


def _jsonl(profiles: Sequence[ClusterProfile]) -> bytes:
    return "".join(f"{_object(profile)}\n" for profile in profiles).encode()


def _json(profiles: Sequence[ClusterProfile]) -> bytes:
    lines = ",\n".join(map(_object, profiles))
    return f"[\n{lines}\n]\n".encode()


def _object(profile: ClusterProfile) -> str:
    return json.dumps(profile.model_dump(mode="json"), ensure_ascii=False)


def _csv(profiles: Sequence[ClusterProfile]) -> bytes:
    return csv_of([FIELDS, *(row_of(profile, "csv").values() for profile in profiles)])


def _xlsx(profiles: Sequence[ClusterProfile]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("clusters")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for column, field in enumerate(FIELDS):
            sheet.set_column(column, column, column_width(field))
            sheet.write_string(0, column, field, bold)
        for number, profile in enumerate(profiles, start=1):
            for column, cell in enumerate(row_of(profile, "xlsx").values()):
                _write_cell(sheet, number, column, cell)
    return buffer.getvalue()


def _write_cell(sheet: "Worksheet", row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, column, cell)
    elif float(f"{cell:.16G}") == cell:
        sheet.write_number(row, column, cell)
    else:
        # The format keeps 16 digits of a number; a text keeps them all.
        sheet.write_string(row, column, repr(cell))


def column_width(field: str) -> int:
    """Width of the column of a field, in letters."""
    if ClusterProfile.model_fields[field].default == ():
        return _LIST_WIDTH
    return _WIDTHS.get(field, _USUAL_WIDTH)


def row_of(profile: ClusterProfile, form: Format) -> dict[str, Cell]:
    """Cells of a profile by field.

    Raises
    ------
    InvalidInputError
        As for `write_profiles`.
    """
    cells = {field: _cell(getattr(profile, field)) for field in FIELDS}
    problems = [
        FieldProblem(profile.id, f"is too long for a {form.upper()} cell; export as JSONL", field)
        for field, cell in cells.items()
        if isinstance(cell, str) and len(cell) > _CELL_LIMITS[form]
    ]
    if problems:
        raise InvalidInputError("Some texts are too long for this format.", problems)
    return cells


def _cell(value: object) -> Cell:
    if isinstance(value, tuple):
        return join_items(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, int, float)):
        return value
    return ""
