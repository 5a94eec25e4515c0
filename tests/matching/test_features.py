"""Each feature: its direction, its range, and what it says of the unknown."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import FakeEncoder

from matcher.embedding.embedder import embed_profiles
from matcher.embedding.lexical import LexicalModel
from matcher.matching.corpus import Corpus
from matcher.matching.features import FEATURES, GROUP_TITLES, feature_values
from matcher.matching.features.needs import need_pairs
from matcher.matching.need_model import PARTS
from matcher.matching.topics import Topics
from matcher.profiles.needs import TRADE_RELATIONS, trade_relation
from matcher.profiles.profile import DraftProfile
from matcher.profiles.trades import trades

WINE = DraftProfile(
    id="ge-wine",
    name="Georgian Wine Cluster",
    country="GE",
    lat=41.92,
    lon=45.47,
    ecosystems=("agrifood", "tourism"),
    nace=("11", "01"),
    technologies=("qvevri winemaking",),
    offers=("bottled wine for importers",),
    seeks=("suppliers of packaging", "buyers of wine"),
    target_countries=("FR",),
    kind="cluster",
    as_of=2024,
)
PACKAGING = DraftProfile(
    id="fr-packaging",
    name="Packaging Valley",
    country="FR",
    lat=49.04,
    lon=3.96,
    ecosystems=("agrifood",),
    nace=("17",),
    technologies=("packaging",),
    offers=("packaging supply",),
    seeks=("foreign clients",),
    target_countries=("DE",),
    kind="cluster",
    description="We act for our members in Georgia and the Caucasus.",
    as_of=2021,
)
PARK = DraftProfile(
    id="de-park",
    name="Science Park",
    country="DE",
    ecosystems=("digital", "health", "agrifood"),
    technologies=("software",),
    kind="technology_park",
)
SILENT = DraftProfile(id="de-silent", description="Nothing that can be compared")
DIRECTED = {
    *("value_chain", "wanted_trades", "needs", "breadth", "focus", "acts_for_members", "detail"),
    *("freshness", "eastward", "target"),
}


def corpus_of(*profiles):
    return Corpus.of(
        profiles,
        embed_profiles(profiles, FakeEncoder()),
        LexicalModel.of(profiles).rows(profiles),
        Topics.of(profiles),
    )


@pytest.fixture(scope="module")
def corpus():
    return corpus_of(WINE, PACKAGING, PARK, SILENT)


def row(corpus, profile):
    return corpus.row_of[profile.id]


def seen(corpus, feature, asker, partner):
    """The feature as the asker and as the partner see it."""
    column = list(FEATURES).index(feature)
    values = feature_values(corpus.take(np.array([row(corpus, asker)])), corpus)
    return tuple(float(side[row(corpus, partner), column]) for side in values)


def test_every_feature_belongs_to_a_group_and_every_group_has_one():
    assert {feature.group for feature in FEATURES.values()} == set(GROUP_TITLES)


def test_what_you_see_in_them_is_what_they_see_when_they_ask(corpus):
    for feature in FEATURES:
        for asker in (WINE, PACKAGING, PARK, SILENT):
            for partner in (WINE, PACKAGING, PARK, SILENT):
                to_you, to_them = seen(corpus, feature, asker, partner)
                back_you, back_them = seen(corpus, feature, partner, asker)
                told = (feature, asker.id, partner.id)
                assert to_you == pytest.approx(back_them, abs=1e-5, nan_ok=True), told
                assert to_them == pytest.approx(back_you, abs=1e-5, nan_ok=True), told


def test_only_directed_features_differ_between_the_sides(corpus):
    to_you, to_them = feature_values(corpus.take(np.array([0])), corpus)
    for column, name in enumerate(FEATURES):
        if name not in DIRECTED:
            np.testing.assert_array_equal(to_you[:, column], to_them[:, column], err_msg=name)


def test_trades_of_a_profile_with_itself_are_one_and_of_strangers_zero(corpus):
    assert seen(corpus, "trades", WINE, WINE)[0] == pytest.approx(1, abs=1e-5)
    assert seen(corpus, "trades", WINE, PARK)[0] < 0.2


def test_a_supplier_matters_to_those_who_use_its_trade(corpus):
    to_you, to_them = seen(corpus, "value_chain", WINE, PACKAGING)
    assert to_you > to_them == 0


def test_a_trade_that_is_sought_counts_for_the_seeker(corpus):
    to_you, to_them = seen(corpus, "wanted_trades", WINE, PACKAGING)
    assert 0 < to_you <= 1
    assert np.isnan(to_them)  # "foreign clients" names no trade


def test_a_need_is_met_for_the_side_that_has_it(corpus):
    to_you, _ = seen(corpus, "needs", WINE, PACKAGING)
    assert 0.3 < to_you <= 1
    assert np.isnan(seen(corpus, "needs", PARK, PACKAGING)[0])  # the park states no need


def test_more_offers_never_make_a_need_less_met():
    more = PACKAGING.model_copy(
        update={"id": "fr-more", "offers": (*PACKAGING.offers, "labels and corks")}
    )
    corpus = corpus_of(WINE, PACKAGING, more)
    assert seen(corpus, "needs", WINE, more)[0] >= seen(corpus, "needs", WINE, PACKAGING)[0]


def test_target_country_is_read_from_each_side(corpus):
    assert seen(corpus, "target", WINE, PACKAGING) == (1, 0)


def test_the_east_is_told_to_an_asker_from_there_and_to_nobody_else(corpus):
    to_you, to_them = seen(corpus, "eastward", WINE, PACKAGING)
    assert to_you == 2  # Georgia and the Caucasus
    assert np.isnan(to_them)
    assert np.isnan(seen(corpus, "eastward", PACKAGING, PARK)).all()


def test_traits_are_those_of_the_other_side(corpus):
    assert seen(corpus, "breadth", WINE, PARK) == (3, 2)
    assert seen(corpus, "breadth_gap", WINE, PARK) == (1, 1)
    assert seen(corpus, "detail", WINE, PACKAGING) == (1, 1)
    assert seen(corpus, "acts_for_members", WINE, PACKAGING) == (1, 0)
    assert seen(corpus, "freshness", WINE, PACKAGING) == (2021, 2024)


def test_bodies_for_any_trade_suit_each_other_alone(corpus):
    assert seen(corpus, "kind", PARK, PARK)[0] == 1
    assert seen(corpus, "kind", PARK, WINE)[0] == -1
    assert seen(corpus, "kind", WINE, PACKAGING)[0] == 0


def test_shared_ecosystems_are_weighted_by_rarity(corpus):
    # Of four, three are in food; tourism has one.
    food, tourism = np.log(5 / 4), np.log(5 / 2)
    expected = food / (food + tourism)
    assert seen(corpus, "ecosystems", WINE, PACKAGING)[0] == pytest.approx(expected)


def test_the_main_ecosystem_counts_half_for_each_direction(corpus):
    assert seen(corpus, "main_ecosystem", WINE, PACKAGING)[0] == 1
    assert seen(corpus, "main_ecosystem", PACKAGING, PARK)[0] == 0.5


@pytest.mark.parametrize(
    "feature",
    [
        *("trades", "value_chain", "needs", "specialities", "ecosystems", "main_ecosystem"),
        *("activities", "kind", "breadth", "breadth_gap", "focus", "freshness", "target"),
    ],
)
def test_what_a_profile_does_not_say_is_unknown_not_bad(corpus, feature):
    assert np.isnan(seen(corpus, feature, WINE, SILENT)[0])


def test_a_country_named_as_a_market_changes_no_trade():
    """Where somebody is or sells says nothing of what they do."""
    elsewhere = WINE.model_copy(update={"id": "md-wine", "country": "MD", "target_countries": ()})
    corpus = corpus_of(WINE, elsewhere, PACKAGING)
    for feature in ("trades", "value_chain", "wanted_trades", "focus"):
        assert seen(corpus, feature, WINE, PACKAGING) == pytest.approx(
            seen(corpus, feature, elsewhere, PACKAGING), nan_ok=True
        )


words = st.lists(st.sampled_from(["oak", "wine", "robots", "solar power", "steel"]), max_size=3)
drafts = st.builds(
    lambda name, tech, offers, seeks, eco, country: DraftProfile(
        name=name,
        technologies=tech,
        offers=offers,
        seeks=[f"suppliers of {one}" for one in seeks],
        ecosystems=eco,
        country=country,
    ),
    st.sampled_from(["A", "B", "C"]),
    words,
    words,
    words,
    st.lists(st.sampled_from(["digital", "health", "textile"]), max_size=2),
    st.sampled_from([None, "GE", "PL"]),
)


@given(profiles=st.lists(drafts, min_size=2, max_size=6), data=st.data())
def test_features_of_a_pair_do_not_depend_on_who_else_is_asked(profiles, data):
    corpus = corpus_of(*profiles)
    asker = corpus.take(np.array([0]))
    rows = np.array(data.draw(st.permutations(range(len(profiles))))[:2])
    for whole, part in zip(
        feature_values(asker, corpus), feature_values(asker, corpus.take(rows)), strict=True
    ):
        np.testing.assert_allclose(whole[rows], part, atol=1e-5)


@given(profiles=st.lists(drafts, min_size=2, max_size=4))
def test_sides_swap_for_any_two_profiles(profiles):
    corpus = corpus_of(*profiles)
    first, second = (corpus.take(np.array([place])) for place in (0, 1))
    there, back = feature_values(first, second), feature_values(second, first)
    np.testing.assert_allclose(there[0], back[1], atol=1e-5)
    np.testing.assert_allclose(there[1], back[0], atol=1e-5)


def test_the_trades_of_needs_and_offers_stand_to_each_other_as_one_pair_at_a_time():
    words = ["wine", "packaging", *(one.names["en"] for one in list(trades().values())[::40])]
    whole = corpus_of(
        *(
            DraftProfile(id=f"fr-{place}", seeks=(f"buyers of {word}",), offers=(word,))
            for place, word in enumerate(words)
        )
    )
    offers = [offer for one in whole.meanings for offer in one.offers]
    for place, one in enumerate(whole.meanings):
        parts = need_pairs(whole.take(np.array([place])), whole).parts
        for (row, need), (column, offer) in product(enumerate(one.seeks), enumerate(offers)):
            told = [
                name
                for name, value in zip(PARTS, parts[row, column], strict=True)
                if value and name in {f"trade_{stands}" for stands in TRADE_RELATIONS}
            ]
            stands, _ = trade_relation(need.trades, offer.trades)
            assert told == ([] if stands == "unknown" else [f"trade_{stands}"])
