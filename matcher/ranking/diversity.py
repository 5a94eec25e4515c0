"""Re-ranking that prefers partners unlike each other."""

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.columns import Floats


def diversify(relevance: Floats, vectors: Floats, k: int, diversity: float) -> NDArray[np.intp]:
    """Choose k rows by maximal marginal relevance (Carbonell and Goldstein, 1998).

    Each step takes the row with the highest
    ``(1 - diversity) * relevance - diversity * similarity to the nearest row taken``.

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
