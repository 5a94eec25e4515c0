"""From the space of multilingual-e5-small into that of MiniLM.

Both models encode some thousand English texts of the shipped data. A vector of e5 is mapped by a
ridge regression fitted on them, and drawn towards what MiniLM says of those that are nearest in e5:
of the names of 484 trades in six languages, 57 % are then nearest to their own English name, and
48 % by the regression alone.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.errors import ModelUnavailableError

PENALTY = 1.0
NEIGHBOURS = 64
TEMPERATURE = 0.02
"""Of the softmax over the cosines of neighbours."""
NEIGHBOURS_SHARE = 0.4

Compact = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Bridge:
    """What was learnt from n texts.

    Attributes
    ----------
    mean
        (384,) mean vector in e5.
    weights
        (385, 384) of the regression; the last row is the constant.
    source
        (n, 384) directions of the texts from the mean, in e5.
    target
        (n, 384) their vectors in MiniLM.
    """

    mean: Vectors
    weights: Vectors
    source: Vectors
    target: Compact

    @classmethod
    def fit(cls, source: Vectors, target: Vectors) -> Self:
        """Learn from the vectors of the same n texts in both spaces, (n, 384) each."""
        mean = source.mean(0, dtype=np.float64)
        centred = source - mean
        inputs = np.column_stack((centred, np.ones(len(source))))
        normal = inputs.T @ inputs + PENALTY * np.eye(inputs.shape[1])
        weights = np.linalg.solve(normal, inputs.T @ target)
        return cls(
            mean.astype(np.float32),
            weights.astype(np.float32),
            _unit(centred.astype(np.float32)),
            target.astype(np.float16),
        )

    def __call__(self, vectors: Vectors) -> Vectors:
        """Map (m, 384) vectors; the results have length 1."""
        return np.stack([self._mapped(vector - self.mean) for vector in vectors])

    def _mapped(self, centred: Vectors) -> Vectors:
        regressed = _unit(centred @ self.weights[:-1] + self.weights[-1])
        drawn = NEIGHBOURS_SHARE * self._neighbourhood(centred)
        return _unit((1 - NEIGHBOURS_SHARE) * regressed + drawn)

    def _neighbourhood(self, centred: Vectors) -> Vectors:
        cosines = self.source @ _unit(centred)
        nearest = np.argsort(-cosines, kind="stable")[:NEIGHBOURS]
        weights = np.exp((cosines[nearest] - cosines[nearest[0]]) / TEMPERATURE)
        around: Vectors = weights @ self.target[nearest].astype(np.float32) / weights.sum()
        return around

    def save(self, file: Path) -> None:
        """Write it as an ``.npz`` file."""
        with file.open("wb") as opened:
            np.savez(
                opened,
                mean=self.mean,
                weights=self.weights,
                source=self.source.astype(np.float16),
                target=self.target,
            )

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` has written.

        Raises
        ------
        ModelUnavailableError
            The file cannot be read.
        """
        try:
            with np.load(file, allow_pickle=False) as arrays:
                source = arrays["source"].astype(np.float32)
                return cls(arrays["mean"], arrays["weights"], source, arrays["target"])
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailableError(
                f"{file.name} cannot be read. Delete it; it is made anew when it is needed."
            ) from error


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit
