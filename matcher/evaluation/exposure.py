"""How suggestions spread over the clusters that can be suggested."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


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
    shown = np.sort(np.concatenate([np.zeros(n_clusters - len(counts)), counts]))
    rank = np.arange(1, n_clusters + 1)
    gini = (2 * rank - n_clusters - 1) @ shown / (n_clusters * shown.sum())
    return Exposure(len(counts) / n_clusters, float(gini), float(counts.max() / len(lists)))
