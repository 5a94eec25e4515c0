"""Finds partner clusters for innovation clusters, scored from both sides, with reasons."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matcher.matcher import Matcher
    from matcher.matching.query import Filters, PartnerQuery
    from matcher.profiles.io.readers import read_profiles
    from matcher.profiles.profile import ClusterProfile, DraftProfile

__all__ = [
    "ClusterProfile",
    "DraftProfile",
    "Filters",
    "Matcher",
    "PartnerQuery",
    "read_profiles",
]

_HOMES = {
    "ClusterProfile": "matcher.profiles.profile",
    "DraftProfile": "matcher.profiles.profile",
    "Filters": "matcher.matching.query",
    "Matcher": "matcher.matcher",
    "PartnerQuery": "matcher.matching.query",
    "read_profiles": "matcher.profiles.io.readers",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that the command line stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
