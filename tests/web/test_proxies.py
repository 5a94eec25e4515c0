"""The service behind proxies: under a path, over TLS, with tags that Apache has changed."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import request
from flask.testing import FlaskClient

from matcher.config import Settings
from matcher.errors import InvalidInputError
from matcher.matcher import Matcher
from matcher.web import create_app

KHARKIV = "ua-kharkiv-it-cluster"
PAGES = ("/", f"/clusters/{KHARKIV}", "/docs", "/staff/plan", "/describe", "/nothing")
LINK = re.compile(r'(?:href|src|action)="([^"#]*)')
BROWSER = {"Accept": "text/html"}
Placed = Callable[..., FlaskClient]


@pytest.fixture
def placed(matcher: Matcher, settings: Settings) -> Placed:
    def make(**changes: object) -> FlaskClient:
        return create_app(matcher, settings.model_copy(update=changes)).test_client()

    return make


def links(client: FlaskClient, page: str, headers: dict[str, str]) -> list[str]:
    """Addresses within the service that a page leads to."""
    text = client.get(page, headers={**BROWSER, **headers}).text
    return [found for found in LINK.findall(text) if not urlsplit(found).netloc and found]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("stripped", [False, True])
def test_all_links_stay_under_the_path_of_the_public_url(
    placed: Placed, page: str, stripped: bool
) -> None:
    client = placed(public_url="https://example.org/match")
    found = links(client, page if stripped else "/match" + page, {})
    assert len(found) > 5
    inside = [one for one in found if not one.startswith(("?", "mailto:"))]
    assert [one for one in inside if not one.startswith("/match/")] == []
    for address in {urlsplit(one).path for one in inside if "/static/" in one}:
        with client.get(address) as response:
            assert response.status_code == 200, address


def test_a_trusted_proxy_may_name_the_path(placed: Placed) -> None:
    named = {"X-Forwarded-Prefix": "/match"}
    assert all(
        one.startswith(("/match/", "?")) for one in links(placed(trusted_proxies=1), "/", named)
    )
    assert not any("match/" in one for one in links(placed(), "/", named))


@pytest.mark.parametrize("prefix", ["//evil.example", "/a b", "javascript:", "/..\\x", '/"><b>'])
def test_a_path_that_is_none_is_not_taken(placed: Placed, prefix: str) -> None:
    client = placed(trusted_proxies=1)
    assert links(client, "/", {"X-Forwarded-Prefix": prefix}) == links(client, "/", {})


def test_redirects_and_scripts_stay_under_the_path(placed: Placed) -> None:
    client = placed(public_url="https://example.org/match")
    moved = client.get("/match/find?q=Kharkiv IT Cluster", headers=BROWSER)
    assert moved.status_code in (302, 303)
    assert urlsplit(moved.headers["Location"]).path.startswith("/match/clusters/")
    assert client.get("/match").status_code == 200
    assert client.get("/matchless").status_code == 404


@pytest.mark.parametrize(
    ("settings_of", "said", "scheme"),
    [
        ({}, "https", "http"),
        ({"trusted_proxies": 1}, "https", "https"),
        ({"trusted_proxies": 1}, "javascript", "http"),
        ({"trusted_proxies": 1, "public_url": "https://example.org"}, "http", "https"),
    ],
)
def test_the_scheme_is_the_proxys_or_that_of_the_setting(
    placed: Placed, settings_of: dict[str, object], said: str, scheme: str
) -> None:
    client, seen = placed(**settings_of), []
    client.application.before_request(lambda: seen.append(request.scheme))
    client.get("/healthz", headers={"X-Forwarded-Proto": said})
    assert seen == [scheme]


@pytest.mark.parametrize("mark", ["", "-gzip", "-br"])
def test_tags_that_apache_has_changed_are_known(placed: Placed, mark: str) -> None:
    client = placed()
    address = f"/api/v1/clusters/{KHARKIV}"
    tag = client.get(address).headers["ETag"].strip('"')
    again = client.get(address, headers={"If-None-Match": f'"{tag}{mark}"'})
    assert again.status_code == 304
    assert client.get(address, headers={"If-None-Match": f'"x{tag}{mark}"'}).status_code == 200


def test_request_ids_are_taken_from_trusted_proxies_alone(placed: Placed) -> None:
    given = {"X-Request-Id": "proxy-0001"}
    assert placed(trusted_proxies=1).get("/", headers=given).headers["X-Request-Id"] == "proxy-0001"
    assert placed().get("/", headers=given).headers["X-Request-Id"] != "proxy-0001"


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org", "https://a/?q", "https://a//b"]
)
def test_a_public_url_must_be_one(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    from matcher.config import get_settings

    monkeypatch.setenv("MATCHER_PUBLIC_URL", url)
    get_settings.cache_clear()
    with pytest.raises(InvalidInputError) as error:
        get_settings()
    assert "MATCHER_PUBLIC_URL" in str(error.value.problems[0])
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://example.org/match/")
    assert get_settings().public_url == "https://example.org/match"
    get_settings.cache_clear()


@pytest.mark.parametrize("host", ["a..b", ".a", "x" * 70 + ".example.org"])
@pytest.mark.parametrize("page", [*PAGES, "/api/v1/clusters"])
def test_a_host_that_cannot_be_is_refused_in_our_words(
    placed: Placed, host: str, page: str
) -> None:
    refused = placed().get(page, headers={"Host": host, **BROWSER})
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    assert refused.headers["Content-Security-Policy"]
    assert refused.headers["X-Request-Id"] == refused.json["request_id"]


@pytest.mark.parametrize(
    ("address", "varies"),
    [
        ("/", True),
        ("/suggestions?q=khar", True),
        (f"/clusters/{KHARKIV}/partners.csv", True),
        (f"/api/v1/clusters/{KHARKIV}", False),
        ("/static/site.css", False),
    ],
)
def test_answers_that_depend_on_the_language_say_so(
    placed: Placed, address: str, varies: bool
) -> None:
    with placed().get(address) as response:
        assert response.status_code == 200
        assert ("Accept-Language" in response.headers.get("Vary", "")) == varies
