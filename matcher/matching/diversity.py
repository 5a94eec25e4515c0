"""Re-ranking that prefers partners unlike each other."""

import numpy as np
from numpy.typing import NDArray

from matcher.matching.columns import Floats

POOL = 4


def diversify(relevance: Floats, vectors: Floats, k: int, diversity: float) -> NDArray[np.intp]:
    """Choose k rows by maximal marginal relevance (Carbonell and Goldstein, 1998).

    Each step takes the row with the highest
    ``(1 - diversity) * relevance - diversity * similarity to the nearest row taken``, among the
    best `POOL` times k: far down the list, what differs is merely irrelevant.

    Parameters
    ----------
    relevance
        (n,) scores in [0, 1], best first; earlier rows win ties.
    vectors
        (n, d) unit vectors of the same rows.
    k
        How many rows to take, at most n.
    diversity
        In [0, 1]; 0 keeps the order as it is.

    Returns
    -------
    ndarray of int, shape (min(k, n),)
        Places in `relevance`, in the order taken.
    """
    k = min(k, len(relevance))
    if diversity == 0:
        return np.arange(k)
    relevance, vectors = relevance[: POOL * k], vectors[: POOL * k]
    nearest = np.zeros(len(relevance), dtype=np.float32)
    gain = (1 - diversity) * relevance
    taken: list[int] = []
    for _ in range(k):
        value = gain - diversity * nearest
        value[taken] = -np.inf
        best = int(np.argmax(value))
        taken.append(best)
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return np.array(taken, dtype=np.intp)
