"""Programme plans: value beside the bound, greedy and the naive lists; expected matches; time.

Two kinds of instances. "demo 30 x 20" and "300 x 700" are drawn: log-odds of a fit come from four
shared latent tastes, the popularity of each target and noise, so that some targets are wanted by
many. "shipped" is the real case: all public clusters of the Eastern Partnership against all of
the EU, scored by the ranking.
Run with ``python -m benchmarks.plan``; time is that of the processor, so that other work on the
machine does not count.
"""

from time import process_time

import numpy as np

from matcher.config import get_settings
from matcher.matcher import Matcher
from matcher.planning.exposure import exposure_report, naive_lists, spread
from matcher.planning.plan import PlanRequest, participants
from matcher.planning.rules import Exclusions, documented, pair_rules
from matcher.planning.solver.greedy import greedy_matching
from matcher.planning.solver.instance import Instance, Limits, PairFits
from matcher.planning.solver.planner import OBJECTIVES, make_plan

SECONDS = 25.0
HEADING = (
    f"{'instance':16}{'plan':12}{'method':9}{'pairs':>6}{'value':>9}{'bound':>9}"
    f"{'gap':>7}{'E[match]':>10}{'none a/b':>11}{'gini b':>8}{'most':>6}{'cpu s':>7}"
)


def drawn_fits(n: int, m: int, seed: int) -> PairFits:
    rng = np.random.default_rng(seed)
    taste = 0.6 * rng.normal(size=(n, 4)) @ rng.normal(size=(4, m)) - 1
    for_askers = _logistic(taste + rng.normal(size=m) + 0.5 * rng.normal(size=(n, m)))
    for_targets = _logistic(taste + rng.normal(size=(n, 1)) + 0.5 * rng.normal(size=(n, m)))
    return PairFits(np.sqrt(for_askers * for_targets), for_askers, for_targets)


def drawn(
    n: int, m: int, askers: tuple[int, int], targets: tuple[int, int]
) -> tuple[Instance, PairFits]:
    fits = drawn_fits(n, m, seed=1)
    known = np.random.default_rng(2).random((n, m)) < 0.02
    limits = [
        Limits.same(count, at_least=low, at_most=high)
        for count, (low, high) in ((n, askers), (m, targets))
    ]
    return Instance(fits.value, limits[0], limits[1], {"known link": known}), fits


def shipped() -> tuple[Instance, PairFits]:
    with Matcher.open(get_settings()) as matcher:
        sides = participants(matcher.clusters, PlanRequest())
        pairs = matcher.pair_scores(*([one.id for one in side] for side in sides))
        fits = PairFits(pairs.score, pairs.fit_for_asker, pairs.fit_for_partner)
        known = Exclusions(known=documented(matcher.links, sides[0]))
        rules = pair_rules(sides, known, ())
    limits = Limits.same(len(sides[0]), at_most=3), Limits.same(len(sides[1]), at_most=2)
    return Instance(fits.value, *limits, rules), fits


def report(name: str, problem: Instance, fits: PairFits) -> None:
    bound = 0.0
    for objective in OBJECTIVES:
        start = process_time()
        plan = make_plan(problem, objective, time_limit=SECONDS)
        seconds = process_time() - start
        bound = bound or plan.bound
        seen = exposure_report(problem, plan, fits.for_askers, fits.for_targets).plan
        row(name, objective, plan.method, plan.total_value, seen, seconds, plan.bound)
    start = process_time()
    pairs = greedy_matching(problem)
    for way, chosen in (("greedy", pairs), ("naive lists", naive_lists(problem, fits.for_askers))):
        value = float(sum(problem.values[pair] for pair in chosen))
        seen = spread(problem, chosen, fits.for_askers, fits.for_targets)
        proven = bound if way == "greedy" else np.nan
        row(name, way, "", value, seen, process_time() - start, proven)


def row(name, way, method, value, seen, seconds, bound):
    none = f"{1 - seen.asker_coverage:.0%}/{1 - seen.target_coverage:.0%}"
    most = seen.most_asked[0][1] if seen.most_asked else 0
    print(
        f"{name:16}{way:12}{method:9}{seen.introductions:6}{value:9.2f}{bound:9.2f}"
        f"{1 - value / bound:7.2%}{seen.expected_matches:10.2f}{none:>11}{seen.target_gini:8.3f}"
        f"{most:6}{seconds:7.1f}"
    )


def _logistic(logit):
    return 1 / (1 + np.exp(-logit))


def main() -> None:
    print(HEADING)
    report("demo 30 x 20", *drawn(30, 20, (0, 2), (0, 3)))
    report("shipped", *shipped())
    report("300 x 700", *drawn(300, 700, (1, 5), (1, 3)))


if __name__ == "__main__":
    main()
