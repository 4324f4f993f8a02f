"""The compiled engine of this checkout against the first edition's, in turn, in one run.

The first edition is taken from git, so a clone with its whole history is needed.  Each edition lives in a
child process of its own, and the two measure by turns; each simulates its own default team, so that what is
compared is the price of a turn and not of a project.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from experiments.benchmarks.timing import spread

FIRST_EDITION = "7466652"
"""The last commit of the first edition."""

ROOT = Path(__file__).resolve().parents[2]
SIZES = {12: 400, 60: 40}
"""Members of the team, and the projects of one measurement."""

CHILD = """
import sys
from cosim import load_scenario
from experiments.benchmarks.engines import SCENARIO, TURNS
from experiments.benchmarks.scaling import processor_seconds, resized, resolve, run_compiled
for line in sys.stdin:
    size, count = map(int, line.split())
    plan, _ = resolve(resized(load_scenario(SCENARIO), size))
    turns = float(run_compiled(plan, range(count), 1, people=False).runs[:, TURNS].sum())
    print(1e9 * processor_seconds(lambda: run_compiled(plan, range(count), 1)) / turns, flush=True)
"""


class Edition:
    """A process that measures the cosim of one folder whenever it is asked."""

    def __init__(self, folder: Path) -> None:
        about = {**os.environ, "PYTHONPATH": str(folder)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", CHILD],
            cwd=folder,
            env=about,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, size: int, count: int) -> float:
        """Return nanoseconds of processor time a turn, in a team of `size`, over `count` projects."""
        print(size, count, file=_open(self._process.stdin), flush=True)
        answer = _open(self._process.stdout).readline()
        if not answer:
            raise RuntimeError(f"the process that measures an edition ended: {self._process.wait()}")
        return float(answer)

    def close(self) -> None:
        """End the process."""
        _open(self._process.stdin).close()
        _open(self._process.stdout).close()
        self._process.wait()


def editions(repeats: int) -> dict[str, Any]:
    """Return what a turn costs in both editions at each team size, and the ratio of this one to the first."""
    archive = subprocess.run(
        ["git", "-C", str(ROOT), "archive", "--format=tar", FIRST_EDITION], check=True, capture_output=True
    ).stdout
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        first, now = Edition(Path(folder)), Edition(ROOT)
        try:
            for size, count in SIZES.items():
                first.measure(size, count), now.measure(size, count)  # compile, fill the processor's caches
                pairs = [(first.measure(size, count), now.measure(size, count)) for _ in range(repeats)]
                rows.append(
                    {
                        "members": size,
                        "first ns a turn": spread([before for before, _ in pairs]),
                        "ns a turn": spread([after for _, after in pairs]),
                        "ratio": spread([after / before for before, after in pairs]),
                    }
                )
        finally:
            first.close()
            now.close()
    return {"commit": FIRST_EDITION, "rows": rows}


def _open(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
