"""Thirty kills at random moments, of the main process and of workers, and every table is the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from cosim.studies.rerun import check_files
from tests.execution.fakes import Blocky, toy_design
from tests.execution.studies import names, results, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs Unix signals"),
]

SCRIPT = """
import sys; from pathlib import Path
from cosim.execution.executors import local
from tests.execution.fakes import Blocky, toy_design
from tests.execution.studies import run
kind, path, resume = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "resume"
if __name__ == "__main__":
    toy = Blocky(seconds=0.01)
    run(toy_design(4, 50), toy, path, per_chunk=40, workers=local(kind, 2), resume=resume)
"""


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("calm")
    run(toy_design(4, 50), Blocky(), path, per_chunk=40)
    assert pd.read_parquet(path / "people.parquet")["replicates"].tolist() == [20, 20, 10] * 4
    return results(path)


def start(path: Path, kind: str) -> subprocess.Popen[bytes]:
    script = path.parent / "script.py"
    script.write_text(SCRIPT)
    how = "resume" if (path / "study.json").exists() else "new"
    return subprocess.Popen(
        [sys.executable, str(script), kind, str(path), how],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )


def wait_for(condition: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not condition() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)


def assert_whole(path: Path, calm: dict[str, bytes]) -> None:
    assert results(path) == calm
    assert names(path) == sorted([*calm, "manifest.json", "run.log", "study.json"])
    assert check_files(path).faults == ()


@pytest.mark.parametrize(
    ("kind", "kills", "longest"),
    [
        ("threads", 5, 0.5),
        pytest.param("threads", 16, 0.5, marks=pytest.mark.slow),
        pytest.param("processes", 5, 3.0, marks=pytest.mark.slow),
    ],
)
def test_kills_of_the_main_process(
    kind: str, kills: int, longest: float, calm: dict[str, bytes], tmp_path: Path
) -> None:
    rng, path, hits, studies = random.Random(30), tmp_path / "0", 0, 0
    while hits < kills:
        process = start(path, kind)
        wait_for((path / ".lock").exists, process)
        time.sleep(rng.uniform(0, longest))
        process.kill()
        process.wait()
        hits += process.returncode == -signal.SIGKILL
        if (path / "manifest.json").exists():
            studies += 1
            path = tmp_path / str(studies)
    if (path / "study.json").exists():
        assert start(path, kind).wait() == 0
        assert_whole(path, calm)
    for number in range(studies):
        run(toy_design(4, 50), Blocky(), tmp_path / str(number), per_chunk=40, resume=True)
        assert_whole(tmp_path / str(number), calm)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_kills_of_workers(seed: int, calm: dict[str, bytes], tmp_path: Path) -> None:
    psutil = pytest.importorskip("psutil")
    rng, path, hits = random.Random(seed), tmp_path / "out", 0
    process = start(path, "processes")

    def workers() -> list[object]:
        try:
            children = psutil.Process(process.pid).children()
            return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        except psutil.Error:
            return []

    wait_for(lambda: list(path.glob("parts/runs-*")), process)
    while hits < 3 and process.poll() is None:
        time.sleep(rng.uniform(0.1, 0.6))
        found = workers()
        if found and process.poll() is None:
            rng.choice(found).kill()  # type: ignore[attr-defined]
            hits += 1
    assert process.wait() == 0
    assert hits == 3, "all three kills hit a worker"
    assert_whole(path, calm)
