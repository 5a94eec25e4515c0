"""Lists of clusters: search, filters, pages."""

from pydantic import BaseModel

from matcher.profiles.profile import ClusterProfile
from matcher.ranking.eligibility import meets
from matcher.web.context import current_matcher
from matcher.web.queries import ClusterSearch


class ClusterPage(BaseModel):
    """Some of the clusters that were found, and how many there are in all."""

    total: int
    limit: int
    offset: int
    clusters: tuple[ClusterProfile, ...]


def list_clusters(wanted: ClusterSearch) -> ClusterPage:
    """The page of public clusters that was asked for."""
    matcher = current_matcher()
    corpus = matcher.snapshot.corpus
    allowed = corpus.visible & meets(corpus, wanted.filters)
    found = matcher.clusters
    if wanted.q is not None:
        found = matcher.search(wanted.q, limit=len(corpus))
    listed = [
        cluster
        for cluster in found
        if allowed[corpus.row_of[cluster.id]] and wanted.group in (None, cluster.group)
    ]
    shown = listed[wanted.offset : wanted.offset + wanted.limit]
    return ClusterPage(
        total=len(listed), limit=wanted.limit, offset=wanted.offset, clusters=tuple(shown)
    )
