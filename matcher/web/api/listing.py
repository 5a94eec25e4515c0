"""Lists of clusters: search, filters, pages."""

from pydantic import BaseModel

from matcher.profiles.profile import ClusterProfile
from matcher.web.api.queries import ClusterSearch
from matcher.web.http.context import current_matcher


class ClusterPage(BaseModel):
    """Some of the clusters that were found, and how many there are in all."""

    total: int
    limit: int
    offset: int
    clusters: tuple[ClusterProfile, ...]


def list_clusters(wanted: ClusterSearch) -> ClusterPage:
    """Return the page of public clusters that was asked for."""
    found = current_matcher().directory(wanted.filters, wanted.group, wanted.q)
    return ClusterPage(
        total=len(found),
        limit=wanted.limit,
        offset=wanted.offset,
        clusters=tuple(found[wanted.offset : wanted.offset + wanted.limit]),
    )
