"""Erasure: nothing of the person is left in any record or file, and nothing else goes."""

import json
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from support import on_one_engine

from matcher.errors import (
    InvalidInputError,
    JobCancelledError,
    NotFoundError,
    StoreUnavailableError,
)
from matcher.events.event import parse_event
from matcher.events.repository import Meetings
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import Move, propose
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store, database
from matcher.store.backup import back_up, restore
from matcher.store.erasures import unfinished
from matcher.store.jobs import OVERTAKEN, Jobs
from matcher.store.marks import DOCUMENT, KIND, OWN, WORDS
from matcher.store.mentions import ERASED
from matcher.store.tables import all_tables

DAY = date(2026, 3, 2)
YES = Consent("introduction", "herself, by e-mail", DAY)
OLENA = Person("ua-a", "Olena Kovalenko", "olena@cluster.example", "director", "+380441234567")
TRACES = (b"kovalenko", b"olena", b"380441234567")


@pytest.fixture
def store(database_url):
    with Store.open(database_url) as store:
        yield store


@pytest.fixture
def desk(store):
    return Desk(store.database)


@pytest.fixture
def purpose(desk):
    """Keeps a purpose; gives a look at what has become of it."""

    def keep(text):
        key = desk.introductions.add(
            propose("ua-a", f"pl-{abs(hash(text))}", purpose=text, on=DAY)
        ).id
        return lambda: desk.introductions.get(key).purpose

    return keep


@pytest.fixture
def stored_bytes(database_url, tmp_path, request):
    """What the files hold that the database keeps its tables in, in small letters."""
    if database_url.startswith("sqlite"):
        return lambda: b"".join(file.read_bytes() for file in tmp_path.rglob("matcher*")).lower()
    server = request.getfixturevalue("postgres")
    return lambda: server.stored_bytes(database_url).lower()


def test_a_column_of_text_says_whether_it_may_name_a_person():
    marks = [mark[KIND] for mark in (OWN, WORDS, DOCUMENT)]
    silent = [
        f"{table.name}.{column.name}"
        for table in all_tables()
        for column in table.columns
        if column.type.python_type in (str, dict, list)
        and column.info.get(KIND) not in marks
        and not (column.info.get(KIND) == "none" and column.info.get("why"))
    ]
    assert silent == []


def test_erasure_leaves_no_trace_in_any_file(store, desk, stored_bytes):
    key = desk.people.add(OLENA, Consent("introduction", "Olena Kovalenko in person", DAY))
    others = [
        desk.people.add(Person("ua-a", f"Person {n}", f"p{n}@cluster.example"), YES)
        for n in range(200)
    ]
    draft = desk.introductions.add(propose("ua-a", "pl-b", purpose="Olena Kovalenko asks", on=DAY))
    said = Move(DAY, "staff", "vetted", reason="olena@cluster.example said +380441234567")
    desk.introductions.move(draft.id, said, version=1)
    assert all(trace in stored_bytes() for trace in TRACES)
    desk.people.erase(key)
    assert not [trace for trace in TRACES if trace in stored_bytes()]
    assert desk.introductions.get(1).purpose == f"{ERASED} asks"
    assert desk.introductions.get(1).moves[-1].reason == f"{ERASED} said {ERASED}"
    assert len(desk.people.of_cluster("ua-a", "introduction")) == len(others)
    with pytest.raises(NotFoundError):
        desk.people.export(key)


SPELLINGS = (
    "Kovalenko Olena",
    "KOVALENKO, Olena",
    "Олена Коваленко",
    "Коваленко Олена",
    "olena kovalenko",
    "Kowalenko  Olena",
    "Olena\nKovalenko",
    "+380 44 123-45-67",
    "(044) 123 45 67",
    "00380 (44) 1234567",
    "Olena@Cluster.Example",
)


@on_one_engine
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_surely_is_the_person_goes_in_any_order_script_and_spelling(desk, purpose, spelling):
    key = desk.people.add(OLENA, YES)
    look = purpose(f"Says {spelling}, in 2026: a bid")
    assert len(desk.people.export(key)["mentions"]) == 1
    desk.people.erase(key)
    assert look() == f"Says {ERASED}, in 2026: a bid"


KEPT = (
    "Kovalenko & Sons, Olenivka",
    "+380 44 123-45-68, 380 44 1234 5678",
    "folena@cluster.example",
    "olena@cluster.example.org",
)


@on_one_engine
@pytest.mark.parametrize("text", KEPT)
def test_what_is_not_surely_the_person_stays(desk, purpose, text):
    look = purpose(text)
    desk.people.erase(desk.people.add(OLENA, YES))
    assert look() == text


@on_one_engine
@pytest.mark.parametrize("name", ["May", "The", "May The", "Li", "April May"])
def test_everyday_words_stay_what_they_are(store, desk, purpose, name):
    with store.database.write() as connection:  # as earlier versions took it
        table = next(table for table in all_tables() if table.name == "people")
        values = {"cluster_id": "ua-a", "name": name, "email": "m@x.example", "position": ""}
        connection.execute(insert(table).values(id=1, phone="9", **values))
    text = "The fair of May, April: The Li-ion stand, 9 tables. May the best win (the 9th of April)"
    look = purpose(text)
    desk.people.erase(1)
    assert look() == text


@on_one_engine
@pytest.mark.parametrize("phone", ["9", "ask at the desk", "1" * 30])
def test_a_telephone_number_that_is_none_is_refused(desk, phone):
    with pytest.raises(InvalidInputError) as caught:
        desk.people.add(Person("ua-a", "May", "may@x.example", phone=phone), YES)
    assert [problem.where for problem in caught.value.problems] == ["phone"]


def test_doubtful_mentions_are_shown_and_go_only_if_staff_say_so(desk, purpose):
    key = desk.people.add(OLENA, YES)
    one, other = purpose("Kovalenko agreed"), purpose("Коваленка бачили")
    doubtful = desk.people.export(key)["doubtful"]
    assert {(entry["text"], entry["words"]) for entry in doubtful} == {
        ("Kovalenko agreed", ("Kovalenko",)),
        ("Коваленка бачили", ("Коваленка",)),
    }
    with pytest.raises(InvalidInputError):
        desk.people.erase(key, ["introductions/77/purpose"])
    assert key in desk.people.everybody()
    chosen = next(entry["place"] for entry in doubtful if "agreed" in entry["text"])
    desk.people.erase(key, [chosen])
    assert (one(), other()) == (f"{ERASED} agreed", "Коваленка бачили")


@on_one_engine
def test_a_namesake_keeps_the_name_and_an_office_its_mailbox(desk, purpose):
    office = "office@cluster.example"
    key = desk.people.add(Person("ua-a", "Olena Kovalenko", office, phone="+380441234567"), YES)
    namesake = desk.people.add(Person("pl-b", "Kovalenko Olena", "other@x.example"), YES)
    colleague = desk.people.add(Person("ua-a", "Taras Testenko", office), YES)
    look = purpose(f"Olena Kovalenko, {office}, 044 1234567")
    desk.people.erase(key)
    assert desk.people.everybody().keys() == {namesake, colleague}
    assert look() == f"Olena Kovalenko, {office}, {ERASED}"


def test_the_same_person_at_two_clusters_is_one_person(desk, purpose):
    first = desk.people.add(OLENA, YES)
    second = desk.people.add(Person("pl-b", "Kovalenko, Olena", "OLENA@cluster.example"), YES)
    look = purpose("Olena Kovalenko")
    desk.people.erase(first)
    assert desk.people.everybody() == {}
    assert look() == ERASED
    desk.people.erase(second)


def event(**more):
    start = datetime(2026, 11, 12, 9, tzinfo=UTC)
    slots = [
        {"id": f"s{n}", "start": start + timedelta(hours=n), "end": start + timedelta(hours=n + 1)}
        for n in range(2)
    ]
    return parse_event(
        {
            "id": "olena-kovalenko-day",
            "title": "A day with Olena Kovalenko",
            "zone": "Europe/Kyiv",
            "venue": "House of Kovalenko Olena",
            "organiser": {"name": "Олена Коваленко", "email": "olena@cluster.example"},
            "slots": slots,
            "breaks": [
                {
                    "title": "Coffee of Olena Kovalenko",
                    "start": start + timedelta(hours=3),
                    "end": start + timedelta(hours=4),
                }
            ],
            "places": [
                {
                    "id": "table-1",
                    "name": "Table of Olena Kovalenko",
                    "kind": "online",
                    "link": "https://meet.example.org/olena-kovalenko",
                }
            ],
            "participants": [
                {"id": "olena-kovalenko", "name": "Olena Kovalenko"},
                {"id": "guest", "name": "A guest"},
            ],
            "wishes": [{"by": "guest", "about": "olena-kovalenko", "kind": "meet"}],
            **more,
        }
    )


def test_events_jobs_profiles_and_the_audit_log_forget_as_well(store, desk, stored_bytes):
    meetings, jobs = Meetings(store.database), Jobs(store.database)
    key = desk.people.add(OLENA, YES)
    meetings.add(event())
    job = jobs.add("schedule event", "for Olena Kovalenko")
    jobs.finish(job.id, json.dumps({"who": ["Olena Kovalenko", 0.5], "mail": OLENA.email}))
    store.audit.read("Olena Kovalenko", "read contacts", OLENA.email, "+380-44-1234567")
    profile = ClusterProfile(
        id="ua-a", name="A", country="UA", description="Led by Olena Kovalenko since 2020"
    )
    store.save_profile(profile)
    desk.people.erase(key)
    (stored,) = meetings.all()
    assert stored.version == 2
    assert stored.event.title == f"A day with {ERASED}"
    assert stored.event.organiser.email == "erased@erased.invalid"
    assert stored.event.wishes[0].about == stored.event.participants[0].id
    assert jobs.get(job.id).result == json.dumps(
        {"who": [ERASED, 0.5], "mail": "erased@erased.invalid"}, separators=(",", ":")
    )
    assert store.profile("ua-a").description == f"Led by {ERASED} since 2020"
    assert store.collection()
    assert not [trace for trace in TRACES if trace in stored_bytes()]


@pytest.mark.parametrize("given_up", [False, True])
def test_a_job_that_an_erasure_has_overtaken_writes_nothing_more(
    store, desk, stored_bytes, given_up
):
    key, jobs = desk.people.add(OLENA, YES), Jobs(store.database)
    job = jobs.add("plan programme", "total")
    if given_up:
        jobs.abandon([job.id])
    words = json.dumps({"who": "Olena Kovalenko", "mail": OLENA.email})
    desk.people.erase(key)
    with jobs.while_wanted(job.id), pytest.raises(JobCancelledError):
        desk.introductions.add(propose("ua-a", "pl-b", purpose=words, on=DAY))
    with pytest.raises(JobCancelledError):
        jobs.advance(job.id, 0.5, words, None)
    jobs.finish(job.id, words)
    jobs.fail(job.id, words)
    assert (jobs.get(job.id).state, jobs.get(job.id).problem) == ("failed", OVERTAKEN)
    assert not [trace for trace in TRACES if trace in stored_bytes()]
    jobs.finish(jobs.add("plan programme", "total").id, "{}")
    assert jobs.last(1)[0].state == "done"


def test_no_number_of_somebody_erased_is_given_again(desk):
    key = desk.people.add(OLENA, YES)
    desk.people.erase(key)
    other = desk.people.add(Person("ua-a", "Taras Testenko", "t@x.example"), YES)
    desk.people.erase(key)
    assert desk.people.everybody().keys() == {other}


@contextmanager
def reading(url):
    """Somebody else who reads the database as it is at this moment, and goes on to."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM people").fetchall()
        yield


def test_an_erasure_that_others_hold_up_is_finished_by_the_same_call(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_COMPACT_SECONDS", 0)
    url = f"sqlite:///{tmp_path}/matcher.db"
    with Store.open(url) as store:
        people = Desk(store.database).people
        key = people.add(OLENA, YES)
        with reading(url):
            for _ in range(2):
                with pytest.raises(StoreUnavailableError) as caught:
                    people.erase(key)
                assert "gone from all records" in str(caught.value)
                assert "Repeat the erasure" in str(caught.value)
                assert "nothing was changed" not in str(caught.value).lower()
                assert people.everybody() == {}
                with store.database.read() as connection:
                    assert unfinished(connection) == [key]
        people.erase(key)
        with store.database.read() as connection:
            assert unfinished(connection) == []
        held = b"".join(file.read_bytes() for file in tmp_path.iterdir()).lower()
        assert not [trace for trace in TRACES if trace in held]
        people.erase(key)


def test_nobody_who_never_was_is_erased(desk):
    with pytest.raises(NotFoundError):
        desk.people.erase(5)


def test_an_erasure_holds_after_an_earlier_backup_is_restored(
    store, desk, stored_bytes, tmp_path, purpose
):
    key = desk.people.add(OLENA, YES)
    other = desk.people.add(Person("ua-a", "Taras Testenko", "t@x.example"), YES)
    purpose("Коваленко Олена and Taras Testenko")
    back_up(store.database, tmp_path / "early.zip")
    desk.people.erase(key)
    back_up(store.database, tmp_path / "late.zip")
    for name in ("early.zip", "late.zip", "early.zip"):
        restore(store.database, tmp_path / name, replace=True)
        assert desk.people.everybody().keys() == {other}
        assert [one.purpose for one in desk.introductions.all()] == [f"{ERASED} and Taras Testenko"]
        assert not [trace for trace in TRACES if trace in stored_bytes()]
        desk.people.erase(key)


def test_who_comes_back_after_an_erasure_is_kept_by_a_restore(store, desk, tmp_path):
    desk.people.erase(desk.people.add(OLENA, YES))
    again = desk.people.add(OLENA, YES)
    back_up(store.database, tmp_path / "backup.zip")
    restore(store.database, tmp_path / "backup.zip", replace=True)
    assert desk.people.everybody().keys() == {again}
    desk.people.erase(again)
    restore(store.database, tmp_path / "backup.zip", replace=True)
    assert desk.people.everybody() == {}


def test_the_record_of_an_erasure_holds_no_word(store, desk):
    desk.people.erase(desk.people.add(OLENA, YES))
    table = next(table for table in all_tables() if table.name == "erasures")
    with store.database.read() as connection:
        (row,) = connection.execute(select(table)).all()
    assert not [trace for trace in TRACES if trace.decode() in str(row).lower()]
