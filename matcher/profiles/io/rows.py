"""Rows on their way to profiles: a cell that cannot be read costs that cell, not its row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from matcher.i18n.message import Message
from matcher.profiles.io.raw import RawFile
from matcher.profiles.io.values import Remark, convert
from matcher.profiles.problems import Fault, faults
from matcher.profiles.profile import ClusterProfile, DraftProfile

NEEDED = ("name", "country")
"""Fields without which a row is no cluster."""

_PAIRS: Mapping[str, tuple[str, ...]] = {"lat": ("lat", "lon"), "lon": ("lat", "lon")}
_SHOWN = 60


@dataclass(slots=True)
class Candidate:
    """A row: its values by field, the column each came from, and what there is to tell.

    `problems` refuse the row; `remarks` are warnings. Both are pairs of a column and a message.
    """

    table: RawFile
    line: int
    values: dict[str, object] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str | None, Message | str]] = field(default_factory=list)
    remarks: list[tuple[str | None, Remark]] = field(default_factory=list)

    @property
    def where(self) -> Message:
        """The line, for readers."""
        return self.table.place(self.line)

    @property
    def is_broken(self) -> bool:
        """Whether the row could not even be split into cells."""
        return any(column is None for column, _ in self.problems)

    def column(self, name: str) -> str:
        """Column of the file that a field was read from."""
        return self.columns.get(name, name)

    def refuse(self, message: Message | str, name: str) -> None:
        """Refuse the row for what it holds in a field."""
        self.problems.append((self.column(name), message))

    def put(self, name: str, column: str, value: object) -> None:
        """Convert a cell and keep it, unless another column of the row has claimed the field."""
        found, remarks = convert(name, value)
        column = shown(column)
        if found in (None, []) or self.values.setdefault(name, found) == found:
            self.columns.setdefault(name, column)
        else:
            self._contradict(name, column)
            return
        for remark in remarks:
            self._tell(name, column, remark)

    def _contradict(self, name: str, column: str) -> None:
        message = Message(
            "differs from column {column}, which means the same field", column=self.column(name)
        )
        if name in NEEDED:
            self.problems.append((column, message))
        else:
            self.remarks.append((column, Remark(message, fault=True)))

    def _tell(self, name: str, column: str, remark: Remark) -> None:
        if remark.fault and name in NEEDED:
            self.problems.append((column, remark.message))
        else:
            self.remarks.append((column, remark))

    def profile(self) -> ClusterProfile | None:
        """Profile of the row, or ``None`` where it is refused; what breaks a rule is left out."""
        try:
            return None if self.problems else ClusterProfile.model_validate(self.values)
        except ValidationError:
            return None

    def leave_out_faults(self) -> int:
        """Take out every value that breaks a rule, and require the needed ones; their number."""
        before = len(self.problems) + len(self.remarks)
        while found := self._faults():
            for name in {fault.field for fault in found}:
                self._leave_out(name, [fault for fault in found if fault.field == name])
        for name in NEEDED:
            if name not in self.values and self.column(name) not in dict(self.problems):
                self.refuse(Message("is missing"), name)
        return len(self.problems) + len(self.remarks) - before

    def _faults(self) -> list[Fault]:
        try:
            DraftProfile.model_validate(self.values)
        except ValidationError as error:
            return faults(error)
        return []

    def _leave_out(self, name: str, found: list[Fault]) -> None:
        for fault in found:
            self._tell(name, self.column(name), Remark(fault.message, fault=True))
        entries = {fault.entry for fault in found}
        items = self.values.get(name)
        if isinstance(items, list) and None not in entries and len(entries) < len(items):
            self.values[name] = [item for n, item in enumerate(items) if n not in entries]
            return
        for one in _PAIRS.get(name, (name,)):
            self.values.pop(one, None)


def shown(text: str) -> str:
    """Spelling of a column that is safe to print: no control characters, not too long."""
    printable = "".join(char if char.isprintable() else "�" for char in text)
    return printable if len(printable) <= _SHOWN else printable[: _SHOWN - 1] + "…"
