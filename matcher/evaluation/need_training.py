"""Learning the model of needs from graded pairs of a need and an offer."""

import hashlib
import json
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from matcher.evaluation.judged import JudgedNeed
from matcher.matching.corpus import Corpus
from matcher.matching.features.needs import need_pairs
from matcher.matching.need_model import PARTS, NeedModel, NeedPairs

_MET = 2


class NeedExample(NamedTuple):
    """What is known of a graded need and offer.

    Attributes
    ----------
    seeker, giver
        Ids of the clusters.
    pair
        What a `NeedModel` judges by.
    met
        Whether the offer was graded as meeting the need.
    """

    seeker: str
    giver: str
    pair: NeedPairs
    met: bool


def need_examples(corpus: Corpus, graded: Iterable[JudgedNeed]) -> list[NeedExample]:
    """Look graded phrases up; what the profiles no longer say is passed over."""
    found = (_example(corpus, one) for one in graded)
    return [example for example in found if example is not None]


def _example(corpus: Corpus, one: JudgedNeed) -> NeedExample | None:
    if not {one.cluster, one.other} <= corpus.row_of.keys():
        return None
    seeker, giver = (
        corpus.take(np.array([corpus.row_of[key]])) for key in (one.cluster, one.other)
    )
    seeks, offers = seeker.profiles[0].seeks, giver.profiles[0].offers
    if one.need not in seeks or one.offer not in offers:
        return None
    place = seeks.index(one.need), offers.index(one.offer)
    pair = NeedPairs(*(known[place] for known in need_pairs(seeker, giver)))
    return NeedExample(one.cluster, one.other, pair, one.grade == _MET)


def train_needs(examples: Iterable[NeedExample]) -> NeedModel:
    """Fit the model of needs."""
    known = list(examples)
    met = np.array([one.met for one in known])
    fitted = LogisticRegression(C=1.0, max_iter=2000).fit([one.pair.parts for one in known], met)
    weights = {name: round(float(w), 4) for name, w in zip(PARTS, fitted.coef_[0], strict=True)}
    return NeedModel(
        version=hashlib.sha256(json.dumps(weights).encode()).hexdigest()[:12],
        intercept=round(float(fitted.intercept_[0]), 4),
        weights=weights,
        training={"pairs": len(met), "met": int(met.sum())},
    )
