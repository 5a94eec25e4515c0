"""The quantities that a score is made of.

A feature compares one asker with n partners. It answers two vectors: what it means to the asker
and what it means to each partner; for a symmetric feature the two are the same. NaN stands for
unknown. To add a feature, add one entry to `FEATURES`, its values in words to
`matcher.matching.words`, and train the model anew: ``matcher train``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import needs, organisation, place, sector, text, trades

FeatureValues = tuple[Floats, Floats]
"""(n, F) features as the asker and as each partner sees them."""

Compute = Callable[[Corpus, Corpus], tuple[Floats, Floats]]
Group = Literal["trades", "needs", "profile", "ecosystems", "organisation", "markets"]


@dataclass(frozen=True, slots=True)
class Feature:
    """A named quantity.

    Attributes
    ----------
    title
        What it is, in plain words.
    group
        What an asker's own weights act on, see `GROUP_TITLES`.
    compute
        ``(asker, partners) -> (to_you, to_them)``; the asker is a corpus of one row, and both
        answers are (n,) float32 with NaN for unknown.
    rising
        Whether more of it may only help; otherwise the training decides.
    """

    title: str
    group: Group
    compute: Compute
    rising: bool = True


def _symmetric(compute: Callable[[Corpus, Corpus], Floats]) -> Compute:
    def both(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
        values = compute(asker, partners)
        return values, values

    return both


FEATURES: Mapping[str, Feature] = MappingProxyType(
    {
        "trades": Feature("Same trades", "trades", _symmetric(trades.shared_trades)),
        "value_chain": Feature("Value chain", "trades", trades.value_chain),
        "wanted_trades": Feature("Trades that are sought", "needs", trades.wanted_trades),
        "needs": Feature("Needs met by offers", "needs", needs.needs_met),
        "profile": Feature("Similar profile", "profile", _symmetric(text.profile_similarity)),
        "topic": Feature("Same field", "profile", _symmetric(text.topic_similarity)),
        "wording": Feature("Same technical terms", "profile", _symmetric(text.wording_similarity)),
        "specialities": Feature(
            "Specialities that pair up", "profile", _symmetric(text.speciality_alignment)
        ),
        "ecosystems": Feature(
            "Shared ecosystems", "ecosystems", _symmetric(sector.shared_ecosystems)
        ),
        "main_ecosystem": Feature(
            "Main ecosystem shared", "ecosystems", _symmetric(sector.main_ecosystem)
        ),
        "activities": Feature(
            "Same economic activities", "ecosystems", _symmetric(sector.shared_activities)
        ),
        "kind": Feature(
            "Same kind of organisation",
            "organisation",
            _symmetric(organisation.both_support),
            rising=False,
        ),
        "breadth": Feature(
            "Breadth of sectors", "organisation", organisation.breadth, rising=False
        ),
        "breadth_gap": Feature(
            "Difference in breadth",
            "organisation",
            _symmetric(organisation.breadth_gap),
            rising=False,
        ),
        "focus": Feature("Specialisation", "organisation", organisation.focus, rising=False),
        "acts_for_members": Feature(
            "Acts for member firms", "organisation", organisation.acts_for_members
        ),
        "detail": Feature("Detail of offers", "organisation", organisation.detail, rising=False),
        "freshness": Feature(
            "Freshness of facts", "organisation", organisation.freshness, rising=False
        ),
        "eastward": Feature("Looks to the East", "markets", place.eastward),
        "target": Feature("Target country", "markets", place.target),
    }
)
FEATURE_TITLES: Mapping[str, str] = MappingProxyType(
    {name: feature.title for name, feature in FEATURES.items()}
)
GROUP_TITLES: Mapping[Group, str] = MappingProxyType(
    {
        "trades": "Same trade or value chain",
        "needs": "Needs met by offers",
        "profile": "Similar profile",
        "ecosystems": "Same sectors",
        "organisation": "Kind of organisation",
        "markets": "Countries and markets",
    }
)
KNOWN = "profile"
"""The feature that the vector index has computed already."""


def feature_columns(
    asker: Corpus, partners: Corpus, likeness: Floats | None = None
) -> list[tuple[Floats, Floats]]:
    """Each feature of all partners, (n,) to the asker and to them: one array where they agree.

    Parameters
    ----------
    asker
        A corpus of one row.
    partners
        A corpus of n rows.
    likeness
        (n,) the feature `KNOWN`, where it is known already.
    """
    return [
        (likeness, likeness)
        if name == KNOWN and likeness is not None
        else feature.compute(asker, partners)
        for name, feature in FEATURES.items()
    ]


def feature_values(asker: Corpus, partners: Corpus) -> FeatureValues:
    """Features of all partners as two tables; see `feature_columns`.

    Returns
    -------
    to_you, to_them : ndarray of float32, shape (n, F)
        Columns in the order of `FEATURES`; NaN for unknown.
    """
    to_you, to_them = zip(*feature_columns(asker, partners), strict=True)
    return (
        np.stack(to_you, axis=1).astype(np.float32, copy=False),
        np.stack(to_them, axis=1).astype(np.float32, copy=False),
    )
