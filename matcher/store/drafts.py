"""Drafts: clusters that visitors describe, each under a key that nobody else can guess.

The key itself is not kept, only its digest, so that a copy of the database opens none of them.
"""

import hashlib
import re
import secrets
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update

from matcher.errors import InvalidInputError, NotFoundError
from matcher.profiles.profile import DraftProfile
from matcher.store.database import Repository, now
from matcher.store.tables import drafts

KEY_PATTERN = re.compile(r"draft-[A-Za-z0-9_-]{22}")
"""What a key looks like: 128 random bits; it can be no id of a cluster."""

MAX_DRAFTS = 20_000
"""Kept at once, so that nobody fills the disk."""
FULL = "Too many descriptions are kept at the moment. Please try again tomorrow."


class Draft(NamedTuple):
    """A described cluster, and the last day on which it is kept."""

    profile: DraftProfile
    until: date


class DraftTable(Repository):
    """The drafts of a database; expired ones are gone as soon as another is made."""

    def add(self, profile: DraftProfile, days: int) -> str:
        """Keep a draft for some days and return its key.

        Raises
        ------
        InvalidInputError
            Too many are kept.
        """
        key = f"draft-{secrets.token_urlsafe(16)}"
        with self._database.write() as connection:
            connection.execute(delete(drafts).where(drafts.c.expires <= now()))
            if (connection.scalar(select(func.count()).select_from(drafts)) or 0) >= MAX_DRAFTS:
                raise InvalidInputError(FULL)
            row = {
                "digest": _digest(key),
                "body": _body(profile),
                "expires": now(timedelta(days=days)),
            }
            connection.execute(insert(drafts).values(row))
        return key

    def get(self, key: str) -> Draft:
        """Read a draft.

        Raises
        ------
        NotFoundError
            It was deleted, has expired, or never was.
        """
        with self._database.read() as connection:
            query = select(drafts.c.body, drafts.c.expires).where(
                drafts.c.digest == _digest(key), drafts.c.expires > now()
            )
            row = connection.execute(query).one_or_none()
        if row is None:
            raise _gone()
        until = datetime.fromisoformat(row.expires).date()
        return Draft(DraftProfile.model_validate_json(row.body), until)

    def change(self, key: str, profile: DraftProfile, days: int) -> None:
        """Put another description in a draft's place and keep it from today on.

        Raises
        ------
        NotFoundError
            As for `get`.
        """
        this = update(drafts).where(drafts.c.digest == _digest(key), drafts.c.expires > now())
        values = {"body": _body(profile), "expires": now(timedelta(days=days))}
        if not self._database.change(this.values(values)):
            raise _gone()

    def delete(self, key: str) -> None:
        """Forget a draft; one that is gone already is no error."""
        self._database.change(delete(drafts).where(drafts.c.digest == _digest(key)))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _body(profile: DraftProfile) -> str:
    return profile.model_dump_json(exclude_defaults=True)


def _gone() -> NotFoundError:
    return NotFoundError("This description was deleted or has expired, or its address is wrong.")
