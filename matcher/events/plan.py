"""`Schedule`: who meets whom, when and where; how good that is; and who was left out, and why."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field

from matcher.events.event import Instant, Key, Pair, Slot

ScheduleState = Literal["provisional", "frozen"]
Method = Literal["optimised", "greedy"]
MissedCode = Literal[
    "no_thanks",
    "declined",
    "cancelled",
    "waiting",
    "never_together",
    "met_before",
    "not_considered",
    "maximum_reached",
    "no_common_slot",
    "no_place",
    "frozen",
    "not_found",
]


MISSED: Mapping[MissedCode, str] = MappingProxyType(
    {
        "no_thanks": "One of the two said no thanks.",
        "declined": "One of the two declined an introduction, or they know each other.",
        "cancelled": "One of the two has cancelled.",
        "waiting": "One of the two is on the waiting list.",
        "never_together": "The two are never present in the same slot.",
        "met_before": "The two have met before, and neither calls it a must.",
        "not_considered": (
            "Neither asked to meet the other, and the ranking has no value for the pair."
        ),
        "maximum_reached": (
            "One of the two already has as many meetings as it can take; others came first."
        ),
        "no_common_slot": (
            "In every slot in which both are present, one of them is meeting somebody else."
        ),
        "no_place": "Whenever both are free, all places but the spare ones are taken.",
        "frozen": "There is room for it, but a frozen schedule takes in no new meetings.",
        "not_found": (
            "There is room for it, but the planner did not find it in time; plan again with more "
            "time."
        ),
    }
)
"""Why a wished meeting is not held, without names."""

PRIVATE: frozenset[MissedCode] = frozenset(("no_thanks", "declined"))
"""Reasons that are for staff only."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Meeting(_Part):
    """A meeting of `a` and `b` (sorted) in a slot at a place.

    Attributes
    ----------
    sequence
        Rises by one with every change that calendars must learn of (RFC 5545, SEQUENCE).
    fixed
        Set by the organiser.
    """

    a: Key
    b: Key
    slot: Key
    place: Key
    sequence: Annotated[int, Field(ge=0)] = 0
    fixed: bool = False

    @property
    def pair(self) -> Pair:
        """The two ids, sorted."""
        return (self.a, self.b)

    def uid(self, event_id: str) -> str:
        """Give the meeting's identity in calendars: the same however often it is moved."""
        return f"{uuid5(NAMESPACE_URL, f'meeting:{event_id}:{self.a}:{self.b}')}@cluster-matcher"

    def other(self, participant_id: str) -> str:
        """Name the other side."""
        return self.b if participant_id == self.a else self.a


class Missed(_Part):
    """A wished pair without a meeting.

    Attributes
    ----------
    wished_by
        Who asked for it.
    reason
        One sentence for staff.
    private
        The reason is for staff only: the other side declined.
    """

    a: Key
    b: Key
    wished_by: tuple[Key, ...]
    must: bool
    code: MissedCode
    reason: str
    private: bool = False


class WhyNot(_Part):
    """When two participants meet, or why they do not; a private reason is for staff only."""

    a: Key
    b: Key
    meeting: Meeting | None = None
    code: MissedCode | None = None
    reason: str = ""
    private: bool = False


class Load(_Part):
    """How one participant fares."""

    id: Key
    meetings: int
    minimum: int
    idle_gaps: int
    table_changes: int


class Figures(_Part):
    """How good a schedule is, level by level, beside what is provably out of reach.

    Attributes
    ----------
    lacking, lacking_bound
        Meetings that participants lack to their minimum; no schedule has fewer.
    musts, musts_bound, musts_wanted
        Must-meet wishes honoured; no schedule that lacks as little honours more; all made.
    value, value_bound
        Total mutual value; no schedule as good on the levels before reaches more.
    idle_gaps
        Slots spent waiting between two meetings of one day, all participants.
    table_changes
        Changes of place between consecutive meetings of one day, all participants.
    method
        ``"greedy"`` where nothing better was found within the limits.
    """

    meetings: int
    lacking: int
    lacking_bound: int
    musts: int
    musts_bound: int
    musts_wanted: int
    value: float
    value_bound: float
    idle_gaps: int
    table_changes: int
    method: Method

    @property
    def gap(self) -> float:
        """Share of the value bound that is not reached, in [0, 1]."""
        return 1 - self.value / self.value_bound if self.value_bound > 0 else 0.0

    @property
    def optimal(self) -> bool:
        """Whether minimum, musts and value are proven best."""
        return (self.lacking, self.musts, self.value) == (
            self.lacking_bound,
            self.musts_bound,
            self.value_bound,
        )


class Schedule(_Part):
    """A schedule of an event.

    Attributes
    ----------
    meetings
        In order of slot, then pair.
    withdrawn
        Meetings that were once announced and are no more; calendars get a CANCEL for them.
    missed
        Every wished pair without a meeting.
    loads
        One entry for each participant, in the event's order.
    settled
        Meetings that begin before this moment are over: they stay as they were, whatever changes.
    told
        The meetings as those who hold them were last told; ``None`` before they were told any.
    reminded
        Whether all were reminded of it, since it was last declared final.
    """

    event_id: Key
    state: ScheduleState = "provisional"
    seed: int
    meetings: tuple[Meeting, ...]
    withdrawn: tuple[Meeting, ...] = ()
    missed: tuple[Missed, ...]
    loads: tuple[Load, ...]
    figures: Figures
    settled: Instant | None = None
    told: tuple[Meeting, ...] | None = None
    reminded: bool = False

    def over(self, slots: Iterable[Slot]) -> frozenset[str]:
        """Ids of the slots that are over."""
        return frozenset(one.id for one in slots if self.settled and one.start < self.settled)

    def of(self, participant_id: str) -> tuple[Meeting, ...]:
        """Meetings of one participant, in order of time."""
        return tuple(meeting for meeting in self.meetings if participant_id in meeting.pair)

    def at(self, place_id: str) -> tuple[Meeting, ...]:
        """Meetings at one place, in order of time."""
        return tuple(meeting for meeting in self.meetings if meeting.place == place_id)
