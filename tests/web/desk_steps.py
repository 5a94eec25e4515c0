"""Steps that the tests of pages in a real browser share."""

from pathlib import Path
from typing import Any

import pytest

PATIENCE = 30_000
"""Milliseconds that a page may take on a busy machine."""


def enter(window: Any, token: str, address: str = "/staff") -> None:
    """Open a page of the desk and give the token."""
    window.goto(address)
    window.locator("#token").fill(token)
    window.locator("#enter button").click()


def make_plan(window: Any) -> None:
    """Create the plan of what is chosen on the planning page, and wait for it."""
    window.get_by_role("button", name="Create the plan").click()
    window.locator("#go:not([disabled])").wait_for(timeout=60_000)
    window.locator("#result").wait_for()


def fits(window: Any) -> bool:
    """Whether the page, once all of it is there, is no wider than the screen."""
    window.wait_for_load_state()
    return bool(window.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def assert_nothing_serious(window: Any) -> None:
    """axe finds nothing serious in the page as it stands, and it fits the screen."""
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    window.evaluate(script)
    result = window.evaluate("axe.run({resultTypes: ['violations']})")
    grave = [one for one in result["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == []
    assert fits(window)
