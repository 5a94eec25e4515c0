"""One book: what introductions and events know of a pair holds wherever the two may meet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from drawn_events import drawn_events
from hypothesis import given
from hypothesis import strategies as st
from support import on_one_engine
from test_schedule_laws import QUICK

from matcher.errors import InvalidInputError
from matcher.events.after import MeetingReport, pair_feedback
from matcher.events.edits import misfits
from matcher.events.event import Book, FixedMeeting, sorted_pair
from matcher.events.repository import Meetings
from matcher.events.scheduler import replan, schedule, why_not
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import Move, propose
from matcher.store.database import Database
from matcher.store.migrate import migrate

DAY = date(2026, 9, 1)
PATH = {
    "agreed": ["vetted", "asked_a", "asked_b", "agreed"],
    "introduced": ["vetted", "asked_a", "asked_b", "agreed", "introduced"],
    "met": ["vetted", "asked_a", "asked_b", "agreed", "introduced", "met"],
}
A, B = "ge-ict", "pt-ocean"


@pytest.fixture
def book(database_url):
    database = Database(database_url)
    migrate(database)
    yield Meetings(database), Desk(database).introductions
    database.close()


def introduced(introductions, state, a=A, b=B):
    one = introductions.add(propose(a, b, purpose="Wine and software", on=DAY))
    for step in PATH[state]:
        one = introductions.move(one.id, Move(DAY, "staff", step), version=one.version)
    return one


def declined(introductions, answer):
    one = introduced(introductions, "agreed")
    refusal = Move(DAY, "a", "declined", reason="They know.", answer=answer)
    introductions.move(one.id, refusal, version=one.version)


def pairs(plan):
    return {meeting.pair for meeting in plan.meetings}


def made(meetings, event, values):
    stored = meetings.get(event.id)
    plan = schedule(stored.event, values, seconds=0.2)
    return meetings.save(stored.event, plan, version=stored.version)


@on_one_engine
@pytest.mark.parametrize("answer", ["no", "not_now", "known_to_us", "not_for_us"])
def test_a_pair_that_declined_never_meets(book, fair, fair_values, answer):
    meetings, introductions = book
    meetings.add(fair)
    assert (A, B) in pairs(made(meetings, fair, fair_values).schedule)
    declined(introductions, answer)
    stored = meetings.get(fair.id)
    assert any("declined" in problem.message for problem in misfits(stored.event, stored.schedule))
    again = replan(stored.event, fair_values, stored.schedule, seconds=0.2)
    assert (A, B) not in pairs(again)
    told = why_not(stored.event, fair_values, again, (A, B))
    assert (told.code, told.private) == ("declined", True)


@on_one_engine
def test_nobody_fixes_a_meeting_of_two_that_declined(book, fair):
    meetings, introductions = book
    declined(introductions, "no")
    by_hand = fair.model_copy(update={"fixed": (FixedMeeting(a=A, b=B, slot=fair.slots[0].id),)})
    with pytest.raises(InvalidInputError) as caught:
        meetings.add(by_hand)
    assert "declined" in caught.value.problems[0].message
    stored = meetings.add(fair)
    with pytest.raises(InvalidInputError):
        meetings.save(by_hand, None, version=stored.version)


@on_one_engine
@pytest.mark.parametrize("state", ["agreed", "introduced"])
def test_an_agreed_introduction_comes_first(book, fair, fair_values, state):
    meetings, introductions = book
    narrow = fair.model_copy(update={"slots": fair.slots[:1], "places": fair.places[:1]})
    meetings.add(narrow)
    assert pairs(made(meetings, narrow, fair_values).schedule) != {(A, B)}
    introduced(introductions, state)
    assert pairs(made(meetings, narrow, fair_values).schedule) == {(A, B)}


def test_a_later_event_repeats_no_meeting(book, fair, fair_values):
    meetings, introductions = book
    meetings.add(fair)
    first = pairs(made(meetings, fair, fair_values).schedule)
    introduced(introductions, "met", "am-engine", "ge-ict")
    later = fair.model_copy(
        update={
            "id": "later",
            "wishes": (),
            "slots": tuple(
                one.model_copy(
                    update={
                        "start": one.start + timedelta(days=30),
                        "end": one.end + timedelta(days=30),
                    }
                )
                for one in fair.slots
            ),
        }
    )
    meetings.add(later)
    known = meetings.get("later").event.known
    assert known == first | {("am-engine", "ge-ict")}
    assert meetings.get(fair.id).event.known == {("am-engine", "ge-ict")}
    idle = later.model_copy(
        update={
            "participants": tuple(
                one.model_copy(update={"minimum": 0}) for one in later.participants
            )
        }
    )
    meetings.save(idle, None, version=1)
    assert not pairs(made(meetings, idle, fair_values).schedule) & first
    gone = report(fair, *min(first), attended=False)
    meetings.record(gone)
    assert min(first) not in meetings.get("later").event.known


def test_what_is_declined_after_an_event_leaves_its_schedule_alone(book, fair, fair_values):
    meetings, introductions = book
    meetings.add(fair)
    made(meetings, fair, fair_values)
    one = introduced(introductions, "agreed")
    late = Move(date(2026, 12, 1), "a", "declined", reason="No more.", answer="not_for_us")
    introductions.move(one.id, late, version=one.version)
    stored = meetings.get(fair.id)
    assert misfits(stored.event, stored.schedule) == ()


def report(event, a, b, **said):
    return MeetingReport(
        event_id=event.id,
        a=a,
        b=b,
        by=a,
        recorded_at=datetime(2026, 11, 20, tzinfo=UTC),
        **{"attended": True, **said},
    )


def test_an_outcome_told_after_an_event_stands_in_the_introduction(book, fair, fair_values):
    meetings, introductions = book
    meetings.add(fair)
    key = introduced(introductions, "introduced").id
    made(meetings, fair, fair_values)
    meetings.record(report(fair, A, B))
    assert introductions.get(key).state == "met"
    meetings.record(report(fair, A, B, outcome="mou"))
    meetings.record(report(fair, A, B, outcome="none"))
    assert introductions.get(key).outcome == "mou"
    meetings.delete(fair.id, version=meetings.get(fair.id).version)
    assert introductions.get(key).outcome == "mou"
    assert meetings.outcomes() == {(A, B): "mou"}


def test_an_outcome_of_an_introduction_counts_for_the_event(book, fair, fair_values):
    meetings, introductions = book
    meetings.add(fair)
    one = introduced(introductions, "introduced")
    made(meetings, fair, fair_values)
    meetings.record(report(fair, A, B))
    one = introductions.get(one.id)
    project = Move(date(2026, 12, 1), "staff", "outcome", outcome="project")
    introductions.move(one.id, project, version=one.version)
    (learnt,) = pair_feedback(meetings.reports(fair.id), meetings.outcomes())
    assert learnt.outcome == "project"


def test_a_new_event_of_an_old_id_starts_without_its_feedback(book, fair, fair_values):
    meetings, _ = book
    for _ in range(2):
        meetings.add(fair)
        stored = made(meetings, fair, fair_values)
        met = stored.schedule.meetings[0].pair
        meetings.record(report(fair, *met, rating=4))
        meetings.delete(fair.id, version=stored.version)
    stored = meetings.add(fair)
    assert meetings.reports(fair.id) == []
    assert len(meetings.reports()) == 2
    assert met in meetings.get(fair.id).event.known


@given(drawn_events(people=8), st.data())
def test_no_schedule_seats_a_declined_pair_and_no_change_makes_one_do_so(drawn, data):
    people = sorted(drawn.event.by_id)
    pair_of = st.lists(st.sampled_from(people), min_size=2, max_size=2, unique=True)
    drawn_pairs = st.frozensets(pair_of.map(lambda two: sorted_pair(*two)), max_size=6)
    fixed = {one.pair for one in drawn.event.fixed}
    book = Book(declined=data.draw(drawn_pairs) - fixed, met=data.draw(drawn_pairs))
    event = drawn.event.model_copy(update={"book": book})
    plan = schedule(event, drawn.values, seconds=QUICK)
    assert not pairs(plan) & book.declined
    assert misfits(event, plan) == ()
    changed = event.model_copy(update={"book": Book(declined=data.draw(drawn_pairs) - fixed)})
    assert not pairs(replan(changed, drawn.values, plan, seconds=QUICK)) & changed.book.declined
