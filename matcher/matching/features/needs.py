"""Features on what one side seeks and the other offers."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.need_model import UNKNOWN_RELATION, NeedModel, NeedPairs, need_model
from matcher.matching.topics import Phrases, column
from matcher.profiles.needs import TRADE_RELATIONS
from matcher.profiles.trades import ancestors, trades

Relations = NDArray[np.uint8]

_MOST = 0.99


def needs_met(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """How likely any offer of one side meets any need of the other.

    To the asker it matters how the partner's offers meet its needs; to the partner, the reverse.
    Each pair of phrases is judged by `NeedModel`; together they count as independent chances.
    Unknown where one side states no needs or the other no offers.
    """
    return needs_met_under([need_model()], asker, partners)[0]


def needs_met_under(
    models: Sequence[NeedModel], asker: Corpus, partners: Corpus
) -> list[tuple[Floats, Floats]]:
    """`needs_met` under each of some models; what they judge by is computed once."""
    wanted, given = need_pairs(asker, partners), need_pairs(partners, asker)
    offers, seeks = partners.topics.offers.starts, partners.topics.seeks.starts
    return [
        (_met(model.likelihood(wanted), offers), _met(model.likelihood(given).T, seeks))
        for model in models
    ]


def likelihoods(seekers: Corpus, givers: Corpus) -> Floats:
    """(needs, offers) how likely each offer meets each need; one side is a corpus of one row."""
    return need_model().likelihood(need_pairs(seekers, givers))


def need_pairs(seekers: Corpus, givers: Corpus) -> NeedPairs:
    """(needs, offers) what `likelihoods` judges by."""
    seeks, offers = seekers.topics.seeks, givers.topics.offers
    sought, offered = seekers.vectors.phrases["seeks"], givers.vectors.phrases["offers"]
    if len(seekers) == 1:
        cosine = offered.cosines(sought).T
        relations = _relations(seeks, offers, offered=False)
    else:
        cosine = sought.cosines(offered)
        relations = _relations(offers, seeks, offered=True).T
    agrees = (seeks.kinds[:, None] & offers.kinds) > 0
    known = (seeks.kinds[:, None] > 0) & (offers.kinds > 0)
    return NeedPairs(np.round(cosine, 6), agrees, known, relations)


def _relations(few: Phrases, many: Phrases, *, offered: bool) -> Relations:
    """(few, many) closest relation of any two trades, as places in `TRADE_RELATIONS`.

    Parameters
    ----------
    few, many
        Phrases of one side and of the other.
    offered
        Whether the few are the offers.
    """
    found = np.full((len(few.kinds), len(many.kinds)), UNKNOWN_RELATION, dtype=np.uint8)
    close = _closeness().T if offered else _closeness()
    for row in range(len(found)):
        named = few.trades.columns[few.trades.starts[row] : few.trades.starts[row + 1]]
        if len(named):
            found[row] = UNKNOWN_RELATION - many.trades.largest(close[named].max(axis=0))
    return found


@lru_cache(maxsize=1)
def _closeness() -> Floats:
    """(T, T) how close an offered trade, a column, is to a sought one: 6 the same, 1 none."""
    known = trades()
    count = len(known)
    above, uses = (np.zeros((count, count), dtype=np.float32) for _ in range(2))
    for row, trade in enumerate(known.values()):
        above[row, [column(other) for other in ancestors(trade.id)]] = 1
        uses[row, [column(other) for other in trade.uses]] = 1
    stands = {
        "sibling": above @ above.T > 0,
        "chain": uses + uses.T > 0,
        "broader": above > 0,
        "narrower": above.T > 0,
        "same": np.eye(count, dtype=np.bool_),
    }
    closeness = np.ones((count, count), dtype=np.float32)
    for name, pairs in stands.items():
        closeness[pairs] = UNKNOWN_RELATION - TRADE_RELATIONS.index(name)
    return closeness


def _met(likelihood: Floats, starts: NDArray[np.int64]) -> Floats:
    """(n,) chance that any of a segment's columns is met; NaN where there are none, or no rows."""
    if not len(likelihood):
        return np.full(len(starts) - 1, np.nan, dtype=np.float32)
    missed = np.log1p(-np.minimum(likelihood, np.float32(_MOST))).sum(axis=0)
    met = np.full(len(starts) - 1, np.nan, dtype=np.float32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        met[filled] = 1 - np.exp(np.add.reduceat(missed, starts[filled]))
    return met
