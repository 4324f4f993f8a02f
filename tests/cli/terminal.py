"""Runs `cosim` as a terminal would: what the tests of the command line share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from cosim.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent


def cosim(*words: str | Path) -> Result:
    """Run a command in this process; an unexpected exception is a failure of the test."""
    result = CliRunner().invoke(main, [str(word) for word in words], prog_name="cosim")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def cosim_process(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cosim", *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",  # the child may be told to write in another encoding
        check=False,
        env={**os.environ, **environment},
        cwd=ROOT,
    )


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: files with their bytes, folders with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def tables(folder: Path) -> dict[str, bytes]:
    """The bytes of a study's tables."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}
