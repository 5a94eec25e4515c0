from dataclasses import replace
from itertools import combinations, count, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher.errors import InvalidInputError
from matcher.planning.solver.assignment import best_matching, simple_bound
from matcher.planning.solver.greedy import greedy_matching
from matcher.planning.solver.instance import Instance, Limits, count_pairs
from matcher.planning.solver.planner import OBJECTIVES, make_plan


@st.composite
def problems(draw, most=5, wishes=True):
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    high_a, high_t = rng.integers(0, 4, n), rng.integers(0, 4, m)
    low_a = rng.integers(0, high_a + 1) if wishes else np.zeros(n, np.int64)
    low_t = rng.integers(0, high_t + 1) if wishes else np.zeros(m, np.int64)
    return Instance(
        rng.random((n, m)),
        Limits(low_a, high_a),
        Limits(low_t, high_t),
        {"known link": rng.random((n, m)) < 0.3, "same country": rng.random((n, m)) < 0.1},
    )


def missed(problem, pairs):
    counts = count_pairs(pairs, problem.values.shape)
    return sum(
        int(np.maximum(limits.at_least - count, 0).sum())
        for limits, count in zip((problem.askers, problem.targets), counts, strict=True)
    )


def total(problem, pairs):
    return sum(problem.values[pair] for pair in pairs)


def assert_within_limits(problem, pairs):
    asker_counts, target_counts = count_pairs(pairs, problem.values.shape)
    assert (asker_counts <= problem.askers.at_most).all()
    assert (target_counts <= problem.targets.at_most).all()
    assert all(problem.allowed[pair] for pair in pairs)
    assert len(set(pairs)) == len(pairs)
    assert set(problem.fixed) <= set(pairs)


@given(problems(), st.sampled_from(OBJECTIVES))
def test_no_plan_breaks_a_rule_or_a_limit(problem, objective):
    plan = make_plan(problem, objective)
    assert_within_limits(problem, plan.pairs)
    assert_within_limits(problem, greedy_matching(problem))
    assert plan.total_value <= plan.bound + 1e-9


def worth(problem, objective, pairs):
    """What the objective compares: of two plans the greater is the better."""
    if objective == "worst-off":
        return (*sorted(best_of_each(problem, pairs)), total(problem, pairs))
    return (total(problem, pairs),)


@given(problems(), st.sampled_from(OBJECTIVES))
def test_plan_is_never_below_greedy(problem, objective):
    plan, greedy = make_plan(problem, objective), greedy_matching(problem)
    assert missed(problem, plan.pairs) <= missed(problem, greedy)
    if missed(problem, plan.pairs) < missed(problem, greedy):
        return
    assert broken(problem, plan, plan.pairs) <= broken(problem, plan, greedy)
    if not broken(problem, plan, plan.pairs):
        reached, by_hand = (worth(problem, objective, p) for p in (plan.pairs, greedy))
        assert reached >= by_hand or reached == pytest.approx(by_hand)


def broken(problem, plan, pairs):
    """How many promises of the plan the pairs do not keep, where "at least" wishes come first."""
    promised = [0.0] * len(problem.values) if plan.floors is None else plan.floors
    best = best_of_each(problem, pairs)
    return sum(one < floor - 1e-9 for one, floor in zip(best, promised, strict=True))


@given(problems(most=8), st.sampled_from(OBJECTIVES), st.sampled_from([0.0, 0.002, 0.01, 25.0]))
def test_a_busy_machine_changes_no_plan(problem, objective, limit):
    """The plan is cut short by its work alone: a clock that leaps by a day changes nothing."""
    calm = make_plan(problem, objective, time_limit=limit)
    with pytest.MonkeyPatch.context() as patch:
        days = count(step=86_400.0)
        for clock in ("monotonic", "perf_counter", "process_time", "time"):
            patch.setattr(f"time.{clock}", lambda: next(days))
        busy = make_plan(problem, objective, time_limit=limit)
    assert (busy.pairs, busy.method, busy.bound) == (
        calm.pairs,
        calm.method,
        calm.bound,
    )


@given(problems(most=3), st.integers(0, 4), st.sampled_from(OBJECTIVES))
def test_a_programme_has_no_more_than_its_total(problem, most, objective):
    problem = replace(problem, total=most)
    for pairs in (make_plan(problem, objective).pairs, greedy_matching(problem)):
        assert_within_limits(problem, pairs)
        assert len(pairs) <= most
    allowed = [pairs for pairs in every_plan(problem) if len(pairs) <= most]
    best = min((missed(problem, pairs), -total(problem, pairs)) for pairs in allowed)
    plan = make_plan(problem)
    assert (missed(problem, plan.pairs), -plan.total_value) == pytest.approx(best, abs=1e-6)
    assert simple_bound(problem) >= plan.total_value - 1e-9


@given(problems(wishes=False))
def test_total_equals_an_independent_integer_programme(problem):
    n, m = problem.values.shape
    table = np.arange(n * m).reshape(n, m)
    rows = np.zeros((n + m, n * m))
    for i in range(n):
        rows[i, table[i]] = 1
    for j in range(m):
        rows[n + j, table[:, j]] = 1
    answer = milp(
        -problem.values.ravel(),
        constraints=LinearConstraint(
            rows, -np.inf, np.concatenate([problem.askers.at_most, problem.targets.at_most])
        ),
        bounds=Bounds(0, problem.allowed.ravel().astype(float)),
        integrality=np.ones(n * m),
    )
    plan = make_plan(problem)
    assert plan.total_value == pytest.approx(-answer.fun, abs=1e-6)
    assert plan.method == "exact" and plan.gap == 0
    assert simple_bound(problem) >= plan.total_value - 1e-9


def every_plan(problem):
    cells = [tuple(cell) for cell in np.argwhere(problem.allowed).tolist()]
    for size in range(len(cells) + 1):
        for pairs in combinations(cells, size):
            counts = count_pairs(pairs, problem.values.shape)
            if (counts[0] <= problem.askers.at_most).all() and (
                counts[1] <= problem.targets.at_most
            ).all():
                yield pairs


@given(problems(most=3))
def test_wishes_come_before_value(problem):
    best = min((missed(problem, p), -total(problem, p)) for p in every_plan(problem))
    plan = make_plan(problem)
    assert (missed(problem, plan.pairs), -plan.total_value) == pytest.approx(best, abs=1e-6)
    assert sum(s.wanted - s.got for s in plan.shortfalls) == best[0]


def best_of_each(problem, pairs):
    best = [0.0] * len(problem.values)
    for i, j in pairs:
        best[i] = max(best[i], problem.values[i, j])
    return best


@given(problems(most=3, wishes=False))
def test_worst_off_is_the_lexicographic_optimum(problem):
    leximin = max(sorted(best_of_each(problem, pairs)) for pairs in every_plan(problem))
    plan = make_plan(problem, "worst-off")
    assert sorted(best_of_each(problem, plan.pairs)) == pytest.approx(leximin)
    equally_fair = [
        total(problem, pairs)
        for pairs in every_plan(problem)
        if sorted(best_of_each(problem, pairs)) == pytest.approx(leximin)
    ]
    assert plan.total_value == pytest.approx(max(equally_fair))


def test_fairness_lifts_the_asker_whom_the_total_leaves_behind():
    values = np.array([[0.9, 0.6], [0.5, 0.0]])
    problem = Instance(values, Limits.same(2, at_most=1), Limits.same(2, at_most=1))
    assert make_plan(problem).pairs == ((0, 1), (1, 0))
    greedy_wins = Instance(np.array([[0.9, 0.2], [0.5, 0.0]]), problem.askers, problem.targets)
    assert (0, 0) in make_plan(greedy_wins).pairs
    assert make_plan(greedy_wins, "worst-off").pairs == ((0, 1), (1, 0))


def test_fixed_pairs_stay_and_count_against_the_limits():
    values = np.array([[0.1, 0.9], [0.8, 0.7]])
    limits = Limits.same(2, at_most=1)
    for objective in OBJECTIVES:
        plan = make_plan(Instance(values, limits, limits, fixed=((0, 0),)), objective)
        assert plan.pairs == ((0, 0), (1, 1))


def test_the_same_problem_gives_the_same_plan():
    rng = np.random.default_rng(3)
    values = np.round(rng.random((30, 40)), 1)
    for objective in OBJECTIVES:
        first, second = (
            make_plan(
                Instance(values.copy(), Limits.same(30, at_most=3), Limits.same(40, at_most=2)),
                objective,
            )
            for _ in range(2)
        )
        assert first.pairs == second.pairs


def test_unmet_wishes_are_explained():
    values = np.full((3, 2), 0.5)
    known = np.zeros((3, 2), np.bool_)
    known[0] = True
    problem = Instance(
        values,
        Limits(np.array([1, 1, 1]), np.array([2, 2, 2])),
        Limits.same(2, at_most=1),
        {"known link": known},
    )
    plan = make_plan(problem)
    assert [(s.side, s.index, s.got) for s in plan.shortfalls] == [("asker", 0, 0)]
    assert "ruled out: 2 by the rule: known link" in str(plan.shortfalls[0].reason)
    crowded = Instance(values, problem.askers, Limits.same(2, at_most=1))
    assert "just as hard to meet" in str(make_plan(crowded).shortfalls[0].reason)


def test_spent_work_falls_back_to_greedy_with_a_bound():
    rng = np.random.default_rng(5)
    problem = Instance(
        rng.random((120, 160)), Limits.same(120, at_most=4), Limits.same(160, at_most=3)
    )
    assert best_matching(problem, 0) is None
    plan = make_plan(problem, time_limit=0.0)
    assert plan.method == "greedy"
    assert plan.pairs == greedy_matching(problem)
    assert 0 < plan.gap < 0.5
    assert_within_limits(problem, plan.pairs)


def test_greedy_repairs_a_wish_that_an_earlier_pair_blocks():
    problem = Instance(
        np.array([[0.9, 0.8], [0.7, 0.1]]),
        Limits(np.array([0, 1]), np.array([2, 1])),
        Limits.same(2, at_most=1),
        {"no list": np.array([[False, False], [False, True]])},
    )
    assert greedy_matching(problem, first=((0, 0),)) == ((0, 1), (1, 0))


def test_progress_ends_at_the_last_step():
    seen = []
    make_plan(
        Instance(np.ones((1, 1)), Limits.same(1, at_most=1), Limits.same(1, at_most=1)),
        progress=lambda done, steps: seen.append((done, steps)),
    )
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1]


def test_a_programme_without_allowed_pairs_is_empty():
    nobody = Instance(np.ones((2, 2)), Limits.same(2, at_most=0), Limits.same(2, at_most=1))
    for objective, empty in product(OBJECTIVES, (nobody,)):
        assert make_plan(empty, objective).pairs == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"askers": Limits(np.array([2, 0]), np.array([1, 1]))}, "cannot both hold"),
        ({"fixed": ((0, 0), (0, 0))}, "twice"),
        ({"fixed": ((0, 0), (0, 1))}, "more fixed pairs than its limit allows"),
        (
            {"fixed": ((0, 0),), "rules": {"no list": np.ones((2, 2), np.bool_)}},
            "forbidden by: no list",
        ),
    ],
)
def test_contradictions_are_named(changes, words):
    whole = {
        "values": np.full((2, 2), 0.5),
        "askers": Limits.same(2, at_most=1),
        "targets": Limits.same(2, at_most=1),
    }
    with pytest.raises(InvalidInputError) as caught:
        Instance(**(whole | changes))
    assert any(words in str(problem) for problem in caught.value.problems)
