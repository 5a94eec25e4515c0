"""Fixtures that every room's tests may use."""

import fcntl
import json
import os
import re
import shutil
import warnings
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from postgres import Binaries, PostgresServer
from support import FakeEncoder, ships

from matcher.config import DATA_DIR, PROJECT_DIR, Settings
from matcher.evaluation import judged
from matcher.matcher import Matcher
from matcher.profiles.io.readers import read_profiles
from matcher.store import Store

# A busy machine may be slow: what takes too long is tested where it matters, by processor time.
# Examples are the same in every run: whoever changes something else is not surprised by a new one.
# `make fuzz` draws new ones.
hypothesis_settings.register_profile(
    "drawn", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile(
    "settled", hypothesis_settings.get_profile("drawn"), derandomize=True, max_examples=15
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "settled"))

ORDER = (
    *("tests/profiles/", "tests/embedding/", "tests/index/", "tests/store/", "tests/matching/"),
    *("tests/facade/", "tests/notebooks/", "tests/torture/", "tests/fuzzing/", "tests/web/"),
    *("tests/cli/", "tests/introductions/", "tests/events/"),
)
"""Fast rooms first, then the longest files, as no process should begin one when all others end."""

TIERS = {
    "browser": {"chrome"},
    "postgres": {"postgres", "postgres_binaries"},
    "model": {"real_settings", "real_matcher"},
}
"""Fixtures that put each test which uses them into a tier."""
NAMES = {
    "torture": re.compile("^tests/torture/|hostile|attacks|worst|crash|_killed"),
    "fuzz": re.compile("^tests/fuzzing/|fuzz|promises|_laws|roundtrip"),
}
"""What the path or name of a test has in it that belongs to a tier; laws of hypothesis are fuzz."""

NAMED = {
    *("ge-georgian-furniture-cluster", "ge-gafa", "ua-lviv-it-cluster", "ua-kharkiv-it-cluster"),
    *("ua-kharkiv-energy-cluster", "ua-it-dnipro-community", "md-cci", "md-ua-wine-byproducts"),
    *("bg-furniture-cluster", "bg-ict-cluster", "es-innovi", "lv-it-cluster", "pl-infotech"),
    *("ro-cluj-it-cluster", "sk-kosice-it-valley"),
}
"""Clusters that tests of few clusters ask for."""


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: _turn(item.nodeid))
    for item in items:
        for tier in _tiers(item):
            item.add_marker(tier)


def _turn(test):
    return next((turn for turn, start in enumerate(ORDER) if test.startswith(start)), len(ORDER))


def _tiers(item):
    name = item.nodeid.split("[")[0]
    yield from (tier for tier, used in TIERS.items() if used.intersection(item.fixturenames))
    yield from (tier for tier, pattern in NAMES.items() if pattern.search(name))
    if getattr(item.obj, "is_hypothesis_test", False):
        yield "fuzz"
    if "[postgresql" in item.nodeid or "-postgresql" in item.nodeid:
        yield "postgres"


@pytest.fixture
def fake_encoder():
    """A small deterministic encoder: no model is loaded, texts that share words are close."""
    return FakeEncoder()


@pytest.fixture(scope="session")
def postgres_binaries():
    """The programs of PostgreSQL with pgvector, for whoever needs a server of their own."""
    with closing(Binaries()) as binaries:
        yield binaries


@pytest.fixture(scope="session")
def postgres(postgres_binaries):
    """A running PostgreSQL server, which nobody may stop."""
    with closing(PostgresServer.make(postgres_binaries)) as server:
        yield server.start()


@pytest.fixture
def postgres_url(postgres):
    """A fresh database on that server, with all tables of the store."""
    url = postgres.database()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An SQLite file with all tables of the store, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "matcher.db"
    Store.open(f"sqlite:///{file}").close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """A fresh database with all tables of the store, on each engine in turn."""
    if request.param == "sqlite":
        home = tmp_path / "home"
        home.mkdir()
        shutil.copy(request.getfixturevalue("migrated"), home)
        return f"sqlite:///{home}/matcher.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture(autouse=True)
def _umask():
    """Commands that run in this process make files private; the next test begins as before."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def shipped_report():
    """What the reader tells of all shipped clusters, which takes it seconds."""
    return read_profiles(DATA_DIR / "clusters.jsonl")


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    """Settings of the matcher below: an own home, no rate limits."""
    home = tmp_path_factory.mktemp("home")
    return Settings(home=home, rate_limit=0, post_rate_limit=0)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A home of all shipped clusters, to be copied; of several processes one builds its index."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    settings = Settings(home=folder / "built")
    with (folder / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with (
            ships(DATA_DIR),
            Matcher(Store.open(settings.store_url), FakeEncoder(), settings) as matcher,
        ):
            matcher.load()
    return settings.home


@pytest.fixture(scope="session")
def matcher(settings, built):
    """All shipped clusters under an encoder that needs no model; nobody may change it."""
    shutil.copytree(built, settings.home, dirs_exist_ok=True)
    store = Store.open(settings.store_url)
    with Matcher(store, FakeEncoder(), settings) as matcher:
        with ships(DATA_DIR):  # whichever test asks for it first
            matcher.load()
        yield matcher


@pytest.fixture(scope="session")
def few_clusters(tmp_path_factory):
    """A folder of data with few of the shipped clusters, so that an index is built in moments."""
    folder = tmp_path_factory.mktemp("few_clusters")
    lines = (DATA_DIR / "clusters.jsonl").read_text().splitlines(keepends=True)
    kept = [one for n, one in enumerate(lines) if n % 40 == 0 or json.loads(one)["id"] in NAMED]
    (folder / "clusters.jsonl").write_text("".join(kept))
    shutil.copy(DATA_DIR / "partnerships.jsonl", folder)
    return folder


@pytest.fixture
def ships_few(few_clusters):
    """The product ships with few clusters for as long as a test lasts."""
    with ships(few_clusters):
        yield few_clusters


@pytest.fixture(scope="session")
def home_of_few(few_clusters, tmp_path_factory):
    """A home of that product, which nobody may change."""
    settings = Settings(home=tmp_path_factory.mktemp("few") / "home")
    with (
        ships(few_clusters),
        Matcher(Store.open(settings.store_url), FakeEncoder(), settings) as matcher,
    ):
        matcher.load()
    return settings.home


@pytest.fixture
def few(ships_few, home_of_few, tmp_path):
    """A home of that product for one test, which may change it."""
    return shutil.copytree(home_of_few, tmp_path / "few")


@pytest.fixture
def few_judged(monkeypatch):
    """Sixteen askers and a text in each language are graded, so that a run takes moments."""
    pairs = dict(sorted(judged.judged_pairs().items())[:16])
    texts = [one for one in judged.judged_texts() if one.cluster in pairs][:7]
    monkeypatch.setattr(judged, "judged_pairs", lambda: pairs)
    monkeypatch.setattr(judged, "judged_texts", lambda: texts)
    return pairs


@pytest.fixture(scope="session")
def real_settings():
    """A home that outlives the tests, so that the real model embeds once on each machine."""
    home = os.environ.get("MATCHER_TEST_HOME", PROJECT_DIR / ".matcher-test")
    return Settings(home=Path(home))


@pytest.fixture(scope="session")
def real_matcher(real_settings):
    """All shipped clusters under the real model; a minute or two the first time, then a second.

    Of several processes that test, one embeds while the others wait.
    """
    real_settings.home.mkdir(parents=True, exist_ok=True)
    with (real_settings.home / "tests.lock").open("w") as lock, warnings.catch_warnings():
        fcntl.flock(lock, fcntl.LOCK_EX)
        warnings.simplefilter("ignore")
        matcher = Matcher.open(real_settings)
    with matcher:
        yield matcher
