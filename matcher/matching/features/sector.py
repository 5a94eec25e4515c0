"""Features on the sectors of the two clusters."""

import numpy as np

from matcher.matching.columns import NACE, UNKNOWN, Floats, has
from matcher.matching.corpus import Corpus


def shared_ecosystems(asker: Corpus, partners: Corpus) -> Floats:
    """Overlap of the industrial ecosystems, rare ones counting more.

    The Jaccard coefficient, each class weighted by its inverse document frequency; unknown where
    one side states no ecosystem.
    """
    one, many = asker.columns.ecosystems[0], partners.columns.ecosystems
    both, either = (
        (many & one) @ partners.rarities.ecosystems,
        (many | one) @ partners.rarities.ecosystems,
    )
    known = many.any(axis=1) & one.any() & (either > 0)
    shared: Floats = np.divide(both, either, out=np.full_like(both, np.nan), where=known)
    return shared


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
    one, many = NACE.table(asker.columns.nace_bits)[0], NACE.table(partners.columns.nace_bits)
    rarity = partners.rarities.nace
    both, either = (many & one) @ rarity, (many | one) @ rarity
    known = many.any(axis=1) & one.any() & (either > 0)
    shared: Floats = np.divide(both, either, out=np.full_like(both, np.nan), where=known)
    return shared
