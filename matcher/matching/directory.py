"""The public clusters that meet some conditions."""

from collections.abc import Sequence

import numpy as np

from matcher.matching.columns import COUNTRIES
from matcher.matching.eligibility import meets
from matcher.matching.query import Filters
from matcher.matching.snapshot import Snapshot
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.sequences import Chosen
from matcher.profiles.taxonomy import CountryGroup, country_group


def directory(
    snapshot: Snapshot, filters: Filters, group: CountryGroup | None, text: str | None
) -> Sequence[ClusterProfile]:
    """List clusters; no profile is read before it is asked for.

    Parameters
    ----------
    snapshot
        The clusters.
    filters, group
        Conditions that all of them meet.
    text
        Names must resemble it, the best come first; otherwise they are sorted by id.
    """
    corpus = snapshot.corpus
    allowed = corpus.visible & meets(corpus, filters)
    if group is not None:
        allowed &= COUNTRIES.among(corpus.columns.country, country_group(group))
    rows = np.flatnonzero(allowed)
    if text is not None:
        found = snapshot.names.search(text, limit=len(corpus))
        rows = np.array(
            [row for one in found if allowed[row := corpus.row_of[one.id]]], dtype=np.intp
        )
    return Chosen(snapshot.profiles, rows)
