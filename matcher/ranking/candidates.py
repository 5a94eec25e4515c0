"""Candidate retrieval: when clusters are too many to score each, take those near in some facet."""

import numpy as np
from numpy.typing import NDArray

from matcher.index.contract import Mask, VectorIndex
from matcher.index.flat import FlatIndex
from matcher.ranking.corpus import Corpus

_LOOKUPS = (
    ("about", "about"),
    ("topic", "topic"),
    ("seeks", "offers"),
    ("offers", "seeks"),
)
"""Facet of the asker -> facet of the partners in which it is searched."""


class CandidateIndex:
    """One vector index for each facet that candidates are looked up in.

    Parameters
    ----------
    corpus
        The clusters to choose from.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._row_of = corpus.row_of
        self._indexes = {facet: _index(corpus, facet) for _, facet in _LOOKUPS}

    def retrieve(self, asker: Corpus, allowed: Mask, limit: int) -> NDArray[np.intp]:
        """Rows that are nearest among the allowed ones in some facet, ascending.

        Parameters
        ----------
        asker
            Corpus of one row.
        allowed
            (n,) eligible rows; the filter is applied before the search.
        limit
            Rows wanted at most; each look-up takes its share of them.
        """
        rows: set[int] = set()
        share = max(1, limit // len(_LOOKUPS))
        for facet, searched in _LOOKUPS:
            vector = asker.vectors.facets[facet]
            if vector.any():
                hits = self._indexes[searched].search(vector[:1], share, allowed)[0]
                rows.update(self._row_of[hit.id] for hit in hits)
        return np.array(sorted(rows), dtype=np.intp)


def _index(corpus: Corpus, facet: str) -> VectorIndex:
    index = FlatIndex(corpus.vectors.dim)
    index.build(corpus.ids, corpus.vectors.facets[facet])
    return index
