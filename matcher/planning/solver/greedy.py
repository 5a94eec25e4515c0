"""The plan that a careful person makes by hand: wishes first, then the most valuable pairs."""

from collections.abc import Iterable, Sequence

import numpy as np

from matcher.planning.solver.assignment import fixed_mask
from matcher.planning.solver.instance import Bools, Instance, Pair


def greedy_matching(instance: Instance, first: Iterable[Pair] = ()) -> tuple[Pair, ...]:
    """Make a plan within all limits in well under a second, without proof of its value.

    Fixed pairs come first, then `first`, then the wishes "at least" (those with the fewest
    allowed partners first), then all pairs by falling value.
    """
    draft = _Draft(instance)
    for pair in first:
        draft.add(pair)
    for node in draft.most_constrained():
        draft.serve(node)
    order = np.argsort(-instance.values, axis=None, kind="stable")
    rows, columns = np.unravel_index(order[instance.allowed.ravel()[order]], instance.values.shape)
    for pair in zip(rows.tolist(), columns.tolist(), strict=True):
        draft.add(pair)
    return draft.pairs()


class _Draft:
    """A growing plan; both sides are kept as one row of nodes, askers first."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.n = len(instance.values)
        self.chosen: Bools = fixed_mask(instance)
        self.at_least = np.concatenate([instance.askers.at_least, instance.targets.at_least])
        self.room = np.concatenate([instance.askers.at_most, instance.targets.at_most])
        total = instance.total
        self.left = (self.chosen.size if total is None else total) - int(self.chosen.sum())
        self.count = np.concatenate([self.chosen.sum(axis=1), self.chosen.sum(axis=0)])

    def pairs(self) -> tuple[Pair, ...]:
        rows, columns = np.nonzero(self.chosen)
        return tuple(zip(rows.tolist(), columns.tolist(), strict=True))

    def add(self, pair: Pair) -> None:
        """Take the pair if it is allowed, new, and both sides have room."""
        i, j = pair
        has_room = self.count[i] < self.room[i] and self.count[self.n + j] < self.room[self.n + j]
        if self.left > 0 and has_room and self.instance.allowed[pair] and not self.chosen[pair]:
            self.chosen[pair] = True
            self.left -= 1
            self.count[[i, self.n + j]] += 1

    def most_constrained(self) -> Sequence[int]:
        """Nodes below their "at least", the fewest allowed partners first."""
        options = np.concatenate(
            [self.instance.allowed.sum(axis=1), self.instance.allowed.sum(axis=0)]
        )
        short = np.flatnonzero(self.count < self.at_least)
        ordered: list[int] = short[np.argsort(options[short], kind="stable")].tolist()
        return ordered

    def serve(self, node: int) -> None:
        """Give the node its best partners with room, up to its "at least"."""
        line = (node, slice(None)) if node < self.n else (slice(None), node - self.n)
        for other in np.argsort(-self.instance.values[line], kind="stable").tolist():
            if self.count[node] >= self.at_least[node]:
                return
            self.add((node, other) if node < self.n else (other, node - self.n))
