import numpy as np
import pytest

from matcher.matching.features import GROUP_TITLES
from matcher.notebook import rank_stability, weight_influence

ASKER = "Kharkiv IT Cluster"


@pytest.fixture(scope="module")
def one(analyst):
    return analyst.pair_scores([ASKER], "eu")


def test_without_spread_nothing_moves(one):
    still = rank_stability(one, k=10, draws=5, spread=0.0)
    assert still.overlap.tolist() == [1.0] * 5
    frame = still.to_frame()
    assert list(frame["rank"]) == list(range(1, 11))
    assert (frame["share"] == 1).all()
    assert (frame["low"] == frame["rank"]).all()


def test_the_list_is_the_one_that_is_recommended(analyst, one):
    frame = rank_stability(one, k=5, draws=20, seed=3).to_frame()
    assert list(frame.index[:5]) == [
        p.id for p in analyst.recommend(ASKER, k=5, include_weak=True).partners
    ]


def test_shares_and_overlap_tell_the_same(one):
    found = rank_stability(one, k=10, draws=50, spread=0.8, seed=4)
    frame = found.to_frame()
    assert frame["share"].sum() == pytest.approx(10)
    kept = frame.loc[frame["rank"] <= 10, "share"].mean()
    assert found.overlap.mean() == pytest.approx(kept)
    assert (frame["low"] <= frame["high"]).all()


def test_wider_draws_move_more_and_seeds_decide(one):
    narrow, wide = (rank_stability(one, draws=100, spread=s).overlap.mean() for s in (0.1, 1.0))
    assert wide < narrow
    again = [rank_stability(one, draws=20, seed=9).overlap for _ in range(2)]
    assert np.array_equal(*again)


def test_influence_agrees_with_asking_again(one):
    table = weight_influence(one, k=10)
    assert set(table.index) == set(GROUP_TITLES)
    base = set(one.top(10)["partner"])
    for weight, column in ((0.0, "ignored"), (2.0, "doubled")):
        for name in GROUP_TITLES:
            stays = len(base & set(one.weighted(weights={name: weight}).top(10)["partner"])) / 10
            assert table.loc[name, column] == pytest.approx(stays), name


def test_the_purpose_weighs_the_same_in_every_draw(one):
    wanted = one.weighted(intent="market_access")
    still = rank_stability(wanted, k=10, draws=3, spread=0.0).to_frame()
    assert list(still.index) == list(wanted.top(10)["partner"])


def test_more_is_asked_for_than_there_is(analyst):
    few = analyst.pair_scores([ASKER], [one.id for one in analyst.clusters if one.country == "MT"])
    assert rank_stability(few, k=10, draws=5).overlap.tolist() == [1.0] * 5
    assert (weight_influence(few)["ignored"] == 1).all()


def test_one_asker_is_needed(across):
    with pytest.raises(ValueError, match="one asker"):
        rank_stability(across)
