"""The staff desk in a real browser: draft, ask, agree, refuse; and two colleagues at once."""

import shutil
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support import FakeEncoder
from werkzeug.serving import make_server

from matcher.config import Settings
from matcher.index.generation import Generations
from matcher.introductions.workflow import ANSWERS, OUTCOMES, STATES
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.web import create_app
from matcher.web.pages.desk import STEPS, TITLES

CHROMIUM = shutil.which("chromium")
KHARKIV, KOSICE = "ua-kharkiv-it-cluster", "sk-kosice-it-valley"


@pytest.fixture
def served(own_settings: Settings) -> Iterator[tuple[str, str, Matcher]]:
    """Address, token and matcher of a running service."""
    store, generations = Store.open(own_settings.store_url), Generations(own_settings.home)
    with Matcher(store, FakeEncoder(), generations, own_settings) as matcher:
        matcher.load()
        server = make_server("127.0.0.1", 0, create_app(matcher, own_settings), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        token = store.tokens.create("desk", ["staff"])
        yield f"http://127.0.0.1:{server.server_port}", token, matcher
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=[360, 1280])
def window(served: tuple[str, str, Matcher], request: pytest.FixtureRequest) -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_api.sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        context = chrome.new_context(
            viewport={"width": request.param, "height": 800}, base_url=served[0]
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page
        chrome.close()


def enter(window: Any, token: str) -> None:
    window.goto("/staff")
    window.get_by_label("Your token").fill(token)
    window.get_by_role("button", name="Open the desk").click()


def draft(window: Any) -> None:
    window.get_by_text("Draft an introduction").click()
    window.get_by_label("First side").fill("Kharkiv IT Cluster")
    window.get_by_label("Second side").fill(KOSICE)
    window.get_by_label("Purpose").fill("A <b>joint</b> bid")
    window.get_by_role("button", name="Draft", exact=True).click()
    window.get_by_role("heading", name="Draft", exact=True).wait_for()


def note(window: Any, state: str, step: str, *, by: str | None = None) -> None:
    """Note a step of the one card in a state."""
    form = window.locator(f"[data-state={state}] form")
    form.get_by_label("Next step").select_option(step)
    if by:
        form.get_by_label("Said by").select_option(by)
    form.get_by_role("button", name="Note this step").click()


@pytest.mark.browser
def test_from_the_draft_to_the_outcome(window: Any, served: tuple[str, str, Matcher]) -> None:
    enter(window, served[1])
    draft(window)
    assert window.locator(".card .purpose").inner_text() == "A <b>joint</b> bid"
    assert "Kharkiv IT Cluster" in window.locator(".card h3").inner_text()
    stations = ("draft", "vetted", "asked_a", "asked_b", "agreed", "introduced", "met")
    for before, after in pairwise(stations):
        note(window, before, after)
        window.locator(f"[data-state={after}] .card").wait_for()
    with window.expect_download() as download:
        window.get_by_role("button", name="Brief").click()
    assert download.value.suggested_filename == f"{KHARKIV}--{KOSICE}.pdf"
    window.get_by_role("button", name="Letters").click()
    text = window.get_by_label("Letters, to copy")
    text.wait_for()
    assert "Kharkiv IT Cluster" in text.input_value()
    form = window.locator("[data-state=met] form")
    form.get_by_label("Next step").select_option("outcome")
    form.locator("[name=outcome]").select_option("mou")
    note(window, "met", "outcome")
    window.locator("[data-state=outcome] .card").wait_for()
    assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")
    window.reload()  # the tab remembers the token
    window.locator("[data-state=outcome] .card").wait_for()
    window.get_by_role("button", name="Forget the token").click()
    window.reload()
    assert window.get_by_label("Your token").is_visible()
    assert not window.locator(".card").is_visible()


@pytest.mark.browser
def test_a_colleague_was_faster(window: Any, served: tuple[str, str, Matcher]) -> None:
    token = served[1]
    enter(window, token)
    draft(window)
    other = window.context.new_page()
    enter(other, token)
    note(other, "draft", "vetted")
    other.locator("[data-state=vetted] .card").wait_for()
    note(window, "draft", "declined")
    window.get_by_text("was changed by somebody else").wait_for()
    window.locator("[data-state=vetted] .card").wait_for()  # what the colleague did is shown


@pytest.mark.browser
def test_a_token_that_does_not_work(window: Any, served: tuple[str, str, Matcher]) -> None:
    enter(window, "guess")
    window.get_by_text("does not work").wait_for()
    assert window.get_by_label("Your token").is_visible()
    enter(window, served[2].store.tokens.create("narrow", ["import"]))
    window.get_by_text("lacks the scope").wait_for()


@pytest.mark.browser
def test_axe_finds_nothing_serious(window: Any, served: tuple[str, str, Matcher]) -> None:
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    enter(window, served[1])
    draft(window)
    window.get_by_role("button", name="Letters").click()
    window.get_by_text("Steps so far").click()
    window.get_by_label("Letters, to copy").wait_for()
    window.evaluate(script)
    result = window.evaluate("axe.run({resultTypes: ['violations']})")
    grave = [one for one in result["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == []
    assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_desk_names_every_state_answer_and_outcome(served: tuple[str, str, Matcher]) -> None:
    assert TITLES.keys() == set(STATES)
    assert STEPS.keys() == set(STATES) - {"draft"}
    page = create_app(served[2]).test_client().get("/staff").text
    assert all(f'value="{word}"' in page for word in (*ANSWERS, *OUTCOMES))
    assert "<script>" not in page
