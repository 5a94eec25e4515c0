"""Learning the weights of the scoring model from the documented partnerships.

A conditional (multinomial) logit: in each question, the documented partners compete with all
other candidates of that asker (McFadden, 1974). What an asker has in common with everybody
cancels out, no negative needs to be sampled, and the weights stay additive. Weights are drawn to
a prior that was set by reason and may not fall below a floor, so that few data cannot turn a
sensible factor against sense. A last step rescales the logits to calibrated scores.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from matcher.evaluation.examples import LEAKY, FactorTable, candidates_of
from matcher.evaluation.protocol import Question, links_of, questions_of
from matcher.matching.columns import Floats
from matcher.matching.features import FACTORS
from matcher.matching.model import ScoringModel, Weight
from matcher.matching.snapshot import Snapshot

PRIOR: Mapping[str, float] = MappingProxyType(
    {
        "profile": 0.5,
        "topic": 0.2,
        "wording": 0.4,
        "specialities": 0.2,
        "services": 0.1,
        "ambitions": 0.2,
        "needs": 0.2,
        "ecosystems": 0.1,
        "label": 0.1,
        "size": 0.05,
        "kind": 0.1,
        "proximity": 0.2,
        "target": 0.1,
        "markets": 0.05,
    }
)
"""Weights by reason, in log-odds per standard deviation: what the text says leads."""

FLOOR: Mapping[str, float] = MappingProxyType(
    {"needs": 0.1, "specialities": 0.1, "size": 0.05, "kind": 0.05}
)
"""Least weights; 0 for all others. What the two sides are told as a reason, and what intents and
askers may turn up, must count for something; the documented pairs neither ask nor forbid it."""

RIDGE = 10.0
"""Strength of the pull towards the prior, in units of questions."""

ONE_IN = 20
"""A score is told as if one eligible cluster in so many were a documented partner."""

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Learned weights of standardised factors, and their calibration.

    Attributes
    ----------
    weights
        (F,) log-odds per standard deviation, calibrated.
    intercept
        Constant of the logit, where one candidate in `ONE_IN` is documented.
    """

    weights: Vector
    intercept: float

    def logits(self, factors: Floats) -> Floats:
        """Logits of the joint score, for (m, F) factors."""
        return np.asarray(factors @ self.weights + self.intercept, dtype=np.float32)


def fit(questions: Sequence[Question], table: FactorTable) -> Fit:
    """Learn weights from questions and calibrate them on the same.

    Parameters
    ----------
    questions
        The training questions.
    table
        Factors of all their askers.
    """
    raw = fit_weights(questions, table)
    return calibrate(raw, questions, table)


def fit_weights(questions: Sequence[Question], table: FactorTable) -> Vector:
    """Weights of greatest posterior probability, (F,)."""
    examples = [candidates_of(question, table) for question in questions]
    prior = np.array([PRIOR[name] for name in FACTORS])
    starts = np.cumsum([0, *(len(wanted) for _, wanted in examples)])[:-1]
    sizes = np.diff([*starts, sum(len(wanted) for _, wanted in examples)])
    factors = np.concatenate([values for values, _ in examples]).astype(np.float64)
    target = np.concatenate([wanted / wanted.sum() for _, wanted in examples])

    def loss(weights: Vector) -> tuple[float, Vector]:
        logits = factors @ weights
        top = np.maximum.reduceat(logits, starts)
        odds = np.exp(logits - np.repeat(top, sizes))
        total = np.add.reduceat(odds, starts)
        pull = weights - prior
        value = float((np.log(total) + top).sum() - target @ logits + RIDGE / 2 * pull @ pull)
        gradient = factors.T @ (odds / np.repeat(total, sizes) - target) + RIDGE * pull
        return value, gradient

    bounds = [(FLOOR.get(name, 0.0), None) for name in FACTORS]
    found = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x)


def calibrate(weights: Vector, questions: Sequence[Question], table: FactorTable) -> Fit:
    """Platt scaling: a slope and an intercept for the logits (Platt, 1999).

    Slope and intercept are learned with documented and other pairs weighing the same. The
    intercept is then moved to the prior of `ONE_IN`: at the natural one, about one in two
    hundred, all scores would be near 0; at an even one, the first page would be all near 1.
    """
    examples = [candidates_of(question, table) for question in questions]
    logits = np.concatenate([values @ weights for values, _ in examples])
    wanted = np.concatenate([flags for _, flags in examples])
    share = np.concatenate([balanced(flags) for _, flags in examples])
    platt = LogisticRegression(C=np.inf).fit(logits[:, None], wanted, sample_weight=share)
    intercept = float(platt.intercept_[0]) - np.log(ONE_IN - 1)
    return Fit(weights * platt.coef_[0, 0], intercept)


def balanced(wanted: Floats) -> Floats:
    """Weights that make the wanted candidates of a question as heavy as the others together."""
    positives = wanted.sum()
    share: Floats = np.where(wanted > 0, 0.5 / positives, 0.5 / (len(wanted) - positives))
    return share.astype(np.float32)


def train_model(snapshot: Snapshot) -> ScoringModel:
    """Learn the shipped model from all documented partnerships.

    Parameters
    ----------
    snapshot
        Clusters and partnerships.

    Returns
    -------
    ScoringModel
        The same for the same data; its report tells what it was learned from.
    """
    corpus = snapshot.corpus
    links = links_of(corpus, snapshot.partnerships)
    questions = questions_of(corpus, links, links)
    table = FactorTable.of(corpus, (question.asker for question in questions))
    learned = fit(questions, table.without(LEAKY))
    weights = {
        name: Weight(weight=_short(weight), mean=_short(mean), scale=_short(scale))
        for name, weight, mean, scale in zip(
            FACTORS, learned.weights, table.mean, table.scale, strict=True
        )
    }
    report = {
        "method": "conditional logit with prior and floor, then Platt scaling",
        "scores are told at a prior of one in": ONE_IN,
        "questions": len(questions),
        "askers": len(table.values),
        "pairs": len({(link.asker, link.partner) for link in links}) // 2,
        "groups": len({link.group for link in links}),
        "ridge": RIDGE,
        "prior": dict(PRIOR),
        "floor": dict(FLOOR),
        "set by reason, not learned": list(LEAKY),
        "embedding": snapshot.provenance.fingerprint,
    }
    intercept = _short(learned.intercept)
    content = {"intercept": intercept, "weights": {k: w.model_dump() for k, w in weights.items()}}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return ScoringModel(version=digest[:12], intercept=intercept, weights=weights, training=report)


def _short(value: float) -> float:
    """Four significant digits: more would only make reviews harder."""
    return float(f"{value:.4g}")
