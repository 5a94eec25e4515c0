"""Addresses that are not written to any more: by the wish of the reader, or as none reads there."""

import hashlib
from typing import Literal

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection, select

from matcher.mail.tables import mail_stops
from matcher.store.database import Database, Repository, now, upsert
from matcher.store.keys import signing_key

Why = Literal["unsubscribed", "bounced"]


class Stops(Repository):
    """The stopped addresses of a database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._signer = URLSafeSerializer(signing_key(database), salt="unsubscribe")

    def ticket(self, address: str) -> str:
        """Return what an unsubscribe link carries: signed, and without the address."""
        return self._signer.dumps(digest_of(address))

    def stop_by_ticket(self, ticket: str) -> bool:
        """Stop the address that a ticket is for; tell whether the ticket is ours."""
        try:
            digest = str(self._signer.loads(ticket))
        except BadSignature:
            return False
        self._stop(digest, "unsubscribed")
        return True

    def stop(self, address: str, why: Why) -> None:
        """Write to an address no more."""
        self._stop(digest_of(address), why)

    def _stop(self, digest: str, why: Why) -> None:
        with self._database.write() as connection:
            upsert(
                connection,
                mail_stops,
                [{"digest": digest, "why": why, "since": now(timespec="seconds")}],
            )


def is_stopped(connection: Connection, address: str) -> bool:
    """Whether an address must not be written to."""
    query = select(mail_stops.c.digest).where(mail_stops.c.digest == digest_of(address))
    return connection.scalar(query) is not None


def digest_of(address: str) -> str:
    """Digest of an address, whatever its spelling."""
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()
