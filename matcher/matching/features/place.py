"""Factors on where the two clusters are and where they want to go."""

import numpy as np

from matcher.matching.columns import Floats, has
from matcher.matching.corpus import Corpus

EARTH_RADIUS_KM = 6371.0
NEAR_KM = 50.0


def distance_km(asker: Corpus, partners: Corpus) -> Floats:
    """Great-circle distances (haversine formula); NaN where a seat is unknown."""
    lat, lon = np.radians(asker.columns.lat[0]), np.radians(asker.columns.lon[0])
    lats, lons = np.radians(partners.columns.lat), np.radians(partners.columns.lon)
    across = np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    half = np.sin((lats - lat) / 2) ** 2 + across
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)), dtype=np.float32)


def proximity(asker: Corpus, partners: Corpus) -> Floats:
    """Negative logarithm of the distance in 1,000 km, flattened below `NEAR_KM`."""
    return np.asarray(-np.log((distance_km(asker, partners) + NEAR_KM) / 1000), dtype=np.float32)


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


def shared_markets(asker: Corpus, partners: Corpus) -> Floats:
    """Target countries in common (Jaccard coefficient); unknown where a side names none."""
    mine, theirs = asker.columns.target_bits[0], partners.columns.target_bits
    both, either = (np.bitwise_count(bits).sum(axis=1) for bits in (theirs & mine, theirs | mine))
    known = mine.any() & theirs.any(axis=1)
    shared = np.full(len(partners), np.nan, dtype=np.float32)
    np.divide(both, either, out=shared, where=known, casting="unsafe")
    return shared
