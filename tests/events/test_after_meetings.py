from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from matcher.errors import ConflictError, InvalidInputError, NotFoundError
from matcher.events.after import MeetingReport, meeting_figures, pair_feedback
from matcher.events.repository import Meetings
from matcher.store.database import Database
from matcher.store.migrate import migrate

NOW = datetime(2026, 11, 13, 18, tzinfo=UTC)


@pytest.fixture
def meetings(database_url):
    database = Database(database_url)
    migrate(database)
    yield Meetings(database)
    database.close()


def report(by="a", **values):
    base = {"event_id": "e", "a": "a", "b": "b", "by": by, "attended": True, "recorded_at": NOW}
    return MeetingReport.model_validate({**base, **values})


def test_event_and_schedule_come_back_as_saved(meetings, fair, plan):
    assert meetings.add(fair).version == 1
    assert meetings.save(fair, plan, version=1).version == 2
    stored = meetings.get(fair.id)
    assert (stored.event, stored.schedule, stored.version) == (fair, plan, 2)
    assert meetings.all() == [stored]


def test_events_are_sorted_alike_on_every_engine(meetings, fair):
    """By code point; a country's rules would put "a-z" behind "ab"."""
    ids = ["ab", "a-z", "a", "a1"]
    for key in ids:
        meetings.add(fair.model_copy(update={"id": key}))
    assert [stored.event.id for stored in meetings.all()] == sorted(ids)


def test_the_second_of_two_editors_is_stopped(meetings, fair, plan):
    meetings.add(fair)
    meetings.save(fair, plan, version=1)
    with pytest.raises(ConflictError):
        meetings.save(fair, None, version=1)
    with pytest.raises(ConflictError):
        meetings.delete(fair.id, version=1)
    with pytest.raises(ConflictError):
        meetings.add(fair)
    assert meetings.get(fair.id).schedule == plan


def test_absent_events_are_named(meetings, fair):
    with pytest.raises(NotFoundError):
        meetings.get("nothing")
    with pytest.raises(NotFoundError):
        meetings.save(fair, None, version=1)


def test_a_report_replaces_the_side_s_earlier_one_and_outlives_the_event(meetings, fair, plan):
    meetings.add(fair)
    meetings.save(fair, plan, version=1)
    meeting = plan.meetings[0]
    common = {"event_id": fair.id, "a": meeting.a, "b": meeting.b}
    meetings.record(report(meeting.a, **common, rating=2))
    meetings.record(report(meeting.a, **common, rating=5, outcome="mou", second_meeting=True))
    meetings.record(report(meeting.b, **common, rating=4, second_meeting=True))
    meetings.delete(fair.id, version=2)
    assert len(meetings.reports(fair.id)) == 2
    [learnt] = pair_feedback(meetings.reports())
    assert (learnt.pair, learnt.held, learnt.rating) == (meeting.pair, True, 4.5)
    assert (learnt.outcome, learnt.again) == ("mou", 2)


def test_only_meetings_of_the_schedule_can_be_reported(meetings, fair, plan):
    meetings.add(fair)
    held = {meeting.pair for meeting in plan.meetings}
    stranger = ("am-engine", "ge-ict")
    assert stranger not in held
    said = report("am-engine", event_id=fair.id, a=stranger[0], b=stranger[1])
    with pytest.raises(InvalidInputError, match="no schedule"):
        meetings.record(said)
    meetings.save(fair, plan, version=1)
    with pytest.raises(InvalidInputError, match="no meeting"):
        meetings.record(said)


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": "c"},
        {"a": "b", "b": "a"},
        {"rating": 6},
        {"attended": False, "rating": 3},
        {"attended": False, "outcome": "mou"},
        {"comment": "Anna was late"},
    ],
)
def test_reports_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValidationError):
        report(**wrong)


def test_feedback_of_several_events_is_summed_up_by_pair():
    reports = [
        report("a", event_id="e1", attended=False),
        report("b", event_id="e1", rating=1, outcome="none"),
        report("a", event_id="e2", rating=4, outcome="project", second_meeting=False),
        report("a", event_id="e2", a="a", b="c", attended=False),
    ]
    first, second = pair_feedback(reports)
    assert (first.pair, first.held, first.rating) == (("a", "b"), True, 2.5)
    assert (first.outcome, first.again) == ("project", 0)
    assert (second.pair, second.held, second.rating, second.outcome) == (
        ("a", "c"),
        False,
        None,
        None,
    )


def test_figures_count_pairs_not_voices():
    reports = [
        report("a", rating=5, outcome="mou", second_meeting=True),
        report("b", rating=4, outcome="none", second_meeting=True),
        report("c", a="b", b="c", attended=False),
        report("a", a="a", b="c", outcome="project", second_meeting=True),
    ]
    figures = meeting_figures(reports)
    assert (figures.told, figures.held, figures.rating, figures.again) == (3, 2, 4.5, 1)
    assert figures.outcomes == {"none": 0, "mou": 1, "project": 1}


def test_figures_of_nothing():
    figures = meeting_figures([])
    assert (figures.told, figures.held, figures.rating, figures.again) == (0, 0, None, 0)
    assert set(figures.outcomes.values()) == {0}
