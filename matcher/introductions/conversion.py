"""What came of the introductions, beside what comparable programmes report."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from matcher.introductions.workflow import OUTCOMES, STATES, Introduction, Outcome, State


@dataclass(frozen=True, slots=True)
class Anchor:
    """Published figures of a programme to compare with.

    Attributes
    ----------
    name
        Programme and years.
    meetings
        Bilateral meetings held.
    agreements, projects
        What came of them: agreements or memoranda, and joint projects; ``None`` where the source
        counts both together under `agreements`.
    """

    name: str
    meetings: int
    agreements: int
    projects: int | None

    @property
    def share(self) -> float:
        """Results per meeting."""
        return (self.agreements + (self.projects or 0)) / self.meetings


ANCHORS = (
    Anchor("ECCP matchmaking events 2016-17, agreements or partnerships started", 2180, 416, None),
    Anchor("ESCP-4i cluster missions 2016-17, memoranda and projects", 370, 39, 45),
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """How far introductions got.

    Attributes
    ----------
    reached
        State -> how many introductions ever came to it.
    outcomes
        Outcome -> how many introductions stand at it.
    """

    reached: dict[State, int]
    outcomes: dict[Outcome, int]

    @property
    def share(self) -> float | None:
        """Memoranda and projects per meeting held; ``None`` before the first meeting."""
        met = self.reached["met"]
        return (self.outcomes["mou"] + self.outcomes["project"]) / met if met else None


def conversion(introductions: Iterable[Introduction]) -> Conversion:
    """Count states reached and outcomes."""
    every = list(introductions)
    reached = Counter(state for one in every for state in {move.to for move in one.moves})
    outcomes = Counter(one.outcome for one in every if one.outcome)
    return Conversion(
        {state: reached[state] for state in STATES},
        {outcome: outcomes[outcome] for outcome in OUTCOMES},
    )
