"""What a study will take, before it is begun: runs, time, disk, memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cosim.execution.progress import duration
from cosim.execution.run_tables import write_parquet
from cosim.execution.tasks import Task, evaluate_task
from cosim.studies.memory import in_bytes, memory_of_report, memory_of_run, usable_memory
from cosim.studies.study import Study

_PROBE_SECONDS = 2.0
_MOST_POINTS = 64
# Far into some designs points are dear; the first so many stand for all.
_SPREAD_OVER = 65_536


@dataclass(frozen=True)
class Estimate:
    """An estimate from a small timed probe.

    Attributes
    ----------
    points, replicates, runs, parts : int
    seconds_per_run : float
        Of one worker.
    workers : int
    bytes_per_run : float
        On disk.
    memory, report_memory : float
        Bytes: of the run, and of its report.
    probed, failed : int
        Runs of the probe, and how many of them failed.
    further : mapping of str to int
        Design points that are there for one purpose, by what that is: ``for the null models``.
    """

    points: int
    replicates: int
    runs: int
    parts: int
    seconds_per_run: float
    workers: int
    bytes_per_run: float
    memory: float
    report_memory: float
    probed: int
    failed: int
    further: Mapping[str, int] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Time that the study will take."""
        return self.runs * self.seconds_per_run / self.workers

    @property
    def bytes(self) -> float:
        """Disk space of parts and final tables together, the most that is used at any time."""
        return 2 * self.runs * self.bytes_per_run

    def text(self) -> str:
        """Say it in a few lines."""
        lines = [
            f"{self.runs:,} runs: {self.points:,} design points x {self.replicates:,} "
            f"{'replicate' if self.replicates == 1 else 'replicates'}, in {self.parts:,} parts",
            *(f"  of these, {self.replicates * count:,} runs {told}" for told, count in self.further.items()),
            f"about {duration(self.seconds)} with {self.workers} workers "
            f"({1000 * self.seconds_per_run:.3g} ms a run, from {self.probed} runs)",
            f"about {in_bytes(self.bytes)} of disk at most",
            f"about {in_bytes(self.memory)} of memory, and {in_bytes(self.report_memory)} for the report",
        ]
        there = usable_memory()
        if there is not None and max(self.memory, self.report_memory) > there:
            what = "the study" if self.memory > there else "the report"
            lines.append(f"there are {in_bytes(there)} of memory here, too little for {what}")
        if self.failed:
            lines.append(f"{self.failed} of the {self.probed} runs of the probe failed")
        return "\n".join(lines)


def estimate(study: Study, workers: int) -> Estimate:
    """Time a few runs spread over the design; nothing is written to the output folder.

    Parameters
    ----------
    study : Study
    workers : int
        How many will work at once.
    """
    design, config = study.design, study.config
    points = design.points
    reach = min(len(points), _SPREAD_OVER)
    step = max(1, reach // _MOST_POINTS)
    spread = tuple(points[: min(reach, step * _MOST_POINTS) : step])
    people = config.people

    def task(size: int) -> Task:
        return Task(
            spread[:size], range(min(size, design.replicates)), design.replicates, design.seed, people
        )

    # The first run compiles, imports and fills caches; it says nothing about the others.
    evaluate_task(config.subject, task(1))
    size, runs, failed = 1, 0, 0
    deadline = time.perf_counter() + _PROBE_SECONDS
    while True:
        piece = evaluate_task(config.subject, task(size))
        runs, failed = runs + len(piece.runs), failed + piece.failed
        if size >= _MOST_POINTS or time.perf_counter() > deadline:
            break
        size *= 2
    # Only the last batch counts: as in the study itself, many runs share the setting up of a point.
    seconds, written = piece.seconds / len(piece.runs), 0
    tables = [piece.runs] if piece.people is None else [piece.runs, piece.people]
    with tempfile.TemporaryDirectory() as folder:
        for number, table in enumerate(tables):
            path = Path(folder) / f"{number}.parquet"
            write_parquet([table], table.schema, path, {})
            written += path.stat().st_size
    return Estimate(
        points=study.most_points,
        replicates=design.replicates,
        runs=study.most_points * design.replicates,
        parts=max(len(study.chunks), study.most_points * design.replicates // study.runs_per_chunk),
        seconds_per_run=seconds,
        workers=max(1, min(workers, len(study.chunks))),
        bytes_per_run=written / len(piece.runs),
        memory=memory_of_run(study),
        report_memory=memory_of_report(study),
        probed=runs,
        failed=failed,
        further=config.made.further,
    )
