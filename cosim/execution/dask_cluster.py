"""The same chunks on more than one machine, through Dask; imported only when asked for."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import Any

from cosim.errors import ConfigError
from cosim.execution.executors import Workers, local
from cosim.execution.settings import Cluster
from cosim.execution.worker_pool import ExecutorError

_CONNECT_SECONDS = "20s"


@contextlib.contextmanager
def cluster_workers(settings: Cluster) -> Iterator[Workers]:
    """Give the workers of a cluster for the length of a ``with`` block.

    Parameters
    ----------
    settings : Cluster
        A scheduler's address, a cluster on this computer, or SLURM jobs (through dask-jobqueue).

    Raises
    ------
    ConfigError
        When Dask is not installed, or no scheduler answers at the address.

    Notes
    -----
    Dask itself does the work of a dead worker again on another one. Results come back to this process, which
    alone writes; the workers need no common disk.
    """
    distributed = _import("distributed", "dask[distributed]")
    with contextlib.ExitStack() as stack:
        stack.enter_context(_quiet())
        client = stack.enter_context(_client(settings, distributed, stack))
        width = _width(client, settings)
        # Two studies may share a scheduler: results must not be shared by key.
        executor = client.get_executor(pure=False)
        yield Workers(
            width,
            lambda: executor,
            isolated=True,
            owned=False,
            lost=(distributed.scheduler.KilledWorker,),
            gone=(
                distributed.client.ClosedClientError,
                distributed.client.FuturesCancelledError,
                distributed.comm.CommClosedError,
                OSError,
            ),
            # SLURM may take hours to start the next job; elsewhere nobody will come any more.
            deserted=None if settings.kind == "slurm" else lambda: not client.nthreads(),
            solo=local("processes", 1),
        )


def address(text: str) -> Cluster:
    """Return settings for a scheduler's address, as ``--cluster tcp://...`` gives it.

    Raises
    ------
    ConfigError
        When it is no address.
    """
    scheme, sep, rest = text.partition("://")
    if not (sep and rest) or scheme not in ("tcp", "tls", "ucx", "ws", "wss"):
        raise ConfigError(
            "not the address of a scheduler", key="cluster", value=text, allowed="tcp://HOST:PORT"
        )
    return Cluster(kind="address", address=text)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own log, with its tracebacks, off the screen: what matters of it is told in our words."""
    loggers = [
        logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith("distributed")
    ]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _client(settings: Cluster, distributed: Any, stack: contextlib.ExitStack) -> Any:
    if settings.kind == "address":
        if settings.address is None:
            raise ConfigError(
                "a scheduler's address is needed", key="cluster.address", allowed="tcp://HOST:PORT"
            )
        try:
            return distributed.Client(settings.address, timeout=_CONNECT_SECONDS)
        except (OSError, TimeoutError) as error:
            raise ConfigError(
                f"no scheduler answers there ({error})", key="cluster.address", value=settings.address
            ) from None
    if settings.kind == "slurm":
        cluster = stack.enter_context(_slurm(settings))
    else:
        cluster = stack.enter_context(
            distributed.LocalCluster(
                n_workers=settings.workers, threads_per_worker=1, processes=True, dashboard_address=None
            )
        )
    return distributed.Client(cluster)


def _slurm(settings: Cluster) -> Any:
    jobqueue = _import("dask_jobqueue", "dask-jobqueue")
    cluster = jobqueue.SLURMCluster(
        queue=settings.queue,
        account=settings.account,
        cores=settings.cores,
        processes=settings.cores,
        memory=settings.memory,
        walltime=settings.walltime,
        job_script_prologue=list(settings.prologue),
    )
    cluster.scale(n=settings.workers)
    return cluster


def _width(client: Any, settings: Cluster) -> int:
    """Return how many chunks may be at work at once; waits until at least one worker is there."""
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS if settings.kind != "slurm" else None)
    except TimeoutError:
        raise ExecutorError("the cluster has no workers") from None
    threads = sum(int(count) for count in client.nthreads().values())
    return max(threads, settings.workers if settings.kind != "address" else 1)


def _import(module: str, package: str) -> Any:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        raise ConfigError(
            f"needs {package}, which is not installed: pip install 'cosim-teams[cluster]'", key="cluster"
        ) from None
