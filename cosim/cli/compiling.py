"""Compiling the engine, told to whoever waits for it."""

from __future__ import annotations

import contextlib
import time
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from cosim.execution.executors import Workers, WorkersContext


def warm_up(screen: TextIO | None = None) -> float:
    """Make sure that the engine is compiled; say so when that takes a while.

    Parameters
    ----------
    screen : text stream, optional
        Where it is told; by default the stream for errors.

    Returns
    -------
    float
        Seconds that it took.
    """
    from cosim.catalogue import load_scenario
    from cosim.engine.code_folder import is_temporary
    from cosim.engine.compilation import cache_folder
    from cosim.engine.project import ENGINE
    from cosim.scenario.plan import resolve
    from cosim.simulation.simulation import run_compiled

    folder = cache_folder()
    warm = not ENGINE.compiles or (folder is not None and any(folder.rglob("*.nbc")))
    if not warm:
        lost = folder is None or is_temporary(folder)
        kept = "; there is no cache folder that is yours alone, so this is so every time" if lost else ""
        _say(f"compiling the engine: a minute or two, once for this version of cosim{kept} ...", screen)
    began = time.perf_counter()
    run_compiled(resolve(load_scenario("research_team"))[0], range(1), 1)
    seconds = time.perf_counter() - began
    if not warm:
        _say(f"compiled in {seconds:.0f} s", screen)
    return seconds


class WarmWorkers(contextlib.AbstractContextManager["Workers"]):
    """Workers that begin when the engine is compiled, so that the wait is not taken for slow runs."""

    def __init__(self, workers: WorkersContext, screen: TextIO | None) -> None:
        self._workers, self._screen = workers, screen

    def __enter__(self) -> Workers:
        warm_up(self._screen)
        return self._workers.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)


def _say(message: str, screen: TextIO | None) -> None:
    click.echo(message, file=screen, err=screen is None)
