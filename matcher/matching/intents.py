"""What a partnership is for, as multipliers on the learned weights.

The multipliers are set by reason, not learned: the documented partnerships do not say what they
were for. Each is at most 3, so that an intent reorders suggestions without ignoring the rest.
"""

from collections.abc import Mapping
from types import MappingProxyType

from matcher.profiles.profile import Intent

INTENT_TITLES: Mapping[Intent, str] = MappingProxyType(
    {
        "market_access": "Market access",
        "joint_rd": "Joint research and development",
        "eu_proposal": "Joint EU proposal",
        "value_chain": "Value chain",
        "know_how": "Know-how for cluster management",
        "investment": "Investment",
        "exchange": "Exchange and study visits",
    }
)

MULTIPLIERS: Mapping[Intent, Mapping[str, float]] = MappingProxyType(
    {
        # A seller looks for markets that are named as targets, and for buyers, not for twins.
        "market_access": {"target": 3, "markets": 2, "needs": 3, "profile": 0.7, "services": 0.5},
        # Research joins the same technologies, wherever the partner sits.
        "joint_rd": {"specialities": 2.5, "wording": 1.5, "proximity": 0.3, "markets": 0.5},
        # Reviewers want proven management, shared ambitions and reach across Europe.
        "eu_proposal": {"label": 3, "ambitions": 2, "proximity": 0.3, "kind": 1.5},
        # A chain joins what one offers to what the other needs, nearby.
        "value_chain": {"needs": 3, "proximity": 2, "profile": 0.7, "ambitions": 0.5},
        # Managers learn from labelled peers that serve their members in similar ways.
        "know_how": {"services": 3, "label": 3, "kind": 2, "size": 2},
        # Investors follow needs that are answered and targets that are named.
        "investment": {"needs": 3, "target": 2, "size": 2},
        # A visit is easy between look-alikes that are not far apart.
        "exchange": {"services": 2, "kind": 2, "proximity": 2, "size": 2},
    }
)
