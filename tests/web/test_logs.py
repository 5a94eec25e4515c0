"""Logs: one JSON object a line, found by the request id, without what is nobody's business."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from flask.testing import FlaskClient
from pydantic import ValidationError

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.profiles.profile import DraftProfile
from matcher.web import create_app
from matcher.web.http.logs import JsonFormatter, configure, without_secrets

KHARKIV = "ua-kharkiv-it-cluster"
DRAFT = "draft-" + "Ab-_" * 5 + "yz"
TOKEN = "cmt-0123abcd-" + "x" * 43


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict]]]:
    """What the whole process logs meanwhile."""
    stream, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(JsonFormatter())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_each_request_is_a_line_that_its_id_finds(
    client: FlaskClient, lines: Callable[[], list[dict]]
) -> None:
    response = client.get(f"/api/v1/clusters/{KHARKIV}/partners?k=2&technology=secret-plan")
    (line,) = lines()
    assert line["request_id"] == response.headers["X-Request-Id"]
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["route"] == "/api/v1/clusters/<cluster_id>/partners"
    assert line["bytes"] == len(response.data)
    assert line["ms"] > 0
    assert "secret-plan" not in str(line)


@pytest.mark.parametrize("given", ["abcdef12", "A-b_c.1234", "x" * 64])
def test_a_good_id_is_taken_over(matcher: Matcher, settings: Settings, given: str) -> None:
    client = create_app(matcher, settings.model_copy(update={"trusted_proxies": 1})).test_client()
    response = client.get("/api/v1/clusters/xx-none", headers={"X-Request-ID": given})
    assert response.headers["X-Request-Id"] == response.json["request_id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f", "-abcdefgh", '"},{"a":"', "ä" * 9]
)
def test_a_bad_id_is_replaced(matcher: Matcher, settings: Settings, given: str) -> None:
    client = create_app(matcher, settings.model_copy(update={"trusted_proxies": 1})).test_client()
    response = client.get(
        "/healthz", headers={"X-Request-ID": given.encode("utf-8").decode("latin-1")}
    )
    assert len(response.headers["X-Request-Id"]) == 16


def test_nothing_that_was_written_or_is_secret_is_logged(
    client: FlaskClient, lines: Callable[[], list[dict]]
) -> None:
    secret = "Olena olena@example.org plans underwater looms"
    client.post("/api/v1/partners", json={"text": secret, "k": 1})
    client.post("/api/v1/partners", json={"profile": {"description": secret, "country": "XX"}})
    client.get("/find", query_string={"q": secret})
    client.get("/clusters/olena@example.org")
    client.get(f"/drafts/{DRAFT}")
    client.post("/api/v1/profiles:check", data=secret, content_type="text/csv")
    client.post("/api/v1/profiles:import", headers={"Authorization": f"Bearer {TOKEN}"})
    assert len(lines()) == 7
    for part in ("olena", "looms", "example.org", TOKEN, DRAFT):
        assert part not in str(lines())


class Failing:
    clusters = ()

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Callable[..., None]:
        def fail(*args: object, **kwargs: object) -> None:
            raise self.error

        return fail


def test_a_defect_is_told_by_place_and_type_not_by_the_users_words(
    settings: Settings, lines: Callable[[], list[dict]]
) -> None:
    with pytest.raises(ValidationError) as caught:
        DraftProfile(country="plans underwater looms")
    client = create_app(Failing(caught.value), settings).test_client()  # type: ignore[arg-type]
    response = client.get(f"/api/v1/clusters/{KHARKIV}")
    failure = next(line for line in lines() if line["level"] == "error")
    assert response.json["request_id"] in failure["message"]
    assert failure["error"][0].startswith("ValidationError: 1 validation error")
    assert any("test_logs.py" in place for place in failure["error"])
    assert "looms" not in str(failure)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail to a.b-c+d@example.org now", "mail to [e-mail] now"),
        (f"token {TOKEN}.", "token [token]."),
        ("Authorization: Bearer abc.def", "Authorization: [token]"),
        ("postgresql://user:pass@db/x", "postgresql://[password]/db/x"),
        ("nothing to hide at 5 pm", "nothing to hide at 5 pm"),
        ("олена@приклад.укр", "[e-mail]"),
    ],
)
def test_secrets_are_blotted_out(text: str, left: str) -> None:
    assert without_secrets(text) == left


def test_long_lines_take_no_longer_than_they_must() -> None:
    assert without_secrets("a" * 200_000 + "@" * 1000)


def test_configured_logs_are_json_and_quiet_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        for handler in handlers:
            root.removeHandler(handler)
        configure(Settings(log_level="warning"))
        logging.getLogger("matcher.requests").info("unseen")
        logging.getLogger("matcher").warning("seen")
    finally:
        root.handlers[:], level = handlers, root.setLevel(level)
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "seen"
