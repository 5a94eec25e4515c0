"""Work that one process does at a time, of all that share the database."""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from matcher.store.database import Database, upsert
from matcher.store.tables import meta


class Lease:
    """The right to do a kind of work, for a while; whoever works on renews it.

    Parameters
    ----------
    database
        Where it is noted.
    work
        Name of the work.
    lasting
        After how long without renewal others may take it: the holder has died.
    """

    def __init__(self, database: Database, work: str, lasting: timedelta) -> None:
        self._database = database
        self._key = f"lease:{work}"
        self._lasting = lasting
        self._holder = secrets.token_hex(8)

    def take(self) -> bool:
        """Take or renew it; tell whether it is ours."""
        now = datetime.now(UTC)
        with self._database.write() as connection:
            held = connection.scalar(select(meta.c.value).where(meta.c.key == self._key)) or ""
            until, _, holder = held.partition(" ")
            if holder != self._holder and until > now.isoformat():
                return False
            value = f"{(now + self._lasting).isoformat()} {self._holder}"
            upsert(connection, meta, [{"key": self._key, "value": value}])
        return True

    def give(self) -> None:
        """Let others have it at once, if it is ours."""
        ours = (meta.c.key == self._key) & meta.c.value.endswith(f" {self._holder}")
        self._database.change(delete(meta).where(ours))
