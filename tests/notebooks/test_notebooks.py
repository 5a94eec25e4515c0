import json
import re
from importlib import import_module
from pathlib import Path
from shutil import copy

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
OFFLINE = "import pytest_socket; pytest_socket.disable_socket(allow_unix_socket=True)"
FETCHES = re.compile(r"""(?:src|href)\s*=\s*["'](?!data:|\#)|url\(\s*["']?(?!data:|\#)|@import""")
SOURCES = sorted(NOTEBOOKS.glob("[0-9]_*.py"))
by_name = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder to run in, so that nothing is written beside the notebooks."""
    folder = tmp_path_factory.mktemp("notebooks")
    copy(NOTEBOOKS / "your_clusters.csv", folder)
    return folder


@pytest.fixture(scope="session")
def build():
    """The script of the notebooks. What it imports takes seconds, in each process that tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(NOTEBOOKS)
        return import_module("build")


@pytest.fixture(autouse=True)
def home(monkeypatch, real_settings, real_matcher):
    monkeypatch.setenv("MATCHER_HOME", str(real_settings.home))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOKS.parent))


def test_there_are_six(build):
    assert build.sources() == SOURCES
    assert [source.stem[0] for source in SOURCES] == list("123456")


@by_name
def test_script_and_notebook_are_in_step(build, source):
    import nbformat

    stored = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    assert json.loads(nbformat.writes(stored)) == json.loads(
        nbformat.writes(build.notebook_of(source))
    ), "write it anew: python notebooks/build.py pair"
    assert not any(cell.get("outputs") for cell in stored.cells)


@by_name
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_runs_offline_and_becomes_a_page_that_fetches_nothing(build, source, folder):
    import nbformat

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
def test_prose_holds_no_typed_figures(build, source):
    """Percentages and decimals in prose must come from a cell."""
    cells = build.notebook_of(source).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert not re.findall(r"\d+(?:\.\d+)?\s?%", prose)
