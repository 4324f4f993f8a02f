"""The notebooks of docs/notebooks run from the first cell to the last, and print what stands in them.

``pytest tests/documents/test_notebooks.py --update-reference`` runs them and keeps what they print and draw.
"""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "docs" / "notebooks"
NAMES = ("methodologist", "researcher", "teacher", "team")


def executed(name: str, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook in a folder of its own; return it with what it printed and drew."""
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    # The kernel must take this checkout's cosim, whichever environment the kernel is registered in.
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    inline = "module://matplotlib_inline.backend_inline"
    client.execute(env={**os.environ, "PYTHONPATH": path, "MPLBACKEND": inline})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
        # What goes to the stream for errors is about compiling and progress: other on every machine.
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    return notebook


def said(notebook: nbformat.NotebookNode) -> list[list[str]]:
    """What each code cell prints; of a figure only that there is one."""
    return [[_text(output) for output in cell.outputs] for cell in notebook.cells if cell.cell_type == "code"]


def _text(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    data = output.get("data", {})
    return "a figure" if "image/png" in data else str(data.get("text/plain", ""))


def test_there_is_one_for_each_kind_of_user():
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")) == sorted(NAMES)
    page = (NOTEBOOKS / "README.md").read_text(encoding="utf-8")
    assert all(f"({name}.ipynb)" in page for name in NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_prints_what_stands_in_it(name, tmp_path, request):
    made = executed(name, tmp_path)
    path = NOTEBOOKS / f"{name}.ipynb"
    if request.config.getoption("--update-reference"):
        nbformat.write(made, path)
    kept = nbformat.read(path, as_version=4)
    assert said(made) == said(kept), (
        "run it again: pytest tests/documents/test_notebooks.py --update-reference"
    )
    assert any(any(outputs) for outputs in said(kept))
    assert path.stat().st_size < 200_000
