"""Candidates, features, scores, order: one asker against all eligible clusters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.matching.candidates import Candidates
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.diversity import diversify
from matcher.matching.features import FEATURES, KNOWN, FeatureValues, feature_columns
from matcher.matching.model import Scores, ScoringModel, joined
from matcher.matching.purposes import evidence, multipliers
from matcher.matching.query import PartnerQuery

Rows = NDArray[np.intp]

LIKENESS = list(FEATURES).index(KNOWN)
"""Column of the feature that candidates come with."""

BLOCK = 8192
"""Rows that are scored at once."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Partners in their order.

    Attributes
    ----------
    rows
        (k,) rows of the corpus, best first.
    scores
        Their scores, in the same order.
    """

    rows: Rows
    scores: Scores


def score(asker: Corpus, partners: Corpus, query: PartnerQuery, model: ScoringModel) -> Scores:
    """Score n partners for one asker, both ways."""
    shown = evidence(query.intent, asker, partners)
    return weighed(added(asker, partners, model), shown, query, model)


def added(
    asker: Corpus, partners: Corpus, model: ScoringModel, likeness: Floats | None = None
) -> tuple[Floats, Floats]:
    """(n, F) what the features of n partners add for each side; see `feature_columns`."""
    columns = feature_columns(asker, partners, likeness)
    curves = model.curves.values()
    to_you = [curve.at(yours) for curve, (yours, _) in zip(curves, columns, strict=True)]
    to_them = [
        same if theirs is yours else curve.at(theirs)
        for curve, same, (yours, theirs) in zip(curves, to_you, columns, strict=True)
    ]
    return np.stack(to_you, axis=1), np.stack(to_them, axis=1)


def score_features(
    values: FeatureValues, shown: Floats, query: PartnerQuery, model: ScoringModel
) -> Scores:
    """Score n pairs.

    Parameters
    ----------
    values
        What `feature_values` answers.
    shown
        (n,) what `evidence` answers for the query's purpose.
    query
        Weights and purpose.
    model
        The scoring model.
    """
    return weighed(tuple(map(model.added, values)), shown, query, model)


def weighed(
    added: tuple[Floats, ...], shown: Floats, query: PartnerQuery, model: ScoringModel
) -> Scores:
    """Score n pairs from what their features add, (n, F) for each side; see `score_features`."""
    by = multipliers(query)
    to_you, to_them = (np.column_stack([side * by, shown]) for side in added)
    return Scores(to_you, to_them, model.intercept)


def rank(
    asker: Corpus,
    corpus: Corpus,
    found: Candidates,
    query: PartnerQuery,
    model: ScoringModel,
    known: tuple[Floats, ...] | None = None,
) -> Ranking:
    """Order the candidates for an asker; ties go by id.

    Parameters
    ----------
    asker
        Corpus of one row.
    corpus
        All clusters, sorted by id.
    found
        The candidates.
    query
        Weights, purpose, diversity and k.
    model
        The scoring model.
    known
        What the features of the asker with the whole corpus add for each side, where it is known.
    """
    rows = found.rows
    scores = _scores_of(asker, corpus, found, query, model, known)
    order = np.argsort(-scores.score, kind="stable")
    wanted = _order_for(query, scores.score[order], corpus, rows[order])
    chosen = order[wanted]
    return Ranking(rows[chosen], scores.take(chosen))


def _scores_of(
    asker: Corpus,
    corpus: Corpus,
    found: Candidates,
    query: PartnerQuery,
    model: ScoringModel,
    known: tuple[Floats, ...] | None,
) -> Scores:
    """Score block by block, so that memory does not grow with the number of candidates."""
    rows, likeness = found

    def scored(block: slice) -> Scores:
        partners = corpus.take(rows[block])
        shown = evidence(query.intent, asker, partners)
        return weighed(added(asker, partners, model, likeness[block]), shown, query, model)

    if known is not None:
        own = tuple(side.take(rows, axis=0) for side in known)
        for side in own:
            side[:, LIKENESS] = model.curves[KNOWN].at(likeness)
        shown = evidence(query.intent, asker, corpus)[rows]
        return weighed(own, shown, query, model)

    starts = range(0, max(len(rows), 1), BLOCK)
    return joined([scored(slice(start, start + BLOCK)) for start in starts])


def _order_for(query: PartnerQuery, relevance: Floats, corpus: Corpus, rows: Rows) -> Rows:
    if query.diversity == 0:
        return np.arange(min(query.k, len(rows)))
    return diversify(relevance, corpus.vectors.facets["about"][rows], query.k, query.diversity)
