import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web import create_app


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
