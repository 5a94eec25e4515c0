"""Kills imports at many lines and looks at what is left; run by test_database.py, as it forks."""

import json
import os
import random
import signal
import sys

from sqlalchemy import Engine, event

import matcher.store.database
import matcher.store.records
import matcher.store.store
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store

TRACED = {
    module.__file__
    for module in (matcher.store.database, matcher.store.records, matcher.store.store)
}
LINES = 450
KEPT = ClusterProfile(id="ge-a", name="A", country="GE")


def batch(trial):
    return [
        ClusterProfile(id=f"pl-{n}", name="B", country="PL", city=f"City {trial}")
        for n in range(10)
    ]


def kill_at_line(number):
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        if frame.f_code.co_filename not in TRACED:
            return None
        if event == "line":
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def import_in_victim(url, trial, line):
    child = os.fork()
    if child == 0:
        kill_at_line(line)
        with Store.open(url) as store:
            store.imports.save(batch(trial))
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def skip_fsync(connection, _record):
    """A killed process loses no page of the system, so the disk need not be waited for."""
    connection.execute("PRAGMA synchronous = OFF")


def main(url, trials=200):
    event.listen(Engine, "connect", skip_fsync)
    with Store.open(url) as store:
        store.imports.save([KEPT])
    random.seed(8)
    kills, outcomes, before = 0, set(), None
    for trial in range(trials):
        kills += import_in_victim(url, trial, random.randint(1, LINES))
        with Store.open(url) as store:
            cities = {one.city for one in store.profiles() if one != KEPT}
            assert store.profile(KEPT.id) == KEPT
            assert len(cities) <= 1, cities
        new = f"City {trial}"
        found = cities.pop() if cities else None
        assert found in {before, new}, (found, before, new)
        outcomes.add(found == new)
        before = found
    assert outcomes == {True, False}
    assert trials // 2 <= kills < trials, kills
    sys.stdout.write(json.dumps({"trials": trials, "killed": kills}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
