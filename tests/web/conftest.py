import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from desk_steps import PATIENCE
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import exists, select
from support import FakeEncoder, ships
from werkzeug.serving import make_server

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.store.tables import metadata
from matcher.web import create_app

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def whole(matcher: Matcher, settings: Settings, tmp_path: Path) -> Path:
    """A home of all clusters for one test, which may change it."""
    return shutil.copytree(settings.home, tmp_path / "whole")


@pytest.fixture
def own_settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings over a home that may be changed: of few clusters, or of all with `on_all`."""
    home = request.getfixturevalue(getattr(request, "param", "few"))
    return settings.model_copy(update={"home": home})


@pytest.fixture(scope="session")
def app(matcher: Matcher, settings: Settings) -> Flask:
    return create_app(matcher, settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@contextmanager
def loaded(settings: Settings) -> Iterator[Matcher]:
    """A matcher over a home folder, with an encoder that needs no model."""
    store = Store.open(settings.store_url)
    with Matcher(store, FakeEncoder(), settings) as matcher:
        matcher.load()
        yield matcher


@pytest.fixture
def own(own_settings: Settings) -> Iterator[Matcher]:
    """A matcher that may be changed."""
    with loaded(own_settings) as matcher:
        yield matcher


@pytest.fixture(scope="module")
def small(
    home_of_few: Path,
    few_clusters: Path,
    settings: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Matcher, Settings]]:
    """A matcher of few clusters for the tests of a file, with settings that allow long bodies."""
    home = shutil.copytree(home_of_few, tmp_path_factory.mktemp("small") / "home")
    own = settings.model_copy(update={"home": home, "max_body_kb": 8192})
    with Matcher(Store.open(own.store_url), FakeEncoder(), own) as matcher:
        with ships(few_clusters):  # no longer, as others of the file may load all
            matcher.load()
        yield matcher, own


@pytest.fixture(scope="module")
def service(
    matcher: Matcher, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Matcher]]:
    """Address and matcher of a service for the tests of a file; none may change its clusters."""
    home = shutil.copytree(settings.home, tmp_path_factory.mktemp("service") / "home")
    own = settings.model_copy(update={"home": home})
    with loaded(own) as matcher:
        server = make_server("127.0.0.1", 0, create_app(matcher, own), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", matcher
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def served(service: tuple[str, Matcher]) -> Iterator[tuple[str, str, Matcher]]:
    """Address, token and matcher of that service, with nothing else of the desk in its store."""
    origin, matcher = service
    database = matcher.store.database
    with database.read() as connection:
        tables = metadata.sorted_tables
        empty = [one for one in tables if not connection.scalar(select(exists(one.select())))]
    yield origin, matcher.store.tokens.create("desk", ["staff"]), matcher
    with database.write() as connection:
        for one in reversed(empty):
            connection.execute(one.delete())


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """A browser for the tests of a file; each works in a context of its own."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install playwright"
    )
    sync_api.expect.set_options(timeout=PATIENCE)
    with sync_api.sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield chrome
        chrome.close()


@pytest.fixture
def desk_window(
    chrome: Any, served: tuple[str, str, Matcher], request: pytest.FixtureRequest
) -> Iterator[Any]:
    """A narrow window on that service, or one of a given width; it may complain of nothing."""
    complaints: list[str] = []
    width = getattr(request, "param", 320)
    context = chrome.new_context(viewport={"width": width, "height": 800}, base_url=served[0])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()
    assert complaints == []
