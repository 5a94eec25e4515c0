"""After the meetings: who came, how it was, what came of it, and what the ranking learns."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from matcher.errors import InvalidInputError
from matcher.events.event import Key, Pair
from matcher.events.plan import Schedule
from matcher.introductions.workflow import OUTCOMES, Outcome, further

Rating = Annotated[int, Field(strict=True, ge=1, le=5)]


class MeetingReport(BaseModel):
    """What one side says of one meeting; a later report of the same side replaces it.

    Attributes
    ----------
    a, b
        The two participants, sorted.
    by
        Which of them reports.
    attended
        Whether the reporting side came; the other side speaks for itself.
    rating
        From 1 (a waste of time) to 5 (excellent); only who came can rate.
    outcome
        What came of it so far; ``None`` while that is open.
    second_meeting
        Whether the side wishes to meet again; ``None`` where it did not say.
    recorded_at
        When this was said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_id: Key
    a: Key
    b: Key
    by: Key
    attended: bool
    rating: Rating | None = None
    outcome: Outcome | None = None
    second_meeting: bool | None = None
    recorded_at: AwareDatetime

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.a >= self.b:
            raise ValueError("a and b must differ and be sorted")
        if self.by not in (self.a, self.b):
            raise ValueError("only the two participants of the meeting can report on it")
        if not self.attended and (self.rating is not None or self.outcome is not None):
            raise ValueError(
                "whoever did not come can neither rate the meeting nor name an outcome"
            )
        return self

    @property
    def pair(self) -> Pair:
        """The two ids, sorted."""
        return (self.a, self.b)


@dataclass(frozen=True, slots=True)
class PairFeedback:
    """What the meetings of a pair teach the ranking.

    Attributes
    ----------
    pair
        The two ids, sorted.
    held
        Whether both sides came, so far as they reported.
    rating
        Mean rating in [1, 5]; ``None`` where nobody rated.
    outcome
        The furthest that it led, by all reports and the introduction: project, mou, none.
    again
        How many sides wish a second meeting (0, 1, 2).
    """

    pair: Pair
    held: bool
    rating: float | None
    outcome: Outcome | None
    again: int


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """What came of meetings, in figures.

    Attributes
    ----------
    told, held
        Pairs of which at least one side told, and those that met so far as it did.
    rating
        Mean of all ratings in [1, 5]; ``None`` where nobody rated.
    outcomes
        How many pairs came to each outcome at the furthest.
    again
        Pairs of which both sides wish a second meeting.
    """

    told: int
    held: int
    rating: float | None
    outcomes: dict[Outcome, int]
    again: int


def require_held(schedule: Schedule, report: MeetingReport) -> None:
    """Refuse a report of a meeting that the schedule does not hold.

    Raises
    ------
    InvalidInputError
        There is no such meeting.
    """
    held = {meeting.pair for meeting in schedule.meetings}
    if report.event_id != schedule.event_id or report.pair not in held:
        raise InvalidInputError(f"{report.a} and {report.b} have no meeting at this event.")


def pair_feedback(
    reports: Iterable[MeetingReport], introduced: Mapping[Pair, Outcome] = MappingProxyType({})
) -> list[PairFeedback]:
    """Sum reports up by pair, over all events, sorted by pair.

    Parameters
    ----------
    introduced
        What came of the introductions of pairs: it counts as if a side had told it.
    """
    by_pair: defaultdict[Pair, list[MeetingReport]] = defaultdict(list)
    for report in reports:
        by_pair[report.pair].append(report)
    return [_sum_up(pair, by_pair[pair], introduced.get(pair)) for pair in sorted(by_pair)]


def meeting_figures(
    reports: Collection[MeetingReport], introduced: Mapping[Pair, Outcome] = MappingProxyType({})
) -> MeetingFigures:
    """Count what came of meetings."""
    pairs = pair_feedback(reports, introduced)
    ratings = [report.rating for report in reports if report.rating is not None]
    reached = Counter(pair.outcome for pair in pairs)
    return MeetingFigures(
        told=len(pairs),
        held=sum(pair.held for pair in pairs),
        rating=sum(ratings) / len(ratings) if ratings else None,
        outcomes={outcome: reached[outcome] for outcome in OUTCOMES},
        again=sum(pair.again == 2 for pair in pairs),
    )


def _sum_up(pair: Pair, reports: list[MeetingReport], introduced: Outcome | None) -> PairFeedback:
    ratings = [report.rating for report in reports if report.rating is not None]
    events = {report.event_id for report in reports}
    came = [
        all(report.attended for report in reports if report.event_id == event) for event in events
    ]
    return PairFeedback(
        pair=pair,
        held=any(came),
        rating=sum(ratings) / len(ratings) if ratings else None,
        outcome=further(introduced, *(report.outcome for report in reports)),
        again=len({report.by for report in reports if report.second_meeting}),
    )
