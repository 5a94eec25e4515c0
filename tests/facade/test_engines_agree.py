"""The same data on SQLite with vectors on disk and on PostgreSQL with pgvector: one answer."""

from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import FakeEncoder

from matcher.config import Settings
from matcher.errors import IndexUnavailableError
from matcher.index.pgvector import PgVectorIndex
from matcher.matcher import Matcher
from matcher.matching.query import PartnerQuery
from matcher.profiles.profile import KINDS, LABELS
from matcher.profiles.taxonomy import countries, ecosystems
from matcher.store import Store

FEW = 40
"""Clusters that are scored without a look-up by vectors, so that most queries need one."""


@pytest.fixture(scope="module")
def engines(postgres, tmp_path_factory):
    """A matcher on each engine that looks candidates up, then a pair that scores everybody."""
    url = postgres.database()
    with ExitStack() as stack:

        def opened(url):
            """Two matchers over one index: one looks candidates up, one scores everybody."""
            home = tmp_path_factory.mktemp("home")
            for limit in (FEW, 5000):
                own = Settings(home=home, database_url=url, exhaustive_limit=limit)
                store = Store.open(own.store_url)
                matcher = stack.enter_context(Matcher(store, FakeEncoder(), own))
                matcher.load()
                yield matcher

        yield [*zip(opened(None), opened(url), strict=True)]
    postgres.drop(url)


def some(values):
    return st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True)


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "countries": some(countries()),
        "ecosystems": some(ecosystems()),
        "kinds": some(KINDS),
        "labels": some(LABELS),
        "technologies": some(["wine", "robot", "software", "wood", "hydrogen"]),
        "min_members": st.integers(1, 200),
    },
)
OPTIONS = st.fixed_dictionaries(
    {"k": st.integers(1, 30)},
    optional={
        "scope": st.sampled_from(["eu", "eap", "all"]),
        "same_country": st.booleans(),
        "new_only": st.booleans(),
        "diversity": st.sampled_from([0.0, 0.3]),
        "filters": FILTERS,
        "none_of": FILTERS,
    },
)
TEXTS = ("We make oak chairs and seek designers", "Software for hospitals", "Wine tourism routes")


def same(one, other):
    """Whether two lists name the same partners in one order, with scores as good as equal."""
    assert (one.eligible, one.generation) == (other.eligible, other.generation)
    assert [partner.id for partner in one.partners] == [partner.id for partner in other.partners]
    for left, right in zip(one.partners, other.partners, strict=True):
        for name in ("score", "fit_for_you", "fit_for_them", "confidence"):
            assert getattr(left, name) == pytest.approx(getattr(right, name), abs=1e-5)
        assert left.reasons == right.reasons


@given(data=st.data(), options=OPTIONS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_drawn_queries_have_the_same_answer(engines, data, options):
    clusters = engines[0][0].clusters
    asker = data.draw(st.sampled_from(range(len(clusters))) | st.sampled_from(TEXTS))
    if isinstance(asker, int):
        query = PartnerQuery(cluster=clusters[asker].id, **options)
    else:
        query = PartnerQuery(text=asker, **options)
    for sqlite, postgresql in engines:
        same(sqlite.recommend(query), postgresql.recommend(query))


def test_both_hold_the_same_clusters_in_one_order(engines):
    sqlite, postgresql = engines[0]
    assert sqlite.status().generation == postgresql.status().generation
    assert "pgvector" in postgresql.status().engine
    assert [one.id for one in sqlite.clusters] == [one.id for one in postgresql.clusters]
    assert sqlite.store.partnerships() == postgresql.store.partnerships()


def test_candidates_are_looked_up_in_the_database(engines, monkeypatch):
    asked = []
    search = PgVectorIndex.search
    monkeypatch.setattr(
        PgVectorIndex,
        "search",
        lambda self, *given: asked.append(self.told) or search(self, *given),
    )
    sqlite, postgresql = engines[0]
    sqlite.recommend("georgian furniture")
    assert asked == []
    postgresql.recommend("georgian furniture")
    assert asked == ["PostgreSQL with pgvector"]


def test_while_the_database_is_away_candidates_are_looked_up_here(engines, monkeypatch):
    def away(*_given):
        raise IndexUnavailableError("The database cannot be reached.")

    sqlite, postgresql = engines[0]
    with monkeypatch.context() as patch:
        patch.setattr(PgVectorIndex, "search", away)
        for name in ("georgian furniture", "ua-kharkiv-it-cluster"):
            same(sqlite.recommend(name, k=20), postgresql.recommend(name, k=20))
