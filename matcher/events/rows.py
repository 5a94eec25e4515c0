"""Rows of the tables of an event, by column; what is wrong with them is collected beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from matcher.errors import FieldProblem
from matcher.events.headings import (
    NEEDED,
    TABLES,
    TableName,
    all_columns,
    guess_in,
    meaning_in,
    table_called,
)
from matcher.i18n.message import Message
from matcher.profiles.io.files import content_of, raw_file, raw_tables
from matcher.profiles.io.formats import format_of
from matcher.profiles.io.headers import (
    IGNORED,
    Heading,
    MissingColumnsError,
    is_contact,
    require_columns,
)
from matcher.profiles.io.raw import RawFile, RawRow, RawTables
from matcher.profiles.io.rows import shown
from matcher.profiles.io.spellings import is_blank, is_total
from matcher.profiles.io.workbook import sheet_names

Source = Path | bytes
_EXAMPLES = 20


@dataclass(slots=True)
class Row:
    """One row of a table; reads its cells and collects what is wrong with them.

    `remarks` only tell that something was left out: the row is kept. `is_total` marks the sums
    below a table.
    """

    where: str
    cells: Mapping[str, str]
    is_total: bool = False
    problems: list[FieldProblem] = field(default_factory=list)
    remarks: list[FieldProblem] = field(default_factory=list)

    def refuse(self, column: str | None, message: str | Message) -> None:
        """Refuse the row for what a column holds."""
        self.problems.append(FieldProblem(self.where, message, column))

    def remark(self, column: str | None, message: str | Message) -> None:
        """Tell of a cell that was left out."""
        self.remarks.append(FieldProblem(self.where, message, column))

    def text(self, column: str) -> str:
        """Text of a cell; empty where it only says that nothing is known."""
        text = self._raw(column)
        return "" if is_blank(text) else text

    def needed(self, column: str) -> str:
        """Text of a cell; the row is refused where there is none."""
        text = self._raw(column)
        if not text:
            self.refuse(column, "is missing")
        return text

    def _raw(self, column: str) -> str:
        return self.cells.get(column, "").strip()


class Tables:
    """One reading of the tables of an event.

    Parameters
    ----------
    mapping
        What headings mean: heading -> column, or ``""`` to leave it out.

    Attributes
    ----------
    problems
        What is wrong with the rows, and what was not read, in the order of the reading.

    Raises
    ------
    InvalidInputError
        The mapping names a column that no table has.
    """

    def __init__(self, mapping: Mapping[str, str]) -> None:
        require_columns(mapping, all_columns())
        self.problems: list[FieldProblem] = []
        self._mapping = mapping
        self._headings: dict[str, Heading] = {}

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading so far, with what its column was read as."""
        return tuple(self._headings.values())

    def rows(self, source: Source, table: TableName) -> Iterator[Row]:
        """Rows of a table by column; unknown columns and broken rows are named as problems.

        Raises
        ------
        UnreadableFileError
            The file as a whole cannot be read. It is a `MissingColumnsError`, which tells the
            headings, where it lacks a column that the table needs.
        """
        sheets, notes = self._raw(source, table)
        self._tell(table, *notes)
        complete = [sheet for sheet in sheets if not self._lacks(sheet, table)]
        if not complete:
            self._note_headings(sheets[0], table)
            raise self._missing(sheets[0], table)
        for sheet in sheets:
            if sheet in complete:
                yield from self._rows(sheet, table)
            else:
                lacks = " and ".join(self._lacks(sheet, table))
                message = Message(
                    "was left out: its heading has no column for {names}", names=lacks
                )
                self.problems.append(FieldProblem(_place(table, sheet), message))

    def take(self, row: Row) -> None:
        """Collect what is wrong with a row that has been read."""
        self.problems += row.problems + row.remarks

    def _raw(self, source: Source, table: TableName) -> RawTables:
        content, meaning = content_of(source), meaning_in(table, self._mapping)
        form = format_of(content, source.name if isinstance(source, Path) else None)
        if form != "xlsx":
            return RawTables([raw_file(content, "csv", sheet=table, meaning=meaning)])
        titles = sheet_names(content)
        named = next((title for title in titles if table_called(title) == table), None)
        if named is None:
            found = raw_tables(content, form, meaning)
            free = [one for one in found.tables if not table_called(one.sheet)]
            return found._replace(tables=free or found.tables)
        return RawTables([raw_file(content, form, sheet=named, meaning=meaning)])

    def _tell(self, table: TableName, *notes: FieldProblem) -> None:
        self.problems += [
            replace(note, where=table, field=note.field or str(note.where)) for note in notes
        ]

    def _lacks(self, sheet: RawFile, table: TableName) -> list[str]:
        meaning = meaning_in(table, self._mapping)
        columns = {meaning(heading) for heading in sheet.columns or ()}
        return [column for column in NEEDED[table] if column not in columns]

    def _missing(self, sheet: RawFile, table: TableName) -> MissingColumnsError:
        message = Message(
            "The table of {table} has no column {names}; the file has {found}. Say which columns "
            "hold what, or call them as in the template.",
            table=table,
            names=" and ".join(self._lacks(sheet, table)),
            found=", ".join(map(shown, sheet.columns or ())),
        )
        return MissingColumnsError(message, self.headings)

    def _note_headings(self, sheet: RawFile, table: TableName) -> list[RawRow]:
        """Note what the headings of a sheet were read as; gives the first rows, once read."""
        meaning, first = meaning_in(table, self._mapping), [*islice(sheet.rows, _EXAMPLES)]
        examples: dict[str, str] = {}
        for row in first:
            for heading, value in row.cells:
                examples[heading] = examples.get(heading) or shown(str(value).strip())
        for place, heading in enumerate(sheet.columns or (), start=1):
            column = meaning(heading)
            if column or examples.get(heading) or heading != f"column {place}":
                known = self._headings.get(heading)
                if known is None or known.field is None:
                    example = examples.get(heading, "")
                    self._headings[heading] = _heading(table, heading, column, example)
        return first

    def _rows(self, sheet: RawFile, table: TableName) -> Iterator[Row]:
        where, meaning = _place(table, sheet), meaning_in(table, self._mapping)
        self._tell(table, *sheet.notes)
        rest = iter(sheet.rows)
        first = self._note_headings(replace(sheet, rows=rest), table)
        self._name_unread(sheet, table)
        named = {heading: meaning(heading) for heading in sheet.columns or ()}
        for raw in chain(first, rest):
            row = Row(f"{where}, line {raw.line}", dict(sheet.defaults))
            if raw.fault:
                row.refuse(None, raw.fault)
                self.take(row)
                continue
            _fill(row, raw, named)
            yield row

    def _name_unread(self, sheet: RawFile, table: TableName) -> None:
        where = f"{_place(table, sheet)}, line {sheet.header_line}"
        for heading in sheet.columns or ():
            found = self._headings.get(heading)
            if not found or found.field or heading in self._mapping:
                continue
            if is_contact(heading):
                message = "holds data about persons and was not read"
            elif found.suggestion == IGNORED:
                continue
            else:
                message = "is not a known column; it was ignored"
            self.problems.append(FieldProblem(where, message, shown(heading)))


def tables_of_file(content: bytes, name: str | None = None) -> dict[TableName, Source]:
    """Tables that one file holds: a workbook by the names of its sheets, else participants.

    Parameters
    ----------
    name
        Name of the file; its suffix tells the format where the content does not.

    Raises
    ------
    UnreadableFileError
        It is empty or damaged.
    """
    titles = sheet_names(content) if format_of(content, name) == "xlsx" else []
    named = {table_called(title) for title in titles}
    found: dict[TableName, Source] = {table: content for table in TABLES if table in named}
    if "participants" not in found and (not found or None in named):
        return {"participants": content, **found}
    return found


def _place(table: TableName, sheet: RawFile) -> str:
    return f"{table}, sheet {sheet.sheet}" if sheet.sheet else table


def _heading(table: TableName, text: str, column: str | None, example: str) -> Heading:
    suggestion, sureness = (None if column else guess_in(table, text)) or (None, 0.0)
    return Heading(text, column, suggestion, sureness, example)


def _fill(row: Row, raw: RawRow, named: Mapping[str, str | None]) -> None:
    """Put the cells of a row under their columns; two that differ refuse it."""
    cells: dict[str, str] = {}
    for heading, value in raw.cells:
        column, text = named[heading], str(value)
        if column is None or not text.strip():
            continue
        if cells.setdefault(column, text) != text:
            row.refuse(column, f"the column {shown(heading)} means the same, but differs")
    row.cells = {**row.cells, **cells}
    name = cells.get("name", "")
    row.is_total = is_total(name) or (
        not name and any(is_total(str(value)) for _, value in raw.cells)
    )
