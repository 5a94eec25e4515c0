"""The main task in a real browser, at the width of a phone and of a desk."""

import shutil
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"
    ),
]
sync_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install playwright"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def origin(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chrome() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chrome
        chrome.close()


@pytest.fixture(params=[360, 1280])
def window(chrome, origin: str, request: pytest.FixtureRequest) -> Iterator[object]:
    context = chrome.new_context(viewport={"width": request.param, "height": 800}, base_url=origin)
    window = context.new_page()
    complaints: list[str] = []
    window.on("console", lambda message: complaints.append(message.text))
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on(
        "request",
        lambda sent: complaints.append(sent.url) if not sent.url.startswith(origin) else None,
    )
    window.set_default_timeout(10_000)
    yield window
    context.close()
    assert complaints == []


def fits_its_width(window) -> bool:
    return window.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_typing_a_name_leads_to_partners(window) -> None:
    window.goto("/")
    assert fits_its_width(window)
    window.get_by_label("Name of your cluster").press_sequentially("kharkiv it")
    window.get_by_role("option", name="Kharkiv IT Cluster").wait_for()
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Enter")
    window.get_by_role("heading", name="Partners for Kharkiv IT Cluster").wait_for()
    assert window.locator(".card").count() == 10
    window.locator(".card summary").first.click()
    assert window.locator(".card table").first.is_visible()
    assert fits_its_width(window)


def test_api_can_be_tried(window) -> None:
    window.goto("/docs")
    route = window.locator("details", has_text="Is the process alive?")
    route.locator("summary").click()
    route.get_by_role("button", name="Send").click()
    route.get_by_text('"status": "ok"').wait_for()
    assert fits_its_width(window)
