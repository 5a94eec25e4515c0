"""How much of what matters a profile says, and what to add first."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from matcher.profiles.profile import DraftProfile

WEIGHTS: Mapping[str, int] = {
    # What is matched: a partner's gain is read from offers and seeks, so they lead.
    "offers": 14,
    "seeks": 14,
    "description": 12,  # the text that closeness of meaning is measured on
    "ecosystems": 10,  # the coarse field that every partner search starts from
    "nace": 6,  # the fine field
    "technologies": 6,  # shared and complementary know-how
    "country": 5,  # decides which clusters are eligible
    "target_countries": 5,  # whether either side looks towards the other
    "members_total": 5,  # fit of size; committed members are a registration criterion
    # What readiness is judged by, and what staff look at before they introduce.
    "website": 3,  # proof of activity
    "management_fte": 3,  # registration asks for a management team
    "name": 2,
    "kind": 2,  # peers work differently with an agency than with a cluster
    "lat": 2,  # distance
    "english_site": 2,  # registration asks for an English site
    "members_sme": 2,  # types of members: registration asks for two
    "members_research": 2,  # research strength
    "founded": 1,  # fit of maturity
    "members_public": 1,  # visible cooperation with public bodies
    "recognised_programme": 1,  # may waive other criteria
    "intents": 1,  # the purpose, for suggestions that need no question
    "last_verified": 1,  # age of the facts
}
"""Field -> weight, the weightiest first.

Left out are fields whose absence may be the fact itself, such as a label.
"""


_BLANK = (None, ())
_said = attrgetter(*WEIGHTS)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a profile is.

    Attributes
    ----------
    share
        Weight of the filled fields over the weight of all, in [0, 1].
    missing
        Blank fields, the one worth most first; `lat` stands for the coordinates.
    """

    share: float
    missing: tuple[str, ...]


def completeness(profile: DraftProfile) -> Completeness:
    """Weigh the filled fields of a profile by `WEIGHTS`; zero and "no" are answers, too."""
    missing = [
        field for field, value in zip(WEIGHTS, _said(profile), strict=True) if value in _BLANK
    ]
    lacking = sum(map(WEIGHTS.__getitem__, missing))
    return Completeness(1 - lacking / sum(WEIGHTS.values()), tuple(missing))
