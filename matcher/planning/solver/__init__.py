"""The best pairs under limits and rules: the one door to the planner's algorithms."""

from matcher.planning.solver.assignment import best_matching, simple_bound
from matcher.planning.solver.greedy import greedy_matching
from matcher.planning.solver.instance import (
    Bools,
    Floats,
    Instance,
    Ints,
    Limits,
    Pair,
    PairFits,
    Side,
    count_pairs,
)
from matcher.planning.solver.planner import (
    DEFAULT_TIME_LIMIT,
    OBJECTIVES,
    Method,
    Objective,
    Plan,
    Progress,
    make_plan,
)
from matcher.planning.solver.whynot import WhyNot, why_not

__all__ = [
    "DEFAULT_TIME_LIMIT",
    "OBJECTIVES",
    "Bools",
    "Floats",
    "Instance",
    "Ints",
    "Limits",
    "Method",
    "Objective",
    "Pair",
    "PairFits",
    "Plan",
    "Progress",
    "Side",
    "WhyNot",
    "best_matching",
    "count_pairs",
    "greedy_matching",
    "make_plan",
    "simple_bound",
    "why_not",
]
