"""Ranking metrics of one list."""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Estimates = Mapping[str, "Estimate"]
"""Name of a metric -> its mean."""
Item = Hashable
Metric = Callable[[Sequence[Item], Set[Item]], float]
ListGrades = NDArray[np.intp]
"""Grades along a list, best place first; `UNGRADED` where nobody graded."""

UNGRADED = -1
GOOD = 2
"""The least grade of a good partner."""

FIRST = 10
"""Length of the lists that are measured."""


def hit(ranking: Sequence[Item], relevant: Set[Item], k: int) -> float:
    """1 if any of the first `k` is relevant, else 0 (also called success at k)."""
    return float(any(item in relevant for item in ranking[:k]))


def recall(ranking: Sequence[Item], relevant: Set[Item], k: int) -> float:
    """Share of the relevant items that stand among the first `k`."""
    return sum(item in relevant for item in ranking[:k]) / len(relevant)


def ndcg(ranking: Sequence[Item], relevant: Set[Item], k: int) -> float:
    """Discounted cumulative gain of the first `k`, over that of a perfect ranking.

    Gain 1 for each relevant item, discounted by log2(1 + rank) (Järvelin and Kekäläinen, 2002).
    """
    gain = sum(1 / math.log2(rank + 1) for rank in _relevant_ranks(ranking[:k], relevant))
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return gain / best


def reciprocal_rank(ranking: Sequence[Item], relevant: Set[Item]) -> float:
    """1 / rank of the first relevant item; its mean over queries is MRR."""
    return next((1 / rank for rank in _relevant_ranks(ranking, relevant)), 0.0)


def _relevant_ranks(ranking: Sequence[Item], relevant: Set[Item]) -> list[int]:
    return [rank for rank, item in enumerate(ranking, start=1) if item in relevant]


METRICS: Mapping[str, Metric] = {
    "hit@5": lambda ranking, relevant: hit(ranking, relevant, 5),
    "hit@10": lambda ranking, relevant: hit(ranking, relevant, 10),
    "recall@20": lambda ranking, relevant: recall(ranking, relevant, 20),
    "ndcg@10": lambda ranking, relevant: ndcg(ranking, relevant, 10),
    "mrr": reciprocal_rank,
}
"""Metrics of lists whose right answers are known: the ids best first, and a non-empty set."""


def graded_ndcg(listed: ListGrades, all_grades: ListGrades) -> float:
    """Take the nDCG of the first ten with gain ``2^grade - 1``; what is not graded counts as 0.

    Parameters
    ----------
    listed
        Grades along the list.
    all_grades
        All grades of the asker in any order: the perfect list has the best ten of them.
    """
    best = _discounted(np.sort(all_grades)[::-1])
    return _discounted(listed) / best if best else 0.0


def _discounted(listed: ListGrades) -> float:
    first = np.maximum(listed[:FIRST], 0)
    return float((2.0**first - 1) @ (1 / np.log2(np.arange(len(first)) + 2)))


GRADED_METRICS: Mapping[str, Callable[[ListGrades, ListGrades], float]] = {
    "ndcg@10": graded_ndcg,
    "condensed_ndcg@10": lambda listed, known: graded_ndcg(listed[listed != UNGRADED], known),
    "good@10": lambda listed, _: float((listed[:FIRST] >= GOOD).sum() / FIRST),
    "silly@10": lambda listed, _: float((listed[:FIRST] == 0).sum() / FIRST),
    "graded@10": lambda listed, _: float((listed[:FIRST] != UNGRADED).sum() / FIRST),
}
"""Metrics of lists whose partners were graded, arguments as those of `graded_ndcg`."""


def measured(
    grades: Mapping[str, ListGrades], lists: Mapping[str, NDArray[np.intp]]
) -> dict[str, NDArray[np.float64]]:
    """Metric -> one value an asker, of lists of places in its `grades`."""
    return {
        name: np.array(
            [metric(grades[asker][order], grades[asker]) for asker, order in lists.items()]
        )
        for name, metric in GRADED_METRICS.items()
    }


DRAWS = 2000
_SEED = 7


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over clusters with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.2f},{self.high:.2f}]"


def estimate(values: Values) -> Estimate:
    """Mean of one value a cluster; percentile bootstrap over clusters (Efron, 1979).

    Paired differences give a paired test: significant where the interval leaves out 0.
    """
    draws = np.random.default_rng(_SEED).integers(len(values), size=(DRAWS, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return Estimate(float(values.mean()), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Exposure:
    """Spread of a set of lists.

    Attributes
    ----------
    coverage
        Share of the clusters that stand in at least one list.
    gini
        Gini coefficient of how often each cluster stands in a list: 0 equal, 1 all on one.
    congestion
        Share of the lists in which the most suggested cluster stands.
    """

    coverage: float
    gini: float
    congestion: float


def exposure(lists: Sequence[Sequence[int]], n_clusters: int) -> Exposure:
    """Measure lists of rows against the number of clusters that could have stood in them."""
    _, counts = np.unique([row for one in lists for row in one], return_counts=True)
    if not len(counts):
        return Exposure(0.0, 0.0, 0.0)
    shown = np.concatenate([np.zeros(n_clusters - len(counts)), counts])
    return Exposure(len(counts) / n_clusters, gini(shown), float(counts.max() / len(lists)))


def gini(counts: NDArray[np.generic]) -> float:
    """Gini coefficient of non-negative numbers; 0 when there is nothing to share."""
    shares = np.sort(counts.astype(np.float64))
    total, n = shares.sum(), len(shares)
    return float((2 * np.arange(1, n + 1) - n - 1) @ shares / (n * total)) if total else 0.0
