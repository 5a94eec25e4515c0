"""Several matchers on one database: what one writes, the others serve without a restart."""

import os
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from support import FakeEncoder

from matcher.config import Settings
from matcher.errors import IndexBusyError, IndexUnavailableError, MatcherError
from matcher.index.lock import alone
from matcher.index.saved import SavedIndex
from matcher.matcher import Matcher
from matcher.matching.building import Builder
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store

NEW = ClusterProfile(
    id="ge-wine-route",
    name="Wine Route",
    country="GE",
    description="Wine tourism",
    offers=("wine",),
)


@pytest.fixture
def opened(database_url, tmp_path, ships_few):
    """Opens a matcher by its number: with PostgreSQL each has a home of its own."""
    matchers = []

    def open_one(number, encoder=None):
        home = tmp_path / ("home" if database_url.startswith("sqlite") else str(number))
        store = Store.open(database_url)
        matchers.append(Matcher(store, encoder or FakeEncoder(), Settings(home=home)))
        matchers[-1].load()
        return matchers[-1]

    yield open_one
    for matcher in matchers:
        matcher.close()


def test_the_second_service_embeds_nothing(opened):
    first = opened(1)
    encoder = FakeEncoder()
    assert opened(2, encoder).status().generation == first.status().generation
    assert encoder.encoded == []


def test_what_one_imports_the_other_serves_after_a_look(opened):
    one, other = opened(1), opened(2)
    assert not other.refresh()
    one.import_profiles([NEW])
    assert not one.refresh()
    assert other.refresh()
    assert not other.refresh()
    assert other.find("wine route") == NEW
    assert other.recommend(NEW.id) == one.recommend(NEW.id)


def test_a_service_with_another_model_disturbs_nobody(opened):
    one = opened(1)
    before = one.recommend("georgian furniture")
    other = opened(2, FakeEncoder(fingerprint="other@2"))
    assert not one.refresh()
    assert one.recommend("georgian furniture") == before
    other.import_profiles([NEW])
    with pytest.raises(IndexUnavailableError, match="not embedded yet"):
        one.refresh()
    assert "collection has changed" in one.status().degraded
    assert one.recommend("georgian furniture").partners
    one.reindex()
    assert one.status().degraded is None
    assert one.find("wine route") == NEW


def test_a_look_never_loads_the_model(opened):
    encoder = FakeEncoder()
    one, other = opened(1), opened(2, encoder)
    one.import_profiles([NEW])
    assert other.refresh()
    assert encoder.encoded == []


def test_a_look_while_the_same_service_builds_does_not_build_twice(opened, monkeypatch):
    builds, looked, looks = [], Event(), []

    class Observed(FakeEncoder):
        def encode(self, texts, progress=None):
            looks.append(Thread(target=one.refresh))
            looks[-1].start()
            assert looked.wait(60)
            return super().encode(texts, progress)

    one = opened(1)
    one.encoder.encoder = Observed()
    collection, build = one.store.collection, Builder.build

    def read():
        found = collection()
        if looks:
            looked.set()
        return found

    monkeypatch.setattr(one.store, "collection", read)
    monkeypatch.setattr(
        Builder, "build", lambda *args, **kwargs: builds.append(1) or build(*args, **kwargs)
    )
    one.import_profiles([NEW])
    for look in looks:
        look.join(60)
    assert builds == [1]
    assert one.is_current()
    assert one.status().degraded is None


@contextmanager
def building(home, url):
    """Hold what a builder holds."""
    with SavedIndex(home).building(), Store.open(url) as store, alone(store.database):
        yield


def test_a_restart_during_another_build_serves_the_index_of_before(opened, database_url, tmp_path):
    one, other = opened(1), opened(2)
    one.store.imports.save([NEW])
    home = tmp_path / ("home" if database_url.startswith("sqlite") else "1")
    with building(home, database_url):
        again = opened(2)
        assert str(os.getpid()) in again.status().degraded
        assert again.recommend("georgian furniture").partners
        with pytest.raises(MatcherError):
            other.refresh()
    one.reindex()
    assert other.refresh()
    assert other.find("wine route") == NEW


def test_a_first_start_during_another_says_who_is_at_it(opened, database_url, tmp_path):
    home = tmp_path / ("home" if database_url.startswith("sqlite") else "other")
    with building(home, database_url), pytest.raises(IndexBusyError, match=str(os.getpid())):
        opened(1)


def test_a_service_that_was_away_builds_from_the_vectors_of_the_others(opened, tmp_path):
    one = opened(1)
    one.import_profiles([NEW])
    encoder = FakeEncoder()
    assert opened(3, encoder).find("wine route") == NEW
    assert encoder.encoded == []
