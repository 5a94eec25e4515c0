import numpy as np
import pytest

from matcher.evaluation import studies
from matcher.evaluation.evaluate import HEADLINE, MATCHER, cross_fit, evaluate_split
from matcher.evaluation.examples import LEAKY
from matcher.matching.features import FACTORS


@pytest.fixture(scope="module")
def snapshot(real_matcher):
    return real_matcher.snapshot


@pytest.fixture(scope="module")
def bench(snapshot):
    return studies.Bench.of(snapshot)


@pytest.fixture(scope="module")
def full(bench):
    return bench.measure_fits(cross_fit(bench.questions, bench.table))


def test_a_study_measures_what_the_evaluation_reports(snapshot, bench, full):
    report = evaluate_split(snapshot, "dev")
    for direction in studies.DIRECTIONS:
        reported = report.slices[direction].rankers[MATCHER][HEADLINE]
        assert bench.mean(full, direction) == pytest.approx(reported)


def test_ablation_names_every_factor_that_is_learned(snapshot, bench, full):
    found = studies.ablation(snapshot)
    assert {one.factor for one in found} == set(FACTORS) - set(LEAKY)
    for one in found:
        whole = bench.mean(full, one.direction).value
        assert one.loss.value == pytest.approx(whole - one.without.value)
        assert one.loss.low <= one.loss.value <= one.loss.high
        assert 0 <= one.alone.value <= 1


def test_a_constant_factor_alone_is_no_better_than_the_order_of_ids(bench):
    nothing = bench.measure(lambda _: np.zeros(len(bench.corpus)))
    leaky = bench.measure(
        lambda place: bench.table.values[bench.questions[place].asker][
            :, list(FACTORS).index(LEAKY[0])
        ]
    )
    assert np.array_equal(nothing, leaky)


def test_the_learning_curve_ends_at_the_full_model(snapshot, bench, full):
    points = studies.learning_curve(snapshot, shares=(0.0, 0.3, 1.0), draws=1, seed=2)
    last = {p.direction: p for p in points if p.share == 1.0}
    for direction in studies.DIRECTIONS:
        assert last[direction].value == pytest.approx(bench.mean(full, direction))
    sizes = [p.groups for p in points if p.direction == "eap_eu"]
    assert sizes[0] == 0
    assert sizes == sorted(sizes)


def test_every_documented_partner_is_among_the_misses_once(snapshot, bench):
    found = studies.misses(snapshot)
    assert len(found) == sum(len(question.relevant) for question in bench.questions)
    assert [miss.rank for miss in found] == sorted((m.rank for m in found), reverse=True)
    assert all(1 <= miss.rank <= miss.candidates for miss in found)
    assert all(miss.factor in FACTORS for miss in found)
    assert all(miss.first == miss.partner for miss in found if miss.rank == 1)
