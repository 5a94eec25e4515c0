"""The figures that are published are those that the shipped data and model give."""

import json

import orjson
import pytest
from matcher.evaluation.evaluate import evaluate_split

from matcher.config import DATA_DIR
from matcher.evaluation.report import report_json
from matcher.evaluation.training import train_model
from matcher.matching.model import shipped_model


def test_the_shipped_model_is_what_training_gives(real_matcher):
    trained, shipped = train_model(real_matcher.snapshot), shipped_model()
    for name, weight in shipped.weights.items():
        assert trained.weights[name].weight == pytest.approx(weight.weight, abs=0.01), name
    assert trained.intercept == pytest.approx(shipped.intercept, abs=0.02)


def test_the_published_quality_is_what_the_evaluation_gives(real_matcher):
    report = report_json(evaluate_split(real_matcher.snapshot, "all"), brief=True)
    measured = json.loads(orjson.dumps(report))
    published = json.loads((DATA_DIR / "quality.json").read_bytes())
    for name, part in published["slices"].items():
        assert measured["slices"][name]["pairs"] == part["pairs"]
        for ranker, metrics in part["rankers"].items():
            for metric, figures in metrics.items():
                found = measured["slices"][name]["rankers"][ranker][metric]["value"]
                assert found == pytest.approx(figures["value"], abs=0.005), (name, ranker, metric)


def test_the_readme_states_the_published_figures():
    rankers = json.loads((DATA_DIR / "quality.json").read_bytes())["slices"]["eap_eu"]["rankers"]
    readme = (DATA_DIR.parent / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if "--split all`" in line)
    for ranker in ("matcher", "fusion"):
        for metric in ("ndcg@10", "hit@10"):
            assert f"{rankers[ranker][metric]['value']:.3f}" in row
