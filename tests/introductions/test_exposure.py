from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.evaluation.metrics import gini
from matcher.i18n.message import Message
from matcher.planning.exposure import expected_matches, exposure_report, naive_lists
from matcher.planning.solver.instance import Instance, Limits
from matcher.planning.solver.planner import make_plan
from matcher.planning.solver.whynot import why_not

FITS = np.array([[0.9, 0.5], [0.8, 0.45], [0.7, 0.2]])


def crowded(**more):
    return Instance(FITS, Limits.same(3, at_most=1), Limits.same(2, at_most=1), **more)


def test_a_target_takes_up_what_suits_it_best_and_no_more_than_its_places():
    for_askers = np.array([[0.9], [0.5], [0.4]])
    for_targets = np.array([[0.2], [0.8], [0.6]])
    pairs = [(0, 0), (1, 0), (2, 0)]
    expected = [0.0, 0.5 * 0.8, 0.5 * 0.8 + 0.4 * 0.6, 0.5 * 0.8 + 0.4 * 0.6 + 0.9 * 0.2]
    for places, value in enumerate(expected):
        found = expected_matches(pairs, for_askers, for_targets, np.array([places]))
        assert found == pytest.approx(value)


@pytest.mark.parametrize(
    ("counts", "expected"), [([], 0), ([0, 0], 0), ([3, 3, 3], 0), ([0, 0, 0, 4], 0.75)]
)
def test_gini(counts, expected):
    assert gini(np.array(counts)) == pytest.approx(expected)


def test_plan_avoids_the_congestion_of_naive_lists():
    problem = crowded()
    report = exposure_report(problem, make_plan(problem), FITS, FITS)
    assert naive_lists(problem, FITS) == ((0, 0), (1, 0), (2, 0))
    assert report.naive.most_asked == ((0, 3),)
    assert report.naive.over_capacity == 2
    assert report.plan.over_capacity == 0
    assert report.plan.target_coverage == 1.0 > report.naive.target_coverage
    assert report.plan.target_gini < report.naive.target_gini
    assert report.plan.expected_matches == pytest.approx(0.81 + 0.45**2)
    assert report.naive.expected_matches == pytest.approx(0.81)


def test_everyone_without_an_introduction_gets_a_reason():
    problem = Instance(
        FITS,
        Limits(np.zeros(3, np.int64), np.array([1, 0, 1])),
        Limits.same(2, at_most=1),
        {"known link": np.array([[0, 0], [0, 0], [1, 1]], np.bool_)},
    )
    report = exposure_report(problem, make_plan(problem), FITS, FITS)
    reasons = {(u.side, u.index): str(u.reason) for u in report.unserved}
    assert "limit is 0" in reasons["asker", 1]
    assert "known link" in reasons["asker", 2]
    full = crowded()
    (unserved,) = exposure_report(full, make_plan(full), FITS, FITS).unserved
    assert (unserved.side, unserved.index) == ("asker", 2)
    assert "full" in str(unserved.reason) and "0.70" in str(unserved.reason)


def test_why_not_names_the_rule():
    rule = np.zeros((3, 2), np.bool_)
    rule[2, 0] = True
    problem = crowded(rules={"known link": rule, "same country": rule})
    assert why_not(problem, make_plan(problem), (2, 0)).rules == ("known link", "same country")


def test_why_not_measures_the_loss_and_names_what_would_go():
    problem = crowded()
    plan = make_plan(problem)
    answer = why_not(problem, plan, (2, 0))
    best_with_it = FITS[2, 0] + FITS[0, 1]
    assert answer.loss == pytest.approx(plan.total_value - best_with_it)
    assert answer.loss > 0
    assert set(answer.dropped) == set(plan.pairs) - {(0, 1), (2, 0)}
    assert {side for side, _ in answer.held} == {"target"}
    assert not answer.breaks_wish


def test_why_not_sees_a_wish_that_would_be_broken():
    problem = Instance(
        FITS, Limits(np.array([1, 1, 0]), np.array([1, 1, 1])), Limits.same(2, at_most=1)
    )
    assert why_not(problem, make_plan(problem), (2, 0)).breaks_wish


def test_why_not_of_a_planned_pair_and_of_a_place_taken_by_fixed_pairs():
    problem = crowded(fixed=((0, 0),))
    plan = make_plan(problem)
    assert why_not(problem, plan, (0, 0)).planned
    assert why_not(problem, plan, (1, 0)).rules == (Message("fixed pairs use up the limit"),)


@given(st.integers(0, 10_000))
def test_adding_a_pair_never_gains(seed):
    rng = np.random.default_rng(seed)
    problem = Instance(rng.random((4, 5)), Limits.same(4, at_most=2), Limits.same(5, at_most=1))
    plan = make_plan(problem)
    for pair in product(range(4), range(5)):
        answer = why_not(problem, plan, pair)
        assert answer.planned or answer.loss >= -1e-9
