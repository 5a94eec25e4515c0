"""Routes for staff: contact persons and their consents; export and erasure for the person."""

from dataclasses import asdict
from datetime import date

from flask import Blueprint
from pydantic import BaseModel, Field

from matcher.introductions.contact_file import keep, read_contacts
from matcher.introductions.contacts import Consent, Contact, Person, Purpose
from matcher.introductions.workflow import Role
from matcher.web.api import staff
from matcher.web.api.calls import FILES, RowsRead, uploaded
from matcher.web.http.context import current_matcher, name_of, today
from matcher.web.http.operations import Operation
from matcher.web.http.uploads import UPLOAD_PROBLEMS, field_errors
from matcher.web.http.validation import Given

people = Blueprint("people", __name__, url_prefix="/api/v1")


class GivenConsent(Given):
    """What a person allows, who said so and how, and when (today when absent)."""

    purpose: Purpose
    given_by: str = Field(min_length=1, max_length=300)
    given_on: date | None = None


class Details(Given):
    """How a contact person is called and reached; the cluster by name or id."""

    cluster: str = Field(min_length=1, max_length=300, description="Name or id.")
    name: str = Field(min_length=1, max_length=200)
    email: str = Field(min_length=1, max_length=200)
    position: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=60)

    def person(self) -> Person:
        """Return the person, of the cluster that the matcher finds by that name."""
        key = current_matcher().find(self.cluster).id
        return Person(key, self.name, self.email, self.position, self.phone)


class NewPerson(Details):
    """A contact person; nobody is kept without a consent."""

    consent: GivenConsent


class PeopleSearch(Given):
    """Whose contacts, and for what."""

    cluster: str | None = Field(
        default=None, description="Of this cluster only, by its id.", min_length=1
    )
    purpose: Purpose | None = Field(
        default=None, description="Only persons who consent to this at present."
    )


class Withdrawal(Given):
    """What a person no longer allows."""

    purpose: Purpose


class ErasureWish(Given):
    """What of the doubtful is to go with a person."""

    also: tuple[str, ...] = Field(
        default=(),
        max_length=100,
        description="Place of a doubtful text, as the export names it, that means the person, too.",
    )


class ConsentLine(BaseModel):
    """A consent; it holds while `withdrawn_on` is ``None``."""

    purpose: Purpose
    given_by: str
    given_on: date
    withdrawn_on: date | None


class LogLine(BaseModel):
    """What was done with a person's data, by whom, and when."""

    day: date
    role: Role
    action: str


class PersonKept(BaseModel):
    """A contact person's own data."""

    cluster_id: str
    name: str
    email: str
    position: str
    phone: str


class PersonAnswer(PersonKept):
    """A contact person with the key to ask by, and the consents that hold.

    Nobody without one may be written to; such a person is listed to be erased.
    """

    id: int
    cluster_name: str
    consents: tuple[Purpose, ...]


class PeopleList(BaseModel):
    """Persons, sorted by cluster and name."""

    people: tuple[PersonAnswer, ...]


class DoubtfulMention(BaseModel):
    """A text that may mean a person, or somebody or something of a like name: for staff to judge.

    `place` is what an erasure takes; `words` are those in doubt.
    """

    place: str
    text: str
    words: tuple[str, ...]


class PersonExport(BaseModel):
    """Everything that is kept about a person.

    `mentions` are texts that surely name the person, `doubtful` the first hundred that may.
    """

    person: PersonKept
    consents: tuple[ConsentLine, ...]
    log: tuple[LogLine, ...]
    mentions: tuple[str, ...]
    doubtful: tuple[DoubtfulMention, ...]


class Erased(BaseModel):
    """That nothing that surely is a person's is left in any record or file of the database."""

    erased: int


@people.get("/people")
@Operation(query=PeopleSearch, scope=staff.SCOPE)
def list_people(search: PeopleSearch) -> PeopleList:
    """List contacts.

    Also those whose consents have all ended: their data is kept until they are erased. With a
    purpose, only those who consent to it at present.
    """
    staff.shown("read contacts", search.cluster or "all clusters")
    found = staff.current_desk().people.everybody(search.cluster)
    lines = tuple(
        _line(key, one)
        for key, one in found.items()
        if search.purpose is None or search.purpose in one.consents
    )
    return PeopleList(people=lines)


@people.post("/people")
@Operation(
    problems=("cluster-not-found", "ambiguous-name"),
    example={
        "cluster": "ua-kharkiv-it-cluster",
        "name": "A. Example",
        "email": "contact@example.org",
        "consent": {"purpose": "introduction", "given_by": "herself, by e-mail"},
    },
    scope=staff.SCOPE,
)
def add_person(given: NewPerson) -> PersonAnswer:
    """Add a contact person.

    With the consent that allows it. Contacts appear on a brief only when both sides have agreed
    to be introduced.
    """
    person = given.person()
    with staff.entered("add person", person.cluster_id) as outcome:
        key = staff.current_desk().people.add(person, _consent(given.consent))
        outcome.text = f"person {key}"
    kept = Contact(person, (given.consent.purpose,))
    return _line(key, kept)


@people.get("/people/<person_id>")
@Operation(scope=staff.SCOPE)
def person(person_id: int) -> PersonExport:
    """Everything kept about a person.

    For the person, who may ask for it.
    """
    staff.shown("export person", f"person {person_id}")
    return _export(person_id)


@people.put("/people/<person_id>")
@Operation(
    problems=("cluster-not-found", "ambiguous-name"),
    example={
        "cluster": "ua-kharkiv-it-cluster",
        "name": "A. Example",
        "email": "office@example.org",
    },
    scope=staff.SCOPE,
)
def change_person(given: Details, person_id: int) -> PersonExport:
    """Correct how a person is called or reached.

    All details are sent, also those that stay; the consents stay as they are.
    """
    with staff.entered("correct person", f"person {person_id}"):
        staff.current_desk().people.change(person_id, given.person(), on=today())
    return _export(person_id)


@people.post("/people:import")
@Operation(takes=FILES, problems=(*UPLOAD_PROBLEMS, "invalid-input"), scope=staff.SCOPE)
def import_people() -> RowsRead:
    """Take in the contact persons of a file.

    CSV or XLSX, a row for each person with the consent that allows it. Who is kept already gains
    the consent alone; a list brings back no consent that was withdrawn since. Good rows are
    entered; every other one is named with its line, column and reason.
    """
    content, name = uploaded()
    read = read_contacts(content, current_matcher().find, today(), name)
    with staff.entered("import persons", "from a file") as outcome:
        entered, ended = keep(staff.current_desk().people, read.contacts)
        outcome.text = f"{entered} persons or consents"
    return RowsRead(entered, field_errors((*read.problems, *ended)))


@people.post("/people/<person_id>/consents")
@Operation(example={"purpose": "meeting", "given_by": "herself, by e-mail"}, scope=staff.SCOPE)
def add_consent(given: GivenConsent, person_id: int) -> PersonExport:
    """Record a further consent."""
    with staff.entered("record consent", f"person {person_id}: {given.purpose}"):
        staff.current_desk().people.consent(person_id, _consent(given))
    return _export(person_id)


@people.post("/people/<person_id>/withdrawals")
@Operation(example={"purpose": "introduction"}, scope=staff.SCOPE)
def withdraw_consent(given: Withdrawal, person_id: int) -> PersonExport:
    """Record that a consent is taken back.

    From now on the contact is shown for that purpose no more; the details stay stored until the
    person is erased.
    """
    with staff.entered("withdraw consent", f"person {person_id}: {given.purpose}"):
        staff.current_desk().people.withdraw(person_id, given.purpose, on=today())
    return _export(person_id)


@people.post("/people/<person_id>/erasure")
@Operation(
    query=ErasureWish,
    problems=("model-unavailable", "index-unavailable", "index-busy"),
    scope=staff.SCOPE,
)
def erase_person(wish: ErasureWish, person_id: int) -> Erased:
    """Erase a person.

    For good: the person, the consents and every sure mention in any text; of the doubtful ones
    those that are named. Where the answer says that the erasure is not finished, the same request
    finishes it; for somebody who is erased already it does nothing.
    """
    with staff.entered("erase person", f"person {person_id}"):
        staff.current_desk().people.erase(person_id, wish.also)
        current_matcher().reindex_if_changed()  # a profile may have named the person
    return Erased(erased=person_id)


def _export(key: int) -> PersonExport:
    return PersonExport.model_validate(staff.current_desk().people.export(key))


def _consent(given: GivenConsent) -> Consent:
    return Consent(given.purpose, given.given_by, given.given_on or today())


def _line(key: int, one: Contact) -> PersonAnswer:
    person, name = asdict(one.person), name_of(one.person.cluster_id)
    return PersonAnswer(id=key, cluster_name=name, consents=one.consents, **person)
