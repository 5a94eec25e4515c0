"""Several matchers on one database: what one writes, the others serve without a restart."""

import json
import shutil

import pytest
from support import FakeEncoder

from matcher.config import DATA_DIR, Settings
from matcher.errors import IndexBusyError, IndexUnavailableError
from matcher.index import open_generations
from matcher.matcher import Matcher
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store

NEW = ClusterProfile(
    id="ge-wine-route",
    name="Wine Route",
    country="GE",
    description="Wine tourism",
    offers=("wine",),
)


@pytest.fixture(autouse=True)
def _few_clusters(tmp_path, monkeypatch):
    """Georgia's and Bulgaria's shipped clusters only: every test here builds an index or two."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(DATA_DIR / "partnerships.jsonl", data)
    lines = (DATA_DIR / "clusters.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    few = [line for line in lines if json.loads(line)["country"] in ("GE", "BG")]
    (data / "clusters.jsonl").write_text("".join(few), encoding="utf-8")
    monkeypatch.setattr("matcher.matcher.DATA_DIR", data)


@pytest.fixture
def opened(database_url, tmp_path):
    """Opens a matcher by its number: with PostgreSQL each has a home of its own."""
    matchers = []

    def open_one(number, encoder=None):
        home = tmp_path / ("home" if database_url.startswith("sqlite") else str(number))
        store = Store.open(database_url)
        generations = open_generations(home, store.database)
        matchers.append(Matcher(store, encoder or FakeEncoder(), generations, Settings(home=home)))
        matchers[-1].load()
        return matchers[-1]

    yield open_one
    for matcher in matchers:
        matcher.close()


def test_the_second_service_embeds_nothing(opened):
    first = opened(1)
    encoder = FakeEncoder()
    assert opened(2, encoder).status() == first.status()
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


def test_an_index_of_another_model_is_not_served(opened):
    one = opened(1)
    before = one.status()
    opened(2, FakeEncoder(fingerprint="other@2"))
    with pytest.raises(IndexUnavailableError, match="other@2"):
        one.refresh()
    assert one.status() == before
    assert one.recommend("georgian furniture").partners


def test_a_start_during_another_rebuild_serves_the_index_in_force(opened):
    one = opened(1)
    one.store.save_profiles([NEW])
    with one._generations.rebuilding():
        other = opened(2)
        assert other.status() == one.status()
        assert other.recommend("georgian furniture").partners
    one.reindex()
    assert other.refresh()
    assert other.find("wine route") == NEW


def test_a_first_start_during_another_says_who_is_at_it(opened, database_url, tmp_path):
    home = tmp_path / ("home" if database_url.startswith("sqlite") else "other")
    with Store.open(database_url) as store:
        generations = open_generations(home, store.database)
        with generations.rebuilding(), pytest.raises(IndexBusyError):
            opened(1)
