"""One chunk of a study, evaluated so that a run that fails costs nobody else their result."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosim.execution.chunks import Chunk, blocks
from cosim.execution.design import Point, without_dummy
from cosim.execution.evaluator import Evaluator
from cosim.execution.run_tables import EvaluatorError, failed_table, joined, people_table, runs_table

if TYPE_CHECKING:
    import pyarrow as pa

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
_LONGEST_ERROR = 500


@dataclass(frozen=True)
class Piece:
    """Some runs that were evaluated: their stored form and what it took."""

    runs: pa.Table
    people: pa.Table | None
    seconds: float

    @property
    def failed(self) -> int:
        """Number of failed runs."""
        return len(self.runs) - int(self.runs.column("error").null_count)


@dataclass(frozen=True)
class Task:
    """Everything that a worker needs to evaluate some runs of a study.

    Attributes
    ----------
    points, replicates
        The runs: every point for every replicate.
    total : int
        Replicates per point in the whole study.
    seed : int
        The study's seed.
    people : bool
        Whether the people table is wanted.
    """

    points: Sequence[Point]
    replicates: range
    total: int
    seed: int
    people: bool = False

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.points) * len(self.replicates)

    @property
    def one_block(self) -> bool:
        """Whether this is one block of replicates of one point, which the people table tells in one go."""
        return len(self.points) == 1 and len(list(blocks(self.replicates))) == 1

    def halves(self) -> tuple[Task, Task]:
        """Cut in two: the points while there are several, then the replicates, between blocks only.

        Raises
        ------
        ValueError
            When it is one block, see `one_block`.
        """
        if self.one_block:
            raise ValueError("a block of replicates is not cut")
        if len(self.points) > 1:
            middle = len(self.points) // 2
            parts = [(self.points[:middle], self.replicates), (self.points[middle:], self.replicates)]
        else:
            whole = list(blocks(self.replicates))
            middle = sum(map(len, whole[: len(whole) // 2]))
            parts = [(self.points, self.replicates[:middle]), (self.points, self.replicates[middle:])]
        first, second = (Task(points, reps, self.total, self.seed, self.people) for points, reps in parts)
        return first, second

    def single_runs(self) -> list[Task]:
        """Return the runs one by one."""
        return [
            Task((point,), range(r, r + 1), self.total, self.seed, self.people)
            for point in self.points
            for r in self.replicates
        ]


def task_of(chunk: Chunk, points: Sequence[Point], total: int, seed: int, people: bool) -> Task:
    """Return the work of one chunk."""
    return Task(tuple(points), chunk.replicates, total, seed, people)


def evaluate_task(evaluate: Evaluator, task: Task) -> Piece:
    """Evaluate some runs; where the whole fails, point by point and run by run, to name what failed.

    Parameters
    ----------
    evaluate : Evaluator
    task : Task

    Returns
    -------
    Piece
        Every run of the task: a failed one is a row with its error and no outcomes.

    Raises
    ------
    MemoryError, EvaluatorError
        What is no property of a run: too little memory, or an evaluator that breaks its contract.
    """
    started = time.perf_counter()
    pieces = _pieces(evaluate, task)
    runs = joined([runs for runs, _ in pieces])
    people = [people for _, people in pieces if people is not None]
    return Piece(runs, joined(people) if people else None, time.perf_counter() - started)


def joined_pieces(pieces: Sequence[Piece]) -> Piece:
    """Return pieces, in their order, as one."""
    people = [piece.people for piece in pieces if piece.people is not None]
    return Piece(
        joined([piece.runs for piece in pieces]),
        joined(people) if people else None,
        sum(piece.seconds for piece in pieces),
    )


def failed_piece(task: Task, error: str) -> Piece:
    """Return runs that could not be had, for a reason outside of the evaluator."""
    return Piece(failed_table(task.points, task.replicates, task.total, error), None, 0.0)


def error_words(error: BaseException) -> str:
    """Describe an error the same way in every process: no addresses, one line, not too long."""
    words = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": ")
    return _ADDRESS.sub("0x...", words)[:_LONGEST_ERROR]


def _pieces(evaluate: Evaluator, task: Task) -> list[tuple[pa.Table, pa.Table | None]]:
    try:
        return [_evaluate_once(evaluate, task)]
    except (MemoryError, EvaluatorError):
        raise
    except Exception as error:
        if task.runs == 1:
            return [(failed_table(task.points, task.replicates, task.total, error_words(error)), None)]
    if len(task.points) > 1:
        parts = [Task((point,), task.replicates, task.total, task.seed, task.people) for point in task.points]
    elif task.one_block:
        parts = task.single_runs()
    else:
        parts = [
            Task(task.points, each, task.total, task.seed, task.people) for each in blocks(task.replicates)
        ]
    return [piece for part in parts for piece in _pieces(evaluate, part)]


def _evaluate_once(evaluate: Evaluator, task: Task) -> tuple[pa.Table, pa.Table | None]:
    tables = evaluate(without_dummy(task.points), task.replicates, task.seed)
    if "runs" not in tables:
        raise EvaluatorError("the evaluator returned no table 'runs'")
    runs = runs_table(tables["runs"], task.points, task.replicates, task.total)
    people = tables.get("people") if task.people else None
    if people is None:
        return runs, None
    return runs, people_table(people, task.points, task.replicates, task.total)
