"""What a sheet holds beside its values: hidden rows and columns, merged cells, bare formulas."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from matcher.errors import FieldProblem
from matcher.i18n.message import Message

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MOST = 10
_HIDDEN = Message("is hidden in the spreadsheet and was read; delete what is not meant to be there")
_WITHOUT_VALUE = Message(
    "holds a formula without a value and counts as blank; open the file in a spreadsheet and "
    "save it there"
)


@dataclass(slots=True)
class Marks:
    """Numbers of hidden rows and columns, addresses of cells, and ranges of merged cells."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    bare_formulas: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def marks_of(sheet: "ReadOnlyWorksheet") -> Marks:
    """Read the marks of a sheet, which openpyxl leaves out where it reads values fast."""
    from openpyxl.xml.functions import iterparse

    found = Marks()
    with sheet._get_source() as source:  # type: ignore[attr-defined]
        for _, element in iterparse(source):
            _note(found, element.tag.rpartition("}")[2], element)
    return found


def _note(found: Marks, tag: str, element: Any) -> None:
    if tag == "row":
        if _is_hidden(element):
            found.hidden_rows.append(int(element.get("r", 0)))
        element.clear()
    elif tag == "col" and _is_hidden(element):
        found.hidden_columns += range(int(element.get("min")), int(element.get("max")) + 1)
    elif tag == "c":
        if _is_bare_formula(element):
            found.bare_formulas.append(element.get("r", ""))
        element.clear()
    elif tag == "mergeCell":
        found.merged.append(element.get("ref", ""))


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") in ("1", "true")


def _is_bare_formula(cell: Any) -> bool:
    parts = {part.tag.rpartition("}")[2]: part for part in cell}
    # A formula may have an empty text for a value, and says so.
    return "f" in parts and cell.get("t") != "str" and not getattr(parts.get("v"), "text", None)


def filled(rows: list[tuple[int, list[str]]], marks: Marks) -> list[tuple[int, list[str]]]:
    """Rows in which a cell merged over several rows holds its value in each of them."""
    by_number = {number: [*values] for number, values in rows}
    for first, last, column in _columns_merged(marks):
        source = by_number.get(first, [])
        value = source[column] if column < len(source) else ""
        for number in range(first + 1, last + 1) if value else ():
            values = by_number.get(number)
            if values is not None:
                values += [""] * (column + 1 - len(values))
                values[column] = values[column] or value
    return list(by_number.items())


def _columns_merged(marks: Marks) -> Iterator[tuple[int, int, int]]:
    """First and last row, and column from 0, of cells merged over the rows of one column."""
    from openpyxl.utils.cell import range_boundaries

    for ref in marks.merged:
        left, top, right, bottom = range_boundaries(ref)
        if left and top and bottom and left == right and top != bottom:
            yield top, bottom, left - 1


def told(marks: Marks, columns: Sequence[str], heading: int) -> Iterator[FieldProblem]:
    """Tell what a reader of the sheet does not see, or thinks to see and is not there."""
    rows = [str(number) for number in marks.hidden_rows if number > heading]
    if rows:
        yield FieldProblem(Message("line {line}", line=_listed(rows)), _HIDDEN)
    names = [columns[n - 1] for n in marks.hidden_columns if n <= len(columns)]
    if names:
        yield FieldProblem(Message("column {name}", name=_listed(names)), _HIDDEN)
    if marks.bare_formulas:
        place = Message("cell {cell}", cell=_listed(marks.bare_formulas))
        yield FieldProblem(place, _WITHOUT_VALUE)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" + {more}" if more > 0 else "")
