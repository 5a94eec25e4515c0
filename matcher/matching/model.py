"""`ScoringModel`: from features to the two fits and the score that joins them.

The model estimates that an experienced adviser would call a pair good. It is a cumulative logit
model (McCullagh, 1980) of the grades 0 to 3, additive in the features: each feature adds what its
curve, a line through a few knots, says of its value. A fit is the logistic of one side's sum; the
score is the logistic of the mean of both sums, which is the geometric mean of both odds: it is
pulled down by the weaker side, and it keeps the explanation exact, since a feature's shares of the
two sums average to its share of the joint one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from matcher.config import DATA_DIR
from matcher.matching.columns import Floats
from matcher.matching.features import FEATURES
from matcher.matching.recommendation import Level
from matcher.matching.reviewed import ReviewedFile

MODEL_FILE = DATA_DIR / "scoring_model.json"

STRONG, WORTH_A_TALK = 0.7, 0.35
"""Scores from which a pair is likely good, and worth a talk."""


class Curve(BaseModel):
    """What one feature adds to the log-odds; a value between two knots adds what lies between."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    knots: tuple[float, ...] = Field(min_length=2, description="Values of the feature, ascending.")
    adds: tuple[float, ...] = Field(description="Log-odds at each knot; 0 on average.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.knots) != len(self.adds):
            raise ValueError("must add something at each knot")
        if any(a >= b for a, b in zip(self.knots, self.knots[1:], strict=False)):
            raise ValueError("must have ascending knots")
        return self

    def at(self, values: Floats) -> Floats:
        """What some values add; unknown ones (NaN) add nothing: they neither help nor harm."""
        added = np.interp(values, self.knots, self.adds).astype(np.float32)
        added[np.isnan(added)] = 0
        return added


class ScoringModel(ReviewedFile):
    """Curves by feature, as the reviewed file `data/scoring_model.json` holds them.

    Attributes
    ----------
    thresholds
        Log-odds that the sum must pass for a grade of at least 1, 2 (good) and 3 (first choice).
    """

    path: ClassVar = MODEL_FILE
    kind: ClassVar = "scoring model"

    version: str
    thresholds: tuple[float, float, float]
    curves: dict[str, Curve]
    training: dict[str, Any] = Field(description="Report of the training, for reviewers.")

    @field_validator("curves")
    @classmethod
    def _complete(cls, curves: dict[str, Curve]) -> dict[str, Curve]:
        if curves.keys() != FEATURES.keys():
            raise ValueError("must have a curve for exactly the features that there are")
        return {name: curves[name] for name in FEATURES}

    @property
    def intercept(self) -> float:
        """Log-odds of a good pair of which nothing is known."""
        return -self.thresholds[1]

    @property
    def spans(self) -> dict[str, float]:
        """What each feature can change at most, in log-odds."""
        return {name: max(curve.adds) - min(curve.adds) for name, curve in self.curves.items()}

    def added(self, values: Floats) -> Floats:
        """(n, F) log-odds that feature values, (n, F), add."""
        columns = [curve.at(values[:, place]) for place, curve in enumerate(self.curves.values())]
        return np.stack(columns, axis=1)


@lru_cache(maxsize=1)
def shipped_model() -> ScoringModel:
    """The model of the shipped file."""
    return ScoringModel.load()


def level_of(score: float) -> Level:
    """A score in a word."""
    if score >= STRONG:
        return "strong"
    return "worth_a_talk" if score >= WORTH_A_TALK else "weak"


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of n partners for one asker.

    Attributes
    ----------
    to_you, to_them
        (n, F) shares of each feature in the two logits, log-odds.
    intercept
        Constant term of all three logits.
    """

    to_you: Floats
    to_them: Floats
    intercept: float

    @property
    def contributions(self) -> Floats:
        """(n, F) shares of each feature in the logit of the joint score."""
        return np.asarray((self.to_you + self.to_them) / 2, dtype=np.float32)

    @property
    def fit_for_you(self) -> Floats:
        """(n,) fits for the asker, in [0, 1]."""
        return _logistic(self.intercept + self.to_you.sum(axis=1))

    @property
    def fit_for_them(self) -> Floats:
        """(n,) fits for the partner, in [0, 1]."""
        return _logistic(self.intercept + self.to_them.sum(axis=1))

    @property
    def score(self) -> Floats:
        """(n,) joint scores, in [0, 1]."""
        return _logistic(self.intercept + self.contributions.sum(axis=1))

    def take(self, rows: NDArray[np.intp]) -> "Scores":
        """The given partners only."""
        return Scores(
            self.to_you.take(rows, axis=0), self.to_them.take(rows, axis=0), self.intercept
        )


def joined(parts: Sequence[Scores]) -> Scores:
    """The scores of all partners of some parts, at least one, under one model."""
    to_you, to_them = (
        np.concatenate([getattr(part, side) for part in parts]) for side in ("to_you", "to_them")
    )
    return Scores(to_you, to_them, parts[0].intercept)


def _logistic(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float32)
