"""What the format readers hand on: rows as written in the file, nothing understood yet."""

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.errors import FieldProblem


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
    fault: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RawFile:
    """The rows of a file, and its heading where the format has one.

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
    """

    rows: Iterable[RawRow]
    columns: tuple[str, ...] | None = None
    header_line: int = 1
    notes: tuple[FieldProblem, ...] = ()
