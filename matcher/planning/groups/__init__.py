"""Groups of several clusters: the best ones under conditions, explained."""

from matcher.planning.groups.builder import (
    GROUPS,
    Group,
    GroupAnswer,
    Seat,
    build_groups,
    describe_group,
    why_not,
)
from matcher.planning.groups.conditions import Conditions, Role, Sides
from matcher.planning.groups.roles import ROLE_TITLES

__all__ = [
    "GROUPS",
    "ROLE_TITLES",
    "Conditions",
    "Group",
    "GroupAnswer",
    "Role",
    "Seat",
    "Sides",
    "build_groups",
    "describe_group",
    "why_not",
]
