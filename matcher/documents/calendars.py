"""Calendar files of agendas (RFC 5545), published, changed and withdrawn as RFC 5546 says."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from icalendar import Alarm, Calendar, vCalAddress, vDuration, vText
from icalendar import Event as CalendarEvent

from matcher.documents.agenda import Agenda, Entry, Meeting, Withdrawn

Method = Literal["PUBLISH", "CANCEL"]
_PRODUCT = "-//Cluster Matcher//Meetings//EN"
_NO_MAIL = "invalid:nomail"
_WARNING = timedelta(minutes=-10)
_READ_AGAIN = timedelta(minutes=15)


def agenda_ics(agenda: Agenda, *, stamp: datetime, subscribed: bool = False) -> bytes:
    """Write the meetings of an agenda as a calendar.

    A meeting keeps its UID for good and its SEQUENCE rises with every change, so that importing
    a newer file updates the older entries. Times are UTC; the description gives local times.

    Parameters
    ----------
    stamp
        When the file is made (DTSTAMP).
    subscribed
        Calendars read it again and again: it says how often, and which meetings were withdrawn.
    """
    calendar = _empty("PUBLISH", agenda)
    if subscribed:
        every = vDuration(_READ_AGAIN)
        calendar.add("refresh-interval", every, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", every)
        for gone in agenda.withdrawn:
            if gone.times:
                calendar.add_component(_cancelled(agenda, gone, stamp))
    for entry in agenda.entries:
        if entry.meeting is None:
            continue
        item = _item(agenda, entry.meeting, stamp)
        with_whom = agenda.say("Meeting with {name}", name=entry.title)
        item.add("summary", with_whom if agenda.of_participant else entry.title)
        item.add("dtstart", entry.start)
        item.add("dtend", entry.end)
        venue = None if entry.online else agenda.venue
        item.add("location", ", ".join(filter(None, (entry.place, venue))))
        item.add("description", _description(entry, agenda))
        if entry.link:
            item.add("url", entry.link)
        item.add("status", "TENTATIVE" if agenda.provisional else "CONFIRMED")
        if agenda.of_participant:
            item.add_component(_alarm(with_whom))
        calendar.add_component(item)
    return bytes(calendar.to_ical())


def withdrawal_ics(agenda: Agenda, *, stamp: datetime) -> bytes | None:
    """Write the meetings that were announced and will not be held, as a CANCEL.

    Returns
    -------
    bytes or None
        ``None`` where there is nothing to withdraw: a calendar without entries is not valid.
    """
    if not agenda.withdrawn:
        return None
    calendar = _empty("CANCEL", agenda)
    for gone in agenda.withdrawn:
        calendar.add_component(_cancelled(agenda, gone, stamp))
    return bytes(calendar.to_ical())


def _cancelled(agenda: Agenda, gone: Withdrawn, stamp: datetime) -> CalendarEvent:
    item = _item(agenda, gone.meeting, stamp)
    item.add("summary", agenda.say("Cancelled: meeting with {name}", name=gone.name))
    if gone.times:
        item.add("dtstart", gone.times[0])
        item.add("dtend", gone.times[1])
    item.add("status", "CANCELLED")
    return item


def _alarm(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", _WARNING)
    return alarm


def _empty(method: Method, agenda: Agenda) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add("x-wr-calname", f"{agenda.event_title}: {agenda.name}")
    return calendar


def _item(agenda: Agenda, meeting: Meeting, stamp: datetime) -> CalendarEvent:
    item = CalendarEvent()
    item.add("uid", meeting.uid)
    item.add("sequence", meeting.sequence)
    item.add("dtstamp", stamp.astimezone(UTC))
    name, address = agenda.organiser
    organiser = vCalAddress(f"mailto:{address}" if address else _NO_MAIL)
    organiser.params["CN"] = vText(name)
    item["organizer"] = organiser
    return item


def _description(entry: Entry, agenda: Agenda) -> str:
    times = [f"{clock}: {time}" for clock, time in zip(agenda.clocks, entry.times, strict=True)]
    brief = entry.brief and agenda.say("Brief: {link}", link=entry.brief)
    return "\n".join(
        filter(None, (entry.detail, *entry.who, *times, entry.link, *entry.why, brief))
    )
