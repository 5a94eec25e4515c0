"""Routes for staff: letters by e-mail, and what became of them."""

from dataclasses import asdict

from flask import Blueprint, request
from pydantic import BaseModel, Field
from werkzeug.exceptions import BadRequest

from matcher.mail.bounces import note_bounce
from matcher.mail.outbox import Mail, Outbox, State
from matcher.web.api import staff
from matcher.web.http.context import current_database
from matcher.web.http.operations import Operation
from matcher.web.http.validation import Given

outbox = Blueprint("outbox", __name__, url_prefix="/api/v1")
MOST = 200


class LetterSearch(Given):
    """Which letters to list."""

    state: State | None = Field(default=None, description="In this state only.")
    limit: int = Field(default=50, ge=1, le=MOST, description="How many, the newest first.")


class LetterAnswer(BaseModel):
    """A letter; the text of one with a one-time link is only its reader's, and empty here."""

    id: int
    kind: str
    recipient: str
    language: str
    subject: str
    text: str
    is_secret: bool
    state: State
    tries: int
    due: str
    created: str
    noted: str
    problem: str


class LetterList(BaseModel):
    """Letters, the newest first; `counts` are of all letters, by state."""

    letters: tuple[LetterAnswer, ...]
    counts: dict[State, int]


@outbox.get("/outbox")
@Operation(query=LetterSearch, scope=staff.SCOPE)
def letters(wanted: LetterSearch) -> LetterList:
    """List letters."""
    box = _box()
    found = tuple(_answer(mail) for mail in box.last(wanted.limit, wanted.state))
    return LetterList(letters=found, counts=box.counts())


@outbox.post("/outbox/<letter_id>/again")
@Operation(problems=("conflict",), scope=staff.SCOPE)
def again(letter_id: int) -> LetterAnswer:
    """Send a letter again.

    One that failed, came back, was only filed, or may not have arrived. It keeps its Message-ID,
    so that a mail program that has it already shows it once.
    """
    with staff.entered("send letter again", f"letter {letter_id}"):
        _box().again(letter_id)
    return _answer(_box().get(letter_id))


@outbox.post("/outbox/<letter_id>/bounce")
@Operation(scope=staff.SCOPE)
def bounced(letter_id: int) -> LetterAnswer:
    """Note that a letter has come back."""
    with staff.entered("note bounce", f"letter {letter_id}"):
        _box().bounce(letter_id, "Noted by hand as come back.")
    return _answer(_box().get(letter_id))


@outbox.post("/outbox:bounces")
@Operation(
    takes=("multipart/form-data",),
    problems=("malformed-request", "too-large", "unreadable-file", "not-found"),
    scope=staff.SCOPE,
)
def bounce_report() -> LetterAnswer:
    """Read the report of a letter that came back.

    The file that a mail program saves (`.eml`). The letter that it names is noted as bounced; an
    address that does not exist is not written to any more.
    """
    file = request.files.get("file")
    if file is None:
        raise BadRequest("Send the report as the form field named file.")
    with staff.entered("note bounce", "from a report") as outcome:
        mail = note_bounce(current_database(), file.read())
        outcome.text = f"letter {mail.id}"
    return _answer(_box().get(mail.id))


def _box() -> Outbox:
    return Outbox(current_database())


def _answer(mail: Mail) -> LetterAnswer:
    return LetterAnswer(**asdict(mail.for_staff()), is_secret=mail.is_secret)
