"""What the notebooks need beside `Matcher`: tables of clusters, studies, maps, plots."""

from matcher.notebook.frames import links, partnerships, problems, profiles
from matcher.notebook.programme import plan
from matcher.notebook.stability import Stability, rank_stability, weight_influence

__all__ = [
    "Stability",
    "links",
    "partnerships",
    "plan",
    "problems",
    "profiles",
    "rank_stability",
    "weight_influence",
]
