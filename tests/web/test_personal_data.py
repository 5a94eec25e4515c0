"""Personal data over the API: who looked is told afterwards, and an erasure tells what is true."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask.testing import FlaskClient

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.store import database
from matcher.web import create_app

PERSON = {
    "cluster": "ua-kharkiv-it-cluster",
    "name": "Nino Testashvili",
    "email": "nino.testashvili@example.org",
    "phone": "+995 555 12 34 56",
    "consent": {"purpose": "introduction", "given_by": "herself"},
}


@pytest.fixture
def client(own: Matcher, own_settings: Settings) -> Iterator[FlaskClient]:
    client = create_app(own, own_settings).test_client()
    token = own.store.tokens.create("office", ["staff"])
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    with client:
        yield client


def send(client: FlaskClient, path: str, body: object) -> Any:
    return client.post(f"/api/v1{path}", json=body)


def test_who_was_given_contacts_is_told_without_a_word_of_them(
    client: FlaskClient, own: Matcher
) -> None:
    key = send(client, "/people", PERSON).json["id"]
    pair = {"a": PERSON["cluster"], "b": "sk-kosice-it-valley", "purpose": "A bid"}
    number = send(client, "/introductions", pair).json["id"]
    before = own.store.audit.last(1)[0].id
    for path in (
        "/people",
        "/people?cluster=ua-kharkiv-it-cluster",
        f"/people/{key}",
        f"/introductions/{number}/brief",
        f"/introductions/{number}/letters",
    ):
        assert client.get(f"/api/v1{path}").status_code == 200
    entries = [one for one in own.store.audit.last(20) if one.id > before][::-1]
    assert [(one.who, one.action, one.detail, one.outcome) for one in entries] == [
        ("office", "read contacts", "all clusters", "read"),
        ("office", "read contacts", "ua-kharkiv-it-cluster", "read"),
        ("office", "export person", f"person {key}", "read"),
        ("office", "read brief", f"introduction {number}", "read"),
        ("office", "read letters", f"introduction {number}", "read"),
    ]
    assert "estashvili" not in str(own.store.audit.last(20))


def test_the_surname_first_goes_as_well(client: FlaskClient) -> None:
    key = send(client, "/people", PERSON).json["id"]
    purpose = "Testashvili Nino wants this meeting; +995555123456"
    pair = {"a": PERSON["cluster"], "b": "sk-kosice-it-valley", "purpose": purpose}
    send(client, "/introductions", pair)
    assert client.get(f"/api/v1/people/{key}").json["mentions"] == [purpose]
    for _ in range(2):
        answer = client.post(f"/api/v1/people/{key}/erasure")
        assert (answer.status_code, answer.json) == (200, {"erased": key})
    assert "estashvili" not in client.get("/api/v1/introductions").text
    assert client.get(f"/api/v1/people/{key}").status_code == 404


def test_a_profile_that_named_the_person_is_served_without(
    client: FlaskClient, own: Matcher
) -> None:
    key = send(client, "/people", PERSON).json["id"]
    profile = own.find("ua-kharkiv-it-cluster")
    named = profile.model_copy(update={"description": "Led by Nino Testashvili, in Kharkiv."})
    own.import_profiles([named])
    assert client.post(f"/api/v1/people/{key}/erasure").status_code == 200
    assert own.find("ua-kharkiv-it-cluster").description == "Led by [erased], in Kharkiv."
    assert own.status().degraded is None


def test_an_unfinished_erasure_says_so_and_the_same_request_finishes_it(
    client: FlaskClient, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_COMPACT_SECONDS", 0)
    key = send(client, "/people", PERSON).json["id"]
    with closing(sqlite3.connect(own_settings.home / "matcher.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM people").fetchall()
        answer = client.post(f"/api/v1/people/{key}/erasure")
    assert (answer.status_code, answer.json["type"][-17:]) == (503, "store-unavailable")
    assert "gone from all records" in answer.json["detail"]
    assert "nothing was changed" not in answer.text.lower()
    assert client.post(f"/api/v1/people/{key}/erasure").json == {"erased": key}
    held = b"".join(file.read_bytes() for file in own_settings.home.glob("matcher.db*"))
    assert b"estashvili" not in held


def test_a_number_or_a_place_that_is_none_is_refused(client: FlaskClient) -> None:
    short = send(client, "/people", {**PERSON, "phone": "9"})
    assert (short.status_code, short.json["errors"][0]["where"]) == (422, "phone")
    key = send(client, "/people", PERSON).json["id"]
    wrong = client.post(f"/api/v1/people/{key}/erasure?also=introductions/9/purpose")
    assert (wrong.status_code, wrong.json["errors"][0]["where"]) == (422, "also")
    assert client.get(f"/api/v1/people/{key}").status_code == 200


def test_doubtful_texts_are_shown_and_go_when_staff_say_so(client: FlaskClient) -> None:
    key = send(client, "/people", PERSON).json["id"]
    pair = {"a": PERSON["cluster"], "b": "sk-kosice-it-valley", "purpose": "Ask Testashvili"}
    number = send(client, "/introductions", pair).json["id"]
    (doubt,) = client.get(f"/api/v1/people/{key}").json["doubtful"]
    place = f"introductions/{number}/purpose"
    assert doubt == {"place": place, "text": "Ask Testashvili", "words": ["Testashvili"]}
    assert client.post(f"/api/v1/people/{key}/erasure?also={place}").status_code == 200
    assert client.get(f"/api/v1/introductions/{number}").json["purpose"] == "Ask [erased]"
