"""A file of contact persons: who has consented is kept, every other row is named.

It has one row for each person, with these columns in any order: ``cluster`` (name or id), ``name``,
``email`` and ``consent`` (who gave it, and how), and as known ``position``, ``phone``,
``consent_on`` (the day; that of the import where it is empty) and ``consent_to``
(``introduction`` or ``meeting``; the first where it is empty).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple, cast, get_args

from matcher.errors import (
    AmbiguousNameError,
    ClusterNotFoundError,
    FieldProblem,
    InvalidInputError,
)
from matcher.i18n.message import Message
from matcher.introductions.contacts import Consent, People, Person, Purpose, contact_faults
from matcher.profiles.io.listing import listed_rows
from matcher.profiles.io.numbers import CellError, day
from matcher.profiles.lookup import id_form, name_lines
from matcher.profiles.names import plain
from matcher.profiles.profile import ClusterProfile
from matcher.store.mentions import name_words

NEEDED = ("cluster", "name", "email", "consent")
COLUMNS = (*NEEDED, "position", "phone", "consent_on", "consent_to")
_LONGEST = 200
_COLUMN_OF = {"given_by": "consent", "given_on": "consent_on"}


class Listed(NamedTuple):
    """A person of a file, the consent, the row, and whether the row says since when it holds."""

    person: Person
    consent: Consent
    where: str
    is_dated: bool


class ContactTable(NamedTuple):
    """What a file held: persons, each with a consent, and why the other rows were refused."""

    contacts: tuple[Listed, ...]
    problems: tuple[FieldProblem, ...]


def read_contacts(
    source: Path | bytes, find: Callable[[str], ClusterProfile], on: date, name: str | None = None
) -> ContactTable:
    """Read a file of contact persons, CSV or XLSX; a bad row is named and spoils no other.

    Parameters
    ----------
    source, name
        The file, and what it is called.
    find
        Gives a cluster by its name or id; only one that is called just so is taken.
    on
        Today.

    Raises
    ------
    UnreadableFileError
        The file as a whole cannot be read, or lacks a column that it needs.
    """
    found: dict[object, Listed] = {}
    problems: list[FieldProblem] = []
    for where, cells, fault in listed_rows(source, name, "contacts", COLUMNS, NEEDED):
        try:
            if fault:
                raise _refused(where, None, fault)
            one = _read(where, cells, find, on)
            same = found.setdefault((_who(one.person), one.consent.purpose), one)
            if same is not one:
                raise _refused(where, "email", f"is the same person as in {same.where}")
        except InvalidInputError as error:
            problems += error.problems
    return ContactTable(tuple(found.values()), tuple(problems))


def keep(people: People, listed: Iterable[Listed]) -> tuple[int, tuple[FieldProblem, ...]]:
    """Keep persons of a list, each with its consent; who is there gains the consent alone.

    An old list does not bring back what a person has withdrawn since.

    Returns
    -------
    int, tuple
        How many persons, or consents of persons, are new; the rows of consents withdrawn.
    """
    known = {_who(kept.person): (key, kept.consents) for key, kept in people.everybody().items()}
    withdrawn, refused, new = people.withdrawals(), [], 0
    for one in listed:
        who = _who(one.person)
        key, held = known.get(who, (None, ()))
        if (purpose := one.consent.purpose) in held:
            continue
        ended = withdrawn.get((key or 0, purpose))
        if ended and not (one.is_dated and one.consent.given_on > ended):
            told = Message(
                "was withdrawn on {day}: only a later consent counts, and its day is needed",
                day=str(ended),
            )
            refused.append(FieldProblem(one.where, told, "consent_on"))
            continue
        if key is None:
            key = people.add(one.person, one.consent)
        else:
            people.consent(key, one.consent)
        known[who] = key, (*held, purpose)
        new += 1
    return new, tuple(refused)


def _who(person: Person) -> tuple[str, frozenset[str], str]:
    """What tells a person from others, also from those who share the address."""
    return person.cluster_id, name_words(person.name), person.email.casefold()


def _read(
    where: str, cells: Mapping[str, str], find: Callable[[str], ClusterProfile], on: date
) -> Listed:
    given = {column: cells.get(column, "").strip() for column in COLUMNS}
    for column, text in given.items():
        if len(text) > _LONGEST or not text.isprintable():
            message = f"has more than {_LONGEST} characters, or some that cannot be kept"
            raise _refused(where, column, message)
    purpose = given["consent_to"].lower() or "introduction"
    if purpose not in get_args(Purpose):
        raise _refused(where, "consent_to", f"use one of {', '.join(get_args(Purpose))}")
    try:
        given_on = date.fromisoformat(day(given["consent_on"])) if given["consent_on"] else on
        cluster = _named(given["cluster"], find)
    except CellError as error:
        raise _refused(where, "consent_on", error.message) from error
    except (ClusterNotFoundError, AmbiguousNameError) as error:
        raise _refused(where, "cluster", str(error)) from error
    person = Person(cluster.id, given["name"], given["email"], given["position"], given["phone"])
    consent = Consent(cast(Purpose, purpose), given["consent"], given_on)
    if faults := contact_faults(person, consent):
        columns = [str(one.where) for one in faults]
        told = zip(columns, faults, strict=True)
        raise InvalidInputError(
            "This person cannot be kept.",
            [FieldProblem(where, one.message, _COLUMN_OF.get(name, name)) for name, one in told],
        )
    return Listed(person, consent, where, bool(given["consent_on"]))


def _named(text: str, find: Callable[[str], ClusterProfile]) -> ClusterProfile:
    """Find the cluster that is called just so: nobody looks at what a file is taken to mean."""
    found = find(text)
    if id_form(text) != found.id and plain(text) not in name_lines(found).splitlines():
        raise ClusterNotFoundError(text, [(found.id, found.name)])
    return found


def _refused(where: str, column: str | None, message: object) -> InvalidInputError:
    return InvalidInputError("This row cannot be read.", [FieldProblem(where, message, column)])
