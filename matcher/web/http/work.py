"""Long work beside the requests: answered at once with a job, done by one thread of the process."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, g

from matcher.errors import JobCancelledError, StoreUnavailableError
from matcher.store.jobs import Job, Jobs
from matcher.web.api.staff import entered
from matcher.web.http.context import current_database
from matcher.web.http.jsonio import to_json
from matcher.web.http.problems import problem_of

EXTENSION = "work"
LISTED = 20
"""How many jobs are listed, the newest."""

BREATH_SECONDS = 5.0
_TELL_SECONDS = 0.3
log = logging.getLogger(__name__)

Tell = Callable[[float, str, float | None], None]
"""Told how much is done, what goes on, and the gap where it is known."""

Task = Callable[[Tell], object]
"""Long work; gives what came of it, fit for JSON."""


class Worker:
    """The thread of a process that does its long work, one piece after the other.

    It lives while there is something to do. Beside it another gives signs of life for all jobs
    of the process, so that everybody can tell when it has died.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: deque[tuple[int, Callable[[], None]]] = deque()
        self._keys: set[int] = set()
        self._idle: threading.Event | None = None

    def submit(self, jobs: Jobs, key: int, task: Callable[[], None]) -> None:
        """Do a task, which never fails, when those before it are done."""
        with self._lock:
            self._keys.add(key)
            self._queue.append((key, task))
            if self._idle is not None:
                return
            self._idle = threading.Event()
            threading.Thread(target=self._work, args=(self._idle,), daemon=True).start()
            threading.Thread(target=self._breathe, args=(jobs, self._idle), daemon=True).start()

    def unfinished(self) -> frozenset[int]:
        """Jobs that wait or run."""
        with self._lock:
            return frozenset(self._keys)

    def _work(self, idle: threading.Event) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._idle = None
                    idle.set()
                    return
                key, task = self._queue.popleft()
            try:
                task()
            except Exception:  # the jobs behind this one must still run
                log.exception("job %s ended without a word", key)
            with self._lock:
                self._keys.discard(key)

    def _breathe(self, jobs: Jobs, idle: threading.Event) -> None:
        while not idle.wait(BREATH_SECONDS):
            try:
                jobs.breathe(self.unfinished())
            except Exception as error:
                log.warning("no sign of life for jobs under way", exc_info=error)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be done, for whom: all that outlives the request."""

    app: Flask
    job: Job
    actor: str
    lasts: Callable[[], bool]
    request_id: str
    task: Task

    def run(self) -> None:
        """Do it, and note what came of it or why it failed."""
        with self.app.app_context():
            g.actor, g.request_id = self.actor, self.request_id
            jobs = current_jobs()
            try:
                self._tell(0.0, "begun", None)
                with (
                    entered(self.job.action, self.job.detail),
                    jobs.while_wanted(self.job.id),
                ):
                    result = self.task(_throttled(self._tell))
                jobs.finish(self.job.id, to_json(result).decode())
            except Exception as error:
                problem = problem_of(error)
                level = logging.ERROR if problem.status >= 500 else logging.INFO
                log.log(level, "job %s failed", self.job.id, exc_info=error)
                with suppress(StoreUnavailableError):
                    jobs.fail(self.job.id, to_json(problem).decode())

    def _tell(self, share: float, message: str, gap: float | None) -> None:
        """Note how far it is.

        Raises
        ------
        JobCancelledError
            It is not wanted any more, or the token or session has ended that began it.
        """
        current_jobs().advance(self.job.id, share, message, gap)
        if not self.lasts():
            reason = "the token or session that began it no longer works"
            raise JobCancelledError(self.job.id, reason)


def init_app(app: Flask) -> None:
    """Give `app` its worker."""
    app.extensions[EXTENSION] = Worker()


def current_jobs() -> Jobs:
    """Return the jobs of this application's database, which this process watches."""
    known = current_app.extensions
    if "jobs" not in known:
        known["jobs"] = Jobs(current_database())
    return cast(Jobs, known["jobs"])


def cancel(key: int) -> Job:
    """End a job that waits or runs: its worker notices when it next tells how far it is."""
    problem = problem_of(JobCancelledError(key))
    return current_jobs().cancel(key, to_json(problem).decode())


def begin(action: str, detail: str, task: Task) -> Job:
    """Start long work in the name of who sent the request; it is entered in the audit log.

    A token must go on working for as long as the work lasts; whoever has signed in may leave.
    """
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    jobs = current_jobs()
    job = jobs.add(action, detail)
    order = _Order(app, job, g.actor, g.lasts, g.request_id, task)
    cast(Worker, app.extensions[EXTENSION]).submit(jobs, job.id, order.run)
    return job


def abandon(app: Flask) -> None:
    """Tell what is under way as failed: the process ends."""
    worker = cast(Worker | None, app.extensions.get(EXTENSION))
    if worker and (keys := worker.unfinished()):
        with app.app_context(), suppress(StoreUnavailableError):
            current_jobs().abandon(keys)


def _throttled(advance: Tell) -> Tell:
    """Tell at most a few times a second, but each new message at once."""
    last = ("", 0.0)

    def tell(share: float, message: str, gap: float | None) -> None:
        nonlocal last
        now = time.monotonic()
        if message != last[0] or now - last[1] >= _TELL_SECONDS:
            last = (message, now)
            advance(share, message, gap)

    return tell
