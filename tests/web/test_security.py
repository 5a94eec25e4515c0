"""Headers on every answer, nothing from elsewhere, nothing of the user's run as code."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import matcher.web as web

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/clusters/{KHARKIV}/partners"
ASSETS = [
    path
    for folder in ("templates", "static")
    for path in sorted((Path(web.__file__).parent / folder).iterdir())
]
XSS = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 'zq' * 4 }}${'zq' * 4}<%= 'zq' * 4 %>",
    "<a href='javascript:alert(1)'>x</a>",
    "<!--<script>alert(1)//-->",
    "\u2028<iframe srcdoc='<script>alert(1)</script>'>",
]


class Active(HTMLParser):
    """Collects what a page would run or fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        source = values.get("src") or ""
        if tag in ("iframe", "object", "embed", "img", "base", "style"):
            self.found.append(tag)
        data = values.get("type") == "application/ld+json"  # which is read, and never run
        if tag == "script" and not data and not source.startswith("/static/"):
            self.found.append("script")
        for name, value in values.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(name)
            if (value or "").strip().lower().startswith("javascript:") and name in (
                "href",
                "action",
            ):
                self.found.append(f"{name}={value}")


def addresses(app: Flask) -> list[str]:
    names = {"filename": "site.css", "code": "internal"}
    return [
        re.sub(r"<(?:\w+:)?(\w+)>", lambda match: names.get(match[1], KHARKIV), rule.rule)
        for rule in app.url_map.iter_rules()
    ]


def test_every_route_sends_the_headers_and_no_cookie(app: Flask) -> None:
    client = app.test_client()
    for address in [*addresses(app), "/nothing", "/api/v1/nothing"]:
        for method in ("GET", "POST", "OPTIONS"):
            response = client.open(address, method=method)
            headers = response.headers
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
            assert "unsafe" not in policy
            for directive in ("base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
                assert directive in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert "camera=()" in headers["Permissions-Policy"]
            assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-Id"])
            assert "Set-Cookie" not in headers
            response.close()


@pytest.mark.parametrize("asset", ASSETS, ids=lambda path: path.name)
def test_assets_name_no_other_origin(asset: Path) -> None:
    text = asset.read_text(encoding="utf-8")
    for named in (
        *("http://www.w3.org/2000/svg", "http://www.sitemaps.org/schemas"),
        "https://meet.example.org/",  # shows how a link may look
    ):
        text = text.replace(named, "")
    assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text)


@pytest.mark.parametrize(
    "asset", [path for path in ASSETS if path.suffix == ".html"], ids=lambda path: path.name
)
def test_templates_have_no_inline_code_or_style(asset: Path) -> None:
    text = asset.read_text(encoding="utf-8")
    text = text.replace('<script type="application/ld+json">', "")  # data, no code
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)", text)
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("text", XSS)
def test_typed_text_is_shown_not_run(client: FlaskClient, text: str) -> None:
    browser = {"Accept": "text/html"}
    shown = [
        client.get("/find", query_string={"q": text}, headers=browser),
        client.get(PARTNERS, query_string={"technology": text, "k": 1}),
        client.get(PARTNERS, query_string={text: text}, headers=browser),
        client.get(PARTNERS, query_string={"intent": text}, headers=browser),
        client.get("/clusters/" + text.replace("/", ""), headers=browser),
        client.post("/describe", data={"description": text}),
        client.post("/describe", data={"description": text, "country": text}),
    ]
    for response in shown:
        assert response.mimetype == "text/html"
        assert response.status_code < 500
        assert Active(response.text).found == []
        assert "zqzqzqzq" not in response.text


@pytest.mark.parametrize("text", XSS)
def test_api_answers_are_never_html(client: FlaskClient, text: str) -> None:
    answers = [
        client.get("/api/v1/clusters", query_string={"q": text}),
        client.get("/suggestions", query_string={"q": text}),
        client.post("/api/v1/partners", json={"text": text, "k": 1}),
        client.post("/api/v1/partners", json={"profile": {"name": text, "description": text}}),
        client.post("/api/v1/partners", json={"profile": {"website": text}}),
    ]
    for response in answers:
        assert response.mimetype in ("application/json", "application/problem+json")
        assert response.status_code < 500
    assert answers[-1].status_code == 422


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "%2fetc/passwd"])
def test_static_files_stay_in_their_folder(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}", follow_redirects=True).status_code == 404


def test_a_forged_host_leads_nowhere(client: FlaskClient) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    found = client.get("/find", query_string={"q": "Kharkiv IT Cluster"}, headers=forged)
    assert found.location == PARTNERS
    for address in (
        "/",
        PARTNERS,
        "/docs",
        "/openapi.json",
        "/api/v1/nothing",
    ):
        assert "evil.example" not in client.get(address, headers=forged).text
