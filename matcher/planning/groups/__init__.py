"""Groups of several clusters: the best ones under conditions, explained."""

from matcher.planning.groups.builder import (
    Group,
    GroupAnswer,
    build_groups,
    describe_group,
    why_not,
)
from matcher.planning.groups.conditions import Conditions, Sides
from matcher.planning.groups.roles import ROLE_TITLES

__all__ = [
    "ROLE_TITLES",
    "Conditions",
    "Group",
    "GroupAnswer",
    "Sides",
    "build_groups",
    "describe_group",
    "why_not",
]
