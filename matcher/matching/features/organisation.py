"""Features on what kind of organisation the two sides are, and how much is known of them."""

import numpy as np

from matcher.matching.columns import KIND, UNKNOWN, Floats
from matcher.matching.corpus import Corpus

SUPPORT = ("technology_park", "incubator_accelerator", "innovation_hub", "public_agency")
"""Kinds that serve firms of any trade."""


def both_support(asker: Corpus, partners: Corpus) -> Floats:
    """1 where both serve firms of any trade, -1 where only one does, 0 where neither does."""
    mine = KIND.among(asker.columns.kind, SUPPORT)[0]
    theirs = KIND.among(partners.columns.kind, SUPPORT)
    value = np.where(theirs == mine, float(mine), -1.0)
    known = (asker.columns.kind[0] != UNKNOWN) & (partners.columns.kind != UNKNOWN)
    return np.where(known, value, np.nan).astype(np.float32)


def breadth(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """Number of ecosystems of the other side: a specialised partner is preferred."""
    return _of_the_other(asker, partners, "breadth")


def breadth_gap(asker: Corpus, partners: Corpus) -> Floats:
    """Difference in the number of ecosystems: general bodies suit general bodies."""
    mine, theirs = asker.topics.trait("breadth")[0], partners.topics.trait("breadth")
    return np.asarray(np.abs(theirs - mine), dtype=np.float32)


def focus(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """How much the trades of the other side are one (negative entropy)."""
    return _of_the_other(asker, partners, "focus")


def acts_for_members(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """1 where the other side speaks of firms or members that it can act for, else 0."""
    return _of_the_other(asker, partners, "acts")


def detail(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """Number of offers that the other side states."""
    return _of_the_other(asker, partners, "offers")


def freshness(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """Year of the facts about the other side; unknown where no page gave one."""
    theirs = partners.columns.as_of
    return theirs, np.full_like(theirs, asker.columns.as_of[0])


def _of_the_other(asker: Corpus, partners: Corpus, trait: str) -> tuple[Floats, Floats]:
    theirs = partners.topics.trait(trait)
    return theirs, np.full_like(theirs, asker.topics.trait(trait)[0])
