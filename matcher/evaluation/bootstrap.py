"""Intervals for means over few clusters."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Estimates = Mapping[str, "Estimate"]
"""Name of a metric -> its mean."""

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
