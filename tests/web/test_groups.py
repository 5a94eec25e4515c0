"""Groups on the pages: built for a call, swapped, saved, introduced; who declines is replaced."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from desk_steps import PATIENCE, assert_nothing_serious, fits
from event_pages import upload
from flask.testing import FlaskClient
from playwright.sync_api import expect

from matcher.accounts.accounts import Accounts
from matcher.accounts.signing_in import SigningIn
from matcher.introductions.desk import Desk
from matcher.matcher import Matcher
from matcher.profiles.taxonomy import country_group

WINE = "md-ua-wine-byproducts"
CALLS = (
    "Title,Programme,Deadline,Link,EU countries,At least,At most,Roles\n"
    "Wine across borders,Example,2099-03-31,https://example.org/call,3,5,5,smes\n"
    "Broken day,Example,2099-02-30,https://example.org/x,two,,,\n"
    "Long over,Example,2001-01-31,https://example.org/y,,,,\n"
)


SKETCH = {
    "country": "MD",
    "description": "We unite 30 small wineries that make sparkling wine and seek importers.",
}


@pytest.fixture
def windows(chrome: Any, served: tuple[str, str, Matcher]) -> Iterator[tuple[Any, Any]]:
    """A visitor on a phone, and a member of staff who has signed in at a desk."""
    origin, _, matcher = served
    contexts = [
        chrome.new_context(viewport={"width": width, "height": 800}, base_url=origin)
        for width in (320, 1280)
    ]
    visitor, staff = (context.new_page() for context in contexts)
    for page in (visitor, staff):
        page.set_default_timeout(PATIENCE)
    account = Accounts(matcher.store.database).add_staff("staff@example.org")
    staff.goto(SigningIn(matcher.store.database, origin).link_for(account))
    staff.get_by_role("button", name="Sign in").click()
    yield visitor, staff
    for context in contexts:
        context.close()


def _group(page: Any) -> list[str]:
    """Ids of the first group that the builder offers to save."""
    chosen = page.locator("#group-1 [name=chosen]")
    return [one.get_attribute("value") for one in chosen.all()]


def _take(staff: Any, count: int, to: str, **more: str) -> None:
    """Record a step for all introductions that are selected on the desk."""
    form = staff.locator("#bulk")
    form.get_by_text(f"Selected: {count}.").wait_for()
    form.locator("[name=to]").select_option(to)
    for name, value in more.items():
        form.locator(f"[name={name}]").select_option(value)
    form.get_by_label("Reason").fill("By telephone")
    form.get_by_role("button", name="Record the step for all selected").click()
    staff.locator("#message", has_text="The step is recorded").wait_for()
    staff.locator(f"[data-state={to}] .card").nth(count - 1).wait_for(state="attached")


def test_a_group_from_the_call_to_the_replacement(
    windows: tuple[Any, Any], served: tuple[str, str, Matcher]
) -> None:
    """A Moldovan wine cluster needs three EU countries; of four partners one declines."""
    (visitor, staff), matcher = windows, served[2]

    # Staff enter calls by file: bad rows are named, an expired call is not shown.
    staff.goto("/calls")
    staff.get_by_label("Or a file").set_input_files(upload(CALLS.encode(), "calls.csv"))
    staff.get_by_role("button", name="Read the file").click()
    told = staff.get_by_role("alert").inner_text()
    assert "line 3, deadline: “2099-02-30” is not a date" in told
    assert "line 3, eu_countries: “two” is not a whole number" in told
    assert_nothing_serious(staff)
    visitor.goto("/calls")
    assert "Long over" not in visitor.locator("main").inner_text()
    assert_nothing_serious(visitor)

    # The cluster builds a group for the call, swaps a member and saves.
    visitor.get_by_role("link", name="Build a group").first.click()
    visitor.get_by_label("Cluster that starts the group").fill(matcher.find(WINE).name)
    visitor.get_by_role("button", name="Build", exact=True).click()
    before = _group(visitor)
    assert before[0] == WINE
    assert len(before) == 5
    assert len({one[:2].upper() for one in before} & country_group("EU")) >= 3
    assert_nothing_serious(visitor)
    last = visitor.locator("#group-1 .card").last
    last.get_by_text("Who could take this place").click()
    last.get_by_role("link", name="Swap").first.click()
    visitor.wait_for_url(f"**member={before[1]}**")
    members = _group(visitor)
    assert len(set(before) - set(members)) == len(set(members) - set(before)) == 1
    visitor.get_by_role("button", name="Save this group").first.click()
    visitor.wait_for_url("**/groups/group-*")
    expect(visitor.locator(".card")).to_have_count(5)
    assert_nothing_serious(visitor)
    address = urlsplit(visitor.url).path

    # Staff send the drafts: three accept, one declines.
    staff.goto(f"/staff{address}")
    staff.get_by_label("What the group is for").fill("A group for a wine call")
    staff.get_by_role("button", name="Draft the introductions").click()
    expect(staff.locator(".place", has_text="introduction")).to_have_count(4)
    staff.goto("/staff")
    for at, to in enumerate(("vetted", "asked_a", "asked_b")):
        state = ("draft", "vetted", "asked_a")[at]
        staff.locator(f"[data-state={state}] .pick-all").click()
        _take(staff, 4, to)
    for box in staff.locator("[data-state=asked_b] .pick input").all()[:3]:
        box.check()
    _take(staff, 3, "agreed")
    staff.locator("[data-state=asked_b] .pick input").check()
    _take(staff, 1, "declined", answer="no")

    # Who declined is replaced, and the new member gets a draft of its own.
    staff.goto(f"/staff{address}")
    expect(staff.locator(".mark.met")).to_have_count(4)
    assert_nothing_serious(staff)
    gone = staff.locator(".card", has=staff.locator(".not_met")).locator("h2").inner_text()
    offer = staff.get_by_role("button", name="Replace by").first
    comes = offer.get_attribute("value")
    assert comes not in members
    offer.click()
    staff.get_by_label("What the group is for").fill("A group for a wine call")
    staff.get_by_role("button", name="Draft the introductions").click()
    expect(staff.locator(".place", has_text="introduction")).to_have_count(4)
    expect(staff.locator(".mark.not_met")).to_have_count(0)
    (draft,) = Desk(matcher.store.database).introductions.all(cluster=comes)
    assert draft.state == "draft"
    visitor.goto(f"{address}?lang=uk")
    assert matcher.find(comes).name in visitor.locator("main").inner_text()
    assert gone not in visitor.locator("main").inner_text()
    assert fits(visitor)


def test_a_described_cluster_leads_a_group(client: FlaskClient) -> None:
    """It is a member like any other, but that the group cannot be saved before it is registered."""
    described = client.post("/describe", data=SKETCH).headers["Location"]
    key = described.split("/")[2]
    shown = client.get(f"/groups?member={key}&eu_countries=2&topic=wine+of+Georgia")
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Save this group" not in shown.text
    assert "must_country=GE" in shown.text  # what the text names can be required
    assert f"/register?draft={key}" in shown.text
    by_key = client.get(f"/api/v1/groups?member={key}&eu_countries=2").json["groups"]
    wish = {"profile": SKETCH, "conditions": {"eu_countries": 2}}
    best = client.post("/api/v1/groups:build", json=wish).json["groups"][0]
    assert best["members"][0]["id"] == "described"
    assert best["members"][1:] == by_key[0]["members"][1:]
    countries = {one["country"] for one in best["members"]}
    assert "MD" in countries
    assert len(countries & country_group("EU")) >= 2
    saved = client.post("/api/v1/groups", json={"members": [key, WINE, "es-innovi"]})
    assert saved.status_code == 422
    assert "registered" in saved.json["detail"]
    nowhere = client.post("/api/v1/groups:build", json={"profile": {"description": "Wineries"}})
    assert [one["field"] for one in nowhere.json["errors"]] == ["country"]
    nobody = "draft-0123456789012345678901"
    assert client.get(f"/groups?member={nobody}").status_code == 404
    wish["conditions"]["members"] = [nobody]
    assert client.post("/api/v1/groups:build", json=wish).status_code == 404


def test_what_no_group_satisfies_is_named(client: FlaskClient) -> None:
    impossible = f"member={WINE}&at_most=4&eu_countries=2&must_country=GE&must_country=AM"
    answer = client.get(f"/api/v1/groups?{impossible}").json
    assert answer["groups"] == []
    assert {"at most 4 members", "at least 2 countries of the EU"} < set(answer["conflict"])
    assert "a member from Armenia" in client.get(f"/groups?{impossible}").text
    nobody = client.get("/api/v1/groups")
    assert nobody.status_code == 422
    assert nobody.json["errors"][0]["field"] == "topic"
    crossed = client.get(f"/groups?member={WINE}&at_least=9&at_most=3")
    assert crossed.status_code == 422
    assert client.get("/groups?trade=no-such-trade").status_code == 422
    unknown = client.get("/groups?member=xx-no-such-cluster")
    assert unknown.status_code == 404


def test_why_a_cluster_is_not_in_the_group(client: FlaskClient) -> None:
    ask = f"/api/v1/groups:why-not?member={WINE}&eu_countries=2"
    best = client.get(f"/api/v1/groups?member={WINE}&eu_countries=2").json["groups"][0]
    member = best["members"][1]
    assert best["value"] <= best["bound"]
    assert "is in the best group" in _why(client, f"{ask}&cluster={member['id']}")
    barred = _why(client, f"{ask}&without={member['id']}&cluster={member['id']}")
    assert "those to be left out" in barred
    assert "% less" in _why(client, f"{ask}&cluster=ua-kharkiv-it-cluster")


def _why(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).json["sentences"])
