"""What a command loads before it answers: a library that it does not need makes everybody wait.

How long it takes is measured by `python -m experiments.benchmark answers`, never in a test.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from experiments.benchmarks.commands import ANSWERS

LIBRARIES = {
    "numba",
    "llvmlite",
    "pandas",
    "pyarrow",
    "matplotlib",
    "mesa",
    "networkx",
    "SALib",
    "dask",
    "jinja2",
}
SCIENCE = {"numpy", "scipy", "scipy.stats"}
NOT_NEEDED = {
    "--help": LIBRARIES | SCIENCE | {"pydantic", "ruamel.yaml"},
    "check a study": LIBRARIES,
    "show": LIBRARIES | SCIENCE,
    "catalogue": LIBRARIES | SCIENCE,
    "cite": LIBRARIES | SCIENCE,
    "interventions": LIBRARIES | SCIENCE | {"pydantic"},
    "simulate 2 projects": {"scipy.stats", "matplotlib", "mesa", "networkx", "SALib", "dask", "jinja2"},
}
PROGRAM = """
import contextlib, io, json, sys
from cosim.cli import main
with contextlib.redirect_stdout(io.StringIO()) as out:
    try:
        main(sys.argv[1:])
    except SystemExit as end:
        assert not end.code, end.code
print(json.dumps([len(out.getvalue()), sorted(sys.modules)]))
"""


def after(words):
    """Return how much a command answered, and the modules that it has loaded."""
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=True
    )
    letters, modules = json.loads(found.stdout)
    return letters, set(modules)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_command_loads_only_what_it_needs(name):
    letters, modules = after(ANSWERS[name])
    assert letters > 100
    assert not NOT_NEEDED[name] & modules


def test_every_answer_has_its_list():
    assert set(NOT_NEEDED) == set(ANSWERS)


def test_import_cosim_loads_no_library():
    program = "import sys, cosim; print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    wanted = LIBRARIES | SCIENCE | {"pydantic", "ruamel.yaml", "click"}
    assert not [name for name in wanted if f"'{name}'" in loaded]
