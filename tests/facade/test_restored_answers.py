"""A backup that is restored elsewhere answers as the original does, and embeds nothing anew."""

from contextlib import closing

import pytest
from support import FakeEncoder

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.store.backup import back_up, restore
from matcher.store.database import Database

ASKERS = ("ge-georgian-furniture-cluster", "ua-kharkiv-it-cluster", "bg-furniture-cluster")


def test_a_restored_matcher_gives_the_same_answers(few, tmp_path, database_url):
    file, encoder, settings = tmp_path / "backup.zip", FakeEncoder(), Settings(home=few)
    with closing(Database(settings.store_url)) as original:
        back_up(original, file)
    with closing(Database(database_url)) as database:
        restore(database, file)
    with (
        Matcher(Store.open(settings.store_url), FakeEncoder(), settings) as matcher,
        Matcher(Store.open(database_url), encoder, Settings(home=tmp_path)) as restored,
    ):
        matcher.load()
        restored.load()
        for asker in ASKERS:
            one, other = (
                each.recommend(asker, k=20, include_weak=True) for each in (restored, matcher)
            )
            assert len(one.partners) > 10
            assert (one.generation, one.eligible) == (other.generation, other.eligible)
            assert [partner.id for partner in one.partners] == [p.id for p in other.partners]
            for left, right in zip(one.partners, other.partners, strict=True):
                assert left.score == pytest.approx(right.score, abs=1e-6)
                assert left.reasons == right.reasons
    assert encoder.encoded == []
