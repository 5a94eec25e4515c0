"""The event: its time grid, places, participants and what they wish of one another."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    model_validator,
)

from matcher.errors import InvalidInputError
from matcher.events.bounds import (
    MOST_BREAKS,
    MOST_PARTICIPANTS,
    MOST_PLACES,
    MOST_SLOTS,
    MOST_WINDOWS,
    MOST_WISHES,
)
from matcher.events.consistency import event_problems
from matcher.events.settings import SelfService, Video
from matcher.events.zones import zone_of
from matcher.profiles.bounds import AtMost
from matcher.profiles.ids import SLUG
from matcher.profiles.problems import parsed
from matcher.profiles.profile import CountryCode, DraftProfile, Line, WebAddress
from matcher.profiles.taxonomy import countries

Pair = tuple[str, str]
WishKind = Literal["must_meet", "meet", "no_thanks"]
PlaceKind = Literal["table", "room", "online"]
DelegateRole = Literal[
    "cluster manager",
    "director",
    "chair",
    "board member",
    "deputy manager",
    "project manager",
    "international cooperation manager",
    "innovation manager",
    "policy officer",
    "communication officer",
    "member company",
    "research partner",
    "adviser",
    "interpreter",
]
WISH_KINDS: tuple[WishKind, ...] = get_args(WishKind)
ROLES: tuple[DelegateRole, ...] = get_args(DelegateRole)
DEFAULT_MAXIMUM = 100


def require_calendar(day: date) -> None:
    """Make sure that a day, or a moment, has a time in every zone.

    Raises
    ------
    ValueError
        It lies in the first or the last year that there is.
    """
    if not MINYEAR < day.year < MAXYEAR:
        raise ValueError("is too close to the end of the calendar")


def _utc(instant: datetime) -> datetime:
    require_calendar(instant)
    return instant.astimezone(UTC)


Pairs = Annotated[frozenset[Pair], FailFast(), AtMost(MOST_WISHES)]
Key = Annotated[str, Field(pattern=SLUG, max_length=120)]
Zone = Annotated[str, AfterValidator(zone_of)]
Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
MeetingCount = Annotated[int, Field(strict=True, ge=0, le=DEFAULT_MAXIMUM)]


class Part(BaseModel):
    """Base of everything that an event is made of."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Window(Part):
    """A stretch of time from `start` up to `end`, both UTC instants."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError("the end must come after the start")
        return self

    def overlaps(self, other: "Window") -> bool:
        """Whether the two share any moment."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Window") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


class Slot(Window):
    """One turn of bilateral meetings; every meeting takes exactly one."""

    id: Key


class Break(Window):
    """A stretch in which nobody meets: coffee, lunch, plenary."""

    title: Line


class Place(Part):
    """A table, a room, or an online room with its `link`; holds one meeting at a time."""

    id: Key
    name: Line
    kind: PlaceKind = "table"
    link: WebAddress | None = None


class Participant(Part):
    """A delegation: one place at a time, whoever of it attends.

    Attributes
    ----------
    id
        The cluster's id, or a slug of the name where the cluster has no profile.
    delegates
        Roles, from a closed list: the names of persons never enter a schedule.
    zone
        IANA name of the participant's own time zone; the event's where ``None``.
    available
        Windows of presence; ``None`` means all the time.
    minimum, maximum
        Meetings that must at least be tried for, and that are never exceeded.
    remote
        Takes part online: all its meetings need an online room.
    cancelled
        Stays listed, so that its meetings can be withdrawn, but meets nobody.
    waiting
        On the waiting list: meets nobody before a place has come free.
    profile
        What is told of a participant that is not in the data: it is ranked by these words.
    """

    id: Key
    name: Line
    country: CountryCode | None = None
    delegates: Annotated[tuple[DelegateRole, ...], AtMost(len(ROLES))] = ()
    zone: Zone | None = None
    available: Annotated[tuple[Window, ...], AtMost(MOST_WINDOWS)] | None = None
    minimum: MeetingCount = 0
    maximum: MeetingCount = DEFAULT_MAXIMUM
    remote: bool = False
    cancelled: bool = False
    waiting: bool = False
    profile: DraftProfile | None = None

    @property
    def draft(self) -> DraftProfile | None:
        """The profile with name and country, for the ranking."""
        if self.profile is None:
            return None
        member = self.country is not None and countries()[self.country].group != "other"
        country = self.country if member else None
        return self.profile.model_copy(update={"name": self.name, "country": country})

    def is_available(self, slot: Slot) -> bool:
        """Whether the whole slot lies in a window of presence."""
        if self.cancelled or self.waiting:
            return False
        return self.available is None or any(window.contains(slot) for window in self.available)


class Wish(Part):
    """What participant `by` wishes of participant `about`; a no-thanks of either side wins."""

    by: Key
    about: Key
    kind: WishKind

    @property
    def pair(self) -> Pair:
        """The two ids, sorted."""
        return sorted_pair(self.by, self.about)


class FixedMeeting(Part):
    """A meeting set by the organiser in its slot, and at `place` where one is named."""

    a: Key
    b: Key
    slot: Key
    place: Key | None = None

    @property
    def pair(self) -> Pair:
        """The two ids, sorted."""
        return sorted_pair(self.a, self.b)


class Organiser(Part):
    """Who sends the calendars: an office and its shared mailbox, never a person's."""

    name: Line
    email: Annotated[str, Field(pattern=r"^[^\s@:,;<>\"]+@[^\s@:,;<>\"]+$", max_length=200)]


class Book(Part):
    """What introductions and earlier events know of the pairs of an event.

    Attributes
    ----------
    declined
        Pairs that declined an introduction, are not for each other or know each other: they
        never meet.
    agreed
        Pairs that agreed to be introduced and have not met: they come first.
    met
        Pairs that met, or meet earlier at another event: a meeting of theirs counts 0.
    """

    declined: Pairs = frozenset()
    agreed: Pairs = frozenset()
    met: Pairs = frozenset()


class Event(Part):
    """Everything a schedule is made from; whatever contradicts itself is refused.

    Attributes
    ----------
    venue
        Where it takes place; ``None`` for an event held online.
    zone
        IANA name of the event's time zone: days and printed times follow it.
    spare_share
        Share of places kept free in every slot for talks nobody planned; 10-20 % is usual.
    met_before
        Pairs that know each other already: a meeting of theirs counts 0.
    guests
        What participants may do themselves, by their own links.
    video
        Links of online meetings.
    book
        Filled in from introductions and other events whenever the event is read; not stored.

    Raises
    ------
    InvalidInputError
        With every broken rule as a problem. Malformed fields raise pydantic's own error;
        `parse_event` turns that into an `InvalidInputError` as well.
    """

    id: Key
    title: Line
    zone: Zone
    venue: Line | None = None
    organiser: Organiser | None = None
    slots: Annotated[tuple[Slot, ...], AtMost(MOST_SLOTS)]
    breaks: Annotated[tuple[Break, ...], AtMost(MOST_BREAKS)] = ()
    places: Annotated[tuple[Place, ...], AtMost(2 * MOST_PLACES)]
    spare_share: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    participants: Annotated[tuple[Participant, ...], AtMost(MOST_PARTICIPANTS)]
    wishes: Annotated[tuple[Wish, ...], AtMost(MOST_WISHES)] = ()
    met_before: Annotated[tuple[Pair, ...], AtMost(MOST_WISHES)] = ()
    fixed: Annotated[tuple[FixedMeeting, ...], AtMost(MOST_WISHES)] = ()
    guests: SelfService = SelfService()
    video: Video = Video()
    book: Book = Book()

    @model_validator(mode="after")
    def _rules_hold(self) -> Self:
        problems = event_problems(self)
        if problems:
            raise InvalidInputError(f"The event {self.title!r} contradicts itself.", problems)
        return self

    @property
    def by_id(self) -> dict[str, Participant]:
        """Participants by id."""
        return {participant.id: participant for participant in self.participants}

    @property
    def refused(self) -> frozenset[Pair]:
        """Pairs that are never seated together."""
        said_no = {wish.pair for wish in self.wishes if wish.kind == "no_thanks"}
        return self.book.declined | said_no

    @property
    def known(self) -> frozenset[Pair]:
        """Pairs that have met."""
        return self.book.met.union(sorted_pair(*pair) for pair in self.met_before)

    @property
    def asked(self) -> tuple[Wish, ...]:
        """Wishes to meet; an introduction that was agreed is a must of both."""
        agreed = (
            Wish(by=by, about=about, kind="must_meet")
            for a, b in sorted(self.book.agreed)
            for by, about in ((a, b), (b, a))
        )
        return (*(wish for wish in self.wishes if wish.kind != "no_thanks"), *agreed)

    def day_of(self, slot: Slot) -> date:
        """Tell the calendar day on which the slot begins, at the venue."""
        return slot.start.astimezone(ZoneInfo(self.zone)).date()

    def is_online(self, a: Participant, b: Participant) -> bool:
        """Whether a meeting of the two needs an online room."""
        return a.remote or b.remote or all(place.kind == "online" for place in self.places)

    def usable_places(self, *, online: bool) -> tuple[Place, ...]:
        """Places to plan with: those of the kind less the spare ones, which are listed last."""
        places = [place for place in self.places if (place.kind == "online") == online]
        spare = int(self.spare_share * len(places) + 0.5)
        return tuple(places[: len(places) - spare])


def sorted_pair(a: str, b: str) -> Pair:
    """Order the two ids as pairs are keyed everywhere."""
    return (a, b) if a < b else (b, a)


def parse_event(data: Mapping[str, object]) -> Event:
    """Build an event from plain data, with every problem named at once.

    Raises
    ------
    InvalidInputError
        `problems` names each field, or each rule that the event breaks.
    """
    return parsed(Event, data, "The event cannot be read.")


def slot_grid(
    zone: str,
    days: Iterable[tuple[date, time, time]],
    minutes: int,
    *,
    pause: int = 0,
    breaks: Sequence[Break] = (),
) -> tuple[Slot, ...]:
    """Slots of equal length for each day, from opening to closing time, around the breaks.

    Parameters
    ----------
    zone
        IANA name of the zone in which the opening and closing times are given.
    days
        Day, opening time, closing time.
    minutes, pause
        Length of a meeting, and of the change-over between two.

    Returns
    -------
    tuple of Slot
        In order of time; ids such as ``"1-0920"``: number of the day, local start. The hour that
        is had twice in autumn is ``"1-0300b"`` the second time.

    Raises
    ------
    InvalidInputError
        They are more than an event may have.
    """
    here = ZoneInfo(zone)
    slots: list[Slot] = []
    for number, (day, opening, closing) in enumerate(days, start=1):
        start, closes = (_utc(datetime.combine(day, at, here)) for at in (opening, closing))
        while (end := start + timedelta(minutes=minutes)) <= closes:
            local = start.astimezone(here)
            key = f"{number}-{local:%H%M}{'b' * local.fold}"
            slot = Slot(id=key, start=start, end=end)
            hit = next((pause_ for pause_ in breaks if pause_.overlaps(slot)), None)
            if hit is None:
                slots.append(slot)
            if len(slots) > MOST_SLOTS:
                raise InvalidInputError(
                    f"These times hold more than {MOST_SLOTS} slots, which is the most that an "
                    "event has. Make the meetings longer, or the days fewer."
                )
            start = hit.end if hit else end + timedelta(minutes=pause)
    return tuple(slots)
