"""Calendar files of agendas (RFC 5545), sent, changed and withdrawn by the rules of RFC 5546."""

from datetime import UTC, datetime
from typing import Literal

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as CalendarEvent

from matcher.events.agendas import Agenda, Entry, agenda_labels, participant_agenda, place_agenda
from matcher.events.event import Event
from matcher.events.plan import Meeting, Schedule
from matcher.introductions.briefs.labels import Language

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
_PRODUCT = "-//Cluster Matcher//Meetings//EN"
_NO_MAIL = "invalid:nomail"


def agenda_ics(
    event: Event,
    schedule: Schedule,
    participant_id: str,
    *,
    stamp: datetime,
    attendee: str | None = None,
    language: Language = "en",
) -> bytes:
    """Write a participant's meetings as a calendar.

    A meeting keeps its UID for good and its SEQUENCE rises with every change, so that importing
    a newer file updates the older entries. Times are UTC; the description tells both local
    times.

    Parameters
    ----------
    stamp
        When the file is made (DTSTAMP).
    attendee
        Mail address to invite: the file is then a REQUEST, otherwise a PUBLISH.
    language
        Of summaries and descriptions.
    """
    agenda = participant_agenda(event, schedule, participant_id, language)
    return _calendar(event, agenda, "REQUEST" if attendee else "PUBLISH", stamp, attendee)


def place_ics(
    event: Event, schedule: Schedule, place_id: str, *, stamp: datetime, language: Language = "en"
) -> bytes:
    """Write the meetings at one place as a calendar to publish."""
    agenda = place_agenda(event, schedule, place_id, language)
    return _calendar(event, agenda, "PUBLISH", stamp, None)


def withdrawal_ics(
    event: Event,
    schedule: Schedule,
    participant_id: str,
    *,
    stamp: datetime,
    attendee: str | None = None,
    language: Language = "en",
) -> bytes | None:
    """Write the meetings that were announced to a participant and are no more, as a CANCEL.

    Returns
    -------
    bytes or None
        ``None`` where there is nothing to withdraw: a calendar without entries is not valid.
    """
    gone = [one for one in schedule.withdrawn if participant_id in one.pair]
    if not gone:
        return None
    names, say = {one.id: one.name for one in event.participants}, agenda_labels(language)
    calendar = _empty("CANCEL", f"{event.title}: {names.get(participant_id, participant_id)}")
    slots = {slot.id: slot for slot in event.slots}
    for meeting in gone:
        other = meeting.other(participant_id)
        item = _item(event, meeting, stamp, attendee)
        item.add("summary", say("cancelled_meeting", name=names.get(other, other)))
        if slot := slots.get(meeting.slot):
            item.add("dtstart", slot.start)
            item.add("dtend", slot.end)
        item.add("status", "CANCELLED")
        calendar.add_component(item)
    return bytes(calendar.to_ical())


def _calendar(
    event: Event, agenda: Agenda, method: Method, stamp: datetime, attendee: str | None
) -> bytes:
    calendar = _empty(method, f"{agenda.event_title}: {agenda.name}")
    labels = [clock.label for clock in agenda.clocks]
    for entry in (entry for day in agenda.days for entry in day.entries):
        if entry.meeting is None:
            continue
        item = _item(event, entry.meeting, stamp, attendee)
        with_whom = agenda.say("meeting_with_whom", name=entry.title)
        item.add("summary", with_whom if agenda.of_participant else entry.title)
        item.add("dtstart", entry.window.start)
        item.add("dtend", entry.window.end)
        venue = None if entry.online else event.venue
        item.add("location", ", ".join(filter(None, (entry.place, venue))))
        item.add("description", _description(entry, labels))
        if entry.link:
            item.add("url", entry.link)
        item.add("status", "TENTATIVE" if agenda.provisional else "CONFIRMED")
        calendar.add_component(item)
    return bytes(calendar.to_ical())


def _empty(method: Method, name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add("x-wr-calname", name)
    return calendar


def _item(event: Event, meeting: Meeting, stamp: datetime, attendee: str | None) -> CalendarEvent:
    item = CalendarEvent()
    item.add("uid", meeting.uid(event.id))
    item.add("sequence", meeting.sequence)
    item.add("dtstamp", stamp.astimezone(UTC))
    organiser = vCalAddress(f"mailto:{event.organiser.email}" if event.organiser else _NO_MAIL)
    organiser.params["CN"] = vText(event.organiser.name if event.organiser else event.title)
    item["organizer"] = organiser
    if attendee:
        invited = vCalAddress(f"mailto:{attendee}")
        invited.params["PARTSTAT"] = vText("NEEDS-ACTION")
        invited.params["RSVP"] = vText("TRUE")
        item["attendee"] = invited
    return item


def _description(entry: Entry, labels: list[str]) -> str:
    times = [f"{label}: {time}" for label, time in zip(labels, entry.times, strict=True)]
    return "\n".join(filter(None, (entry.detail, *times, entry.link)))
