"""Links by which participants serve themselves: mailed by staff, without an account."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, RowMapping, insert, select, update

from matcher.accounts.tickets import TicketError, digest
from matcher.events.event import Event
from matcher.mail.tables import participant_links
from matcher.store.database import Database, now

AFTER = timedelta(days=30)
"""How long a link works after the last meeting, so that participants can say how it was."""

Place = tuple[str, str]
"""A participant and one of its addresses, in small letters."""


class WithdrawnError(TicketError):
    """The organisers have withdrawn the link."""


@dataclass(frozen=True, slots=True)
class GuestLink:
    """A link that was mailed.

    Attributes
    ----------
    event_id, participant_id, email, language
        Whose it is, at which address, and in which language.
    sent, expires, withdrawn, checked
        When it was made, ends, was withdrawn, and when the participant confirmed its details;
        ISO 8601 in UTC.
    """

    event_id: str
    participant_id: str
    email: str
    language: str
    sent: str
    expires: str
    withdrawn: str | None
    checked: str | None

    @property
    def works(self) -> bool:
        """Whether it still opens the page."""
        return self.withdrawn is None and self.expires > now()


@dataclass(frozen=True, slots=True)
class Issued:
    """A new link: addresses of the page and of the calendar."""

    page: str
    calendar: str


class GuestLinks:
    """The links of a database.

    Parameters
    ----------
    database
        Where they are, as digests alone.
    origin
        Address of the service as readers have it.
    """

    def __init__(self, database: Database, origin: str) -> None:
        self._database = database
        self._origin = origin

    def issue(
        self, connection: Connection, event: Event, participant_id: str, email: str, language: str
    ) -> Issued:
        """Make a link for a letter, in the transaction that puts the letter into the outbox."""
        secret = secrets.token_urlsafe(32)
        row = {
            "digest": digest(secret),
            "calendar": digest(_calendar_secret(secret)),
            "event_id": event.id,
            "participant_id": participant_id,
            "email": email,
            "language": language,
            "sent": now(),
            "expires": last_moment(event).isoformat(timespec="microseconds"),
        }
        connection.execute(insert(participant_links).values(row))
        page = f"{self._origin}/participant?t={secret}"
        return Issued(page, calendar_address(self._origin, secret))

    def look(self, secret: str, *, at: Literal["digest", "calendar"] = "digest") -> GuestLink:
        """Read whose page a link opens, or whose calendar an address gives.

        Raises
        ------
        WithdrawnError, TicketError
            It was withdrawn; it is unknown or has ended.
        """
        query = select(participant_links).where(participant_links.c[at] == digest(secret))
        row = self._database.first(query)
        if row is None:
            raise TicketError
        link = _link(row)
        if link.withdrawn:
            raise WithdrawnError
        if not link.works:
            raise TicketError
        return link

    def newest(self, event_id: str) -> dict[str, GuestLink]:
        """The newest link of each participant of an event, withdrawn or not."""
        return {link.participant_id: link for link in self._of_event(event_id)}

    def at_addresses(self, event_id: str) -> dict[Place, GuestLink]:
        """The newest link of each participant at each of its addresses, withdrawn or not."""
        return {place(link.participant_id, link.email): link for link in self._of_event(event_id)}

    def withdraw(self, event_id: str, participants: set[str]) -> None:
        """End all links of some participants, and of their calendars."""
        theirs = participant_links.c.participant_id.in_(sorted(participants))
        live = (participant_links.c.event_id == event_id) & participant_links.c.withdrawn.is_(None)
        self._database.change(
            update(participant_links).where(live & theirs).values(withdrawn=now())
        )

    def check(self, event_id: str, participant_id: str) -> None:
        """Note that a participant has looked its details through."""
        of_event = participant_links.c.event_id == event_id
        whose = of_event & (participant_links.c.participant_id == participant_id)
        self._database.change(update(participant_links).where(whose).values(checked=now()))

    def _of_event(self, event_id: str) -> list[GuestLink]:
        """All links to an event, the newest last."""
        query = select(participant_links).where(participant_links.c.event_id == event_id)
        return [_link(row) for row in self._database.rows(query.order_by(participant_links.c.sent))]


def place(participant_id: str, email: str) -> Place:
    """Return where a participant is written to, however its address is spelt."""
    return participant_id, email.casefold()


def last_moment(event: Event) -> datetime:
    """Return until when links to an event work."""
    return event.slots[-1].end + AFTER


def calendar_address(origin: str, secret: str) -> str:
    """Return where the calendar of a link is read."""
    return f"{origin}/participant.ics?t={_calendar_secret(secret)}"


def _calendar_secret(secret: str) -> str:
    """Derive what opens the calendar and nothing else: programs pass its address around."""
    return digest(f"calendar:{secret}")


def _link(row: RowMapping) -> GuestLink:
    return GuestLink(**{name: row[name] for name in GuestLink.__slots__})
