"""Local search for Nash welfare: one end of an introduction moves to another cluster."""

from dataclasses import dataclass

import numpy as np

from matcher.planning.assignment import fixed_mask
from matcher.planning.problem import Bools, Floats, Limits, Pair, PlanProblem

_GAIN = 1e-9
_ROUNDS = 50


def improve_by_moves(
    problem: PlanProblem, pairs: tuple[Pair, ...], nothing: float
) -> tuple[Pair, ...]:
    """Move ends of introductions as long as the product of the served values grows.

    Limits, rules, fixed pairs and "at least" wishes stay as well kept as they were.

    Parameters
    ----------
    problem, pairs
        A plan for the problem.
    nothing
        What is added to each served value.
    """
    chosen = np.zeros(problem.values.shape, np.bool_)
    for pair in pairs:
        chosen[pair] = True
    movable = ~fixed_mask(problem)
    askers = _Side(problem.askers, chosen, problem.values)
    targets = _Side(problem.targets, chosen.T, problem.values.T)
    ways = (
        (_Way(askers, targets, chosen, problem.values, problem.allowed, nothing), movable),
        (_Way(targets, askers, chosen.T, problem.values.T, problem.allowed.T, nothing), movable.T),
    )
    for _ in range(_ROUNDS):
        improved = False
        for way, free in ways:
            for keep, leave in np.argwhere(way.chosen & free).tolist():
                improved |= way.move(keep, leave)
        if not improved:
            break
    return tuple((int(i), int(j)) for i, j in np.argwhere(chosen))


class _Side:
    """Running count and served value of each cluster of a side."""

    def __init__(self, limits: Limits, chosen: Bools, values: Floats) -> None:
        self.limits = limits
        self.count = chosen.sum(axis=1)
        self.served = (chosen * values).sum(axis=1)


@dataclass(frozen=True)
class _Way:
    """Moves in which a cluster of one side keeps its place and its partner changes."""

    keepers: _Side
    partners: _Side
    chosen: Bools
    values: Floats
    allowed: Bools
    nothing: float

    def move(self, keep: int, leave: int) -> bool:
        """Give the place of `leave` beside `keep` to the partner for whom the product grows."""
        partners = self.partners
        if partners.count[leave] <= partners.limits.at_least[leave]:
            return False
        has_room = partners.count < partners.limits.at_most
        room = np.flatnonzero(self.allowed[keep] & ~self.chosen[keep] & has_room)
        if not len(room):
            return False
        worth, old = self.values[keep, room], self.values[keep, leave]
        kept = self.nothing + self.keepers.served[keep]
        left = self.nothing + partners.served[leave]
        joined = self.nothing + partners.served[room]
        gain = (
            np.log((kept - old + worth) / kept)
            + np.log((joined + worth) / joined)
            + np.log((left - old) / left)
        )
        best = int(gain.argmax())
        if gain[best] <= _GAIN:
            return False
        self._set(keep, leave, False)
        self._set(keep, int(room[best]), True)
        return True

    def _set(self, keep: int, partner: int, taken: bool) -> None:
        self.chosen[keep, partner] = taken
        step = 1 if taken else -1
        value = step * self.values[keep, partner]
        for side, place in ((self.keepers, keep), (self.partners, partner)):
            side.count[place] += step
            side.served[place] = max(side.served[place] + value, 0.0)
