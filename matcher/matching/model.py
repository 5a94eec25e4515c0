"""`ScoringModel`: from factors to the two fits and the score that joins them.

Each side's fit is a logistic regression on standardised factors. The score is the logistic of the
mean of both logits, which is the geometric mean of both odds: it is pulled down by the weaker
side, and it keeps the explanation exact, since the factors' shares of the two logits average to
shares of the joint one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from matcher.config import DATA_DIR
from matcher.errors import UnreadableFileError
from matcher.matching.columns import Floats
from matcher.matching.features import FACTORS

MODEL_FILE = DATA_DIR / "scoring_model.json"


class Weight(BaseModel):
    """One factor's weight and the standardisation that goes before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: float = Field(description="Log-odds per standard deviation of the factor.")
    mean: float = Field(description="Mean over the training pairs; an unknown value counts as it.")
    scale: float = Field(gt=0, description="Standard deviation over the training pairs.")


class ScoringModel(BaseModel):
    """Weights by factor, as the reviewed file `data/scoring_model.json` holds them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    intercept: float
    weights: dict[str, Weight]
    training: dict[str, Any] = Field(description="Report of the training, for reviewers.")

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> Self:
        """Read a model file.

        Raises
        ------
        UnreadableFileError
            There is none, or it is damaged or of another version.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise UnreadableFileError(
                f"{path.name} is no scoring model of this version; restore it, or write it anew: "
                "matcher train"
            ) from error

    @field_validator("weights")
    @classmethod
    def _complete(cls, weights: dict[str, Weight]) -> dict[str, Weight]:
        if weights.keys() != FACTORS.keys():
            raise ValueError("must weigh exactly the factors that there are")
        return weights

    def to_json(self) -> str:
        """The model as the text of its file."""
        return self.model_dump_json(indent=2) + "\n"


@lru_cache(maxsize=1)
def shipped_model() -> ScoringModel:
    """The model of the shipped file."""
    return ScoringModel.load()


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of n partners for one asker.

    Attributes
    ----------
    to_you, to_them
        (n, F) shares of each factor in the two logits, log-odds.
    intercept
        Constant term of all three logits.
    """

    to_you: Floats
    to_them: Floats
    intercept: float

    @property
    def contributions(self) -> Floats:
        """(n, F) shares of each factor in the logit of the joint score."""
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
        return Scores(self.to_you[rows], self.to_them[rows], self.intercept)


def joined(parts: Sequence[Scores]) -> Scores:
    """The scores of all partners of some parts, at least one, under one model."""
    to_you, to_them = (
        np.concatenate([getattr(part, side) for part in parts]) for side in ("to_you", "to_them")
    )
    return Scores(to_you, to_them, parts[0].intercept)


def _logistic(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float32)
