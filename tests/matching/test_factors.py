"""Each factor: its direction, its range, and what it says of the unknown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import FakeEncoder

from matcher.embedding import LexicalModel, embed_profiles
from matcher.matching.corpus import Corpus
from matcher.matching.features import FEATURES, feature_values
from matcher.matching.features.place import distance_km
from matcher.profiles.profile import DraftProfile

KHARKIV = DraftProfile(
    id="ua-one",
    name="One",
    country="UA",
    lat=49.99,
    lon=36.23,
    ecosystems=("digital",),
    technologies=("robot software",),
    services=("training",),
    offers=("software developers",),
    seeks=("foreign clients",),
    members_total=40,
    target_countries=("PL",),
    label="gold",
    kind="cluster",
)
LUBLIN = DraftProfile(
    id="pl-two",
    name="Two",
    country="PL",
    lat=51.25,
    lon=22.57,
    ecosystems=("digital", "health"),
    technologies=("robot software", "wine"),
    services=("training",),
    offers=("foreign clients",),
    seeks=("oak",),
    members_total=20,
    target_countries=("UA", "DE"),
    kind="business_association",
)
SILENT = DraftProfile(id="de-silent", description="Nothing that can be compared")


def corpus_of(*profiles):
    return Corpus.of(
        profiles, embed_profiles(profiles, FakeEncoder()), LexicalModel.of(profiles).rows(profiles)
    )


@pytest.fixture(scope="module")
def pair():
    return corpus_of(KHARKIV, LUBLIN, SILENT)


def values_of(corpus, factor, asker=0):
    column = list(FEATURES).index(factor)
    to_you, to_them = feature_values(corpus.take(np.array([asker])), corpus)
    return to_you[:, column], to_them[:, column]


def test_a_met_need_counts_for_the_side_that_has_it(pair):
    to_you, to_them = values_of(pair, "needs")
    assert to_you[1] == pytest.approx(1)  # "foreign clients" is offered word for word
    assert to_them[1] < 0.9  # nobody offers oak


def test_directed_factors_swap_with_the_sides(pair):
    for factor in ("needs", "target", "label"):
        mine, theirs = values_of(pair, factor, asker=0)
        yours, ours = values_of(pair, factor, asker=1)
        assert mine[1] == pytest.approx(ours[0])
        assert theirs[1] == pytest.approx(yours[0])


def test_symmetric_factors_are_the_same_from_both_sides(pair):
    for factor in set(FEATURES) - {"needs", "target", "label"}:
        there, back = values_of(pair, factor, asker=0), values_of(pair, factor, asker=1)
        assert there[0][1] == pytest.approx(back[0][0], abs=1e-5), factor
        assert there[0][1] == there[1][1]


def test_target_country_is_read_from_each_side(pair):
    to_you, to_them = values_of(pair, "target")
    assert (to_you[1], to_them[1]) == (1, 1)


def test_size_is_a_ratio(pair):
    assert values_of(pair, "size")[0][1] == pytest.approx(0.5)


def test_shared_ecosystems_are_weighted_by_rarity(pair):
    # digital: 2 of 3 have it; health: 1 of 3
    digital, health = np.log(4 / 3), np.log(4 / 2)
    assert values_of(pair, "ecosystems")[0][1] == pytest.approx(digital / (digital + health))


def test_distance_is_the_great_circle(pair):
    km = distance_km(pair.take(np.array([0])), pair)
    assert km[0] == pytest.approx(0, abs=1e-3)
    assert km[1] == pytest.approx(972, rel=0.002)


@pytest.mark.parametrize(
    "factor",
    [
        *("topic", "specialities", "services", "ambitions", "needs", "ecosystems"),
        *("size", "kind", "proximity", "target", "markets"),
    ],
)
def test_what_a_profile_does_not_say_is_unknown_not_bad(pair, factor):
    to_you, _ = values_of(pair, factor)
    assert np.isnan(to_you[2])


def test_an_asker_that_says_nothing_knows_nothing(pair):
    to_you, to_them = feature_values(pair.take(np.array([2])), pair)
    unknown = [n for n in FEATURES if n not in ("profile", "wording", "label")]
    columns = [list(FEATURES).index(name) for name in unknown]
    assert np.isnan(to_you[:, columns]).all()
    assert np.isnan(to_them[:, columns]).all()


words = st.lists(st.sampled_from(["oak", "wine", "robot", "solar", "steel"]), max_size=3)
drafts = st.builds(
    lambda name, tech, offers, seeks, eco, members: DraftProfile(
        name=name,
        technologies=tech,
        offers=offers,
        seeks=seeks,
        ecosystems=eco,
        members_total=members,
    ),
    st.sampled_from(["A", "B", "C"]),
    words,
    words,
    words,
    st.lists(st.sampled_from(["digital", "health", "textile"]), max_size=2),
    st.none() | st.integers(0, 1000),
)


@settings(max_examples=40, deadline=None)
@given(profiles=st.lists(drafts, min_size=2, max_size=6), data=st.data())
def test_factors_of_a_pair_do_not_depend_on_who_else_is_asked(profiles, data):
    corpus = corpus_of(*profiles)
    asker = corpus.take(np.array([0]))
    rows = np.array(data.draw(st.permutations(range(len(profiles))))[:2])
    for whole, part in zip(
        feature_values(asker, corpus), feature_values(asker, corpus.take(rows)), strict=True
    ):
        np.testing.assert_allclose(whole[rows], part, atol=1e-5)
