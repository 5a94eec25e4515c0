import json
import re
import sys
from pathlib import Path
from shutil import copy

import nbformat
import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))

import build  # noqa: E402

OFFLINE = "import pytest_socket; pytest_socket.disable_socket(allow_unix_socket=True)"
FETCHES = re.compile(r"""(?:src|href)\s*=\s*["'](?!data:|\#)|url\(\s*["']?(?!data:|\#)|@import""")
SOURCES = build.sources()
by_name = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder to run in, so that nothing is written beside the notebooks."""
    folder = tmp_path_factory.mktemp("notebooks")
    copy(NOTEBOOKS / "your_clusters.csv", folder)
    return folder


@pytest.fixture(autouse=True)
def home(monkeypatch, real_settings, real_matcher):
    monkeypatch.setenv("MATCHER_HOME", str(real_settings.home))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOKS.parent))


def test_there_are_six():
    assert [source.stem[0] for source in SOURCES] == list("123456")


@by_name
def test_script_and_notebook_are_in_step(source):
    stored = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    assert json.loads(nbformat.writes(stored)) == json.loads(
        nbformat.writes(build.notebook_of(source))
    ), "write it anew: python notebooks/build.py pair"
    assert not any(cell.get("outputs") for cell in stored.cells)


@by_name
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_runs_offline_and_becomes_a_page_that_fetches_nothing(source, folder):
    notebook = build.notebook_of(source)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(OFFLINE))
    build.run(notebook, folder)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [o.text for cell in code for o in cell.outputs if o.output_type == "stream"]
    assert any("text/markdown" in o.get("data", {}) for cell in code for o in cell.outputs)
    for name in re.findall(r'style\.save\(figure, "(\w+)"\)', source.read_text("utf-8")):
        for suffix in (".png", ".svg"):
            assert (folder / "figures" / f"{name}{suffix}").stat().st_size > 10_000
    page = build.to_html(notebook)
    assert f"<title>{build.notebook_title(notebook)}</title>" in page
    assert "<script" not in page
    assert not FETCHES.findall(page)


@by_name
def test_prose_holds_no_typed_figures(source):
    """Percentages and decimals in prose must come from a cell."""
    cells = build.notebook_of(source).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert not re.findall(r"\d+(?:\.\d+)?\s?%", prose)
