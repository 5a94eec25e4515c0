"""The best group under conditions: an integer programme that HiGHS solves.

Only membership is integral. For a given group the other variables (which ties count, which needs
are met, which steps and countries are covered) take their best values at 0 or 1 by themselves,
since each is bounded by memberships and by nothing else. Work is limited by a number of nodes
rather than by a clock, so that a busy machine changes no group.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array

from matcher.matching.columns import Bools
from matcher.planning.groups.rows import Row, Values
from matcher.planning.groups.worth import TIES, Worth

NODES = 400
"""Nodes of the search; groups among 60 candidates take one to some dozens."""

_EMERGENCY = 30.0
_EXACT = 1e-6


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best group that was found.

    Attributes
    ----------
    chosen
        (n,) who is in it.
    value
        What it is worth.
    bound
        No group that satisfies the conditions is worth more.
    """

    chosen: Bools
    value: float
    bound: float


def best_group(worth: Worth, rows: Iterable[Row], belongs: Bools) -> Optimum | None:
    """Find the group of most value that satisfies all rows.

    Parameters
    ----------
    worth
        What the n candidates bring.
    rows
        The conditions.
    belongs
        (c, n) which candidate belongs to which country.

    Returns
    -------
    Optimum or None
        None where no group satisfies the rows, or none was found within the work allowed.
    """
    programme = _Programme.of(worth, tuple(rows), belongs)
    solution = milp(
        -programme.gains,
        constraints=LinearConstraint(cast(Any, programme.table), programme.low, programme.high),
        bounds=Bounds(0, 1),
        integrality=programme.integral,
        options={"node_limit": NODES, "time_limit": _EMERGENCY, "mip_rel_gap": 0.0},
    )
    if solution.x is None:
        return None
    chosen = np.asarray(solution.x[: len(worth.fit)] > 0.5)
    value = worth.value(chosen)
    bound = -float(solution.mip_dual_bound)
    return Optimum(chosen, value, value if abs(bound - value) < _EXACT else bound)


@dataclass(frozen=True)
class _Programme:
    """``low <= table @ z <= high``; z holds members, countries, ties, needs and steps in turn."""

    gains: Values
    table: csr_array
    low: Values
    high: Values
    integral: NDArray[np.intp]

    @classmethod
    def of(cls, worth: Worth, rows: Sequence[Row], belongs: Bools) -> "_Programme":
        count = len(worth.fit)
        here, there = np.nonzero(worth.ties)
        pick = csr_array(eye_array(count))
        sizes = (count, len(belongs), len(here), len(worth.owners), len(worth.chain))
        gains = (
            worth.single,
            np.zeros(len(belongs)),
            worth.weights["ties"] * worth.ties[here, there] / TIES,
            worth.need_shares,
            np.full(len(worth.chain), worth.step_share),
        )
        limited = (
            (-belongs.astype(float), 1, len(belongs)),
            (-pick[there], 2, len(here)),
            (-pick[worth.owners], 3, sizes[3]),
            (-worth.needs.astype(float), 3, sizes[3]),
            (-worth.chain.astype(float), 4, sizes[4]),
        )
        blocks = [
            _line(sizes, {0: table, place: eye_array(size)})
            for table, place, size in limited
            if size
        ]
        if len(here):
            blocks.append(_line(sizes, {0: -TIES * pick, 2: pick[here].T}))
        asked = [_line(sizes, {int(row.by_country): row.coefficients[None, :]}) for row in rows]
        slack = sum(block.shape[0] for block in blocks)
        return cls(
            np.concatenate(gains),
            csr_array(block_array([[block] for block in (*blocks, *asked)])),
            np.concatenate([np.full(slack, -np.inf), [row.low for row in rows]]),
            np.concatenate([np.zeros(slack), [row.high for row in rows]]),
            np.repeat(np.array([1, 0, 0, 0, 0]), sizes),
        )


def _line(sizes: Sequence[int], parts: dict[int, Any]) -> csr_array:
    """Rows of the table, of which the kinds of variables that are not named are 0."""
    height = next(iter(parts.values())).shape[0]
    made = [parts.get(place, csr_array((height, size))) for place, size in enumerate(sizes)]
    return csr_array(block_array([[csr_array(part) for part in made]]))
