"""Features on where the two clusters are and where they want to go."""

import numpy as np

from matcher.matching.columns import COUNTRIES, Floats, has
from matcher.matching.corpus import Corpus
from matcher.profiles.taxonomy import country_group


def eastward(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """How often the other side's profile speaks of the East, at most 3, for a side from there.

    Unknown for everybody else, and where both are in the East.
    """
    here = COUNTRIES.among(asker.columns.country, country_group("EaP"))[0]
    there = COUNTRIES.among(partners.columns.country, country_group("EaP"))
    mine, theirs = asker.topics.trait("eastward")[0], partners.topics.trait("eastward")
    to_you = np.where(here & ~there, theirs, np.nan)
    to_them = np.where(there & ~here, mine, np.nan)
    return to_you.astype(np.float32), to_them.astype(np.float32)


def target(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """1 where one side names the other's country as a target, else 0.

    To the asker it matters whether its own targets include the partner's country; to the
    partner, the reverse. Unknown where a side names no targets or a country is unknown.
    """
    mine, theirs = asker.columns.targets[0], partners.columns.target_bits
    there, here = partners.columns.home, asker.columns.home[0]
    to_you = np.where(mine.any() & (there >= 0), mine[there], np.nan)
    to_them = np.where(theirs.any(axis=1) & (here >= 0), has(theirs, here), np.nan)
    return to_you.astype(np.float32), to_them.astype(np.float32)
