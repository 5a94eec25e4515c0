"""Calls for proposals that staff enter: what a group must look like to answer one, and until when.

A file has one row for each call, with these columns in any order: ``title``, ``programme``,
``deadline`` and ``link``, and as known ``topic``, ``at_least`` and ``at_most`` (members),
``countries``, ``eu_countries``, ``of_one_country``, ``must_countries``, ``only_countries``,
``sides``, ``roles``, ``ecosystems``, ``trades``, ``labels``, ``smallest`` and ``largest``. Several
values in a cell are parted by semicolons.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import RowMapping, delete, select

from matcher.errors import FieldProblem, InvalidInputError, NotFoundError
from matcher.i18n.message import Message
from matcher.planning.groups.conditions import Conditions, Role, Sides
from matcher.planning.tables import calls
from matcher.profiles.ids import slug
from matcher.profiles.io.cells import split_items
from matcher.profiles.io.choices import country, ecosystem, one_of, trade
from matcher.profiles.io.listing import listed_rows
from matcher.profiles.io.numbers import CellError, Noted, count, day
from matcher.profiles.problems import field_problems
from matcher.profiles.profile import LABELS, Line, WebAddress
from matcher.store.database import Repository, upsert

_ID_LENGTH = 80
_OF_GROUPS = tuple(name for name in Conditions.model_fields if name not in ("members", "excluded"))
NEEDED = ("title", "programme", "deadline", "link")
COLUMNS = (*NEEDED, *_OF_GROUPS)


class Call(BaseModel):
    """A call for proposals, and the conditions that it sets to a group."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: Line
    programme: Line
    deadline: date = Field(description="Last day on which it is shown.")
    link: WebAddress
    asked: Conditions = Conditions()

    @property
    def id(self) -> str:
        """Names it in addresses: made from its title, so that a title is changed as a new call."""
        return slug(self.title)[:_ID_LENGTH].strip("-") or "call"


class CallTable(NamedTuple):
    """What a file of calls held: the good rows, and why the others were refused."""

    calls: tuple[Call, ...]
    problems: tuple[FieldProblem, ...]


class Calls(Repository):
    """The calls of a database."""

    def open(self, on: date) -> list[Call]:
        """List the calls whose deadline has not passed, the nearest first."""
        query = select(calls).where(calls.c.deadline >= on)
        return [*map(_call, self._database.rows(query.order_by(calls.c.deadline, calls.c.id)))]

    def get(self, key: str) -> Call:
        """Read a call, be it past its deadline.

        Raises
        ------
        NotFoundError
            There is none.
        """
        row = self._database.first(select(calls).where(calls.c.id == key))
        if row is None:
            raise NotFoundError("There is no such call.")
        return _call(row)

    def save(self, found: Sequence[Call]) -> None:
        """Enter calls; one of the same title is replaced."""
        rows = {
            call.id: {
                "id": call.id,
                **call.model_dump(include={*NEEDED}),
                "asked": call.asked.model_dump_json(exclude_defaults=True),
            }
            for call in found
        }
        with self._database.write() as connection:
            upsert(connection, calls, list(rows.values()))

    def delete(self, key: str) -> None:
        """Take a call away.

        Raises
        ------
        NotFoundError
            There is none.
        """
        if not self._database.change(delete(calls).where(calls.c.id == key)):
            raise NotFoundError("There is no such call.")


def read_calls(source: Path | bytes, name: str | None = None) -> CallTable:
    """Read a file of calls, CSV or XLSX; a bad row is named and spoils no other.

    Raises
    ------
    UnreadableFileError
        The file as a whole cannot be read, or lacks a column that it needs.
    """
    found: list[Call] = []
    problems: list[FieldProblem] = []
    for where, cells, fault in listed_rows(source, name, "calls", COLUMNS, NEEDED):
        try:
            if fault:
                raise _refused(FieldProblem(where, fault))
            found.append(read_call(cells, where))
        except InvalidInputError as error:
            problems += error.problems
    return CallTable(tuple(found), tuple(problems))


def read_call(cells: Mapping[str, str], where: str = "form") -> Call:
    """Read a row of a file, or the fields of a form, which are written as its cells are.

    Raises
    ------
    InvalidInputError
        With each field that is wrong.
    """
    values, wrong = _read(where, cells)
    if wrong:
        raise _refused(*wrong)
    asked = {name: values.pop(name) for name in _OF_GROUPS if name in values}
    try:
        return Call.model_validate({**values, "asked": Conditions.model_validate(asked)})
    except ValidationError as error:
        raise _refused(*field_problems(error, where=where)) from error


def _refused(*problems: FieldProblem) -> InvalidInputError:
    return InvalidInputError("The call cannot be entered.", problems)


def _read(where: str, cells: Mapping[str, str]) -> tuple[dict[str, Any], list[FieldProblem]]:
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for column, cell in cells.items():
        if not cell.strip():
            continue
        read, several = _READERS.get(column, (str.strip, False))
        try:
            items = [
                _plain(read(one)) for one in (split_items(cell) if several else [cell.strip()])
            ]
        except CellError as error:
            problems.append(FieldProblem(where, error.message, column))
            continue
        values[column] = items if several else items[0]
    return values, problems


def _plain(value: object) -> object:
    return value.value if isinstance(value, Noted) else value


_NUMBERS = ("at_least", "at_most", "countries", "eu_countries", "of_one_country")
_READERS: Mapping[str, tuple[Callable[[str], object], bool]] = {
    "deadline": (day, False),
    **dict.fromkeys((*_NUMBERS, "smallest", "largest"), (count, False)),
    "sides": (one_of(get_args(Sides), Message("side")), False),
    "must_countries": (country, True),
    "only_countries": (country, True),
    "roles": (one_of(get_args(Role), Message("role")), True),
    "ecosystems": (ecosystem, True),
    "trades": (trade, True),
    "labels": (one_of(LABELS, Message("label")), True),
}
"""Column -> how an entry is read, and whether a cell may hold several."""


def _call(row: RowMapping) -> Call:
    asked = Conditions.model_validate_json(row["asked"])
    return Call(**{name: row[name] for name in NEEDED}, asked=asked)
