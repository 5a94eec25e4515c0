"""The order of the aims, and mixed-integer programs solved one aim after the other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matcher.events.scheduler.instance import Instance

_EMERGENCY = 10.0
_PROVEN = 0
_SLACK = 1e-3


class Levels(NamedTuple):
    """What a set of meetings achieves; of two, the greater is the better (compare as tuples).

    Attributes
    ----------
    served
        Minus the number of meetings that participants lack to their minimum.
    musts
        Must-meet wishes that are honoured.
    value
        Total mutual value, in thousandths.
    """

    served: int
    musts: int
    value: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much work may be spent. Work is counted, not timed, so that load changes no answer.

    Attributes
    ----------
    nodes
        Branch-and-bound nodes of each integer model.
    steps
        Steps of the local search for idle gaps.
    windows
        Windows of slots that are solved anew in the search for a better choice.
    seconds
        The time that this work takes on an ordinary two-core machine.
    """

    nodes: int
    steps: int
    windows: int
    seconds: float

    @classmethod
    def of(cls, seconds: float) -> "Limits":
        """Work worth about `seconds` on an ordinary two-core machine."""
        return cls(
            nodes=max(1, int(60 * seconds)),
            steps=int(100_000 * seconds),
            windows=int(seconds),
            seconds=seconds,
        )


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A 0/1 choice of columns, followed by the shortfall of each participant.

    Attributes
    ----------
    candidates
        Candidate number that each 0/1 column stands for.
    matrix, upper
        ``matrix @ columns <= upper``.
    taken
        Columns that are set by hand.
    whole
        Whether columns are 0 or 1; else anything between, which is quick and still a bound.
    """

    candidates: Sequence[int]
    matrix: csr_array
    upper: NDArray[np.float64]
    taken: Collection[int]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """Result of a model.

    Attributes
    ----------
    columns
        Chosen columns, or ``None`` where none were found within the limits.
    bound
        No choice does better, level by level (each given those before it).
    """

    columns: tuple[int, ...] | None
    bound: tuple[int, ...]


def achieved(instance: Instance, meetings: Collection[int]) -> Levels:
    """Levels that a set of candidates achieves."""
    held = [instance.candidates[number] for number in meetings]
    load = zip(instance.minimum, instance.load(meetings), strict=True)
    lacking = sum(max(0, least - count) for least, count in load)
    return Levels(-lacking, sum(one.musts for one in held), sum(one.value for one in held))


def value_gap(levels: Levels, bound: Levels) -> float:
    """Share of the value bound that is not reached, in [0, 1]."""
    return 1 - levels.value / bound.value if bound.value > 0 else 0.0


def solve(
    instance: Instance,
    model: LinearModel,
    limits: Limits,
    *,
    held: Sequence[int] = (),
    aims: Sequence[NDArray[np.float64]] | None = None,
) -> Answer:
    """Find the lexicographically best choice: served, then musts, then value.

    Each aim is one run of HiGHS, after which it is held at the level reached. HiGHS on one
    thread with a limit on nodes gives the same answer however busy the machine is; the clock
    stops only a run that takes ten times its due.

    Parameters
    ----------
    held
        Levels to hold from the start, the first aims first, instead of solving for them.
    aims
        Other aims, as weights of the columns and of each participant's shortfall.
    """
    size = len(model.candidates)
    rows = [
        LinearConstraint(model.matrix, -np.inf, model.upper),
        LinearConstraint(
            _demand(instance, model.candidates), np.array(instance.minimum, float), np.inf
        ),
    ]
    chosen: NDArray[np.float64] | None = None
    bounds = list(held)
    for number, aim in enumerate(aims or _aims(instance, model.candidates)):
        level = held[number] if number < len(held) else None
        if level is None:
            chosen, bound = _run(instance, model, rows, aim, limits)
            bounds.append(bound)
            level = bound
            if chosen is not None and model.whole:
                level = round(float(aim @ chosen))
        rows.append(LinearConstraint(csr_array(aim[None, :]), level - 1e-6, np.inf))
    columns = None if chosen is None else tuple(np.flatnonzero(chosen[:size] > 0.5).tolist())
    return Answer(columns, tuple(bounds))


def _run(
    instance: Instance,
    model: LinearModel,
    rows: Sequence[LinearConstraint],
    aim: NDArray[np.float64],
    limits: Limits,
) -> tuple[NDArray[np.float64] | None, int]:
    """Solve one aim: the best point found, and a bound on what any point can reach."""
    size, people = len(model.candidates), len(instance.ids)
    lower = np.zeros(size + people)
    lower[list(model.taken)] = 1
    upper = np.concatenate([np.ones(size), np.array(instance.minimum, float)])
    result = milp(
        -aim,
        constraints=rows,
        bounds=Bounds(lower, upper),
        integrality=np.concatenate([np.full(size, float(model.whole)), np.zeros(people)]),
        options={
            "node_limit": limits.nodes,
            "time_limit": _EMERGENCY * limits.seconds,
            "mip_rel_gap": 0.0,
        },
    )
    if result.status == _PROVEN and result.x is not None:
        return result.x, floor(float(aim @ result.x) + _SLACK)
    ceiling = float(aim[aim > 0].sum())
    dual = ceiling if result.mip_dual_bound is None else min(ceiling, -result.mip_dual_bound)
    return result.x, floor(dual + _SLACK)


def _aims(instance: Instance, candidates: Sequence[int]) -> list[NDArray[np.float64]]:
    musts = [instance.candidates[k].musts for k in candidates]
    value = [instance.candidates[k].value for k in candidates]
    nothing, lacking = np.zeros(len(instance.ids)), -np.ones(len(instance.ids))
    return [
        np.concatenate([np.zeros(len(candidates)), lacking]),
        np.concatenate([np.array(musts, float), nothing]),
        np.concatenate([np.array(value, float), nothing]),
    ]


def _demand(instance: Instance, candidates: Sequence[int]) -> csr_array:
    """One row a participant: its meetings and its shortfall together reach the minimum."""
    n, m = len(candidates), len(instance.ids)
    rows = [end for k in candidates for end in instance.candidates[k].ends] + list(range(m))
    columns = [column for column in range(n) for _ in range(2)] + list(range(n, n + m))
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(m, n + m))
