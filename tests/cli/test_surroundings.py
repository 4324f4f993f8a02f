"""The same bytes wherever a study is run: no compiler, no home, strange umask, strange folder."""

from __future__ import annotations

import os
import shutil
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
        "a umask that forbids everything": run(tmp_path / "c", "study.yaml", umask=0o777),
        "spaces and letters": run(tmp_path / "my study – 研究 é" / "d", "мой план.yaml"),
        "C": run(tmp_path / "e", "study.yaml", LC_ALL="C", TZ="Asia/Tokyo"),
    }
    for name, found in other.items():
        assert found == usual, name
    made = tmp_path / "c" / "out of study.yaml"
    assert [path.stat().st_mode & 0o777 for path in (made, made / "runs.parquet")] == [0o700, 0o600]


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be closed that way on Windows")
@pytest.mark.parametrize(
    "command", ["run", "report", "rerun", "cite", "show", "check", "observe", "simulate"]
)
def test_a_closed_folder_ends_in_one_message(command: str, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    words = [sys.executable, "-m", "cosim", command, str(closed / "study.yaml")]
    if os.geteuid() == 0:  # root may open everything, unless it gives that up
        if shutil.which("setpriv") is None:
            pytest.skip("this root cannot give up its rights")
        words = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *words]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "closed" in done.stderr
    assert "Traceback" not in done.stderr
