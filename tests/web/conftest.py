import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import FakeEncoder

from matcher.config import Settings
from matcher.index.generation import Generations
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.web import create_app


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("web-home")
    return Settings(home=home, rate_limit=0, post_rate_limit=0)


@pytest.fixture(scope="session")
def matcher(settings: Settings) -> Iterator[Matcher]:
    """All shipped clusters under an encoder that needs no model."""
    store, generations = Store.open(settings.store_url), Generations(settings.home)
    with Matcher(store, FakeEncoder(), generations, settings) as matcher:
        matcher.load()
        yield matcher


@pytest.fixture
def own_settings(matcher: Matcher, settings: Settings, tmp_path: Path) -> Settings:
    """Settings over a copy of the home folder, which may be changed."""
    home = shutil.copytree(settings.home, tmp_path / "home")
    return settings.model_copy(update={"home": home})


@pytest.fixture(scope="session")
def app(matcher: Matcher, settings: Settings) -> Flask:
    return create_app(matcher, settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
