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
from matcher.matching.features import FACTORS, factor_values
from matcher.matching.intents import MULTIPLIERS
from matcher.matching.model import Scores, ScoringModel, joined
from matcher.matching.query import PartnerQuery

Rows = NDArray[np.intp]


BLOCK = 8192
"""Rows that are scored at once."""

KNOWN = "profile"
"""The factor that the vector index has computed already."""

PLAIN = frozenset({"ecosystems", "label", "size", "kind", "proximity", "target", "markets"})
"""Factors of plain fields, which cost nearly nothing."""

ROUGH = frozenset(FACTORS) - {KNOWN, "topic", "specialities", "ambitions", "needs"}
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
) -> Candidates:
    """The candidates that lead; parameters as in `rank`.

    Many are compared by their likeness and the factors in `PLAIN`, some of these by the factors in
    `ROUGH`, too.
    """

    def leading(among: Candidates, count: int, only: Set[str]) -> Candidates:
        if len(among.rows) <= count:
            return among
        known = {KNOWN: among.likeness}
        values = factor_values(asker, corpus.take(among.rows), only, known)
        logits = score_factors(values, model, multipliers(query)).contributions.sum(axis=1)
        places = np.sort(np.argpartition(-logits, count)[:count])
        return Candidates(among.rows[places], among.likeness[places])

    enough = max(SHORT, POOL * query.k)
    return leading(leading(found, WIDER * enough, PLAIN), enough, ROUGH)


def rank(
    asker: Corpus, corpus: Corpus, found: Candidates, query: PartnerQuery, model: ScoringModel
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
        Weights, intent, diversity and k.
    model
        The scoring model.
    """
    rows = found.rows
    scores = _scores_of(asker, corpus, found, query, model)
    order = np.argsort(-scores.score, kind="stable")
    wanted = _order_for(query, scores.score[order], corpus, rows[order])
    chosen = order[wanted]
    return Ranking(rows[chosen], scores.take(chosen))


def _scores_of(
    asker: Corpus, corpus: Corpus, found: Candidates, query: PartnerQuery, model: ScoringModel
) -> Scores:
    """Score the whole corpus and drop the rest where that is cheaper than picking rows.

    Many rows are scored block by block, so that memory does not grow with them.
    """
    wanted = multipliers(query)
    rows, likeness = found

    def scored(partners: Corpus, known: Floats) -> Scores:
        values = factor_values(asker, partners, FACTORS.keys() - {KNOWN}, {KNOWN: known})
        return score_factors(values, model, wanted)

    if len(corpus) <= min(4 * len(rows), BLOCK):
        whole = np.full(len(corpus), np.nan, dtype=np.float32)
        whole[rows] = likeness
        return scored(corpus, whole).take(rows)
    starts = range(0, max(len(rows), 1), BLOCK)
    blocks = (slice(start, start + BLOCK) for start in starts)
    return joined([scored(corpus.take(rows[block]), likeness[block]) for block in blocks])


def _order_for(query: PartnerQuery, relevance: Floats, corpus: Corpus, rows: Rows) -> Rows:
    if query.diversity == 0:
        return np.arange(min(query.k, len(rows)))
    return diversify(relevance, corpus.vectors.facets["about"][rows], query.k, query.diversity)
