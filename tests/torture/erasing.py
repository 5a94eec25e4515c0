"""Cuts erasures short in many ways; then the same call must finish each, with no trace left.

Run by test_erasures.py in a process of its own, because it forks. Prints a line of JSON.
"""

import gc
import json
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import warnings
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import assaults
from stage import Place

from matcher.errors import NotFoundError
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import propose
from matcher.store import Store, database
from matcher.store.erasures import unfinished
from matcher.store.jobs import Jobs

DAY = date(2026, 3, 2)
TRACES = (b"quintilia", b"testovska", b"445550199")
KEY = 1
database._COMPACT_SECONDS = 0.3


def begin(place):
    """A database in use: a person, mentions of her in several tables, and others."""
    with Store.open(place.url) as store:
        desk = Desk(store.database)
        consent = Consent("introduction", "Quintilia Testovska herself", DAY)
        person = Person(
            "ua-a", "Quintilia Testovska", "quintilia@x.example", "", "+380 44 555 01 99"
        )
        assert desk.people.add(person, consent) == KEY
        for n in range(60):
            desk.people.add(Person("ua-a", f"Person {n}", f"p{n}@x.example"), consent)
            text = f"Testovska, Quintilia ({n}) wants this: quintilia@x.example, 0445550199"
            desk.introductions.add(propose("ua-a", f"pl-{n}", purpose=text, on=DAY))
        jobs = Jobs(store.database)
        jobs.finish(
            jobs.add("plan", "Quintilia Testovska").id, '["Тестовська Quintilia Testovska"]'
        )
        store.audit.read("office", "read contacts", "quintilia@x.example")


def erase(place):
    with Store.open(place.url) as store:
        Desk(store.database).people.erase(KEY)


def locked(_act, place, number):
    """Somebody reads the old state, or holds the database to write, while it is erased."""
    file = place.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM people").fetchall()
        if number % 2:
            return assaults.finished(assaults.fork(lambda: erase(place)))
        other.execute("ROLLBACK")
        child = assaults.fork(lambda: erase(place))
        other.execute("PRAGMA busy_timeout = 20")
        for _ in range(40):
            try:
                other.execute("BEGIN IMMEDIATE")
                other.execute("UPDATE introductions SET version = version + 1 WHERE id = 7")
                other.execute("COMMIT")
            except sqlite3.OperationalError:
                continue
        return assaults.finished(child)


def left(place):
    """What of the person is in any file."""
    held = b"".join(file.read_bytes() for file in place.home.iterdir()).lower()
    return [trace.decode() for trace in TRACES if trace in held]


def finish(place):
    """Erase once more; the state must be the end of it."""
    with Store.open(place.url) as store:
        people = Desk(store.database).people
        people.erase(KEY)
        with store.database.read() as connection:
            assert unfinished(connection) == []
        assert len(people.everybody()) == 60
        try:
            people.export(KEY)
        except NotFoundError:
            return "finished"
    return "still there"


def begun(place):
    """Whether the person is gone from the records."""
    with Store.open(place.url) as store:
        return str(KEY not in Desk(store.database).people.everybody())


def trials(many, steps, size, draw):
    kinds = {
        "moments": (assaults.at_moment, lambda: draw.uniform(0.0, 0.12)),
        "steps": (assaults.at_step, lambda: draw.randint(1, steps)),
        "full disks": (assaults.on_full_disk, lambda: draw.randint(1, 2 * size)),
        "locks": (locked, lambda: draw.randint(0, 1)),
    }
    for number in range(many):
        kind = [*kinds][number % len(kinds)]
        assault, drawn = kinds[kind]
        yield kind, assault, drawn()


def main(many):
    draw, counts = random.Random(7), Counter()
    with tempfile.TemporaryDirectory(prefix="erasing-") as made:
        folder = Path(made)
        master = Place(folder / "master", f"sqlite:///{folder}/master/matcher.db")
        assaults.spare_the_disk()
        begin(master)
        gc.freeze()
        steps = assaults.steps_of(erase, copy(master, folder / "steps"))
        size = (folder / "master" / "matcher.db").stat().st_size
        for number, (kind, assault, drawn) in enumerate(trials(many, steps, size, draw)):
            place = copy(master, folder / f"place-{number}")
            status = assault(erase, place, drawn)
            counts[kind] += 1
            counts["killed"] += status == -signal.SIGKILL
            counts["refused"] += status == assaults.REFUSED
            counts["done"] += status == 0
            counts["begun"] += assaults.told(begun, place) == "True" and status != 0
            told, traces = assaults.told(finish, place), left(place)
            if told != "finished" or traces or status == 1:
                counts["lost"] += 1
                sys.stderr.write(f"{kind} {drawn}: {status}, {told}, {traces}\n")
            shutil.rmtree(place.home)
    sys.stdout.write(json.dumps(counts) + "\n")
    return 1 if counts["lost"] else 0


def copy(master, home):
    """A place as the master was left by a process that was killed: with its log."""
    shutil.copytree(master.home, home)
    return Place(home, f"sqlite:///{home}/matcher.db")


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)
    sys.exit(main(int(sys.argv[1])))
