"""`Agenda`: the day of one participant, or of one table, in plain values."""

from dataclasses import dataclass
from datetime import datetime

from matcher.i18n.languages import Language, language


@dataclass(frozen=True, slots=True)
class Meeting:
    """What calendars know a meeting by (RFC 5545).

    Attributes
    ----------
    uid
        The same however often the meeting is moved.
    sequence
        Rises with every change.
    """

    uid: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an agenda.

    Attributes
    ----------
    start, end
        When it takes place.
    times
        Start and end by each clock of the agenda, such as ``"09:00 – 09:25"``.
    title
        Whom one meets; the two sides at a table; the name of a break.
    detail
        Country and roles of the other side.
    place, link
        Where it takes place; empty for a break.
    online
        Whether that is an online room.
    meeting
        ``None`` for a break.
    other
        Id of whom a participant meets.
    who
        Who comes from the other side, as far as they have agreed to be named.
    why
        What the two should talk about.
    brief
        Address of the brief of the two.
    """

    start: datetime
    end: datetime
    times: tuple[str, ...]
    title: str
    detail: str = ""
    place: str = ""
    link: str | None = None
    online: bool = False
    meeting: Meeting | None = None
    other: str = ""
    who: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    brief: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A meeting that was announced and will not be held; `times` where its slot still exists."""

    meeting: Meeting
    name: str
    times: tuple[datetime, datetime] | None


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day, and its date at the venue in words."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """One agenda.

    Attributes
    ----------
    event_title, venue
        The event, and where it takes place.
    organiser
        Name and mail address of who sends the calendars; the address may be absent.
    name
        The participant, or the table.
    of_participant
        Whether it is a participant's; else it is a place's.
    lines
        What stands below the name: country, roles, venue.
    clocks
        Time zones with their offsets, such as ``"Kyiv (UTC+2)"``: the event's, then the
        participant's own.
    language
        Of everything but names, titles and links, which stay as they were given.
    """

    event_title: str
    venue: str | None
    organiser: tuple[str, str | None]
    name: str
    of_participant: bool
    lines: tuple[str, ...]
    provisional: bool
    clocks: tuple[str, ...]
    days: tuple[Day, ...]
    withdrawn: tuple[Withdrawn, ...]
    language: str

    @property
    def meetings(self) -> int:
        """Number of meetings."""
        return len(self.entries)

    @property
    def say(self) -> Language:
        """Its language."""
        return language(self.language)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The meetings of all days, without the breaks."""
        return tuple(entry for day in self.days for entry in day.entries if entry.meeting)

    @property
    def state(self) -> str:
        """Whether it is final, in words."""
        if self.provisional:
            return self.say("Provisional: times may still change")
        return self.say("Final")
