"""The routes for staff keep the promises of the OpenAPI document, asked with a token."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from support import STAFF_OPERATIONS, job_ended

from matcher.config import Settings
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import propose
from matcher.matcher import Matcher
from matcher.web import create_app
from matcher.web.http.context import today

# Rules in code refuse data that the schema lets through; each case carries the same good token.
NOT_PROMISED = [positive_data_acceptance, ignored_auth]


@pytest.fixture(scope="module")
def served(small: tuple[Matcher, Settings]) -> Iterator[tuple[Flask, dict[str, str]]]:
    store = small[0].store
    first = propose("ua-lviv-it-cluster", "pl-infotech", purpose="A bid", on=today())
    Desk(store.database).introductions.add(first)
    token = store.tokens.create("desk", ["staff"])
    app, headers = create_app(*small), {"Authorization": f"Bearer {token}"}
    yield app, headers
    wait_for_jobs(app.test_client(), headers)


def wait_for_jobs(client: FlaskClient, headers: dict[str, str]) -> None:
    """Wait until nothing is under way: the database is closed next."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        listed = client.get("/api/v1/jobs", headers=headers).json["jobs"]
        if all(job["state"] in ("done", "failed") for job in listed):
            return
        time.sleep(0.05)
    raise AssertionError(f"still at work: {listed}")


@pytest.fixture(scope="module")
def schema(served: tuple[Flask, dict[str, str]]) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", served[0])


def test_the_examples_of_the_document_work(served: tuple[Flask, dict[str, str]]) -> None:
    client, headers = served[0].test_client(), served[1]
    paths = client.get("/openapi.json").json["paths"]

    def send(path: str, address: str | None = None, tag: str = "") -> Any:
        example = paths[path]["post"]["requestBody"]["content"]["application/json"]["example"]
        sent = {**headers, "If-Match": tag} if tag else headers
        answer = client.post(address or path, json=example, headers=sent)
        assert answer.status_code in (200, 202), answer.text
        return answer

    draft = send("/api/v1/introductions")
    address = f"/api/v1/introductions/{draft.json['id']}/moves"
    send("/api/v1/introductions/{introduction_id}/moves", address, draft.headers["ETag"])
    plan = job_ended(client, send("/api/v1/introductions:plan"), headers)["result"]
    assert plan["introductions"]
    why = job_ended(client, send("/api/v1/introductions:why-not"), headers)["result"]
    assert why["sentences"]
    made = job_ended(client, send("/api/v1/introductions:draft"), headers)["result"]
    assert [one["reason"] for one in made["left_out"]] == ["conflict"]
    assert send("/api/v1/introductions:briefs").data.startswith(b"PK")
    assert send("/api/v1/events:slots").json["slots"]
    event = send("/api/v1/events")
    address = f"/api/v1/events/{event.json['event']['id']}/schedule"
    begun = send("/api/v1/events/{event_id}/schedule", address, event.headers["ETag"])
    assert job_ended(client, begun, headers)["result"]["schedule"] == "provisional"
    send("/api/v1/feedback")
    person = f"/api/v1/people/{send('/api/v1/people').json['id']}"
    send("/api/v1/people/{person_id}/consents", f"{person}/consents")
    send("/api/v1/people/{person_id}/withdrawals", f"{person}/withdrawals")


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        (name, mode)
        for name in STAFF_OPERATIONS
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        if (name, mode)
        != ("events_fill_event", GenerationMode.NEGATIVE)  # a file may hold anything
    ],
)
def test_staff_routes_keep_their_promises(
    schema: BaseSchema, served: tuple[Flask, dict[str, str]], name: str, mode: GenerationMode
) -> None:
    _, headers = served
    operation = schema.find_operation_by_id(name)
    cases = operation.as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(
        max_examples=settings.default.max_examples // 5,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def every_answer_is_documented(case: Any) -> None:
        case.call_and_validate(headers=headers, excluded_checks=NOT_PROMISED)

    every_answer_is_documented()
