"""The metrics, against hand-worked values and a public evaluation library."""

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Judged, P, Qrel, R, ScoredDoc, Success, nDCG

from matcher.evaluation.metrics import GRADED_METRICS, METRICS, UNGRADED, graded_ndcg, ndcg

ORACLE = {
    "hit@5": Success @ 5,
    "hit@10": Success @ 10,
    "recall@20": R @ 20,
    "ndcg@10": nDCG @ 10,
    "mrr": RR,
}
GRADED_ORACLE = {
    "ndcg@10": nDCG @ 10,
    "condensed_ndcg@10": nDCG(judged_only=True) @ 10,
    "good@10": P(rel=3) @ 10,
    "graded@10": Judged @ 10,
}
"""Relevance is given as the gain, ``2^grade - 1``: 3 is the gain of the grade 2."""

ITEMS = [f"c{number:02d}" for number in range(40)]
LISTS = st.lists(st.integers(UNGRADED, 3), min_size=10, max_size=40).filter(
    lambda grades: max(grades) > 0
)


def test_ndcg_of_a_hand_worked_ranking():
    # relevant at ranks 1 and 3 of two: (1 + 1/2) / (1 + 1/log2(3))
    assert ndcg(["a", "x", "b"], {"a", "b"}, 10) == pytest.approx(1.5 / 1.6309297535714575)


def test_nothing_found_scores_zero_everywhere():
    assert {metric(["x", "y"], {"a"}) for metric in METRICS.values()} == {0.0}


@given(
    ranking=st.permutations(ITEMS),
    relevant=st.sets(st.sampled_from([*ITEMS, "not-ranked"]), min_size=1, max_size=15),
)
def test_all_metrics_agree_with_ir_measures(ranking, relevant):
    qrels = [Qrel("q", item, 1) for item in relevant]
    run = [ScoredDoc("q", item, 1.0 - place / 100) for place, item in enumerate(ranking)]
    oracle = ir_measures.calc_aggregate(ORACLE.values(), qrels, run)
    for name, metric in METRICS.items():
        assert metric(ranking, relevant) == pytest.approx(oracle[ORACLE[name]]), name


def measured(grades):
    listed = np.array(grades)
    return {name: metric(listed, listed) for name, metric in GRADED_METRICS.items()}


@given(LISTS)
def test_graded_metrics_agree_with_ir_measures(grades):
    qrels = [
        Qrel("q", f"c{place:02d}", 2**grade - 1)
        for place, grade in enumerate(grades)
        if grade != UNGRADED
    ]
    run = [ScoredDoc("q", f"c{place:02d}", 1.0 - place / 100) for place in range(len(grades))]
    oracle = ir_measures.calc_aggregate(GRADED_ORACLE.values(), qrels, run)
    found = measured(grades)
    for name, measure in GRADED_ORACLE.items():
        assert found[name] == pytest.approx(oracle[measure]), name


@given(LISTS)
def test_leaving_out_what_is_not_graded_never_lowers_ndcg(grades):
    found = measured(grades)
    assert found["condensed_ndcg@10"] >= found["ndcg@10"] - 1e-12
    if UNGRADED not in grades[:10]:
        assert found["condensed_ndcg@10"] == pytest.approx(found["ndcg@10"])
    assert found["good@10"] + found["silly@10"] <= found["graded@10"] + 1e-12


@given(LISTS)
def test_the_best_order_has_an_ndcg_of_one_and_no_other_order_more(grades):
    assert graded_ndcg(np.sort(grades)[::-1], np.array(grades)) == pytest.approx(1)
    assert graded_ndcg(np.array(grades), np.array(grades)) <= 1 + 1e-12


def test_a_list_without_any_good_partner_scores_zero():
    assert graded_ndcg(np.array([0, 0, UNGRADED]), np.array([0, 0, UNGRADED])) == 0
