"""Hostile requests: nothing gets through, nothing breaks, and every refusal has one shape."""

import gc
import json
import re
import threading
import weakref
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support import FakeEncoder
from test_security import XSS, Active

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.profiles.profile import DraftProfile
from matcher.store import Store
from matcher.web import create_app

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/clusters/{KHARKIV}/partners"
INSIDE = re.compile(r"Traceback|File \"|site-packages|\.py\b|root:x:|SELECT .* FROM ")
BROWSER = {"Accept": "text/html"}


def posts(app: Flask) -> list[str]:
    """An address of every route that takes POST."""
    filled = {"form": "csv"}
    return [
        re.sub(r"<(?:.*:)?(\w+)>", lambda part: filled.get(part[1], KHARKIV), rule.rule)
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    ]


def assert_refused(response: Any) -> None:
    assert 400 <= response.status_code < 500, response.text
    assert response.mimetype in ("application/problem+json", "text/html")
    if response.mimetype != "text/html":
        assert response.json["status"] == response.status_code
        assert response.json["request_id"] == response.headers["X-Request-Id"]
    assert not INSIDE.search(response.text)


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"Origin": "http://localhost"}, False),
        ({"Origin": "https://LOCALHOST"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False),
        ({"Origin": "http://evil.example"}, True),
        ({"Origin": "http://localhost.evil.example"}, True),
        ({"Origin": "http://localhost:81"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": ""}, True),
        ({"Origin": "http://["}, True),
        ({"Origin": "localhost"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, True),
    ],
)
def test_posts_from_other_sites_are_refused_on_every_route(
    app: Flask, headers: dict[str, str], refused: bool
) -> None:
    client = app.test_client()
    for address in posts(app):
        response = client.post(address, headers=headers)
        told = response.mimetype == "application/problem+json" and response.json["type"]
        assert (told == "/problems/cross-site-request") == refused, address
        assert not refused or response.status_code == 403


def test_links_from_other_sites_work(client: FlaskClient) -> None:
    arrived = {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example", **BROWSER}
    assert client.get(PARTNERS, headers=arrived).status_code == 200


def test_only_trusted_hosts_are_served(matcher: Matcher, settings: Settings) -> None:
    trusted = settings.model_copy(update={"trusted_hosts": ("match.example.eu", ".example.org")})
    client = create_app(matcher, trusted).test_client()

    def status(host: str, address: str = "/api/v1/clusters?limit=1") -> int:
        return client.get(address, headers={"Host": host, **BROWSER}).status_code

    good = ("match.example.eu", "match.example.eu:8000", "a.example.org", "example.org")
    assert [status(host) for host in good] == [200] * 4
    bad = ("evil.example", "match.example.eu.evil.example", "x.match.example.eu", "127.0.0.1")
    assert [status(host) for host in bad] == [400] * 4
    for address in ("/", PARTNERS, "/nothing", "/healthz"):
        refused = client.get(address, headers={"Host": "evil.example", **BROWSER})
        assert_refused(refused)
        assert "evil.example" not in refused.headers.get("Location", "")


def test_trusted_hosts_are_read_from_a_plain_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHER_TRUSTED_HOSTS", "Match.example.eu, .example.org")
    assert Settings().trusted_hosts == ("match.example.eu", ".example.org")


@pytest.mark.parametrize(
    "host", ["", "a b", "a/b", "[", "[::1", "user@host", "x" * 5000, "<script>", "a:b", "\\", "%00"]
)
def test_broken_hosts_break_nothing(client: FlaskClient, host: str) -> None:
    for address in (
        "/",
        "/api/v1/clusters?limit=1",
        "/api/v1/nothing",
        "/find?q=Kharkiv IT Cluster",
    ):
        response = client.get(address, headers={"Host": host})
        assert response.status_code < 500
        assert "<script>" not in response.headers.get("Location", "")


MEDIA = ("application/json", "text/csv", "application/jsonl", "multipart/form-data; boundary=x", "")


@given(
    body=st.binary(max_size=300)
    | st.sampled_from(
        [b"\x00", b"\xff\xfe\x00", b"{" * 5000, b'{"k":1e999}', b"--x\r\n\r\n", b"PK"]
    ),
    media=st.sampled_from(MEDIA),
)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_malformed_bodies_break_nothing(app: Flask, body: bytes, media: str) -> None:
    client = app.test_client()
    for address in posts(app):
        response = client.post(address, data=body, content_type=media)
        assert response.status_code < 500, (address, response.text)
        assert not INSIDE.search(response.text)


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/x",
        "....//x",
        "/etc/passwd",
        "a%00b",
        "\\..\\x",
    ],
)
def test_no_address_leads_out(app: Flask, path: str) -> None:
    client = app.test_client()
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments and "GET" in rule.methods]
    assert rules
    for rule in rules:
        address = re.sub(r"<(?:.*:)?\w+>", lambda _: path, rule.rule)
        with client.get(address, follow_redirects=True) as response:
            assert response.status_code in (400, 401, 404), address
            assert not INSIDE.search(response.text)


def texts(model: type[DraftProfile]) -> list[tuple[str, bool]]:
    """Fields of a profile that take any text, and whether they are lists."""
    found = []
    for name, schema in model.model_json_schema()["properties"].items():
        options = schema.get("anyOf", [schema])
        kinds = {option.get("type") for option in options}
        if kinds & {"string", "array"}:
            found.append((name, "array" in kinds))
    return found


def test_hostile_text_in_any_field_stays_data(client: FlaskClient) -> None:
    fields = texts(DraftProfile)
    assert len(fields) > len(XSS)
    for (name, repeated), text in zip(fields, cycle(XSS), strict=False):
        draft = {"description": "Makers of chairs.", name: [text] if repeated else text}
        response = client.post("/api/v1/partners", json={"profile": draft, "k": 1})
        assert response.status_code in (200, 422)
        assert response.mimetype in ("application/json", "application/problem+json")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        checked = client.post(
            "/api/v1/profiles:check",
            data=json.dumps([{"name": "A", "country": "UA", **draft}]),
            content_type="application/json",
        )
        assert checked.status_code == 200
        assert checked.mimetype == "application/json"


def test_imported_hostile_text_is_shown_not_run(own: Matcher, own_settings: Settings) -> None:
    client = create_app(own, own_settings).test_client()
    token = own.store.tokens.create("t", ["import"])
    hostile = [text for text in XSS if "\u2028" not in text]
    free = ("city", "region", "registered_in", "manager", "address")
    known = {name for name, repeated in texts(DraftProfile) if not repeated}
    profile = {
        "id": "ua-hostile",
        "name": hostile[0],
        "country": "UA",
        "description": " ".join(hostile),
        **{name: hostile[1] for name in free if name in known},
        **dict.fromkeys(("offers", "seeks", "services", "technologies"), hostile),
    }
    response = client.post(
        "/api/v1/profiles:import",
        data=json.dumps([profile]),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert response.json["added"] == 1, response.text
    best = client.get("/api/v1/clusters/ua-hostile/partners?k=1&include_weak=true").json[
        "partners"
    ][0]["id"]
    for address in (
        "/clusters/ua-hostile",
        "/clusters/ua-hostile/readiness",
        f"/pairs/ua-hostile/{best}",
        f"/pairs/{best}/ua-hostile",
        f"/compare?id=ua-hostile&id={best}",
        f"/clusters/{best}/partners?scope=all",
    ):
        page = client.get(address, headers=BROWSER)
        assert page.status_code == 200, address
        assert Active(page.text).found == [], address


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files on Linux")
def test_fifty_applications_leave_nothing_behind(matcher: Matcher, settings: Settings) -> None:
    create_app(matcher, settings).test_client().get("/")
    gc.collect()
    files, threads = open_files(), threading.active_count()
    apps = []
    for _ in range(50):
        app = create_app(matcher, settings)
        with app.test_client().get(f"/api/v1{PARTNERS}?k=1") as response:
            assert response.status_code == 200
        apps.append(weakref.ref(app))
    del app, response
    gc.collect()
    assert [ref() for ref in apps if ref()] == []
    assert (open_files(), threading.active_count()) == (files, threads)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files on Linux")
def test_closed_matchers_leave_no_file_open(own_settings: Settings) -> None:
    def come_and_go() -> None:
        store = Store.open(own_settings.store_url)
        with Matcher(store, FakeEncoder(), own_settings) as matcher:
            matcher.load()
            assert create_app(matcher, own_settings).test_client().get("/readyz").status_code == 200

    come_and_go()
    gc.collect()
    before = open_files()
    for _ in range(3):
        come_and_go()
    gc.collect()
    assert open_files() == before
