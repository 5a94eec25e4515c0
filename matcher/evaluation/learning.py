"""What ``matcher train`` does: both models from all graded pairs, with cross-validated figures."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
from sklearn.metrics import average_precision_score

from matcher.embedding.encoder import Progress
from matcher.evaluation.bench import FOLDS, Bench, Scored, best_first, fold_of, steps
from matcher.evaluation.effects import calibration
from matcher.evaluation.judged import Grades, JudgedNeed
from matcher.evaluation.metrics import estimate, measured
from matcher.matching.corpus import Corpus
from matcher.matching.model import ScoringModel
from matcher.matching.need_model import NeedModel

LIKELY = 0.5
_NOTABLE = 0.01
"""Log-odds below which a change is not told."""


class Trained(NamedTuple):
    """Both models, each with its report in `training`."""

    scoring: ScoringModel
    needs: NeedModel


def train_models(
    corpus: Corpus,
    grades: Grades,
    needs: Sequence[JudgedNeed],
    progress: Progress | None = None,
) -> Trained:
    """Learn from all graded pairs and phrases; the same data gives the same models.

    Parameters
    ----------
    corpus
        All clusters.
    grades, needs
        Graded pairs and phrases.
    progress
        Told how many askers are done.
    """
    bench = Bench.of(corpus, grades, needs, steps(progress, len(grades)))
    models = bench.fold_models()
    scores = {asker: bench.scores(asker, models) for asker in bench.values}
    figures = {
        "cross_validated": _figures(bench, scores),
        "calibration": calibration(bench, scores),
    }
    scoring, need_model = bench.model(None), bench.need_models[FOLDS]
    return Trained(
        scoring.model_copy(update={"training": {**scoring.training, **figures}}),
        need_model.model_copy(
            update={"training": {**need_model.training, "cross_validated": _need_figures(bench)}}
        ),
    )


def _figures(bench: Bench, scores: Scored) -> dict[str, dict[str, float]]:
    values = measured(bench.grades, {one: best_first(own) for one, own in scores.items()})
    return {name: asdict(estimate(one)) for name, one in values.items()}


def _need_figures(bench: Bench) -> dict[str, object]:
    """How well the models that saw neither cluster tell met needs from others."""
    likely = np.array(
        [float(bench.need_models[fold_of(one.seeker)].likelihood(one.pair)) for one in bench.needs]
    )
    met = np.array([one.met for one in bench.needs])
    shown = likely >= LIKELY
    return {
        "average_precision": round(float(average_precision_score(met, likely)), 4),
        "likely": int(shown.sum()),
        "likely_and_met": int((shown & met).sum()),
    }


def changes(old: Trained, new: Trained) -> list[str]:
    """Say in a line each what differs between two pairs of models."""
    lines = [
        f"scoring model: {old.scoring.version} -> {new.scoring.version}",
        f"model of needs: {old.needs.version} -> {new.needs.version}",
    ]
    for name, curve in new.scoring.curves.items():
        before = old.scoring.curves[name]
        ends = np.unique([*before.knots, *curve.knots])
        apart = np.abs(curve.at(ends) - before.at(ends)).max()
        if apart > _NOTABLE:
            lines.append(f"{name}: up to {apart:.2f} apart (log-odds)")
    for name, weight in new.needs.weights.items():
        if abs(weight - old.needs.weights[name]) > _NOTABLE:
            lines.append(f"needs, {name}: {old.needs.weights[name]:+.2f} -> {weight:+.2f}")
    return lines
