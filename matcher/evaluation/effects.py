"""What moves the first tens of graded clusters: groups of features, purposes, diversity."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from matcher.evaluation.bench import Bench, Rows, Scored, best_first
from matcher.evaluation.metrics import FIRST, GOOD, UNGRADED, Estimate, estimate, exposure, measured
from matcher.matching.diversity import diversify
from matcher.matching.features import FEATURES, GROUP_TITLES
from matcher.matching.model import ScoringModel
from matcher.profiles.profile import Intent

BINS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1.0)
"""Ends of the bins of scores; from 0.35 and 0.7 on the levels change."""

DIVERSITIES = (0.0, 0.1, 0.2, 0.3, 0.5)

LEFT_OUT: Mapping[str, Sequence[str]] = {
    **{
        str(group): [name for name, feature in FEATURES.items() if feature.group == group]
        for group in GROUP_TITLES
    },
    "target": ["target"],
}
"""What an ablation leaves out: each group of features, and the one that may leak."""

_HEAD = 5


def calibration(bench: Bench, by_asker: Scored) -> list[dict[str, float]]:
    """Compare the scores of graded pairs with the share of good ones, bin by bin."""
    scores = np.concatenate([by_asker[asker] for asker in bench.grades])
    grades = np.concatenate(list(bench.grades.values()))
    scores, good = scores[grades != UNGRADED], grades[grades != UNGRADED] >= GOOD
    place = np.minimum(np.digitize(scores, BINS), len(BINS) - 1) - 1
    return [
        {
            "low": BINS[one],
            "high": BINS[one + 1],
            "pairs": int((place == one).sum()),
            "score": float(scores[place == one].mean()),
            "good": float(good[place == one].mean()),
        }
        for one in np.unique(place).tolist()
    ]


def ablation(
    bench: Bench, full: Scored, step: Callable[[], None]
) -> dict[str, dict[str, Estimate]]:
    """How much better the full model is than one without each of `LEFT_OUT`, by metric."""
    whole, found = measured(bench.grades, _lists(full)), {}
    for group, names in LEFT_OUT.items():
        models = bench.fold_models(names)
        scores = {one: bench.scores(one, models, without=names) for one in bench.values}
        rest = measured(bench.grades, _lists(scores))
        found[group] = {name: estimate(whole[name] - rest[name]) for name in whole}
        step()
    return found


def purpose(
    bench: Bench, models: Sequence[ScoringModel], plain: Scored, intent: Intent
) -> dict[str, Estimate]:
    """What a purpose changes in the first ten; ``before`` is without one.

    ``candidates`` is the number of those that show evidence for it; ``shown``, ``good``,
    ``graded`` are shares of the ten, ``good_of_graded`` is a share of those that are graded.
    """
    shown = {asker: bench.shown(asker, intent) > 0 for asker in bench.values}
    aimed = {asker: bench.scores(asker, models, intent=intent) for asker in bench.values}
    told = {"candidates": estimate(np.array([float(one.sum()) for one in shown.values()]))}
    for suffix, scores in (("", aimed), ("_before", plain)):
        tens = {asker: order[:FIRST] for asker, order in _lists(scores).items()}
        grades = np.array([bench.grades[asker][ten] for asker, ten in tens.items()])
        good, graded = (grades >= GOOD).mean(axis=1), (grades != UNGRADED).mean(axis=1)
        evident = np.array([shown[asker][ten].mean() for asker, ten in tens.items()])
        told |= {
            f"shown{suffix}": estimate(evident),
            f"good{suffix}": estimate(good),
            f"graded{suffix}": estimate(graded),
            f"good_of_graded{suffix}": estimate(good / np.where(graded > 0, graded, 1)),
        }
    return told


def diversified(bench: Bench, scores: Scored, diversity: float) -> dict[str, object]:
    """Quality and spread of all first tens at one setting of diversity.

    ``coverage`` is the share of the candidates that stand in a list, ``most_listed`` the share of
    the lists that hold the most frequent one; ``countries`` are the shares of the three most
    frequent countries among the first five.
    """
    about = bench.candidates.vectors.facets["about"]
    tens = {
        asker: order[diversify(scores[asker][order], about[order], FIRST, diversity)]
        for asker, order in _lists(scores).items()
    }
    first_five = np.concatenate([ten[:_HEAD] for ten in tens.values()]).tolist()
    names, counts = np.unique(
        [str(bench.candidates.profiles[place].country) for place in first_five],
        return_counts=True,
    )
    most = np.argsort(-counts, kind="stable")[:3]
    metrics = measured(bench.grades, tens)
    spread = exposure([ten.tolist() for ten in tens.values()], len(bench.rows))
    return {
        "diversity": diversity,
        **{name: estimate(metrics[name]) for name in ("ndcg@10", "good@10")},
        "coverage": spread.coverage,
        "most_listed": spread.congestion,
        "countries": {str(names[one]): float(counts[one] / counts.sum()) for one in most},
    }


def _lists(scores: Scored) -> dict[str, Rows]:
    return {asker: best_first(own) for asker, own in scores.items()}
