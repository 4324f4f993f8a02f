"""The fit itself: approximate Bayesian computation with counterparts of real meetings, on processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cosim.calibration.abc_smc import Fit, Settings, Simulator, fit
from cosim.calibration.calibration import Aim, Likeness, aims
from cosim.calibration.emulator import adjusted
from cosim.errors import ConfigError
from cosim.meeting_logs.turn_statistics import Floats

FULL = Settings(particles=300, generations=4, simulations=8000, block=60, acceptance=0.03)
"""Settings of the published fit."""
DRAWS = 3000
"""Simulations that its emulator is learned from, in each of two rounds."""
QUICK = Settings(particles=50, quantile=0.5, generations=3, simulations=400, block=50)
"""A first look: a few generations of a small population."""

_LIKENESS: list[Likeness] = []  # a worker process's own, made once


def refit(
    targets: tuple[Aim, ...] | None = None,
    settings: Settings = FULL,
    *,
    workers: int = 1,
    draws: int = 0,
    report: Callable[[dict[str, float]], None] | None = None,
) -> Fit:
    """Fit the free parameters to the targets.

    Parameters
    ----------
    targets : tuple of Aim, optional
        By default all of them.
    settings : Settings
    workers : int
        Processes; the result does not depend on it.
    draws : int
        Further simulations from which an emulator sharpens the posterior; 0 for none.
    report : callable, optional
        Told of each generation as it ends.
    """
    if workers < 1:
        raise ConfigError("must be at least 1", key="workers", value=workers)
    likeness = Likeness(aims() if targets is None else targets)
    priors, observed, scale = likeness.priors, likeness.observed, likeness.scale
    if workers == 1:
        found = fit(likeness, priors, observed, settings, scale=scale, report=report)
        return _sharpened(found, likeness, draws, settings.seed)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start, (likeness.aims,)) as pool:
        found = fit(_Shared(pool), priors, observed, settings, scale=scale, report=report)
        return _sharpened(found, _Shared(pool), draws, settings.seed)


def _sharpened(found: Fit, simulate: Simulator, draws: int, seed: int) -> Fit:
    return replace(found, posterior=adjusted(found, simulate, draws, seed)) if draws else found


@dataclass(frozen=True)
class _Shared:
    """Simulates parameter sets on the processes of a pool, one set at a time."""

    pool: ProcessPoolExecutor

    def __call__(self, theta: Floats, seeds: NDArray[np.int64], /) -> Floats:
        rows = self.pool.map(_summaries, theta, seeds.tolist(), chunksize=4)
        return np.array(list(rows))


def _start(targets: tuple[Aim, ...]) -> None:
    _LIKENESS.append(Likeness(targets))


def _summaries(theta: Floats, seed: int) -> Floats:
    found: Floats = _LIKENESS[0](theta[None, :], np.array([seed], dtype=np.int64))[0]
    return found
