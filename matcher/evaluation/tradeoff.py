"""What diversity costs in quality, and what it buys in spread."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from matcher.evaluation.bootstrap import Estimate
from matcher.evaluation.evaluate import HEADLINE, cross_fit
from matcher.evaluation.exposure import Exposure, exposure
from matcher.evaluation.metrics import METRICS
from matcher.evaluation.studies import Bench
from matcher.matching.diversity import diversify
from matcher.matching.snapshot import Snapshot

_LIST = 10


class Point(NamedTuple):
    """One setting of diversity: quality and spread of the top ten of EaP askers."""

    diversity: float
    quality: Estimate
    spread: Exposure


def diversity_curve(
    snapshot: Snapshot, settings: Iterable[float] = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7)
) -> list[Point]:
    """nDCG@10 and exposure of the diversified lists, over all documented partnerships."""
    bench = Bench.of(snapshot, "all")
    fits = cross_fit(bench.questions, bench.table)
    places = [p for p, q in enumerate(bench.questions) if q.direction == "eap_eu"]
    about = bench.corpus.vectors.facets["about"]
    n_eu = sum(profile.group == "EU" for profile in bench.corpus.profiles)
    points = []
    for diversity in settings:
        values, lists = np.zeros(len(bench.questions)), []
        for place in places:
            question = bench.questions[place]
            logits = fits[place].logits(bench.table.values[question.asker])
            rows = np.flatnonzero(question.candidates)
            rows = rows[np.argsort(-logits[rows], kind="stable")]
            scores = (1 / (1 + np.exp(-logits[rows]))).astype(np.float32)
            top = rows[diversify(scores, about[rows], _LIST, diversity)].tolist()
            values[place] = METRICS[HEADLINE](top, question.relevant)
            lists.append(top)
        points.append(Point(diversity, bench.mean(values, "eap_eu"), exposure(lists, n_eu)))
    return points
