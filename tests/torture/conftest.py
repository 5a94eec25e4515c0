"""How much torture: a little in every run of the tests, all of it with ``TORTURE=long``.

What was tried is counted, and shown as a table at the end of a long run.
"""

import os

import pytest
from stage import Postgres, Sqlite, use_few_clusters

from matcher.matching import current

LONG = os.environ.get("TORTURE") == "long"
ROWS = []


@pytest.fixture(scope="session")
def long():
    """Whether this is the long run."""
    return LONG


@pytest.fixture(scope="session")
def ledger():
    """Notes a row of the table: what was tried, how often, and how it ended."""
    return lambda what, trials, lost, ends: ROWS.append((what, trials, lost, ends))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The folder of a few clusters, with which the product ships for as long as this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(current, "DATA_DIR", current.DATA_DIR)
        folder = tmp_path_factory.mktemp("shipped") / "data"
        use_few_clusters(folder)
        yield folder


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(request, shipped, tmp_path_factory):
    """Places on each engine in turn."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        return Sqlite(folder)
    return Postgres(folder, request.getfixturevalue("postgres").url("postgres"))


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
