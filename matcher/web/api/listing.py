"""Lists of clusters: search, filters, facets, pages."""

from pydantic import BaseModel, Field

from matcher.matching.directory import DirectoryQuery
from matcher.profiles.profile import ClusterProfile
from matcher.web.http.context import current_matcher


class ClusterPage(BaseModel):
    """Some of the clusters that were found, and how many there are in all."""

    total: int
    limit: int
    offset: int
    trades: tuple[str, ...] = Field(description="Trades that `q` names.")
    partly: bool = Field(description="Whether no cluster matches every part of `q`.")
    facets: dict[str, dict[str, int]] = Field(
        description="By facet and value, how many clusters there would be were that value alone "
        "chosen in its facet."
    )
    clusters: tuple[ClusterProfile, ...]


def list_clusters(wanted: DirectoryQuery) -> ClusterPage:
    """Return the page of public clusters that was asked for."""
    found = current_matcher().directory(wanted)
    return ClusterPage(
        total=len(found.clusters),
        limit=wanted.limit,
        offset=wanted.offset,
        trades=found.trades,
        partly=found.partly,
        facets={name: dict(counts) for name, counts in found.facets.items()},
        clusters=tuple(found.clusters[wanted.offset : wanted.offset + wanted.limit]),
    )
