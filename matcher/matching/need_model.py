"""`NeedModel`: how likely an offer meets a need, from what is understood of the two phrases.

A logistic regression on graded pairs of phrases. The closeness of two phrases alone is right in
fewer than half of the cases even where it is high: it misses who gives and who takes, what kind of
thing is meant, and in which trade.
"""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import field_validator

from matcher.config import DATA_DIR
from matcher.matching.columns import Bools, Floats
from matcher.matching.reviewed import ReviewedFile
from matcher.profiles.needs import TRADE_RELATIONS

FILE = DATA_DIR / "need_model.json"

UNKNOWN_RELATION = TRADE_RELATIONS.index("unknown")

PARTS = (
    "cosine",
    "cosine_above_half",
    "kind_agrees",
    "kind_differs",
    *(f"trade_{relation}" for relation in TRADE_RELATIONS if relation != "unknown"),
    "kind_agrees_x_cosine",
    "kind_agrees_x_trade_same",
)
"""What the regression weighs; of trades that are not known, nothing is said."""

_HALF = np.float32(0.5)


class NeedPairs(NamedTuple):
    """What is known of pairs of a need and an offer; arrays of one shape.

    Attributes
    ----------
    cosine
        Of the two phrases.
    agrees
        Whether the offer is of a kind that is sought.
    known
        Whether the kinds of both are known.
    relations
        Places in `TRADE_RELATIONS`.
    """

    cosine: Floats
    agrees: Bools
    known: Bools
    relations: NDArray[np.uint8]

    @property
    def parts(self) -> Floats:
        """(..., parts) what the regression weighs, as `PARTS` names it."""
        cosine, agrees, known, relations = self
        parts = np.zeros((*cosine.shape, len(PARTS)), dtype=np.float32)
        parts[..., 0] = cosine
        parts[..., 1] = np.maximum(cosine - _HALF, 0)
        parts[..., 2] = agrees
        parts[..., 3] = known & ~agrees
        for relation in range(UNKNOWN_RELATION):
            parts[..., 4 + relation] = relations == relation
        parts[..., -2] = agrees * cosine
        parts[..., -1] = agrees & (relations == TRADE_RELATIONS.index("same"))
        return parts


class NeedModel(ReviewedFile):
    """Weights by part, as the reviewed file `data/need_model.json` holds them."""

    path: ClassVar = FILE
    kind: ClassVar = "model of needs"

    version: str
    intercept: float
    weights: dict[str, float]
    training: dict[str, Any]

    @field_validator("weights")
    @classmethod
    def _complete(cls, weights: Mapping[str, float]) -> Mapping[str, float]:
        if weights.keys() != set(PARTS):
            raise ValueError("must weigh exactly the parts that there are")
        return {name: weights[name] for name in PARTS}

    def likelihood(self, pairs: NeedPairs) -> Floats:
        """How likely each need is met, in [0, 1]."""
        cosine, agrees, known, relations = pairs
        case = (relations * 2 + agrees) * 2 + known
        base, slope = self._lines
        above_half = np.float32(self.weights["cosine_above_half"]) * np.maximum(cosine - _HALF, 0)
        logit = base.take(case) + slope.take(case) * cosine + above_half
        return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float32)

    @cached_property
    def _lines(self) -> tuple[Floats, Floats]:
        """Logit at a cosine of 0, and its slope up to one half, in every case there is."""
        case = np.arange(4 * (UNKNOWN_RELATION + 1), dtype=np.uint8)
        agrees, known, relations = case // 2 % 2 > 0, case % 2 > 0, case // 4
        weights = np.array(list(self.weights.values()), dtype=np.float32)
        none, half = (
            NeedPairs(np.full(case.shape, cosine), agrees, known, relations).parts @ weights
            for cosine in (np.float32(0), _HALF)
        )
        slope = (half - none) / _HALF
        return none + np.float32(self.intercept), slope.astype(np.float32)


@lru_cache(maxsize=1)
def need_model() -> NeedModel:
    """The model of the shipped file."""
    return NeedModel.load()
