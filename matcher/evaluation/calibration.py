"""Whether scores can be read as probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.evaluation.examples import FactorTable, candidates_of
from matcher.evaluation.protocol import Question
from matcher.evaluation.training import ONE_IN, Fit, balanced

_BINS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """A reliability curve, with documented and other candidates weighing the same.

    At this even prior the curve spans the whole range; the shipped scores are the same logits
    moved to the prior of `matcher.evaluation.training.ONE_IN`.

    Attributes
    ----------
    error
        Expected calibration error: mean distance of score and frequency, weighted by bin.
    scores, frequencies, weights
        For each filled bin: mean score, share of documented pairs, share of the weight.
    """

    error: float
    scores: tuple[float, ...]
    frequencies: tuple[float, ...]
    weights: tuple[float, ...]


def calibration(
    questions: Sequence[Question], table: FactorTable, fits: Sequence[Fit]
) -> Calibration:
    """Compare the scores of held-out candidates with what is documented (Naeini et al., 2015)."""
    scores, wanted, weight = [], [], []
    for question, fitted in zip(questions, fits, strict=True):
        factors, flags = candidates_of(question, table)
        scores.append(1 / (1 + np.exp(-fitted.logits(factors) - np.log(ONE_IN - 1))))
        wanted.append(flags)
        weight.append(balanced(flags))
    return _curve(np.concatenate(scores), np.concatenate(wanted), np.concatenate(weight))


def _curve(scores: np.ndarray, wanted: np.ndarray, weight: np.ndarray) -> Calibration:
    place = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    mass = np.bincount(place, weight, _BINS)
    filled = mass > 0
    mean_score = np.bincount(place, weight * scores, _BINS)[filled] / mass[filled]
    frequency = np.bincount(place, weight * wanted, _BINS)[filled] / mass[filled]
    share = mass[filled] / mass.sum()
    return Calibration(
        float(share @ np.abs(mean_score - frequency)),
        tuple(mean_score.tolist()),
        tuple(frequency.tolist()),
        tuple(share.tolist()),
    )
