"""Features on what the two clusters are about."""

from functools import lru_cache

import numpy as np

from matcher.embedding.sparse import Sparse
from matcher.matching.columns import Bools, Floats
from matcher.matching.corpus import Corpus
from matcher.matching.topics import column
from matcher.profiles.trades import trades


def shared_trades(asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of the trades, rare ones counting more, broader ones filled in.

    Unknown where a side names no trade.
    """
    mine, theirs = asker.topics, partners.topics
    rarity = theirs.rarity
    one = mine.reach.dense(0, len(rarity)) * rarity**2
    length = np.maximum(mine.norms[0] * theirs.norms, np.float32(1e-9))
    return _known(theirs.reach.dot(one) / length, mine.reach.filled[0] & theirs.reach.filled)


def value_chain(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """How far one side's trades supply what the other's use.

    To the asker it matters what the partner can supply; to the partner, the reverse.
    """
    mine, theirs = asker.topics, partners.topics
    rarity = theirs.rarity
    own = mine.stated.dense(0, len(rarity))
    known = mine.stated.filled[0] & theirs.stated.filled
    to_you = theirs.stated.dot(_used_by(own) * rarity)
    to_them = theirs.stated.dot(_users_of(own * rarity))
    return _known(to_you, known), _known(to_them, known)


def wanted_trades(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """Share of the trades that one side's needs name and that the other side works in.

    To the asker it matters what the partner works in; to the partner, the reverse. Unknown where
    no need names a trade.
    """
    mine, theirs = asker.topics, partners.topics
    width = len(theirs.rarity)
    to_you = theirs.reach.dot(mine.wanted.dense(0, width))
    to_them = theirs.wanted.dot(mine.reach.dense(0, width))
    return _known(to_you, mine.wanted.filled[0]), _known(to_them, theirs.wanted.filled)


@lru_cache(maxsize=1)
def _uses() -> Sparse:
    """(T, T) 1 where the trade of a row uses the one of a column."""
    return Sparse.of({column(used): 1.0 for used in trade.uses} for trade in trades().values())


def _used_by(weights: Floats) -> Floats:
    """(T,) how far each trade is used by the weighted ones."""
    uses = _uses()
    spread = np.repeat(weights, np.diff(uses.starts)) * uses.values
    return np.bincount(uses.columns, spread, len(weights)).astype(np.float32)


def _users_of(weights: Floats) -> Floats:
    """(T,) how far each trade uses the weighted ones."""
    return _uses().dot(weights)


def _known(values: Floats, known: Bools | np.bool_) -> Floats:
    return np.where(known, values, np.nan).astype(np.float32)
