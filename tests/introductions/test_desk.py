from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine, event
from support import on_one_engine

from matcher.errors import ConflictError, InvalidInputError, NotFoundError
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.conversion import ANCHORS, conversion
from matcher.introductions.desk import Desk
from matcher.introductions.tables import metadata
from matcher.introductions.workflow import IllegalMoveError, Move, propose
from matcher.store import Store, records
from matcher.store.database import Database
from matcher.store.migrate import migrate

DAY = date(2026, 3, 2)
WAY = ("vetted", "asked_a", "asked_b", "agreed", "introduced", "met")


@pytest.fixture
def url(database_url):
    return database_url


@pytest.fixture
def desk(url):
    with Store.open(url) as store:
        yield Desk(store.database)


def start(desk, a="ua-a", b="pl-b"):
    return desk.introductions.add(propose(a, b, purpose="A joint bid", on=DAY))


def go(desk, introduction, *steps, **last):
    for place, to in enumerate(steps):
        extra = last if place == len(steps) - 1 else {}
        move = Move(DAY, extra.pop("role", "staff"), to, **extra)
        introduction = desk.introductions.move(introduction.id, move, version=introduction.version)
    return introduction


def test_what_is_saved_is_read_back(desk):
    saved = go(desk, start(desk), *WAY, "outcome", outcome="mou", reason="signed in Lviv")
    assert desk.introductions.get(saved.id) == saved
    assert desk.introductions.all() == [saved]
    assert desk.introductions.all(cluster="pl-b", state="outcome") == [saved]
    assert desk.introductions.all(cluster="pl-x") == desk.introductions.all(state="met") == []


@pytest.fixture
def asked():
    """Which statements on moves the database was given, with their parameters."""
    found = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if statement.startswith("SELECT introduction_moves"):
            found.append(parameters)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def test_only_the_moves_of_what_is_listed_are_read(desk, asked, monkeypatch):
    monkeypatch.setattr(records, "CHUNK", 2)
    saved = [go(desk, start(desk, b=f"pl-{n}"), "vetted", "asked_a") for n in range(5)]
    asked.clear()
    assert desk.introductions.all() == saved
    assert [len(parameters) for parameters in asked] == [2, 2, 1]
    asked.clear()
    assert desk.introductions.all(cluster="pl-3") == [saved[3]]
    assert [len(parameters) for parameters in asked] == [1]
    asked.clear()
    assert desk.introductions.all(state="met") == []
    assert asked == []


@on_one_engine
def test_unknown_introduction(desk):
    with pytest.raises(NotFoundError):
        desk.introductions.get(7)
    with pytest.raises(NotFoundError):
        desk.introductions.move(7, Move(DAY, "staff", "vetted"), version=1)


def test_a_stale_version_changes_nothing(desk):
    draft = start(desk)
    vetted = go(desk, draft, "vetted")
    with pytest.raises(ConflictError, match="version 1"):
        desk.introductions.move(draft.id, Move(DAY, "staff", "expired"), version=1)
    assert desk.introductions.get(draft.id) == vetted


@on_one_engine
def test_an_illegal_move_changes_nothing(desk):
    draft = start(desk)
    with pytest.raises(IllegalMoveError):
        desk.introductions.move(draft.id, Move(DAY, "staff", "met"), version=1)
    assert desk.introductions.get(draft.id) == draft


def test_of_many_at_once_exactly_one_moves_it(desk):
    draft = start(desk)
    won, lost = [], []

    def try_it():
        try:
            won.append(go(desk, draft, "vetted"))
        except ConflictError as error:
            lost.append(error)

    threads = [Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)
    assert desk.introductions.get(draft.id).version == 2


def test_a_pair_has_one_introduction_at_a_time(desk):
    first = start(desk)
    with pytest.raises(ConflictError, match="under way"):
        start(desk, "pl-b", "ua-a")
    go(desk, first, "declined", answer="not_now")
    assert start(desk).id != first.id


@on_one_engine
@pytest.mark.parametrize("answer", ["no", "not_for_us"])
def test_a_refused_pair_is_not_introduced_again(desk, answer):
    go(desk, start(desk), "vetted", "asked_a", "declined", answer=answer, role="a")
    with pytest.raises(InvalidInputError, match="declined"):
        start(desk)
    pair = frozenset(("ua-a", "pl-b"))
    assert desk.introductions.exclusions().refused == {pair}


def test_a_pair_that_knows_each_other_is_excluded_but_not_as_refused(desk):
    go(desk, start(desk), "vetted", "asked_a", "asked_b", "declined", answer="known_to_us")
    excluded = desk.introductions.exclusions()
    assert (excluded.known, excluded.refused) == ({frozenset(("ua-a", "pl-b"))}, frozenset())


def test_under_way_and_done_pairs_are_excluded_from_a_programme(desk):
    start(desk)
    go(desk, start(desk, "ua-a", "de-c"), *WAY, "outcome", outcome="none")
    excluded = desk.introductions.exclusions()
    assert excluded.under_way == {frozenset(("ua-a", "pl-b"))}
    assert excluded.known == {frozenset(("ua-a", "de-c"))}


def test_a_step_by_mistake_is_taken_back_with_what_it_left(desk):
    drafted = start(desk)
    asked = go(desk, drafted, "vetted", "asked_a", who="desk")
    no = go(desk, asked, "declined", answer="not_for_us", reason="a slip", who="desk")
    assert desk.introductions.exclusions().refused
    back = desk.introductions.take_back(no.id, version=no.version).introduction
    assert (back.state, back.version) == ("asked_a", no.version + 1)
    assert desk.introductions.get(no.id) == back
    assert not desk.introductions.exclusions().refused
    with pytest.raises(ConflictError):
        desk.introductions.take_back(no.id, version=no.version)
    over = go(desk, start(desk, b="pl-d"), "expired", who="desk")
    start(desk, b="pl-d")
    with pytest.raises(ConflictError, match="under way"):  # the pair began anew since
        desk.introductions.take_back(over.id, version=over.version)
    answered = go(desk, back, "asked_b", role="a")
    for one in (answered, start(desk, b="pl-c")):  # a side's own answer; a draft
        with pytest.raises(IllegalMoveError):
            desk.introductions.take_back(one.id, version=one.version)


def test_a_reminder_begins_the_days_of_waiting_anew(desk):
    asked = go(desk, start(desk), "vetted", "asked_a")
    week = DAY + timedelta(days=7)
    assert desk.introductions.all(due=week) == [asked]
    again = Move(week, "staff", "asked_a", "by telephone")
    desk.introductions.move(asked.id, again, version=asked.version)
    assert desk.introductions.all(due=week + timedelta(days=6)) == []


def test_due_lists_reminders_and_expiries(desk):
    asked = go(desk, start(desk), "vetted", "asked_a")
    assert desk.introductions.all(due=DAY + timedelta(6)) == []
    assert desk.introductions.all(due=DAY + timedelta(7)) == [asked]
    assert desk.introductions.all(due=DAY + timedelta(21)) == [asked]
    go(desk, asked, "expired")
    assert desk.introductions.all(due=DAY + timedelta(99)) == []


def test_conversion_counts_each_introduction_once(desk):
    for place, outcome in enumerate(("mou", "none", "project", "none")):
        go(desk, start(desk, b=f"pl-{place}"), *WAY, "outcome", outcome=outcome)
    go(desk, start(desk, b="pl-9"), "vetted", "asked_a")
    figures = conversion(desk.introductions.all())
    assert figures.reached["met"] == 4
    assert figures.reached["vetted"] == 5
    assert figures.outcomes == {"mou": 1, "project": 1, "none": 2}
    assert figures.share == 0.5
    assert conversion([]).share is None
    assert [round(anchor.share, 2) for anchor in ANCHORS] == [0.19, 0.23]


OLENA = Person("ua-a", "Olena Kovalenko", "olena@cluster.example", "director", "+380441234567")
YES = Consent("introduction", "herself, by e-mail", DAY)


@on_one_engine
def test_nobody_is_kept_without_consent(desk):
    with pytest.raises(InvalidInputError) as caught:
        desk.people.add(Person("ua-a", " ", "nobody"), Consent("introduction", " ", DAY))
    assert {problem.where for problem in caught.value.problems} == {"name", "email", "given_by"}
    assert desk.people.of_cluster("ua-a", "introduction") == {}


def test_a_contact_is_shown_for_the_purpose_alone_and_until_withdrawn(desk):
    key = desk.people.add(OLENA, YES)
    assert desk.people.of_cluster("ua-a", "introduction") == {key: OLENA}
    assert desk.people.of_cluster("ua-a", "meeting") == {}
    assert desk.people.contact_lines("ua-a") == (
        "Olena Kovalenko, director, olena@cluster.example, +380441234567",
    )
    desk.people.withdraw(key, "introduction", on=DAY)
    assert desk.people.contact_lines("ua-a") == ()
    desk.people.consent(key, Consent("meeting", "herself", DAY))
    assert desk.people.of_cluster("ua-a", "meeting") == {key: OLENA}


def test_export_holds_everything(desk):
    key = desk.people.add(OLENA, YES)
    desk.people.withdraw(key, "introduction", on=DAY)
    go(desk, start(desk), "vetted", reason="call with OLENA KOVALENKO went well")
    data = desk.people.export(key)
    assert data["person"]["email"] == OLENA.email
    assert data["consents"] == [
        {
            "purpose": "introduction",
            "given_by": "herself, by e-mail",
            "given_on": DAY,
            "withdrawn_on": DAY,
        }
    ]
    assert [entry["action"] for entry in data["log"]] == [
        "added: introduction",
        "withdrawn: introduction",
    ]
    assert data["mentions"] == ["call with OLENA KOVALENKO went well"]


@on_one_engine
@pytest.mark.parametrize("action", ["erase", "export", "withdraw", "consent"])
def test_unknown_person(desk, action):
    extra = {
        "withdraw": lambda: desk.people.withdraw(5, "meeting", on=DAY),
        "consent": lambda: desk.people.consent(5, YES),
    }
    with pytest.raises(NotFoundError):
        extra.get(action, lambda: getattr(desk.people, action)(5))()


def test_the_migration_makes_the_tables_that_the_code_expects(url):
    from sqlalchemy import inspect

    database = Database(url)
    migrate(database)
    with database.read() as connection:
        found = inspect(connection)
        for name in ("introductions", "introduction_moves", "partner_marks", "people", "consents"):
            table = metadata.tables[name]
            columns = {c["name"]: c for c in found.get_columns(name)}
            assert columns.keys() == {c.name for c in table.columns}
            for column in table.columns:
                assert columns[column.name]["nullable"] == column.nullable
            assert {i["name"] for i in found.get_indexes(name)} == {i.name for i in table.indexes}
    database.close()
