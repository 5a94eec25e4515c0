"""Features on the sectors of the two clusters."""

import numpy as np

from matcher.matching.columns import NACE, UNKNOWN, Bools, Floats, has
from matcher.matching.corpus import Corpus


def shared_ecosystems(asker: Corpus, partners: Corpus) -> Floats:
    """Overlap of the industrial ecosystems, rare ones counting more.

    The Jaccard coefficient, each class weighted by its inverse document frequency; unknown where
    one side states no ecosystem.
    """
    mine, theirs = asker.columns.ecosystems[0], partners.columns.ecosystems
    return _overlap(mine, theirs, partners.rarities.ecosystems)


def main_ecosystem(asker: Corpus, partners: Corpus) -> Floats:
    """Whether the first ecosystem of each side is one of the other's: half for each direction."""
    mine, theirs = asker.columns, partners.columns
    first = mine.main_ecosystem[0]
    if first == UNKNOWN:
        return np.full(len(partners), np.nan, dtype=np.float32)
    stated = theirs.main_ecosystem != UNKNOWN
    of_mine = mine.ecosystems[0][np.where(stated, theirs.main_ecosystem, 0)]
    value = (of_mine.astype(np.float32) + has(theirs.ecosystem_bits, int(first))) / 2
    return np.where(stated, value, np.nan).astype(np.float32)


def shared_activities(asker: Corpus, partners: Corpus) -> Floats:
    """Overlap of the NACE divisions (Jaccard coefficient, rare ones counting more).

    Unknown where one side states none.
    """
    mine, theirs = (NACE.table(side.columns.nace_bits) for side in (asker, partners))
    return _overlap(mine[0], theirs, partners.rarities.nace)


def _overlap(one: Bools, many: Bools, rarity: Floats) -> Floats:
    """(n,) Jaccard coefficients of one set with many, each class weighted by its rarity."""
    both, theirs = (many @ np.stack([one * rarity, rarity], axis=1)).T
    either = theirs + one @ rarity - both
    known = many.any(axis=1) & one.any() & (either > 0)
    shared: Floats = np.divide(both, either, out=np.full_like(both, np.nan), where=known)
    return shared
