"""What the notebooks need beside `Matcher`: tables of clusters, studies, maps, plots."""

from matcher.notebook.frames import links, partnerships, problems, profiles
from matcher.notebook.programme import plan
from matcher.notebook.stability import Stability, factor_influence, rank_stability

__all__ = [
    "Stability",
    "factor_influence",
    "links",
    "partnerships",
    "plan",
    "problems",
    "profiles",
    "rank_stability",
]
