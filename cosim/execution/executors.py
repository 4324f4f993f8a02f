"""Who does the work: threads, processes, or any other ``concurrent.futures`` executor."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal

from cosim.errors import ConfigError

Kind = Literal["threads", "processes"]


@dataclass(frozen=True)
class Workers:
    """A way to get executors.

    Attributes
    ----------
    width : int
        How many chunks are worked on at once.
    make : callable
        Returns a new executor.
    isolated : bool
        Whether a worker can die without taking this process with it, so that a new executor is worth a try.
    owned : bool
        Whether executors are shut down after use.
    lost : tuple of exception classes
        What an executor that outlives its workers says of a chunk whose workers died again and again.
    gone : tuple of exception classes
        What it says when all of them, or the way to them, are lost for good.
    deserted : callable, optional
        Says whether an executor that outlives its workers has none left.
    solo : Workers, optional
        Who looks, run by run, into chunks whose workers died; by default the same kind.
    """

    width: int
    make: Callable[[], Executor]
    isolated: bool = False
    owned: bool = True
    lost: tuple[type[Exception], ...] = ()
    gone: tuple[type[Exception], ...] = ()
    deserted: Callable[[], bool] | None = None
    solo: Workers | None = None

    @contextlib.contextmanager
    def executor(self) -> Iterator[Executor]:
        """Give an executor for the length of a ``with`` block."""
        made = self.make()
        try:
            yield made
        finally:
            self.close(made)

    def close(self, executor: Executor) -> None:
        """Shut an executor down, if it is ours to shut down."""
        if self.owned:
            executor.shutdown(wait=True, cancel_futures=True)


WorkersContext = AbstractContextManager[Workers]


def local(kind: Kind, count: int | None = None) -> Workers:
    """Return workers on this computer.

    Parameters
    ----------
    kind : {"threads", "processes"}
        Threads suit the compiled engine, which works outside of Python's lock; processes suit anything else.
    count : int, optional
        How many; by default one per usable processor.

    Raises
    ------
    ConfigError
        When `count` is not positive.
    """
    width = usable_processors() if count is None else count
    if width < 1:
        raise ConfigError("out of range", key="workers", value=width, allowed=">= 1")
    if kind == "threads":
        return Workers(width, lambda: ThreadPoolExecutor(width, thread_name_prefix="cosim"))
    # Fresh interpreters: a fork of a process with threads (Arrow, Numba) may hang, and would hold our lock
    # file open.
    context = multiprocessing.get_context("spawn")

    def make() -> Executor:
        try:
            return ProcessPoolExecutor(width, mp_context=context, initializer=start_worker)
        except (OSError, ImportError) as error:
            # Their queues need semaphores, for instance in /dev/shm.
            raise ConfigError(
                f"worker processes cannot be had here ({getattr(error, 'strerror', None) or error}); "
                "use threads",
                key="executor",
                value="processes",
                allowed="threads",
            ) from None

    return Workers(width, make, isolated=True)


def given(executor: Executor, width: int) -> Workers:
    """Use an executor that somebody else made and will shut down."""
    return Workers(width, lambda: executor, owned=False)


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def start_worker() -> None:
    """Set a worker process up: Ctrl-C is its parent's business, and it does not outlive its parent."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: Any) -> None:
    parent.join()
    os._exit(1)
