"""Columns of the tables of an event: what each is for, and the headings that people give it."""

from collections.abc import Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Literal, get_args

from matcher.i18n.message import Message
from matcher.profiles.io.headers import (
    IGNORED,
    Guess,
    compact,
    field_of,
    guess,
    nearest,
    stated,
)
from matcher.profiles.io.raw import Meaning

TableName = Literal["participants", "presence", "wishes"]
TABLES: tuple[TableName, ...] = get_args(TableName)
DESCRIBED = (
    *("offers", "seeks", "description", "technologies", "services", "ecosystems", "nace"),
    *("target_countries", "languages", "kind", "city", "website"),
)
"""Columns of profiles that describe a participant who is not in the data."""

_WANTED = Message("Name or id of the participant, as in the table of participants. Needed.")
COLUMNS: Mapping[TableName, Mapping[str, Message]] = MappingProxyType(
    {
        "participants": {
            "name": Message("Name of the cluster or organisation. Needed."),
            "id": Message("Id of the cluster in the data, where you know it."),
            "country": Message("Country: its name in any language, or its two-letter code."),
            "zone": Message("Own time zone: a city, an offset such as GMT+4, or Europe/Kyiv."),
            "delegates": Message("Roles of who comes, separated by semicolons."),
            "minimum": Message("Number of meetings that should be found at least."),
            "maximum": Message("Number of meetings that is never exceeded."),
            "remote": Message("Takes part online: yes or no."),
            "offers": Message("What they can give a partner, separated by semicolons."),
            "seeks": Message("What they look for in a partner, separated by semicolons."),
            "description": Message("Some sentences about them, in any of the seven languages."),
            "contact": Message("Name of the person to write to; kept only with a consent."),
            "email": Message("E-mail address of that person."),
            "consent": Message("Who gave the consent to be written to, and how."),
            "consent_on": Message("Day on which it was given, such as 14.12.2026."),
        },
        "presence": {
            "participant": _WANTED,
            "day": Message("A day such as 14.12.2026 or 2026-12-14. Needed."),
            "from": Message("Time of arrival by the clock of the event: 9.45, 13h, 09:00. Needed."),
            "to": Message("Time of departure. Needed."),
        },
        "wishes": {
            "participant": _WANTED,
            "other": Message("Name or id of the participant whom the wish is about. Needed."),
            "wish": Message("One of must_meet, meet, no_thanks and met_before. Needed."),
        },
    }
)
"""What stands in each column; whoever is not in the data may have others of a profile, too."""

NEEDED: Mapping[TableName, tuple[str, ...]] = MappingProxyType(
    {
        "participants": ("name",),
        "presence": tuple(COLUMNS["presence"]),
        "wishes": tuple(COLUMNS["wishes"]),
    }
)
_SHEETS: Mapping[TableName, tuple[str, ...]] = MappingProxyType(
    {
        "participants": ("учасники", "участники", "participanti", "participanți"),
        "presence": ("attendance", "availability", "присутність", "присутствие", "prezență"),
        "wishes": ("preferences", "побажання", "пожелания", "dorințe"),
    }
)
_USUAL = {
    "name": ("participant", "company", "учасник", "участник", "participantul"),
    "zone": ("time zone", "tz", "часовий пояс", "часовой пояс", "fus orar"),
    "delegates": ("delegate", "role", "roles", "position", "function", "роль", "rol"),
    "minimum": ("min", "at least", "minimum meetings", "min meetings", "мінімум", "минимум"),
    "maximum": ("max", "at most", "maximum meetings", "max meetings", "максимум", "maxim"),
    "remote": ("online", "takes part online", "virtual", "онлайн", "дистанційно"),
    "contact": ("contact person", "contact name", "person", "контактна особа", "контактное лицо"),
    "email": ("e-mail", "mail", "email address", "contact email", "ел. пошта", "эл. почта"),
    "consent": ("consent given by", "gdpr", "gdpr consent", "згода", "согласие", "acord"),
    "consent_on": ("consent date", "date of consent", "дата згоди", "дата согласия"),
    "day": ("date", "дата", "день", "data", "ziua"),
    "from": ("start", "begin", "arrives", "arrival", "з", "від", "с", "от", "de la"),
    "to": ("until", "till", "end", "leaves", "departure", "до", "по", "până la"),
    "participant": ("by", "who", "whose wish", "учасник", "участник", "participantul"),
    "other": ("partner", "about", "about whom", "with", "whom", "інший", "другой", "celălalt"),
    "wish": ("kind", "kind of wish", "preference", "request", "побажання", "пожелание", "dorință"),
}


def table_called(sheet: str) -> TableName | None:
    """Table that a sheet of this name holds, if it is named after one."""
    name = compact(sheet)
    spelled = {table: {compact(one) for one in (table, *_SHEETS[table])} for table in TABLES}
    return next((table for table in TABLES if name in spelled[table]), None)


def meaning_in(table: TableName, mapping: Mapping[str, str]) -> Meaning:
    """Return what tells which column of a table a heading stands for, if any.

    Parameters
    ----------
    mapping
        What staff say of headings: heading -> column, or ``""`` to leave it out. Of columns of
        another table it says nothing here.
    """
    known = (*_columns(table), IGNORED)
    said = {heading: column for heading, column in mapping.items() if column in known}
    return stated(said, partial(_usual, table))


def all_columns() -> tuple[str, ...]:
    """Columns of all tables, each once."""
    return tuple(dict.fromkeys(column for table in TABLES for column in _columns(table)))


def guess_in(table: TableName, heading: str) -> Guess | None:
    """Column of a table that a heading may stand for, or ``None`` where nothing is near."""
    if near := nearest(compact(heading), _spellings(table)):
        return near
    of_profile = guess(heading)
    known = (*_columns(table), IGNORED)
    return of_profile if of_profile and of_profile.field in known else None


def _columns(table: TableName) -> tuple[str, ...]:
    more = DESCRIBED if table == "participants" else ()
    return tuple(dict.fromkeys((*COLUMNS[table], *more)))


def _usual(table: TableName, heading: str) -> str | None:
    near = _spellings(table).get(compact(heading))
    if near:
        return near
    field = field_of(heading)
    if field == "name" and table != "participants":
        return "participant"
    return field if field in _columns(table) else None


@lru_cache(maxsize=len(TABLES))
def _spellings(table: TableName) -> Mapping[str, str]:
    """Columns of a table by their usual spellings, but for those that profiles have, too."""
    return {
        compact(spelling): column
        for column in _columns(table)
        for spelling in (column, *_USUAL.get(column, ()))
    }
