"""The outbox: every letter is in the database before it is sent, and what became of it after."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal, get_args
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select, update

from matcher.errors import ConflictError, FieldProblem, InvalidInputError, NotFoundError
from matcher.i18n.languages import Language
from matcher.mail.letter import Letter, write
from matcher.mail.stops import Stops, is_stopped
from matcher.mail.tables import outbox
from matcher.store.database import Database, Repository, inserted, now, row_of

State = Literal[
    "waiting", "sending", "sent", "filed", "uncertain", "failed", "bounced", "stopped", "expired"
]
STATES: tuple[State, ...] = get_args(State)
TROUBLED: tuple[State, ...] = ("uncertain", "failed", "bounced")
"""States that staff are told of."""

AGAIN: tuple[State, ...] = ("filed", "uncertain", "failed", "bounced")
"""States from which a letter may be sent again, by somebody's decision."""

ADDRESS = re.compile(r"[^@\s<>(),;:\"\\]{1,64}@[^@\s<>(),;:\"\\]{1,190}\.[^@\s<>(),;:\"\\.]{1,60}")
FORGOTTEN = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter in the outbox.

    Attributes
    ----------
    id, message_id
        Its number, and the Message-ID that all tries to send it share.
    kind, recipient, language, subject, text, html, unsubscribe
        What it is about, who gets it, and what they get; texts with a one-time link are emptied
        once it is sent.
    until
        Until when its one-time link works; ``None`` for a letter without one.
    state, tries, problem
        What became of it so far, and why not more.
    due, created, noted
        When it is tried next, was written, and last changed; ISO 8601 in UTC.
    """

    id: int
    message_id: str
    kind: str
    recipient: str
    language: str
    subject: str
    text: str
    html: str
    unsubscribe: str | None
    until: str | None
    state: State
    tries: int
    due: str
    created: str
    noted: str
    problem: str

    @property
    def is_secret(self) -> bool:
        """Whether it holds a link that only its reader may see."""
        return self.until is not None

    def for_staff(self) -> "Mail":
        """Return what staff may see of it: nothing of a one-time link."""
        return replace(self, text=FORGOTTEN, html=FORGOTTEN) if self.is_secret else self

    def message(self, sender: str) -> EmailMessage:
        """Return the message as it is sent, the same at each try."""
        made = EmailMessage(policy=SMTP)
        made["From"] = sender
        made["To"] = self.recipient
        made["Subject"] = self.subject
        made["Date"] = datetime.fromisoformat(self.created)
        made["Message-ID"] = self.message_id
        made["Auto-Submitted"] = "auto-generated"
        if self.unsubscribe:
            made["List-Unsubscribe"] = f"<{self.unsubscribe}>"
        made.set_content(self.text)
        made.add_alternative(self.html, subtype="html")
        made["Content-Language"] = self.language
        return made


class Outbox(Repository):
    """The letters of a database."""

    def get(self, key: int) -> Mail:
        """Read a letter.

        Raises
        ------
        NotFoundError
            There is none of that number.
        """
        with self._database.read() as connection:
            return _found(connection, key)

    def last(self, limit: int, state: State | None = None) -> list[Mail]:
        """Read the newest letters, the newest first."""
        query = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
        if state:
            query = query.where(outbox.c.state == state)
        return [_mail(row) for row in self._database.rows(query)]

    def counts(self) -> dict[State, int]:
        """Count the letters of each state that there are."""
        query = select(outbox.c.state, func.count().label("letters")).group_by(outbox.c.state)
        with self._database.read() as connection:
            found = {row.state: row.letters for row in connection.execute(query)}
        return {state: found[state] for state in STATES if state in found}

    def has_work(self) -> bool:
        """Whether a letter is due, or was left by a sender that died."""
        open_ = (outbox.c.state == "sending") | _is_due()
        with self._database.read() as connection:
            return connection.scalar(select(outbox.c.id).where(open_).limit(1)) is not None

    def due(self) -> list[int]:
        """Numbers of the letters whose time has come, the oldest first."""
        query = select(outbox.c.id).where(_is_due()).order_by(outbox.c.id)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def begin(self, key: int) -> Mail | None:
        """Note that a letter is being sent, before anything is sent of it.

        Returns
        -------
        Mail
            The letter; ``None`` where it need not or must not be sent any more.
        """
        with self._database.write() as connection:
            mail = _found(connection, key)
            if mail.state != "waiting":
                return None
            if mail.until and mail.until <= now():
                _note(connection, mail, "expired", "Its link works no more.")
                return None
            if mail.unsubscribe and is_stopped(connection, mail.recipient):
                _note(connection, mail, "stopped", "The reader wants no such letters.")
                return None
            values = {"state": "sending", "tries": mail.tries + 1, "noted": now()}
            connection.execute(update(outbox).where(outbox.c.id == key).values(values))
            return _found(connection, key)

    def end(self, mail: Mail, state: State, problem: str = "", due: str | None = None) -> None:
        """Note what came of sending a letter."""
        with self._database.write() as connection:
            if _found(connection, mail.id).state in ("sending", "uncertain"):
                _note(connection, mail, state, problem, due)

    def doubt(self) -> None:
        """Note letters as uncertain whose sender died between sending and noting."""
        cut = "The service stopped between sending it and noting so: it may have arrived."
        values = {"state": "uncertain", "problem": cut, "noted": now()}
        lost = update(outbox).where(outbox.c.state == "sending")
        with self._database.write() as connection:
            connection.execute(lost.values(values))

    def again(self, key: int) -> None:
        """Send a letter again, with the Message-ID that it had.

        Raises
        ------
        NotFoundError
            There is none of that number.
        ConflictError
            It is on its way, or its text is forgotten.
        """
        with self._database.write() as connection:
            mail = _found(connection, key)
            if mail.state not in AGAIN:
                raise ConflictError(f"Letter {key} is {mail.state}: there is nothing to repeat.")
            if not mail.text:
                raise ConflictError(
                    f"Letter {key} held a one-time link, which is not kept. Ask for a new one."
                )
            values = {"state": "waiting", "tries": 0, "due": now(), "noted": now(), "problem": ""}
            connection.execute(update(outbox).where(outbox.c.id == key).values(values))

    def first_of(self, message_ids: Sequence[str]) -> Mail:
        """Read the letter that has one of these Message-IDs.

        Raises
        ------
        NotFoundError
            None of ours has.
        """
        query = select(outbox).where(outbox.c.message_id.in_(message_ids[:20]))
        row = self._database.first(query)
        if row is None:
            raise NotFoundError("This report is about none of our letters.")
        return _mail(row)

    def bounce(self, key: int, problem: str) -> None:
        """Note that a letter has come back.

        Raises
        ------
        NotFoundError
            There is none of that number.
        """
        with self._database.write() as connection:
            _note(connection, _found(connection, key), "bounced", problem)


class Post:
    """Puts letters into the outbox.

    Parameters
    ----------
    database
        Where it is.
    origin
        Address of the service as readers have it; links in letters begin with it.
    """

    def __init__(self, database: Database, origin: str) -> None:
        self.origin = origin
        self._stops = Stops(database)

    def put(
        self,
        connection: Connection,
        letter: Letter,
        to: str,
        language: Language,
        *,
        until: datetime | None = None,
        stoppable: bool = False,
        about: str = "",
    ) -> int:
        """Put a letter into the outbox, in the transaction of what it tells of.

        Parameters
        ----------
        connection
            Of a writing transaction.
        letter, to, language
            What, to which address, in whose language.
        until
            Until when its one-time link works, if it has one.
        stoppable
            Whether its reader may end letters of this kind; it then says how.
        about
            What its Message-ID begins with, by which `withdraw` finds it.

        Returns
        -------
        int
            The number of the letter.

        Raises
        ------
        InvalidInputError
            That is not an e-mail address.
        """
        address, host = checked(to), urlsplit(self.origin).hostname
        stop = f"{self.origin}/unsubscribe?t={self._stops.ticket(address)}" if stoppable else None
        row = {
            "message_id": f"<{about}{secrets.token_hex(16)}@{host}>",
            "kind": letter.kind,
            "recipient": address,
            "language": language.code,
            **asdict(write(letter, language, stop)),
            "unsubscribe": stop,
            "until": until.isoformat(timespec="microseconds") if until else None,
            "state": "waiting",
            "tries": 0,
            "due": now(),
            "created": now(),
            "noted": now(),
            "problem": "",
        }
        return inserted(connection, outbox, row)


def withdraw(connection: Connection, about: str) -> bool | None:
    """Stop the newest letter about something, unless it has gone; ``None`` where there is none."""
    ours = outbox.c.message_id.startswith(f"<{about}", autoescape=True)
    query = select(outbox).where(ours).order_by(outbox.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    if row is None or row["state"] == "stopped":
        return None
    if row["state"] not in ("waiting", "failed"):
        return False
    _note(connection, _mail(row), "stopped", "The step that it tells of was taken back.")
    return True


def checked(address: str) -> str:
    """Return an e-mail address without blanks around it.

    Raises
    ------
    InvalidInputError
        It is none.
    """
    address = address.strip()
    if not is_address(address):
        problem = FieldProblem("form", "is not an e-mail address", "email")
        raise InvalidInputError("Give an e-mail address such as name@example.org.", [problem])
    return address


def is_address(text: str) -> bool:
    """Whether letters can be sent to it."""
    return bool(ADDRESS.fullmatch(text)) and text.isascii() and text.isprintable()


def _is_due() -> ColumnElement[bool]:
    return (outbox.c.state == "waiting") & (outbox.c.due <= now())


def _note(
    connection: Connection, mail: Mail, state: State, problem: str, due: str | None = None
) -> None:
    """Note a state; a letter with a one-time link that will not be sent again is emptied."""
    values: dict[str, object] = {"state": state, "noted": now(), "problem": problem}
    if due:
        values["due"] = due
    if mail.is_secret and state not in ("waiting", "uncertain", "failed"):
        values |= {"text": FORGOTTEN, "html": FORGOTTEN}
    connection.execute(update(outbox).where(outbox.c.id == mail.id).values(values))


def _found(connection: Connection, key: int) -> Mail:
    row = row_of(connection, outbox, key)
    if row is None:
        raise NotFoundError(f"There is no letter {key}.")
    return _mail(row)


def _mail(row: RowMapping) -> Mail:
    return Mail(**row)
