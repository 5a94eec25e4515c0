"""Groups on the pages: built for a call, swapped, saved, introduced; who declines is replaced."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from taking_part import browser, sign_in

from matcher.accounts.accounts import Accounts
from matcher.config import Settings
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import Move
from matcher.matcher import Matcher
from matcher.planning.groups.saved import SavedGroups
from matcher.profiles.taxonomy import country_group
from matcher.web import create_app
from matcher.web.http.context import today

WINE = "md-ua-wine-byproducts"
CALLS = (
    "Title,Programme,Deadline,Link,EU countries,At most,Roles\n"
    "Wine across borders,Example,2099-03-31,https://example.org/call,3,5,smes\n"
    "Broken day,Example,2099-02-30,https://example.org/x,two,,\n"
    "Long over,Example,2001-01-31,https://example.org/y,,,\n"
)


@pytest.fixture
def app(own: Matcher, own_settings: Settings) -> Flask:
    return create_app(own, own_settings)


@pytest.fixture
def staff(own: Matcher, app: Flask) -> FlaskClient:
    Accounts(own.store.database).add_staff("staff@example.org")
    client = browser(app)
    sign_in(client, own, "staff@example.org")
    return client


def _follow(client: FlaskClient, page: str, words: str) -> str:
    """Open the first link of a page whose label begins so."""
    found = re.search(rf'href="([^"]+)" aria-label="{words}', page)
    assert found, page
    return client.get(found[1].replace("&amp;", "&")).text


def _members(page: str) -> list[str]:
    """Ids of the first group that a page of the builder offers to save."""
    form = page.partition('<form method="post" action="/groups">')[2].partition("</form>")[0]
    return re.findall(r'name="chosen" value="([^"]+)"', form)


def test_a_group_from_the_call_to_the_replacement(
    own: Matcher, app: Flask, staff: FlaskClient
) -> None:
    """A Moldovan wine cluster needs three EU countries; one partner declines and is replaced."""
    sent = {"file": (BytesIO(CALLS.encode()), "calls.csv")}
    told = staff.post("/staff/calls/file", data=sent, content_type="multipart/form-data")
    assert told.status_code == 422
    assert re.search(r"line 3, deadline</b>: “2099-02-30” is not a date", told.text)
    assert re.search(r"line 3, eu_countries</b>: “two” is not a whole number", told.text)
    visitor = browser(app)
    calls = visitor.get("/calls").text
    assert "Wine across borders" in calls
    assert "Long over" not in calls

    opened = visitor.get(f"/groups?call=wine-across-borders&member={WINE}", follow_redirects=True)
    members = _members(opened.text)
    assert members[0] == WINE
    assert len({one[:2].upper() for one in members} & country_group("EU")) >= 3
    swapped = _follow(visitor, opened.text, "Swap ")
    changed = _members(swapped)
    assert len(set(members) - set(changed)) == len(set(changed) - set(members)) == 1
    form = {"member": WINE, "eu_countries": "3", "at_most": "5", "chosen": changed}
    saved = visitor.post("/groups", data=form)
    address = saved.headers["Location"]
    assert own.find(changed[1]).name in visitor.get(address).text.replace("&#39;", "'")
    assert visitor.get(f"{address}/brief.pdf").data.startswith(b"%PDF")
    assert visitor.get(f"/staff{address}").status_code == 401

    key = address.rpartition("/")[2]
    assert "Draft the introductions" in staff.get(f"/staff{address}").text
    sent_on = staff.post(f"/staff{address}", data={"purpose": "A group for a wine call"})
    assert sent_on.status_code == 303
    desk, first = Desk(own.store.database), changed[0]
    drafted = desk.introductions.all(cluster=first)
    assert {one.b for one in drafted} <= set(changed[1:])
    *agree, decline = drafted
    for one in drafted:
        refuses = Move(today(), "b", "declined", answer="no")
        end = refuses if one.id == decline.id else Move(today(), "b", "agreed")
        asked = [Move(today(), "staff", to) for to in ("vetted", "asked_a", "asked_b")]
        for version, move in enumerate((*asked, end), start=one.version):
            desk.introductions.move(one.id, move, version=version)
    page = staff.get(f"/staff{address}").text
    assert page.count("Both agreed") == len(agree)
    offered = re.findall(r'name="comes" value="([^"]+)"', page)
    assert offered
    assert decline.b not in offered
    exchange = {"leaves": decline.b, "comes": offered[0]}
    assert staff.post(f"/staff{address}/members", data=exchange).status_code == 303
    after = SavedGroups(own.store.database).get(key).members
    assert set(after) == (set(changed) - {decline.b}) | {offered[0]}
    staff.post(f"/staff{address}", data={"purpose": "A group for a wine call"})
    latest = desk.introductions.all(cluster=offered[0])
    assert [one.state for one in latest] == ["draft"]
    assert staff.post(f"/staff{address}/members", data=exchange).status_code == 422


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
