"""Nash welfare: the plan whose product of all served values is largest, with a proven bound.

Served value of a cluster: the sum of the values of its introductions. The logarithm of the
product is concave, so it is maximised over the b-matching polytope by fully corrective
Frank-Wolfe (Jaggi, ICML 2013): each step is one exact matching, whose plan joins a mixture of
plans; the duality gap bounds every plan from above, and each step's plan is integral and thus a
candidate. The best mixture is rounded to the nearest plan, and the candidates are finally improved
by local search. Work is counted in steps, never timed: the same problem gives the same plan.
"""

import math
from dataclasses import dataclass

import numpy as np

from matcher.planning.assignment import Work, best_alone, best_matching
from matcher.planning.greedy import greedy_matching
from matcher.planning.nash_moves import improve_by_moves
from matcher.planning.problem import Bools, Floats, Pair, PlanProblem, unmet_wishes

NOTHING = 0.05
"""What a cluster without any introduction counts for, as a share of the best pair's value."""
_STEPS = 16
_GOOD_GAP = 1e-3
_MIXING_STEPS = 500


@dataclass(frozen=True)
class NashResult:
    """Best plan found, its welfare and an upper bound on any plan's welfare.

    Welfare is the geometric mean of the served values over all clusters that some pair may serve;
    to each value `NOTHING` is added, so that the product stays above zero where one gets none.
    """

    pairs: tuple[Pair, ...]
    welfare: float
    bound: float


def nash_matching(problem: PlanProblem, work: Work) -> NashResult | None:
    """Choose the plan of largest Nash welfare; ``None`` when the work is spent before any."""
    welfare = _Welfare(problem)
    if not welfare.size:
        return NashResult(problem.fixed, 0.0, 0.0)
    plans: list[tuple[Pair, ...]] = []
    served, shares = np.empty((0, welfare.size)), np.empty(0)
    bound = welfare.simple_bound()
    for _ in range(_STEPS):
        mixed = shares @ served
        weights = welfare.slope(mixed) if plans else problem.values
        pairs = best_matching(problem, weights, work)
        if pairs is None:
            break
        plan = welfare.served(pairs)
        if plans:
            bound = min(bound, welfare.of(mixed) + float((plan / mixed).sum()) - welfare.size)
        plans.append(pairs)
        served = np.vstack([served, plan])
        shares = _best_shares(served)
        if bound - welfare.of(shares @ served) < _GOOD_GAP * welfare.size:
            break
    if not plans:
        return None
    rounded = best_matching(problem, welfare.mixture(plans, shares), work)
    starts = [max(plans, key=welfare.of_pairs), greedy_matching(problem)]
    starts += [rounded] if rounded else []
    ends = [improve_by_moves(problem, pairs, welfare.nothing) for pairs in starts]
    best = min(ends, key=lambda end: (unmet_wishes(problem, end), -welfare.of_pairs(end), end))
    return NashResult(best, welfare.mean(welfare.of_pairs(best)), welfare.mean(bound))


def nash_welfare(problem: PlanProblem, pairs: tuple[Pair, ...]) -> tuple[float, float]:
    """Welfare of a given plan and a simple bound on it, as `NashResult` states them."""
    welfare = _Welfare(problem)
    if not welfare.size:
        return 0.0, 0.0
    return welfare.mean(welfare.of_pairs(pairs)), welfare.mean(welfare.simple_bound())


def _best_shares(served: Floats) -> Floats:
    """Shares of the plans in the best mixture, by Cover's multiplicative steps (1984)."""
    shares = np.full(len(served), 1 / len(served))
    for _ in range(_MIXING_STEPS):
        shares = shares * (served / (shares @ served)).mean(axis=1)
    best: Floats = shares / shares.sum()
    return best


class _Welfare:
    """Sum of log(nothing + served value) over the clusters that some pair may serve."""

    def __init__(self, problem: PlanProblem) -> None:
        self.problem, self.values = problem, problem.values
        self.rows: Bools = np.asarray(problem.allowed.any(axis=1))
        self.columns: Bools = np.asarray(problem.allowed.any(axis=0))
        self.size = int(self.rows.sum() + self.columns.sum())
        self.nothing = NOTHING * max(float(self.values.max(initial=0.0)), 1e-6)

    def served(self, pairs: tuple[Pair, ...]) -> Floats:
        """(size,) served value of each cluster, askers first, with `nothing` added."""
        n, m = self.values.shape
        i, j = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        value = self.values[i, j]
        rows = np.bincount(i, value, minlength=n)[self.rows]
        columns = np.bincount(j, value, minlength=m)[self.columns]
        return self.nothing + np.concatenate([rows, columns])

    def of(self, served: Floats) -> float:
        return float(np.log(served).sum())

    def of_pairs(self, pairs: tuple[Pair, ...]) -> float:
        return self.of(self.served(pairs))

    def simple_bound(self) -> float:
        """No plan has more: each cluster takes its best pairs, all others ignored."""
        askers, targets = best_alone(self.problem)
        alone = np.concatenate([askers[self.rows], targets[self.columns]])
        return self.of(self.nothing + alone)

    def slope(self, served: Floats) -> Floats:
        """(n, m) how fast each pair would raise the sum of the logarithms."""
        worth = [np.zeros(len(self.rows)), np.zeros(len(self.columns))]
        count = int(self.rows.sum())
        worth[0][self.rows], worth[1][self.columns] = 1 / served[:count], 1 / served[count:]
        slope: Floats = self.values * (worth[0][:, None] + worth[1][None, :])
        return slope

    def mixture(self, plans: list[tuple[Pair, ...]], shares: Floats) -> Floats:
        """(n, m) value of each pair, times its part of the mixture."""
        mixed = np.zeros(self.values.shape)
        for pairs, share in zip(plans, shares, strict=True):
            i, j = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
            mixed[i, j] += share
        worth: Floats = mixed * self.values
        return worth

    def mean(self, log_welfare: float) -> float:
        return math.exp(log_welfare / self.size)
