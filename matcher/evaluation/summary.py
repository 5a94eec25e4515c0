"""What is told of a part of the questions: each ranker's means, and the gain over the baselines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.evaluation.metrics import Estimates, Values, estimate
from matcher.frames import pandas

if TYPE_CHECKING:
    import pandas as pd

MATCHER, WITH_TARGETS = "matcher", "matcher_with_targets"
HEADLINE = "ndcg@10"


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the questions.

    Attributes
    ----------
    clusters, pairs
        Askers, and pairs that are documented or graded, in it.
    rankers
        Ranker -> metric -> mean over clusters with its interval.
    best_baseline
        The baseline with the highest nDCG@10.
    gain
        Metric -> paired difference of the matcher and that baseline, with its interval.
    """

    clusters: int
    pairs: int
    rankers: Mapping[str, Estimates]
    best_baseline: str
    gain: Estimates

    @classmethod
    def of(cls, pairs: int, per_cluster: Mapping[str, Mapping[str, Values]]) -> "Slice":
        """Sum up one value a cluster, by ranker and metric."""
        plain = [name for name in per_cluster if name not in (MATCHER, WITH_TARGETS)]
        best = max(plain, key=lambda name: float(per_cluster[name][HEADLINE].mean()))
        ours, theirs = per_cluster[MATCHER], per_cluster[best]
        return cls(
            clusters=len(ours[HEADLINE]),
            pairs=pairs,
            rankers={
                name: {metric: estimate(values) for metric, values in metrics.items()}
                for name, metrics in per_cluster.items()
            },
            best_baseline=best,
            gain={metric: estimate(values - theirs[metric]) for metric, values in ours.items()},
        )


def slices_frame(slices: Mapping[str, Slice]) -> "pd.DataFrame":
    """One row for each slice, ranker and metric: value and 95 % interval."""
    rows = [
        (name, one.clusters, one.pairs, ranker, metric, found.value, found.low, found.high)
        for name, one in slices.items()
        for ranker, metrics in one.rankers.items()
        for metric, found in metrics.items()
    ]
    columns = ["slice", "clusters", "pairs", "ranker", "metric", "value", "low", "high"]
    frame: pd.DataFrame = pandas().DataFrame(rows, columns=columns)
    return frame
