"""Design to parts: every chunk evaluated once, and kept at once, whatever happens on the way."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosim.errors import CosimError
from cosim.execution.chunks import Chunk
from cosim.execution.design import Design
from cosim.execution.evaluator import Evaluator
from cosim.execution.executors import Workers
from cosim.execution.progress import Progress
from cosim.execution.run_tables import read_parquet
from cosim.execution.stop_signal import StopSignal
from cosim.execution.study_folder import StudyFolder
from cosim.execution.tasks import task_of
from cosim.execution.worker_pool import Crew, CrewLostError

if TYPE_CHECKING:
    import pyarrow as pa


Listen = Callable[[Chunk, "pa.Table"], object]


class Interrupted(CosimError):  # noqa: N818 - not a mistake of anybody's
    """A study was stopped from outside; what is finished is safe.

    Attributes
    ----------
    done, total : int
        Chunks.
    """

    def __init__(self, message: str, done: int, total: int) -> None:
        super().__init__(message)
        self.done, self.total = done, total


@dataclass(frozen=True)
class Tally:
    """What a call of :func:`run_chunks` has done: counts of what is new, and seconds.

    ``worked`` is the time that workers spent on it, ``seconds`` the time that passed.
    """

    chunks: int = 0
    runs: int = 0
    failed: int = 0
    worked: float = 0.0
    seconds: float = 0.0

    def plus(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(
            self.chunks + other.chunks,
            self.runs + other.runs,
            self.failed + other.failed,
            self.worked + other.worked,
            self.seconds + other.seconds,
        )


def run_chunks(
    design: Design,
    chunks: Sequence[Chunk],
    evaluate: Evaluator,
    folder: StudyFolder,
    workers: Workers,
    progress: Progress,
    go_on: str = "the same command and --resume",
    listen: Listen | None = None,
) -> Tally:
    """Evaluate all chunks that the folder does not hold yet, and keep each as soon as it is there.

    Parameters
    ----------
    design : Design
    chunks : sequence of Chunk
        The chunks that this process is to see to (all, or a shard's).
    evaluate : Evaluator
    folder : StudyFolder
    workers : Workers
    progress : Progress
    go_on : str
        How to go on after an interruption, for the message.
    listen : callable, optional
        Given every chunk with its table of runs: those that are there already first, then each as it is kept.

    Returns
    -------
    Tally

    Raises
    ------
    Interrupted
        After Ctrl-C or SIGTERM; chunks that were being evaluated are finished and kept first. Or when a
        cluster was lost.
    StoreError
        When a part cannot be written; finished parts are safe.
    ExecutorError
        When the workers cannot work.
    """
    if folder.finished:
        progress.say("already finished: nothing is left to run")
        return Tally()
    started = time.perf_counter()
    done = folder.done(chunks)
    have = {chunk.number for chunk in done}
    todo = [chunk for chunk in chunks if chunk.number not in have]
    progress.start(sum(c.runs for c in chunks), sum(c.runs for c in done), folder.failed(done))
    if listen is not None:
        for chunk in done:
            listen(chunk, read_parquet(folder.part(chunk)))
    people, total, seed = folder.identity.people, design.replicates, design.seed
    jobs = ((chunk, task_of(chunk, chunk.points(design), total, seed, people)) for chunk in todo)

    def told() -> None:
        progress.say("stopping: chunks at work are finished first (once more: leave at once)")

    tally, why = Tally(), "stopped"
    with (
        StopSignal().listening() as stop,
        contextlib.closing(Crew(evaluate, workers, stop, told).work(jobs)) as results,
    ):
        try:
            for chunk, piece in results:
                folder.write(chunk, piece)
                tally = tally.plus(Tally(1, chunk.runs, piece.failed, piece.seconds))
                progress.advance(chunk.runs, piece.failed)
                if listen is not None:
                    listen(chunk, piece.runs)
        except CrewLostError as error:
            why = str(error)
    if tally.chunks < len(todo):
        safe = len(done) + tally.chunks
        raise Interrupted(
            f"{why}: {safe} of {len(chunks)} chunks are finished and safe in {folder.path}; "
            f"go on with {go_on}",
            safe,
            len(chunks),
        )
    progress.finish()
    return replace(tally, seconds=time.perf_counter() - started)
