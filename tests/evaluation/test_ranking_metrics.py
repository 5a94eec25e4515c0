"""The metrics, against hand-worked values and a public evaluation library."""

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

from matcher.evaluation.metrics import METRICS, ndcg

ORACLE = {
    "hit@5": Success @ 5,
    "hit@10": Success @ 10,
    "recall@20": R @ 20,
    "ndcg@10": nDCG @ 10,
    "mrr": RR,
}
ITEMS = [f"c{number:02d}" for number in range(40)]


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
