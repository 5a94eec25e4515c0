"""Opening, importing, re-indexing: what is built, what is kept, what is told."""

import pytest
from support import FakeEncoder

from matcher.config import Settings
from matcher.errors import IndexUnavailableError, ModelUnavailableError
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


@pytest.fixture
def opened(tmp_path, ships_few):
    settings = Settings(home=tmp_path)

    def open_again(encoder=None):
        matcher = Matcher(
            Store.open(settings.store_url),
            encoder or FakeEncoder(),
            settings,
        )
        matcher.load()
        return matcher

    return open_again


def shipped_by(folder):
    return len((folder / "clusters.jsonl").read_text().splitlines())


def test_the_first_start_loads_the_shipped_data_and_later_ones_embed_nothing(opened, ships_few):
    with opened() as first:
        assert len(first.clusters) == shipped_by(ships_few)
        generation = first.status().generation
    encoder = FakeEncoder()
    with opened(encoder) as again:
        assert again.status().generation == generation
    assert encoder.encoded == []


def test_an_import_is_found_at_once_and_after_a_restart(opened):
    with opened() as matcher:
        before = matcher.status()
        counts = matcher.import_profiles([NEW])
        assert (counts.added, counts.changed) == (1, 0)
        assert matcher.find("wine route").id == NEW.id
        assert matcher.status().generation != before.generation
        assert matcher.recommend(NEW.id, include_weak=True).partners
    with opened() as again:
        assert again.find(NEW.id) == NEW


def test_an_import_embeds_only_what_is_new(opened):
    opened().close()
    encoder = FakeEncoder()
    with opened(encoder) as matcher:
        matcher.import_profiles([NEW])
    assert set(encoder.encoded) == {"Wine Route. Wine tourism. wine", "Wine Route"}


def test_another_model_means_another_index(opened):
    with opened() as one:
        generation = one.status().generation
    with opened(FakeEncoder(fingerprint="other@2")) as other:
        assert other.status().generation != generation
        assert other.status().model == "other@2"


def test_hidden_clusters_are_never_suggested_but_may_ask(opened):
    hidden = NEW.model_copy(update={"visibility": "hidden"})
    with opened() as matcher:
        matcher.import_profiles([hidden])
        asker = next(p for p in matcher.clusters if p.group == "EU")
        everyone = matcher.recommend(asker.id, k=100, scope="eap", filters={"countries": ["GE"]})
        assert hidden.id not in {partner.id for partner in everyone.partners}
        assert matcher.recommend(hidden.id, include_weak=True).partners


def files(home):
    return sorted(file for file in (home / "index").iterdir() if file.name != "lock")


@pytest.mark.parametrize("number", range(3))
def test_a_damaged_index_is_built_anew_without_the_model(opened, tmp_path, number):
    with opened() as first:
        generation = first.status().generation
        answer = first.recommend("georgian furniture")
    file = files(tmp_path)[number]
    file.write_bytes(file.read_bytes()[:-9])
    encoder = FakeEncoder()
    with opened(encoder) as again:
        assert (again.status().generation, again.status().degraded) == (generation, None)
        assert again.recommend("georgian furniture") == answer
    assert encoder.encoded == []


def test_a_stale_index_is_served_where_no_other_can_be_built(opened, ships_few, tmp_path):
    opened().close()
    with Store.open(Settings(home=tmp_path).store_url) as store:
        store.imports.save([NEW])

    class Gone(FakeEncoder):
        def encode(self, texts, progress=None):
            raise ModelUnavailableError("The model is gone.")

    with opened(Gone()) as kept_from_it:
        assert "collection has changed" in kept_from_it.status().degraded
        assert "The model is gone." in kept_from_it.status().degraded
        assert len(kept_from_it.clusters) == shipped_by(ships_few)
        assert kept_from_it.recommend("georgian furniture").partners
    with opened() as again:
        assert again.status().degraded is None
        assert again.find("wine route") == NEW


def test_an_index_that_cannot_be_saved_is_served_all_the_same(opened, tmp_path):
    (tmp_path / "index").write_text("a file is in the way")
    with opened() as matcher:
        assert "cannot be saved" in matcher.status().degraded
        assert "cannot be saved" in matcher.recommend("georgian furniture").warnings[-1]
        matcher.import_profiles([NEW])
        assert matcher.recommend("wine route", include_weak=True).partners
    (tmp_path / "index").unlink()
    with opened() as again:
        assert again.status().degraded is None


def test_a_factory_string_that_faiss_refuses_changes_nothing(opened, tmp_path):
    with opened() as matcher:
        before = matcher.recommend("georgian furniture")
    unusable = Settings(home=tmp_path, index_factory="nonsense", index_factory_rows=1)
    store = Store.open(unusable.store_url)
    with (
        Matcher(store, FakeEncoder(), unusable) as refused,
        pytest.raises(IndexUnavailableError, match="MATCHER_INDEX_FACTORY"),
    ):
        refused.load()
    with opened() as again:
        assert again.recommend("georgian furniture") == before


def test_a_matcher_that_was_not_loaded_says_so(tmp_path):
    settings = Settings(home=tmp_path)
    with (
        Matcher(Store.open(settings.store_url), FakeEncoder(), settings) as matcher,
        pytest.raises(IndexUnavailableError, match="load"),
    ):
        matcher.status()
