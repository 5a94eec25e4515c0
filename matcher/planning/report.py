"""`PlanReport`: a programme in plain values, as the command line and the API give it out."""

from dataclasses import dataclass

from matcher.i18n.message import Message
from matcher.planning.exposure import Exposure
from matcher.planning.programme import Programme
from matcher.planning.solver.instance import Side
from matcher.planning.solver.planner import Method, Objective
from matcher.profiles.profile import ClusterProfile


@dataclass(frozen=True, slots=True)
class ClusterRef:
    """A cluster by id, name and country."""

    id: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class PlannedPair:
    """An introduction to make; value and fits are in [0, 1]."""

    a: ClusterRef
    b: ClusterRef
    value: float
    fit_for_a: float
    fit_for_b: float


@dataclass(frozen=True, slots=True)
class TooFew:
    """A cluster that gets fewer introductions than was asked for at least, and why."""

    cluster: ClusterRef
    side: Side
    wanted: int
    got: int
    reason: Message


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cluster without any introduction, and why."""

    cluster: ClusterRef
    side: Side
    reason: Message


@dataclass(frozen=True, slots=True)
class Asked:
    """A cluster of the other side, and how many introductions it gets."""

    cluster: ClusterRef
    times: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How a set of introductions is spread; fields as in `Exposure`."""

    introductions: int
    expected_matches: float
    asker_coverage: float
    target_coverage: float
    asker_gini: float
    target_gini: float
    over_capacity: int
    most_asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A plan with its exposure report.

    Attributes
    ----------
    objective, method, total_value
        As in `Plan`.
    score
        The total value again, which readers of earlier versions look for.
    bound, gap
        The most that any plan can reach, and how far that may be, as a share of it.
    introductions
        The pairs, the most valuable first.
    too_few
        Wishes for at least so many that cannot be met.
    spread, naive
        The plan, beside the lists that each asker would get by itself.
    left_out
        Who gets no introduction.
    """

    objective: Objective
    method: Method
    total_value: float
    score: float
    bound: float
    gap: float
    introductions: tuple[PlannedPair, ...]
    too_few: tuple[TooFew, ...]
    spread: Spread
    naive: Spread
    left_out: tuple[LeftOut, ...]


def plan_report(programme: Programme) -> PlanReport:
    """Put a programme and its exposure report into plain values."""
    plan, exposure = programme.plan, programme.exposure()
    return PlanReport(
        objective=plan.objective,
        method=plan.method,
        total_value=plan.total_value,
        score=plan.total_value,
        bound=plan.bound,
        gap=plan.gap,
        introductions=_pairs(programme),
        too_few=tuple(
            TooFew(_at(programme, one.side, one.place), one.side, one.wanted, one.got, one.reason)
            for one in plan.shortfalls
        ),
        spread=_spread(programme, exposure.plan),
        naive=_spread(programme, exposure.naive),
        left_out=tuple(
            LeftOut(_at(programme, one.side, one.place), one.side, one.reason)
            for one in exposure.unserved
        ),
    )


def _pairs(programme: Programme) -> tuple[PlannedPair, ...]:
    return tuple(
        PlannedPair(_ref(pair.a), _ref(pair.b), pair.value, pair.fit_for_a, pair.fit_for_b)
        for pair in programme.introductions
    )


def _spread(programme: Programme, exposure: Exposure) -> Spread:
    return Spread(
        introductions=exposure.introductions,
        expected_matches=exposure.expected_matches,
        asker_coverage=exposure.asker_coverage,
        target_coverage=exposure.target_coverage,
        asker_gini=exposure.asker_gini,
        target_gini=exposure.target_gini,
        over_capacity=exposure.over_capacity,
        most_asked=tuple(
            Asked(_at(programme, "target", place), times) for place, times in exposure.most_asked
        ),
    )


def _at(programme: Programme, side: Side, place: int) -> ClusterRef:
    return _ref(programme.cluster(side, place))


def _ref(cluster: ClusterProfile) -> ClusterRef:
    return ClusterRef(cluster.id, cluster.name, cluster.country)
