"""Calendar files, read back by a real parser."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import icalendar
import pytest

from matcher.documents.calendars import agenda_ics, withdrawal_ics
from matcher.events.agendas import participant_agenda, place_agenda
from matcher.events.attendance import cancel_participants
from matcher.events.event import Organiser, Participant, slot_grid
from matcher.events.scheduler import freeze, replan, schedule

STAMP = datetime(2026, 11, 1, 12, tzinfo=UTC)


def parsed(content):
    calendar = icalendar.Calendar.from_ical(content)
    assert [part.errors for part in calendar.walk() if part.errors] == []
    return calendar, calendar.walk("VEVENT")


def test_every_meeting_is_in_the_calendar_at_the_right_moment(fair, plan):
    slots = {slot.id: slot for slot in fair.slots}
    for one in fair.participants:
        calendar, items = parsed(agenda_ics(participant_agenda(fair, plan, one.id), stamp=STAMP))
        assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
        assert [item.decoded("DTSTART") for item in items] == [
            slots[m.slot].start for m in plan.of(one.id)
        ]
        assert all(item.decoded("DTSTAMP") == STAMP for item in items)
        assert {item["STATUS"] for item in items} <= {"TENTATIVE"}


def test_both_sides_and_the_table_know_a_meeting_by_one_uid(fair, plan):
    meeting = plan.meetings[0]
    uids = [
        {str(item["UID"]) for item in parsed(content)[1]}
        for content in (
            agenda_ics(participant_agenda(fair, plan, meeting.a), stamp=STAMP),
            agenda_ics(participant_agenda(fair, plan, meeting.b), stamp=STAMP),
            agenda_ics(place_agenda(fair, plan, meeting.place), stamp=STAMP),
        )
    ]
    assert meeting.uid(fair.id) in set.intersection(*uids)
    every = {m.uid(fair.id) for m in plan.meetings}
    assert len(every) == len(plan.meetings)


def test_lines_end_in_crlf_and_fold_at_75_octets(fair, plan):
    content = agenda_ics(participant_agenda(fair, plan, "ua-kharkiv-it"), stamp=STAMP)
    assert content.count(b"\n") == content.count(b"\r\n") > 0
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    content.decode()


def test_text_is_data_in_every_field(fair, fair_values):
    nasty = 'Nasty; name, with \\ and "quotes" BEGIN:VEVENT'
    people = tuple(
        one.model_copy(update={"name": nasty}) if one.id == "de-cyber" else one
        for one in fair.participants
    )
    event = fair.model_copy(update={"participants": people})
    plan = schedule(event, fair_values, seconds=0.2)
    other = plan.of("de-cyber")[0].other("de-cyber")
    _, items = parsed(agenda_ics(participant_agenda(event, plan, other), stamp=STAMP))
    assert f"Meeting with {nasty}" in {str(item["SUMMARY"]) for item in items}
    assert len(items) == len(plan.of(other))


def test_a_calendar_names_the_organiser(fair, plan):
    event = fair.model_copy(
        update={"organiser": Organiser(name="Events office", email="events@example.eu")}
    )
    _, items = parsed(agenda_ics(participant_agenda(event, plan, "de-cyber"), stamp=STAMP))
    assert {str(item["ORGANIZER"]) for item in items} == {"mailto:events@example.eu"}


def test_a_frozen_schedule_is_confirmed(fair, plan):
    _, items = parsed(agenda_ics(participant_agenda(fair, freeze(plan), "de-cyber"), stamp=STAMP))
    assert {item["STATUS"] for item in items} == {"CONFIRMED"}


def test_a_withdrawn_meeting_is_cancelled_under_its_uid_and_a_higher_sequence(
    fair, fair_values, plan
):
    event = cancel_participants(fair, ["de-cyber"])
    after = replan(event, fair_values, plan, seconds=0.3)
    partner = plan.of("de-cyber")[0].other("de-cyber")
    before = {
        str(item["UID"]): item["SEQUENCE"]
        for item in parsed(agenda_ics(participant_agenda(fair, plan, partner), stamp=STAMP))[1]
    }
    calendar, items = parsed(withdrawal_ics(participant_agenda(event, after, partner), stamp=STAMP))
    assert calendar["METHOD"] == "CANCEL"
    assert [item["STATUS"] for item in items] == ["CANCELLED"]
    assert str(items[0]["UID"]) in before
    assert items[0]["SEQUENCE"] > before[str(items[0]["UID"])]
    assert withdrawal_ics(participant_agenda(fair, plan, partner), stamp=STAMP) is None


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        ("Asia/Yerevan", "UTC+4", "UTC+4"),
        ("Asia/Tbilisi", "UTC+4", "UTC+4"),
        ("Asia/Baku", "UTC+4", "UTC+4"),
        ("Europe/Kyiv", "UTC+2", "UTC+3"),
        ("Europe/Chisinau", "UTC+2", "UTC+3"),
        ("Europe/Lisbon", "UTC+0", "UTC+1"),
    ],
)
def test_local_times_survive_the_change_of_clocks(fair, zone, winter, summer):
    """24 October 2026 is summer time; the clocks change in the night to the 25th."""
    days = [(date(2026, 10, day), time(9), time(10)) for day in (24, 25)]
    slots = slot_grid("Europe/Brussels", days, 30)
    people = tuple(
        Participant(id=key, name=key.upper(), zone=zone) for key in ("a", "b", "c", "d", "e")
    )
    event = fair.model_copy(update={"slots": slots, "participants": people, "wishes": ()})
    values = {("a", key): 0.5 for key in ("b", "c", "d", "e")}
    plan = schedule(event, values, seconds=0.2)
    agenda = participant_agenda(event, plan, "a")
    offsets = dict.fromkeys((summer, winter))
    assert agenda.clocks[1].endswith(f"({', '.join(offsets)})")
    _, items = parsed(agenda_ics(participant_agenda(event, plan, "a"), stamp=STAMP))
    entries = [entry for day in agenda.days for entry in day.entries]
    assert len(items) == len(entries) == 4
    for item, entry in zip(items, entries, strict=True):
        start = item.decoded("DTSTART")
        own = f"{start.astimezone(ZoneInfo(zone)):%H:%M}"
        here = f"{start.astimezone(ZoneInfo('Europe/Brussels')):%H:%M}"
        assert (entry.times[0][:5], entry.times[1][:5]) == (here, own)
        assert here in ("09:00", "09:30")
        assert f": {own} – " in str(item["DESCRIPTION"])


def test_a_local_time_on_another_day_is_marked(fair):
    slots = slot_grid("Europe/Brussels", [(date(2026, 11, 12), time(21), time(23))], 60)
    people = tuple(Participant(id=key, name=key.upper(), zone="Asia/Yerevan") for key in ("a", "b"))
    event = fair.model_copy(update={"slots": slots, "participants": people, "wishes": ()})
    plan = schedule(event, {("a", "b"): 0.5}, seconds=0.1)
    times = participant_agenda(event, plan, "a").days[0].entries[0].times
    assert times in (
        ("21:00 – 22:00", "00:00 (+1 day) – 01:00 (+1 day)"),
        ("22:00 – 23:00", "01:00 (+1 day) – 02:00 (+1 day)"),
    )
