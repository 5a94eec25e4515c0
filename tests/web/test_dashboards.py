"""The example dashboard and alert rules ask for metrics and labels that the service has."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from matcher.config import Settings

ROOT = Path(__file__).resolve().parents[2]
BOARD = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text(encoding="utf-8"))
(RULES,) = yaml.safe_load((ROOT / "deploy/prometheus-alerts.yml").read_text(encoding="utf-8"))[
    "groups"
]
OF_PROMETHEUS = {"instance", "job"}
"""Labels that Prometheus adds to what it scrapes."""


def board_expressions() -> list[str]:
    return [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]


def alert_expressions() -> list[str]:
    return [rule["expr"] for rule in RULES["rules"]]


@pytest.fixture(scope="module")
def labels(app: Any) -> dict[str, set[str]]:
    """Labels of each sample that the service gives once it has answered something."""
    client: FlaskClient = app.test_client()
    client.get("/healthz")
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def asked(expression: str) -> dict[str, set[str]]:
    """Samples in an expression, with the labels that choose among them."""
    found: dict[str, set[str]] = {}
    for name, chosen in re.findall(r"\b((?:matcher|process)_\w+)(?:\{([^}]*)\})?", expression):
        found.setdefault(name, set()).update(re.findall(r"(\w+)=", chosen))
    return found


@pytest.mark.parametrize("expression", [*board_expressions(), *alert_expressions()])
def test_metrics_and_labels_exist(labels: dict[str, set[str]], expression: str) -> None:
    samples = asked(expression)
    assert samples or expression.startswith("up{")
    there = set(OF_PROMETHEUS)
    for name, chosen in samples.items():
        assert name in labels
        assert chosen <= labels[name] | OF_PROMETHEUS
        there |= labels[name]
    for grouped in re.findall(r"\bby \(([^)]*)\)", expression):
        assert set(grouped.split(", ")) <= there


def test_every_metric_is_on_the_dashboard(labels: dict[str, set[str]]) -> None:
    shown = {name for expression in board_expressions() for name in asked(expression)}
    own = {name for name in labels if name.startswith("matcher_") and not name.endswith("_created")}
    histogram = {name for name in own if name.endswith(("_count", "_sum"))}
    assert own - histogram <= shown


def test_the_dashboard_is_laid_out_without_overlaps() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & taken, panel["title"]
        taken |= cells
    names = [panel["title"] for panel in BOARD["panels"]]
    assert len(set(names)) == len(names)


def test_every_alert_says_what_to_do() -> None:
    for rule in RULES["rules"]:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "description"}
        named = re.findall(r"MATCHER_([A-Z_]+)", rule["annotations"]["description"])
        assert {name.lower() for name in named} <= Settings.model_fields.keys()


def test_the_guide_names_both_files() -> None:
    guide = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for name in ("deploy/grafana-dashboard.json", "deploy/prometheus-alerts.yml"):
        assert f"`{name}`" in guide
