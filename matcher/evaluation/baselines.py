"""What the matcher has to beat: rankings that one gets without it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from matcher.embedding.lexical import lexical_text
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus

Rows = NDArray[np.intp]
Ranker = Callable[[Corpus, Rows], Floats]
"""Gives the scores of some rows of the collection for an asker, a corpus of one row."""

_SEED = 20261125
_K1, _B = 1.5, 0.75
_TIE = 1e-6


def baselines(corpus: Corpus) -> Mapping[str, Ranker]:
    """All baselines for the askers of a collection, and for drafts."""
    texts = _Texts(corpus)
    return {
        "random": _chance,
        "ecosystem": lambda asker, rows: _ecosystem(corpus, asker, rows),
        "bm25": texts.bm25,
        "tfidf": texts.tfidf,
        "embedding": texts.embedding,
        "fusion": texts.fusion,
    }


class _Texts:
    """Similarities of whole profiles as texts."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def tfidf(self, asker: Corpus, rows: Rows) -> Floats:
        """Cosine of TF-IDF vectors."""
        return self._corpus.lexical.dot_first(asker.lexical)[rows]

    def bm25(self, asker: Corpus, rows: Rows) -> Floats:
        """Okapi BM25 of each profile, the asker's as the query (Robertson and Zaragoza, 2009)."""
        counter, weights = self._bm25
        products = weights[rows] @ counter.transform([lexical_text(asker.profiles[0])]).T
        return np.asarray(products.todense(), dtype=np.float32).ravel()

    def embedding(self, asker: Corpus, rows: Rows) -> Floats:
        """Cosine of the sentence embeddings of the whole profiles."""
        everybody, one = (side.vectors.facets["about"] for side in (self._corpus, asker))
        return np.asarray(everybody[rows] @ one[0])

    def fusion(self, asker: Corpus, rows: Rows) -> Floats:
        """Sum of the standard scores of TF-IDF and embedding."""
        both = (self.tfidf(asker, rows), self.embedding(asker, rows))
        return np.asarray(sum((one - one.mean()) / (one.std() or 1) for one in both))

    @cached_property
    def _bm25(self) -> tuple[CountVectorizer, Any]:
        counter = CountVectorizer(stop_words="english")
        counts = counter.fit_transform(map(lexical_text, self._corpus.profiles)).tocsr()
        length = np.asarray(counts.sum(axis=1)).ravel()
        holders = np.bincount(counts.indices, minlength=counts.shape[1])
        idf = np.log(1 + (len(length) - holders + 0.5) / (holders + 0.5))
        norm = np.repeat(_K1 * (1 - _B + _B * length / length.mean()), np.diff(counts.indptr))
        weights = sparse.csr_matrix(counts, dtype=np.float64)
        weights.data = idf[counts.indices] * counts.data * (_K1 + 1) / (counts.data + norm)
        return counter, weights


def _chance(asker: Corpus, rows: Rows) -> Floats:
    """An order by chance, always the same for one asker."""
    seed = crc32((asker.ids[0] or lexical_text(asker.profiles[0])).encode())
    return np.random.default_rng([_SEED, seed]).random(len(rows), dtype=np.float32)


def _ecosystem(corpus: Corpus, asker: Corpus, rows: Rows) -> Floats:
    """Shared ecosystems over all of both (Jaccard), ties by chance: a register's filter."""
    theirs, own = corpus.columns.ecosystems[rows], asker.columns.ecosystems[0]
    both, either = (theirs & own).sum(axis=1), (theirs | own).sum(axis=1)
    return np.asarray(both / np.maximum(either, 1) + _TIE * _chance(asker, rows))
