"""The figures that are published are those that the shipped data and models give."""

import json

import pytest

from matcher.config import DATA_DIR
from matcher.evaluation.judged import judged_needs, judged_pairs
from matcher.evaluation.learning import train_models
from matcher.matching.model import shipped_model
from matcher.matching.need_model import need_model


@pytest.fixture(scope="module")
def trained(real_matcher):
    return train_models(real_matcher.snapshot.corpus, judged_pairs(), judged_needs())


@pytest.mark.model
def test_the_shipped_models_are_what_training_gives(trained):
    shipped = shipped_model()
    for name, curve in trained.scoring.curves.items():
        assert curve.knots == pytest.approx(shipped.curves[name].knots, abs=0.01), name
        assert curve.adds == pytest.approx(shipped.curves[name].adds, abs=0.05), name
    assert trained.needs.weights == pytest.approx(need_model().weights, abs=0.01)


@pytest.mark.model
def test_the_published_quality_is_what_the_evaluation_gives(trained):
    published = _published("quality_judged.json")["slices"]["clusters"]["rankers"]["matcher"]
    for metric, figures in trained.scoring.training["cross_validated"].items():
        assert figures["value"] == pytest.approx(published[metric]["value"], abs=0.005), metric


def test_the_published_figures_are_of_the_shipped_model():
    assert _published("quality.json")["protocol"]["model"].startswith(shipped_model().version)
    figures = shipped_model().training["cross_validated"]
    published = _published("quality_judged.json")["slices"]["clusters"]["rankers"]["matcher"]
    # To the decimals that are published: the last ones come with the precision of vectors.
    assert figures["ndcg@10"]["value"] == pytest.approx(published["ndcg@10"]["value"], abs=5e-4)


def _published(name):
    return json.loads((DATA_DIR / name).read_bytes())
