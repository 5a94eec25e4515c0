"""Ranking metrics of one query with binary relevance.

Each takes `ranking`, the ids best first, and `relevant`, a non-empty set of ids; each answers in
[0, 1], and 0 where nothing relevant was found.
"""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence, Set

Item = Hashable
Metric = Callable[[Sequence[Item], Set[Item]], float]


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
"""The published metrics by name."""
