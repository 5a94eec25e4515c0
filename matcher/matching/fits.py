"""Values and directed fits of all pairs of two sides, from the scoring model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.matching.corpus import Corpus
from matcher.matching.model import ScoringModel
from matcher.matching.query import PartnerQuery
from matcher.matching.ranker import multipliers, score
from matcher.profiles.profile import ClusterProfile, Intent


@dataclass(frozen=True, slots=True)
class PairFits:
    """n askers against m targets.

    Attributes
    ----------
    value
        (n, m) mutual value: the joint score, in [0, 1].
    for_askers, for_targets
        (n, m) directed fits, in [0, 1].
    """

    value: NDArray[np.float64]
    for_askers: NDArray[np.float64]
    for_targets: NDArray[np.float64]


def pair_fits(
    corpus: Corpus,
    model: ScoringModel,
    sides: tuple[Sequence[ClusterProfile], Sequence[ClusterProfile]],
    intent: Intent | None = None,
) -> PairFits:
    """Score every asker against every target, as the ranking does.

    Parameters
    ----------
    corpus
        All clusters, as the matcher's snapshot holds them.
    model
        The scoring model.
    sides
        Askers and targets, all of them in the corpus.
    intent
        What the partnerships are for.
    """
    askers, targets = sides
    partners = corpus.take(np.array([corpus.row_of[b.id] for b in targets], dtype=np.intp))
    shape = (len(askers), len(targets))
    value, for_askers, for_targets = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for row, asker in enumerate(askers):
        query = PartnerQuery(cluster=asker.id, intent=intent)
        one = corpus.take(np.array([corpus.row_of[asker.id]], dtype=np.intp))
        scores = score(one, partners, model, multipliers(query))
        value[row] = scores.score
        for_askers[row], for_targets[row] = scores.fit_for_you, scores.fit_for_them
    return PairFits(value, for_askers, for_targets)
