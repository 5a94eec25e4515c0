"""Candidates, factors, scores, order: one asker against all eligible clusters."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.errors import FieldProblem, InvalidInputError
from matcher.matching.candidates import Candidates
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.diversity import POOL, diversify
from matcher.matching.features import FACTORS, NOTHING, factor_values
from matcher.matching.intents import MULTIPLIERS
from matcher.matching.model import Scores, ScoringModel, joined
from matcher.matching.query import PartnerQuery

Rows = NDArray[np.intp]


BLOCK = 8192
"""Rows that are scored at once."""

PLAIN = frozenset({"ecosystems", "label", "size", "kind", "proximity", "target", "markets"})
"""Factors of plain fields, which cost nearly nothing."""

ROUGH = frozenset(FACTORS) - {"topic", "specialities", "ambitions", "needs"}
"""Factors that are quickly computed, and nearly decide."""

SHORT, WIDER = 150, 4
"""Candidates scored by all factors at least, and how many times as many by those in `ROUGH`."""


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


def multipliers(query: PartnerQuery) -> dict[str, float]:
    """What the intent and the asker's own weights multiply each factor by.

    Raises
    ------
    InvalidInputError
        A weight names no factor.
    """
    unknown = sorted(query.weights.keys() - FACTORS.keys())
    if unknown:
        known = ", ".join(FACTORS)
        raise InvalidInputError(
            f"There is no factor called {unknown[0]!r}.",
            [FieldProblem(f"weights.{name}", f"use one of {known}") for name in unknown],
        )
    chosen: Mapping[str, float] = MULTIPLIERS[query.intent] if query.intent else {}
    return {name: chosen.get(name, 1.0) * query.weights.get(name, 1.0) for name in FACTORS}


def score(
    asker: Corpus, partners: Corpus, model: ScoringModel, multiplied_by: Mapping[str, float]
) -> Scores:
    """Score n partners for one asker, both ways."""
    return score_factors(factor_values(asker, partners), model, multiplied_by)


def score_factors(
    values: tuple[Floats, Floats], model: ScoringModel, multiplied_by: Mapping[str, float]
) -> Scores:
    """Score n pairs whose factors are known, as `factor_values` answers them.

    An unknown factor counts as its mean: it neither helps nor harms.
    """
    weights = [model.weights[name] for name in FACTORS]
    mean = np.array([weight.mean for weight in weights], dtype=np.float32)
    factor = np.array(
        [
            w.weight / w.scale * multiplied_by[name]
            for name, w in zip(FACTORS, weights, strict=True)
        ],
        dtype=np.float32,
    )
    to_you, to_them = (np.nan_to_num((side - mean) * factor, nan=0.0) for side in values)
    return Scores(to_you, to_them, model.intercept)


def shortlist(
    asker: Corpus, corpus: Corpus, found: Candidates, query: PartnerQuery, model: ScoringModel
) -> Rows:
    """The candidates that lead, ascending; parameters as in `rank`.

    Many are compared by the factors in `PLAIN` and by what is known of them, some of these by the
    factors in `ROUGH`.
    """

    def leading(rows: Rows, count: int, only: Set[str], known: Mapping[str, Floats]) -> Rows:
        if len(rows) <= count:
            return rows
        values = factor_values(asker, corpus.take(rows), only, known)
        logits = score_factors(values, model, multipliers(query)).contributions.sum(axis=1)
        return np.sort(rows[np.argpartition(-logits, count)[:count]])

    enough = max(SHORT, POOL * query.k)
    known = {"profile": found.profile, "wording": found.wording}
    some = leading(found.rows, WIDER * enough, PLAIN, known)
    return leading(some, enough, ROUGH, NOTHING)


def rank(
    asker: Corpus, corpus: Corpus, rows: Rows, query: PartnerQuery, model: ScoringModel
) -> Ranking:
    """Order the candidate rows for an asker; ties go by id.

    Parameters
    ----------
    asker
        Corpus of one row.
    corpus
        All clusters, sorted by id.
    rows
        Candidates, ascending.
    query
        Weights, intent, diversity and k.
    model
        The scoring model.
    """
    scores = _scores_of(asker, corpus, rows, query, model)
    order = np.argsort(-scores.score, kind="stable")
    wanted = _order_for(query, scores.score[order], corpus, rows[order])
    chosen = order[wanted]
    return Ranking(rows[chosen], scores.take(chosen))


def _scores_of(
    asker: Corpus, corpus: Corpus, rows: Rows, query: PartnerQuery, model: ScoringModel
) -> Scores:
    """Score the whole corpus and drop the rest where that is cheaper than picking rows.

    Many rows are scored block by block, so that memory does not grow with them.
    """
    wanted = multipliers(query)
    if len(corpus) <= min(4 * len(rows), BLOCK):
        return score(asker, corpus, model, wanted).take(rows)
    blocks = [rows[start : start + BLOCK] for start in range(0, max(len(rows), 1), BLOCK)]
    return joined([score(asker, corpus.take(block), model, wanted) for block in blocks])


def _order_for(query: PartnerQuery, relevance: Floats, corpus: Corpus, rows: Rows) -> Rows:
    if query.diversity == 0:
        return np.arange(min(query.k, len(rows)))
    return diversify(relevance, corpus.vectors.facets["about"][rows], query.k, query.diversity)
