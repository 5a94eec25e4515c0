"""Long work in the database: how far it is, what came of it, and that nobody waits for the dead."""

import time
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Update,
    delete,
    func,
    select,
    update,
)

from matcher.errors import JobCancelledError, NotFoundError, TooManyJobsError
from matcher.store.database import Database, inserted, now, row_of
from matcher.store.tables import jobs

JobState = Literal["waiting", "running", "done", "failed"]
PATIENCE = timedelta(seconds=30)
"""How long a job may show no sign of life before it is taken for lost."""

MAX_OPEN = 20
"""Jobs that may wait or run at once."""

KEPT = timedelta(days=7)
OVERTAKEN = '"erasure"'
"""The problem of a job that an erasure has overtaken: what it has read may name the person."""

_OPEN: tuple[JobState, ...] = ("waiting", "running")
_UNENDED = jobs.c.result.is_(None) & jobs.c.problem.is_(None)
"""Of jobs of which an end may still be noted: they wait, run, or were given up too early."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work.

    Attributes
    ----------
    id
        Counts up.
    action, detail
        What is done, and to what: as in the audit log.
    share, message
        How much is done, in [0, 1], and what goes on.
    gap
        How far the best solution found may be from the best possible, as a share of it; ``None``
        while that is not known.
    result
        JSON text of what came of it; ``None`` unless done, and in lists of jobs.
    problem
        JSON text of why it failed; ``None`` unless it has, or where its process died.
    begun, alive
        When it was asked for, and when it last gave a sign of life; ISO 8601 in UTC.
    """

    id: int
    action: str
    detail: str
    state: JobState
    share: float
    message: str
    gap: float | None
    result: str | None
    problem: str | None
    begun: str
    alive: str


class Jobs:
    """The jobs of a database, whichever process works on them.

    Parameters
    ----------
    database
        Where the table is.
    patience
        After how long without a sign of life, as watched from here, a job counts as failed.
    """

    def __init__(self, database: Database, patience: timedelta = PATIENCE) -> None:
        self._database = database
        self._patience = patience.total_seconds()
        self._watched: dict[int, tuple[str, float]] = {}

    def add(self, action: str, detail: str) -> Job:
        """Enter a job that waits to be worked on, and forget those that ended long ago.

        Raises
        ------
        TooManyJobsError
            As many as may be wait or run already.
        """
        self._bury()
        row = {
            "action": action,
            "detail": detail,
            "state": "waiting",
            "share": 0.0,
            "message": "waiting",
            "begun": now(),
            "alive": now(),
        }
        count = select(func.count()).where(jobs.c.state.in_(_OPEN))
        with self._database.write() as connection:
            if (connection.scalar(count) or 0) >= MAX_OPEN:
                raise TooManyJobsError(MAX_OPEN)
            connection.execute(delete(jobs).where(jobs.c.alive < now(-KEPT)))
            return _job(_found(connection, inserted(connection, jobs, row)))

    def get(self, key: int) -> Job:
        """Read a job; one whose process died is told as failed.

        Raises
        ------
        NotFoundError
            There is none of that id, or it ended long ago.
        """
        self._bury()
        with self._database.read() as connection:
            return _job(_found(connection, key))

    def last(self, limit: int) -> list[Job]:
        """Read the newest jobs, the newest first, without their results: those may be large."""
        self._bury()
        columns = [column for column in jobs.c if column is not jobs.c.result]
        query = select(*columns).order_by(jobs.c.id.desc()).limit(limit)
        return [Job(**row, result=None) for row in self._database.rows(query)]

    def advance(self, key: int, share: float, message: str, gap: float | None) -> None:
        """Note how far a job has come; one that was given up stays so, but may be finished.

        Raises
        ------
        JobCancelledError
            It is not wanted any more.
        """
        this = update(jobs).where(jobs.c.id == key, jobs.c.state.in_(_OPEN))
        told = {"state": "running", "share": share, "message": message, "gap": gap}
        with self._database.write() as connection:
            _require_wanted(key, connection)
            connection.execute(this.values(alive=now(), **told))

    def while_wanted(self, key: int) -> AbstractContextManager[None]:
        """Let this thread write nothing in the block once a job is not wanted any more.

        A write then raises :class:`JobCancelledError`: so nothing that was read before an erasure
        is written after it.
        """
        return self._database.checked(partial(_require_wanted, key))

    def cancel(self, key: int, problem: str) -> Job:
        """Note why a job that waits or runs is not wanted any more; one that has ended stays so.

        Raises
        ------
        NotFoundError
            There is none of that id.
        """
        self._note(key, jobs.c.state.in_(_OPEN), state="failed", message="failed", problem=problem)
        return self.get(key)

    def finish(self, key: int, result: str) -> None:
        """Note what came of a job, unless it was cancelled or an erasure has overtaken it."""
        self._note(key, _UNENDED, state="done", share=1.0, message="done", result=result)

    def fail(self, key: int, problem: str) -> None:
        """Note why a job failed, unless it was cancelled or an erasure has overtaken it."""
        self._note(key, _UNENDED, state="failed", message="failed", problem=problem)

    def abandon(self, keys: Collection[int]) -> None:
        """Tell jobs that wait or run as failed: nobody works on them any more."""
        self._database.change(_buried(jobs.c.id.in_(keys)))

    def breathe(self, keys: Collection[int]) -> None:
        """Give a sign of life for jobs that wait or run."""
        living = jobs.c.id.in_(keys) & jobs.c.state.in_(_OPEN)
        self._database.change(update(jobs).where(living).values(alive=now()))

    def _note(self, key: int, only: ColumnElement[bool], **values: object) -> None:
        this = update(jobs).where(jobs.c.id == key, only)
        self._database.change(this.values(alive=now(), **values))

    def _bury(self) -> None:
        """Tell jobs whose process died as failed.

        What counts is how long this process has seen no new sign of life, by a clock that only
        goes forward: the times in the table come from clocks that may jump, or differ.
        """
        now = time.monotonic()
        query = select(jobs.c.id, jobs.c.alive).where(jobs.c.state.in_(_OPEN))
        signs = [(row["id"], row["alive"]) for row in self._database.rows(query)]
        before = self._watched
        self._watched = {
            key: before[key] if before.get(key, ("",))[0] == sign else (sign, now)
            for key, sign in signs
        }
        silent = [key for key, (_, since) in self._watched.items() if now - since >= self._patience]
        if silent:
            self.abandon(silent)


def overtake(connection: Connection) -> None:
    """End all jobs that have not ended: they may have read the words that are being erased."""
    failed = {"state": "failed", "message": "failed", "problem": OVERTAKEN}
    connection.execute(update(jobs).where(_UNENDED).values(failed))


def _require_wanted(key: int, connection: Connection) -> None:
    if _found(connection, key)["problem"] is not None:
        raise JobCancelledError(key)


def _buried(which: ColumnElement[bool]) -> Update:
    lost = update(jobs).where(which, jobs.c.state.in_(_OPEN))
    return lost.values(state="failed", message="failed")


def _found(connection: Connection, key: int) -> RowMapping:
    row = row_of(connection, jobs, key)
    if row is None:
        raise NotFoundError(f"There is no job {key}.")
    return row


def _job(row: RowMapping) -> Job:
    return Job(**row)
