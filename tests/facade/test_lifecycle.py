"""Opening, importing, re-indexing: what is built, what is kept, what is told."""

import pytest
from matcher.index.generation import Generations
from support import FakeEncoder

from matcher.config import Settings
from matcher.errors import IndexUnavailableError
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
def opened(tmp_path):
    settings = Settings(home=tmp_path)

    def open_again(encoder=None):
        matcher = Matcher(
            Store.open(settings.store_url),
            encoder or FakeEncoder(),
            Generations(tmp_path),
            settings,
        )
        matcher.load()
        return matcher

    return open_again


def test_the_first_start_loads_the_shipped_data_and_later_ones_embed_nothing(opened):
    with opened() as first:
        assert len(first.clusters) == 719
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
        assert matcher.recommend(NEW.id).partners
    with opened() as again:
        assert again.find(NEW.id) == NEW


def test_an_import_embeds_only_what_is_new(opened):
    opened().close()
    encoder = FakeEncoder()
    with opened(encoder) as matcher:
        matcher.import_profiles([NEW])
    assert set(encoder.encoded) == {"Wine Route. Wine tourism. wine", "Wine Route", "wine"}


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
        assert matcher.recommend(hidden.id).partners


def test_a_damaged_index_is_mended_at_the_next_start(opened, tmp_path):
    with opened() as first:
        generation = first.status().generation
    (tmp_path / "generations" / "current").unlink()
    with Generations(tmp_path).rebuilding(), opened() as kept_from_it:
        status = kept_from_it.status()
        assert status.generation == generation
        assert "missing or damaged" in status.degraded
    with opened() as again:
        assert (again.status().generation, again.status().degraded) == (generation, None)


def test_a_matcher_that_was_not_loaded_says_so(tmp_path):
    settings = Settings(home=tmp_path)
    with (
        Matcher(
            Store.open(settings.store_url), FakeEncoder(), Generations(tmp_path), settings
        ) as matcher,
        pytest.raises(IndexUnavailableError, match="load"),
    ):
        matcher.status()
