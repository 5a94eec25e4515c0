"""Days, times and zones of an event as people write them: ``12.11.2026``, ``9.45``, ``13h30``."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from matcher.errors import FieldProblem, InvalidInputError
from matcher.events.bounds import LONGEST_MINUTES
from matcher.events.event import Break, Slot, require_calendar, slot_grid
from matcher.events.zones import zone_of
from matcher.profiles.problems import parsed

_UNREADABLE = "The times of the event cannot be read."
_STRETCH = re.compile(r"(.*?\S)\s+([^\s-]+)\s*[-\u2013\u2014]\s*(\S+)(?:\s+(.*))?")
_CLOCK = re.compile(
    r"(\d{1,2})(?:\s*[:.,h]\s*(\d\d)|(?<=\d\d)(\d\d)|\s*h)?(?:[:.]00)?"
    r"\s*(?:([ap])\.?m\.?|h|uhr|hrs?)?",
    re.IGNORECASE | re.ASCII,
)
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\.?", re.ASCII)
_WORDED = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%Y/%m/%d", "%Y.%m.%d")
_NOON = 12


def clock_time(text: str) -> time:
    """Read a time of the day: 09:45, 9.45, 0945, 13h, 13h30, 1:30 pm.

    Raises
    ------
    ValueError
        It is none, or its minutes have one digit: 9.3 may be three minutes past, or thirty.
    """
    parts = _CLOCK.fullmatch(text.strip())
    if parts is None:
        raise ValueError("no time")
    hour, minute = int(parts[1]), int(parts[2] or parts[3] or 0)
    if half := parts[4]:
        if not 1 <= hour <= _NOON:
            raise ValueError("no hour of a half day")
        hour = hour % _NOON + _NOON * (half.casefold() == "p")
    return time(hour, minute)


def calendar_day(text: str) -> date:
    """Read a day: 2026-11-12, 12.11.2026, 13/11/2026, 12 November 2026.

    Raises
    ------
    ValueError
        It is none, too close to the end of the calendar, or its day and month, divided by
        slashes, may change places.
    """
    day = _day(text.strip())
    require_calendar(day)
    return day


def _day(text: str) -> date:
    if parts := _DAY_FIRST.fullmatch(text):
        first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
        if parts[2] == "/" and first != second and max(first, second) <= _NOON:
            raise ValueError("day and month may change places")
        american = parts[2] == "/" and second > _NOON
        return date(year, first, second) if american else date(year, second, first)
    for form in _WORDED:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return date.fromisoformat(text)


def parse_zone(text: str) -> str:
    """Read a time zone as `zone_of` does.

    Raises
    ------
    InvalidInputError
        It names none.
    """
    try:
        return zone_of(text)
    except ValueError as error:
        raise _refused("zone", str(error)) from None


def parse_slots(
    zone: str, stretches: Iterable[str], minutes: int, pause: int, breaks: Sequence[Break] = ()
) -> tuple[Slot, ...]:
    """Divide stretches of days into slots.

    Parameters
    ----------
    zone
        The event's zone, as `zone_of` reads it.
    stretches
        Such as ``2026-11-12 09:00-12:30``, by the event's clock.
    minutes, pause
        Length of a meeting, and of the change-over between two.
    breaks
        When nobody meets.

    Raises
    ------
    InvalidInputError
        A stretch cannot be read or runs into another, the zone is unknown, the minutes are no
        lengths, or no meeting fits.
    """
    zone = parse_zone(zone)
    if not (1 <= minutes <= LONGEST_MINUTES and 0 <= pause <= LONGEST_MINUTES):
        raise _refused(
            "slots",
            f"a meeting takes 1 to {LONGEST_MINUTES} minutes, a pause 0 to {LONGEST_MINUTES}",
        )
    days = sorted(_stretch("slots", text)[:3] for text in stretches)
    for (day, _, closing), (next_day, opening, _) in pairwise(days):
        if day == next_day and opening < closing:
            raise _refused("slots", f"two stretches of {day} overlap from {opening:%H:%M} on")
    slots = slot_grid(zone, days, minutes, pause=pause, breaks=breaks)
    if not slots:
        raise _refused("slots", f"no meeting of {minutes} minutes fits into these times")
    return slots


def parse_break(zone: str, text: str) -> Break:
    """Read a break such as ``2026-11-12 10:30-11:00 Coffee``.

    Raises
    ------
    InvalidInputError
        It cannot be read, or the zone is unknown.
    """
    zone = parse_zone(zone)
    day, opening, closing, title = _stretch("break", text)
    start, end = (
        datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC) for at in (opening, closing)
    )
    if end <= start:  # in the hour that a change of clocks leaves out
        raise _refused("break", f"{text!r} ends before it begins")
    return parsed(Break, {"start": start, "end": end, "title": title or "Break"}, _UNREADABLE)


def _stretch(where: str, text: str) -> tuple[date, time, time, str]:
    wanted = f"{text!r} is not a day with two times, such as '2026-11-12 09:00-12:30'"
    parts = _STRETCH.fullmatch(text.strip())
    if parts is None:
        raise _refused(where, wanted)
    try:
        day, opening, closing = calendar_day(parts[1]), clock_time(parts[2]), clock_time(parts[3])
    except ValueError:
        raise _refused(where, wanted) from None
    if closing <= opening:
        raise _refused(where, f"{text!r} ends before it begins")
    return day, opening, closing, parts[4] or ""


def _refused(where: str, message: str) -> InvalidInputError:
    return InvalidInputError(_UNREADABLE, [FieldProblem(where, message)])
