"""Persons that a table of participants names: kept with the consent that it states, else not."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from matcher.errors import FieldProblem
from matcher.events.rows import Row
from matcher.events.times import calendar_day
from matcher.i18n.message import Message
from matcher.introductions.contact_file import Listed
from matcher.introductions.contacts import Consent, Person, contact_faults
from matcher.profiles.names import plain

_NO = frozenset(("no", "not", "none", "never", "false", "0", "ni", "net", "nu", "ne"))
_SOURCE = "as the list of participants says: {text}"
_LONGEST = 200
_UNFIT = Message("is too long, or has signs that cannot be kept; the person was left out")
_COLUMNS = {"name": "contact", "given_by": "consent", "given_on": "consent_on"}
"""Columns of what is wrong with a person or a consent."""


def listed_person(row: Row, participant: str, unasked: list[Row]) -> Listed | None:
    """Read the person of a row, if it names one who consents.

    Parameters
    ----------
    participant
        Id under which the person is kept.
    unasked
        Takes the row where it names a person, but no consent.
    """
    name, email = row.text("contact"), row.text("email")
    if not (name or email):
        return None
    said = row.text("consent")
    if not said or plain(said).partition(" ")[0] in _NO:
        unasked.append(row)
        return None
    given_on = _day(row)
    if given_on is None:
        return None
    if not all(text.isprintable() and len(text) <= _LONGEST for text in (name, email, said)):
        row.remark("contact", _UNFIT)
        return None
    person = Person(participant, name or email, email)
    consent = Consent("meeting", _SOURCE.format(text=said), given_on)
    faults = contact_faults(person, consent)
    for fault in faults:
        column = _COLUMNS.get(str(fault.where), str(fault.where))
        row.remark(column, f"{fault.message}; the person was left out")
    is_dated = bool(row.text("consent_on"))
    return None if faults else Listed(person, consent, row.where, is_dated)


def name_unasked(rows: Sequence[Row]) -> list[FieldProblem]:
    """Name, all at once, the rows whose persons are left out."""
    if not rows:
        return []
    message = Message(
        "persons without a consent were left out: {count}, from {first} on. Say in a column "
        "“consent” who gave it, and how",
        count=str(len(rows)),
        first=rows[0].where,
    )
    return [FieldProblem("participants", message, "consent")]


def _day(row: Row) -> date | None:
    """Day of the consent, today where the row has none; ``None`` for what is no day."""
    text = row.text("consent_on")
    try:
        return calendar_day(text) if text else datetime.now(UTC).date()
    except ValueError:
        row.remark("consent_on", f"{text!r} is not a date; the person was left out")
        return None
