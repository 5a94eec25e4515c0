"""Features on what the two profiles say."""

import numpy as np
from numpy.typing import NDArray

from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus


def profile_similarity(asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of the embedded profiles as a whole."""
    return _facet_cosine("about", asker, partners)


def topic_similarity(asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of the embedded fields: name, ecosystems and technologies, without the prose."""
    return _facet_cosine("topic", asker, partners)


def wording_similarity(asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of the TF-IDF vectors: rare words that both profiles use."""
    return partners.lexical.dot_first(asker.lexical)


def speciality_alignment(asker: Corpus, partners: Corpus) -> Floats:
    """Late interaction of the technologies, both ways.

    Each technology of one side is paired with the one of the other side nearest to it; the mean
    cosine of these pairs, averaged over the two directions. This is the maximum similarity of
    ColBERT (Khattab and Zaharia, 2020) with phrases in place of tokens.
    """
    mine, theirs = (side.vectors.phrases["technologies"] for side in (asker, partners))
    similarity = theirs.cosines(mine)
    forth = _mean(_best_in_segments(similarity, theirs.starts))
    back = _segment_mean(_best_of_rows(similarity), theirs.starts)
    return np.asarray((forth + back) / 2, dtype=np.float32)


def _facet_cosine(facet: str, asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of a facet; unknown where one side says nothing of it."""
    one, many = asker.vectors.facets[facet][0], partners.vectors.facets[facet]
    cosine: Floats = many @ one
    silent = np.flatnonzero(cosine == 0)  # few rows, and all rows of zeros are among them
    cosine[silent[~many[silent].any(axis=1)]] = np.nan
    return cosine if one.any() else np.full_like(cosine, np.nan)


def _best_in_segments(similarity: Floats, starts: NDArray[np.int64]) -> Floats:
    """(n, m) maximum of each column within each segment of the rows; NaN for empty segments."""
    best = np.full((len(starts) - 1, similarity.shape[1]), np.nan, dtype=np.float32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        best[filled] = np.maximum.reduceat(similarity, starts[filled], axis=0)
    return best


def _best_of_rows(similarity: Floats) -> Floats:
    # Turned round first: along a short axis numpy is many times slower.
    turned = np.ascontiguousarray(similarity.T)
    return np.asarray(turned.max(axis=0, initial=-1.0), dtype=np.float32)


def _mean(best: Floats) -> Floats:
    """Mean over the columns; NaN where there are none."""
    if not best.shape[1]:
        return np.full(len(best), np.nan, dtype=np.float32)
    return np.asarray(best.mean(axis=1), dtype=np.float32)


def _segment_mean(values: Floats, starts: NDArray[np.int64]) -> Floats:
    """Mean of each segment; NaN for empty segments."""
    sizes = np.diff(starts)
    filled = np.flatnonzero(sizes)
    mean = np.full(len(sizes), np.nan, dtype=np.float32)
    if len(filled):
        mean[filled] = np.add.reduceat(values, starts[filled]) / sizes[filled]
    return mean
