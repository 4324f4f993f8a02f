"""Workers at work: chunks go out, results come back in any order; no death and no Ctrl-C loses a chunk."""

from __future__ import annotations

import contextlib
import math
import pickle
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait

from cosim.errors import CosimError
from cosim.execution.chunks import Chunk
from cosim.execution.evaluator import Evaluator
from cosim.execution.executors import Workers
from cosim.execution.run_tables import EvaluatorError
from cosim.execution.stop_signal import StopSignal
from cosim.execution.tasks import Piece, Task, evaluate_task, failed_piece, joined_pieces

_POLL_SECONDS = 0.25
_LOOK_SECONDS = 5.0
_DESERTED_SECONDS = 60.0
# How often a run, or a block of replicates, is tried alone before it is held to be what kills its worker.
_TRIES = 3
_DIED = "WorkerDied: the worker process died while it evaluated this run (killed, out of memory, or crashed)"

Job = tuple[Chunk, Task]


class ExecutorError(CosimError):
    """The workers cannot work: not a matter of any run."""


class CrewLostError(ExecutorError):
    """All workers are gone, with whoever handed out their work; neither the study nor a run is to blame."""


class WorkerLostError(CosimError):
    """A chunk has taken several workers with it, one after the other."""


class Crew:
    """Sends jobs to workers and yields what comes back.

    Parameters
    ----------
    evaluate : Evaluator
    workers : Workers
    stop : StopSignal
        When it is set, no new job is begun; those at work are finished.
    on_stop : callable
        Called once, when the stop is noticed.
    """

    def __init__(
        self, evaluate: Evaluator, workers: Workers, stop: StopSignal, on_stop: Callable[[], None]
    ) -> None:
        self._evaluate, self._workers, self._stop, self._on_stop = evaluate, workers, stop, on_stop
        self._gone: tuple[type[Exception], ...] = (CancelledError, *workers.gone)
        self._told = False
        self._looked, self._deserted_since = 0.0, math.inf

    def work(self, jobs: Iterable[Job]) -> Generator[tuple[Chunk, Piece], None, None]:
        """Yield every chunk with its result, in the order in which they are ready.

        Raises
        ------
        CrewLostError
            When all workers are gone for good, such as those of a cluster whose scheduler was lost.
        ExecutorError
            When workers cannot be had, or too little memory is left to them.
        EvaluatorError
            When the evaluator breaks its contract.
        """
        waiting = iter(jobs)
        if self._workers.isolated:
            _check_pickle(self._evaluate)
        while True:
            # With one worker's death a process pool loses every job it holds; one of them was the cause.
            suspects = yield from self._shift(waiting)
            if not suspects:
                return
            with contextlib.closing(_Solo(self._workers.solo or self._workers)) as solo:
                for chunk, task in suspects:
                    if self._stopping():
                        return
                    yield chunk, self._alone(solo, task)

    def _shift(self, waiting: Iterator[Job]) -> Generator[tuple[Chunk, Piece], None, list[Job]]:
        """Work until there is nothing left, or until the executor breaks; return the jobs it took with it."""
        at_work: dict[Future[Piece], Job] = {}
        suspects: list[Job] = []
        with self._workers.executor() as executor:
            while True:
                lost = self._hand_out(executor, waiting, at_work)
                if not at_work:
                    return suspects + lost
                ready, _ = wait(at_work, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
                if not ready:
                    self._check_deserted()
                # What is finished comes first: a chunk that stops the study must not take others with it.
                for future in sorted(ready, key=_came_to_nothing):
                    chunk, task = at_work.pop(future)
                    try:
                        piece = self._result(future)
                    except WorkerLostError:
                        suspects.append((chunk, task))
                    except BrokenExecutor:
                        lost.append((chunk, task))
                    else:
                        yield chunk, piece
                if lost:
                    return suspects + lost + list(at_work.values())

    def _hand_out(
        self, executor: Executor, waiting: Iterator[Job], at_work: dict[Future[Piece], Job]
    ) -> list[Job]:
        """Keep every worker busy with one job and another in store; return jobs that no worker would take."""
        if self._stopping():
            for future in list(at_work):
                if future.cancel():
                    del at_work[future]
            return []
        while len(at_work) < 2 * self._workers.width:
            job = next(waiting, None)
            if job is None:
                break
            try:
                at_work[executor.submit(evaluate_task, self._evaluate, job[1])] = job
            except BrokenExecutor as error:
                if not self._workers.isolated:
                    raise ExecutorError(f"the workers take no more work: {error}") from error
                return [job]
            except self._gone as error:
                raise _lost(error) from error
        return []

    def _result(self, future: Future[Piece]) -> Piece:
        try:
            return future.result()
        except BrokenExecutor as error:
            if self._workers.isolated:
                raise
            raise ExecutorError(f"the workers have stopped working: {error}") from error
        except self._workers.lost as error:
            raise WorkerLostError(str(error)) from error
        except self._gone as error:
            # We never wait for what we have cancelled ourselves; somebody else has.
            raise _lost(error) from error
        except (EvaluatorError, ExecutorError):
            raise
        except MemoryError as error:
            raise ExecutorError(
                "too little memory for a chunk; use fewer workers, or fewer runs per chunk "
                "(output: runs_per_chunk)"
            ) from error
        except Exception as error:
            # Whatever a run can do wrong is in its row; this is the way to the workers and back.
            raise ExecutorError(f"a chunk was lost on its way: {type(error).__name__}: {error}") from error

    def _alone(self, solo: _Solo, task: Task) -> Piece:
        """Evaluate suspicious runs with nobody else at work, halving until the fatal ones are found."""
        if task.one_block:
            return self._block(solo, task)
        piece = self._tried(solo, task, 1)
        return piece or joined_pieces([self._alone(solo, half) for half in task.halves()])

    def _block(self, solo: _Solo, task: Task) -> Piece:
        """Evaluate one block of replicates: whole, or run by run where a run of it kills its worker.

        The people table has a row per block, so a block is never told in two pieces because a worker died of
        something else: then it is evaluated whole once more.

        Raises
        ------
        ExecutorError
            When the block dies again and again although each of its runs lives.
        """
        for _ in range(_TRIES):
            piece = self._tried(solo, task, _TRIES)
            if piece is not None:
                return piece
            singles = [(one, self._tried(solo, one, _TRIES)) for one in task.single_runs()]
            if any(piece is None for _, piece in singles):
                return joined_pieces([piece or failed_piece(one, _DIED) for one, piece in singles])
        first, last = task.replicates.start, task.replicates.stop - 1
        raise ExecutorError(
            f"workers die again and again over replicates {first} to {last} of point {task.points[0].point}, "
            "though each of these runs alone can be had: the computer may be short of memory; use fewer "
            "workers. Finished parts are safe, and --resume goes on from there"
        )

    def _tried(self, solo: _Solo, task: Task, times: int) -> Piece | None:
        """Evaluate some runs with nobody else at work; None when that many workers have died of it."""
        for _ in range(times):
            try:
                return self._result(solo.submit(self._evaluate, task))
            except (BrokenExecutor, WorkerLostError):
                solo.close()
        return None

    def _check_deserted(self) -> None:
        """Give up when the executor has had no workers for a while; asking costs a call, so now and then."""
        now = time.monotonic()
        if self._workers.deserted is None or now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        try:
            deserted = self._workers.deserted()
        except self._gone as error:
            raise _lost(error) from error
        if not deserted:
            self._deserted_since = math.inf
        elif now - self._deserted_since > _DESERTED_SECONDS:
            raise CrewLostError(f"the cluster has had no workers for {_DESERTED_SECONDS:g} s")
        else:
            self._deserted_since = min(self._deserted_since, now)

    def _stopping(self) -> bool:
        if self._stop and not self._told:
            self._told = True
            self._on_stop()
        return bool(self._stop)


def _came_to_nothing(future: Future[Piece]) -> bool:
    return future.cancelled() or future.exception() is not None


def _lost(error: BaseException) -> CrewLostError:
    told = " ".join(str(error).split())[:200] or type(error).__name__
    return CrewLostError(f"the cluster was lost: its scheduler does not answer any more ({told})")


def _check_pickle(evaluate: Evaluator) -> None:
    """Refuse an evaluator that cannot be sent; a process pool that finds out by itself may hang."""
    try:
        pickle.dumps(evaluate)
    except Exception as error:
        raise ExecutorError(
            f"this subject cannot be sent to other processes ({type(error).__name__}: {error}); use threads"
        ) from error


class _Solo:
    """An executor for one job at a time, made again after each death."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._executor: Executor | None = None

    def submit(self, evaluate: Evaluator, task: Task) -> Future[Piece]:
        if self._executor is None:
            self._executor = self._workers.make()
        return self._executor.submit(evaluate_task, evaluate, task)

    def close(self) -> None:
        if self._executor is not None:
            self._workers.close(self._executor)
            self._executor = None
