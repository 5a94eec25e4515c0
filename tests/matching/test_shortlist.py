"""Quick factors first, then all: what is dropped, and what must not be."""

import numpy as np
import pytest

from matcher.matching import ranker
from matcher.matching.candidates import Candidates
from matcher.matching.features import FACTORS, factor_values
from matcher.matching.features.text import profile_similarity
from matcher.matching.model import shipped_model
from matcher.matching.query import PartnerQuery
from matcher.matching.ranker import rank, shortlist

ASKERS = ("ua-kharkiv-it-cluster", "ro-cluj-it-cluster", "lv-it-cluster")


@pytest.fixture
def asked(matcher):
    corpus = matcher.snapshot.corpus

    def question(asker, **options):
        row = corpus.row_of[asker]
        rows, one = np.delete(np.arange(len(corpus)), row), corpus.take(np.array([row]))
        found = Candidates(rows, profile_similarity(one, corpus)[rows])
        return one, corpus, found, PartnerQuery(cluster=asker, **options), shipped_model()

    return question


@pytest.mark.parametrize("asker", ASKERS)
def test_nearly_all_of_the_best_are_on_the_short_list(asked, asker):
    question = asked(asker, k=10)
    best = rank(*question).rows
    short = shortlist(*question).rows
    assert len(short) == ranker.SHORT
    assert (np.diff(short) > 0).all()
    assert len(set(best) & set(short)) >= 9


def test_a_long_list_is_not_cut_short(asked):
    assert len(shortlist(*asked(ASKERS[0], k=100)).rows) == 400


def test_few_candidates_all_stay(asked):
    asker, corpus, found, query, model = asked(ASKERS[0])
    few = Candidates(found.rows[: ranker.SHORT], found.likeness[: ranker.SHORT])
    assert shortlist(asker, corpus, few, query, model) is few


def test_what_is_known_decides_who_is_compared_further(asked, monkeypatch):
    asker, corpus, (rows, _), query, model = asked(ASKERS[0])
    monkeypatch.setattr(ranker, "WIDER", 1)
    known = np.zeros(len(rows), dtype=np.float32)
    known[::4] = 1
    short = shortlist(asker, corpus, Candidates(rows, known), query, model)
    assert len(set(short.rows) & set(rows[::4])) > 0.9 * ranker.SHORT


def test_own_weights_count_on_the_short_list_too(asked):
    near = shortlist(*asked(ASKERS[0], weights={"proximity": 5, "profile": 0, "wording": 0}))
    plain = shortlist(*asked(ASKERS[0]))
    assert not np.array_equal(near.rows, plain.rows)


def test_only_the_factors_asked_for_are_computed(asked):
    asker, corpus, *_ = asked(ASKERS[0])
    whole, _ = factor_values(asker, corpus)
    some, _ = factor_values(asker, corpus, {"profile", "kind"})
    for column, name in enumerate(FACTORS):
        if name in ("profile", "kind"):
            assert np.array_equal(some[:, column], whole[:, column], equal_nan=True)
        else:
            assert np.isnan(some[:, column]).all()


def test_blocks_score_as_the_whole_does(asked, monkeypatch):
    question = asked(ASKERS[0], k=50)
    whole = rank(*question)
    monkeypatch.setattr(ranker, "BLOCK", 100)
    blocks = rank(*question)
    assert np.array_equal(blocks.rows, whole.rows)
    assert np.allclose(blocks.scores.score, whole.scores.score, atol=1e-6)
