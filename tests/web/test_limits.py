"""The rate limit: for each client, with the time to wait, behind proxies."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web import create_app
from matcher.web.http import limits as module
from matcher.web.http.limits import RateLimit, client_of

Limited = Callable[..., FlaskClient]


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def limited(matcher: Matcher, settings: Settings) -> Limited:
    def make(**changes: int) -> FlaskClient:
        given = {"rate_limit": 0, "post_rate_limit": 0, **changes}
        return create_app(matcher, settings.model_copy(update=given)).test_client()

    return make


@given(st.integers(1, 50), st.lists(st.floats(0, 30), max_size=200))
def test_never_more_than_two_minutes_worth_in_a_minute(limit: int, pauses: list[float]) -> None:
    """What a client saved up, and what comes back to it within the minute."""
    clock = Clock()
    rate, admitted = RateLimit(limit, clock), []
    for pause in pauses:
        clock.now += pause
        if rate.wait("a") == 0:
            admitted.append(clock.now)
    for start in admitted:
        assert sum(start <= moment < start + 59.9 for moment in admitted) <= 2 * limit


def test_a_whole_minute_may_be_spent_at_once_and_comes_back_evenly() -> None:
    clock = Clock()
    rate = RateLimit(6, clock)
    assert [rate.wait("a") for _ in range(6)] == [0] * 6
    assert rate.wait("a") == pytest.approx(10)
    assert rate.wait("b") == 0
    clock.now += 10
    assert rate.wait("a") == 0
    assert rate.wait("a") == pytest.approx(10)


def test_waiting_as_told_is_enough() -> None:
    clock = Clock()
    rate = RateLimit(7, clock)
    for _ in range(50):
        clock.now += rate.wait("a")
        wait = rate.wait("a")
        clock.now += wait
        assert not wait or rate.wait("a") == 0


def test_memory_of_clients_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CLIENTS", 100)
    rate = RateLimit(2, Clock())
    for number in range(1000):
        rate.wait(str(number))
    assert len(rate._paid_until) <= 100
    assert rate.wait("999") == 0
    assert rate.wait("999") > 0


def test_too_many_requests_is_a_problem_with_the_time_to_wait(limited: Limited) -> None:
    client = limited(rate_limit=3)
    assert [client.get("/api/v1/clusters?limit=1").status_code for _ in range(3)] == [200] * 3
    refused = client.get("/api/v1/clusters?limit=1")
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert refused.json["type"] == "/problems/too-many-requests"
    assert refused.headers["Retry-After"] == "20"
    assert "20 s" in refused.json["detail"]
    assert refused.headers["Cache-Control"] == "no-store"


def test_errors_count_too(limited: Limited) -> None:
    client = limited(rate_limit=2)
    found = [client.get("/api/v1/nothing").status_code for _ in range(3)]
    assert found == [404, 404, 429]


def test_probes_metrics_and_assets_are_free(limited: Limited) -> None:
    client = limited(rate_limit=1)
    for address in ("/healthz", "/readyz", "/metrics", "/static/site.css"):
        for _ in range(3):
            with client.get(address) as response:
                assert response.status_code == 200


def test_posts_have_a_limit_of_their_own(limited: Limited) -> None:
    client = limited(post_rate_limit=1)
    posts = [client.post("/api/v1/partners", json={"text": "Chairs.", "k": 1}) for _ in range(2)]
    assert [post.status_code for post in posts] == [200, 429]
    assert client.get("/api/v1/clusters?limit=1").status_code == 200


@pytest.mark.parametrize(("proxies", "statuses"), [(0, [200, 429, 429]), (1, [200, 200, 429])])
def test_forwarded_addresses_count_only_behind_trusted_proxies(
    limited: Limited, proxies: int, statuses: list[int]
) -> None:
    """With one proxy its own entry, the last, is believed; what stands before it is made up."""
    client = limited(rate_limit=1, trusted_proxies=proxies)
    found = [
        client.get("/api/v1/clusters?limit=1", headers={"X-Forwarded-For": forwarded}).status_code
        for forwarded in ("198.51.100.1", "198.51.100.2", "203.0.113.9, 198.51.100.1")
    ]
    assert found == statuses


def test_one_ipv6_client_has_a_whole_network() -> None:
    assert client_of("2001:db8:1:2:3::1") == client_of("2001:db8:1:2:ffff::9")
    assert client_of("2001:db8:1:2::1") != client_of("2001:db8:1:3::1")
    assert client_of("192.0.2.1") == "192.0.2.1"
    assert client_of(None) == client_of("")


@pytest.mark.parametrize("dressed", ["::ffff:192.0.2.1", "192.0.2.1:4711", "[::ffff:192.0.2.1]:80"])
def test_addresses_are_told_apart_however_they_are_dressed(dressed: str) -> None:
    assert client_of(dressed) == client_of("192.0.2.1")
    assert client_of(dressed) != client_of(dressed.replace("192.0.2.1", "192.0.2.2"))


def test_an_ipv6_address_with_a_port_is_the_same_client() -> None:
    assert client_of("[2001:db8:1:2::1]:4711") == client_of("2001:db8:1:2::9")
    assert client_of("no address") == "no address"
