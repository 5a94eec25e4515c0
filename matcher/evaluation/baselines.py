"""What the matcher has to beat: rankings that one gets without it.

Each baseline answers (n,) scores of all clusters for one question.
"""

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from matcher.evaluation.protocol import Link, Question
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.profiles.profile import DraftProfile

Ranker = Callable[[Question], Floats]
_SEED = 20261125
_K1, _B = 1.5, 0.75
_TIE = 1e-6


def baselines(corpus: Corpus, links: list[Link]) -> Mapping[str, Ranker]:
    """All baselines by name.

    Parameters
    ----------
    corpus
        The clusters.
    links
        Documented links; popularity counts those that a question may know.
    """
    texts = _Texts(corpus)
    chance = np.random.default_rng(_SEED).random((len(corpus), len(corpus)), dtype=np.float32)
    return {
        "random": lambda question: chance[question.asker],
        "popularity": _popularity(corpus, links, chance),
        "ecosystem": lambda question: _ecosystem(corpus, question) + _TIE * chance[question.asker],
        "bm25": lambda question: texts.bm25[question.asker],
        "tfidf": lambda question: texts.tfidf[question.asker],
        "embedding": lambda question: texts.embedding[question.asker],
        "fusion": texts.fusion,
    }


def profile_text(profile: DraftProfile) -> str:
    """The whole profile as one text."""
    parts = (
        profile.name,
        profile.description,
        *("; ".join(p) for p in (profile.technologies, profile.services)),
        *("; ".join(p) for p in (profile.offers, profile.seeks)),
    )
    return ". ".join(part for part in parts if part)


class _Texts:
    """Similarities of all pairs of profile texts, (n, n) each."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._texts = [profile_text(profile) for profile in corpus.profiles]

    @cached_property
    def tfidf(self) -> Floats:
        """Cosine of TF-IDF vectors."""
        vectors = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform(
            self._texts
        )
        return np.asarray((vectors @ vectors.T).todense(), dtype=np.float32)

    @cached_property
    def bm25(self) -> Floats:
        """Okapi BM25 of each profile as the query (Robertson and Zaragoza, 2009)."""
        counts = CountVectorizer(stop_words="english").fit_transform(self._texts).tocsr()
        length = np.asarray(counts.sum(axis=1)).ravel()
        holders = np.bincount(counts.indices, minlength=counts.shape[1])
        idf = np.log(1 + (len(length) - holders + 0.5) / (holders + 0.5))
        norm = np.repeat(_K1 * (1 - _B + _B * length / length.mean()), np.diff(counts.indptr))
        weights = sparse.csr_matrix(counts, dtype=np.float64)
        weights.data = idf[counts.indices] * counts.data * (_K1 + 1) / (counts.data + norm)
        return np.asarray((counts @ weights.T).todense(), dtype=np.float32)

    @cached_property
    def embedding(self) -> Floats:
        """Cosine of the sentence embeddings of the whole profiles."""
        about = self._corpus.vectors.facets["about"]
        return about @ about.T

    def fusion(self, question: Question) -> Floats:
        """Sum of the standard scores of TF-IDF and embedding over the candidates."""
        rows = (self.tfidf[question.asker], self.embedding[question.asker])
        known = [row[question.candidates] for row in rows]
        parts = [
            (row - values.mean()) / values.std() for row, values in zip(rows, known, strict=True)
        ]
        return np.asarray(sum(parts), dtype=np.float32)


def _ecosystem(corpus: Corpus, question: Question) -> Floats:
    """Shared ecosystems over all of both (Jaccard): what a register's filter offers."""
    table = corpus.columns.ecosystems
    both, either = (table & table[question.asker]), (table | table[question.asker])
    return np.asarray(both.sum(axis=1) / np.maximum(either.sum(axis=1), 1), dtype=np.float32)


def _popularity(corpus: Corpus, links: list[Link], chance: Floats) -> Ranker:
    """How many partners a cluster has, the question's group left out; ties by chance."""

    def ranker(question: Question) -> Floats:
        partners = {(link.asker, link.partner) for link in links if link.group != question.group}
        count = np.zeros(len(corpus), dtype=np.float32)
        for one, _ in partners:
            count[one] += 1
        return np.asarray(count + _TIE * chance[question.asker])

    return ranker
