"""Fairness to the worst-off: the best introduction that each asker can be promised.

Lexicographic bottleneck matching: the lowest promise is raised as far as possible, then the
next lowest, and so on (Burkard, Dell'Amico & Martello, *Assignment Problems*, 2012, ch. 6.6).
An asker is measured by its best introduction, which keeps the problem exact; where several
pairs have the very same value, one of the equally good orders is taken.
"""

from collections import deque

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.planning.solver.instance import Bools, Floats, Ints, PlanProblem, count_pairs

_NOBODY = -1


def worst_off_floors(problem: PlanProblem) -> tuple[Floats, Ints]:
    """For each asker the promised value, and the target that keeps the promise.

    Returns
    -------
    floors
        (n,) value of the best introduction; 0 where no introduction can be promised. As many
        askers as possible have one.
    partners
        (n,) the target, -1 where a fixed pair is the best there is, or nothing.
    """
    promises = _Promises(problem)
    waiting = set(np.flatnonzero(promises.usable.any(axis=1)).tolist())
    while waiting:
        asker = min(waiting, key=lambda place: (promises.value[place], place))
        if not promises.raise_above(asker, promises.value[asker]):
            promises.settle(asker)
            waiting.discard(asker)
    return promises.value, promises.partner


class _Promises:
    """One promised target for each asker, improved along alternating paths."""

    def __init__(self, problem: PlanProblem) -> None:
        self.values = problem.values
        asker_fixed, target_fixed = count_pairs(problem.fixed, problem.values.shape)
        self.usable = problem.allowed & (asker_fixed < problem.askers.at_most)[:, None]
        self.base = np.zeros(len(problem.values))
        for i, j in problem.fixed:
            self.usable[i, j] = False
            self.base[i] = max(self.base[i], problem.values[i, j])
        self.usable &= problem.values > self.base[:, None]
        self.places = problem.targets.at_most - target_fixed
        self.needs = np.zeros(len(problem.values))
        self.value = self.base.copy()
        self.partner = np.full(len(problem.values), _NOBODY, np.int64)
        self._start()

    def raise_above(self, asker: int, level: float) -> bool:
        """Find the asker a target worth more than `level`, and nobody falls to it or below."""
        givers = np.full(self.values.shape[1], _NOBODY)
        held = np.bincount(
            self.partner[(self.partner != _NOBODY) & (np.arange(len(self.partner)) != asker)],
            minlength=len(givers),
        )
        queue, seen = deque([asker]), np.zeros(len(self.partner), np.bool_)
        seen[asker] = True
        while queue:
            mover = queue.popleft()
            if mover != asker and self._content(self.base[mover], mover, level):
                self._shift(mover, _NOBODY, asker, givers)
                return True
            worth = self._content(self.values[mover], mover, level)
            targets = np.flatnonzero(worth & self.usable[mover] & (givers == _NOBODY))
            givers[targets] = mover
            free = targets[held[targets] < self.places[targets]]
            if len(free):
                self._shift(mover, int(free[0]), asker, givers)
                return True
            fresh = np.flatnonzero(np.isin(self.partner, targets) & ~seen)
            seen[fresh] = True
            queue.extend(fresh.tolist())
        return False

    def settle(self, asker: int) -> None:
        """Make the asker's promise final: nobody may lower it."""
        self.needs[asker] = self.value[asker]

    def _content(self, worth: Floats, mover: int, level: float) -> Bools:
        need = self.needs[mover]
        content: Bools = (worth >= need) & ((worth > level) | (need > 0))
        return content

    def _shift(self, mover: int, target: int, asker: int, givers: Ints) -> None:
        """Give the mover the target, its old target to who asked for that, back to the asker."""
        while True:
            old = int(self.partner[mover])
            self.partner[mover] = target
            self.value[mover] = (
                self.base[mover] if target == _NOBODY else self.values[mover, target]
            )
            if mover == asker:
                return
            mover, target = int(givers[old]), old

    def _start(self) -> None:
        """As many promises as possible, and of those the set of largest total value."""
        n = len(self.values)
        places = np.minimum(np.maximum(self.places, 0), n)
        columns = np.repeat(np.arange(self.values.shape[1]), places)
        worth = np.where(self.usable, self.values + n + 1, 0.0)[:, columns]
        rows, taken = linear_sum_assignment(np.hstack([worth, np.zeros((n, n))]), maximize=True)
        for i, column in zip(rows.tolist(), taken.tolist(), strict=True):
            if column < len(columns) and self.usable[i, columns[column]]:
                self.partner[i] = columns[column]
                self.value[i] = self.values[i, columns[column]]
