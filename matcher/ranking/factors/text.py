"""Factors on what the two profiles say."""

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.columns import Floats
from matcher.ranking.corpus import Corpus


def profile_similarity(asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of the embedded profiles as a whole."""
    return _facet_cosine("about", asker, partners)


def topic_similarity(asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of the embedded fields: name, ecosystems and technologies, without the prose."""
    return _facet_cosine("topic", asker, partners)


def service_similarity(asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of the embedded services."""
    return _facet_cosine("services", asker, partners)


def ambition_similarity(asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of what both sides look for."""
    return _facet_cosine("seeks", asker, partners)


def wording_similarity(asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of the TF-IDF vectors: rare words that both profiles use."""
    return partners.lexical.cosine(asker.lexical)


def speciality_alignment(asker: Corpus, partners: Corpus) -> Floats:
    """Late interaction of the technologies, both ways.

    Each technology of one side is paired with the one of the other side nearest to it; the mean
    cosine of these pairs, averaged over the two directions. This is the maximum similarity of
    ColBERT (Khattab and Zaharia, 2020) with phrases in place of tokens.
    """
    mine, theirs = (side.vectors.phrases["technologies"] for side in (asker, partners))
    similarity = mine.vectors @ theirs.vectors.T
    forth = _mean(_best_of_each_row(similarity, theirs.starts))
    back = _segment_mean(_best_of_each_column(similarity), theirs.starts)
    return np.asarray((forth + back) / 2, dtype=np.float32)


def needs_met(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
    """How well each need finds an offer of the other side: mean of the best cosines.

    To the asker it matters how the partner's offers meet its needs; to the partner, the reverse.
    """
    mine, theirs = asker.vectors.phrases, partners.vectors.phrases
    wanted = mine["seeks"].vectors @ theirs["offers"].vectors.T
    to_you = _mean(_best_of_each_row(wanted, theirs["offers"].starts))
    met = _best_of_each_column(mine["offers"].vectors @ theirs["seeks"].vectors.T)
    to_them = _segment_mean(met, theirs["seeks"].starts)
    return to_you, to_them if len(mine["offers"]) else np.full_like(to_them, np.nan)


def _facet_cosine(facet: str, asker: Corpus, partners: Corpus) -> Floats:
    """Cosine of a facet; unknown where one side says nothing of it."""
    one, many = asker.vectors.facets[facet][0], partners.vectors.facets[facet]
    cosine: Floats = many @ one
    cosine[~many.any(axis=1)] = np.nan
    return cosine if one.any() else np.full_like(cosine, np.nan)


def _best_of_each_row(similarity: Floats, starts: NDArray[np.int64]) -> Floats:
    """(m, n) maximum of each row within each segment of the columns; NaN for empty segments."""
    best = np.full((len(similarity), len(starts) - 1), np.nan, dtype=np.float32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled) and len(similarity):
        best[:, filled] = np.maximum.reduceat(similarity, starts[filled], axis=1)
    return best


def _best_of_each_column(similarity: Floats) -> Floats:
    return np.asarray(similarity.max(axis=0, initial=-1.0), dtype=np.float32)


def _mean(best: Floats) -> Floats:
    """Mean over the rows; NaN where there are none."""
    if not len(best):
        return np.full(best.shape[1], np.nan, dtype=np.float32)
    return np.asarray(best.mean(axis=0), dtype=np.float32)


def _segment_mean(values: Floats, starts: NDArray[np.int64]) -> Floats:
    """Mean of each segment; NaN for empty segments."""
    sizes = np.diff(starts)
    filled = np.flatnonzero(sizes)
    mean = np.full(len(sizes), np.nan, dtype=np.float32)
    if len(filled):
        mean[filled] = np.add.reduceat(values, starts[filled]) / sizes[filled]
    return mean
