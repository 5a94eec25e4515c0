"""Pair, run and export the notebooks.

Each notebook is written as a script in percent format, which is what one edits and reviews; the
`.ipynb` beside it is the same without outputs.

    python notebooks/build.py pair    write the .ipynb files from the scripts
    python notebooks/build.py html    run all notebooks and write html/*.html and figures/*
"""

import re
import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode

FOLDER = Path(__file__).parent
_TIMEOUT = 300
_LOADERS = ("mathjax_url", "require_js_url", "jquery_url", "mermaid_js_url", "widget_renderer_url")
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)


def sources() -> list[Path]:
    """The scripts, in reading order."""
    return sorted(FOLDER.glob("[0-9]_*.py"))


def notebook_of(source: Path) -> NotebookNode:
    """The notebook of a script: no outputs, cells numbered, so that it is always the same."""
    notebook = jupytext.read(source)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    notebook.metadata = {
        "jupytext": {"formats": "ipynb,py:percent"},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def notebook_title(notebook: NotebookNode) -> str:
    """The first heading."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return text.splitlines()[0].lstrip("# ")


def run(notebook: NotebookNode, folder: Path) -> None:
    """Run all cells from top to bottom in a fresh kernel that works in the folder."""
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=_TIMEOUT, resources=resources).execute()


def to_html(notebook: NotebookNode) -> str:
    """One page that holds everything: pictures are embedded, scripts left out, nothing fetched."""
    title = notebook_title(notebook)
    exporter = HTMLExporter(embed_images=True, **dict.fromkeys(_LOADERS, ""))
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    return _SCRIPT.sub("", page)


def write_pairs() -> None:
    """Write each notebook beside its script."""
    for source in sources():
        nbformat.write(notebook_of(source), source.with_suffix(".ipynb"))


def write_html() -> None:
    """Run every notebook and write its page."""
    target = FOLDER / "html"
    target.mkdir(exist_ok=True)
    for source in sources():
        notebook = notebook_of(source)
        run(notebook, FOLDER)
        page = target / f"{source.stem}.html"
        page.write_text(to_html(notebook), encoding="utf-8")
        print(f"{page.relative_to(FOLDER.parent)}")


if __name__ == "__main__":
    {"pair": write_pairs, "html": write_html}[sys.argv[1]]()
