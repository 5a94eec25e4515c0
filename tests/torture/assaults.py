"""Cuts an act short in many ways and looks each time at what a fresh process finds.

Run by test_kills.py in a process of its own, because it forks: every act and every look is a fork
of a process that has everything imported and nothing open. Prints a line of JSON
for each ordeal.
"""

import argparse
import gc
import json
import os
import random
import resource
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from contextlib import suppress
from pathlib import Path

from ordeals import ORDEALS
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect
from stage import Place, Postgres, Sqlite, served, use_few_clusters

from matcher.errors import IndexBusyError, MatcherError

SYSTEM_STEPS = ("fsync", "mkdir", "open", "rename", "replace", "rmdir", "unlink")
DATABASE_STEPS = ("do_execute", "do_executemany", "do_commit")
REFUSED = 3
BUSY = 4
NOBODY = 65534


def spare_the_disk():
    """A killed process loses no page of the system, so the disk need not be waited for."""
    os.fsync = lambda handle: None

    @event.listens_for(Engine, "connect")
    def _relax(connection, _record):
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous = OFF")


def fork(work):
    """Run `work` in a fork; give its process id. It ends with a status that tells how."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    except IndexBusyError:
        status = BUSY
    except (MatcherError, OSError):
        status = REFUSED
    finally:
        if status == 1:
            traceback.print_exc()
        os._exit(status)


def told(function, place):
    """What `function` says of a place, asked in a fork."""
    reading, writing = os.pipe()

    def tell():
        try:
            said = function(place)
        except MatcherError as error:
            said = f"refused: {error}"
        os.write(writing, said.encode())

    child = fork(tell)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    return said if finished(child) == 0 else "a look failed, as told above"


def finished(child):
    """Exit status of a fork; below 0 the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def at_moment(act, place, seconds):
    """Kill the act after so many seconds, wherever it is."""
    child = fork(lambda: act(place))
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return finished(child)


def watch_steps(on_step):
    """Call `on_step` before and after every change to the file system and statement."""

    def guarded(step):
        def call(*args, **kwargs):
            on_step()
            result = step(*args, **kwargs)
            on_step()
            return result

        return call

    for name in SYSTEM_STEPS:
        setattr(os, name, guarded(getattr(os, name)))
    for name in DATABASE_STEPS:
        setattr(DefaultDialect, name, guarded(getattr(DefaultDialect, name)))


def at_step(act, place, number):
    """Kill the act right before or after one of its steps."""

    def work():
        count = 0

        def on_step():
            nonlocal count
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)

        watch_steps(on_step)
        act(place)

    return finished(fork(work))


def steps_of(act, place):
    """How many steps an act has."""

    def count(place):
        steps = []
        watch_steps(lambda: steps.append(None))
        act(place)
        return str(len(steps))

    return int(told(count, place))


def on_full_disk(act, place, limit):
    """Let no file grow beyond so many bytes."""

    def work():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        act(place)

    return finished(fork(work))


def on_read_only(act, place, _number):
    """Let nothing in the folder be written, by somebody whom that stops."""
    everything = [place.home, *place.home.rglob("*")]
    for item in everything:
        item.chmod(0o555 if item.is_dir() else 0o444)

    def work():
        if os.geteuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        act(place)

    status = finished(fork(work))
    for item in everything:
        item.chmod(0o755 if item.is_dir() else 0o644)
    return status


def at_once(act, place, _number):
    """Let three do the same at the same time: each ends well, or is told who is in the way."""
    ends = {finished(child) for child in [fork(lambda: act(place)) for _ in range(3)]}
    return 1 if 1 in ends else BUSY if BUSY in ends else 0


class Torture:
    """All assaults on one ordeal."""

    def __init__(self, stage, ordeal, seed, mend_every):
        self._stage, self._ordeal, self._draw = stage, ordeal, random.Random(seed)
        self._mend_every = mend_every
        self._begun = stage.empty()
        assert finished(fork(lambda: ordeal.begin(self._begun))) == 0
        done = stage.copy(self._begun)
        start = time.perf_counter()
        assert finished(fork(lambda: ordeal.act(done))) == 0
        self._seconds = time.perf_counter() - start
        self._before = told(ordeal.look, stage.copy(self._begun))
        self._after = told(ordeal.look, done)
        self._end = told(ordeal.settle or ordeal.look, done)
        again = stage.copy(self._begun)
        self._steps = steps_of(ordeal.act, again)
        files = [item for item in again.home.rglob("*") if item.is_file()]
        self._size = max((file.stat().st_size for file in files), default=0)
        self.counts = Counter(steps=0, lost=0)

    def by_moments(self, trials):
        for _ in range(trials):
            self._trial("moments", at_moment, self._draw.uniform(0, 1.1 * self._seconds))

    def by_steps(self, trials):
        numbers = range(1, self._steps + 1)
        for number in sorted(self._draw.sample(numbers, min(trials, len(numbers)))):
            self._trial("steps", at_step, number)

    def by_full_disks(self, trials):
        for _ in range(trials if self._size else 0):
            limit = int(self._size ** self._draw.uniform(0.3, 1.0))
            self._trial("full disks", on_full_disk, limit)

    def by_read_only_folders(self, trials):
        for number in range(trials):
            self._trial("read-only folders", on_read_only, number)

    def by_rivals(self, trials):
        for number in range(trials):
            self._trial("rivals", at_once, number)

    def _trial(self, kind, assault, number):
        place = self._stage.copy(self._begun)
        status = assault(self._ordeal.act, place, number)
        assert status != 1, f"{kind} {number}: ended in an error that nobody explained"
        self._stage.wait(place)
        found = told(self._ordeal.look, place)
        if found not in (self._before, self._after):
            self._complain(kind, number, found, place)
        self.counts[kind] += 1
        self.counts["killed"] += status == -signal.SIGKILL
        self.counts["refused"] += status in (REFUSED, BUSY)
        self.counts["old" if found == self._before else "new"] += 1
        if self.counts[kind] % self._mend_every == 0:
            self._mend(kind, number, place)
        self._stage.drop(place)

    def _mend(self, kind, number, place):
        """Whatever happened, the next attempt ends as if nothing had."""
        with suppress(MatcherError):
            finished(fork(lambda: self._ordeal.act(place)))
        found = told(self._ordeal.settle or self._ordeal.look, place)
        if found != self._end:
            self._complain(f"after {kind}", number, found, place)

    def _complain(self, kind, number, found, place):
        self.counts["lost"] += 1
        sys.stderr.write(f"{kind} {number}: neither old nor new in {place.home}: {found[:200]}\n")


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("server", help="URL of a PostgreSQL server, or sqlite")
    parser.add_argument("ordeals", nargs="*", default=list(ORDEALS), help="all, if none is named")
    for name in ("moments", "steps", "full-disks", "read-only-folders", "rivals"):
        parser.add_argument(f"--{name}", type=int, default=0)
    parser.add_argument("--mend-every", type=int, default=1, help="trials between two repairs")
    parser.add_argument("--seed", type=int, default=5)
    return parser.parse_args()


def torture(stage, ordeal, given):
    """Counts of all that was done to an ordeal."""
    victim = Torture(stage, ordeal, given.seed, given.mend_every)
    victim.by_moments(given.moments)
    victim.by_steps(given.steps)
    victim.by_full_disks(given.full_disks)
    victim.by_read_only_folders(given.read_only_folders)
    victim.by_rivals(given.rivals)
    return victim.counts


def main():
    given = read_arguments()
    warnings.simplefilter("ignore", DeprecationWarning)
    with tempfile.TemporaryDirectory(prefix="torture-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        spare_the_disk()
        use_few_clusters(folder / "data")
        served(Place(folder / "warm", f"sqlite:///{folder}/warm.db"))
        stage = Sqlite(folder) if given.server == "sqlite" else Postgres(folder, given.server)
        "".encode("cp437")  # of zip files; a user who may read nothing could not load it later
        gc.freeze()  # forks need not look through, and thereby copy, what was there before them
        lost = 0
        for name in given.ordeals:
            counts = torture(stage, ORDEALS[name], given)
            lost += counts["lost"]
            sys.stdout.write(json.dumps({"ordeal": name, **counts}) + "\n")
            sys.stdout.flush()
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
