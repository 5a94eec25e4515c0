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
from support import FakeEncoder

from matcher import config
from matcher.config import DATA_DIR, PROJECT_DIR, Settings
from matcher.matcher import Matcher
from matcher.matching import current
from matcher.store import Store

# A busy machine may be slow: what takes too long is tested where it matters, by processor time.
# Examples are the same in every run: whoever changes something else is not surprised by a new one.
# `make fuzz` draws new ones.
hypothesis_settings.register_profile(
    "drawn", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile(
    "settled", hypothesis_settings.get_profile("drawn"), derandomize=True, max_examples=30
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "settled"))

ORDER = (
    *("tests/profiles/", "tests/embedding/", "tests/index/", "tests/store/", "tests/matching/"),
    *("tests/facade/", "tests/cli/", "tests/introductions/", "tests/events/"),
    *("tests/evaluation/test_shipped_figures.py", "tests/web/", "tests/fuzzing/"),
)
"""Fast rooms first, then the faces, then what waits for the real model.

One file that waits for it comes before the pages: on a fresh clone it embeds all clusters while
another process is busy with them.
"""

TIERS = {
    "browser": {"chrome"},
    "postgres": {"postgres", "postgres_binaries"},
    "model": {"real_settings", "real_matcher"},
}
"""Fixtures that put each test which uses them into a tier."""
NAMES = {
    "torture": re.compile("^tests/torture/|hostile|attacks|crash|_killed"),
    "fuzz": re.compile("^tests/fuzzing/|fuzz|promises|_laws|roundtrip"),
}
"""What the path or name of a test has in it that belongs to a tier; laws of hypothesis are fuzz."""

NAMED = {
    *("ge-georgian-furniture-cluster", "ua-lviv-it-cluster", "ua-kharkiv-it-cluster"),
    *("bg-furniture-cluster", "sk-kosice-it-valley"),
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """A fresh database on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/home/matcher.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture(autouse=True)
def _umask():
    """Commands that run in this process make files private; the next test begins as before."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    """Settings of the matcher below: an own home, no rate limits."""
    home = tmp_path_factory.mktemp("home")
    return Settings(home=home, rate_limit=0, post_rate_limit=0)


@pytest.fixture(scope="session")
def matcher(settings):
    """All shipped clusters under an encoder that needs no model; nobody may change it."""
    store = Store.open(settings.store_url)
    with Matcher(store, FakeEncoder(), settings) as matcher:
        matcher.load()
        yield matcher


@pytest.fixture(scope="module")
def few(matcher, tmp_path_factory):
    """A home of a product that ships with few clusters, so that an index is built in moments.

    The matcher of all clusters comes first, as the whole file sees few.
    """
    folder = tmp_path_factory.mktemp("few")
    lines = (DATA_DIR / "clusters.jsonl").read_text().splitlines(keepends=True)
    kept = [one for n, one in enumerate(lines) if n % 40 == 0 or json.loads(one)["id"] in NAMED]
    (folder / "clusters.jsonl").write_text("".join(kept))
    shutil.copy(DATA_DIR / "partnerships.jsonl", folder)
    settings = Settings(home=folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        for module in (config, current):
            patch.setattr(module, "DATA_DIR", folder)
        with Matcher(Store.open(settings.store_url), FakeEncoder(), settings) as matcher:
            matcher.load()
        yield settings.home


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
