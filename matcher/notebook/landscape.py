"""Neighbourhoods of clusters by meaning: groups of like profiles, named by what sets them apart."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.manifold import TSNE
from sklearn.metrics import silhouette_score

from matcher.matcher import Matcher
from matcher.matching.corpus import Corpus

_TERMS = 3


@dataclass(frozen=True)
class Neighbourhoods:
    """Groups of n profiles.

    Attributes
    ----------
    labels
        (n,) group of each profile; the largest group is 0.
    names
        What sets each group apart, in its own words.
    silhouette
        Mean silhouette (Rousseeuw, 1987) by cosine: 1 far apart, 0 overlapping.
    trials
        Number of groups tried -> its silhouette.
    """

    labels: NDArray[np.int64]
    names: tuple[str, ...]
    silhouette: float
    trials: pd.Series


def neighbourhoods(
    matcher: Matcher, counts: Iterable[int] = range(6, 19, 2), *, seed: int = 0
) -> Neighbourhoods:
    """Group profiles by k-means on their embedded texts; the best silhouette decides k."""
    corpus = matcher.snapshot.corpus
    vectors = corpus.vectors.facets["about"]
    runs = {k: KMeans(k, n_init=4, random_state=seed).fit_predict(vectors) for k in counts}
    trials = {k: float(silhouette_score(vectors, run, metric="cosine")) for k, run in runs.items()}
    best = max(trials, key=lambda k: trials[k])
    order = np.argsort(-np.bincount(runs[best]), kind="stable")
    labels = np.argsort(order)[runs[best]]
    return Neighbourhoods(labels, _names(corpus, labels), trials[best], pd.Series(trials))


def flat_positions(matcher: Matcher, *, seed: int = 0) -> NDArray[np.float32]:
    """(n, 2) positions in which profiles of like meaning lie close (t-SNE).

    Distances between far points mean nothing, nor do the axes (van der Maaten and Hinton, 2008).
    """
    vectors = matcher.snapshot.corpus.vectors.facets["about"]
    perplexity = min(30, (len(vectors) - 1) / 3)
    flat = TSNE(metric="cosine", init="pca", perplexity=perplexity, random_state=seed)
    return np.asarray(flat.fit_transform(vectors), dtype=np.float32)


def _names(corpus: Corpus, labels: NDArray[np.int64]) -> tuple[str, ...]:
    """Terms that weigh most in a group against all others (class-based TF-IDF)."""
    groups = range(int(labels.max()) + 1)
    joined = [
        [
            term.casefold()
            for profile, label in zip(corpus.profiles, labels, strict=True)
            for term in profile.technologies
            if label == group
        ]
        for group in groups
    ]
    counter = CountVectorizer(analyzer=list)
    counts = counter.fit_transform(joined).toarray().astype(np.float64)
    share = counts / counts.sum(axis=1, keepdims=True)
    weight = share * np.log(1 + counts.sum() / len(joined) / counts.sum(axis=0))
    spelling = {term.casefold(): term for one in corpus.profiles for term in one.technologies}
    terms = np.array([spelling[term] for term in counter.get_feature_names_out()], dtype=object)
    return tuple(_distinct(terms[np.argsort(-row, kind="stable")]) for row in weight)


def _distinct(terms: Iterable[str]) -> str:
    """The first few terms that do not repeat each other's words."""
    chosen: list[str] = []
    for term in terms:
        if not any(set(term.split()) & set(other.split()) for other in chosen):
            chosen.append(term)
        if len(chosen) == _TERMS:
            break
    return ", ".join(chosen)
