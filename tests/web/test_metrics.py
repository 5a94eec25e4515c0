"""What the service counts of itself."""

import re

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from matcher.config import Settings
from matcher.errors import IndexUnavailableError
from matcher.matcher import Matcher
from matcher.web import create_app

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/api/v1/clusters/{KHARKIV}/partners"
ROUTE = "/api/v1/clusters/<cluster_id>/partners"


@pytest.fixture
def fresh(matcher: Matcher, settings: Settings) -> FlaskClient:
    return create_app(matcher, settings).test_client()


def read(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Value of each sample by its name and the values of its labels, sorted by label."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.mimetype == "text/plain"
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_not_by_address(fresh: FlaskClient) -> None:
    for address in (
        PARTNERS,
        f"{PARTNERS}?k=3",
        PARTNERS.replace("it-cluster", "xx"),
        "/nothing",
        "/no",
    ):
        fresh.get(address)
    found = read(fresh)
    assert found["matcher_requests_total", "GET", ROUTE, "200"] == 2
    assert found["matcher_requests_total", "GET", ROUTE, "404"] == 1
    assert found["matcher_requests_total", "GET", "unmatched", "404"] == 2
    assert found["matcher_request_seconds_count", ROUTE] == 3


def test_made_up_methods_make_no_new_series(fresh: FlaskClient) -> None:
    for number in range(20):
        fresh.open("/healthz", method=f"METHOD{number}")
    methods = {key[1] for key in read(fresh) if key[0] == "matcher_requests_total"}
    assert methods <= {"other", "GET"}


def test_look_ups_of_known_answers_are_counted(fresh: FlaskClient) -> None:
    for _ in range(3):
        fresh.get(PARTNERS)
    found = read(fresh)
    assert (
        found["matcher_answer_cache_total", "hit"],
        found["matcher_answer_cache_total", "miss"],
    ) == (2, 1)
    assert found["matcher_answer_cache_bytes",] > 1000


def test_the_state_of_the_index_is_told(fresh: FlaskClient, matcher: Matcher) -> None:
    found = read(fresh)
    assert found["matcher_index_up",] == 1
    assert found["matcher_index_degraded",] == 0
    assert 0 <= found["matcher_index_age_seconds",] < 3600
    assert found["matcher_clusters",] == len(matcher.clusters)


def test_metrics_are_given_without_an_index(settings: Settings) -> None:
    class Empty:
        def status(self) -> None:
            raise IndexUnavailableError("none")

    found = read(create_app(Empty(), settings).test_client())  # type: ignore[arg-type]
    assert found["matcher_index_up",] == 0


def test_metrics_hold_nothing_that_was_asked(fresh: FlaskClient) -> None:
    fresh.get(f"{PARTNERS}?technology=secret-plan")
    fresh.get("/secret-plan")
    assert not re.search("secret-plan|kharkiv", fresh.get("/metrics").text)


def test_each_application_counts_for_itself(matcher: Matcher, settings: Settings) -> None:
    first, second = (create_app(matcher, settings).test_client() for _ in range(2))
    first.get(PARTNERS)
    assert not any(ROUTE in key for key in read(second))
