"""The measure of groups judges by the same value that the builder maximises."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.config import DATA_DIR
from matcher.matching.topics import column
from matcher.planning.groups.measured import SHIPPED, Field, added
from matcher.planning.groups.problem import steps_of
from matcher.planning.groups.worth import COST, Worth, fit_of

COUNT = 7


@given(seed=st.integers(0, 2**32), size=st.integers(1, 5))
def test_what_a_cluster_adds_is_the_difference_of_two_values(matcher, seed, size):
    random = np.random.default_rng(seed)
    corpus = matcher.snapshot.corpus.take(random.choice(len(matcher.clusters), COUNT))
    scores = np.triu(random.random((COUNT, COUNT)), 1)
    scores += scores.T
    owners = np.sort(random.integers(COUNT, size=9))
    needs = random.random((9, COUNT)) < 0.3
    needs[np.arange(9), owners] = False
    group = random.permutation(COUNT)[:size].tolist()
    found = added(Field(scores, needs, owners, corpus).parts(group))
    steps = steps_of(corpus, group)
    chain = np.array([_in_trade(corpus, step) for step in steps]).reshape(len(steps), COUNT)
    worth = Worth(
        fit_of(scores[group].mean(axis=0), scores[group].max(axis=0)),
        scores,
        needs,
        owners,
        chain,
        np.zeros(COUNT),
    )
    for one in set(range(COUNT)) - set(group):
        before = np.isin(np.arange(COUNT), group)
        after = before | (np.arange(COUNT) == one)
        gained = worth.value(after) - worth.value(before)
        assert gained == pytest.approx(found[one] - COST, abs=1e-6)


def _in_trade(corpus, step):
    return corpus.trades[:, column(step)]


def test_the_published_figures_are_of_the_shipped_weights():
    published = json.loads((DATA_DIR / "quality_groups.json").read_bytes())["protocol"]
    assert published["weights"] == published["chosen_by_one_half"] == list(SHIPPED)
