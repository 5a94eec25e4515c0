"""Values in the tables of an event that once broke their reading."""

import pytest

from matcher.errors import InvalidInputError
from matcher.meetings.event import parse_event
from matcher.meetings.importing import read_event_tables

ZONE = "Europe/Brussels"
PEOPLE = b"name\nA\nB\n"


@pytest.mark.parametrize("count", ["9" * 5_000, "9999999999", "²", "½", "-1", "1.0"])
def test_counts_that_are_none(count):
    report = read_event_tables(ZONE, f"name,maximum\nA,{count}\n".encode())
    assert [problem.field for problem in report.problems] == ["maximum"]
    assert report.participants == ()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "today", "9" * 5_000])
def test_days_that_are_none(day):
    presence = f"participant,day,from,to\nA,{day},00:00,23:59\n".encode()
    report = read_event_tables(ZONE, PEOPLE, presence)
    assert [problem.field for problem in report.problems] == ["day"]
    assert len(report.participants) == 2


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_moments_beyond_the_calendar_are_named(moment):
    slot = {"id": "1", "start": moment, "end": "2026-11-12T10:00:00+01:00"}
    event = {
        "id": "e",
        "title": "E",
        "zone": ZONE,
        "slots": [slot],
        "places": [],
        "participants": [],
    }
    with pytest.raises(InvalidInputError) as caught:
        parse_event(event)
    assert any("end of the calendar" in problem.message for problem in caught.value.problems)
