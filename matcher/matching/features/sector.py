"""Factors on what the two clusters are: sectors, label, size, kind."""

import numpy as np

from matcher.matching.columns import UNKNOWN, Floats
from matcher.matching.corpus import Corpus


def shared_ecosystems(asker: Corpus, partners: Corpus) -> Floats:
    """Overlap of the industrial ecosystems, rare ones counting more.

    The Jaccard coefficient, each class weighted by its inverse document frequency; unknown where
    one side states no ecosystem.
    """
    one, many = asker.columns.ecosystems[0], partners.columns.ecosystems
    both, either = (many & one) @ partners.rarity, (many | one) @ partners.rarity
    known = many.any(axis=1) & one.any() & (either > 0)
    shared: Floats = np.divide(both, either, out=np.full_like(both, np.nan), where=known)
    return shared


def size_similarity(asker: Corpus, partners: Corpus) -> Floats:
    """Smaller over larger number of members, in (0, 1]; unknown where a number is missing."""
    mine = np.maximum(asker.columns.members[0], 1)
    theirs = np.maximum(partners.columns.members, 1)
    return np.asarray(np.minimum(mine, theirs) / np.maximum(mine, theirs), dtype=np.float32)


def same_kind(asker: Corpus, partners: Corpus) -> Floats:
    """1 where both are the same kind of organisation, else 0; unknown without a kind."""
    mine, theirs = asker.columns.kind[0], partners.columns.kind
    known = (theirs != UNKNOWN) & (mine != UNKNOWN)
    return np.where(known, theirs == mine, np.nan).astype(np.float32)


def label(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """1 where the other side states an excellence label, else 0: most clusters have none."""
    theirs = (partners.columns.label != UNKNOWN).astype(np.float32)
    mine = np.full_like(theirs, asker.columns.label[0] != UNKNOWN)
    return theirs, mine
