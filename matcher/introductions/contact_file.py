"""A file of contact persons: who has consented is kept, every other row is named.

It has one row for each person, with these columns in any order: ``cluster`` (name or id), ``name``,
``email`` and ``consent`` (who gave it, and how), and as known ``position``, ``phone``,
``consent_on`` (the day; that of the import where it is empty) and ``consent_to``
(``introduction`` or ``meeting``; the first where it is empty).
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple, cast, get_args

from matcher.errors import (
    AmbiguousNameError,
    ClusterNotFoundError,
    FieldProblem,
    InvalidInputError,
)
from matcher.introductions.contacts import Consent, Person, Purpose, contact_faults
from matcher.profiles.io.listing import listed_rows
from matcher.profiles.io.numbers import CellError, day

NEEDED = ("cluster", "name", "email", "consent")
COLUMNS = (*NEEDED, "position", "phone", "consent_on", "consent_to")
_LONGEST = 200
_COLUMN_OF: Mapping[object, object] = {"given_by": "consent", "given_on": "consent_on"}


class ContactTable(NamedTuple):
    """What a file held: persons, each with a consent, and why the other rows were refused."""

    contacts: tuple[tuple[Person, Consent], ...]
    problems: tuple[FieldProblem, ...]


def read_contacts(
    source: Path | bytes, find: Callable[[str], str], on: date, name: str | None = None
) -> ContactTable:
    """Read a file of contact persons, CSV or XLSX; a bad row is named and spoils no other.

    Parameters
    ----------
    source, name
        The file, and what it is called.
    find
        Gives the id of a cluster by its name or id.
    on
        Today.

    Raises
    ------
    UnreadableFileError
        The file as a whole cannot be read, or lacks a column that it needs.
    """
    found: dict[tuple[str, str, str], tuple[Person, Consent]] = {}
    places: dict[tuple[str, str, str], str] = {}
    problems: list[FieldProblem] = []
    for where, cells, fault in listed_rows(source, name, "contacts", COLUMNS, NEEDED):
        try:
            if fault:
                raise _refused(None, fault)
            person, consent = _read(cells, find, on)
            who = person.cluster_id, person.email.casefold(), consent.purpose
            if who in found:
                raise _refused("email", f"is the same person as in {places[who]}")
            found[who], places[who] = (person, consent), where
        except InvalidInputError as error:
            problems += [FieldProblem(where, one.message, one.field) for one in error.problems]
    return ContactTable(tuple(found.values()), tuple(problems))


def _read(cells: Mapping[str, str], find: Callable[[str], str], on: date) -> tuple[Person, Consent]:
    given = {column: cells.get(column, "").strip() for column in COLUMNS}
    for column, text in given.items():
        if len(text) > _LONGEST or not text.isprintable():
            raise _refused(column, f"has more than {_LONGEST} signs, or signs that cannot be kept")
    purpose = given["consent_to"].lower() or "introduction"
    if purpose not in get_args(Purpose):
        raise _refused("consent_to", f"use one of {', '.join(get_args(Purpose))}")
    try:
        given_on = date.fromisoformat(day(given["consent_on"])) if given["consent_on"] else on
        cluster = find(given["cluster"])
    except CellError as error:
        raise _refused("consent_on", error.message) from error
    except (ClusterNotFoundError, AmbiguousNameError) as error:
        raise _refused("cluster", str(error)) from error
    person = Person(cluster, given["name"], given["email"], given["position"], given["phone"])
    consent = Consent(cast(Purpose, purpose), given["consent"], given_on)
    if faults := contact_faults(person, consent):
        told = [_fault(_COLUMN_OF.get(one.where, one.where), one.message) for one in faults]
        raise InvalidInputError("This person cannot be kept.", told)
    return person, consent


def _fault(column: object, message: object) -> FieldProblem:
    return FieldProblem("row", message, str(column) if column else None)


def _refused(column: str | None, message: object) -> InvalidInputError:
    return InvalidInputError("This row cannot be read.", [_fault(column, message)])
