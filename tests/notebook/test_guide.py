import re
from pathlib import Path

import matplotlib as mpl
import pytest

from matcher.config import PROJECT_DIR, get_settings

GUIDE = Path(PROJECT_DIR / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def at_home(monkeypatch, real_settings, real_matcher, tmp_path):
    """The guide's own words open the prepared home; what it writes goes elsewhere."""
    monkeypatch.setenv("MATCHER_HOME", str(real_settings.home))
    get_settings.cache_clear()
    (tmp_path / "notebooks").mkdir()
    example = PROJECT_DIR / "notebooks" / "your_clusters.csv"
    (tmp_path / "notebooks" / example.name).write_bytes(example.read_bytes())
    monkeypatch.chdir(tmp_path)
    with mpl.rc_context():
        mpl.use("agg")
        yield tmp_path
    mpl.pyplot.close("all")
    get_settings.cache_clear()


@pytest.mark.model
def test_the_guide_runs_from_top_to_bottom(at_home, few_judged):
    assert len(BLOCKS) > 8
    names = {}
    for block in BLOCKS:
        exec(compile(block, "docs/python.md", "exec"), names)
    assert names["intercept"] == pytest.approx(names["pairs"].model.intercept, abs=1e-3)
    assert len(names["pairs"]) > 80_000
    assert (at_home / "notebooks" / "figures" / "completeness.svg").exists()


def test_the_guide_lists_every_notebook():
    stems = {path.stem for path in (PROJECT_DIR / "notebooks").glob("[0-9]_*.py")}
    assert stems == set(re.findall(r"`(\d_\w+)`", GUIDE))
