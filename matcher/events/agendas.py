"""Agendas of an event: the day of one participant, or of one table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby
from types import MappingProxyType
from zoneinfo import ZoneInfo

from matcher.documents.agenda import Agenda, Day, Entry, Withdrawn
from matcher.documents.agenda import Meeting as CalendarMeeting
from matcher.errors import InvalidInputError
from matcher.events.event import Break, Event, Participant, Place, Window
from matcher.events.plan import Meeting, Schedule
from matcher.i18n.languages import Language, language
from matcher.i18n.message import Message


@dataclass(frozen=True, slots=True)
class Talk:
    """What helps two to talk: who comes from the other side, about what, and the brief."""

    who: tuple[str, ...] = ()
    why: tuple[Message, ...] = ()
    brief: str | None = None


Talks = Mapping[str, Talk]
"""By the id of the other side."""
_NO_TALKS: Talks = MappingProxyType({})


def standing(event: Event, schedule: Schedule) -> Schedule:
    """Return the schedule with the meetings whose time, place and sides the event still has."""
    slots = {slot.id for slot in event.slots}
    places = {place.id for place in event.places}
    people = event.by_id.keys()
    meetings = tuple(
        one
        for one in schedule.meetings
        if one.slot in slots and one.place in places and people >= set(one.pair)
    )
    return schedule.model_copy(update={"meetings": meetings})


def participant_agenda(
    event: Event,
    schedule: Schedule,
    participant_id: str,
    language_code: str = "en",
    talks: Talks = _NO_TALKS,
) -> Agenda:
    """Make the agenda of a participant, by the event's clock and its own.

    Parameters
    ----------
    event, schedule, participant_id, language_code
        Whose agenda, in which language.
    talks
        What is known of those whom it meets.

    Raises
    ------
    InvalidInputError
        Nobody of that id takes part.
    """
    one = event.by_id.get(participant_id)
    if one is None:
        raise InvalidInputError(f"Nobody with the id {participant_id!r} takes part.")
    own = [one.zone] if one.zone and one.zone != event.zone else []
    build = _Builder(event, schedule, [event.zone, *own], language_code)
    return build.of_participant(one, talks)


def place_agenda(
    event: Event, schedule: Schedule, place_id: str, language_code: str = "en"
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
    return _Builder(event, schedule, [event.zone], language_code).of_place(place)


def meeting_lines(
    event: Event, schedule: Schedule, language_code: str = "en"
) -> list[tuple[str, str, str, str, str]]:
    """List all meetings in order of time: day, time, place and the two sides, in words."""
    build = _Builder(event, schedule, [event.zone], language_code)
    return [build.line(meeting) for meeting in schedule.meetings]


class _Builder:
    def __init__(
        self, event: Event, schedule: Schedule, zones: list[str], language_code: str
    ) -> None:
        self._event, self._schedule, self._say = event, schedule, language(language_code)
        self._links = event.video.links
        self._zones = [ZoneInfo(zone) for zone in zones]
        self._slots = {slot.id: slot for slot in event.slots}
        self._places: dict[str, Place] = {place.id: place for place in event.places}

    @cached_property
    def _people(self) -> dict[str, Participant]:
        return self._event.by_id

    def of_participant(self, one: Participant, talks: Talks) -> Agenda:
        entries = [
            self._with(talks.get(meeting.other(one.id), Talk()), meeting, meeting.other(one.id))
            for meeting in self._schedule.of(one.id)
        ]
        gone = [
            self._withdrawn(meeting, meeting.other(one.id))
            for meeting in self._schedule.withdrawn
            if one.id in meeting.pair
        ]
        return self._agenda(one, entries, gone, remote=one.remote)

    def of_place(self, place: Place) -> Agenda:
        entries = [
            self._entry(meeting, self._people[meeting.a], self._people[meeting.b])
            for meeting in self._schedule.at(place.id)
        ]
        return self._agenda(place, entries, [], remote=place.kind == "online")

    def line(self, meeting: Meeting) -> tuple[str, str, str, str, str]:
        entry = self._entry(meeting)
        a, b = (self._people[key].name for key in meeting.pair)
        return self._date(entry.start), entry.times[0], entry.place, a, b

    def _with(self, talk: Talk, meeting: Meeting, other: str) -> Entry:
        entry, why = self._entry(meeting, self._people[other]), map(self._say.say, talk.why)
        return replace(entry, other=other, who=talk.who, why=tuple(why), brief=talk.brief)

    def _entry(self, meeting: Meeting, *sides: Participant) -> Entry:
        place, slot = self._places[meeting.place], self._slots[meeting.slot]
        details = [_description(side, self._say) for side in sides]
        return Entry(
            start=slot.start,
            end=slot.end,
            times=self._times(slot),
            title=" × ".join(side.name for side in sides),
            detail=" × ".join(filter(None, details)),
            place=place.name,
            link=self._links.get(meeting.pair, place.link),
            online=place.kind == "online",
            meeting=self._calendar_meeting(meeting),
        )

    def _withdrawn(self, meeting: Meeting, other: str) -> Withdrawn:
        slot = self._slots.get(meeting.slot)
        name = self._people[other].name if other in self._people else other
        times = (slot.start, slot.end) if slot else None
        return Withdrawn(self._calendar_meeting(meeting), name, times)

    def _calendar_meeting(self, meeting: Meeting) -> CalendarMeeting:
        return CalendarMeeting(meeting.uid(self._event.id), meeting.sequence)

    def _agenda(
        self,
        owner: Participant | Place,
        entries: list[Entry],
        withdrawn: list[Withdrawn],
        *,
        remote: bool,
    ) -> Agenda:
        event = self._event
        of_participant = isinstance(owner, Participant)
        who = _description(owner, self._say) if isinstance(owner, Participant) else ""
        where = self._say("online") if remote or not event.venue else event.venue
        days = {self._date(entry.start) for entry in entries}
        breaks = [self._break(one) for one in event.breaks if self._date(one.start) in days]
        ordered = sorted([*entries, *breaks], key=lambda entry: entry.start)
        sender = event.organiser
        return Agenda(
            event_title=event.title,
            venue=event.venue,
            organiser=(sender.name, sender.email) if sender else (event.title, None),
            name=owner.name,
            of_participant=of_participant,
            lines=tuple(filter(None, (who, where))),
            provisional=self._schedule.state == "provisional",
            clocks=tuple(self._clock(zone) for zone in self._zones),
            days=tuple(
                Day(title, tuple(group))
                for title, group in groupby(ordered, key=lambda entry: self._date(entry.start))
            ),
            withdrawn=tuple(withdrawn),
            language=self._say.code,
        )

    def _break(self, one: Break) -> Entry:
        return Entry(start=one.start, end=one.end, times=self._times(one), title=one.title)

    def _times(self, window: Window) -> tuple[str, ...]:
        return tuple(
            f"{self._time(window.start, window, zone)} – {self._time(window.end, window, zone)}"
            for zone in self._zones
        )

    def _time(self, instant: datetime, window: Window, zone: ZoneInfo) -> str:
        """Write the local time; marked where the date is not the one at the venue."""
        local, here = instant.astimezone(zone), window.start.astimezone(self._zones[0])
        time, shift = f"{local:%H:%M}", (local.date() - here.date()).days
        return self._say("{time} ({shift} day)", time=time, shift=f"{shift:+d}") if shift else time

    def _date(self, instant: datetime) -> str:
        return self._say.weekday(instant.astimezone(self._zones[0]).date())

    def _clock(self, zone: ZoneInfo) -> str:
        """Label a zone with its offsets at the event: two, where the clocks change in between."""
        offsets = {_offset(slot.start.astimezone(zone)): None for slot in self._event.slots}
        shown = ", ".join(offsets)
        return shown if zone.key.startswith("Etc/") else f"{self._say.city(zone.key)} ({shown})"


def _description(one: Participant, say: Language) -> str:
    """Put country and delegates' roles in one line; empty where neither is known."""
    country = [say.country(one.country)] if one.country else []
    return " · ".join([*country, *map(say, one.delegates)])


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    minutes = "" if text.endswith("00") else f":{text[3:]}"
    return f"UTC{text[0]}{int(text[1:3])}{minutes}"
