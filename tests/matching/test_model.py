"""The scoring model: curves, the sums that explain a score, levels, and the file."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from matcher.errors import UnreadableFileError
from matcher.matching.features import FEATURES
from matcher.matching.model import (
    MODEL_FILE,
    STRONG,
    WORTH_A_TALK,
    Curve,
    ScoringModel,
    level_of,
    shipped_model,
)
from matcher.matching.query import PartnerQuery
from matcher.matching.ranker import score_features

PLAIN = PartnerQuery(cluster="any")
numbers = st.floats(-5, 5, width=32)


def test_a_curve_joins_its_knots_by_lines_and_is_level_outside():
    curve = Curve(knots=(0, 1, 3), adds=(-1, 1, 2))
    values = np.array([-9, 0, 0.5, 1, 2, 3, 99], dtype=np.float32)
    np.testing.assert_allclose(curve.at(values), [-1, -1, 0, 1, 1.5, 2, 2])


@given(knots=st.sets(numbers, min_size=2, max_size=6), data=st.data())
def test_what_is_unknown_adds_nothing(knots, data):
    adds = data.draw(st.lists(numbers, min_size=len(knots), max_size=len(knots)))
    curve = Curve(knots=tuple(sorted(knots)), adds=tuple(adds))
    assert curve.at(np.array([np.nan], dtype=np.float32)).tolist() == [0]


@pytest.mark.parametrize(
    ("knots", "adds"), [((0, 1), (0,)), ((1, 0), (0, 1)), ((0, 0), (0, 1)), ((0,), (1,))]
)
def test_an_impossible_curve_is_refused(knots, adds):
    with pytest.raises(ValidationError):
        Curve(knots=knots, adds=adds)


def test_a_pair_of_which_nothing_is_known_scores_the_intercept():
    unknown = np.full((1, len(FEATURES)), np.nan, dtype=np.float32)
    scores = score_features((unknown, unknown), np.zeros(1, np.float32), PLAIN, shipped_model())
    expected = 1 / (1 + np.exp(shipped_model().thresholds[1]))
    assert not scores.contributions.any()
    for fit in (scores.score, scores.fit_for_you, scores.fit_for_them):
        assert fit == pytest.approx(expected)


@given(seed=st.integers(0, 10_000), weight=st.floats(0, 5), purpose=st.floats(0, 2))
def test_contributions_sum_to_the_logit_of_all_three(seed, weight, purpose):
    draw = np.random.default_rng(seed)
    values = tuple(
        np.where(draw.random((4, len(FEATURES))) < 0.2, np.nan, draw.random((4, len(FEATURES))))
        for _ in range(2)
    )
    query = PartnerQuery(cluster="any", weights={"needs": weight})
    shown = np.full(4, purpose, dtype=np.float32)
    scores = score_features(values, shown, query, shipped_model())
    for shares, fit in (
        (scores.contributions, scores.score),
        (scores.to_you, scores.fit_for_you),
        (scores.to_them, scores.fit_for_them),
    ):
        logit = scores.intercept + shares.astype(np.float64).sum(axis=1)
        np.testing.assert_allclose(fit, 1 / (1 + np.exp(-logit)), atol=1e-6)
    low = np.minimum(scores.fit_for_you, scores.fit_for_them)
    high = np.maximum(scores.fit_for_you, scores.fit_for_them)
    assert ((low - 1e-6 <= scores.score) & (scores.score <= high + 1e-6)).all()


def test_features_of_which_more_may_only_help_have_rising_curves():
    for name, feature in FEATURES.items():
        if feature.rising:
            assert (np.diff(shipped_model().curves[name].adds) >= -1e-6).all(), name


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (1.0, "strong"),
        (STRONG, "strong"),
        (STRONG - 1e-6, "worth_a_talk"),
        (WORTH_A_TALK, "worth_a_talk"),
        (WORTH_A_TALK - 1e-6, "weak"),
        (0.0, "weak"),
    ],
)
def test_a_score_in_a_word(score, level):
    assert level_of(score) == level


def test_the_file_reads_back_as_it_was_written(tmp_path):
    model = ScoringModel.load()
    copy = tmp_path / "model.json"
    copy.write_text(model.to_json(), encoding="utf-8")
    assert ScoringModel.load(copy) == model


def lacking_a_curve(text):
    content = json.loads(text)
    del content["curves"]["needs"]
    return json.dumps(content)


def with_falling_knots(text):
    content = json.loads(text)
    content["curves"]["needs"]["knots"].reverse()
    return json.dumps(content)


@pytest.mark.parametrize(
    "damage", [lambda text: "", lambda text: text[:-40], lacking_a_curve, with_falling_knots]
)
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path, damage):
    file = tmp_path / "scoring_model.json"
    file.write_text(damage(MODEL_FILE.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="matcher train"):
        ScoringModel.load(file)


def test_a_missing_file_is_told_too(tmp_path):
    with pytest.raises(UnreadableFileError):
        ScoringModel.load(tmp_path / "none.json")
