"""Times of an event as staff write them: ``2026-11-12 09:00-12:30``."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from matcher.errors import FieldProblem, InvalidInputError
from matcher.events.bounds import LONGEST_MINUTES
from matcher.events.event import Break, Slot, require_calendar, slot_grid
from matcher.profiles.problems import parsed

Stretch = tuple[date, time, time]
_UNREADABLE = "The times of the event cannot be read."
_STRETCH = re.compile(
    r"\s*(\d{4}-\d{2}-\d{2})\s+(\d{1,2}:\d{2})\s*[-\u2013]\s*(\d{1,2}:\d{2})\b(.*)"
)


def parse_slots(
    zone: str, stretches: Iterable[str], minutes: int, pause: int, breaks: Sequence[Break] = ()
) -> tuple[Slot, ...]:
    """Divide stretches of days into slots.

    Parameters
    ----------
    zone
        IANA name of the event's zone.
    stretches
        Such as ``2026-11-12 09:00-12:30``, by the event's clock.
    minutes, pause
        Length of a meeting, and of the change-over between two.
    breaks
        When nobody meets.

    Raises
    ------
    InvalidInputError
        A stretch cannot be read, the zone is unknown, or the minutes are no lengths.
    """
    _require_zone(zone)
    if not (1 <= minutes <= LONGEST_MINUTES and 0 <= pause <= LONGEST_MINUTES):
        raise _refused(
            "slots",
            f"a meeting takes 1 to {LONGEST_MINUTES} minutes, a pause 0 to {LONGEST_MINUTES}",
        )
    days = [_stretch("slots", text)[0] for text in stretches]
    return slot_grid(zone, days, minutes, pause=pause, breaks=breaks)


def parse_break(zone: str, text: str) -> Break:
    """Read a break such as ``2026-11-12 10:30-11:00 Coffee``.

    Raises
    ------
    InvalidInputError
        It cannot be read, or the zone is unknown.
    """
    _require_zone(zone)
    (day, opening, closing), title = _stretch("break", text)
    start, end = (
        datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC) for at in (opening, closing)
    )
    if end <= start:  # in the hour that a change of clocks leaves out
        raise _refused("break", f"{text!r} ends before it begins")
    return parsed(Break, {"start": start, "end": end, "title": title or "Break"}, _UNREADABLE)


def _stretch(where: str, text: str) -> tuple[Stretch, str]:
    parts = _STRETCH.fullmatch(text)
    wanted = f"{text!r} is not a day with two times, such as '2026-11-12 09:00-12:30'"
    if parts is None:
        raise _refused(where, wanted)
    try:
        day = date.fromisoformat(parts[1])
        require_calendar(day)
        opening, closing = (time.fromisoformat(at.zfill(5)) for at in (parts[2], parts[3]))
    except ValueError:
        raise _refused(where, wanted) from None
    if closing <= opening:
        raise _refused(where, f"{text!r} ends before it begins")
    return (day, opening, closing), parts[4].strip()


def _require_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise _refused("zone", f"unknown time zone {zone!r}; use one such as Europe/Kyiv")


def _refused(where: str, message: str) -> InvalidInputError:
    return InvalidInputError(_UNREADABLE, [FieldProblem(where, message)])
