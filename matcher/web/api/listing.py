"""Lists of clusters: search, filters, pages."""

import numpy as np
from pydantic import BaseModel

from matcher.matching.columns import COUNTRIES
from matcher.matching.eligibility import meets
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.taxonomy import country_group
from matcher.web.api.queries import ClusterSearch
from matcher.web.http.context import current_matcher


class ClusterPage(BaseModel):
    """Some of the clusters that were found, and how many there are in all."""

    total: int
    limit: int
    offset: int
    clusters: tuple[ClusterProfile, ...]


def list_clusters(wanted: ClusterSearch) -> ClusterPage:
    """Return the page of public clusters that was asked for; no profile is read but those on it."""
    snapshot = current_matcher().snapshot
    corpus = snapshot.corpus
    allowed = corpus.visible & meets(corpus, wanted.filters)
    if wanted.group is not None:
        allowed &= COUNTRIES.among(corpus.columns.country, country_group(wanted.group))
    rows = np.flatnonzero(allowed).tolist()
    if wanted.q is not None:
        found = snapshot.names.search(wanted.q, limit=len(corpus))
        rows = [row for one in found if allowed[row := corpus.row_of[one.id]]]
    shown = rows[wanted.offset : wanted.offset + wanted.limit]
    return ClusterPage(
        total=len(rows),
        limit=wanted.limit,
        offset=wanted.offset,
        clusters=tuple(snapshot.profiles[row] for row in shown),
    )
