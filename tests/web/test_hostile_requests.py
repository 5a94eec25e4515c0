"""Requests made to be slow, or to be answered with far more than they are."""

import json
import time
from collections.abc import Mapping

import pytest
from flask import Flask

from matcher.web.http.limits import MAX_QUERY_BYTES
from matcher.web.http.problems import MAX_ERRORS

SECONDS = 30
"""What must take a second or two; a busy machine is forgiven a lot, hours are not."""
MANY = 90_000


def profile(field: str, value: object) -> bytes:
    return json.dumps({"profile": {field: value}, "k": 1}).encode()


BODIES: Mapping[str, bytes] = {
    "unknown fields": json.dumps({f"f{number}": 1 for number in range(MANY)}).encode(),
    "countries that are none": profile("target_countries", ["x"] * MANY),
    "languages that are none": profile("languages", ["x"] * MANY),
    "sources that are none": profile("sources", ["x"] * MANY),
    "offers": profile("offers", [str(number) for number in range(MANY)]),
    "filters": json.dumps(
        {"text": "Chairs.", "filters": {"technologies": [str(n) for n in range(MANY)]}}
    ).encode(),
    "weights": json.dumps(
        {"text": "Chairs.", "weights": {str(n): 1 for n in range(60_000)}}
    ).encode(),
    "partners to leave out": json.dumps(
        {"text": "Chairs.", "k": 1, "known_to_us": [str(n) for n in range(MANY)]}
    ).encode(),
    "lines": profile("description", "\n" * 19_999 + "a"),
    "a website of dots": profile("website", "aa." * 300_000 + ":"),
    "a name of a megabyte": profile("name", "a" * 1_000_000),
    "brackets in a text": profile("description", "[" * 19_000),
    "quotes": b'{"' + b'\\"' * 500_000,
    "backslashes": b'{"' + b"\\" * 1_000_000,
    "a number of a megabyte": b'{"k": ' + b"9" * 1_000_000 + b"}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("address", ["/api/v1/partners", "/api/v1/readiness"])
def test_no_body_of_a_megabyte_is_slow_or_answered_at_length(
    app: Flask, address: str, body: bytes
) -> None:
    begun = time.process_time()
    response = app.test_client().post(address, data=body, content_type="application/json")
    assert time.process_time() - begun < SECONDS
    assert response.status_code < 500
    assert len(response.data) < len(body) + 200_000
    if response.status_code == 422:
        assert len(response.json["errors"]) <= MAX_ERRORS + 1


def test_errors_beyond_the_hundredth_are_counted(app: Flask) -> None:
    body = {f"f{number}": 1 for number in range(MAX_ERRORS + 50)}
    errors = app.test_client().post("/api/v1/partners", json=body).json["errors"]
    assert len(errors) == MAX_ERRORS + 1
    assert errors[-1]["message"] == "50 more are not listed"


FORMS: Mapping[str, bytes] = {
    "fields without end": b"a&" * 500_000,
    "the same field": b"offers=x&" * 100_000,
    "one field": b"description=" + b"%0A" * 300_000,
    "escapes": b"%" * 1_000_000,
    "a website of dots": b"country=UA&website=" + b"aa." * 300_000 + b":",
    "semicolons": b"country=UA&target_countries=" + b"x;" * 400_000,
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("address", ["/describe", "/readiness"])
def test_no_form_of_a_megabyte_is_slow_or_answered_at_length(
    app: Flask, address: str, body: bytes
) -> None:
    begun = time.process_time()
    response = app.test_client().post(
        address, data=body, content_type="application/x-www-form-urlencoded"
    )
    assert time.process_time() - begun < SECONDS
    assert response.status_code < 500
    assert len(response.data) < 3_000_000


ADDRESSES = ("/", "/find", "/suggestions", "/shortlist", "/compare", "/landscape", "/pairs/a/b")


@pytest.mark.parametrize("address", ["/api/v1/clusters", "/api/v1/nothing", *ADDRESSES])
def test_longer_queries_than_any_page_makes_are_refused(app: Flask, address: str) -> None:
    client = app.test_client()
    refused = client.get(f"{address}?" + "id=a&" * (MAX_QUERY_BYTES // 5 + 1))
    assert refused.status_code == 413
    assert refused.json["type"] == "/problems/too-large"
    assert client.get(f"{address}?" + "id=a&" * 100).status_code != 413


@pytest.mark.parametrize(
    "query", ["a&", "q=" + "a" * 100, "country=UA&", "%", "id=ua-kharkiv-it-cluster&"]
)
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_longest_queries_are_answered_in_time(app: Flask, address: str, query: str) -> None:
    begun = time.process_time()
    text = (query * MAX_QUERY_BYTES)[:MAX_QUERY_BYTES]
    response = app.test_client().get(f"{address}?{text}", headers={"Accept": "text/html"})
    assert time.process_time() - begun < SECONDS
    assert response.status_code < 500
    assert len(response.data) < 2_000_000


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("GET", "/find?q=a%00b", None),
        ("GET", "/api/v1/people?cluster=%00", None),
        ("POST", "/api/v1/partners", b'{"text": "a\\u0000b"}'),
        ("POST", "/api/v1/partners", b'{"text": "a\\\\\\u0000b"}'),
        ("POST", "/api/v1/partners", b'{"a\\u0000": 1}'),
    ],
)
def test_the_character_nul_is_refused_everywhere(
    app: Flask, method: str, address: str, body: bytes | None
) -> None:
    refused = app.test_client().open(
        address, method=method, data=body, content_type="application/json" if body else None
    )
    assert refused.status_code == 422
    assert "NUL" in refused.json["detail"]
    assert app.test_client().get("/api/v1/events/a%00b").status_code == 404


def test_a_backslash_before_u0000_is_a_text(app: Flask) -> None:
    body = b'{"text": "Chairs \\\\u0000", "k": 1}'
    answer = app.test_client().post("/api/v1/partners", data=body, content_type="application/json")
    assert answer.status_code == 200
