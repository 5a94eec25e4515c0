"""Health and readiness."""

from dataclasses import replace
from threading import Thread

import pytest
from flask.testing import FlaskClient

from matcher.config import Settings
from matcher.errors import StoreUnavailableError
from matcher.matcher import Matcher
from matcher.web import create_app
from matcher.web.http.refreshing import EXTENSION


def test_ready_names_what_answers_come_from(client: FlaskClient, matcher: Matcher) -> None:
    answer = client.get("/readyz").json
    assert answer["status"] == "ready"
    assert answer["degraded"] == []
    assert answer["clusters"] == len(matcher.clusters)
    assert answer["generation"] and answer["model"] and answer["weights"]


class Ailing:
    """A matcher of which something is wrong."""

    def __init__(self, matcher: Matcher, index: str | None = None, store: str | None = None):
        self.clusters = matcher.clusters
        self.snapshot = matcher.snapshot
        self.status = lambda: replace(matcher.status(), degraded=index)
        self.store = self
        self.is_current = lambda: True
        self.problem = store

    def require(self) -> None:
        if self.problem:
            raise StoreUnavailableError(self.problem)


@pytest.mark.parametrize("part", ["index", "store"])
def test_degraded_is_named_and_still_serves(
    matcher: Matcher, settings: Settings, part: str
) -> None:
    ailing = Ailing(matcher, **{part: "It is damaged."})
    response = create_app(ailing, settings).test_client().get("/readyz")  # type: ignore[arg-type]
    assert response.status_code == 200
    assert response.json["status"] == "degraded"
    assert response.json["degraded"] == [{"part": part, "reason": "It is damaged."}]


def test_health_is_never_kept_by_a_cache(client: FlaskClient) -> None:
    for address in ("/healthz", "/readyz", "/metrics"):
        assert client.get(address).headers["Cache-Control"] == "no-store"


def test_a_thread_that_has_ended_is_told(matcher: Matcher, settings: Settings) -> None:
    app = create_app(matcher, settings)
    thread = app.extensions[EXTENSION] = Thread(target=lambda: None)
    thread.start()
    thread.join()
    (part,) = app.test_client().get("/readyz").json["degraded"]
    assert part["part"] == "index"
    assert "restart" in part["reason"]


def test_a_collection_that_is_not_served_is_told(
    matcher: Matcher, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(matcher, settings).test_client()
    monkeypatch.setattr(matcher.store, "collection", lambda: "another")
    answer = client.get("/readyz").json
    assert (answer["status"], answer["degraded"][0]["part"]) == ("degraded", "index")
