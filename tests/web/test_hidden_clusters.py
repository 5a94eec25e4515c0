"""Clusters that are not public: no route tells anybody without a token that they exist."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from harmless import words
from support import FakeEncoder
from werkzeug.routing import Rule

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store
from matcher.web import create_app

SECRET = "zqsecret"
KHARKIV = "ua-kharkiv-it-cluster"
IDS = ("ua-kept-private", "ua-kept-hidden")
BROWSER = {"Accept": "text/html"}


def secret(key: str) -> ClusterProfile:
    """A cluster that would be the best partner of all, if only it were shown."""
    text = f"{SECRET} software, cyber security and IT services"
    return ClusterProfile.model_validate(
        {
            "id": key,
            "name": f"{SECRET} {key}",
            "acronym": SECRET,
            "city": SECRET,
            "country": "UA",
            "visibility": key.rpartition("-")[2],
            "ecosystems": ("digital",),
            "description": text,
            **dict.fromkeys(("offers", "seeks", "services", "technologies"), (text,)),
            "website": f"https://{SECRET}.example",
            "lat": 50.0,
            "lon": 30.0,
        }
    )


@pytest.fixture
def app(own_settings: Settings) -> Iterator[Flask]:
    store = Store.open(own_settings.store_url)
    with Matcher(store, FakeEncoder(), own_settings) as matcher:
        matcher.load()
        matcher.import_profiles([secret(key) for key in IDS])
        yield create_app(matcher, own_settings)


def told(response: Any) -> bool:
    with response:
        return SECRET in words(response.data, response.mimetype).lower()


def filled(rule: Rule, key: str, other: str) -> Iterator[str]:
    forms = re.findall(r"any\(([^)]*)\)", rule.rule)
    names = {"cluster_id": key, "a": key, "b": other}
    for form in forms[0].split(", ") if forms else ["x"]:
        yield re.sub(
            r"<(?:[^<>]*:)?(\w+)>", lambda part, form=form: names.get(part[1], form), rule.rule
        )


def test_no_route_tells_of_them(app: Flask) -> None:
    client = app.test_client()
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    queries: list[dict[str, object]] = [
        {},
        {"id": [*IDS, KHARKIV]},
        {"k": 100, "scope": "all", "q": "kept private"},
        {"country": "UA", "limit": 100, "for": IDS[0], "asker": IDS[0], "cluster": IDS[0]},
    ]
    leaks = [
        (address, query)
        for rule in rules
        for key, other in ((IDS[0], KHARKIV), (KHARKIV, IDS[1]))
        for address, query in product(filled(rule, key, other), queries)
        if told(client.get(address, query_string=query, headers=BROWSER))
    ]
    assert leaks == []


def test_asking_in_their_name_tells_nothing(app: Flask) -> None:
    client: FlaskClient = app.test_client()
    for body in (
        {"cluster": IDS[0]},
        {"cluster": IDS[1]},
        {"cluster": IDS[1], "k": 100, "scope": "all"},
        {"text": "software cyber security IT services", "k": 100, "scope": "all"},
        {"profile": {"country": "PL", "description": "software"}, "k": 100},
    ):
        assert not told(client.post("/api/v1/partners", json=body)), body
    for page in ("/describe", "/readiness", f"/clusters/{IDS[0]}/readiness"):
        form = {"country": "PL", "description": "software, cyber security, IT services"}
        assert not told(client.post(page, data=form, headers=BROWSER)), page


def test_the_test_would_see_them(app: Flask) -> None:
    matcher = app.extensions["matcher"]
    shown = [secret(key).model_copy(update={"visibility": "public"}) for key in IDS]
    matcher.import_profiles(shown)
    client = app.test_client()
    for address in (f"/clusters/{IDS[0]}", f"/pairs/{KHARKIV}/{IDS[1]}", "/suggestions?q=zqsecret"):
        assert told(client.get(address, headers=BROWSER)), address
