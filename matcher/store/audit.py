"""The audit log: who wrote what, or read of persons, when, and how it ended."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import select, update

from matcher.errors import MatcherError, StoreUnavailableError
from matcher.store.database import Repository, inserted, now
from matcher.store.tables import audit

_NAMED = 20
BEGUN = "begun"
"""Outcome of a write that has not ended; where it stays, the process died in between, or the
database could not be written at that moment."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One write, or one look at personal data.

    Attributes
    ----------
    id
        Counts up.
    at
        When it began, ISO 8601 in UTC.
    who
        Name of the token, or ``"command line"``.
    action, detail
        What was done, and to what; never a word of the personal data.
    request_id
        The request that asked for it; ``None`` on the command line.
    outcome
        ``"begun"``, ``"read"``, what was changed, or why nothing was.
    """

    id: int
    at: str
    who: str
    action: str
    detail: str
    request_id: str | None
    outcome: str


def first_of(keys: Iterable[str]) -> str:
    """Name the first keys, and how many more there are: what a write of many was about."""
    every = list(keys)
    named, more = ", ".join(every[:_NAMED]), len(every) - _NAMED
    return f"{named} and {more} more" if more > 0 else named


class Outcome:
    """How a write under way ends, in words: set by whoever does it."""

    def __init__(self) -> None:
        self.text = "done"


class AuditLog(Repository):
    """The audit log of a database."""

    @contextmanager
    def write(
        self, who: str, action: str, detail: str, request_id: str | None = None
    ) -> Iterator[Outcome]:
        """Enter a write before it begins, and note how it ended.

        Yields
        ------
        Outcome
            Takes the words for a good end; an error is noted by its code.
        """
        key, outcome = self._begin(who, action, detail, request_id, BEGUN), Outcome()
        try:
            yield outcome
        except BaseException as error:
            code = error.code if isinstance(error, MatcherError) else "internal"
            self._end(key, f"failed: {code}")
            raise
        self._end(key, outcome.text)

    def read(self, who: str, action: str, detail: str, request_id: str | None = None) -> None:
        """Enter that somebody is given personal data to read, before they are."""
        self._begin(who, action, detail, request_id, "read")

    def last(self, limit: int) -> list[AuditEntry]:
        """Read the newest entries, the newest first."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        return [AuditEntry(**row) for row in self._database.rows(query)]

    def _begin(
        self, who: str, action: str, detail: str, request_id: str | None, outcome: str
    ) -> int:
        row = {
            "at": now(timespec="seconds"),
            "who": who,
            "action": action,
            "detail": detail,
            "request_id": request_id,
            "outcome": outcome,
        }
        with self._database.write() as connection:
            return inserted(connection, audit, row)

    def _end(self, key: int, outcome: str) -> None:
        """Note an end; what was done stays done, and is told so, where that cannot be noted."""
        with suppress(StoreUnavailableError), self._database.write() as connection:
            connection.execute(update(audit).where(audit.c.id == key).values(outcome=outcome))
