"""Charts as numbers: where each bar begins and ends."""

from dataclasses import dataclass
from math import exp, log

from matcher.matching.recommendation import Contribution, Recommendation

_SHOWN = 8
_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall; positions in [0, 100] of the chart's width.

    `item` is ``None`` for the bar that sums up the smaller factors.
    """

    item: Contribution | None
    count: int
    change: float
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From where every pair begins to the score of this one.

    Attributes
    ----------
    start, end
        Score before any factor counted, and after all have; in [0, 1].
    start_at, end_at
        Their positions in [0, 100].
    steps
        What moved it, the largest first.
    """

    start: float
    end: float
    start_at: float
    end_at: float
    steps: tuple[Step, ...]


def waterfall(found: Recommendation) -> Waterfall:
    """Draw the contributions of a recommendation, one after the other, in log-odds."""
    total = sum(item.contribution for item in found.contributions)
    end = log(max(found.score, _FLOOR) / max(1 - found.score, _FLOOR))
    large, small = found.contributions[:_SHOWN], found.contributions[_SHOWN:]
    moves: list[tuple[Contribution | None, int, float]] = [
        (item, 1, item.contribution) for item in large
    ]
    if small:
        moves.append((None, len(small), sum(item.contribution for item in small)))
    points = [end - total]
    for _, _, change in moves:
        points.append(points[-1] + change)
    low, high = min(points), max(points)
    scale = 96 / (high - low or 1)
    at = [2 + (point - low) * scale for point in points]
    steps = tuple(
        Step(item, count, change, min(at[n], at[n + 1]), max(abs(at[n + 1] - at[n]), 0.6))
        for n, (item, count, change) in enumerate(moves)
    )
    return Waterfall(_logistic(points[0]), found.score, at[0], at[-1], steps)


def _logistic(logit: float) -> float:
    return 1 / (1 + exp(-logit))
