"""Clusters take part, in a real browser, with letters through a real mail server."""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from desk_steps import PATIENCE, assert_nothing_serious
from guest_steps import choose_and_meet
from mail_server import Mailbox, mail_server
from pydantic import SecretStr
from support import on_all
from werkzeug.serving import make_server

from matcher.accounts.accounts import Accounts
from matcher.accounts.searches import Alerts
from matcher.accounts.signing_in import SigningIn
from matcher.config import Settings
from matcher.mail.delivery import Delivery
from matcher.matcher import Matcher
from matcher.web import create_app

FURNITURE = "ge-georgian-furniture-cluster"
IDS = "cards => cards.map(card => card.dataset.id)"
Shot = Callable[[Any, str], None]


class Post:
    """The mail server, and the letters that it has been brought."""

    def __init__(self, delivery: Delivery, box: Mailbox) -> None:
        self._delivery = delivery
        self._box = box

    def text(self, to: str) -> str:
        """Text of the last letter to an address, once all were brought."""
        self._delivery.run()
        letters = [one for one in self._box.letters if one["To"] == to]
        body = letters[-1].get_body(["plain"])
        assert body is not None
        return str(body.get_content())

    def link(self, to: str) -> str:
        """The link in it."""
        return re.findall(r"https?://\S+", self.text(to))[0]


@pytest.fixture
def running(own: Matcher, own_settings: Settings) -> Iterator[tuple[str, Matcher, Post]]:
    with mail_server() as (url, box):
        server = make_server("127.0.0.1", 0, lambda *_: None, threaded=True)
        origin = f"http://127.0.0.1:{server.server_port}"
        settings = own_settings.model_copy(
            update={"public_url": origin, "smtp_url": SecretStr(url)}
        )
        server.app = create_app(own, settings)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield origin, own, Post(Delivery.of(own.store.database, settings), box)
        server.shutdown()
        thread.join()
        server.server_close()


def window(chrome: Any, origin: str, width: int) -> Any:
    context = chrome.new_context(viewport={"width": width, "height": 800}, base_url=origin)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def enter(page: Any, post: Post, email: str, address: str) -> None:
    """Open a page, sign in where it asks for it, and come back by the link of the letter."""
    page.goto(address)
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_text("Look into your mailbox").wait_for()
    page.goto(post.link(email))
    page.get_by_role("button", name="Sign in").click()


def rehearse(chrome: Any, running: tuple[str, Matcher, Post], width: int, shot: Shot) -> None:
    origin, matcher, post = running
    winery, staff, partner = (window(chrome, origin, width) for _ in range(3))
    enter(winery, post, "cellar@example.org", "/register")
    shot(winery, "register")
    assert_nothing_serious(winery)
    winery.get_by_label("Name in English").fill("Example Valley Winery Union")
    winery.get_by_label("Country", exact=True).select_option("GE")
    winery.locator("#f-description").fill("Small family wineries of amber wine in clay jars.")
    winery.locator("#f-offers").fill("amber wine in clay vessels\nwine tourism in family cellars")
    winery.locator("#f-seeks").fill("importers of bottled wine\noak barrels")
    winery.get_by_label("For the staff: who you are").fill("I run its office.")
    winery.get_by_role("button", name="Send the request").click()
    winery.get_by_text("Your request is with the staff.").wait_for()
    account = Accounts(matcher.store.database).add_staff("staff@example.org")
    staff.goto(SigningIn(matcher.store.database, origin).link_for(account))
    shot(staff, "sign-in")
    staff.get_by_role("button", name="Sign in").click()
    staff.get_by_role("link", name="Requests").click()
    shot(staff, "requests")
    assert_nothing_serious(staff)
    staff.get_by_role("button", name="Approve").click()
    staff.get_by_text("Nothing waits for you.").wait_for()
    staff.get_by_role("link", name="Its partners are ready").wait_for()
    shot(staff, "ready")
    assert_nothing_serious(staff)
    winery.goto(post.link("cellar@example.org"))
    shot(winery, "own-profile")
    assert_nothing_serious(winery)
    winery.locator("#f-seeks").fill("importers of bottled wine\noak barrels\nglass bottles")
    winery.get_by_role("button", name="See the partners first").click()
    winery.get_by_text("Nothing is saved yet.").wait_for()
    shot(winery, "what-if")
    winery.get_by_role("button", name="Save", exact=True).click()
    winery.get_by_text("Saved.").wait_for()
    winery.get_by_role("button", name="Everything is still true").click()
    winery.get_by_text("Thank you.").wait_for()
    (cluster,) = [one for one in matcher.public if one.name == "Example Valley Winery Union"]
    other = matcher.recommend(cluster.id).partners[0].id
    winery.goto(f"/introductions/ask?from={cluster.id}&to={other}")
    winery.get_by_label("Your message to them").fill("We would like to talk about amber wine.")
    winery.get_by_label("Whom they would talk to").fill("A. Example")
    winery.get_by_label("These details may be passed on").check()
    shot(winery, "ask")
    assert_nothing_serious(winery)
    winery.get_by_role("button", name="Send the request").click()
    winery.get_by_text("With the staff").wait_for()
    shot(winery, "introductions")
    staff.goto("/staff/requests")
    staff.get_by_label("Address of the other side").fill("office@example.org")
    staff.get_by_label("Where that address is public").fill("https://example.org/contact")
    shot(staff, "asks")
    assert_nothing_serious(staff)
    staff.get_by_role("button", name="Send the letter").click()
    staff.get_by_text("Nothing waits for you.").wait_for()
    partner.goto(post.link("office@example.org"))
    shot(partner, "answer")
    assert_nothing_serious(partner)
    partner.get_by_label("Whom they would talk to").fill("B. Example")
    partner.get_by_label("E-mail address").fill("barrel@example.org")
    partner.get_by_label("These details may be passed on").check()
    partner.get_by_role("button", name="Yes, put us in touch").click()
    partner.get_by_text("You said yes.").wait_for()
    shot(partner, "answered")
    assert "barrel@example.org" in post.text("cellar@example.org")
    assert "cellar@example.org" in post.text("barrel@example.org")
    winery.goto("/introductions")
    winery.get_by_text("In touch").wait_for()
    assert_nothing_serious(winery)
    winery.goto("/account")
    shot(winery, "account")
    assert_nothing_serious(winery)
    staff.goto("/staff/outbox")
    staff.locator("#letters .card").first.wait_for()
    shot(staff, "outbox")
    assert_nothing_serious(staff)
    assert "/sign-in?t=" not in staff.content()
    guest = window(chrome, origin, width)
    choose_and_meet(staff, guest, matcher, post.text, (cluster.id, other), shot)
    for page in (winery, staff, partner, guest):
        page.context.close()


def rehearse_listed(
    chrome: Any, running: tuple[str, Matcher, Post], width: int, shot: Shot
) -> None:
    """A listed cluster claims its page, edits a need, saves a search, and hears of a newcomer."""
    origin, matcher, post = running
    maker, staff = (window(chrome, origin, width) for _ in range(2))
    enter(maker, post, "tables@example.org", f"/clusters/{FURNITURE}/claim")
    maker.get_by_label("For the staff: who you are").fill("I run its office.")
    maker.get_by_role("button", name="Send the request").click()
    maker.get_by_text("Your request is with the staff.").wait_for()
    account = Accounts(matcher.store.database).add_staff("staff@example.org")
    staff.goto(SigningIn(matcher.store.database, origin).link_for(account))
    staff.get_by_role("button", name="Sign in").click()
    staff.goto("/staff/requests")
    staff.get_by_role("button", name="Approve").click()
    staff.get_by_text("Nothing waits for you.").wait_for()
    partners = f"/clusters/{FURNITURE}/partners"
    maker.goto(partners)
    before = maker.locator(".cards > li").evaluate_all(IDS)
    maker.goto(post.link("tables@example.org"))
    maker.locator("#f-seeks").fill("producers of wine\nvineyards that welcome visitors")
    maker.get_by_role("button", name="Save", exact=True).click()
    maker.get_by_text("Saved.").wait_for()
    maker.get_by_role("button", name="Everything is still true").click()
    maker.get_by_text("Thank you.").wait_for()
    maker.goto(partners)
    after = maker.locator(".cards > li").evaluate_all(IDS)
    assert after != before
    shot(maker, "judging")
    assert_nothing_serious(maker)
    worst = maker.locator(f"[data-id={after[-1]}]")
    worst.get_by_text("Not for us, because").click()
    worst.get_by_label("Why").select_option("place")
    worst.get_by_role("button", name="Leave it out").click()
    maker.get_by_text("Not for us 1").wait_for()
    assert after[-1] not in maker.locator(".cards > li").evaluate_all(IDS)
    shot(maker, "left-out")
    maker.get_by_role("button", name="Save this search").click()
    maker.get_by_text("The search is saved.").wait_for()
    shot(maker, "searches")
    assert_nothing_serious(maker)
    best = matcher.find(after[0])
    twin = best.model_copy(update={"id": f"{best.id}-twin", "name": "Example Newcomer"})
    matcher.import_profiles([twin])
    assert Alerts(matcher, origin).run() == 1
    assert "Example Newcomer" in post.text("tables@example.org")
    maker.goto(post.link("tables@example.org"))
    maker.get_by_role("heading", name="Example Newcomer").wait_for()
    for page in (maker, staff):
        page.context.close()


@on_all
def test_from_an_unlisted_winery_to_the_handshake(
    chrome: Any, running: tuple[str, Matcher, Post]
) -> None:
    rehearse(chrome, running, 320, lambda page, name: None)


@on_all
def test_a_listed_cluster_claims_its_page_and_hears_of_a_newcomer(
    chrome: Any, running: tuple[str, Matcher, Post]
) -> None:
    rehearse_listed(chrome, running, 1280, lambda page, name: None)
