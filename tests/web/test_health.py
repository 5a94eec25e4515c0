"""Health and readiness."""

from dataclasses import replace

from flask.testing import FlaskClient
from matcher.matcher import Matcher

from matcher.config import Settings
from matcher.web import create_app


def test_ready_names_what_answers_come_from(client: FlaskClient, matcher: Matcher) -> None:
    answer = client.get("/readyz").json
    assert answer["status"] == "ready"
    assert answer["reason"] is None
    assert answer["clusters"] == len(matcher.clusters)
    assert answer["generation"] and answer["model"] and answer["weights"]


def test_degraded_is_named_and_still_serves(matcher: Matcher, settings: Settings) -> None:
    class Degraded:
        clusters = matcher.clusters

        def status(self) -> object:
            return replace(matcher.status(), degraded="The newest index is damaged.")

    response = create_app(Degraded(), settings).test_client().get("/readyz")  # type: ignore[arg-type]
    assert response.status_code == 200
    assert response.json["status"] == "degraded"
    assert response.json["reason"] == "The newest index is damaged."
