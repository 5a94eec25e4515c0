"""Import of participants, presence and wishes from CSV or XLSX: bad rows named, good rows kept.

Three tables, each a file of its own, with the columns of `matcher.events.headings`; one workbook
may hold all three, on sheets of their names. Whoever is not listed under presence is present all
the time. A no-thanks that cannot be placed costs the whole table of wishes: nobody may be seated
against it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from matcher.errors import (
    AmbiguousNameError,
    ClusterNotFoundError,
    FieldProblem,
    InvalidInputError,
)
from matcher.events.contacts import listed_person, name_unasked
from matcher.events.describing import described
from matcher.events.event import (
    DEFAULT_MAXIMUM,
    ROLES,
    WISH_KINDS,
    Event,
    Pair,
    Participant,
    Window,
    Wish,
    sorted_pair,
)
from matcher.events.rows import Row, Source, Tables
from matcher.events.times import calendar_day, clock_time
from matcher.i18n.message import Message
from matcher.introductions.contact_file import Listed
from matcher.profiles.ids import slug
from matcher.profiles.io.cells import split_items
from matcher.profiles.io.countries import country_of
from matcher.profiles.io.headers import Heading
from matcher.profiles.lookup import NameIndex
from matcher.profiles.names import bare, joined, plain
from matcher.profiles.problems import field_problems
from matcher.profiles.profile import ClusterProfile

Parsed = TypeVar("Parsed")
Clusters = NameIndex[ClusterProfile]
_YES, _NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0")
_KNOWN = "met_before"
_REFUSALS = frozenset(
    ("no", "not", "never", "nothanks", "don", "dont", "avoid", "ні", "не", "нет", "nu")
)
_UNDECIDED = frozenset(("preference", "opinion", "idea", "yet"))
_MAX_DIGITS = 9
_OUTSIDE = Message(
    "is there outside the hours of the event alone, so that no meeting can be held; look at the "
    "day, and at the clock of the event"
)


@dataclass(frozen=True, slots=True)
class EventTables:
    """What the tables held: the good rows, and why the others were refused.

    Attributes
    ----------
    contacts
        Persons to write to, each with its consent.
    problems
        Table and line, the column, and the reason. Of an unknown role, or a person without a
        consent, they only tell that it was left out: its participant is kept.
    headings
        What the headings of the tables were read as.
    """

    participants: tuple[Participant, ...]
    wishes: tuple[Wish, ...]
    met_before: tuple[Pair, ...]
    contacts: tuple[Listed, ...]
    problems: tuple[FieldProblem, ...]
    headings: tuple[Heading, ...]


def read_event_tables(
    event: Event,
    participants: Source | None = None,
    presence: Source | None = None,
    wishes: Source | None = None,
    *,
    clusters: Clusters | None = None,
    mapping: Mapping[str, str] | None = None,
) -> EventTables:
    """Read the tables of an event.

    Parameters
    ----------
    event
        As it is: presence is given by its clock, and who is there at none of its slots is named. A
        row of the id of somebody who takes part already, or of the same name and no id, replaces
        name, roles and limits.
    clusters
        Names of the data: who is listed without an id is the cluster that surely goes by its
        name. Anybody else is described by what the table says.
    mapping
        What headings mean: heading -> column, or ``""`` to leave it out.

    Raises
    ------
    UnreadableFileError
        A file as a whole cannot be read, or lacks a column that it needs.
    InvalidInputError
        A no-thanks cannot be placed, or the mapping names no column.
    """
    tables = Tables(mapping or {})
    people = event.by_id
    contacts: list[Listed] = []
    if participants is not None:
        reading = _Participants(tables, event, clusters)
        for one in reading.read(participants):
            before = people.get(one.id, one)
            kept = {"available": before.available, "cancelled": before.cancelled}
            people[one.id] = one.model_copy(update=kept)
        contacts = reading.contacts
    names = _name_index(people.values())
    if presence is not None:
        windows = _presence(tables, presence, event, names)
        for key, stretches in windows.items():
            people[key] = people[key].model_copy(update={"available": tuple(stretches)})
    asked: list[Wish] = []
    met: list[Pair] = []
    if wishes is not None:
        asked, met = _wishes(tables, wishes, names)
    return EventTables(
        tuple(people.values()),
        tuple(asked),
        tuple(met),
        tuple(contacts),
        tuple(tables.problems),
        tables.headings,
    )


class _Participants:
    """One reading of a table of participants; `contacts` are the persons found so far."""

    def __init__(self, tables: Tables, event: Event, clusters: Clusters | None) -> None:
        self.contacts: list[Listed] = []
        self._tables, self._clusters = tables, clusters
        self._has_online = any(place.kind == "online" for place in event.places)
        self._ids = {plain(one.name): one.id for one in event.participants}
        self._found: dict[str, tuple[Participant, str]] = {}
        self._names: dict[str, str] = {}
        self._unasked: list[Row] = []

    def read(self, source: Source) -> list[Participant]:
        for row in self._tables.rows(source, "participants"):
            if row.is_total:
                row.refuse("name", "is the line of a total and was left out")
            else:
                self._take(row)
            self._tables.take(row)
        self._tables.problems += name_unasked(self._unasked)
        return [one for one, _ in self._found.values()]

    def _take(self, row: Row) -> None:
        profile = self._joined(row)
        one = _participant(row, profile, self._key(row, profile))
        if one is None or self._is_double(row, one, profile):
            return
        if one.remote and not self._has_online:
            row.refuse("remote", "takes part online, but the event has no online room")
            return
        self._found[one.id] = (one, row.where)
        contact = listed_person(row, one.id, self._unasked)
        if contact:
            self.contacts.append(contact)

    def _joined(self, row: Row) -> ClusterProfile | None:
        """Find the cluster that a row without an id surely is."""
        if row.text("id") or not self._clusters:
            return None
        profile = self._clusters.sure(row.text("name"))
        country = country_of(row.text("country"))
        return profile if profile and country in (None, profile.country) else None

    def _key(self, row: Row, profile: ClusterProfile | None) -> str:
        """Id of a row; whom staff have joined to the data before keeps the id of then."""
        name = row.text("name")
        known = self._ids.get(plain(name))
        return row.text("id") or (profile.id if profile else known or slug(name))

    def _is_double(self, row: Row, one: Participant, profile: ClusterProfile | None) -> bool:
        if one.id in self._found:
            row.refuse("id", f"{one.id} is already listed in {self._found[one.id][1]}")
            return True
        spelled = joined(bare(plain(one.name)))
        first = self._names.setdefault(spelled, row.where)
        if first != row.where and not (profile or row.text("id")):
            row.refuse("name", f"{one.name} is already listed in {first}; give both an id")
            return True
        return False


def _participant(row: Row, profile: ClusterProfile | None, key: str) -> Participant | None:
    roles = [item.casefold() for item in split_items(row.text("delegates"))]
    values: dict[str, object] = {
        "id": key,
        "name": row.needed("name"),
        "country": _country(row, profile),
        "zone": row.text("zone") or None,
        "delegates": tuple(role for role in roles if role in ROLES),
        "remote": _flag(row, "remote"),
        "profile": None if profile else described(row),
    }
    counts = {column: _count(row, column) for column in ("minimum", "maximum")}
    limits = {column: number for column, number in counts.items() if number is not None}
    if not row.problems and limits.get("minimum", 0) > limits.get("maximum", DEFAULT_MAXIMUM):
        row.refuse("minimum", "is above the maximum")
    one = _validated(row, {**values, **limits})
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        row.remark("delegates", f"unknown roles were ignored: {'; '.join(unknown)}")
    return one


def _country(row: Row, profile: ClusterProfile | None) -> str | None:
    text = row.text("country")
    if text:
        return country_of(text) or text.upper()
    return profile.country if profile else None


def _validated(row: Row, values: Mapping[str, object]) -> Participant | None:
    try:
        one = Participant.model_validate(values)
    except ValidationError as error:
        known = {problem.field or "" for problem in row.problems}
        row.problems += field_problems(error, where=row.where, skip=known)
        return None
    return None if row.problems else one


def _count(row: Row, column: str) -> int | None:
    text = row.text(column)
    number = text.isdecimal() and len(text) <= _MAX_DIGITS
    if text and not number:
        row.refuse(column, f"{text!r} is not a whole number")
    return int(text) if number else None


def _flag(row: Row, column: str) -> bool:
    text = row.text(column).casefold()
    if text and text not in (*_YES, *_NO):
        row.refuse(column, f"{text!r} is neither yes nor no")
    return text in _YES


def _name_index(participants: Iterable[Participant]) -> NameIndex[Participant]:
    people = sorted(participants, key=lambda one: one.id)
    return NameIndex([one.id for one in people], people, [plain(one.name) for one in people])


def _who(row: Row, column: str, names: NameIndex[Participant]) -> str:
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
    tables: Tables, source: Source, event: Event, names: NameIndex[Participant]
) -> dict[str, list[Window]]:
    zone = ZoneInfo(event.zone)
    windows: dict[str, list[Window]] = {}
    last: dict[str, Row] = {}
    for row in tables.rows(source, "presence"):
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
                last[who] = row
        tables.take(row)
    tables.problems += [
        FieldProblem(last[key].where, _OUTSIDE, "from")
        for key, stretches in windows.items()
        if event.slots and not any(one.contains(slot) for one in stretches for slot in event.slots)
    ]
    return windows


def _parsed(row: Row, column: str, parse: Callable[[str], Parsed], kind: str) -> Parsed | None:
    text = row.needed(column)
    if not text:
        return None
    try:
        return parse(text)
    except ValueError:
        row.refuse(column, f"{text!r} is not {kind}")
        return None


def _wishes(
    tables: Tables, source: Source, names: NameIndex[Participant]
) -> tuple[list[Wish], list[Pair]]:
    wishes: dict[Wish, None] = {}
    known: dict[Pair, None] = {}
    lost: list[FieldProblem] = []
    for row in tables.rows(source, "wishes"):
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
        tables.take(row)
    if lost:
        raise InvalidInputError(
            "A no-thanks cannot be placed, so nothing was read: the two might be seated together. "
            "Correct the row, or delete it if one of the two does not come.",
            lost,
        )
    return list(wishes), list(known)


def _wish_kind(row: Row) -> str:
    """The kind of wish; whatever says no is taken for a no-thanks."""
    words = re.findall(r"\w+", row.needed("wish").casefold().replace("_", " "))
    kind = "_".join(words)
    if not _REFUSALS.isdisjoint(words) and _UNDECIDED.isdisjoint(words):
        return "no_thanks"
    if kind and kind not in (*WISH_KINDS, _KNOWN):
        row.refuse("wish", f"{kind!r} is none of {', '.join((*WISH_KINDS, _KNOWN))}")
    return kind
