"""What a partnership is for, and what the asker weighs: which evidence counts, and how much."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from matcher.errors import FieldProblem, InvalidInputError
from matcher.matching.columns import KIND, Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import FEATURES, GROUP_TITLES
from matcher.matching.features.place import target
from matcher.matching.query import PartnerQuery
from matcher.matching.topics import bits
from matcher.profiles.needs import NeedKind
from matcher.profiles.profile import Intent, Kind

PURPOSE = "purpose"
"""Name of what the evidence for a purpose adds to a score."""

PURPOSE_TITLE = "Suits the purpose"

PHRASE, WISH, ORGANISATION = 1.0, 0.8, 0.4
"""How far an offer or service, a need, and the mere kind of organisation show a purpose."""

BONUS = 1.2
"""Log-odds that evidence adds: enough to bring those that show it forward among good partners."""

FORMER: Mapping[str, str] = MappingProxyType(
    {
        "topic": "profile",
        "wording": "profile",
        "specialities": "profile",
        "services": "profile",
        "ambitions": "needs",
        "kind": "organisation",
        "target": "markets",
        "label": "organisation",
        "size": "organisation",
        "proximity": "markets",
    }
)
"""Names of weights in links of earlier versions -> the group that took their place."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a partnership is for.

    Attributes
    ----------
    title
        In plain words.
    offers
        Kinds of need that the partner's offers or services should meet.
    seeks
        Kinds of need that the partner itself should state.
    kinds
        Kinds of organisation that suit the purpose.
    """

    title: str
    offers: tuple[NeedKind, ...] = ()
    seeks: tuple[NeedKind, ...] = ()
    kinds: tuple[Kind, ...] = ()


PURPOSES: Mapping[Intent, Purpose] = MappingProxyType(
    {
        "market_access": Purpose(
            "Market access",
            offers=("buyers", "visibility"),
            seeks=("suppliers",),
            kinds=("business_association",),
        ),
        "joint_rd": Purpose(
            "Joint research and development",
            offers=("technology", "facilities"),
            seeks=("technology",),
            kinds=("innovation_hub", "technology_park"),
        ),
        "eu_proposal": Purpose(
            "Joint EU proposal", offers=("project_partners",), seeks=("project_partners",)
        ),
        "value_chain": Purpose(
            "Value chain", offers=("suppliers", "buyers"), seeks=("suppliers", "buyers")
        ),
        "know_how": Purpose("Know-how for cluster management", offers=("know_how",)),
        "investment": Purpose(
            "Investment",
            offers=("investors", "residents"),
            seeks=("investors",),
            kinds=("incubator_accelerator",),
        ),
        "exchange": Purpose("Exchange and study visits", offers=("exchange",), seeks=("exchange",)),
    }
)
INTENT_TITLES: Mapping[Intent, str] = MappingProxyType(
    {intent: purpose.title for intent, purpose in PURPOSES.items()}
)


def evidence(intent: Intent | None, asker: Corpus, partners: Corpus) -> Floats:
    """(n,) log-odds that what shows the purpose adds; 0 without a purpose or evidence."""
    if intent is None:
        return np.zeros(len(partners), dtype=np.float32)
    purpose = PURPOSES[intent]
    offered, sought = np.uint16(bits(purpose.offers)), np.uint16(bits(purpose.seeks))
    topics = partners.topics
    shown = np.where(KIND.among(partners.columns.kind, purpose.kinds), ORGANISATION, 0.0)
    shown = np.maximum(shown, WISH * topics.seeks.any_of(sought))
    for phrases in (topics.offers, topics.services):
        shown = np.maximum(shown, PHRASE * phrases.any_of(offered))
    if intent == "market_access":
        shown = np.maximum(shown, np.nan_to_num(target(asker, partners)[0]))
    return np.asarray(BONUS * shown, dtype=np.float32)


def multipliers(query: PartnerQuery) -> Floats:
    """(F,) what the asker's own weights multiply each feature by.

    Raises
    ------
    InvalidInputError
        A weight names no group.
    """
    given = {FORMER.get(name, name): weight for name, weight in query.weights.items()}
    unknown = sorted(given.keys() - GROUP_TITLES.keys())
    if unknown:
        known = ", ".join(GROUP_TITLES)
        raise InvalidInputError(
            f"There is no weight called {unknown[0]!r}.",
            [FieldProblem(f"weights.{name}", f"use one of {known}") for name in unknown],
        )
    groups = [feature.group for feature in FEATURES.values()]
    return np.array([given.get(group, 1.0) for group in groups], dtype=np.float32)
