"""Days and times as people write them, and the night in which an hour is had twice."""

from datetime import date, time

import pytest

from matcher.errors import InvalidInputError
from matcher.events.event import Event, Participant, Place
from matcher.events.times import calendar_day, clock_time, parse_break, parse_slots

QUARTER_TO_TEN = ["9.45", "9:45", "09.45", "0945", "9h45", "9,45", "9.45 Uhr", "9:45 am", "9:45:00"]
ONE = ["13h", "13", "13.00", "1 pm", "13 h 00", "13:00:00", "1300"]
NO_TIMES = ["9.5", "25:00", "9:60", "0.40625", "9-45", "09:00+02:00", "noon", "13 pm", "945", ""]


@pytest.mark.parametrize("text", QUARTER_TO_TEN)
def test_a_quarter_to_ten(text):
    assert clock_time(text) == time(9, 45)


@pytest.mark.parametrize("text", ONE)
def test_one_o_clock(text):
    assert clock_time(text) == time(13)


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_cannot_be_a_time_or_may_be_two(text):
    with pytest.raises(ValueError):
        clock_time(text)


@pytest.mark.parametrize(
    "text", ["2026-12-14", "14.12.2026", "14/12/2026", "12/14/2026", "14 December 2026"]
)
def test_a_day_in_december(text):
    assert calendar_day(text) == date(2026, 12, 14)


@pytest.mark.parametrize("text", ["11/12/2026", "31.2.2026", "14.12.26", "Monday"])
def test_what_cannot_be_a_day_or_may_be_two(text):
    with pytest.raises(ValueError):
        calendar_day(text)


def test_slots_and_breaks_in_the_spelling_of_an_office():
    pause = parse_break("Europe/Kyiv", "14.12.2026 10.00 - 10.30 Coffee with guests")
    assert pause.title == "Coffee with guests"
    slots = parse_slots("Europe/Kyiv", ["14.12.2026 9.00 - 11h"], 30, 0, [pause])
    assert [slot.id for slot in slots] == ["1-0900", "1-0930", "1-1030"]


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "Europe/Brussels", "Europe/Chisinau"])
@pytest.mark.parametrize("day", ["2026-10-25", "2026-03-29"])
@pytest.mark.parametrize("minutes", [30, 20])
def test_the_grid_of_any_night_is_one_that_an_event_takes(zone, day, minutes):
    slots = parse_slots(zone, [f"{day} 00:00-06:00"], minutes, 0)
    hours = 7 if day == "2026-10-25" else 5
    event = Event(
        id="night",
        title="Night",
        zone=zone,
        slots=slots,
        places=[Place(id="t", name="T")],
        participants=[Participant(id="a", name="A")],
    )
    assert len(event.slots) == hours * 60 // minutes


@pytest.mark.parametrize(
    ("stretches", "minutes", "reason"),
    [
        (["2026-11-12 09:00-11:00", "2026-11-12 10:00-12:00"], 30, "overlap"),
        (["2026-11-12 09:00-09:10"], 30, "no meeting of 30 minutes fits"),
        ([f"2026-11-{day:02} 00:00-23:59" for day in range(1, 31)], 1, "more than 500 slots"),
    ],
)
def test_grids_that_no_event_takes(stretches, minutes, reason):
    with pytest.raises(InvalidInputError) as caught:
        parse_slots("Europe/Kyiv", stretches, minutes, 0)
    assert reason in f"{caught.value} {[str(problem) for problem in caught.value.problems]}"


def test_days_given_in_any_order_are_listed_in_order_of_time():
    slots = parse_slots("Europe/Kyiv", ["2026-11-13 09:00-10:00", "2026-11-12 09:00-10:00"], 30, 0)
    assert list(slots) == sorted(slots, key=lambda slot: slot.start)
