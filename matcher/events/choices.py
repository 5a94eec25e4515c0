"""What a participant may change at an event itself, and the limits of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from matcher.errors import ConflictError, FieldProblem, InvalidInputError
from matcher.events.attendance import Presence, change_presence
from matcher.events.event import (
    Event,
    Participant,
    Slot,
    Window,
    Wish,
    WishKind,
    parse_event,
    sorted_pair,
)
from matcher.events.refusals import REFUSALS
from matcher.events.settings import ENDING, GuestAct
from matcher.events.times import clock_time
from matcher.i18n.message import Message
from matcher.profiles.problems import parsed


@dataclass(frozen=True, slots=True)
class DayHours:
    """A day of an event, its hours, and when a participant is there, by the event's clock."""

    day: date
    opens: str
    closes: str
    comes: str
    leaves: str


def is_open(event: Event, act: GuestAct, now: datetime) -> bool:
    """Whether participants may do something of the kind, at this moment."""
    last, today = event.guests.until, now.astimezone(ZoneInfo(event.zone)).date()
    return act in event.guests.may and (act not in ENDING or last is None or today <= last)


def require_open(event: Event, one: str, act: GuestAct) -> None:
    """Refuse what organisers do not leave to participants, or not any more.

    Raises
    ------
    ConflictError
        So it is, or the participant does not take part any more.
    """
    participant = event.by_id.get(one)
    if participant is None or participant.cancelled:
        raise ConflictError(REFUSALS["gone"])
    if not is_open(event, act, datetime.now(UTC)):
        raise ConflictError(REFUSALS["closed"])


def with_details(event: Event, one: str, details: Mapping[str, object]) -> Event:
    """Return the event with other details of a participant: zone, roles, whether it is remote.

    Raises
    ------
    InvalidInputError
        A detail cannot be.
    """
    before = event.by_id[one]
    data = before.model_dump() | dict(details)
    changed = parsed(Participant, data, REFUSALS["details"])
    people = tuple(changed if each.id == one else each for each in event.participants)
    return parse_event(dict(event) | {"participants": people})


def hours(event: Event, one: str) -> list[DayHours]:
    """List the days of the event, and when a participant is there."""
    zone, available = ZoneInfo(event.zone), event.by_id[one].available
    listed = []
    for day, slots in _days(event):
        whole = Window(start=slots[0].start, end=slots[-1].end)
        here = [window for window in available or () if window.overlaps(whole)]
        here = [whole] if available is None else here
        comes = max(here[0].start, whole.start) if here else None
        leaves = min(here[-1].end, whole.end) if here else None
        ends = (_clock(moment, zone) for moment in (whole.start, whole.end, comes, leaves))
        listed.append(DayHours(day, *ends))
    return listed


def with_hours(event: Event, one: str, given: Sequence[tuple[str, str]]) -> Event:
    """Return the event with the hours of a participant, one pair for each of its days.

    Raises
    ------
    InvalidInputError
        Times are missing, cannot be read, or lie outside the event's hours.
    """
    days = _days(event)
    if len(given) != len(days):
        raise InvalidInputError(REFUSALS["each day"])
    windows = [
        _window(day, slots, pair, ZoneInfo(event.zone))
        for (day, slots), pair in zip(days, given, strict=True)
        if any(text.strip() for text in pair)
    ]
    if not windows:
        raise InvalidInputError(REFUSALS["some day"])
    return change_presence(event, [Presence(id=one, available=tuple(windows))])


def with_wish(event: Event, by: str, about: str, kind: WishKind | None) -> Event:
    """Return the event with what a participant wishes of another, or with no wish.

    Raises
    ------
    InvalidInputError
        There is nobody of that id, or there are as many such wishes as there may be: of this
        participant, or about the other.
    """
    if about not in event.by_id or about == by:
        raise InvalidInputError(REFUSALS["nobody"])
    wishes = tuple(wish for wish in event.wishes if (wish.by, wish.about) != (by, about))
    event = event.model_copy(update={"wishes": wishes})
    if kind is None:
        return event
    _require_room(event, by, about, kind)
    return parse_event(dict(event) | {"wishes": (*wishes, Wish(by=by, about=about, kind=kind))})


def _require_room(event: Event, by: str, about: str, kind: WishKind) -> None:
    made = sum(wish.by == by and wish.kind == kind for wish in event.wishes)
    most = {"must_meet": event.guests.musts, "no_thanks": event.guests.no_thanks}.get(kind)
    if kind == "must_meet" and most is not None:
        most = min(most, event.by_id[by].maximum)
    if most is not None and made >= most:
        raise InvalidInputError(REFUSALS["many"])
    musts = {wish.pair for wish in event.wishes if wish.kind == "must_meet"}
    wanted = sum(about in pair for pair in musts - {sorted_pair(by, about)})
    if kind == "must_meet" and wanted >= event.by_id[about].maximum:
        raise InvalidInputError(REFUSALS["wanted"])


def _days(event: Event) -> list[tuple[date, list[Slot]]]:
    return [(day, list(slots)) for day, slots in groupby(event.slots, key=event.day_of)]


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}" if moment else ""


def _window(day: date, slots: Sequence[Slot], given: tuple[str, str], zone: ZoneInfo) -> Window:
    try:
        comes, leaves = (
            datetime.combine(day, clock_time(text), zone).astimezone(UTC) for text in given
        )
    except ValueError:
        problem = FieldProblem(
            str(day), Message("give two times such as 09:30 and 12:00, or none"), "from"
        )
        raise InvalidInputError(REFUSALS["times"], [problem]) from None
    opens, closes = slots[0].start, slots[-1].end
    if not opens <= comes < leaves <= closes:
        lasts = Message(
            "the event lasts from {first} to {last}",
            first=_clock(opens, zone),
            last=_clock(closes, zone),
        )
        problem = FieldProblem(str(day), lasts, "from")
        raise InvalidInputError(REFUSALS["hours"], [problem])
    return Window(start=comes, end=leaves)
