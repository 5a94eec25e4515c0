"""Nash welfare: the plan whose product of all served values is largest, with a proven bound.

Served value of a cluster: the sum of the values of its introductions. The logarithm of the
product is concave, so it is maximised over the b-matching polytope by Frank-Wolfe (Jaggi, ICML
2013): each step is one exact matching, its duality gap bounds every plan from above, and each
step's plan is integral and thus a candidate. The relaxed optimum is rounded to the nearest plan,
and the best candidate is finally improved by local search.
"""

import math
import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from matcher.introductions.matching import best_matching
from matcher.introductions.nash_moves import improve_by_moves
from matcher.introductions.problem import Floats, Pair, PlanProblem

NOTHING = 0.05
"""What a cluster without any introduction counts for, as a share of the best pair's value."""
_STEPS = 12
_GOOD_GAP = 1e-3


@dataclass(frozen=True)
class NashResult:
    """Best plan found, its welfare and an upper bound on any plan's welfare.

    Welfare is the geometric mean of the served values over all clusters that some pair may serve;
    to each value `NOTHING` is added, so that the product stays above zero where one gets none.
    """

    pairs: tuple[Pair, ...]
    welfare: float
    bound: float


def nash_matching(problem: PlanProblem, *, time_limit: float) -> NashResult | None:
    """Choose the plan of largest Nash welfare; ``None`` when the time limit comes before any."""
    deadline = time.monotonic() + time_limit
    welfare = _Welfare(problem)
    if not welfare.size:
        return NashResult(problem.fixed, 0.0, 0.0)
    weights, mixed = problem.values, None
    best: tuple[float, tuple[Pair, ...]] = (-math.inf, ())
    bound = math.inf
    for _ in range(_STEPS):
        pairs = best_matching(problem, weights, time_limit=deadline - time.monotonic())
        if pairs is None:
            break
        plan = welfare.table(pairs)
        best = max(best, (welfare.of(plan), pairs))
        if mixed is None:
            mixed = plan
        else:
            bound = min(bound, welfare.of(mixed) + float((weights * (plan - mixed)).sum()))
            mixed = welfare.between(mixed, plan)
        weights = welfare.slope(mixed)
        if bound - best[0] < _GOOD_GAP * welfare.size:
            break
    if mixed is None:
        return None
    rounded = best_matching(problem, mixed * problem.values, time_limit=deadline - time.monotonic())
    if rounded is not None:
        best = max(best, (welfare.of(welfare.table(rounded)), rounded))
    moved = improve_by_moves(problem, best[1], welfare.nothing, deadline)
    best = max(best, (welfare.of(welfare.table(moved)), moved))
    return NashResult(best[1], welfare.mean(best[0]), welfare.mean(bound))


def nash_welfare(problem: PlanProblem, pairs: tuple[Pair, ...]) -> float:
    """Welfare of a given plan, as `NashResult` states it."""
    welfare = _Welfare(problem)
    return welfare.mean(welfare.of(welfare.table(pairs))) if welfare.size else 0.0


class _Welfare:
    """Sum of log(nothing + served value) over the clusters that some pair may serve."""

    def __init__(self, problem: PlanProblem) -> None:
        self.values = problem.values
        self.rows = problem.allowed.any(axis=1)
        self.columns = problem.allowed.any(axis=0)
        self.size = int(self.rows.sum() + self.columns.sum())
        self.nothing = NOTHING * max(float(self.values.max(initial=0.0)), 1e-6)

    def table(self, pairs: tuple[Pair, ...]) -> Floats:
        table = np.zeros(self.values.shape)
        for pair in pairs:
            table[pair] = 1.0
        return table

    def of(self, plan: Floats) -> float:
        served = plan * self.values
        rows, columns = served.sum(axis=1)[self.rows], served.sum(axis=0)[self.columns]
        return float(np.log(self.nothing + rows).sum() + np.log(self.nothing + columns).sum())

    def slope(self, plan: Floats) -> Floats:
        served = plan * self.values
        rows, columns = served.sum(axis=1)[:, None], served.sum(axis=0)[None, :]
        slope: Floats = self.values * (1 / (self.nothing + rows) + 1 / (self.nothing + columns))
        return slope

    def between(self, start: Floats, end: Floats) -> Floats:
        """Find the best point on the way from `start` to `end`."""
        way = end - start
        best = minimize_scalar(
            lambda share: -self.of(start + share * way), bounds=(0, 1), method="bounded"
        )
        mixed: Floats = start + float(best.x) * way
        return mixed

    def mean(self, log_welfare: float) -> float:
        return math.exp(log_welfare / self.size)
