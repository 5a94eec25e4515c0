"""Who may use which route, and what an import with a token does."""

import re
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.accounts.accounts import Accounts, account_of
from matcher.accounts.memberships import Memberships
from matcher.accounts.sessions import Sessions
from matcher.config import Settings
from matcher.errors import IndexBusyError
from matcher.matcher import Matcher
from matcher.store.tokens import SCOPES, Token
from matcher.web import create_app
from matcher.web.http.operations import documented_routes

Signed = tuple[Flask, dict[str, str]]
IMPORT = "/api/v1/profiles:import"
CSV = b"name,country,description\nNew Solar Cluster,UA,Makers of solar panels.\n"
BAD = CSV + b"Bad,XX,\n"

# Who may use a route; a new route must be entered here: anyone, the scope of a token, or a role.
ACCESS = {
    ("POST", IMPORT): "import",
    ("GET", "/api/v1/imports"): "import",
    ("GET", "/api/v1/imports/<import_id>"): "import",
    ("POST", "/api/v1/imports/<import_id>/undo"): "import",
    ("POST", "/api/v1/clusters:join"): "import",
    ("GET", "/api/v1/introductions"): "staff",
    ("POST", "/api/v1/introductions"): "staff",
    ("GET", "/api/v1/introductions/<introduction_id>"): "staff",
    ("POST", "/api/v1/introductions/<introduction_id>/moves"): "staff",
    ("GET", "/api/v1/introductions/<introduction_id>/brief"): "staff",
    ("GET", "/api/v1/introductions/<introduction_id>/letters"): "staff",
    ("POST", "/api/v1/introductions:move"): "staff",
    ("POST", "/api/v1/introductions:undo"): "staff",
    ("GET", "/api/v1/programme"): "staff",
    ("PUT", "/api/v1/programme"): "staff",
    ("POST", "/api/v1/introductions:send"): "staff",
    ("POST", "/api/v1/introductions:plan"): "staff",
    ("POST", "/api/v1/introductions:why-not"): "staff",
    ("POST", "/api/v1/introductions:draft"): "staff",
    ("POST", "/api/v1/introductions:briefs"): "staff",
    ("GET", "/api/v1/introductions:conversion"): "staff",
    ("GET", "/api/v1/events"): "staff",
    ("POST", "/api/v1/events"): "staff",
    ("POST", "/api/v1/events:slots"): "staff",
    ("GET", "/api/v1/events/<event_id>"): "staff",
    ("PUT", "/api/v1/events/<event_id>"): "staff",
    ("DELETE", "/api/v1/events/<event_id>"): "staff",
    ("POST", "/api/v1/events/<event_id>/tables"): "staff",
    ("GET", "/api/v1/events/<event_id>/matches"): "staff",
    ("POST", "/api/v1/events/<event_id>/identities"): "staff",
    ("POST", "/api/v1/events/<event_id>/schedule"): "staff",
    ("POST", "/api/v1/events/<event_id>/meetings"): "staff",
    ("GET", "/api/v1/events/<event_id>/openings"): "staff",
    ("POST", "/api/v1/events/<event_id>/notices"): "staff",
    ("GET", "/api/v1/events/<event_id>/badges"): "staff",
    ("GET", "/api/v1/events/<event_id>/arrivals"): "check-in",
    ("PUT", "/api/v1/events/<event_id>/arrivals/<participant_id>"): "check-in",
    ("GET", "/api/v1/events/<event_id>/why-not"): "staff",
    ("GET", "/api/v1/events/<event_id>/agendas"): "staff",
    ("GET", "/api/v1/events/<event_id>/agendas/<participant_id>"): "staff",
    ("GET", "/api/v1/feedback"): "staff",
    ("POST", "/api/v1/feedback"): "staff",
    ("GET", "/api/v1/figures"): "staff",
    ("GET", "/api/v1/jobs"): "staff",
    ("GET", "/api/v1/jobs/<job_id>"): "staff",
    ("DELETE", "/api/v1/jobs/<job_id>"): "staff",
    ("GET", "/api/v1/groups"): "anyone",
    ("POST", "/api/v1/groups:build"): "anyone",
    ("GET", "/api/v1/groups:why-not"): "anyone",
    ("POST", "/api/v1/groups"): "anyone",
    ("GET", "/api/v1/groups/<group_key>"): "anyone",
    ("GET", "/api/v1/groups/<group_key>/introductions"): "staff",
    ("POST", "/api/v1/groups/<group_key>/introductions"): "staff",
    ("GET", "/api/v1/groups/<group_key>/members/<cluster_id>/stand-ins"): "staff",
    ("POST", "/api/v1/groups/<group_key>/members"): "staff",
    ("GET", "/api/v1/calls"): "anyone",
    ("POST", "/api/v1/calls"): "staff",
    ("POST", "/api/v1/calls:import"): "staff",
    ("DELETE", "/api/v1/calls/<call_id>"): "staff",
    ("GET", "/groups"): "anyone",
    ("POST", "/groups"): "anyone",
    ("GET", "/groups/<group_key>"): "anyone",
    ("GET", "/groups/<group_key>/brief.pdf"): "anyone",
    ("GET", "/staff/groups/<group_key>"): "staff who signed in",
    ("POST", "/staff/groups/<group_key>"): "staff who signed in",
    ("POST", "/staff/groups/<group_key>/members"): "staff who signed in",
    ("GET", "/calls"): "anyone",
    ("POST", "/staff/calls"): "staff who signed in",
    ("POST", "/staff/calls/file"): "staff who signed in",
    ("POST", "/staff/calls/<call_id>/removal"): "staff who signed in",
    ("GET", "/api/v1/outbox"): "staff",
    ("POST", "/api/v1/outbox/<letter_id>/again"): "staff",
    ("POST", "/api/v1/outbox/<letter_id>/bounce"): "staff",
    ("POST", "/api/v1/outbox:bounces"): "staff",
    ("GET", "/sign-in"): "anyone",
    ("POST", "/sign-in"): "anyone",
    ("POST", "/sign-in/confirm"): "anyone",
    ("POST", "/sign-out"): "anyone",
    ("GET", "/account"): "an account",
    ("POST", "/account"): "an account",
    ("GET", "/account/data.json"): "an account",
    ("POST", "/account/delete"): "an account",
    ("GET", "/searches"): "an account",
    ("GET", "/clusters/<cluster_id>/registration"): "anyone",
    ("GET", "/clusters/<cluster_id>/registration.docx"): "anyone",
    ("POST", "/searches/<search_id>"): "an account",
    ("POST", "/clusters/<cluster_id>/searches"): "an account",
    ("POST", "/clusters/<cluster_id>/opinions"): "an account",
    ("GET", "/clusters/<cluster_id>/claim"): "an account",
    ("POST", "/clusters/<cluster_id>/claim"): "an account",
    ("GET", "/register"): "an account",
    ("POST", "/register"): "an account",
    ("GET", "/introductions"): "an account",
    ("GET", "/introductions/ask"): "anyone",
    ("POST", "/introductions/ask"): "an account",
    ("GET", "/answer"): "anyone",
    ("POST", "/answer"): "anyone",
    ("GET", "/clusters/<cluster_id>/edit"): "an editor",
    ("POST", "/clusters/<cluster_id>/edit"): "an editor",
    ("POST", "/clusters/<cluster_id>/confirm"): "an editor",
    ("GET", "/clusters/<cluster_id>/profile.json"): "an editor",
    ("POST", "/clusters/<cluster_id>/visibility"): "an owner",
    ("POST", "/clusters/<cluster_id>/withdrawal"): "an owner",
    ("GET", "/clusters/<cluster_id>/people"): "an owner",
    ("POST", "/clusters/<cluster_id>/people"): "an owner",
    ("POST", "/clusters/<cluster_id>/people/<account_id>/removal"): "an owner",
    ("GET", "/staff/jobs"): "staff who signed in",
    ("POST", "/staff/jobs/<job_id>/cancel"): "staff who signed in",
    ("GET", "/staff/requests"): "staff who signed in",
    ("POST", "/staff/requests/<cluster_id>/<account_id>"): "staff who signed in",
    ("POST", "/staff/asks/<introduction_id>"): "staff who signed in",
    ("POST", "/clusters/<cluster_id>/versions/<version_id>"): "staff who signed in",
    ("GET", "/staff/events/<event_id>/guests"): "staff who signed in",
    ("POST", "/staff/events/<event_id>/guests"): "staff who signed in",
    ("GET", "/participant"): "anyone",
    ("POST", "/participant"): "anyone",
    ("GET", "/participant.ics"): "anyone",
    ("GET", "/unsubscribe"): "anyone",
    ("POST", "/unsubscribe"): "anyone",
    ("GET", "/staff/outbox"): "anyone",
    ("GET", "/api/v1/people"): "staff",
    ("POST", "/api/v1/people"): "staff",
    ("POST", "/api/v1/people:import"): "staff",
    ("GET", "/api/v1/people/<person_id>"): "staff",
    ("PUT", "/api/v1/people/<person_id>"): "staff",
    ("POST", "/api/v1/people/<person_id>/consents"): "staff",
    ("POST", "/api/v1/people/<person_id>/withdrawals"): "staff",
    ("POST", "/api/v1/people/<person_id>/erasure"): "staff",
    ("POST", "/api/v1/partners"): "anyone",
    ("POST", "/api/v1/profiles:check"): "anyone",
    ("GET", "/api/v1/profiles:template"): "anyone",
    ("POST", "/describe"): "anyone",
    ("GET", "/api/v1/clusters"): "anyone",
    ("GET", "/api/v1/clusters/<cluster_id>"): "anyone",
    ("GET", "/api/v1/clusters/<cluster_id>/partners"): "anyone",
    ("GET", "/api/v1/pairs/<a>/<b>"): "anyone",
    ("GET", "/"): "anyone",
    ("GET", "/find"): "anyone",
    ("GET", "/suggestions"): "anyone",
    ("GET", "/clusters"): "anyone",
    ("GET", "/clusters.<any(csv, xlsx):form>"): "anyone",
    ("GET", "/clusters/<cluster_id>"): "anyone",
    ("GET", "/clusters/<cluster_id>/partners"): "anyone",
    ("GET", "/describe"): "anyone",
    ("GET", "/drafts/<key>"): "anyone",
    ("POST", "/drafts/<key>"): "anyone",
    ("POST", "/drafts/<key>/delete"): "anyone",
    ("POST", "/upload"): "anyone",
    ("POST", "/readiness"): "anyone",
    ("POST", "/clusters/<cluster_id>/readiness"): "anyone",
    ("GET", "/clusters/<cluster_id>/partners.<any(csv, xlsx, json):form>"): "anyone",
    ("GET", "/clusters/<cluster_id>/readiness"): "anyone",
    ("GET", "/readiness"): "anyone",
    ("GET", "/pairs/<a>/<b>"): "anyone",
    ("GET", "/pairs/<a>/<b>/brief"): "anyone",
    ("GET", "/pairs/<a>/<b>/brief.<any(docx, pdf):form>"): "anyone",
    ("GET", "/compare"): "anyone",
    ("GET", "/shortlist"): "anyone",
    ("GET", "/shortlist.<any(csv, xlsx, json):form>"): "anyone",
    ("GET", "/landscape"): "anyone",
    ("GET", "/landscape/<a>/<b>"): "anyone",
    ("GET", "/sitemap.xml"): "anyone",
    ("GET", "/robots.txt"): "anyone",
    ("GET", "/about"): "anyone",
    ("GET", "/map.svg"): "anyone",
    ("GET", "/staff"): "anyone",
    ("GET", "/staff/plan"): "anyone",
    ("GET", "/staff/people"): "anyone",
    ("GET", "/staff/import"): "anyone",
    ("GET", "/staff/events"): "anyone",
    ("GET", "/staff/events/<event_id>"): "anyone",
    ("GET", "/staff/events/<event_id>/check-in"): "anyone",
    ("GET", "/board/<board_key>"): "anyone",
    ("GET", "/api/v1/clusters/<cluster_id>/readiness"): "anyone",
    ("POST", "/api/v1/readiness"): "anyone",
    ("GET", "/healthz"): "anyone",
    ("GET", "/readyz"): "anyone",
    ("GET", "/metrics"): "anyone",
    ("GET", "/openapi.json"): "anyone",
    ("GET", "/docs"): "anyone",
    ("GET", "/problems/<code>"): "anyone",
    ("GET", "/static/<path:filename>"): "anyone",
}


ROLES = {
    "an account": {"a stranger", "an editor", "an owner", "staff"},
    "an editor": {"an editor", "an owner", "staff"},
    "an owner": {"an owner"},
    "staff who signed in": {"staff"},
}
"""What a route needs -> who of those who have signed in may use it."""
KHARKIV = "ua-kharkiv-it-cluster"


@pytest.fixture(scope="module")
def cookies(small: tuple[Matcher, Settings]) -> Signed:
    """An application where a stranger, an editor, an owner and staff have signed in."""
    database = small[0].store.database
    held, sessions, found = Memberships(database), Sessions(database), {}
    with database.write() as connection:
        for role in ("a stranger", "an editor", "an owner", "staff"):
            email = f"{role.split()[-1]}@example.org"
            account = account_of(connection, email, "en")
            if role in ("an editor", "an owner"):
                kind = "editor" if role == "an editor" else "owner"
                held.invite(connection, email, KHARKIV, kind, "en")  # type: ignore[arg-type]
            found[role] = sessions.begin(connection, account)
    Accounts(database).add_staff("staff@example.org")
    return create_app(*small), found


ENDING = {"/account/delete", "/clusters/<cluster_id>/withdrawal"}
"""What would end those who are needed for the next route; `test_taking_part` has these."""


@pytest.mark.parametrize("who", ["a stranger", "an editor", "an owner", "staff"])
@pytest.mark.parametrize(
    ("method", "rule"),
    [key for key, who in ACCESS.items() if who in ROLES and key[1] not in ENDING],
)
def test_roles(cookies: Signed, method: str, rule: str, who: str) -> None:
    app, found = cookies
    client = app.test_client()
    client.set_cookie("session", found[who])
    headers = {"Sec-Fetch-Site": "same-origin"}
    with client.open(address(rule), method=method, headers=headers) as response:
        refused = response.status_code == 403 and "role-missing" in response.text
    may = who in ROLES[ACCESS[method, rule]]
    assert refused is (not may), (response.status_code, who)


@pytest.mark.parametrize("who", ["a stranger", "an editor", "an owner"])
def test_only_staff_use_the_api_of_staff_by_signing_in(cookies: Signed, who: str) -> None:
    app, found = cookies
    client = app.test_client()
    client.set_cookie("session", found[who])
    assert client.get("/api/v1/introductions").status_code == 401
    client.set_cookie("session", found["staff"])
    assert client.get("/api/v1/introductions").status_code == 200
    assert client.post("/api/v1/introductions", json={}).status_code == 403
    assert client.post(IMPORT, data=CSV, content_type="text/csv").status_code == 401


class OneToken:
    """A matcher whose store knows one token of each kind and nothing else."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self.store = self
        self.tokens = self
        self.database = matcher.store.database

    def __getattr__(self, name: str) -> Any:
        return getattr(self._matcher, name)

    def verify(self, text: str) -> Token | None:
        scopes = {"all": tuple(SCOPES), "none": tuple[str, ...]()}.get(text)
        return None if scopes is None else Token("0", text, scopes, "", None)


@pytest.fixture(scope="module")
def guarded(matcher: Matcher, settings: Settings) -> Flask:
    return create_app(OneToken(matcher), settings)  # type: ignore[arg-type]


@pytest.fixture
def writer(own: Matcher, own_settings: Settings) -> FlaskClient:
    return create_app(own, own_settings).test_client()


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def routes(app: Flask) -> list[tuple[str, str]]:
    return sorted(
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def address(rule: str) -> str:
    return re.sub(r"<.*?>", "ua-kharkiv-it-cluster", rule)


def test_every_route_has_its_row_and_every_row_its_route(guarded: Flask) -> None:
    assert set(routes(guarded)) == set(ACCESS)


@pytest.mark.parametrize(("method", "rule"), ACCESS)
def test_matrix(guarded: Flask, method: str, rule: str) -> None:
    client, needed = guarded.test_client(), ACCESS[method, rule]

    def status(headers: dict[str, str]) -> int:
        with client.open(address(rule), method=method, headers=headers) as response:
            return response.status_code

    attempts = {
        "no token": status({}),
        "another scheme": status({"Authorization": "Basic YTpi"}),
        "a bad token": status(bearer("guess")),
        "a token without scopes": status(bearer("none")),
        "a token with all": status(bearer("all")),
    }
    if needed == "anyone":
        assert not {401, 403} & set(attempts.values())
    elif needed in ROLES:
        assert set(attempts.values()) == {401}
    else:
        assert attempts.pop("a token with all") not in (401, 403)
        assert attempts.pop("a token without scopes") == 403
        assert set(attempts.values()) == {401}


def test_what_posts_without_a_token_is_meant_to(guarded: Flask) -> None:
    changes = {key: who for key, who in ACCESS.items() if key[0] != "GET"}
    assert {method for method, _ in changes} == {"POST", "PUT", "DELETE"}
    assert {rule for (_, rule), who in changes.items() if who == "anyone"} == {
        "/api/v1/groups",
        "/api/v1/groups:build",
        "/api/v1/partners",
        "/api/v1/profiles:check",
        "/api/v1/readiness",
        "/clusters/<cluster_id>/readiness",
        "/answer",
        "/describe",
        "/drafts/<key>",
        "/drafts/<key>/delete",
        "/groups",
        "/participant",
        "/readiness",
        "/sign-in",
        "/sign-in/confirm",
        "/sign-out",
        "/unsubscribe",
        "/upload",
    }


def test_every_scope_is_used_by_a_route_and_known_to_the_store(guarded: Flask) -> None:
    used = {operation.scope for _, operation in documented_routes(guarded)} - {None}
    assert used == set(SCOPES)


def test_refusals_say_what_is_missing(guarded: Flask) -> None:
    client = guarded.test_client()
    missing, bad, narrow = (
        client.post(IMPORT, headers=headers) for headers in ({}, bearer("guess"), bearer("none"))
    )
    assert missing.headers["WWW-Authenticate"] == 'Bearer realm="cluster matcher"'
    assert missing.json["type"] == bad.json["type"] == "/problems/token-required"
    assert "error=invalid_token" in bad.headers["WWW-Authenticate"]
    assert narrow.json["type"] == "/problems/scope-missing"
    assert "'import'" in narrow.json["detail"]
    assert "guess" not in bad.text


def test_an_import_is_served_at_once_and_entered_in_the_log(
    own: Matcher, writer: FlaskClient
) -> None:
    token = own.store.tokens.create("ministry", ["import"])
    before = writer.get("/api/v1/clusters?limit=1").json["total"]
    response = writer.post(IMPORT, data=BAD, content_type="text/csv", headers=bearer(token))
    answer = response.json
    assert response.status_code == 200
    assert (answer["added"], answer["changed"], answer["unchanged"]) == (1, 0, 0)
    assert (answer["rows"], len(answer["profiles"]), len(answer["problems"])) == (2, 1, 1)
    assert answer["generation"] == own.status().generation
    assert writer.get("/api/v1/clusters?limit=1").json["total"] == before + 1
    key = answer["profiles"][0]["id"]
    assert writer.get(f"/api/v1/clusters/{key}/partners?k=1&include_weak=true").json["partners"]
    (entry,) = own.store.audit.last(10)
    assert (entry.who, entry.action, entry.detail) == ("ministry", "import profiles", key)
    assert entry.outcome == "1 added, 0 changed, 0 unchanged"
    assert entry.request_id == response.headers["X-Request-Id"]
    again = writer.post(IMPORT, data=BAD, content_type="text/csv", headers=bearer(token)).json
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 1)


def test_check_and_import_report_alike(own: Matcher, writer: FlaskClient) -> None:
    token = own.store.tokens.create("ministry", ["import"])
    checked = writer.post("/api/v1/profiles:check", data=BAD, content_type="text/csv").json
    told = writer.post(IMPORT, data=BAD, content_type="text/csv", headers=bearer(token)).json
    assert {name: told[name] for name in checked} == checked


def test_strict_imports_all_or_nothing(own: Matcher, writer: FlaskClient) -> None:
    headers = bearer(own.store.tokens.create("ministry", ["import"]))
    before = own.status()
    response = writer.post(
        f"{IMPORT}?strict=true", data=BAD, content_type="text/csv", headers=headers
    )
    assert response.status_code == 422
    assert [error["where"] for error in response.json["errors"]] == ["line 3"]
    assert own.status() == before
    assert own.store.audit.last(10) == []
    good = writer.post(f"{IMPORT}?strict=true", data=CSV, content_type="text/csv", headers=headers)
    assert good.json["added"] == 1


def test_a_file_without_good_rows_changes_nothing(own: Matcher, writer: FlaskClient) -> None:
    headers = bearer(own.store.tokens.create("ministry", ["import"]))
    data = b"name,country\nBad,XX\n"
    answer = writer.post(IMPORT, data=data, content_type="text/csv", headers=headers).json
    assert (answer["added"], answer["rows"], len(answer["problems"])) == (0, 1, 1)
    assert own.store.audit.last(10) == []


def test_a_revoked_token_ends_with_the_next_request(own: Matcher, writer: FlaskClient) -> None:
    headers = bearer(own.store.tokens.create("ministry", ["import"]))
    assert writer.post(IMPORT, data=CSV, content_type="text/csv", headers=headers).json["added"]
    own.store.tokens.revoke("ministry")
    refused = writer.post(IMPORT, data=CSV, content_type="text/csv", headers=headers)
    assert refused.status_code == 401


def test_a_busy_index_is_told_and_logged(
    own: Matcher, writer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(progress: object = None) -> None:
        raise IndexBusyError("7")

    monkeypatch.setattr(own, "reindex", busy)
    headers = bearer(own.store.tokens.create("ministry", ["import"]))
    response = writer.post(IMPORT, data=CSV, content_type="text/csv", headers=headers)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert response.json["type"] == "/problems/index-busy"
    assert own.store.audit.last(1)[0].outcome == "failed: index-busy"


def test_imports_at_once_are_all_kept(own: Matcher, writer: FlaskClient) -> None:
    headers = bearer(own.store.tokens.create("ministry", ["import"]))
    app, answers = writer.application, []

    def send(number: int) -> None:
        data = f"name,country\nParallel Cluster {number},UA\n".encode()
        answers.append(
            app.test_client().post(IMPORT, data=data, content_type="text/csv", headers=headers)
        )

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.json.get("added") for answer in answers] == [1] * 4
    served = {cluster.name for cluster in own.clusters}
    assert {f"Parallel Cluster {number}" for number in range(4)} <= served
    assert {entry.outcome for entry in own.store.audit.last(9)} == {
        "1 added, 0 changed, 0 unchanged"
    }
