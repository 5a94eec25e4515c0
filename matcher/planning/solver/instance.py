"""`Instance`: whom a programme may introduce to whom, and within which limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matcher.errors import FieldProblem, InvalidInputError
from matcher.i18n.message import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Side = Literal["asker", "target"]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Limits:
    """How many introductions each cluster of one side gets.

    Attributes
    ----------
    at_least, at_most
        (n,) whole numbers, ``0 <= at_least <= at_most``. `at_least` is a wish that is served
        before anything else; `at_most` is never broken.
    """

    at_least: Ints
    at_most: Ints

    @classmethod
    def same(cls, count: int, *, at_least: int = 0, at_most: int) -> "Limits":
        """Give all `count` clusters of a side the same limits."""
        return cls(np.full(count, at_least, np.int64), np.full(count, at_most, np.int64))


@dataclass(frozen=True, slots=True)
class PairFits:
    """n askers against m targets.

    Attributes
    ----------
    value
        (n, m) mutual value, in [0, 1].
    for_askers, for_targets
        (n, m) directed fits, in [0, 1].
    """

    value: Floats
    for_askers: Floats
    for_targets: Floats


@dataclass(frozen=True)
class Instance:
    """Two sides, the mutual value of each pair, and what is allowed.

    Attributes
    ----------
    values
        (n, m) mutual value of asker i and target j, in [0, 1].
    askers, targets
        Limits of the n askers and of the m targets.
    rules
        Name of a rule -> (n, m) pairs that it forbids, such as ``"known link"``.
    fixed
        Pairs that are part of every plan.
    total
        How many pairs a plan has at most; as many as the limits allow where it is ``None``.

    Raises
    ------
    InvalidInputError
        Limits or fixed pairs contradict each other; every fault is named.
    """

    values: Floats
    askers: Limits
    targets: Limits
    rules: Mapping[Text, Bools] = field(default_factory=dict)
    fixed: tuple[Pair, ...] = ()
    total: int | None = None

    def __post_init__(self) -> None:
        faults = [
            *(fault for side in self.sides for fault in _limit_faults(*side)),
            *self._fixed_faults(),
        ]
        if faults:
            raise InvalidInputError(f"The request contradicts itself: {faults[0]}", faults)

    @cached_property
    def allowed(self) -> Bools:
        """(n, m) pairs that no rule forbids and that both sides have a place for."""
        allowed = np.ones(self.values.shape, np.bool_)
        for mask in self.rules.values():
            allowed &= ~mask
        return allowed & (self.askers.at_most > 0)[:, None] & (self.targets.at_most > 0)[None, :]

    @property
    def sides(self) -> tuple[tuple[Side, Limits], tuple[Side, Limits]]:
        """Limits of both sides, each with its name."""
        return ("asker", self.askers), ("target", self.targets)

    def line(self, side: Side, index: int) -> tuple[int | slice, int | slice]:
        """Index of all pairs of one cluster."""
        return (index, slice(None)) if side == "asker" else (slice(None), index)

    def broken_rules(self, pair: Pair) -> tuple[Text, ...]:
        """Names of the rules that forbid the pair, in their given order."""
        return tuple(name for name, mask in self.rules.items() if mask[pair])

    def _fixed_faults(self) -> list[FieldProblem]:
        faults = [
            FieldProblem(f"fixed pair {pair}", f"is forbidden by: {', '.join(map(str, names))}")
            for pair in self.fixed
            if (names := self.broken_rules(pair))
        ]
        if len(set(self.fixed)) < len(self.fixed):
            faults.append(FieldProblem("fixed", "names a pair twice"))
        if self.total is not None and len(self.fixed) > self.total:
            faults.append(FieldProblem("total", f"is less than the {len(self.fixed)} fixed pairs"))
        counts = count_pairs(self.fixed, self.values.shape)
        for (side, limits), count in zip(self.sides, counts, strict=True):
            faults += [
                FieldProblem(f"{side} {index}", "has more fixed pairs than its limit allows")
                for index in np.flatnonzero(count > limits.at_most)
            ]
        return faults


def count_pairs(pairs: Sequence[Pair], shape: tuple[int, ...]) -> tuple[Ints, Ints]:
    """How many of the pairs each asker (n,) and each target (m,) is part of."""
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return (
        np.bincount(table[:, 0], minlength=shape[0]).astype(np.int64),
        np.bincount(table[:, 1], minlength=shape[1]).astype(np.int64),
    )


def unmet_wishes(instance: Instance, pairs: Sequence[Pair]) -> int:
    """How many introductions the pairs leave missing below "at least", both sides together."""
    counts = count_pairs(pairs, instance.values.shape)
    return sum(
        int(np.maximum(limits.at_least - count, 0).sum())
        for (_, limits), count in zip(instance.sides, counts, strict=True)
    )


def _limit_faults(side: str, limits: Limits) -> list[FieldProblem]:
    wrong = (limits.at_least < 0) | (limits.at_least > limits.at_most)
    return [
        FieldProblem(
            f"{side}s[{index}]",
            f"at least {limits.at_least[index]} and at most {limits.at_most[index]} "
            "cannot both hold",
        )
        for index in np.flatnonzero(wrong)
    ]
