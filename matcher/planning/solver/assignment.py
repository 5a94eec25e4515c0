"""The exact optimum of a weighted two-sided b-matching with wishes for a minimum.

The constraint matrix (each pair in one row of either side; nested rows for minima and for all
pairs; slacks) is totally unimodular (Schrijver, *Combinatorial Optimization*, 2003, ch. 21), so
that a basic optimum of the linear relaxation is integral. HiGHS's simplex therefore finds the
exact plan without integrality being asked for, several times faster than by branch and bound. Its
work is limited by a count of iterations, not by a clock, so that a busy machine changes no plan.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_array, csr_array, eye_array, vstack

from matcher.planning.solver.instance import Bools, Floats, Instance, Ints, Pair, Side

_LIMIT_REACHED = 1
_ITERATIONS_A_SECOND = 2500
_EMERGENCY = 10.0
_SHORTEST_EMERGENCY = 60.0


@dataclass(frozen=True)
class _Wish:
    """Rows "at least `wanted` of the `usable` pairs", each missing one at the price `penalty`."""

    side: Side
    wanted: Floats
    usable: Bools | None
    penalty: float


def best_matching(
    instance: Instance, seconds: float, *, floors: Floats | None = None
) -> tuple[Pair, ...] | None:
    """Choose the pairs of largest total value among the plans that miss the fewest wishes.

    Parameters
    ----------
    instance
        Limits, rules and fixed pairs.
    seconds
        Work to spend, as the time that it takes on an ordinary two-core machine for 300 x 700
        clusters. Ten times as much, and a minute at least, ends the search in any case.
    floors
        (n,) each asker shall have one pair of at least this *value*; 0 asks for nothing. Floors
        yield to "at least" wishes and come before total value.

    Returns
    -------
    tuple of pairs, sorted, or None
        None when the work was spent first.
    """
    i, j = np.nonzero(instance.allowed)
    wishes = _wishes(instance, floors)
    rows, right = _rows(instance, i, j, wishes)
    slacks = np.concatenate(
        [np.empty(0), *(np.full(np.count_nonzero(w.wanted), w.penalty) for w in wishes)]
    )
    lower = np.zeros(len(i) + len(slacks))
    lower[: len(i)] = fixed_mask(instance)[i, j]
    upper = np.concatenate([np.ones(len(i)), np.full(len(slacks), np.inf)])
    if not len(i):
        return ()
    iterations = int(_ITERATIONS_A_SECOND * seconds)
    if iterations <= 0:
        return None
    emergency = max(_SHORTEST_EMERGENCY, _EMERGENCY * seconds)
    solution = linprog(
        np.concatenate([-instance.values[i, j], slacks]),
        A_ub=cast(Any, rows),  # the stubs know dense tables, and lists of bounds, alone
        b_ub=right,
        bounds=cast(Any, np.column_stack([lower, upper])),
        method="highs-ds",
        options={"presolve": False, "maxiter": iterations, "time_limit": emergency},
    )
    if solution.status == _LIMIT_REACHED:
        return None
    chosen = np.asarray(solution.x)[: len(i)] > 0.5
    return tuple(zip(i[chosen].tolist(), j[chosen].tolist(), strict=True))


def fixed_mask(instance: Instance) -> Bools:
    """(n, m) the fixed pairs."""
    mask = np.zeros(instance.values.shape, np.bool_)
    for pair in instance.fixed:
        mask[pair] = True
    return mask


def simple_bound(instance: Instance) -> float:
    """No plan is worth more: each side alone takes its best pairs, the other side ignored."""
    worth = np.where(instance.allowed, instance.values, 0.0)
    total = worth.size if instance.total is None else instance.total
    return min(
        _best_sum(worth, instance.askers.at_most),
        _best_sum(worth.T, instance.targets.at_most),
        _best_sum(worth.reshape(1, -1), np.array([total])),
    )


def _best_sum(worth: Floats, at_most: Ints) -> float:
    """Sum of the best pairs of each row, as many as it may have."""
    ranked = -np.sort(-worth, axis=1)
    return float(ranked[np.arange(worth.shape[1]) < at_most[:, None]].sum())


def _wishes(instance: Instance, floors: Floats | None) -> list[_Wish]:
    """One missing pair must cost more than any exchange of pairs can win.

    Two plans differ by paths that visit each cluster once, so that an exchange wins less than
    `size` times the largest value, and less than `size` floors.
    """
    size = min(instance.values.shape) + 2
    if instance.total is not None:
        size *= 2  # what is won on one path may be paid for on another
    step = size * float(instance.values.max(initial=1e-9))
    price = step if floors is None else step * (size + 1)
    wishes = [
        _Wish(side, limits.at_least.astype(np.float64), None, price)
        for side, limits in instance.sides
        if limits.at_least.any()
    ]
    if floors is not None:
        usable = instance.values >= floors[:, None]
        wishes.append(_Wish("asker", (floors > 0).astype(np.float64), usable, step))
    return wishes


def _rows(
    instance: Instance,
    i: NDArray[np.intp],
    j: NDArray[np.intp],
    wishes: list[_Wish],
) -> tuple[csr_array, Floats]:
    """Rows ``A x <= b``: "at most" of both sides and of all, then one row for each wish."""
    n, m = instance.values.shape
    pairs, ones = np.arange(len(i)), np.ones(len(i))
    of_side = {
        "asker": csr_array((ones, (i, pairs)), shape=(n, len(i))),
        "target": csr_array((ones, (j, pairs)), shape=(m, len(i))),
    }
    limits = [*of_side.values()]
    right: list[NDArray[Any]] = [instance.askers.at_most, instance.targets.at_most]
    if instance.total is not None:
        limits.append(csr_array(ones[None, :]))
        right.append(np.array([instance.total]))
    wished = [csr_array((0, len(i)))]
    for wish in wishes:
        rows = np.flatnonzero(wish.wanted > 0)
        block = of_side[wish.side][rows]
        if wish.usable is not None:
            block = block.multiply(wish.usable[i, j].astype(float)[None, :])
        wished.append(block)
        right.append(-wish.wanted[rows])
    served = vstack(wished)
    missing = eye_array(served.shape[0])
    table = block_array(cast(Any, [[vstack(limits), None], [-served, -missing]]))
    return csr_array(table), np.concatenate(right).astype(float)
