"""Imports merge and can be taken back: laws that hold for any profiles."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "profiles"))

from profile_strategies import profiles

from matcher.errors import ConflictError, NotFoundError
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.io.writers import write_profiles
from matcher.profiles.preview import preview
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store
from matcher.store.imports import MOST

PARTS = st.sets(st.sampled_from(sorted(set(ClusterProfile.model_fields) - {"lat", "lon"})))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('laws')}/matcher.db") as store:
        yield store


def partial(profile, fields):
    """A profile as a file with some columns alone gives it."""
    kept = {"id", "name", "country"} | fields
    values = {name: getattr(profile, name) for name in kept}
    return ClusterProfile.model_validate(values)


def is_blank(value):
    return value in (None, ())


@given(profiles(), profiles(), PARTS)
def test_laws_of_a_partial_file(store, stored, other, fields):
    """It removes nothing, does exactly what was told before, and is undone without a trace."""
    stored = stored.model_copy(update={"origins": ()})
    store.imports.save([stored], replace=True)
    before, digest = store.profiles(), store.collection()
    other = other.model_copy(update={"id": stored.id, "country": stored.country, "origins": ()})
    part = partial(other, fields)
    told = preview([part], before, replace=False).changes
    saved = store.imports.save([part])
    assert saved.changes == told
    after = store.profile(stored.id)
    assert after == told[0].after
    for name in ClusterProfile.model_fields:
        was, given_ = getattr(stored, name), getattr(part, name)
        silent = name not in part.model_fields_set or is_blank(given_)
        assert getattr(after, name) == (was if silent else given_), name
        assert is_blank(was) or not is_blank(getattr(after, name))
    if saved.id:
        undone = store.imports.undo(saved.id)
        assert undone.left == ()
    assert store.profiles() == before
    assert store.collection() == digest


@given(st.lists(profiles(), max_size=4, unique_by=lambda one: one.id), st.booleans())
def test_laws_of_undoing_any_import(store, given_, replace):
    before, digest = store.profiles(), store.collection()
    saved = store.imports.save(given_, replace=replace)
    if saved.id:
        store.imports.undo(saved.id)
    assert store.profiles() == before
    assert store.collection() == digest


@given(profiles())
def test_laws_of_a_file_that_says_all(store, profile):
    """An export that comes back changes nothing, and one of a new cluster is read whole."""
    store.imports.save([profile], replace=True)
    stored = store.profile(profile.id)
    (again,) = read_profiles(write_profiles([stored], "jsonl"), form="jsonl").profiles
    assert store.imports.save([again]).unchanged == 1


def cluster(**fields):
    return ClusterProfile(**({"id": "ge-a", "name": "Cluster A", "country": "GE"} | fields))


@pytest.fixture
def fresh(database_url):
    with Store.open(database_url) as store:
        yield store


def test_replacing_empties_what_the_file_lacks_but_shows_nobody_hidden(fresh):
    fresh.imports.save([cluster(city="Batumi", seeks=("buyers",), visibility="hidden")])
    told = preview([cluster(city="Poti")], fresh.profiles(), replace=True)
    assert [(one.field, one.empties) for one in told.changes[0].fields] == [
        ("city", False),
        ("seeks", True),
    ]
    saved = fresh.imports.save([cluster(city="Poti")], replace=True)
    assert fresh.profile("ge-a") == cluster(city="Poti", visibility="hidden")
    fresh.imports.undo(saved.id)
    assert fresh.profile("ge-a").seeks == ("buyers",)


def test_what_an_owner_said_is_changed_by_an_owners_word_alone(fresh):
    owned = cluster(offers=("wine",), city="Batumi", origins=("offers=owner", "city=staff"))
    fresh.imports.save([owned])
    found = preview([cluster(offers=("beer",), city="Poti")], fresh.profiles(), replace=False)
    assert [(one.where, one.field) for one in found.warnings] == [("ge-a", "offers")]
    fresh.imports.save([cluster(offers=("beer",), city="Poti")])
    assert fresh.profile("ge-a") == cluster(
        offers=("wine",), city="Poti", origins=("offers=owner",)
    )
    fresh.imports.save([cluster(offers=("tea",), origins=("offers=owner",))])
    assert fresh.profile("ge-a").offers == ("tea",)
    assert fresh.profile("ge-a").origin("offers") == "owner"


def test_what_was_changed_again_since_stays_and_is_named(fresh):
    fresh.imports.save([cluster(city="Batumi", founded=2001)])
    first = fresh.imports.save([cluster(city="Poti", founded=2002)])
    fresh.imports.save([cluster(city="Tbilisi")])
    undone = fresh.imports.undo(first.id)
    assert [(one.id, one.field) for one in undone.left] == [("ge-a", "city")]
    assert fresh.profile("ge-a") == cluster(city="Tbilisi", founded=2001)
    with pytest.raises(ConflictError, match="already"):
        fresh.imports.undo(first.id)
    with pytest.raises(NotFoundError, match="no import 99"):
        fresh.imports.undo(99)


def test_a_new_cluster_that_was_changed_since_is_not_removed(fresh):
    added = fresh.imports.save([cluster(), cluster(id="ge-b", name="B")])
    fresh.imports.save([cluster(city="Poti")])
    undone = fresh.imports.undo(added.id)
    assert (undone.removed, [one.id for one in undone.left]) == (("ge-b",), ["ge-a"])
    assert [one.id for one in fresh.profiles()] == ["ge-a"]


def test_coordinates_stay_together_when_one_was_changed_since(fresh):
    fresh.imports.save([cluster()])
    first = fresh.imports.save([cluster(lat=41.0, lon=41.5)])
    fresh.imports.save([cluster(lat=41.0, lon=42.5)])
    fresh.imports.undo(first.id)
    assert fresh.profile("ge-a") == cluster(lat=41.0, lon=42.5)


def test_only_the_last_imports_are_remembered(fresh):
    for number in range(MOST + 2):
        fresh.imports.save([cluster(founded=1900 + number)], who="office", source="list.csv")
    found = fresh.imports.last()
    assert len(found) == MOST
    assert (found[0].id, found[0].who, found[0].detail) == (MOST + 2, "office", "list.csv")
    with pytest.raises(NotFoundError):
        fresh.imports.undo(2)
    (change,) = fresh.imports.changes(MOST + 2)
    assert [(one.before, one.after) for one in change.fields] == [(1900 + MOST, 1901 + MOST)]


def test_an_import_that_changes_nothing_is_not_remembered(fresh):
    fresh.imports.save([cluster()])
    assert fresh.imports.save([cluster()]).id is None
    assert len(fresh.imports.last()) == 1
