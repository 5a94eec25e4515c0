"""Warnings about a file, counted where many cells of a column share one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from matcher.errors import FieldProblem
from matcher.i18n.message import Message
from matcher.profiles.io.values import Remark

_MOST_ALIKE = 50


@dataclass(slots=True)
class _Told:
    where: object
    message: object
    column: str | None
    cells: int = 1

    def problem(self) -> FieldProblem:
        message = self.message
        if self.cells > 1 and isinstance(message, Message):
            number = str(self.cells)
            message = Message("{message} (so in {number} cells)", message=message, number=number)
        return FieldProblem(self.where, message, self.column)


class Warnings:
    """What was read but deserves a look, in the order in which it was met."""

    def __init__(self, notes: Iterable[FieldProblem]) -> None:
        self._told = [_Told(note.where, note.message, note.field) for note in notes]
        self._alike: defaultdict[tuple[str, str | None, str], list[_Told]] = defaultdict(list)

    def add(self, where: object, message: object, column: str | None = None) -> None:
        """Tell of one place."""
        self._told.append(_Told(where, message, column))

    def remark(self, sheet: str, where: object, remark: Remark, column: str | None) -> None:
        """Tell of a cell, or count it to the last one told of its column that needs the same."""
        told = self._alike[sheet, column, remark.message.template]
        if len(told) >= (1 if remark.once else _MOST_ALIKE):
            told[-1].cells += 1
        else:
            self.add(where, remark.message, column)
            told.append(self._told[-1])

    def all(self) -> tuple[FieldProblem, ...]:
        """Give them all."""
        return tuple(told.problem() for told in self._told)
