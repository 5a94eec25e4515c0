"""Contact persons: kept only with their consent, shown only for its purpose, erased for good."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, Table, func, insert, select, update

from matcher.errors import FieldProblem, InvalidInputError, NotFoundError
from matcher.introductions.readdressing import readdress
from matcher.introductions.tables import consents, people, person_log
from matcher.mail.outbox import is_address
from matcher.store.database import Repository, row_of
from matcher.store.erasures import Mention, Wanted, finish, forget, is_forgotten, mentions
from matcher.store.mentions import keys_of, name_words
from matcher.store.tables import erasures

Purpose = Literal["introduction", "meeting"]
Role = Literal["staff", "guest"]
_PHONE = re.compile(r"(?:\D*\d){5,20}\D*")
_HOLDS = consents.c.withdrawn_on.is_(None)
_SHOWN = 100
"""Doubtful mentions that are listed at most."""


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


class People(Repository):
    """Contact persons of a database."""

    def add(self, person: Person, consent: Consent) -> int:
        """Keep a person; there is no way to do so without a consent.

        Returns
        -------
        int
            The person's id.

        Raises
        ------
        InvalidInputError
            Name, e-mail address or the giver of the consent is missing, the telephone number is
            none, or the day of the consent is to come.
        """
        if faults := contact_faults(person, consent):
            raise InvalidInputError("A contact person needs a name and a recorded consent.", faults)
        with self._database.write() as connection:
            key = _new_key(connection)
            connection.execute(insert(people).values(id=key, **asdict(person)))
            _insert_consent(connection, key, consent)
            _log(connection, key, consent.given_on, f"added: {consent.purpose}")
        return key

    def get(self, key: int) -> Person:
        """Read a person.

        Raises
        ------
        NotFoundError
            There is no such person.
        """
        with self._database.read() as connection:
            return _person(connection, key)

    def change(self, key: int, person: Person, *, on: date) -> None:
        """Correct how a person is called or reached; the consents stay as they are.

        Raises
        ------
        NotFoundError
            There is no such person.
        InvalidInputError
            Name or e-mail address is missing, or the telephone number is none.
        """
        if faults := _person_faults(person):
            raise InvalidInputError("The person cannot be kept like that.", faults)
        with self._database.write() as connection:
            before = _person(connection, key)
            connection.execute(update(people).where(people.c.id == key).values(**asdict(person)))
            readdress(connection, before.cluster_id, before.email, person.email)
            _log(connection, key, on, "corrected")

    def consent(self, key: int, consent: Consent) -> None:
        """Record a further consent.

        Raises
        ------
        NotFoundError
            There is no such person.
        InvalidInputError
            The day is to come.
        """
        if faults := _to_come(consent):
            raise InvalidInputError("This consent cannot be recorded.", faults)
        with self._database.write() as connection:
            _person(connection, key)
            _insert_consent(connection, key, consent)
            _log(connection, key, consent.given_on, f"consent: {consent.purpose}")

    def withdrawals(self) -> dict[tuple[int, Purpose], date]:
        """Give the day on which each person last took back a consent to each purpose."""
        query = (
            select(consents.c.person_id, consents.c.purpose, func.max(consents.c.withdrawn_on))
            .where(consents.c.withdrawn_on.is_not(None))
            .group_by(consents.c.person_id, consents.c.purpose)
        )
        with self._database.read() as connection:
            return {(key, purpose): day for key, purpose, day in connection.execute(query)}

    def follow(self, moved: Mapping[str, str]) -> None:
        """Let persons follow when whom they belong to is kept under another id.

        Parameters
        ----------
        moved
            Old id -> new id.
        """
        with self._database.write() as connection:
            for old, new in moved.items():
                there = people.c.cluster_id == old
                connection.execute(update(people).where(there).values(cluster_id=new))

    def withdraw(self, key: int, purpose: Purpose, *, on: date, by: Role = "staff") -> None:
        """Record that a consent is taken back; it counts no more from now on.

        Raises
        ------
        NotFoundError
            There is no such person.
        """
        with self._database.write() as connection:
            _person(connection, key)
            given = (consents.c.person_id == key) & (consents.c.purpose == purpose)
            connection.execute(update(consents).where(given, _HOLDS).values(withdrawn_on=on))
            _log(connection, key, on, f"withdrawn: {purpose}", by)

    def unnamed(self) -> set[int]:
        """Ids of those whose consent to meetings was taken back by a guest of an event."""
        taken_back = person_log.c.action == "withdrawn: meeting"
        query = select(person_log).where(taken_back).order_by(person_log.c.id)
        last = {row["person_id"]: row["role"] for row in self._database.rows(query)}
        return {key for key, role in last.items() if role == "guest"}

    def of_cluster(self, cluster: str, purpose: Purpose) -> dict[int, Person]:
        """Persons of a cluster who consent to the purpose, by id."""
        valid = select(consents.c.person_id).where(consents.c.purpose == purpose, _HOLDS)
        theirs = (people.c.cluster_id == cluster) & people.c.id.in_(valid)
        query = select(people).where(theirs).order_by(people.c.id)
        return {row["id"]: _as_person(row) for row in self._database.rows(query)}

    def everybody(self, cluster: str | None = None) -> dict[int, Contact]:
        """All persons that are kept, also without a consent that holds, by id."""
        query = select(people).order_by(people.c.cluster_id, people.c.name, people.c.id)
        if cluster:
            query = query.where(people.c.cluster_id == cluster)
        held = (
            select(consents.c.person_id, consents.c.purpose)
            .where(_HOLDS)
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
            ``person``, ``consents``, ``log``; ``mentions``: texts that surely name the person;
            ``doubtful``: those that may, each with its place, its text, and the words in doubt.

        Raises
        ------
        NotFoundError
            There is no such person.
        """
        with self._database.read() as connection:
            person = _person(connection, key)
            keys, _ = _surely(connection, key)
            found = list(mentions(connection, Wanted(keys.__contains__, name_words(person.name))))
            return {
                "person": asdict(person),
                "consents": _rows(connection, consents, key),
                "log": _rows(connection, person_log, key),
                "mentions": sorted({one.text for one in found if not one.words}),
                "doubtful": [asdict(one) for one in _doubtful(found)],
            }

    def erase(self, key: int, also: Collection[str] = ()) -> None:
        """Forget a person completely: rows, consents, log, and every sure mention in a text.

        An erasure is a state: at first the person goes from all records, then the files are
        rewritten, so that no freed page keeps a word. Where the second is not done, because the
        process died, others held the database or the disk was full, the same call finishes it;
        for somebody who is erased already it does nothing more.

        Parameters
        ----------
        key
            The person's id. Whoever has the same name and e-mail address is the same person, also
            as a contact of another cluster.
        also
            Places of doubtful mentions, as the export names them, that are the person.

        Raises
        ------
        NotFoundError
            There never was such a person.
        InvalidInputError
            There is no doubtful mention in a place of `also`.
        StoreUnavailableError
            The erasure was not begun, or not finished: the text says which.
        """
        with self._database.write() as connection:
            if row_of(connection, people, key) is not None or not is_forgotten(connection, key):
                person = _person(connection, key)
                keys, rows = _surely(connection, key)
                words = name_words(person.name)
                _require_doubtful(connection, Wanted(keys.__contains__, words), also)
                forget(connection, rows, keys, words, also)
        finish(self._database)


def contact_faults(person: Person, consent: Consent) -> list[FieldProblem]:
    """Name what is missing or wrong of a person and a consent; empty where both may be kept."""
    faults = _person_faults(person)
    if not consent.given_by.strip():
        faults.append(FieldProblem("given_by", "say who gave the consent, and how"))
    return faults + _to_come(consent)


def _person_faults(person: Person) -> list[FieldProblem]:
    faults = []
    if not person.name.strip():
        faults.append(FieldProblem("name", "is missing"))
    if not is_address(person.email):
        faults.append(FieldProblem("email", "is not an e-mail address"))
    if person.phone.strip() and not _PHONE.fullmatch(person.phone):
        faults.append(FieldProblem("phone", "is not a telephone number: give 5 to 20 digits"))
    return faults


def _to_come(consent: Consent) -> list[FieldProblem]:
    if consent.given_on <= datetime.now(UTC).date():
        return []
    return [FieldProblem("given_on", f"{consent.given_on} is to come: a consent is given first")]


def _new_key(connection: Connection) -> int:
    """A number that nobody has, nor anybody erased: else an erasure repeated would hit another."""
    used = (connection.scalar(select(func.max(one))) for one in (people.c.id, erasures.c.person_id))
    return 1 + max(key or 0 for key in used)


def _surely(connection: Connection, key: int) -> tuple[frozenset[str], list[RowMapping]]:
    """What surely is this person and nobody else, and all rows that are the person's."""
    rows = connection.execute(select(people).order_by(people.c.id)).mappings().all()
    told = {row["id"]: _traits(row) for row in rows}
    same = [row for row in rows if told[row["id"]] == told[key]]
    ours = frozenset().union(*(_keys(row) for row in same))
    return ours.difference(*(_keys(row) for row in rows if row not in same)), same


def _doubtful(found: Iterable[Mention]) -> list[Mention]:
    """Doubtful mentions, those that staff wrote before the many words of public profiles."""
    doubtful = sorted((one for one in found if one.words), key=lambda one: one.in_profile)
    return doubtful[:_SHOWN]


def _require_doubtful(connection: Connection, wanted: Wanted, places: Collection[str]) -> None:
    there = {one.place for one in mentions(connection, wanted) if one.words} if places else set()
    problems = [
        FieldProblem("also", f"no text in doubt is at {place!r}: see `doubtful` in the export")
        for place in places
        if place not in there
    ]
    if problems:
        raise InvalidInputError("Nobody was erased.", problems)


def _traits(row: RowMapping) -> tuple[frozenset[str], str]:
    return name_words(row["name"]), row["email"].casefold()


def _keys(row: RowMapping) -> frozenset[str]:
    return keys_of(row["name"], row["email"], row["phone"])


def _person(connection: Connection, key: int) -> Person:
    row = row_of(connection, people, key)
    if row is None:
        raise NotFoundError(f"There is no person {key}.")
    return _as_person(row)


def _as_person(row: RowMapping) -> Person:
    return Person(row["cluster_id"], row["name"], row["email"], row["position"], row["phone"])


def _insert_consent(connection: Connection, key: int, consent: Consent) -> None:
    connection.execute(insert(consents).values(person_id=key, **asdict(consent)))


def _log(connection: Connection, key: int, on: date, action: str, by: Role = "staff") -> None:
    connection.execute(insert(person_log).values(person_id=key, day=on, role=by, action=action))


def _rows(connection: Connection, table: Table, key: int) -> list[dict[str, Any]]:
    query = select(table).where(table.c.person_id == key).order_by(table.c.id)
    hidden = ("id", "person_id")
    return [
        {str(name): value for name, value in row.items() if name not in hidden}
        for row in connection.execute(query).mappings()
    ]
