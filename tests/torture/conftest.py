"""How much torture: a little in every run of the tests, all of it with ``TORTURE=long``.

What was tried is counted, and shown as a table at the end of a long run.
"""

import os

import pytest

LONG = os.environ.get("TORTURE") == "long"
ROWS = []


@pytest.fixture
def long():
    """Whether this is the long run."""
    return LONG


@pytest.fixture
def ledger():
    """Notes a row of the table: what was tried, how often, and how it ended."""
    return lambda what, trials, lost, ends: ROWS.append((what, trials, lost, ends))


def pytest_terminal_summary(terminalreporter):
    if not LONG or not ROWS:
        return
    terminalreporter.section("torture")
    terminalreporter.line(f"{'what':<44}{'trials':>8}{'lost':>6}  ended")
    for what, trials, lost, ends in ROWS:
        told = ", ".join(f"{count} {how}" for how, count in ends.items() if count)
        terminalreporter.line(f"{what:<44}{trials:>8}{lost:>6}  {told}")
    total, lost = (sum(row[place] for row in ROWS) for place in (1, 2))
    terminalreporter.line(f"{'all':<44}{total:>8}{lost:>6}")
