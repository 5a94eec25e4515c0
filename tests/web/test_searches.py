"""Saved searches and their letters; what people say of suggestions."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from support import on_all
from taking_part import browser, last_letter, sign_in

from matcher.accounts import searches
from matcher.accounts.accounts import Accounts
from matcher.accounts.memberships import Memberships
from matcher.accounts.opinions import Opinions
from matcher.accounts.searches import Alerts
from matcher.accounts.tables import saved_searches
from matcher.config import Settings
from matcher.i18n.languages import language
from matcher.mail.delivery import Delivery
from matcher.mail.outbox import Outbox
from matcher.matcher import Matcher
from matcher.store.database import now
from matcher.web import create_app

KHARKIV = "ua-kharkiv-it-cluster"
READER = "reader@example.org"
PARTNERS = f"/clusters/{KHARKIV}/partners"
ORIGIN = "https://match.example.org"


@pytest.fixture
def app(own: Matcher, own_settings: Settings) -> Flask:
    return create_app(own, own_settings)


@pytest.fixture
def entered(app: Flask, own: Matcher) -> Callable[[str], FlaskClient]:
    def entered(email: str) -> FlaskClient:
        client = browser(app)
        sign_in(client, own, email)
        return client

    return entered


def a_week_passes(own: Matcher) -> None:
    with own.store.database.write() as connection:
        connection.execute(update(saved_searches).values(told=now(-timedelta(days=7, seconds=1))))


def test_a_saved_search_tells_who_is_new_once_a_week_until_it_is_stopped(
    own: Matcher, own_settings: Settings, entered: Callable[[str], FlaskClient]
) -> None:
    reader, alerts = entered(READER), Alerts(own, ORIGIN)
    reader.post("/account", data={"name": "R. Example", "language": "ro"})
    search = f"/clusters/{KHARKIV}/searches?country=SK&country=CZ&country=PL&include_weak=true"
    for _ in range(2):  # the same search is no other
        assert reader.post(search).status_code == 303
    page = reader.get("/searches").text
    assert page.count('<li class="card">') == 1
    assert own.find(KHARKIV).name in page
    assert "Slovakia" in page
    assert alerts.run() == 0

    unsuited = own.find(KHARKIV).model_copy(update={"id": "ua-nobody", "name": "Nobody"})
    own.import_profiles([unsuited])
    assert alerts.run() == 0
    best = own.recommend(KHARKIV, filters={"countries": ("SK", "CZ", "PL")}).partners[0]
    new = own.find(best.id).model_copy(update={"id": f"{best.id}-b", "name": "Twin B"})
    own.import_profiles([new])
    assert (alerts.run(), alerts.run()) == (1, 0)
    letter = last_letter(own, READER)
    assert "Twin B" in letter
    assert f"{ORIGIN}/clusters/{new.id}" in letter
    assert "Bună ziua" in letter
    assert best.name not in letter
    why = (best.reasons or best.reasons_for_them or best.cautions)[0]
    assert str(why.in_(language("ro")))[:20] in " ".join(letter.split())

    own.import_profiles([new.model_copy(update={"id": f"{best.id}-c", "name": "Twin C"})])
    assert alerts.run() == 0  # not twice in a week
    a_week_passes(own)
    assert alerts.run() == 1
    assert "Twin C" in last_letter(own, READER)
    assert "Twin B" not in last_letter(own, READER)

    client = reader.application.test_client()
    ticket = Outbox(own.store.database).last(1)[0].unsubscribe
    assert ticket
    client.post("/unsubscribe", data={"t": ticket.partition("t=")[2]})
    Delivery.of(own.store.database, own_settings).run()
    assert Outbox(own.store.database).counts()["stopped"] == 2


def test_who_was_in_the_list_and_has_not_changed_is_nothing_new(
    own: Matcher, entered: Callable[[str], FlaskClient]
) -> None:
    reader, alerts = entered(READER), Alerts(own, ORIGIN)
    reader.post(f"/clusters/{KHARKIV}/searches")
    found = own.recommend(KHARKIV, k=30).partners
    said = {"partner": found[0].id, "verdict": "not_for_us", "why": "trade"}
    assert reader.post(f"/clusters/{KHARKIV}/opinions", data=said).status_code == 303
    hidden = own.find(found[1].id).model_copy(update={"visibility": "hidden"})
    changed = own.find(found[0].id).model_copy(update={"founded": 1999})
    own.import_profiles([hidden, changed])
    assert alerts.run() == 0
    assert "saved search" not in {mail.kind for mail in Outbox(own.store.database).last(50)}


@on_all
def test_a_described_cluster_is_searched_for_and_deleted_with_its_search(
    app: Flask, own: Matcher, entered: Callable[[str], FlaskClient]
) -> None:
    reader = entered(READER)
    text = own.find(KHARKIV).description
    draft = reader.post("/describe", data={"description": text, "country": "UA"}).headers[
        "Location"
    ]
    assert "Sign in to save this search" in browser(app).get(draft).text
    assert browser(app).post(draft.replace("/partners", "/searches")).status_code == 401
    assert "Save this search" in reader.get(draft).text
    reader.post(draft.replace("/partners", "/searches") + "?intent=market_access")
    reader.post(draft.replace("/clusters/", "/drafts/").replace("/partners", "/delete"))
    assert reader.get(draft).status_code == 404
    again = reader.post("/searches/1", data={"open": "yes"}).headers["Location"]
    assert "intent=market_access" in again
    assert reader.get(again).status_code == 200
    other = entered("other@example.org")
    assert other.post("/searches/1", data={"open": "yes"}).status_code == 404
    other.post("/searches/1", data={"delete": "yes"})
    assert "Partners for your cluster" in reader.get("/searches").text
    told = reader.get("/account/data.json").json
    assert told["saved_searches"][0]["query"].startswith('{"profile"')
    reader.post("/searches/1", data={"delete": "yes"})
    assert "None yet" in reader.get("/searches").text


def test_so_many_searches_and_no_more(
    monkeypatch: pytest.MonkeyPatch, entered: Callable[[str], FlaskClient]
) -> None:
    monkeypatch.setattr(searches, "MOST", 2)
    reader = entered(READER)
    codes = [
        reader.post(f"/clusters/{KHARKIV}/searches?min_members={n}").status_code for n in range(3)
    ]
    assert codes == [303, 303, 409]


def test_what_is_not_for_a_cluster_is_left_out_of_its_lists(
    app: Flask, own: Matcher, entered: Callable[[str], FlaskClient]
) -> None:
    Accounts(own.store.database).add_staff("staff@example.org")
    owner, editor, other, staff = (
        entered(f"{name}@example.org") for name in ("owner", "editor", "other", "staff")
    )
    held = Memberships(own.store.database)
    with own.store.database.write() as connection:
        for name, role in (("owner", "owner"), ("editor", "editor")):
            held.invite(connection, f"{name}@example.org", KHARKIV, role, "en")  # type: ignore[arg-type]
    first, second, third = (one.id for one in own.recommend(KHARKIV).partners[:3])

    def say(client: FlaskClient, partner: str, verdict: str, why: str = "") -> None:
        data = {"partner": partner, "verdict": verdict, "why": why}
        answer = client.post(f"/clusters/{KHARKIV}/opinions?k=20", data=data)
        assert answer.headers["Location"] == f"{PARTNERS}?k=20#said"

    def listed(client: FlaskClient) -> str:
        return " ".join(
            line for line in client.get(PARTNERS).text.splitlines() if "data-id=" in line
        )

    say(owner, first, "not_for_us", "trade")
    say(editor, second, "good")
    say(other, third, "not_for_us", "place")
    for client in (owner, editor, staff):
        assert f'"{first}"' not in listed(client)
        assert f'"{third}"' in listed(client)
        assert "You called it good" in client.get(PARTNERS).text
        assert first not in client.get(f"{PARTNERS}.csv").text
    assert f'"{first}"' in listed(other)
    assert f'"{third}"' not in listed(other)
    assert f'"{first}"' in listed(browser(app))
    assert f'"{third}"' in listed(browser(app))
    assert "not for you" not in browser(app).get(PARTNERS).text
    assert "Their field is too far from ours" in owner.get(PARTNERS).text
    assert owner.get(PARTNERS).headers["Cache-Control"] == "private, no-cache"

    opinions = Opinions(own.store.database)
    assert opinions.grades() == {KHARKIV: {first: 0, second: 2}}
    say(editor, first, "not_for_us", "known")  # the last word of those who speak for it
    assert opinions.grades() == {KHARKIV: {second: 2}}
    say(editor, first, "none")
    assert f'"{first}"' in listed(owner)
    assert owner.post(f"/clusters/{KHARKIV}/opinions", data={"partner": first}).status_code == 422
    assert owner.post(f"/clusters/{KHARKIV}/opinions", data={"partner": "x"}).status_code == 404
    say(other, second, "good")
    told = other.get("/account/data.json").json["opinions"]
    assert {one["partner_id"]: one["verdict"] for one in told} == {
        second: "good",
        third: "not_for_us",
    }
    editor.post("/account/delete")
    assert opinions.grades() == {}
