"""`PlanReport`: a plan in plain values, as the command line and the API give it out."""

from dataclasses import asdict, dataclass

from matcher.i18n.message import Message
from matcher.planning.exposure import Exposure
from matcher.planning.named import Named
from matcher.planning.plan import IntroductionPlan, PlannedIntroduction
from matcher.planning.solver.instance import Side
from matcher.planning.solver.planner import Method, Objective


@dataclass(frozen=True, slots=True)
class TooFew:
    """A cluster that gets fewer introductions than was asked for at least, and why."""

    cluster: Named
    side: Side
    wanted: int
    got: int
    reason: Message


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cluster without any introduction, and why."""

    cluster: Named
    side: Side
    reason: Message


@dataclass(frozen=True, slots=True)
class Asked:
    """A cluster of the other side, and how many introductions it gets."""

    cluster: Named
    times: int


Spread = Exposure[Asked]
"""How a set of introductions is spread among clusters."""


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
    introductions: tuple[PlannedIntroduction, ...]
    too_few: tuple[TooFew, ...]
    spread: Spread
    naive: Spread
    left_out: tuple[LeftOut, ...]
    below: tuple[PlannedIntroduction, ...]


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
        introductions=plan.introductions,
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
        below=plan.below,
    )


def _spread(plan: IntroductionPlan, exposure: Exposure[tuple[int, int]]) -> Spread:
    most = (Asked(_at(plan, "target", index), times) for index, times in exposure.most_asked)
    return Exposure(**{**asdict(exposure), "most_asked": tuple(most)})


def _at(plan: IntroductionPlan, side: Side, index: int) -> Named:
    return Named.of(plan.cluster(side, index))
