"""The OpenAPI document tells the truth about the running application."""

import compileall
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance
from support import STAFF_OPERATIONS

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web import create_app

OPERATIONS = [
    "api_clusters",
    "api_cluster",
    "api_partners",
    "api_partners_of_draft",
    "api_pair",
    "api_readiness",
    "api_readiness_of_draft",
    "api_check_profiles",
    "api_template",
    "writes_import_profiles",
    "writes_list_imports",
    "writes_past_import",
    "writes_undo_import",
    "writes_join_clusters",
    "groups_api_build",
    "groups_api_build_for_draft",
    "groups_api_why_not_in",
    "groups_api_save",
    "groups_api_one",
    "calls_api_open_calls",
    *STAFF_OPERATIONS,
    "docs_healthz",
    "docs_readyz",
]
# Nothing that could be sent to these breaks their schema.
TAKES_ANYTHING = {
    "api_cluster",
    "api_readiness",
    "api_check_profiles",
    "writes_list_imports",
    "writes_past_import",
    "writes_undo_import",
    "groups_api_one",
    "groups_api_introductions",
    "groups_api_replacing",
    "calls_api_open_calls",
    "calls_api_enter_file",
    "calls_api_take_away",
    "introductions_introduction",
    "introductions_outcomes",
    "events_list_events",
    "events_event",
    "events_fill_event",
    "events_matches",
    "day_arrived",
    "jobs_list_jobs",
    "jobs_job",
    "jobs_cancel_job",
    "people_person",
    "people_erase_person",
    "people_import_people",
    "outbox_again",
    "outbox_bounced",
    "outbox_bounce_report",
    "docs_healthz",
    "docs_readyz",
}
# A group takes a second or two to build.
SLOW = {"groups_api_build", "groups_api_build_for_draft", "groups_api_why_not_in"}
# Rules in code, such as "exactly one of three fields", refuse data that the schema lets through.
NOT_PROMISED = [positive_data_acceptance]


@pytest.fixture(scope="module")
def app(small: tuple[Matcher, Settings]) -> Flask:
    return create_app(*small)


@pytest.fixture(scope="module")
def api_schema(app: Flask) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize(
    ("name", "mode"),
    [(name, GenerationMode.POSITIVE) for name in OPERATIONS]
    + [(name, GenerationMode.NEGATIVE) for name in OPERATIONS if name not in TAKES_ANYTHING],
)
def test_api_keeps_its_promises(api_schema: BaseSchema, name: str, mode: GenerationMode) -> None:
    cases = api_schema.find_operation_by_id(name).as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(
        max_examples=settings.default.max_examples // (7 if name in SLOW else 5),
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def every_answer_is_documented(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=NOT_PROMISED)

    every_answer_is_documented()


def test_the_list_of_operations_is_complete(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").json["paths"]
    found = {operation["operationId"] for path in paths.values() for operation in path.values()}
    assert found == set(OPERATIONS)


def test_every_api_route_is_documented(app: Flask, client: FlaskClient) -> None:
    paths = client.get("/openapi.json").json["paths"]
    routes = {
        re.sub(r"<(.*?)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert routes
    assert routes <= paths.keys()


def test_routes_with_a_scope_say_so(app: Flask, client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    scoped = {
        path: operation["security"]
        for path, item in document["paths"].items()
        for operation in item.values()
        if "security" in operation
    }
    words = ("introductions", "events", "feedback", "figures", "people", "jobs", "outbox", "calls")
    staff = (*(f"/api/v1/{word}" for word in (*words, "programme")), "/api/v1/groups/{group_key}/")
    imports = ("/api/v1/profiles:import", "/api/v1/imports", "/api/v1/clusters:join")

    def scope(path: str) -> str:
        if path.startswith(imports):
            return "import"
        return "check-in" if "/arrivals" in path else "staff"

    assert scoped == {
        path: [{"token": [scope(path)]}]
        for path in document["paths"]
        if path.startswith((*imports, *staff))
    }
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_page_to_try_it_shows_every_route(client: FlaskClient) -> None:
    page = client.get("/docs").text
    for path in client.get("/openapi.json").json["paths"]:
        assert f"<code>{path}</code>" in page


@pytest.fixture(scope="module")
def document(app: Flask) -> dict:
    return app.test_client().get("/openapi.json").json


def test_titles_are_unique_and_names_show_nothing_of_our_modules(document: dict) -> None:
    schemas = document["components"]["schemas"]
    titles = [schema["title"] for schema in schemas.values()]
    assert len(set(titles)) == len(titles)
    assert [name for name in schemas if "__" in name] == []


def test_a_generated_client_compiles_and_has_all_models(document: dict, tmp_path: Path) -> None:
    source, options = tmp_path / "openapi.json", tmp_path / "options.yml"
    source.write_text(json.dumps(document))
    options.write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
            *("--path", source, "--config", options, "--output-path", tmp_path / "client"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "schema" not in "".join(re.findall(r"^(?:Unable|Attempted).*$", made.stdout, re.M))
    assert compileall.compile_dir(tmp_path / "client", quiet=1)
    models = ", ".join(document["components"]["schemas"])
    subprocess.run(
        [sys.executable, "-c", f"from client.models import {models}"], cwd=tmp_path, check=True
    )
