"""Agendas: the day of one participant, or of one table, ready to be written in any form."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from matcher.errors import InvalidInputError
from matcher.events.event import Break, Event, Participant, Place, Window
from matcher.events.plan import Meeting, Schedule
from matcher.introductions.briefs.labels import Labels, Language, labels

_CATALOGUES = Path(__file__).with_name("catalogues")


def agenda_labels(language: Language) -> Labels:
    """Words of the agendas in a language."""
    return labels(language, _CATALOGUES)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time zone on paper.

    Attributes
    ----------
    zone
        The zone.
    label
        Its place and offset at the event, such as ``"Kyiv (UTC+2)"``.
    say
        Words of the agenda's language.
    """

    zone: ZoneInfo
    label: str
    say: Labels

    def time(self, instant: datetime, day: datetime) -> str:
        """Write the local time; marked where it falls on another date than `day` at the venue."""
        local = instant.astimezone(self.zone)
        time, shift = f"{local:%H:%M}", (local.date() - day.date()).days
        return self.say("day_shift", time=time, shift=shift) if shift else time


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an agenda.

    Attributes
    ----------
    times
        Start and end by each clock of the agenda, such as ``"09:00 – 09:25"``.
    title
        Whom one meets; the two sides at a table; the name of a break.
    detail
        Country and roles of the other side.
    place, link
        Where it takes place; empty for a break.
    online
        Whether that is an on-line room.
    meeting
        ``None`` for a break.
    """

    window: Window
    times: tuple[str, ...]
    title: str
    detail: str = ""
    place: str = ""
    link: str | None = None
    online: bool = False
    meeting: Meeting | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day, and its date at the venue in words."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """One agenda; the first clock is the event's, the second the participant's own.

    Attributes
    ----------
    name
        The participant, or the table.
    of_participant
        Whether it is a participant's; else it is a place's.
    lines
        What stands below the name: country, roles, venue.
    language
        Of everything but names, titles and links, which stay as they were given.
    """

    event_title: str
    name: str
    of_participant: bool
    lines: tuple[str, ...]
    provisional: bool
    clocks: tuple[Clock, ...]
    days: tuple[Day, ...]
    language: Language = "en"

    @property
    def meetings(self) -> int:
        """Number of meetings."""
        return sum(entry.meeting is not None for day in self.days for entry in day.entries)

    @property
    def say(self) -> Labels:
        """Words of its language."""
        return agenda_labels(self.language)

    @property
    def state(self) -> str:
        """Whether it is final, in words."""
        return self.say("provisional" if self.provisional else "final")


def participant_agenda(
    event: Event, schedule: Schedule, participant_id: str, language: Language = "en"
) -> Agenda:
    """Make the agenda of a participant, by the event's clock and its own.

    Raises
    ------
    InvalidInputError
        Nobody of that id takes part.
    """
    people = event.by_id
    if participant_id not in people:
        raise InvalidInputError(f"Nobody with the id {participant_id!r} takes part.")
    one = people[participant_id]
    zones = [event.zone]
    if one.zone and one.zone != event.zone:
        zones.append(one.zone)
    build = _Builder(event, zones, language)
    entries = [
        build.meeting(meeting, people[meeting.other(participant_id)])
        for meeting in schedule.of(participant_id)
    ]
    return build.agenda(schedule, one, entries)


def place_agenda(
    event: Event, schedule: Schedule, place_id: str, language: Language = "en"
) -> Agenda:
    """Make the agenda of a table or room, by the event's clock.

    Raises
    ------
    InvalidInputError
        There is no such place.
    """
    place = next((place for place in event.places if place.id == place_id), None)
    if place is None:
        raise InvalidInputError(f"There is no place with the id {place_id!r}.")
    build = _Builder(event, [event.zone], language)
    people = event.by_id
    entries = [
        build.meeting(meeting, people[meeting.a], people[meeting.b])
        for meeting in schedule.at(place_id)
    ]
    return build.agenda(schedule, place, entries)


def describe(one: Participant, say: Labels) -> str:
    """Put country and delegates' roles in one line; empty where neither is known."""
    country = [say.country(one.country)] if one.country else []
    return " · ".join(
        [*country, *(say(f"role_{role.replace(' ', '_')}") for role in one.delegates)]
    )


class _Builder:
    def __init__(self, event: Event, zones: list[str], language: Language) -> None:
        self._event, self._language, self._say = event, language, agenda_labels(language)
        self._clocks = tuple(_clock(event, zone, self._say) for zone in zones)
        self._slots = {slot.id: slot for slot in event.slots}
        self._places: dict[str, Place] = {place.id: place for place in event.places}

    def meeting(self, meeting: Meeting, *sides: Participant) -> Entry:
        place, slot = self._places[meeting.place], self._slots[meeting.slot]
        details = [describe(side, self._say) for side in sides]
        return Entry(
            window=slot,
            times=self._times(slot),
            title=" × ".join(side.name for side in sides),
            detail=" × ".join(filter(None, details)),
            place=place.name,
            link=place.link,
            online=place.kind == "online",
            meeting=meeting,
        )

    def agenda(self, schedule: Schedule, one: Participant | Place, entries: list[Entry]) -> Agenda:
        who = describe(one, self._say) if isinstance(one, Participant) else None
        remote = one.remote if isinstance(one, Participant) else one.kind == "online"
        where = self._say("online") if remote or not self._event.venue else self._event.venue
        days = {self._date(entry.window) for entry in entries}
        breaks = [self._break(one) for one in self._event.breaks if self._date(one) in days]
        ordered = sorted([*entries, *breaks], key=lambda entry: entry.window.start)
        return Agenda(
            event_title=self._event.title,
            name=one.name,
            of_participant=who is not None,
            lines=tuple(filter(None, (who, where))),
            provisional=schedule.state == "provisional",
            clocks=self._clocks,
            days=tuple(
                Day(title, tuple(group))
                for title, group in groupby(ordered, key=lambda entry: self._date(entry.window))
            ),
            language=self._language,
        )

    def _break(self, one: Break) -> Entry:
        return Entry(window=one, times=self._times(one), title=one.title)

    def _times(self, window: Window) -> tuple[str, ...]:
        day = window.start.astimezone(self._clocks[0].zone)
        return tuple(
            f"{clock.time(window.start, day)} – {clock.time(window.end, day)}"
            for clock in self._clocks
        )

    def _date(self, window: Window) -> str:
        return self._say.weekday(window.start.astimezone(self._clocks[0].zone).date())


def _clock(event: Event, name: str, say: Labels) -> Clock:
    """Label a zone with its offsets at the event; both, where the clocks change in between."""
    zone = ZoneInfo(name)
    offsets = {_offset(slot.start.astimezone(zone)): None for slot in event.slots}
    return Clock(zone, f"{say.city(name)} ({', '.join(offsets)})", say)


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    minutes = "" if text.endswith("00") else f":{text[3:]}"
    return f"UTC{text[0]}{int(text[1:3])}{minutes}"
