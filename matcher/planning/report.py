"""`PlanReport`: a plan in plain values, as the command line and the API give it out."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from matcher.i18n.message import Message
from matcher.planning.exposure import Exposure
from matcher.planning.plan import IntroductionPlan, PlannedIntroduction
from matcher.planning.solver import Method, Objective, Side
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
    below
        Pairs that would fill up the programme, but are worth less than its least value.
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
    below: tuple[PlannedPair, ...]


def plan_report(plan: IntroductionPlan) -> PlanReport:
    """Put a plan and its exposure report into plain values."""
    found, exposure = plan.plan, plan.exposure()
    return PlanReport(
        objective=found.objective,
        method=found.method,
        total_value=found.total_value,
        score=found.total_value,
        bound=found.bound,
        gap=found.gap,
        introductions=_pairs(plan.introductions),
        too_few=tuple(
            TooFew(_at(plan, one.side, one.index), one.side, one.wanted, one.got, one.reason)
            for one in found.shortfalls
        ),
        spread=_spread(plan, exposure.plan),
        naive=_spread(plan, exposure.naive),
        left_out=tuple(
            LeftOut(_at(plan, one.side, one.index), one.side, one.reason)
            for one in exposure.unserved
        ),
        below=_pairs(plan.below),
    )


def _pairs(found: Iterable[PlannedIntroduction]) -> tuple[PlannedPair, ...]:
    return tuple(
        PlannedPair(_ref(pair.a), _ref(pair.b), pair.value, pair.fit_for_a, pair.fit_for_b)
        for pair in found
    )


def _spread(plan: IntroductionPlan, exposure: Exposure) -> Spread:
    most = (Asked(_at(plan, "target", index), times) for index, times in exposure.most_asked)
    return Spread(**{**asdict(exposure), "most_asked": tuple(most)})


def _at(plan: IntroductionPlan, side: Side, index: int) -> ClusterRef:
    return _ref(plan.cluster(side, index))


def _ref(cluster: ClusterProfile) -> ClusterRef:
    return ClusterRef(cluster.id, cluster.name, cluster.country)
