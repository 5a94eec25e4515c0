"""One-time links: bound to a purpose, used once, gone in time; kept as a digest alone."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from matcher.accounts.tables import tickets
from matcher.errors import MatcherError
from matcher.store.database import now

Purpose = Literal["sign in", "invite"]
LASTING: dict[Purpose, timedelta] = {
    "sign in": timedelta(minutes=30),
    "invite": timedelta(days=7),
}
"""How long a link of each purpose works."""

RECEIVER_AN_HOUR = 5
CLIENT_AN_HOUR = 20
_KEPT = timedelta(days=2)


class TicketError(MatcherError):
    """The link is unknown, expired, used, or for something else: all are told alike."""

    code = "link-used-up"

    def __init__(self) -> None:
        super().__init__("This link works no more: it was used, or is too old. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A link that works.

    Attributes
    ----------
    purpose, email
        What it is for, and whose address it proves.
    detail
        Where to go on.
    """

    purpose: Purpose
    email: str
    detail: str


def issue(
    connection: Connection, purpose: Purpose, email: str, detail: str = "", client: str = ""
) -> tuple[str, datetime]:
    """Make a link's secret; give it, and until when it works.

    Parameters
    ----------
    connection
        Of a writing transaction.
    purpose, email, detail
        What it is for, whose address it proves, and where to go on.
    client
        Who asks, of which a digest is kept for two days; nobody where the service itself does.
    """
    secret, expires = secrets.token_urlsafe(32), datetime.now(UTC) + LASTING[purpose]
    connection.execute(delete(tickets).where(tickets.c.expires < now(-_KEPT)))
    row = {
        "digest": digest(secret),
        "purpose": purpose,
        "email": email,
        "detail": detail,
        "client": digest(client) if client else "",
        "created": now(),
        "expires": expires.isoformat(timespec="microseconds"),
    }
    connection.execute(insert(tickets).values(row))
    return secret, expires


def peek(connection: Connection, secret: str) -> Ticket:
    """Look at a link without using it up.

    Raises
    ------
    TicketError
        It does not work.
    """
    works = (tickets.c.used.is_(None)) & (tickets.c.expires > now())
    query = select(tickets).where(tickets.c.digest == digest(secret), works)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise TicketError
    return Ticket(row["purpose"], row["email"], row["detail"])


def use(connection: Connection, secret: str) -> Ticket:
    """Use a link up, in the transaction of what it allows.

    Raises
    ------
    TicketError
        It does not work.
    """
    ticket = peek(connection, secret)
    this = (tickets.c.digest == digest(secret)) & tickets.c.used.is_(None)
    used = update(tickets).where(this).values(used=now())
    if connection.execute(used).rowcount != 1:
        raise TicketError
    return ticket


def too_many(connection: Connection, email: str, client: str) -> tuple[bool, bool]:
    """Tell whether a receiver, and whether a client, has had its share of links for this hour."""
    since = tickets.c.created > now(-timedelta(hours=1))
    shares = (
        (func.lower(tickets.c.email) == email.lower(), RECEIVER_AN_HOUR),
        (tickets.c.client == digest(client), CLIENT_AN_HOUR),
    )
    for_receiver, for_client = (
        (connection.scalar(select(func.count()).select_from(tickets).where(whose, since)) or 0)
        >= share
        for whose, share in shares
    )
    return for_receiver, for_client


def digest(secret: str) -> str:
    """SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
