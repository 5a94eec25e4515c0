"""The threat model names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "threat-model.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def named() -> list[tuple[str, str]]:
    return _NAMED.findall(PAGE.read_text(encoding="utf-8"))


def test_every_named_test_exists() -> None:
    assert len(named()) > 30
    missing = [
        f"{file}::{name}"
        for file, name in named()
        if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_threat_has_a_proof() -> None:
    part = PAGE.read_text(encoding="utf-8").partition("## Threats")[2].partition("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    assert [row for row in rows if not _NAMED.search(row)] == []


def test_the_page_for_reports_leads_to_it() -> None:
    assert "(docs/threat-model.md)" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(SECURITY.md)" in readme
