"""Intervals for means over few clusters."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_DRAWS = 2000
_SEED = 7


class Estimate(NamedTuple):
    """A mean over clusters with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def estimate(values: NDArray[np.float64]) -> Estimate:
    """Mean of one value a cluster; percentile bootstrap over clusters (Efron, 1979).

    Paired differences give a paired test: significant where the interval leaves out 0.
    """
    draws = np.random.default_rng(_SEED).integers(len(values), size=(_DRAWS, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return Estimate(float(values.mean()), float(low), float(high))
