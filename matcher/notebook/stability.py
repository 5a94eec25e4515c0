"""How much a list depends on the weights: which partners stay, whatever one believes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.matching.columns import Floats
from matcher.matching.features import FEATURES, GROUP_TITLES
from matcher.matching.pairs import PairScores
from matcher.matching.purposes import PURPOSE
from matcher.profiles.profile import ClusterProfile

Ranks = NDArray[np.int64]


@dataclass(frozen=True)
class Stability:
    """Ranks of one asker's partners under many draws of the weights.

    Attributes
    ----------
    asker
        Name of the asking cluster.
    k
        Length of the list that is looked at.
    spread
        Each weight is multiplied by ``exp(spread * z)``, z standard normal.
    overlap
        (draws,) share of the first k that stays, for each draw.
    partners
        The partners that stand in the first k of any draw, best first; see `to_frame`.
    """

    asker: str
    k: int
    spread: float
    overlap: NDArray[np.float64]
    partners: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """One row a partner, by id: name, `rank` as it is, `share` of draws in the first k.

        `low` and `high` enclose the middle 90 % of its ranks over all draws.
        """
        return self.partners


def rank_stability(
    pairs: PairScores, *, k: int = 10, draws: int = 500, spread: float = 0.5, seed: int = 0
) -> Stability:
    """Draw all weights anew, many times, and see who stays in the list.

    Parameters
    ----------
    pairs
        One asker against its partners.
    k
        Length of the list.
    draws, spread, seed
        How often, how widely (0.5: two thirds of the weights stay between 0.6 and 1.6 times what
        they are) and from which seed weights are drawn.

    Raises
    ------
    ValueError
        There is not exactly one asker.
    """
    groups, purpose = _one_asker(pairs)
    k = min(k, int(pairs.allowed.sum()))
    drawn = np.exp(spread * np.random.default_rng(seed).standard_normal((draws, len(GROUP_TITLES))))
    ranks = _ranks(groups @ drawn.T.astype(np.float32) + purpose)
    base = _ranks(groups.sum(axis=1, keepdims=True) + purpose)[:, 0]
    low, high = np.quantile(ranks, [0.05, 0.95], axis=1, method="nearest")
    inside = (ranks <= k).mean(axis=1)
    partners = _allowed(pairs)
    frame = pd.DataFrame(
        {
            "name": [one.name for one in partners],
            "country": [one.country for one in partners],
            "rank": base,
            "share": inside,
            "low": low,
            "high": high,
        },
        index=pd.Index([one.id for one in partners], name="id"),
    )
    frame = frame[(frame["share"] > 0) | (frame["rank"] <= k)].sort_values("rank")
    overlap = (ranks[base <= k] <= k).mean(axis=0)
    return Stability(pairs.askers[0].name, k, spread, overlap, frame)


def weight_influence(pairs: PairScores, k: int = 10) -> pd.DataFrame:
    """How the list of one asker changes when a single weight is 0 or 2.

    Returns
    -------
    DataFrame
        One row a weight, see `GROUP_TITLES`, the most influential first: its `title`, and the
        share of the first k that stays when it is `ignored` and when it is `doubled`.

    Raises
    ------
    ValueError
        There is not exactly one asker.
    """
    groups, purpose = _one_asker(pairs)
    k = min(k, len(groups))
    logits = groups.sum(axis=1, keepdims=True) + purpose
    base = _ranks(logits)[:, 0] <= k
    stays: Mapping[str, NDArray[np.float64]] = {
        "ignored": (_ranks(logits - groups)[base] <= k).mean(axis=0),
        "doubled": (_ranks(logits + groups)[base] <= k).mean(axis=0),
    }
    frame = pd.DataFrame(
        {"title": list(GROUP_TITLES.values()), **stays},
        index=pd.Index(list(GROUP_TITLES), name="weight"),
    )
    return frame.sort_values(["ignored", "doubled"], kind="stable")


def _one_asker(pairs: PairScores) -> tuple[Floats, Floats]:
    """What each group of features, (m, G), and the purpose, (m, 1), add for allowed partners."""
    if len(pairs.askers) != 1:
        raise ValueError(f"one asker is needed, there are {len(pairs.askers)}")
    shares: Floats = pairs.contributions[0][pairs.allowed[0]]
    columns = np.array([*(feature.group for feature in FEATURES.values()), PURPOSE])
    groups = [shares[:, columns == name].sum(axis=1) for name in GROUP_TITLES]
    return np.stack(groups, axis=1), shares[:, columns == PURPOSE]


def _allowed(pairs: PairScores) -> list[ClusterProfile]:
    return [one for one, allowed in zip(pairs.partners, pairs.allowed[0], strict=True) if allowed]


def _ranks(logits: Floats) -> Ranks:
    """Rank of each row within each column, from 1; ties by row."""
    order = np.argsort(-logits, axis=0, kind="stable")
    ranks = np.empty(logits.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.arange(1, len(logits) + 1)[:, None], axis=0)
    return ranks
