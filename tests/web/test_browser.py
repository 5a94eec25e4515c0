"""Each user's main task in a real browser: phone and desk, with and without JavaScript."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_steps import PATIENCE, fits
from flask import Flask
from playwright.sync_api import expect
from pypdf import PdfReader
from werkzeug.serving import make_server

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web import create_app

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/clusters/{KHARKIV}/partners"
OTHER = "bg-ict-cluster"
PAGES = [
    "/",
    "/describe",
    "/find?q=kharkiv",
    "/find?q=zzzz",
    f"/clusters/{KHARKIV}",
    f"/clusters/{OTHER}?for={KHARKIV}",
    "/clusters",
    "/clusters?q=honey&country=MD",
    "/clusters?q=zzzzqqqq&label=gold",
    "/landscape/UA/PL",
    PARTNERS,
    f"{PARTNERS}?country=PL&not_label=gold&weight.organisation=2&k=5",
    f"{PARTNERS}?country=MT&min_members=9999999",
    f"{PARTNERS}?intent=nothing",
    f"/clusters/{KHARKIV}/readiness",
    f"/pairs/{KHARKIV}/{OTHER}",
    f"/pairs/{KHARKIV}/{OTHER}/brief",
    "/compare",
    f"/compare?for={KHARKIV}&id={OTHER}&id=lv-it-cluster&id=pl-infotech",
    "/shortlist",
    f"/shortlist?id={OTHER}&for={KHARKIV}",
    "/readiness",
    "/landscape",
    "/about",
    "/docs",
    "/problems/internal",
]


@pytest.fixture(scope="module")
def origin(matcher: Matcher, settings: Settings) -> Iterator[str]:
    unlimited = settings.model_copy(update={"rate_limit": 0, "post_rate_limit": 0})
    app: Flask = create_app(matcher, unlimited)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def opened(chrome, origin: str, *, width: int, complaints: list[str], **options: object):
    context = chrome.new_context(
        viewport={"width": width, "height": 800}, base_url=origin, **options
    )
    window = context.new_page()
    window.on("console", lambda message: complaints.append(message.text))
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on(
        "request",
        lambda sent: complaints.append(sent.url) if not sent.url.startswith(origin) else None,
    )
    window.set_default_timeout(PATIENCE)
    return context, window


@pytest.fixture
def window(chrome, origin: str, request: pytest.FixtureRequest) -> Iterator[object]:
    complaints: list[str] = []
    context, window = opened(
        chrome, origin, width=getattr(request, "param", 360), complaints=complaints
    )
    yield window
    context.close()
    assert complaints == []


@pytest.fixture
def plain_window(chrome, origin: str) -> Iterator[object]:
    """A browser without JavaScript."""
    complaints: list[str] = []
    context, window = opened(
        chrome,
        origin,
        width=360,
        complaints=complaints,
        java_script_enabled=False,
    )
    yield window
    context.close()
    assert complaints == []


def test_typing_a_name_leads_to_partners(window) -> None:
    window.goto("/")
    assert fits(window)
    window.get_by_label("Name of your cluster").press_sequentially("kharkiv it")
    window.get_by_role("option", name="Kharkiv IT Cluster").wait_for()
    window.get_by_role("status").filter(has_text="Suggestions: ").wait_for(state="attached")
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Enter")
    window.get_by_role("heading", name="Partners for Kharkiv IT Cluster").wait_for()
    expect(window.locator(".card")).to_have_count(10)
    window.locator(".card summary").first.click()
    assert window.locator(".card table").first.is_visible()
    assert fits(window)


def test_refining_keeps_the_address_short_and_complete(window) -> None:
    window.goto(PARTNERS)
    window.get_by_text("What for, where, how many").click()
    window.get_by_label("What for").select_option("joint_rd")
    window.get_by_text("Fine tune").click()
    window.locator('[name="weight.organisation"]').select_option(label="much more")
    window.get_by_role("button", name="Update").click()
    window.wait_for_url("**intent=joint_rd**")
    assert window.url.endswith("?intent=joint_rd&scope=eu&k=10&weight.organisation=3.0")
    window.reload()
    assert window.get_by_label("What for").input_value() == "joint_rd"
    assert window.locator('[name="weight.organisation"]').input_value() == "3.0"


def test_a_phone_shows_the_first_partner_at_once(chrome, origin: str) -> None:
    context = chrome.new_context(viewport={"width": 360, "height": 740}, base_url=origin)
    phone = context.new_page()
    heights = "[...document.querySelectorAll('.card')].map((card) => card.offsetHeight)"
    for query in ("", "?include_weak=true", "?lang=uk", "?lang=ro"):
        phone.goto(f"{PARTNERS}{query}")
        place = phone.locator(".card h2").first.bounding_box()
        assert place and place["y"] + place["height"] < 600
        assert max(phone.evaluate(heights)) <= 740
    phone.goto("/describe")
    phone.get_by_label("Your cluster in a few sentences").fill(
        "We unite wine makers. We seek importers in Poland and offer wine tours."
    )
    phone.get_by_role("button", name="Find partners").click()
    place = phone.locator(".card h2").first.bounding_box()
    assert place and place["y"] + place["height"] < 740
    context.close()


def test_a_visitor_finds_honey_in_ukrainian_and_opens_a_page(chrome, origin: str) -> None:
    complaints: list[str] = []
    context, phone = opened(chrome, origin, width=320, complaints=complaints, locale="uk")
    phone.goto("/clusters")
    phone.locator("#q").fill("мед")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/clusters?q=*")
    expect(phone.locator(".listed > li")).to_have_count(16)
    assert fits(phone)
    phone.locator(".listed a[translate=no]").first.click()
    expect(phone.locator("#partners li")).to_have_count(3)
    assert fits(phone)
    phone.locator("#partners li a").first.click()
    phone.locator(".us-two").wait_for()
    context.close()
    assert complaints == []


def test_the_map_zooms_by_button(chrome, origin: str) -> None:
    complaints: list[str] = []
    context, window = opened(chrome, origin, width=1280, complaints=complaints)
    window.goto("/clusters?q=honey")
    svg = window.locator("svg[data-zoom]")
    before = svg.get_attribute("viewBox")
    window.get_by_role("button", name="Zoom in").click()
    closer = svg.get_attribute("viewBox")
    assert float(closer.split()[2]) < float(before.split()[2])
    window.get_by_role("button", name="Whole map").click()
    assert svg.get_attribute("viewBox") == before
    context.close()
    assert complaints == []


@pytest.mark.parametrize(("address", "sheets"), [(f"/clusters/{KHARKIV}", 1), (PARTNERS, 2)])
def test_pages_print_on_few_sheets(window, address: str, sheets: int) -> None:
    window.goto(address)
    printed = window.pdf(prefer_css_page_size=True)
    assert len(PdfReader(io.BytesIO(printed)).pages) <= sheets


def test_a_marker_leads_to_its_card(window) -> None:
    window.goto(PARTNERS)
    first = window.locator(".map svg a").first
    number = first.get_attribute("href")
    first.focus()
    window.keyboard.press("Enter")
    window.locator(f"{number}:target").wait_for(state="attached")
    window.wait_for_url(f"**{number}")


def test_the_shortlist_is_kept_and_compared(window) -> None:
    window.goto(PARTNERS)
    for place in (0, 1):
        window.locator(".card .keep").nth(place).click()
    expect(window.locator(".card .keep[aria-pressed=true]")).to_have_count(2)
    window.get_by_role("link", name="Shortlist", exact=True).click()
    window.wait_for_url("**/shortlist?id=**")
    expect(window.locator(".found > li")).to_have_count(2)
    window.get_by_role("link", name="Compare side by side").click()
    window.get_by_role("heading", name="side by side").wait_for()
    expect(window.locator(".compare thead th")).to_have_count(2)
    assert fits(window)
    window.goto("/shortlist")
    window.wait_for_url("**/shortlist?id=**")
    window.get_by_role("link", name="Remove").first.click()
    expect(window.locator(".found > li")).to_have_count(1)
    window.goto("/shortlist")
    window.wait_for_url("**/shortlist?id=**")
    expect(window.locator(".found > li")).to_have_count(1)


def test_the_shortlist_forgets_who_is_no_longer_listed(window) -> None:
    window.goto("/")
    kept = {"for": "xx-gone", "ids": ["xx-gone", OTHER]}
    window.evaluate("kept => localStorage.setItem('shortlist', JSON.stringify(kept))", kept)
    window.goto("/shortlist")
    window.get_by_text("1 cluster of this list is no longer listed here.").wait_for()
    expect(window.locator(".found > li")).to_have_count(1)
    window.wait_for_function("!JSON.parse(localStorage.shortlist).ids.includes('xx-gone')")
    window.goto("/shortlist")
    window.wait_for_url(f"**/shortlist?id={OTHER}")
    assert not window.get_by_text("no longer listed").is_visible()


def test_keyboard_alone_suffices(window) -> None:
    window.goto("/")
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.className") == "skip"
    window.keyboard.press("Enter")
    for _ in range(12):
        window.keyboard.press("Tab")
        if window.evaluate("document.activeElement.id") == "q":
            break
    window.keyboard.type("Kharkiv IT Cluster")
    window.get_by_role("option").first.wait_for()
    window.keyboard.press("Escape")
    window.keyboard.press("Enter")
    window.get_by_role("heading", name="Partners for Kharkiv IT Cluster").wait_for()
    window.wait_for_load_state()
    for _ in range(60):
        window.keyboard.press("Tab")
        if window.evaluate("document.activeElement.className") == "main-act":
            break
    window.keyboard.press("Enter")
    window.get_by_role("heading", name="Why the two of you").wait_for()


def test_api_can_be_tried(window) -> None:
    window.goto("/docs")
    route = window.locator("details", has_text="Is the process alive?")
    route.locator("summary").click()
    route.get_by_role("button", name="Send").click()
    route.get_by_text('"status": "ok"').wait_for()
    assert fits(window)


def test_everything_works_without_javascript(plain_window) -> None:
    window = plain_window
    window.goto("/")
    window.get_by_label("Name of your cluster").fill("Kharkiv IT Cluster")
    window.get_by_role("button", name="Find partners").first.click()
    window.get_by_text("What for, where, how many").click()
    window.get_by_label("What for").select_option("eu_proposal")
    window.get_by_role("button", name="Update").click()
    window.wait_for_url("**intent=eu_proposal**")
    first = window.locator(".card h2").first.inner_text()
    window.get_by_role("link", name="Not for us").first.click()
    window.wait_for_url("**not_for_us=**")
    expect(window.locator(".card h2").first).not_to_have_text(first)
    window.get_by_role("link", name="See the details").first.click()
    window.get_by_role("link", name="Prepare an introduction").click()
    expect(window.get_by_role("link", name="PDF")).to_be_visible()
    window.goto("/shortlist")
    assert window.get_by_text("Without JavaScript, the browser cannot keep the list").is_visible()


def test_a_described_cluster_without_javascript(plain_window) -> None:
    window = plain_window
    window.goto("/describe")
    window.get_by_label("Your cluster in a few sentences").fill("Makers of furniture seek design.")
    window.get_by_label("Country").select_option("GE")
    window.get_by_role("button", name="Find partners").click()
    expect(window.locator(".card")).to_have_count(10)
    first = window.locator(".card h2").first.inner_text()
    window.get_by_role("link", name="Not for us").first.click()
    expect(window.locator(".card h2").first).not_to_have_text(first)
    with window.expect_download() as download:
        window.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "partners.csv"


def test_a_file_leads_to_partners_without_javascript(plain_window) -> None:
    window = plain_window
    window.goto("/")
    rows = b"name,country,description,members_total\nGood One,GE,Makers of furniture,10\nBad,XX,,\n"
    window.get_by_label("Or a profile file").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": rows}
    )
    window.get_by_role("button", name="Read the file").click()
    expect(window.get_by_role("alert").get_by_text("line 3")).to_be_visible()
    window.get_by_role("button", name="Find partners: Good One").click()
    expect(window.get_by_role("heading", name="Partners for Good One")).to_be_visible()


def test_what_if_without_javascript(plain_window) -> None:
    window = plain_window
    window.goto(f"/clusters/{KHARKIV}/readiness")
    window.get_by_role("heading", name="What to add to the profile").click()
    window.get_by_text("Try it: fill in what is missing").click()
    window.get_by_role("spinbutton", name="Management team").fill("1.5")
    window.get_by_role("button", name="Recalculate").click()
    expect(window.get_by_role("heading", name="What your additions change")).to_be_visible()


@pytest.mark.parametrize(
    ("code", "width", "scheme"),
    [("ro", 360, "light"), ("uk", 1280, "dark")],
)
def test_axe_finds_nothing_serious_and_pages_fit(
    chrome, origin: str, code: str, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    complaints: list[str] = []
    context, window = opened(
        chrome, origin, width=width, complaints=complaints, locale=code, color_scheme=scheme
    )
    found = []
    for address in PAGES:
        window.goto(address)
        window.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        window.evaluate(script)
        result = window.evaluate("axe.run({resultTypes: ['violations']})")
        found += [
            (address, violation["id"], violation["nodes"][0]["html"][:160])
            for violation in result["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
        if not fits(window):
            found.append((address, "wider than the window", ""))
    context.close()
    assert found == []


def test_no_picture_or_font_comes_from_elsewhere(window, origin: str) -> None:
    window.goto(PARTNERS)
    window.wait_for_load_state("networkidle")
    sources = window.evaluate("performance.getEntriesByType('resource').map(item => item.name)")
    assert any(source.endswith("/map.svg") for source in sources)
    assert all(source.startswith(origin) for source in sources)


def test_files_are_spreadsheets(window) -> None:
    from openpyxl import load_workbook

    window.goto(PARTNERS)
    with window.expect_download() as download:
        window.get_by_role("link", name="XLSX").click()
    content = Path(download.value.path()).read_bytes()
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet.max_row == 11
