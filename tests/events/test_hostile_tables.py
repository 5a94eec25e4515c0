"""Values in the tables and times of an event that once broke their reading."""

from datetime import date, time

import pytest
from support import bare_event

from matcher.errors import InvalidInputError
from matcher.events.event import parse_event, slot_grid
from matcher.events.importing import read_event_tables
from matcher.events.times import parse_break, parse_slots

ZONE = "Europe/Brussels"
PEOPLE = b"name\nA\nB\n"


@pytest.mark.parametrize("count", ["9" * 5_000, "9999999999", "²", "½", "-1", "1.0"])
def test_counts_that_are_none(count):
    report = read_event_tables(bare_event(ZONE), f"name,maximum\nA,{count}\n".encode())
    assert [problem.field for problem in report.problems] == ["maximum"]
    assert report.participants == ()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "today", "9" * 5_000])
def test_days_that_are_none(day):
    presence = f"participant,day,from,to\nA,{day},00:00,23:59\n".encode()
    report = read_event_tables(bare_event(ZONE), PEOPLE, presence)
    assert [problem.field for problem in report.problems] == ["day"]
    assert len(report.participants) == 2


EDGES = [("0001-01-01", "Europe/Kyiv"), ("9999-12-31", "America/New_York")]


@pytest.mark.parametrize(("day", "zone"), EDGES)
def test_days_at_either_end_of_the_calendar_have_no_times(day, zone):
    with pytest.raises(InvalidInputError) as caught:
        parse_slots(zone, [f"{day} 00:00-23:59"], 25, 5)
    assert [problem.where for problem in caught.value.problems] == ["slots"]
    with pytest.raises(InvalidInputError) as caught:
        parse_break(zone, f"{day} 00:00-23:59 Tea")
    assert [problem.where for problem in caught.value.problems] == ["break"]
    with pytest.raises(ValueError, match="end of the calendar"):
        slot_grid(zone, [(date.fromisoformat(day), time(0), time(23, 59))], 25)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("2026-11-12 10:00-10:30 " + "x" * 301, "title"),
        ("2026-11-12 10:00-10:30 a\x01b", "title"),
        ("2026-03-29 03:30-04:10 the hour that the clocks leave out", "break"),
    ],
)
def test_breaks_that_are_none(text, field):
    with pytest.raises(InvalidInputError) as caught:
        parse_break("Europe/Kyiv", text)
    assert [problem.where for problem in caught.value.problems] == [field]


@pytest.mark.parametrize(("minutes", "pause"), [(0, 5), (601, 5), (10**12, 5), (25, -1), (25, 601)])
def test_lengths_that_are_none(minutes, pause):
    with pytest.raises(InvalidInputError) as caught:
        parse_slots(ZONE, ["2026-11-12 09:00-10:00"], minutes, pause)
    assert "1 to 600 minutes" in str(caught.value.problems[0].message)


def test_presence_in_the_hour_that_the_clocks_leave_out():
    presence = b"participant,day,from,to\nA,2026-03-29,03:30,04:10\n"
    report = read_event_tables(bare_event("Europe/Kyiv"), PEOPLE, presence)
    assert [problem.field for problem in report.problems] == ["to"]


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T01:00:00Z",
        "9999-12-31T23:00:00Z",
        "9999-12-31T23:59:59-12:00",
    ],
)
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
    assert any("end of the calendar" in str(problem.message) for problem in caught.value.problems)
