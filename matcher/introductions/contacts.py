"""Contact persons: kept only with their consent, shown only for its purpose, erased for good."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Column, Connection, RowMapping, Table, delete, insert, select, update

from matcher.errors import FieldProblem, InvalidInputError, NotFoundError
from matcher.introductions.tables import (
    consents,
    introduction_moves,
    introductions,
    people,
    person_log,
)
from matcher.introductions.workflow import Role
from matcher.store.database import Database

Purpose = Literal["introduction", "meeting"]
ERASED = "[erased]"
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FREE_TEXT: tuple[tuple[Table, Column[str]], ...] = (
    (introductions, introductions.c.purpose),
    (introduction_moves, introduction_moves.c.reason),
    (consents, consents.c.given_by),
    (person_log, person_log.c.action),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A contact person of a cluster."""

    cluster_id: str
    name: str
    email: str
    position: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's permission.

    Attributes
    ----------
    purpose
        What the contact details may be used for.
    given_by
        Who gave it, and how: "herself, by e-mail".
    given_on
        The day.
    """

    purpose: Purpose
    given_by: str
    given_on: date


@dataclass(frozen=True, slots=True)
class Contact:
    """A person that is kept, and what the person consents to now; nothing after a withdrawal."""

    person: Person
    consents: tuple[Purpose, ...]


class People:
    """Contact persons of a database.

    Parameters
    ----------
    database
        The store's database, with its tables in place.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person: Person, consent: Consent, *, role: Role = "staff") -> int:
        """Keep a person; there is no way to do so without a consent.

        Returns
        -------
        int
            The person's id.

        Raises
        ------
        InvalidInputError
            Name, e-mail address or the giver of the consent is missing.
        """
        _check(person, consent)
        with self._database.write() as connection:
            added = connection.execute(
                insert(people).values(**asdict(person)).returning(people.c.id)
            )
            key = int(added.scalar_one())
            _insert_consent(connection, key, consent)
            _log(connection, key, consent.given_on, role, f"added: {consent.purpose}")
        return key

    def consent(self, key: int, consent: Consent, *, role: Role = "staff") -> None:
        """Record a further consent.

        Raises
        ------
        NotFoundError
            There is no such person.
        """
        with self._database.write() as connection:
            _person(connection, key)
            _insert_consent(connection, key, consent)
            _log(connection, key, consent.given_on, role, f"consent: {consent.purpose}")

    def withdraw(self, key: int, purpose: Purpose, *, on: date, role: Role = "staff") -> None:
        """Record that the person takes a consent back; it counts no more from now on.

        Raises
        ------
        NotFoundError
            There is no such person.
        """
        with self._database.write() as connection:
            _person(connection, key)
            connection.execute(
                update(consents)
                .where(
                    consents.c.person_id == key,
                    consents.c.purpose == purpose,
                    consents.c.withdrawn_on.is_(None),
                )
                .values(withdrawn_on=on)
            )
            _log(connection, key, on, role, f"withdrawn: {purpose}")

    def of_cluster(self, cluster: str, purpose: Purpose) -> dict[int, Person]:
        """Persons of a cluster who consent to the purpose, by id."""
        valid = select(consents.c.person_id).where(
            consents.c.purpose == purpose, consents.c.withdrawn_on.is_(None)
        )
        query = (
            select(people)
            .where(people.c.cluster_id == cluster, people.c.id.in_(valid))
            .order_by(people.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return {row["id"]: _as_person(row) for row in rows}

    def everybody(self, cluster: str | None = None) -> dict[int, Contact]:
        """All persons that are kept, also without a consent that holds, by id."""
        query = select(people).order_by(people.c.cluster_id, people.c.name, people.c.id)
        if cluster:
            query = query.where(people.c.cluster_id == cluster)
        held = (
            select(consents.c.person_id, consents.c.purpose)
            .where(consents.c.withdrawn_on.is_(None))
            .distinct()
            .order_by(consents.c.purpose)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
            purposes: dict[int, list[Purpose]] = {row["id"]: [] for row in rows}
            for key, purpose in connection.execute(held):
                purposes.get(key, []).append(purpose)
        return {row["id"]: Contact(_as_person(row), tuple(purposes[row["id"]])) for row in rows}

    def contact_lines(self, cluster: str) -> tuple[str, ...]:
        """Contacts of a cluster as a brief names them: with consent to be introduced alone."""
        return tuple(
            ", ".join(part for part in (p.name, p.position, p.email, p.phone) if part)
            for p in self.of_cluster(cluster, "introduction").values()
        )

    def export(self, key: int) -> dict[str, Any]:
        """Give everything that is kept about a person, for the person.

        Returns
        -------
        dict
            ``person``, ``consents``, ``log``, and ``mentions``: texts that name the person.

        Raises
        ------
        NotFoundError
            There is no such person.
        """
        with self._database.read() as connection:
            person = _person(connection, key)
            return {
                "person": asdict(person),
                "consents": _rows(connection, consents, key),
                "log": _rows(connection, person_log, key),
                "mentions": sorted(_mentions(connection, person)),
            }

    def erase(self, key: int) -> None:
        """Forget a person completely: rows, consents, log, and every mention in a text.

        The file is rewritten, so that no freed page keeps the words. Others must not be writing
        at that moment; if one is, the data is gone from all answers and the rewriting is left to
        the next erasure.

        Raises
        ------
        NotFoundError
            There is no such person.
        StoreUnavailableError
            The file could not be rewritten now.
        """
        with self._database.write() as connection:
            person = _person(connection, key)
            for table in (consents, person_log):
                connection.execute(delete(table).where(table.c.person_id == key))
            connection.execute(delete(people).where(people.c.id == key))
            _scrub(connection, _blanker(person))
        self._database.compact([people, *(table for table, _ in _FREE_TEXT)])


def _check(person: Person, consent: Consent) -> None:
    faults = []
    if not person.name.strip():
        faults.append(FieldProblem("name", "is missing"))
    if not _MAIL.fullmatch(person.email):
        faults.append(FieldProblem("email", "is not an e-mail address"))
    if not consent.given_by.strip():
        faults.append(FieldProblem("given_by", "say who gave the consent, and how"))
    if faults:
        raise InvalidInputError("A person is kept only with a name and a recorded consent.", faults)


def _person(connection: Connection, key: int) -> Person:
    row = connection.execute(select(people).where(people.c.id == key)).mappings().first()
    if row is None:
        raise NotFoundError(f"There is no person {key}.")
    return _as_person(row)


def _as_person(row: RowMapping) -> Person:
    return Person(row["cluster_id"], row["name"], row["email"], row["position"], row["phone"])


def _insert_consent(connection: Connection, key: int, consent: Consent) -> None:
    connection.execute(insert(consents).values(person_id=key, **asdict(consent)))


def _log(connection: Connection, key: int, on: date, role: Role, action: str) -> None:
    connection.execute(insert(person_log).values(person_id=key, day=on, role=role, action=action))


def _rows(connection: Connection, table: Table, key: int) -> list[dict[str, Any]]:
    query = select(table).where(table.c.person_id == key).order_by(table.c.id)
    hidden = ("id", "person_id")
    return [
        {str(name): value for name, value in row.items() if name not in hidden}
        for row in connection.execute(query).mappings()
    ]


def _blanker(person: Person) -> Callable[[str], str]:
    """Replace what identifies the person, wherever it stands in a text as a word of its own."""
    words = [word for word in (person.name, person.email, person.phone) if word.strip()]
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(ERASED, text)


def _mentions(connection: Connection, person: Person) -> set[str]:
    blank = _blanker(person)
    return {
        text
        for _, column in _FREE_TEXT
        for text in connection.scalars(select(column))
        if blank(text) != text
    }


def _scrub(connection: Connection, blank: Callable[[str], str]) -> None:
    for table, column in _FREE_TEXT:
        for text in set(connection.scalars(select(column))):
            if (clean := blank(text)) != text:
                connection.execute(update(table).where(column == text).values({column.name: clean}))
