"""The operator's guide names everything there is, and nothing that there is not."""

import configparser
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from matcher.cli import main
from matcher.config import Settings
from matcher.matching.query import MAX_K
from matcher.profiles.profile import MAX_ITEMS, MAX_PHRASES, DraftProfile
from matcher.store.tokens import SCOPES
from matcher.web.http.docs import Degraded
from matcher.web.http.jsonio import MAX_DEPTH
from matcher.web.http.problems import PROBLEM_TYPES

ROOT = Path(__file__).resolve().parents[2]
HEADS = {"Variable", "API", "Page", "Type", "Scope", "Metric", "Degraded part"}
GUIDE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
UNIT = (ROOT / "deploy/cluster-matcher.service").read_text(encoding="utf-8")
IMAGE = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Cells of all tables of a section."""
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", GUIDE, re.M | re.S)
    assert section, heading
    lines = [line for line in section[1].splitlines() if line.startswith("| ")]
    table = [[cell.strip().strip("`") for cell in line.strip("| ").split(" | ")] for line in lines]
    return [cells for cells in table if cells[0] not in HEADS]


def test_every_setting_is_there_with_its_default() -> None:
    found = {cells[0]: cells[1] for cells in rows("Settings")}
    assert found.keys() == {f"MATCHER_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, int | str):
            assert found[f"MATCHER_{name.upper()}"] == str(field.default)


def test_every_route_is_there(app: Flask) -> None:
    routes = {
        f"{method} " + re.sub(r"<(?:[^>]*:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {cells[0] for cells in rows("Routes")} == routes


def test_every_problem_is_there_with_its_status() -> None:
    found = {cells[0]: int(cells[1]) for cells in rows("Problems")}
    assert found == {f"/problems/{code}": kind.status for code, kind in PROBLEM_TYPES.items()}


def test_every_scope_is_there() -> None:
    assert {cells[0] for cells in rows("Tokens")} == set(SCOPES)


def test_every_metric_and_degraded_part_is_there(client: FlaskClient) -> None:
    parts = set(Degraded.model_json_schema()["properties"]["part"]["enum"])
    client.get("/healthz")
    metrics = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(client.get("/metrics").text)
        if family.name.startswith("matcher_") and not family.name.endswith("_created")
    }
    assert {cells[0] for cells in rows("Watching")} == parts | metrics


def test_the_limits_are_those_of_the_code() -> None:
    found = {cells[0]: cells[1] for cells in rows("Limits")}
    assert found["Nesting of JSON"] == f"{MAX_DEPTH} levels"
    assert found["Partners in one answer (`k`)"] == str(MAX_K)
    assert found["Entries of a list in a profile or filter"] == (
        f"{MAX_ITEMS}; of technologies, services, offers and seeks of a profile {MAX_PHRASES} each"
    )
    field = DraftProfile.model_json_schema()["properties"]["description"]["anyOf"][0]
    assert found["Text of a description"] == f"{field['maxLength']:,} characters"


def commands(page: str) -> set[tuple[str, str]]:
    """Each `matcher COMMAND WORD` in the code of a page; the word may be empty."""
    code = re.findall(r"^```.*?^```|`[^`\n]+`", page, re.M | re.S)
    call = r"(?:^|[`/(]|[$&;|]\s)matcher[ ]+([a-z][\w-]*)(?:[ ]+([a-z][\w-]*))?"
    return {found for part in code for found in re.findall(call, part, re.M)}


def unknown(page: str) -> list[tuple[str, str]]:
    """Commands that a page names and that do not exist."""
    return [
        (name, word)
        for name, word in sorted(commands(page))
        if name not in main.commands
        or (word and word not in getattr(main.commands[name], "commands", {word}))
    ]


def test_misspelt_commands_are_found() -> None:
    page = "`matcher serv` ``x``\n```console\n$ cd x && matcher token mint a\n```\nThe matcher did."
    assert unknown(page) == [("serv", ""), ("token", "mint")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    assert unknown(page.read_text(encoding="utf-8")) == []


def test_the_table_of_commands_is_complete() -> None:
    table = README.read_text(encoding="utf-8").split("| Command | What it does |")[1]
    named = re.findall(r"`matcher ([\w-]+)`", table.split("\n\n")[0])
    assert sorted(named) == sorted(main.commands)


@pytest.mark.parametrize("text", [GUIDE, UNIT, IMAGE], ids=["guide", "unit", "image"])
def test_variables_exist(text: str) -> None:
    used = set(re.findall(r"MATCHER_([A-Z_]+)", text))
    assert used <= {name.upper() for name in Settings.model_fields}


def test_the_image_starts_a_command_that_exists() -> None:
    command = re.search(r'^CMD \["matcher", "(\w+)"\]$', IMAGE, re.M)
    assert command and command[1] in main.commands


def test_the_unit_is_well_formed() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(UNIT)
    assert unit.sections() == ["Unit", "Service", "Install"]
    assert unit["Service"]["ExecStart"].endswith("/bin/matcher serve")


def test_the_image_copies_what_is_there() -> None:
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", IMAGE, re.M):
        for source in sources.split():
            if source != "README.md":
                assert (ROOT / source).exists(), source
