"""What the format readers hand on: rows as written in the file, nothing understood yet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from matcher.errors import FieldProblem
from matcher.i18n.message import Message, plain

Meaning = Callable[[str], str | None]
"""Tells the field that a heading stands for."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row or object of a file.

    Attributes
    ----------
    line
        The line it starts on, counted from 1 as an editor or a spreadsheet shows it.
    cells
        Pairs of a column as the file spells it and the value found there.
    fault
        Why the row cannot be used at all, or ``None``.
    note
        Something worth a warning, or ``None``.
    """

    line: int
    cells: tuple[tuple[str, object], ...] = ()
    fault: str | Message | None = None
    note: str | Message | None = None


@dataclass(frozen=True, slots=True)
class RawFile:
    """The rows of a file or of one of its sheets, and the heading where the format has one.

    Attributes
    ----------
    rows
        The rows, read as they are asked for.
    columns
        The heading, left to right; ``None`` for JSON, where each object names its fields.
    header_line
        The line of the heading.
    notes
        Warnings about the file as a whole.
    sheet
        Name of the sheet, where a file has several.
    defaults
        What its rows hold in a field that they leave blank.
    """

    rows: Iterable[RawRow]
    columns: tuple[str, ...] | None = None
    header_line: int = 1
    notes: tuple[FieldProblem, ...] = ()
    sheet: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> Message:
        """Name it as a whole."""
        return Message("sheet {sheet}", sheet=self.sheet) if self.sheet else Message("file")

    def within(self, place: object) -> Message:
        """Name a place of it."""
        place = place if isinstance(place, Message) else plain(str(place))
        if not self.sheet:
            return place
        return Message("sheet {sheet}, {place}", sheet=self.sheet, place=place)

    def place(self, line: int) -> Message:
        """Name a line of it."""
        return self.within(Message("line {line}", line=str(line)))


class RawTables(NamedTuple):
    """The tables of a file, and warnings about the file as a whole."""

    tables: Sequence[RawFile]
    notes: tuple[FieldProblem, ...] = ()
