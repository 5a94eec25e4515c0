"""`Pair`: all that reasons are drawn from."""

from collections.abc import Mapping
from typing import NamedTuple

from matcher.matching.columns import Floats
from matcher.profiles.meaning import Meaning
from matcher.profiles.profile import DraftProfile, Intent


class Pair(NamedTuple):
    """All that reasons are drawn from.

    Attributes
    ----------
    you, they
        The two profiles.
    your_meaning, their_meaning
        The same, understood.
    needs, their_needs
        (needs, offers) how likely the partner's offers meet the asker's needs, and the reverse.
    specialities, offers
        (yours, theirs) cosines of the technologies, and of the offers.
    share
        Trade -> share of the clusters that work in it.
    wide
        Trades that are called wide fields.
    intent
        What the partnership is for.
    """

    you: DraftProfile
    they: DraftProfile
    your_meaning: Meaning
    their_meaning: Meaning
    needs: Floats
    their_needs: Floats
    specialities: Floats
    offers: Floats
    share: Mapping[str, float]
    wide: frozenset[str]
    intent: Intent | None
