"""Learning the scoring model from graded pairs.

The model is a cumulative logit model (McCullagh, 1980), additive in the features. Each
feature's curve is a sum of ramps, one from each knot to the next; where more of a feature may only
help, its ramps may only rise. Pairs that nobody graded are nearly always poor: a draw of them joins
each asker's pairs with grade 0, so that the model also knows what a list must leave out.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from matcher.evaluation.judged import GRADES
from matcher.evaluation.metrics import UNGRADED
from matcher.matching.columns import Floats
from matcher.matching.features import FEATURES
from matcher.matching.model import Curve, ScoringModel

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Sides = tuple[Floats, Floats]

DRAWN = 80
"""Pairs that nobody graded, drawn for each asker."""

SEGMENTS = 3
"""Ramps of a curve, between quantiles of the feature."""

RIDGE = 10.0
"""Pull of each ramp towards 0, in pairs."""

SEED = 20261130


class Examples(NamedTuple):
    """Graded pairs, such as those of one asker.

    Attributes
    ----------
    to_you, to_them
        (n, F) features as the asker and as the partner see them.
    grades
        (n,) 0 to 3.
    """

    to_you: Floats
    to_them: Floats
    grades: NDArray[np.intp]


def examples_of(asker: str, values: Sides, grades: NDArray[np.intp]) -> Examples:
    """Graded pairs of an asker with a draw of ungraded ones, always the same.

    Parameters
    ----------
    asker
        Its id.
    values
        Features of n candidates, both ways.
    grades
        (n,) `UNGRADED` where nobody graded.
    """
    random = np.random.default_rng([SEED, crc32(asker.encode())])
    rest = np.flatnonzero(grades == UNGRADED)
    drawn = random.choice(rest, min(DRAWN, len(rest)), replace=False)
    rows = np.concatenate([np.flatnonzero(grades != UNGRADED), drawn])
    return Examples(values[0][rows], values[1][rows], np.maximum(grades[rows], 0))


def train(examples: Iterable[Examples]) -> ScoringModel:
    """Fit the scoring model to the pairs of at least one asker."""
    parts = list(examples)
    sides = tuple(
        np.concatenate([getattr(part, side) for part in parts]).astype(np.float64)
        for side in ("to_you", "to_them")
    )
    grades = np.concatenate([part.grades for part in parts])
    ramps = _Ramps.of(np.concatenate(sides))
    joint = (ramps.of_values(sides[0]) + ramps.of_values(sides[1])) / 2
    weights, thresholds = _fitted(joint, grades, ramps.rising)
    curves = ramps.curves(weights)
    told = {
        "method": "cumulative logit, additive in monotone curves",
        "askers": len(parts),
        "pairs": len(grades),
        "grades": [int((grades == grade).sum()) for grade in GRADES],
    }
    low, good, high = (round(float(one), 4) for one in thresholds)
    content = json.dumps([thresholds.round(4).tolist(), *(c.model_dump() for c in curves.values())])
    version = hashlib.sha256(content.encode()).hexdigest()[:12]
    return ScoringModel(version=version, thresholds=(low, good, high), curves=curves, training=told)


@dataclass(frozen=True, slots=True)
class _Ramps:
    """Every feature as ramps that rise from 0 to 1 between two knots.

    Attributes
    ----------
    knots
        Of each feature.
    mean
        (ramps,) mean of each ramp, which is taken off so that unknown values add 0.
    """

    knots: Sequence[Vector]
    mean: Vector

    @classmethod
    def of(cls, values: Matrix) -> "_Ramps":
        """Place the knots by the known values of each feature, (n, F)."""
        knots = [_knots(column[~np.isnan(column)]) for column in values.T]
        raised = cls(knots, np.zeros(0))._raised(values)
        known = ~np.isnan(raised)
        mean = np.where(known, raised, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        return cls(knots, mean)

    @property
    def rising(self) -> NDArray[np.bool_]:
        """(ramps,) which may only rise."""
        sizes = [len(knots) - 1 for knots in self.knots]
        return np.repeat([feature.rising for feature in FEATURES.values()], sizes)

    def of_values(self, values: Matrix) -> Matrix:
        """(n, ramps) of feature values, (n, F); 0 for unknown ones."""
        return np.nan_to_num(self._raised(values) - self.mean)

    def curves(self, weights: Vector) -> dict[str, Curve]:
        """Sum weighted ramps to one curve a feature."""
        curves, place = {}, 0
        for name, knots in zip(FEATURES, self.knots, strict=True):
            own = slice(place, place := place + len(knots) - 1)
            start = -float(weights[own] @ self.mean[own])
            adds = np.concatenate([[start], start + np.cumsum(weights[own])])
            rounded = ([round(float(value), 5) for value in part] for part in (knots, adds))
            curves[name] = Curve(**dict(zip(("knots", "adds"), map(tuple, rounded), strict=True)))
        return curves

    def _raised(self, values: Matrix) -> Matrix:
        columns = [
            np.clip((values[:, feature] - low) / (high - low), 0, 1)
            for feature, knots in enumerate(self.knots)
            for low, high in pairwise(knots)
        ]
        return np.stack(columns, axis=1)


def _knots(known: Vector) -> Vector:
    """Ends of the ramps: quantiles; of what is mostly 0, 0 and quantiles of the rest."""
    different = np.unique(known)
    if len(different) < 2:
        first = float(different[0]) if len(different) else 0.0
        return np.array([first, first + 1.0])
    if len(different) <= SEGMENTS:
        return different
    shares = np.linspace(0.02, 0.98, SEGMENTS + 1)
    placed = np.quantile(known, shares)
    if (known == 0).mean() > 0.4:
        above = known[known > 0]
        placed = np.concatenate([[0.0], np.quantile(above, np.linspace(0.05, 0.95, SEGMENTS))])
    placed = np.unique(placed.round(5))
    return placed if len(placed) > 1 else different[[0, -1]]


def _fitted(
    ramps: Matrix, grades: NDArray[np.intp], rising: NDArray[np.bool_]
) -> tuple[Vector, Vector]:
    """Weights of the ramps and the three thresholds of greatest penalised likelihood."""
    count = ramps.shape[1]

    def loss(parameters: Vector) -> tuple[float, Vector]:
        weights, thresholds = parameters[:count], _thresholds(parameters[count:])
        fitted = ramps @ weights
        ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
        above, below = _logistic(ends[grades + 1] - fitted), _logistic(ends[grades] - fitted)
        likely = np.maximum(above - below, 1e-12)
        slope_above, slope_below = above * (1 - above), below * (1 - below)
        by_fitted = (slope_above - slope_below) / likely
        gradient = np.empty_like(parameters)
        gradient[:count] = ramps.T @ by_fitted + RIDGE * weights
        by_end = [
            (slope_below / likely)[grades == end + 1].sum()
            - (slope_above / likely)[grades == end].sum()
            for end in range(len(GRADES) - 1)
        ]
        steps = np.exp(parameters[count + 1 :])
        gradient[count] = sum(by_end)
        gradient[count + 1 :] = steps * np.array([by_end[1] + by_end[2], by_end[2]])
        total = -np.log(likely).sum() + RIDGE * (weights @ weights) / 2
        return float(total) / len(grades), gradient / len(grades)

    start = np.concatenate([np.full(count, 0.1), np.zeros(len(GRADES) - 1)])
    bounds = [(0.0, None) if one else (None, None) for one in rising] + [(None, None)] * 3
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}
    )
    return found.x[:count], _thresholds(found.x[count:])


def _thresholds(parameters: Vector) -> Vector:
    """Ascending thresholds from the first one and the logarithms of the steps between them."""
    return np.cumsum(np.concatenate([parameters[:1], np.exp(parameters[1:])]))


def _logistic(values: Vector) -> Vector:
    return 1 / (1 + np.exp(-np.clip(values, -40, 40)))
