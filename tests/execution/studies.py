"""Runs a small study into a folder: what the tests of runner, store and cluster share."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from cosim.execution.chunks import Shard, cut
from cosim.execution.design import Design
from cosim.execution.evaluator import Evaluator
from cosim.execution.executors import Workers, local
from cosim.execution.progress import Progress
from cosim.execution.runner import Tally, run_chunks
from cosim.execution.study_folder import LOG, Identity, StudyFolder


def identity(design: Design, per_chunk: int, *, people: bool = True, shard: str = "1/1") -> Identity:
    return Identity(
        design.hash,
        len(design.points),
        design.replicates,
        per_chunk,
        people,
        shard,
        "1",
        {"seed": design.seed},
    )


def run(
    design: Design,
    evaluate: Evaluator,
    path: Path,
    *,
    per_chunk: int = 8,
    workers: Workers | None = None,
    resume: bool = False,
    shard: Shard | None = None,
    keep_parts: bool = False,
    screen: io.StringIO | None = None,
) -> Tally:
    shard = shard or Shard()
    chunks = cut(len(design.points), design.replicates, per_chunk)
    with StudyFolder.open(path, identity(design, per_chunk, shard=str(shard)), resume=resume) as folder:
        tally = run_chunks(
            design,
            shard.of_chunks(chunks),
            evaluate,
            folder,
            workers or local("threads", 1),
            Progress(path / LOG, screen),
        )
        if shard.whole:
            folder.finish(design, chunks, keep_parts=keep_parts)
    return tally


def results(path: Path) -> dict[str, bytes]:
    """The bytes of the final tables."""
    return {file.name: file.read_bytes() for file in sorted(path.glob("*.parquet"))}


def parts(path: Path) -> dict[str, bytes]:
    """The bytes of the parts."""
    return {file.name: file.read_bytes() for file in sorted((path / "parts").glob("*.parquet"))}


def names(path: Path) -> Sequence[str]:
    return sorted(file.name for file in path.iterdir())
