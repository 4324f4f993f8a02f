"""The same bytes wherever a study is run: no compiler, no home, strange umask, strange folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import tables

pytestmark = pytest.mark.slow

CONFIG = """\
study: compare
scenario: research_team
interventions: [round_robin]
worlds: { count: 1 }
outcomes: [influence_gini]
replicates: 1
seed: 7
"""


def run(folder: Path, config: str, *, umask: int = 0o022, **surroundings: str) -> dict[str, bytes]:
    """Run the study in a process of its own, in `folder`; return the bytes of its tables."""
    folder.mkdir(parents=True)
    (folder / config).write_text(CONFIG, encoding="utf-8")
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-m", "cosim", "run", config, "--no-report", "--output", f"out of {config}"],
        capture_output=True, text=True, check=False, cwd=folder, umask=umask,
        env={**os.environ, "PYTHONPATH": root, **surroundings},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return tables(folder / f"out of {config}")


@pytest.mark.skipif(os.name == "nt", reason="there is no umask on Windows")
def test_the_same_bytes_in_all_surroundings(tmp_path: Path) -> None:
    usual = run(tmp_path / "usual", "study.yaml")
    assert {"runs.parquet", "people.parquet", "design.parquet"} <= set(usual)
    closed = tmp_path / "home"
    closed.mkdir(mode=0o555)
    other = {
        "no compiler": run(tmp_path / "a", "study.yaml", NUMBA_DISABLE_JIT="1"),
        "a home that cannot be written, no umask": run(
            tmp_path / "b", "study.yaml", umask=0, HOME=str(closed), NUMBA_DISABLE_JIT="1"
        ),
        "nothing may be read by others": run(
            tmp_path / "c", "study.yaml", umask=0o777 if os.geteuid() == 0 else 0o077
        ),
        "spaces and letters": run(tmp_path / "my study – 研究 é" / "d", "мой план.yaml"),
        "C": run(tmp_path / "e", "study.yaml", LC_ALL="C", TZ="Asia/Tokyo"),
    }
    for name, found in other.items():
        assert found == usual, name


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="whoever may write everything is not stopped"
)
def test_a_umask_that_forbids_everything_ends_in_one_message(tmp_path: Path) -> None:
    config = tmp_path / "study.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "cosim", "run", str(config), "--output", str(tmp_path / "out")],
        capture_output=True, text=True, check=False, cwd=tmp_path, umask=0o777,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
