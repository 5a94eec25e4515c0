"""Commands run in this process, over a home folder that each file may choose."""

import shutil

import pytest
from click.testing import CliRunner
from support import FakeEncoder

from matcher import matcher as facade
from matcher.cli import main
from matcher.config import get_settings


@pytest.fixture(scope="module")
def home(matcher, settings, tmp_path_factory):
    """A home that holds all shipped clusters, for the tests of a file."""
    return shutil.copytree(settings.home, tmp_path_factory.mktemp("cli") / "home")


@pytest.fixture
def run(home, monkeypatch):
    """Run a command, with the model replaced by the fake encoder."""
    monkeypatch.setattr(facade, "open_encoder", lambda settings: FakeEncoder())
    monkeypatch.setenv("MATCHER_HOME", str(home))
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, [str(word) for word in words])
    get_settings.cache_clear()


@pytest.fixture
def own_run(run, few, monkeypatch):
    """Run a command over a home of few clusters, which may be changed."""
    monkeypatch.setenv("MATCHER_HOME", str(few))
    get_settings.cache_clear()
    return run
