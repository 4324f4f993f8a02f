"""The command as its users meet it: how soon it answers, compiling, and a million projects in one run."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from experiments.benchmarks.timing import spread

COSIM = (sys.executable, "-m", "cosim")
MILLION = Path(__file__).with_name("million.yaml")
MIB = 2**20
IMPORTS = "cosim.cli.studies, cosim.studies.study, cosim.studies.team_model, pyarrow.parquet"


ANSWERS = {
    "--help": ("--help",),
    "check a study": ("check", "configs/which_interventions.yaml"),
    "show": ("show", "research_team"),
    "catalogue": ("catalogue",),
    "cite": ("cite", "research_team"),
    "interventions": ("interventions",),
    "simulate 2 projects": ("simulate", "research_team", "-n", "2"),
}
"""The commands that somebody waits for at the keyboard."""


def answers(repeats: int) -> dict[str, Any]:
    """Return seconds until a command has answered, the whole process, everything compiled.

    Returns
    -------
    dict
        For each command ``wall`` (by the clock on the wall) and ``processor`` (of the process and its
        children, in seconds; other work on the machine moves it less).
    """
    subprocess.run([*COSIM, "warm"], check=True, capture_output=True)
    found = {}
    for name, words in ANSWERS.items():
        taken: dict[str, list[float]] = {"wall": [], "processor": []}
        for _ in range(repeats):
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run([*COSIM, *words], check=True, capture_output=True)
            taken["wall"].append(time.perf_counter() - began)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            taken["processor"].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        found[name] = {clock: spread(seconds) for clock, seconds in taken.items()}
    return found


def compiling() -> dict[str, Any]:
    """Return how long it takes to compile the engine from nothing, and what the machine code needs."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        environment = {**os.environ, "COSIM_CACHE_DIR": folder}
        subprocess.run([*COSIM, "warm"], check=True, capture_output=True, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return {
        "wall s": time.perf_counter() - began,
        "processor s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "MiB": size / MIB,
    }


def million(workers: int = 2, every: float = 1.0) -> dict[str, Any]:
    """Run a million projects with `cosim run`, report and all; return time, and memory second by second."""
    folder = Path(tempfile.mkdtemp())
    words = ["run", str(MILLION), "--output", str(folder / "million"), "--workers", str(workers)]
    base = _resident(
        subprocess.Popen([sys.executable, "-c", f"import {IMPORTS}; print('ready'); input()"], **_PIPES)
    )
    began = time.perf_counter()
    run = subprocess.Popen([*COSIM, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds, memory = [], []
    try:
        while run.poll() is None:
            seconds.append(time.perf_counter() - began)
            memory.append(_memory(run.pid) / MIB)
            time.sleep(every)
        import pyarrow.parquet as pq

        rows = pq.read_metadata(folder / "million" / "runs.parquet").num_rows
        disk = sum(file.stat().st_size for file in (folder / "million").rglob("*") if file.is_file())
    finally:
        run.kill()
        shutil.rmtree(folder)
    return {
        "projects": rows,
        "workers": workers,
        "wall s": seconds[-1],
        "base MiB": base / MIB,
        "most MiB": max(memory),
        "disk MiB": disk / MIB,
        "at s": seconds,
        "MiB": memory,
    }


_PIPES: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}


def _resident(process: subprocess.Popen[str]) -> int:
    """Return what a process holds in memory once it says that it is ready, and end it."""
    assert process.stdout is not None
    process.stdout.readline()
    held = _memory(process.pid)
    process.communicate("\n")
    return held


def _memory(pid: int) -> int:
    """Return the resident memory of a process in bytes (Linux); 0 when it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
