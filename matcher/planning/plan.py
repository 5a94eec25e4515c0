"""A plan of introductions: from clusters and wishes to a plan in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from matcher.errors import FieldProblem, InvalidInputError
from matcher.frames import pandas
from matcher.i18n.message import Message
from matcher.planning.exposure import ExposureReport, exposure_report
from matcher.planning.named import Named
from matcher.planning.rules import Exclusions, pair_rules
from matcher.planning.solver.greedy import greedy_matching
from matcher.planning.solver.instance import Instance, Limits, Pair, PairFits, Side
from matcher.planning.solver.planner import DEFAULT_TIME_LIMIT, Objective, Plan, Progress, make_plan
from matcher.planning.solver.whynot import WhyNot, why_not
from matcher.profiles.profile import ClusterProfile, Intent
from matcher.profiles.taxonomy import CountryGroup

if TYPE_CHECKING:
    import pandas as pd

Places = Annotated[int, Field(strict=True, ge=0, le=1000)]
ClusterPair = tuple[str, str]
_SAME = 5e-4
_NAMED = 3
_BELOW = Message("worth less than the least value of the programme")
MOST_NAMED = 5000
"""Clusters or pairs that one wish may name; more are planned as the whole side."""

Ids = Annotated[tuple[str, ...], Field(max_length=MOST_NAMED)]
IdPairs = Annotated[tuple[ClusterPair, ...], Field(max_length=MOST_NAMED)]


class SideLimits(BaseModel):
    """How many introductions the clusters of one side get, with exceptions by id.

    A cluster whose profile states a capacity never gets more than that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_least: Places = 0
    at_most: Places = 3
    exceptions: dict[str, tuple[Places, Places]] = Field(
        default_factory=dict, max_length=MOST_NAMED, description="Id -> (at least, at most)."
    )

    def of(self, clusters: Sequence[ClusterProfile]) -> Limits:
        """Limits of these clusters, in their order."""
        pairs = [self._limit(cluster) for cluster in clusters]
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return Limits(table[:, 0], table[:, 1])

    def _limit(self, cluster: ClusterProfile) -> tuple[int, int]:
        at_least, at_most = self.exceptions.get(cluster.id, (self.at_least, self.at_most))
        if cluster.capacity is None:
            return at_least, at_most
        return min(at_least, cluster.capacity), min(at_most, cluster.capacity)


class PlanRequest(BaseModel):
    """Whom to bring together, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    askers: Ids = Field(
        default=(), description="Ids of one side; all public clusters of the EaP when empty."
    )
    targets: Ids = Field(
        default=(), description="Ids of the other side; all public clusters of the EU when empty."
    )
    asker_limits: SideLimits = SideLimits()
    target_limits: SideLimits = SideLimits()
    fixed: IdPairs = Field(default=(), description="Pairs (asker, target) to keep.")
    never: IdPairs = Field(default=(), description="Pairs to leave out.")
    total: int | None = Field(
        default=None, ge=1, le=MOST_NAMED, description="Introductions of the programme at most."
    )
    least_value: float = Field(
        default=0,
        ge=0,
        le=1,
        description="Value below which a pair is planned only if it is fixed.",
    )
    allow_known: bool = Field(
        default=False, description="Also introduce clusters with a documented partnership."
    )
    intent: Intent | None = Field(default=None, description="What the introductions are for.")
    objective: Objective = Field(default="total", description="What to maximise.")
    time_limit: float = Field(
        default=DEFAULT_TIME_LIMIT,
        gt=0,
        le=600,
        description="Work to spend, in seconds of an ordinary two-core machine.",
    )


@dataclass(frozen=True, slots=True)
class PlannedIntroduction:
    """One pair of a plan; value and fits are in [0, 1]."""

    a: Named
    b: Named
    value: float
    fit_for_a: float
    fit_for_b: float


@dataclass(frozen=True)
class IntroductionPlan:
    """A plan with the clusters it is about.

    Attributes
    ----------
    request
        What was asked for.
    askers, targets
        The two sides; rows and columns of everything in `instance` and `plan`.
    fits
        Values and directed fits of all pairs.
    instance, plan
        The planning problem and its answer.
    """

    request: PlanRequest
    askers: tuple[ClusterProfile, ...]
    targets: tuple[ClusterProfile, ...]
    fits: PairFits
    instance: Instance
    plan: Plan

    @property
    def introductions(self) -> tuple[PlannedIntroduction, ...]:
        """The pairs to introduce, the most valuable first."""
        return self._introductions(self.plan.pairs)

    @property
    def below(self) -> tuple[PlannedIntroduction, ...]:
        """Pairs that would fill up the programme, but for the least value; the best first."""
        rules = {name: mask for name, mask in self.instance.rules.items() if name != _BELOW}
        if len(rules) == len(self.instance.rules):
            return ()
        filled = greedy_matching(replace(self.instance, rules=rules, fixed=self.plan.pairs))
        return self._introductions(set(filled) - set(self.plan.pairs))

    def _introductions(self, chosen: Iterable[Pair]) -> tuple[PlannedIntroduction, ...]:
        pairs = sorted(chosen, key=lambda pair: (-self.fits.value[pair], pair))
        return tuple(
            PlannedIntroduction(
                Named.of(self.askers[i]),
                Named.of(self.targets[j]),
                float(self.fits.value[i, j]),
                float(self.fits.for_askers[i, j]),
                float(self.fits.for_targets[i, j]),
            )
            for i, j in pairs
        )

    def to_frame(self) -> "pd.DataFrame":
        """One row an introduction, the most valuable first."""
        columns = ["asker", "asker_name", "target", "target_name", "value", "fit_for_asker"]
        rows = [
            (i.a.id, i.a.name, i.b.id, i.b.name, i.value, i.fit_for_a, i.fit_for_b)
            for i in self.introductions
        ]
        frame: pd.DataFrame = pandas().DataFrame(rows, columns=[*columns, "fit_for_target"])
        return frame

    def exposure(self) -> ExposureReport:
        """Who gets how much, beside the naive lists."""
        return exposure_report(
            self.instance, self.plan, self.fits.for_askers, self.fits.for_targets
        )

    def cluster(self, side: Side, index: int) -> ClusterProfile:
        """Find the cluster that a report means by side and place."""
        return (self.askers if side == "asker" else self.targets)[index]

    def why_not(self, a: str, b: str) -> tuple[Message, ...]:
        """Say in sentences why asker `a` is not introduced to target `b`.

        Raises
        ------
        InvalidInputError
            One of them does not take part.
        """
        pair = (_place(self.askers, a, "askers"), _place(self.targets, b, "targets"))
        limit = self.request.time_limit
        return self._sentences(why_not(self.instance, self.plan, pair, time_limit=limit))

    def _sentences(self, answer: WhyNot) -> tuple[Message, ...]:
        a, b = self.askers[answer.pair[0]].name, self.targets[answer.pair[1]].name
        if answer.planned:
            return (Message("{a} and {b} are in the plan.", a=a, b=b),)
        if answer.rules:
            return (Message("{a} and {b} are ruled out: {rules}.", a=a, b=b, rules=answer.rules),)
        lines = [
            Message("The pair is allowed; its value is {value:.2f}.", value=answer.value),
            self._full(a, "asker", answer),
            self._full(b, "target", answer),
        ]
        return (*filter(None, lines), *self._price(answer))

    def _full(self, name: str, side: Side, answer: WhyNot) -> Message | None:
        """Who holds the places of a side that is full."""
        held = [pair for full, pair in answer.held if full == side]
        if not held:
            return None
        partners = tuple(self._partner(side, pair) for pair in held[:_NAMED])
        if len(held) > _NAMED:
            partners += (Message("others"),)
        return Message(
            "{name} has reached its limit of {count} and is to meet {partners}.",
            name=name,
            count=len(held),
            partners=partners,
        )

    def _price(self, answer: WhyNot) -> tuple[Message, ...]:
        if answer.loss is None:
            return (Message("The planner ran out of time before it found what this would cost."),)
        if answer.breaks_wish:
            last = Message('It would leave an "at least", or a promise to the worst-off, unmet.')
        elif answer.loss < -_SAME:
            last = Message(
                "The plan forgoes {loss:.3f} of total value for a fairer spread.",
                loss=-answer.loss,
            )
        elif answer.loss < _SAME:
            last = Message(
                "A plan with this pair would be just as good; the planner had to choose one."
            )
        else:
            last = Message("With it, the best plan is worth {loss:.3f} less.", loss=answer.loss)
        gone = tuple(self._pair(pair) for pair in answer.dropped[:_NAMED])
        new = tuple(self._pair(pair) for pair in answer.added[:_NAMED])
        dropped = Message("It would replace {pairs}.", pairs=gone) if gone else None
        added = Message("In return, the plan would gain {pairs}.", pairs=new) if new else None
        return tuple(line for line in (dropped, added, last) if line)

    def _partner(self, side: Side, pair: tuple[int, int]) -> Message:
        partner = self.targets[pair[1]] if side == "asker" else self.askers[pair[0]]
        return Message(
            "{name} ({value:.2f})", name=partner.name, value=float(self.fits.value[pair])
        )

    def _pair(self, pair: tuple[int, int]) -> Message:
        return Message(
            "{a} – {b} ({value:.2f})",
            a=self.askers[pair[0]].name,
            b=self.targets[pair[1]].name,
            value=float(self.fits.value[pair]),
        )


def participants(
    clusters: Sequence[ClusterProfile], request: PlanRequest
) -> tuple[tuple[ClusterProfile, ...], tuple[ClusterProfile, ...]]:
    """Find the clusters of both sides, sorted by id.

    Raises
    ------
    InvalidInputError
        Ids that no cluster has; each is named.
    """
    known = {cluster.id for cluster in clusters}
    named = {
        "askers": request.askers,
        "targets": request.targets,
        "asker_limits.exceptions": tuple(request.asker_limits.exceptions),
        "target_limits.exceptions": tuple(request.target_limits.exceptions),
    }
    faults = [
        FieldProblem(where, f"no cluster has the id {key!r}")
        for where, keys in named.items()
        for key in keys
        if key not in known
    ]
    if faults:
        raise InvalidInputError("Some participants are unknown.", faults)
    return _side(clusters, request.askers, "EaP"), _side(clusters, request.targets, "EU")


def _side(
    clusters: Sequence[ClusterProfile], ids: tuple[str, ...], group: CountryGroup
) -> tuple[ClusterProfile, ...]:
    chosen = [
        cluster
        for cluster in clusters
        if (cluster.id in ids if ids else cluster.group == group and cluster.visibility == "public")
    ]
    return tuple(sorted(chosen, key=lambda cluster: cluster.id))


def plan_introductions(
    request: PlanRequest,
    sides: tuple[tuple[ClusterProfile, ...], tuple[ClusterProfile, ...]],
    fits: PairFits,
    exclusions: Exclusions,
    *,
    progress: Progress | None = None,
) -> IntroductionPlan:
    """Choose the introductions to make.

    Parameters
    ----------
    request
        Limits, fixed and forbidden pairs, objective.
    sides
        Askers and targets, as `participants` found them.
    fits
        Values of all pairs, rows and columns as in `sides`.
    exclusions
        What else rules pairs out: documented links, refusals, introductions under way.
    progress
        Called with (steps done, steps in all).

    Raises
    ------
    InvalidInputError
        Wishes that contradict each other.
    """
    askers, targets = sides
    fixed = tuple(
        (_place(askers, a, "fixed"), _place(targets, b, "fixed")) for a, b in request.fixed
    )
    kept = (
        frozenset() if request.allow_known else exclusions.known - {*map(frozenset, request.fixed)}
    )
    rules = dict(pair_rules(sides, replace(exclusions, known=kept), request.never))
    if request.least_value:
        rules[_BELOW] = fits.value < request.least_value
        for pair in fixed:
            rules[_BELOW][pair] = False
    instance = Instance(
        fits.value,
        request.asker_limits.of(askers),
        request.target_limits.of(targets),
        rules,
        fixed,
        request.total,
    )
    plan = make_plan(instance, request.objective, time_limit=request.time_limit, progress=progress)
    return IntroductionPlan(request, askers, targets, fits, instance, plan)


def _place(clusters: Sequence[ClusterProfile], key: str, where: str) -> int:
    for index, cluster in enumerate(clusters):
        if cluster.id == key:
            return index
    raise InvalidInputError(
        f"{key} is not among the participants of that side.",
        [FieldProblem(where, f"unknown id {key!r}")],
    )
