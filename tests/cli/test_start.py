"""The command line starts quickly: nothing heavy is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
import time

import click
import pytest

from cosim.cli import COMMANDS, main
from tests.cli.terminal import cosim

HEAVY = (
    "numpy",
    "scipy",
    "pandas",
    "numba",
    "pyarrow",
    "mesa",
    "matplotlib",
    "pydantic",
    "ruamel",
    "dask",
    "solara",
)
SCRIPT = """
import sys
from click.testing import CliRunner
from cosim.cli import main
assert CliRunner().invoke(main, {words!r}).exit_code == 0
print(*sorted(name for name in {heavy!r} if name in sys.modules))
"""


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"]], ids=" ".join)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    script = SCRIPT.format(words=words, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_help_is_quick() -> None:
    # About 0.2 s; the limit is for a machine that is busy with other things.
    subprocess.run([sys.executable, "-m", "cosim", "--help"], capture_output=True, check=True)
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "cosim", "--help"], capture_output=True, check=True)
    assert time.perf_counter() - began < 3.0


def test_help_lists_every_command_with_a_whole_sentence() -> None:
    told = cosim("--help").stdout
    for name in COMMANDS:
        [line] = [line for line in told.splitlines() if line.split()[:1] == [name]]
        assert line.endswith(".")
        assert not line.endswith("...")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = cosim(name, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 4


def test_commands_are_found_by_their_module() -> None:
    assert isinstance(main, click.Group)
    found = [main.get_command(click.Context(main), name) for name in COMMANDS]
    assert all(isinstance(command, click.Command) for command in found)


def test_without_a_command_the_help_is_shown() -> None:
    result = cosim()
    assert "Commands:" in result.output
