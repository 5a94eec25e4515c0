"""Import of participants, presence and wishes from CSV or XLSX: bad rows named, good rows kept.

Three tables, each a file of its own, with these columns (in any order and spelling of case):

- participants: ``name``, and as known ``id``, ``country``, ``zone``, ``delegates`` (roles,
  separated by ``;``), ``minimum``, ``maximum``, ``remote`` (yes or no);
- presence: ``participant`` (id or name), ``day`` (2026-11-12), ``from`` and ``to`` (09:00), by
  the event's clock; whoever is not listed is present all the time;
- wishes: ``participant``, ``other``, ``wish`` (must_meet, meet, no_thanks or met_before). A
  no-thanks that cannot be placed costs the whole table: nobody may be seated against it.

One workbook may hold all three, on sheets of these names.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from matcher.errors import (
    AmbiguousNameError,
    ClusterNotFoundError,
    FieldProblem,
    InvalidInputError,
    UnreadableFileError,
)
from matcher.events.event import (
    ROLES,
    WISH_KINDS,
    Pair,
    Participant,
    Window,
    Wish,
    sorted_pair,
)
from matcher.events.headings import meaning_among
from matcher.events.times import calendar_day, clock_time
from matcher.profiles.ids import slug
from matcher.profiles.io.cells import split_items
from matcher.profiles.io.countries import country_of
from matcher.profiles.io.files import content_of, raw_file
from matcher.profiles.io.formats import format_of
from matcher.profiles.io.raw import Meaning, RawFile
from matcher.profiles.lookup import NameIndex
from matcher.profiles.names import plain
from matcher.profiles.problems import field_problems
from matcher.profiles.profile import ClusterProfile

Source = Path | bytes
TableName = Literal["participants", "presence", "wishes"]
TABLES: tuple[TableName, ...] = get_args(TableName)
Parsed = TypeVar("Parsed")
Clusters = NameIndex[ClusterProfile]
_OFFERED = 3
_TOTALS = ("total", "totals", "sum", "grand total", "razom", "vsogo", "usogo", "itogo", "vsego")
_YES, _NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0")
_KNOWN = "met_before"
_REFUSALS = frozenset(("no", "not", "never", "nothanks", "don", "dont", "avoid"))
_UNDECIDED = frozenset(("preference", "opinion", "idea", "yet"))
_MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class EventTables:
    """What the tables held: the good rows, and why the others were refused.

    `problems` name the table and line, the column, and the reason. Of an unknown role they only
    tell that it was left out: its participant is kept.
    """

    participants: tuple[Participant, ...]
    wishes: tuple[Wish, ...]
    met_before: tuple[Pair, ...]
    problems: tuple[FieldProblem, ...]


@dataclass(slots=True)
class _Row:
    """One row of a table; reads its cells and collects what is wrong with them."""

    where: str
    cells: Mapping[str, str]
    problems: list[FieldProblem] = field(default_factory=list)
    remarks: list[FieldProblem] = field(default_factory=list)

    def refuse(self, column: str | None, message: str) -> None:
        self.problems.append(FieldProblem(self.where, message, column))

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def needed(self, column: str) -> str:
        text = self.text(column)
        if not text:
            self.refuse(column, "is missing")
        return text


def read_event_tables(
    zone: str,
    participants: Source | None = None,
    presence: Source | None = None,
    wishes: Source | None = None,
    *,
    known: Sequence[Participant] = (),
    has_online: bool = True,
    clusters: Clusters | None = None,
) -> EventTables:
    """Read the tables of an event.

    Parameters
    ----------
    zone
        IANA name of the event's zone, by which presence is given.
    known
        Who takes part already. A row of the same id replaces name, roles and limits.
    has_online
        Whether the event has an online room: nobody can take part online without one.
    clusters
        Names of the data: who is listed without an id is the cluster that surely goes by its
        name; of anybody else the nearest are told.

    Raises
    ------
    UnreadableFileError
        A file as a whole cannot be read, or lacks a column that it needs.
    InvalidInputError
        A no-thanks cannot be placed.
    """
    problems: list[FieldProblem] = []
    people = {one.id: one for one in known}
    if participants is not None:
        for one in _participants(participants, problems, has_online, clusters):
            before = people.get(one.id, one)
            kept = {"available": before.available, "cancelled": before.cancelled}
            people[one.id] = one.model_copy(update=kept)
    names = _name_index(people.values())
    if presence is not None:
        windows = _presence(presence, ZoneInfo(zone), names, problems)
        for key, stretches in windows.items():
            people[key] = people[key].model_copy(update={"available": tuple(stretches)})
    asked: list[Wish] = []
    met: list[Pair] = []
    if wishes is not None:
        asked, met = _wishes(wishes, names, problems)
    return EventTables(tuple(people.values()), tuple(asked), tuple(met), tuple(problems))


def _participants(
    source: Source,
    problems: list[FieldProblem],
    has_online: bool,
    clusters: Clusters | None,
) -> list[Participant]:
    found: dict[str, tuple[Participant, str]] = {}
    columns = ("name", "id", "country", "zone", "delegates", "minimum", "maximum", "remote")
    for row in _rows(source, "participants", columns, needed=("name",), problems=problems):
        if plain(row.text("name")) in _TOTALS:
            row.refuse("name", "is the line of a total and was left out")
            problems.extend(row.problems)
            continue
        profile = _joined(row, clusters) if clusters else None
        one = _participant(row, profile)
        if one and one.id in found:
            row.refuse("id", f"{one.id} is already listed in {found[one.id][1]}")
        elif one and one.remote and not has_online:
            row.refuse("remote", "takes part online, but the event has no online room")
        elif one:
            found[one.id] = (one, row.where)
        problems.extend(row.problems)
    return [one for one, _ in found.values()]


def _joined(row: _Row, clusters: Clusters) -> ClusterProfile | None:
    """Find the cluster that a row without an id surely is; else name the nearest."""
    name, country = row.text("name"), country_of(row.text("country"))
    if row.text("id") or not name:
        return None
    profile = clusters.sure(name)
    if profile and country in (None, profile.country):
        return profile
    near = "; ".join(f"{one.name} ({one.id})" for one in clusters.search(name, _OFFERED))
    hint = f"if it is one of these, give its id: {near}" if near else "nothing there is like it"
    row.remarks.append(
        FieldProblem(row.where, f"{name!r} is not in the data, so nothing is known of it; {hint}")
    )
    return None


def _participant(row: _Row, profile: ClusterProfile | None) -> Participant | None:
    name = row.needed("name")
    roles = [item.casefold() for item in split_items(row.text("delegates"))]
    values: dict[str, object] = {
        "id": row.text("id") or (profile.id if profile else slug(name)),
        "name": name,
        "country": _country(row, profile),
        "zone": row.text("zone") or None,
        "delegates": tuple(role for role in roles if role in ROLES),
        "remote": _flag(row, "remote"),
    }
    for column in ("minimum", "maximum"):
        number = _count(row, column)
        if number is not None:
            values[column] = number
    if not row.problems and int(str(values.get("minimum", 0))) > int(
        str(values.get("maximum", 100))
    ):
        row.refuse("minimum", "is above the maximum")
    one = _validated(row, values)
    row.problems += row.remarks
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        row.refuse("delegates", f"unknown roles were ignored: {'; '.join(unknown)}")
    return one


def _country(row: _Row, profile: ClusterProfile | None) -> str | None:
    text = row.text("country")
    if text:
        return country_of(text) or text.upper()
    return profile.country if profile else None


def _validated(row: _Row, values: Mapping[str, object]) -> Participant | None:
    try:
        one = Participant.model_validate(values)
    except ValidationError as error:
        known = {problem.field or "" for problem in row.problems}
        row.problems += field_problems(error, where=row.where, skip=known)
        return None
    return None if row.problems else one


def _count(row: _Row, column: str) -> int | None:
    text = row.text(column)
    number = text.isdecimal() and len(text) <= _MAX_DIGITS
    if text and not number:
        row.refuse(column, f"{text!r} is not a whole number")
    return int(text) if number else None


def _flag(row: _Row, column: str) -> bool:
    text = row.text(column).casefold()
    if text and text not in (*_YES, *_NO):
        row.refuse(column, f"{text!r} is neither yes nor no")
    return text in _YES


def _name_index(participants: Iterable[Participant]) -> NameIndex[Participant]:
    people = sorted(participants, key=lambda one: one.id)
    return NameIndex([one.id for one in people], people, [plain(one.name) for one in people])


def _who(row: _Row, column: str, names: NameIndex[Participant]) -> str:
    text = row.needed(column)
    if not text:
        return ""
    try:
        return names.find(text).id
    except AmbiguousNameError as error:
        several = ", ".join(key for key, _ in error.candidates)
        row.refuse(column, f"{text!r} may be several participants; use the id: {several}")
    except ClusterNotFoundError as error:
        near = "; ".join(f"{name} ({key})" for key, name in error.suggestions)
        hint = f"; did you mean {near}?" if near else ""
        row.refuse(column, f"{text!r} does not take part{hint}")
    return ""


def _presence(
    source: Source,
    zone: ZoneInfo,
    names: NameIndex[Participant],
    problems: list[FieldProblem],
) -> dict[str, list[Window]]:
    windows: dict[str, list[Window]] = {}
    columns = ("participant", "day", "from", "to")
    for row in _rows(source, "presence", columns, needed=columns, problems=problems):
        who = _who(row, "participant", names)
        day = _parsed(row, "day", calendar_day, "a date such as 2026-11-12")
        come, go = (
            _parsed(row, name, clock_time, "a time such as 09:30") for name in ("from", "to")
        )
        if day and come is not None and go is not None:
            start, end = (datetime.combine(day, at, zone).astimezone(UTC) for at in (come, go))
            if end <= start:
                row.refuse("to", "is not after the start")
            elif who:
                windows.setdefault(who, []).append(Window(start=start, end=end))
        problems.extend(row.problems)
    return windows


def _parsed(row: _Row, column: str, parse: Callable[[str], Parsed], kind: str) -> Parsed | None:
    text = row.needed(column)
    if not text:
        return None
    try:
        return parse(text)
    except ValueError:
        row.refuse(column, f"{text!r} is not {kind}")
        return None


def _wishes(
    source: Source, names: NameIndex[Participant], problems: list[FieldProblem]
) -> tuple[list[Wish], list[Pair]]:
    wishes: dict[Wish, None] = {}
    known: dict[Pair, None] = {}
    lost: list[FieldProblem] = []
    columns = ("participant", "other", "wish")
    for row in _rows(source, "wishes", columns, needed=columns, problems=problems):
        by, about = _who(row, "participant", names), _who(row, "other", names)
        kind = _wish_kind(row)
        if by and by == about:
            row.refuse("other", "names the participant itself")
        if not row.problems and kind == _KNOWN:
            known[sorted_pair(by, about)] = None
        elif not row.problems:
            wishes[Wish.model_validate({"by": by, "about": about, "kind": kind})] = None
        elif kind == "no_thanks":
            lost += row.problems
        problems.extend(row.problems)
    if lost:
        raise InvalidInputError(
            "A no-thanks cannot be placed, so nothing was read: the two might be seated together. "
            "Correct the row, or delete it if one of the two does not come.",
            lost,
        )
    return list(wishes), list(known)


def _wish_kind(row: _Row) -> str:
    """The kind of wish; whatever says no is taken for a no-thanks."""
    words = re.findall(r"\w+", row.needed("wish").casefold().replace("_", " "))
    kind = "_".join(words)
    if not _REFUSALS.isdisjoint(words) and _UNDECIDED.isdisjoint(words):
        return "no_thanks"
    if kind and kind not in (*WISH_KINDS, _KNOWN):
        row.refuse("wish", f"{kind!r} is none of {', '.join((*WISH_KINDS, _KNOWN))}")
    return kind


def _rows(
    source: Source,
    table: TableName,
    columns: Sequence[str],
    *,
    needed: Sequence[str],
    problems: list[FieldProblem],
) -> Iterator[_Row]:
    """Rows of a table by column; unknown columns and broken rows are named as problems."""
    meaning = meaning_among(columns)
    raw = _raw(source, table, meaning)
    problems += [FieldProblem(table, note.message, str(note.where)) for note in raw.notes]
    named = {heading: meaning(heading) for heading in raw.columns or ()}
    missing = [column for column in needed if column not in named.values()]
    if missing:
        raise UnreadableFileError(
            f"The table of {table} has no column {' and '.join(missing)}. "
            f"Its columns are: {', '.join(columns)}; the file has {', '.join(named)}."
        )
    where = f"{table}, line"
    for place, (heading, column) in enumerate(named.items(), start=1):
        if column is None and heading != f"column {place}":
            problems.append(
                FieldProblem(
                    f"{where} {raw.header_line}", "is not a known column; it was ignored", heading
                )
            )
    for row in raw.rows:
        if row.fault:
            problems.append(FieldProblem(f"{where} {row.line}", row.fault))
            continue
        cells = {column: str(value) for name, value in row.cells if (column := named[name])}
        yield _Row(f"{where} {row.line}", cells)


def _raw(source: Source, table: TableName, meaning: Meaning) -> RawFile:
    content = content_of(source)
    form = format_of(content, source.name if isinstance(source, Path) else None)
    return raw_file(content, "xlsx" if form == "xlsx" else "csv", sheet=table, meaning=meaning)
