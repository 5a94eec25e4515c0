"""Every error has one shape, says what is wrong, and tells nothing of the inside."""

import io
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher import errors
from matcher.config import Settings
from matcher.errors import (
    IndexUnavailableError,
    MatcherError,
    ModelUnavailableError,
    StoreUnavailableError,
)
from matcher.matcher import Matcher
from matcher.web import create_app
from matcher.web.http import limits
from matcher.web.http.problems import PROBLEM_TYPES

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/api/v1/clusters/{KHARKIV}/partners"
KEYS = {
    "type",
    "title",
    "status",
    "detail",
    "request_id",
    "errors",
    "suggestions",
    "asked",
    "headings",
}
INSIDE = re.compile(r"Traceback|File \"|/work|/home|/tmp|site-packages|\.py\b|SELECT |sqlite", re.I)


def assert_problem(response: Any, status: int, code: str) -> dict:
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    problem = response.json
    assert problem.keys() == KEYS
    assert problem["status"] == status
    assert problem["type"] == f"/problems/{code}"
    assert problem["title"] == PROBLEM_TYPES[code].title
    assert problem["detail"]
    assert problem["request_id"] == response.headers["X-Request-Id"]
    for error in problem["errors"]:
        assert error.keys() == {"where", "field", "message"}
    for suggestion in problem["suggestions"]:
        assert suggestion.keys() == {"id", "name"}
    assert not INSIDE.search(response.text)
    return problem


def requests_that_fail() -> list[tuple[str, str, dict[str, Any], int, str]]:
    partners = "/api/v1/partners"
    check = "/api/v1/profiles:check"
    as_json = {"content_type": "application/json"}
    return [
        ("GET", "/api/v1/nothing", {}, 404, "not-found"),
        ("GET", "/api/v1/clusters/xx-none", {}, 404, "cluster-not-found"),
        ("GET", "/api/v1/clusters/xx-none/partners", {}, 404, "cluster-not-found"),
        ("GET", f"/api/v1/pairs/{KHARKIV}/xx-none", {}, 404, "cluster-not-found"),
        ("GET", f"/api/v1/pairs/xx-none/{KHARKIV}", {}, 404, "cluster-not-found"),
        ("GET", "/api/v1/clusters?limit=0", {}, 422, "invalid-input"),
        ("GET", "/api/v1/clusters?country=XX", {}, 422, "invalid-input"),
        ("GET", "/api/v1/clusters?q=", {}, 422, "invalid-input"),
        ("GET", f"{PARTNERS}?k=0", {}, 422, "invalid-input"),
        ("GET", f"{PARTNERS}?k=10000", {}, 422, "invalid-input"),
        ("GET", f"{PARTNERS}?k=many", {}, 422, "invalid-input"),
        ("GET", f"{PARTNERS}?k=1&k=2", {}, 422, "invalid-input"),
        ("GET", f"{PARTNERS}?new_only=perhaps", {}, 422, "invalid-input"),
        ("GET", f"{PARTNERS}?diversity=nan", {}, 422, "invalid-input"),
        ("GET", f"{PARTNERS}?not_country=XX", {}, 422, "invalid-input"),
        ("POST", partners, {"data": b"{}"}, 415, "unsupported-media-type"),
        ("POST", partners, {"data": b"{", **as_json}, 400, "malformed-request"),
        ("POST", partners, {"data": b"\xff\xfe", **as_json}, 400, "malformed-request"),
        ("POST", partners, {"data": b"", **as_json}, 400, "malformed-request"),
        ("POST", partners, {"data": b"[" * 100_000, **as_json}, 422, "invalid-input"),
        (
            "POST",
            partners,
            {"data": b'{"a":' * 50 + b"1" + b"}" * 50, **as_json},
            422,
            "invalid-input",
        ),
        ("POST", partners, {"json": []}, 422, "invalid-input"),
        ("POST", partners, {"json": {}}, 422, "invalid-input"),
        ("POST", partners, {"json": {"text": ""}}, 422, "invalid-input"),
        ("POST", partners, {"json": {"text": "a\x00b"}}, 422, "invalid-input"),
        ("POST", partners, {"json": {"text": "x" * 20_001}}, 422, "invalid-input"),
        ("POST", partners, {"json": {"text": "x", "k": 0}}, 422, "invalid-input"),
        ("POST", partners, {"json": {"text": "x", "k": 10_000}}, 422, "invalid-input"),
        ("POST", partners, {"json": {"text": "x", "cluster": KHARKIV}}, 422, "invalid-input"),
        ("POST", partners, {"json": {"cluster": "zzzz qqqq"}}, 404, "cluster-not-found"),
        ("POST", partners, {"json": {"cluster": "kharkiv"}}, 409, "ambiguous-name"),
        ("POST", partners, {"data": b" " * 5_000_000, **as_json}, 413, "too-large"),
        ("POST", check, {"data": b"x", "content_type": "image/png"}, 415, "unsupported-media-type"),
        (
            "POST",
            check,
            {"data": {"file": "x"}, "content_type": "multipart/form-data"},
            400,
            "malformed-request",
        ),
        ("POST", check, {"data": b"", "content_type": "text/csv"}, 422, "unreadable-file"),
        ("POST", check, {"data": b"[" * 100_000, **as_json}, 422, "unreadable-file"),
        ("POST", check, {"data": b"a" * 5_000_000, "content_type": "text/csv"}, 413, "too-large"),
        (
            "POST",
            check,
            {"data": {"file": (io.BytesIO(b"PK\x03\x04broken"), "a.xlsx")}},
            422,
            "unreadable-file",
        ),
    ]


@pytest.mark.parametrize(("method", "address", "body", "status", "code"), requests_that_fail())
def test_error_shape(
    client: FlaskClient, method: str, address: str, body: dict, status: int, code: str
) -> None:
    assert_problem(client.open(address, method=method, **body), status, code)


def test_a_body_that_is_too_large_is_told_how_large_it_may_be(client: FlaskClient) -> None:
    answer = client.post("/api/v1/profiles:check", data=b"a" * 5_000_000, content_type="text/csv")
    assert answer.json["detail"].endswith("At most 1,024 kB are taken.")


def test_every_route_refuses_other_methods_in_the_same_shape(app: Flask) -> None:
    client = app.test_client()
    taken: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/api", "/readyz")):
            taken.setdefault(rule.rule, set()).update(rule.methods or ())
    assert len(taken) >= 7
    for path, methods in taken.items():
        address = re.sub(r"<.*?>", KHARKIV, path)
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            response = client.open(address, method=method)
            allowed = {name.strip() for name in response.headers["Allow"].split(",")}
            assert_problem(response, 405, "method-not-allowed")
            assert method not in allowed


def test_each_wrong_parameter_is_named_with_the_nearest_right_one(client: FlaskClient) -> None:
    problem = client.get(f"{PARTNERS}?contry=DE&ecosystm=digital&k=3").json
    messages = {error["field"]: error["message"] for error in problem["errors"]}
    assert messages.keys() == {"contry", "ecosystm"}
    assert "'country'" in messages["contry"]
    assert "'ecosystem'" in messages["ecosystm"]


def test_wrong_values_are_named_by_their_parameter(client: FlaskClient) -> None:
    problem = client.get(f"{PARTNERS}?country=XX&not_nace=999&k=0").json
    assert {error["field"] for error in problem["errors"]} == {"country", "not_nace", "k"}
    assert any("XX" in error["message"] for error in problem["errors"])


def test_wrong_body_fields_are_named_by_their_path(client: FlaskClient) -> None:
    body = {"profile": {"country": "XX", "colour": "red"}, "filters": {"nace": ["999"]}}
    problem = client.post("/api/v1/partners", json=body).json
    fields = {error["field"] for error in problem["errors"]}
    assert fields == {"profile.country", "profile.colour", "filters.nace.0"}
    assert {error["where"] for error in problem["errors"]} == {"body"}


def test_unknown_id_suggests_the_nearest(client: FlaskClient) -> None:
    problem = client.get("/api/v1/clusters/ua-kharkiv-it-clustr").json
    assert KHARKIV in {suggestion["id"] for suggestion in problem["suggestions"]}
    assert problem["asked"] == "ua-kharkiv-it-clustr"


class Failing:
    """A matcher whose every answer fails."""

    clusters = ()

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Callable[..., None]:
        def fail(*args: object, **kwargs: object) -> None:
            raise self.error

        return fail


@pytest.mark.parametrize(
    "error",
    [
        IndexUnavailableError("The index is damaged; rebuild it with `matcher index`."),
        StoreUnavailableError("The database cannot be opened."),
        ModelUnavailableError("The model cannot be loaded."),
    ],
)
def test_unavailable_parts_are_503(settings: Settings, error: MatcherError) -> None:
    client = create_app(Failing(error), settings).test_client()  # type: ignore[arg-type]
    problem = assert_problem(client.get(PARTNERS), 503, error.code)
    assert problem["detail"] == str(error)
    assert_problem(client.get("/readyz"), 503, error.code)
    assert client.get("/healthz").status_code == 200


def test_defects_are_logged_under_the_id_that_the_client_sees(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    secret = RuntimeError("SELECT password FROM /home/secret.py")
    client = create_app(Failing(secret), settings).test_client()  # type: ignore[arg-type]
    problem = assert_problem(client.get(PARTNERS), 500, "internal")
    assert "password" not in str(problem)
    assert problem["request_id"] in caplog.text
    assert "SELECT password" in caplog.text


def test_client_errors_are_not_logged_as_failures(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get(f"{PARTNERS}?k=0")
    assert not caplog.records


@pytest.mark.parametrize("code", PROBLEM_TYPES)
def test_every_problem_type_has_a_page(client: FlaskClient, code: str) -> None:
    response = client.get(f"/problems/{code}")
    assert response.status_code == 200
    assert PROBLEM_TYPES[code].title in response.text


def test_every_deliberate_error_has_a_problem_type() -> None:
    found = [error for error in vars(errors).values() if isinstance(error, type)]
    asked_by_python_alone = {MatcherError.code, errors.MissingPackageError.code}
    codes = {error.code for error in found if issubclass(error, MatcherError)}
    codes -= asked_by_python_alone
    assert len(codes) >= 7
    assert codes <= PROBLEM_TYPES.keys()


def test_browsers_get_a_page_and_programs_a_problem(client: FlaskClient) -> None:
    page = client.get("/clusters/xx-none", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert_problem(client.get("/clusters/xx-none"), 404, "cluster-not-found")
    api = client.get("/api/v1/clusters/xx-none", headers={"Accept": "text/html"})
    assert_problem(api, 404, "cluster-not-found")


def test_a_database_that_another_process_writes_to_is_told_at_once(
    own: Matcher, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRITE_SECONDS", 0)
    client = create_app(own, own_settings).test_client()
    headers = {"Authorization": f"Bearer {own.store.tokens.create('desk', ['staff'])}"}
    draft = {"a": KHARKIV, "b": "ro-cluj-it-cluster", "purpose": "A joint bid"}
    with closing(sqlite3.connect(own_settings.home / "matcher.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = client.post("/api/v1/introductions", json=draft, headers=headers)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
        assert refused.json["type"] == "/problems/store-unavailable"
        assert client.get("/api/v1/introductions", headers=headers).status_code == 200
        other.rollback()
    assert client.post("/api/v1/introductions", json=draft, headers=headers).status_code == 200
