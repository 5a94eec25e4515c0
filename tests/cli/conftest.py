"""Commands run in this process, over a home folder that each file may choose."""

import json
import shutil

import pytest
from click.testing import CliRunner
from support import FakeEncoder

from matcher import config
from matcher import matcher as facade
from matcher.cli import main
from matcher.config import DATA_DIR, Settings, get_settings
from matcher.matcher import Matcher
from matcher.matching import current
from matcher.store import Store

NAMED = {
    "ge-georgian-furniture-cluster",
    "ua-lviv-it-cluster",
    "ua-kharkiv-it-cluster",
    "bg-furniture-cluster",
    "sk-kosice-it-valley",
}
"""Clusters that tests of few ask for."""


@pytest.fixture(scope="module")
def home(matcher, settings, tmp_path_factory):
    """A home that holds all shipped clusters, for the tests of a file."""
    return shutil.copytree(settings.home, tmp_path_factory.mktemp("cli") / "home")


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A home of a product that ships with few clusters, so that an index is built in moments."""
    folder = tmp_path_factory.mktemp("few")
    lines = (DATA_DIR / "clusters.jsonl").read_text().splitlines(keepends=True)
    kept = [one for n, one in enumerate(lines) if n % 40 == 0 or json.loads(one)["id"] in NAMED]
    (folder / "clusters.jsonl").write_text("".join(kept))
    (folder / "partnerships.jsonl").touch()
    settings = Settings(home=folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        for module in (config, current):
            patch.setattr(module, "DATA_DIR", folder)
        with Matcher(Store.open(settings.store_url), FakeEncoder(), settings) as matcher:
            matcher.load()
        yield settings.home


@pytest.fixture
def run(home, monkeypatch):
    """Run a command, with the model replaced by the fake encoder."""
    monkeypatch.setattr(facade, "open_encoder", lambda settings: FakeEncoder())
    monkeypatch.setenv("MATCHER_HOME", str(home))
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, [str(word) for word in words])
    get_settings.cache_clear()
