"""Needs that nobody meets, and offers that nobody seeks."""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.matcher import Matcher
from matcher.matching.corpus import Corpus

PhraseKind = Literal["offers", "seeks"]
Group = Literal["EU", "EaP"]


def nearest_phrases(matcher: Matcher, kind: PhraseKind, group: Group, among: Group) -> pd.DataFrame:
    """Find for each need (or offer) of a side the nearest offer (or need) of another side.

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
        One row a phrase, the least met first: `id`, `country`, `phrase`; `nearest_id`,
        `nearest` (the phrase) and its cosine, `similarity`.
    """
    corpus = matcher.snapshot.corpus
    other: PhraseKind = "offers" if kind == "seeks" else "seeks"
    mine, theirs = _phrases(corpus, kind, group), _phrases(corpus, other, among)
    vectors = (corpus.vectors.phrases[name].vectors for name in (kind, other))
    one, many = (v[t["place"]] for v, t in zip(vectors, (mine, theirs), strict=True))
    similarity = one @ many.T
    same = mine["country"].to_numpy()[:, None] == theirs["country"].to_numpy()[None, :]
    similarity[same] = -1.0
    best = similarity.argmax(axis=1)
    frame = mine[["id", "country", "phrase"]].assign(
        nearest_id=theirs["id"].to_numpy()[best],
        nearest=theirs["phrase"].to_numpy()[best],
        similarity=similarity[np.arange(len(best)), best],
    )
    return frame.sort_values(["similarity", "id"], kind="stable").reset_index(drop=True)


def _phrases(corpus: Corpus, kind: PhraseKind, group: Group) -> pd.DataFrame:
    starts: NDArray[np.int64] = corpus.vectors.phrases[kind].starts
    rows = [
        (profile.id, profile.country, phrase, int(starts[row]) + offset)
        for row, profile in enumerate(corpus.profiles)
        if profile.group == group and profile.visibility == "public"
        for offset, phrase in enumerate(getattr(profile, kind))
    ]
    return pd.DataFrame(rows, columns=["id", "country", "phrase", "place"])
