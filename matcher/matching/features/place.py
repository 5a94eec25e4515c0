"""Features on where the two clusters are and where they want to go."""

import numpy as np

from matcher.matching.columns import COUNTRIES, Floats, has
from matcher.matching.corpus import Corpus
from matcher.profiles.taxonomy import country_group

EARTH_RADIUS_KM = 6371.0


def distance_km(asker: Corpus, partners: Corpus) -> Floats:
    """Great-circle distances (haversine formula); NaN where a seat is unknown."""
    lat, lon = np.radians(asker.columns.lat[0]), np.radians(asker.columns.lon[0])
    lats, lons = np.radians(partners.columns.lat), np.radians(partners.columns.lon)
    across = np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    half = np.sin((lats - lat) / 2) ** 2 + across
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)), dtype=np.float32)


def eastward(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """How often the partner's profile speaks of the East, at most 3, for an asker from there.

    Unknown for everybody else, and for partners that are in the East themselves.
    """
    east = COUNTRIES.among(partners.columns.country, country_group("EaP"))
    asks = bool(COUNTRIES.among(asker.columns.country, country_group("EaP"))[0])
    mentions = partners.topics.trait("eastward")
    to_you = np.where(~east & asks, mentions, np.nan).astype(np.float32)
    return to_you, np.full_like(to_you, np.nan)


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
