"""The layer keeps to itself: what it imports, when it imports it, and no global chance."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cosim.analysis

MODULES = sorted(Path(cosim.analysis.__file__).parent.glob("*.py"))
ALLOWED = (
    "cosim.analysis",
    "cosim.config.arguments",
    "cosim.errors",
    "numpy",
    "scipy",
    "pandas",
    *sys.stdlib_module_names,
)


def test_there_are_modules():
    assert len(MODULES) > 15


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_imports_stay_within_the_layer(path):
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    wrong = [name for name in names if not any(name == ok or name.startswith(f"{ok}.") for ok in ALLOWED)]
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_chance_has_a_seed(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np.random":
            assert node.attr in ("default_rng", "Generator"), f"{path.name}, line {node.lineno}"


def test_costly_libraries_are_imported_when_needed_only():
    names = ", ".join(f"cosim.analysis.{path.stem}" for path in MODULES if path.stem != "__init__")
    code = f"import sys, {names}; print([n for n in ('SALib', 'pymoo', 'matplotlib') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
