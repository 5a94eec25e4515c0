from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from matcher.matcher import Matcher

from matcher.config import Settings
from matcher.web import create_app


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("web-home"))


@pytest.fixture(scope="session")
def matcher(settings: Settings) -> Iterator[Matcher]:
    yield Matcher.open(settings)


@pytest.fixture(scope="session")
def app(matcher: Matcher, settings: Settings) -> Flask:
    return create_app(matcher, settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
