"""The plan that a careful person makes by hand: most valuable pairs first, then repairs."""

from collections.abc import Iterable, Sequence

import numpy as np

from matcher.planning.solver.assignment import fixed_mask
from matcher.planning.solver.instance import Bools, Instance, Pair


def greedy_matching(instance: Instance, first: Iterable[Pair] = ()) -> tuple[Pair, ...]:
    """Make a plan within all limits in well under a second, without proof of its value.

    Fixed pairs come first, then `first`, then the wishes "at least" (those with the fewest
    allowed partners first), then all pairs by falling value. An "at least" that is still unmet is
    repaired by dropping a pair that both sides can spare.
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
    for node in draft.most_constrained():
        draft.repair(node)
    return draft.pairs()


class _Draft:
    """A growing plan; both sides are kept as one row of nodes, askers first."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.n = len(instance.values)
        self.chosen: Bools = fixed_mask(instance)
        self.fixed = self.chosen.copy()
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
            self._set(pair, True)

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
        for pair in self._options(node):
            if self.count[node] >= self.at_least[node]:
                return
            self.add(pair)

    def repair(self, node: int) -> None:
        """Take a partner's place from a pair whose other side can spare it, or give up."""
        for pair in self._options(node):
            if self.count[node] >= self.at_least[node]:
                return
            partner = self._other(node, pair)
            given_up = self._spare(partner)
            if given_up is not None:
                self._set(given_up, False)
                self.add(pair)

    def _options(self, node: int) -> list[Pair]:
        """List the node's allowed pairs that are not yet taken, best first."""
        line = (node, slice(None)) if node < self.n else (slice(None), node - self.n)
        open_ = np.flatnonzero(self.instance.allowed[line] & ~self.chosen[line])
        best = open_[np.argsort(-self.instance.values[line][open_], kind="stable")].tolist()
        return [(node, k) if node < self.n else (k, node - self.n) for k in best]

    def _other(self, node: int, pair: Pair) -> int:
        return self.n + pair[1] if node < self.n else pair[0]

    def _spare(self, node: int) -> Pair | None:
        """Find the node's least valuable pair that is not fixed and that its partner can spare."""
        line = (node, slice(None)) if node < self.n else (slice(None), node - self.n)
        mine = np.flatnonzero(self.chosen[line] & ~self.fixed[line])
        pairs = [(node, k) if node < self.n else (k, node - self.n) for k in mine.tolist()]
        spare = [
            pair
            for pair in pairs
            if self.count[other := self._other(node, pair)] > self.at_least[other]
        ]
        return min(spare, key=lambda pair: (self.instance.values[pair], pair), default=None)

    def _set(self, pair: Pair, taken: bool) -> None:
        self.chosen[pair] = taken
        step = 1 if taken else -1
        self.left -= step
        self.count[pair[0]] += step
        self.count[self.n + pair[1]] += step
