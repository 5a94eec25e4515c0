"""Long work beside the requests: 202, progress, results, failures, the end of the process."""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from postgres import wait_for
from support import job_ended
from taking_part import browser, sign_in

from matcher.accounts.accounts import Accounts
from matcher.config import Settings
from matcher.errors import InvalidInputError
from matcher.matcher import Matcher
from matcher.web import create_app
from matcher.web.api import plans as plans_api
from matcher.web.api import schedules as schedules_api
from matcher.web.http import work

EVENT = {
    "id": "small",
    "title": "Small",
    "zone": "Europe/Brussels",
    "slots": [
        {"id": "1", "start": "2026-11-12T09:00:00+01:00", "end": "2026-11-12T09:25:00+01:00"},
        {"id": "2", "start": "2026-11-12T09:30:00+01:00", "end": "2026-11-12T09:55:00+01:00"},
    ],
    "places": [{"id": "t1", "name": "Table 1"}],
    "participants": [{"id": key, "name": key.upper()} for key in ("a", "b", "c")],
    "wishes": [{"by": "a", "about": "b", "kind": "meet"}],
}
SCHEDULE = "/api/v1/events/small/schedule"


@pytest.fixture
def app(own: Matcher, own_settings: Settings) -> Flask:
    return create_app(own, own_settings)


@pytest.fixture
def headers(app: Flask, own: Matcher) -> dict[str, str]:
    """A token of staff; the event is there."""
    headers = {"Authorization": f"Bearer {own.store.tokens.create('desk', ['staff'])}"}
    assert app.test_client().post("/api/v1/events", json=EVENT, headers=headers).status_code == 200
    return headers


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Scheduling begins when the gate is opened; until then it has told how far it is."""
    gate, plan = threading.Event(), schedules_api.schedule

    def waiting(*args: Any, progress: Callable[..., None], **options: Any) -> Any:
        progress(0.4, "improving the choice", 0.07)
        assert gate.wait(30)
        return plan(*args, progress=progress, **options)

    monkeypatch.setattr(schedules_api, "schedule", waiting)
    yield gate
    gate.set()


def begin(app: Flask, headers: dict[str, str], version: int = 1, **wish: object) -> Any:
    tagged = {**headers, "If-Match": f'"{version}"'}
    return app.test_client().post(SCHEDULE, json={"seconds": 0.1, **wish}, headers=tagged)


def test_a_job_tells_how_far_it_is_while_requests_are_answered(
    app: Flask, headers: dict[str, str], gate: threading.Event
) -> None:
    client, begun = app.test_client(), begin(app, headers)
    assert begun.status_code == 202
    address = begun.headers["Location"]
    assert address == f"/api/v1/jobs/{begun.json['id']}"
    assert (begun.json["action"], begun.json["detail"]) == ("schedule event", "small")

    def told() -> tuple[Any, ...]:
        job = client.get(address, headers=headers).json
        return tuple(job[name] for name in ("state", "share", "message", "gap"))

    wait_for(
        lambda: told() == ("running", 0.4, "improving the choice", 0.07),
        "the job tells how far it is",
    )
    assert client.get("/api/v1/events/small", headers=headers).json["schedule"] is None
    gate.set()
    job = job_ended(client, begun, headers)
    assert (job["state"], job["share"], job["problem"]) == ("done", 1, None)
    assert (job["result"]["version"], job["result"]["schedule"]) == (2, "provisional")
    listed = client.get("/api/v1/jobs", headers=headers).json["jobs"]
    assert [(one["id"], one["state"], one["result"]) for one in listed] == [
        (job["id"], "done", None)
    ]


def test_jobs_of_one_process_take_turns_and_see_what_has_changed(
    app: Flask, headers: dict[str, str], gate: threading.Event
) -> None:
    client = app.test_client()
    first = begin(app, headers)
    wait_for(
        lambda: client.get(first.headers["Location"], headers=headers).json["share"] > 0,
        "the job has begun",
    )
    second = begin(app, headers)
    assert client.get(second.headers["Location"], headers=headers).json["state"] == "waiting"
    gate.set()
    assert job_ended(client, first, headers)["state"] == "done"
    late = job_ended(client, second, headers)
    assert late["state"] == "failed"
    assert (late["problem"]["type"], late["problem"]["status"]) == ("/problems/conflict", 409)
    assert "version 2" in late["problem"]["detail"]
    assert late["problem"]["request_id"] == second.headers["X-Request-Id"]


def test_what_can_be_refused_at_once_is_no_job(app: Flask, headers: dict[str, str]) -> None:
    assert begin(app, headers, version=7).status_code == 412
    assert begin(app, headers, cancel=["ghost"]).status_code == 422
    assert begin(app, headers, seconds=99).status_code == 422
    assert app.test_client().get("/api/v1/jobs", headers=headers).json == {"jobs": []}


@pytest.mark.parametrize(
    ("error", "kind"),
    [(InvalidInputError("It cannot be."), "invalid-input"), (ZeroDivisionError("x"), "internal")],
)
def test_whatever_breaks_is_told_and_logged(
    app: Flask,
    headers: dict[str, str],
    own: Matcher,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    kind: str,
) -> None:
    def breaks(*args: Any, **options: Any) -> Any:
        raise error

    monkeypatch.setattr(schedules_api, "schedule", breaks)
    job = job_ended(app.test_client(), begin(app, headers), headers)
    assert (job["state"], job["result"]) == ("failed", None)
    assert job["problem"]["type"] == f"/problems/{kind}"
    assert "ZeroDivision" not in str(job)
    entry = own.store.audit.last(1)[0]
    assert (entry.who, entry.action, entry.detail) == ("desk", "schedule event", "small")
    assert entry.outcome.startswith("failed")
    again = begin(app, headers, freeze=True)  # the thread goes on after a failure
    assert job_ended(app.test_client(), again, headers)["state"] == "failed"


def test_the_end_of_the_process_fails_what_is_under_way(
    app: Flask, headers: dict[str, str], gate: threading.Event
) -> None:
    client, begun = app.test_client(), begin(app, headers)
    waiting = begin(app, headers)
    work.abandon(app)
    for one in (begun, waiting):
        job = client.get(one.headers["Location"], headers=headers).json
        assert (job["state"], job["problem"]["type"]) == ("failed", "/problems/job-lost")
        assert (job["problem"]["status"], job["result"]) == (503, None)
    gate.set()
    wait_for(lambda: not app.extensions[work.EXTENSION].unfinished(), "all jobs have ended")


def test_no_thread_stays_when_the_work_is_done(app: Flask, headers: dict[str, str]) -> None:
    before = threading.active_count()
    job_ended(app.test_client(), begin(app, headers), headers)
    wait_for(lambda: threading.active_count() <= before, "the threads have ended")


def test_signs_of_life_are_given_while_a_job_waits_and_runs(
    app: Flask, headers: dict[str, str], gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BREATH_SECONDS", 0.05)
    with app.app_context():
        jobs = work.current_jobs()
    keys = [begin(app, headers).json["id"] for _ in range(2)]
    before = {key: jobs.get(key).alive for key in keys}
    wait_for(
        lambda: all(jobs.get(key).alive > before[key] for key in keys),
        "the jobs give signs of life",
    )
    gate.set()
    wait_for(lambda: not app.extensions[work.EXTENSION].unfinished(), "all jobs have ended")


def test_jobs_are_for_staff_and_kept_by_nobody_on_the_way(
    app: Flask, headers: dict[str, str]
) -> None:
    begun = begin(app, headers)
    job_ended(app.test_client(), begun, headers)
    address = begun.headers["Location"]
    assert app.test_client().get(address).status_code == 401
    assert app.test_client().get(address, headers=headers).headers["Cache-Control"] == "no-store"
    for key in ("0", "x", "9" * 30):
        assert app.test_client().get(f"/api/v1/jobs/{key}", headers=headers).status_code == 404


def running(app: Flask, headers: dict[str, str]) -> Any:
    """A job that has begun and waits at the gate."""
    begun = begin(app, headers)
    address = begun.headers["Location"]
    wait_for(
        lambda: app.test_client().get(address, headers=headers).json["share"] > 0,
        "the job has begun",
    )
    return begun


def test_a_job_is_cancelled_while_it_waits_and_while_it_runs(
    app: Flask, headers: dict[str, str], gate: threading.Event, own: Matcher
) -> None:
    client, begun = app.test_client(), running(app, headers)
    waiting = begin(app, headers)
    for one in (waiting, begun):
        told = client.delete(one.headers["Location"], headers=headers)
        assert told.status_code == 200
        assert (told.json["state"], told.json["problem"]["type"]) == (
            "failed",
            "/problems/job-cancelled",
        )
    gate.set()
    wait_for(lambda: not app.extensions[work.EXTENSION].unfinished(), "both have ended")
    for one in (waiting, begun):
        job = client.get(one.headers["Location"], headers=headers).json
        assert (job["state"], job["problem"]["status"]) == ("failed", 409)
    assert client.get("/api/v1/events/small", headers=headers).json["schedule"] is None
    assert "cancel job" in {entry.action for entry in own.store.audit.last(9)}
    assert client.delete("/api/v1/jobs/999", headers=headers).status_code == 404


def test_jobs_end_with_their_token(
    app: Flask, headers: dict[str, str], gate: threading.Event, own: Matcher
) -> None:
    client, begun = app.test_client(), running(app, headers)
    waiting = begin(app, headers)
    own.store.tokens.revoke("desk")
    gate.set()
    other = {"Authorization": f"Bearer {own.store.tokens.create('desk', ['staff'])}"}
    for one in (begun, waiting):
        job = job_ended(client, one, other)
        assert (job["state"], job["problem"]["type"]) == ("failed", "/problems/job-cancelled")
        assert "token" in job["problem"]["detail"]
    assert client.get("/api/v1/events/small", headers=other).json["schedule"] is None


def test_a_job_that_runs_during_an_erasure_writes_no_word_of_the_person(
    app: Flask, headers: dict[str, str], own: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, begun, gate = app.test_client(), threading.Event(), threading.Event()
    propose = plans_api.propose

    def waiting(*args: Any, **options: Any) -> Any:
        begun.set()
        assert gate.wait(30)
        return propose(*args, **options)

    monkeypatch.setattr(plans_api, "propose", waiting)
    one, other = (cluster.id for cluster in own.clusters[:2])
    consent = {"purpose": "introduction", "given_by": "herself", "given_on": "2026-03-02"}
    person = {"cluster": one, "name": "Quintilia Testovska", "email": "q@staff.example.org"}
    added = client.post("/api/v1/people", json={**person, "consent": consent}, headers=headers)
    assert "id" in added.json, added.text
    draft = {"pairs": [[one, other]], "purpose": "Quintilia Testovska asks for it"}
    job = client.post("/api/v1/introductions:draft", json=draft, headers=headers)
    assert begun.wait(30)
    erased = client.post(f"/api/v1/people/{added.json['id']}/erasure", headers=headers)
    assert erased.status_code == 200, erased.text
    gate.set()
    wait_for(lambda: not app.extensions[work.EXTENSION].unfinished(), "the job has ended")
    told = client.get(job.headers["Location"], headers=headers).json
    assert (told["state"], told["result"]) == ("failed", None)
    assert told["problem"]["type"] == "/problems/job-cancelled"
    assert "erased" in told["problem"]["detail"]
    listed = client.get("/api/v1/introductions", headers=headers)
    assert "Testovska" not in listed.text + client.get("/api/v1/jobs", headers=headers).text
    assert listed.json["introductions"] == []


@pytest.fixture
def staff(app: Flask, own: Matcher) -> FlaskClient:
    """The browser of a member of staff who has signed in."""
    Accounts(own.store.database).add_staff("desk@staff.example.org")
    client = browser(app)
    sign_in(client, own, "desk@staff.example.org")
    return client


def test_who_has_signed_in_begins_jobs_and_cancels_them_without_a_script(
    app: Flask, headers: dict[str, str], gate: threading.Event, staff: FlaskClient
) -> None:
    tagged = {"If-Match": '"1"'}
    begun = [staff.post(SCHEDULE, json={"seconds": 0.1}, headers=tagged) for _ in range(2)]
    assert [one.status_code for one in begun] == [202, 202], begun[0].text
    cancels = [f"/staff/jobs/{one.json['id']}/cancel" for one in begun]
    for language, word in (("en", "Cancel"), ("ro", "Anulați"), ("uk", "Скасувати")):
        page = staff.get(f"/staff/jobs?lang={language}").text
        assert re.findall('action="(/staff/jobs/[^"?]+)', page) == cancels[::-1]
        assert page.count(f">{word}</button>") == 2
    other_site = {"Sec-Fetch-Site": "cross-site"}
    assert staff.post(cancels[0], headers=other_site).status_code == 403
    assert app.test_client().post(cancels[0]).status_code == 401
    for address in cancels:
        assert staff.post(address).headers["Location"] == "/staff/jobs"
    gate.set()
    wait_for(lambda: not app.extensions[work.EXTENSION].unfinished(), "both have ended")
    page = staff.get("/staff/jobs").text
    assert page.count("Failed") == 2
    assert "/cancel" not in page
    event = app.test_client().get("/api/v1/events/small", headers=headers).json
    assert event["schedule"] is None


def test_jobs_end_with_the_session_that_began_them(
    app: Flask, headers: dict[str, str], gate: threading.Event, staff: FlaskClient
) -> None:
    begun = staff.post(SCHEDULE, json={"seconds": 0.1}, headers={"If-Match": '"1"'})
    waiting = staff.post(SCHEDULE, json={"seconds": 0.1}, headers={"If-Match": '"1"'})
    assert staff.post("/sign-out").status_code == 303
    gate.set()
    for one in (begun, waiting):
        job = job_ended(app.test_client(), one, headers)
        assert (job["state"], job["problem"]["type"]) == ("failed", "/problems/job-cancelled")


def test_too_many_jobs_are_refused_with_the_time_to_wait(
    app: Flask,
    headers: dict[str, str],
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("matcher.store.jobs.MAX_OPEN", 2)
    assert [begin(app, headers).status_code for _ in range(3)] == [202, 202, 429]
    refused = begin(app, headers)
    assert refused.json["type"] == "/problems/too-many-requests"
    assert refused.headers["Retry-After"] == "30"


def test_the_worker_survives_whatever_happens_to_a_job(app: Flask, own: Matcher) -> None:
    def breaks() -> None:
        raise ZeroDivisionError

    worker, done = work.Worker(), threading.Event()
    with app.app_context():
        jobs = work.current_jobs()
    worker.submit(jobs, 1, breaks)
    worker.submit(jobs, 2, done.set)
    assert done.wait(30)
    wait_for(lambda: not worker.unfinished(), "all have ended")


def test_a_version_is_known_behind_apaches_mark(app: Flask, headers: dict[str, str]) -> None:
    marked = {**headers, "If-Match": '"1-gzip"'}
    begun = app.test_client().post(SCHEDULE, json={"seconds": 0.1}, headers=marked)
    assert begun.status_code == 202
    assert job_ended(app.test_client(), begun, headers)["state"] == "done"
