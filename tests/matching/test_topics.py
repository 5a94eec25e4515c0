"""What a profile is about, as arrays: trades upwards, needs, traits."""

import numpy as np
import pytest

from matcher.matching.topics import Topics, column
from matcher.profiles.profile import DraftProfile
from matcher.profiles.trades import ancestors, trades

WINE = DraftProfile(
    name="Wine Cluster",
    technologies=("winemaking",),
    offers=("bottled wine", "tastings"),
    seeks=("suppliers of packaging",),
    ecosystems=("agrifood",),
    description="We act for our members in Eastern Europe.",
)
SILENT = DraftProfile(description="Nothing that can be compared")


@pytest.fixture(scope="module")
def topics():
    return Topics.of([WINE, SILENT])


def at(sparse, row, trade):
    return sparse.dense(row, len(trades()))[column(trade)]


def test_a_trade_reaches_its_broader_ones_by_half_each_step():
    for trade in trades():
        topics = Topics.of([DraftProfile(trades=(trade,))])
        share = at(topics.stated, 0, trade)
        assert 0.5 < share < 1
        for step, reached in enumerate((trade, *ancestors(trade))):
            assert at(topics.reach, 0, reached) == pytest.approx(share * 0.5**step)


def test_what_is_sought_is_no_trade_of_ones_own(topics):
    assert at(topics.wanted, 0, "packaging") == pytest.approx(1)
    assert at(topics.wanted, 0, "wine") == 0
    assert at(topics.stated, 0, "packaging") < at(topics.stated, 0, "wine") / 2


def test_a_silent_profile_has_no_trades_and_no_focus(topics):
    assert topics.stated.filled.tolist() == [True, False]
    assert topics.reach.filled.tolist() == [True, False]
    assert np.isnan(topics.trait("focus")[1])
    assert np.isnan(topics.trait("breadth")[1])


def test_traits(topics):
    assert topics.trait("breadth")[0] == 1
    assert topics.trait("offers").tolist() == [2, 0]
    assert topics.trait("acts").tolist() == [1, 0]
    assert topics.trait("eastward").tolist() == [1, 0]


def test_a_profile_of_one_trade_is_more_focused_than_one_of_many():
    many = DraftProfile(name="All", technologies=("wine", "software", "furniture", "shipbuilding"))
    focus = Topics.of([WINE, many]).trait("focus")
    assert focus[0] > focus[1]


def test_a_common_trade_is_less_rare():
    rarity = Topics.of([WINE, WINE, DraftProfile(name="Shipbuilding Cluster")]).rarity
    assert 0 < rarity[column("wine")] < rarity[column("shipbuilding")]
    assert rarity[column("shipbuilding")] < rarity[column("jewellery")]


def test_a_draft_is_weighed_by_the_rarity_of_the_collection(topics):
    draft = Topics.of([WINE], topics.rarity)
    np.testing.assert_array_equal(draft.rarity, topics.rarity)
    np.testing.assert_allclose(draft.norms[0], topics.norms[0])


def test_arrays_read_back(topics):
    again = Topics.from_arrays(topics.arrays)
    for name, array in topics.arrays.items():
        np.testing.assert_array_equal(again.arrays[name], array)


def test_rows_are_taken_in_the_given_order(topics):
    turned = topics.take(np.array([1, 0]))
    np.testing.assert_array_equal(turned.traits, topics.traits[::-1])
    np.testing.assert_array_equal(
        turned.reach.dense(1, len(trades())), topics.reach.dense(0, len(trades()))
    )
    assert np.diff(turned.offers.starts).tolist() == [0, 2]
