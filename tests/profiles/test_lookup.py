"""Look-up of clusters by what people call them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import AmbiguousNameError, ClusterNotFoundError
from matcher.profiles.lookup import NameIndex, name_lines
from matcher.profiles.profile import ClusterProfile


def named(profiles):
    """The look-up of some profiles."""
    known = sorted(profiles, key=lambda profile: profile.id)
    return NameIndex([one.id for one in known], known, map(name_lines, known))


@pytest.fixture(scope="module")
def shipped(shipped_report):
    return shipped_report.profiles


@pytest.fixture(scope="module")
def index(shipped):
    """The look-up of all shipped clusters."""
    return named(shipped)


def make(key, name, **values):
    return ClusterProfile(id=f"ua-{key}", name=name, country="UA", **values)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("kharkiv it", "ua-kharkiv-it-cluster"),
        ("Харківський ІТ кластер", "ua-kharkiv-it-cluster"),
        ("Харківський IT кластер", "ua-kharkiv-it-cluster"),
        ("Харьковский ИТ кластер", "ua-kharkiv-it-cluster"),
        ("harkiv it cluster", "ua-kharkiv-it-cluster"),
        ("it cluster kharkiv", "ua-kharkiv-it-cluster"),
        ("Kharikv IT Cluster", "ua-kharkiv-it-cluster"),
        ("KHARKIV IT CLUSTER", "ua-kharkiv-it-cluster"),
        ("  kharkiv   it-cluster ", "ua-kharkiv-it-cluster"),
        ("ua-kharkiv-it-cluster", "ua-kharkiv-it-cluster"),
        ("UA-Kharkiv-IT-Cluster", "ua-kharkiv-it-cluster"),
        ("ClujIT", "ro-cluj-it-cluster"),
        ("Asociatia Cluj IT", "ro-cluj-it-cluster"),
        ("precarpathian eco energy", "ua-precarpathian-eco-energy-cluster"),
        ("Georgian Furniture", "ge-georgian-furniture-cluster"),
        ("KOBIA", "az-kobia"),
    ],
)
def test_usual_ways_to_name_a_cluster(index, text, key):
    assert index.find(text).id == key
    assert index.search(text)[0].id == key


def goes_by(index, key, name):
    one = index.find(key)
    names = (one.name, one.native_name, one.acronym)
    return name.casefold() in [own.casefold() for own in names if own]


def test_every_shipped_cluster_is_found_by_each_of_its_names(index, shipped):
    for profile in shipped:
        assert index.find(profile.id) is profile
        for name in filter(None, (profile.name, profile.native_name, profile.acronym)):
            try:
                assert index.find(name) is profile
            except AmbiguousNameError as error:
                assert profile.id in dict(error.candidates)
                assert len(error.candidates) > 1
                assert all(goes_by(index, key, name) for key, _ in error.candidates)


def test_a_shared_acronym_lists_its_owners(index):
    with pytest.raises(AmbiguousNameError) as caught:
        index.find("htp")
    assert {key for key, _ in caught.value.candidates} == {
        "az-anas-high-technologies-park",
        "by-hi-tech-park",
    }


def test_a_part_of_several_names_lists_them(index):
    with pytest.raises(AmbiguousNameError) as caught:
        index.find("kharkiv")
    keys = [key for key, _ in caught.value.candidates]
    assert "ua-kharkiv-it-cluster" in keys
    assert 2 <= len(keys) <= 10


def test_a_list_of_candidates_is_never_long(index):
    with pytest.raises(AmbiguousNameError) as caught:
        index.find("cluster")
    assert len(caught.value.candidates) == 10


def test_none_suggests_the_nearest(index):
    with pytest.raises(ClusterNotFoundError) as caught:
        index.find("medvja")
    assert caught.value.suggestions[0] == ("be-medvia", "MEDVIA")
    assert len(caught.value.suggestions) <= 5


@pytest.mark.parametrize("text", ["", "   ", "!!!", "qqqqzzzzxxxx", "\0", "x" * 5000])
def test_nothing_like_it_suggests_nothing(index, text):
    with pytest.raises(ClusterNotFoundError) as caught:
        index.find(text)
    assert caught.value.suggestions == ()
    assert index.search(text) == []


def test_equal_names_win_over_longer_ones():
    index = named([make("a", "Wood Cluster"), make("b", "Wood Cluster West"), make("c", "Woods")])
    assert index.find("wood cluster").id == "ua-a"
    assert [p.id for p in index.search("wood")] == ["ua-c", "ua-a", "ua-b"]


def test_two_likely_names_are_listed_rather_than_guessed():
    index = named([make("a", "Carpathian Woodworks A"), make("b", "Carpathian Woodworks B")])
    with pytest.raises(AmbiguousNameError):
        index.find("Carpathian Woodworcs")


def test_a_hidden_cluster_is_found_by_its_id_alone():
    hidden = make("secret", "Secret Cluster", acronym="SCR", visibility="hidden")
    index = named([hidden, make("a", "Open Cluster", visibility="private")])
    assert index.find("ua-secret") is hidden
    for text in ("Secret Cluster", "SCR", "secret"):
        with pytest.raises(ClusterNotFoundError) as caught:
            index.find(text)
        assert "ua-secret" not in dict(caught.value.suggestions)
        assert hidden not in index.search(text)
    assert [p.id for p in index.search("open")] == ["ua-a"]


def test_search_goes_along_with_typing(index):
    for end in range(5, len("kharkiv it cluster") + 1):
        found = index.search("kharkiv it cluster"[:end], limit=8)
        assert "ua-kharkiv-it-cluster" in [p.id for p in found]
    assert "ua-kharkiv-it-cluster" in [p.id for p in index.search("harkiv")]


def test_search_respects_its_limit(index, shipped):
    assert len(index.search("cluster", limit=3)) == 3
    assert index.search("cluster", limit=0) == []
    assert len(index.search("cluster", limit=10_000)) <= len(shipped)


def test_answers_do_not_depend_on_the_order_of_profiles(index, shipped):
    turned = named(reversed(shipped))
    for text in ("kharkiv", "energy", "furnitur", "medvja", "it"):
        assert turned.search(text) == index.search(text)


@given(st.text(max_size=60))
def test_any_text_gets_an_answer_or_a_named_error(index, shipped, text):
    with contextlib.suppress(ClusterNotFoundError, AmbiguousNameError):
        assert index.find(text) in shipped
    found = index.search(text, limit=5)
    assert len({p.id for p in found}) == len(found) <= 5


def test_an_index_of_nothing_finds_nothing():
    with pytest.raises(ClusterNotFoundError):
        named([]).find("anything")
    assert named([]).search("anything") == []
