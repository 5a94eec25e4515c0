"""Needs that nobody meets, and offers that nobody seeks."""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.matcher import Matcher
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features.needs import likelihoods

PhraseKind = Literal["offers", "seeks"]
Group = Literal["EU", "EaP"]


def best_met(matcher: Matcher, kind: PhraseKind, group: Group, among: Group) -> pd.DataFrame:
    """Find for each need (or offer) of a side the offer (or need) of another that meets it best.

    Parameters
    ----------
    matcher
        Source of the clusters.
    kind
        ``"seeks"``: needs of `group` against offers of `among`; ``"offers"``: the reverse.
    group, among
        The two sides; clusters of one's own country do not count.

    Returns
    -------
    DataFrame
        One row a phrase, the least met first: `id`, `country`, `phrase`; `best_id`, `best`
        (the phrase) and how likely they meet, `likelihood`, in [0, 1].
    """
    corpus = matcher.snapshot.corpus
    rows, others = _rows(corpus, group), corpus.take(_rows(corpus, among))
    theirs = _phrases(others, "offers" if kind == "seeks" else "seeks")
    mine = _phrases(corpus.take(rows), kind)
    likely = np.concatenate(
        [_likely(kind, corpus.take(rows[[place]]), others) for place in range(len(rows))]
    )
    same = mine["country"].to_numpy()[:, None] == theirs["country"].to_numpy()[None, :]
    likely[same] = -1.0
    best = likely.argmax(axis=1)
    frame = mine.assign(
        best_id=theirs["id"].to_numpy()[best],
        best=theirs["phrase"].to_numpy()[best],
        likelihood=likely[np.arange(len(best)), best],
    )
    return frame.sort_values(["likelihood", "id"], kind="stable").reset_index(drop=True)


def _likely(kind: PhraseKind, one: Corpus, others: Corpus) -> Floats:
    """(phrases of one, phrases of the others) how likely they meet."""
    return likelihoods(one, others) if kind == "seeks" else likelihoods(others, one).T


def _rows(corpus: Corpus, group: Group) -> NDArray[np.intp]:
    """Rows of the public clusters of a side."""
    public = [one.group == group and one.visibility == "public" for one in corpus.profiles]
    return np.flatnonzero(public)


def _phrases(corpus: Corpus, kind: PhraseKind) -> pd.DataFrame:
    rows = [
        (profile.id, profile.country, phrase)
        for profile in corpus.profiles
        for phrase in getattr(profile, kind)
    ]
    return pd.DataFrame(rows, columns=["id", "country", "phrase"])
