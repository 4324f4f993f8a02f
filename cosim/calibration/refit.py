"""The fit itself: approximate Bayesian computation with counterparts of real meetings, on processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cosim.calibration.abc_smc import Fit, Settings, Simulator, fit
from cosim.calibration.calibration import Aim, Likeness, aims
from cosim.calibration.emulator import ROUNDS, adjusted
from cosim.calibration.influence import ViewAim, ViewLikeness, view_aims
from cosim.errors import ConfigError
from cosim.meeting_logs.turn_statistics import Floats

FULL = Settings(particles=300, generations=4, simulations=8000, block=60, acceptance=0.03)
"""Settings of the published fit."""
DRAWS = 3000
"""Simulations that its emulator is learned from, in each of two rounds."""
INFLUENCE_FULL = Settings(particles=80, generations=3, simulations=400, block=24, acceptance=0.03)
"""The same of the influence half, whose simulations take longer."""
INFLUENCE_DRAWS = 250
INFLUENCE_ROUNDS = 4
"""Rounds of its emulator: the population is small, so the first rounds look far around it."""
QUICK = Settings(particles=50, quantile=0.5, generations=3, simulations=400, block=50)
"""A first look: a few generations of a small population."""

_LIKENESS: list[Simulator] = []  # a worker process's own, made once


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
    chosen = aims() if targets is None else targets
    return _fit(partial(Likeness, chosen), settings, workers, draws, report)


def refit_influence(
    targets: tuple[ViewAim, ...] | None = None,
    settings: Settings = INFLUENCE_FULL,
    *,
    workers: int = 1,
    draws: int = 0,
    report: Callable[[dict[str, float]], None] | None = None,
) -> Fit:
    """Fit the free numbers of influence to views before and after; the floor is drawn from its posterior.

    The parameters are those of `refit`.
    """
    chosen = view_aims() if targets is None else targets
    return _fit(partial(ViewLikeness, chosen), settings, workers, draws, report, INFLUENCE_ROUNDS)


def _fit(
    make: Callable[[], Likeness | ViewLikeness],
    settings: Settings,
    workers: int,
    draws: int,
    report: Callable[[dict[str, float]], None] | None,
    rounds: int = ROUNDS,
) -> Fit:
    if workers < 1:
        raise ConfigError("must be at least 1", key="workers", value=workers)
    likeness = make()
    priors, observed, scale = likeness.priors, likeness.observed, likeness.scale
    if workers == 1:
        found = fit(likeness, priors, observed, settings, scale=scale, report=report)
        return _sharpened(found, likeness, draws, settings.seed, rounds)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start, (make,)) as pool:
        found = fit(_Shared(pool), priors, observed, settings, scale=scale, report=report)
        return _sharpened(found, _Shared(pool), draws, settings.seed, rounds)


def _sharpened(found: Fit, simulate: Simulator, draws: int, seed: int, rounds: int) -> Fit:
    if not draws:
        return found
    return replace(found, posterior=adjusted(found, simulate, draws, seed, rounds=rounds))


@dataclass(frozen=True)
class _Shared:
    """Simulates parameter sets on the processes of a pool, one set at a time."""

    pool: ProcessPoolExecutor

    def __call__(self, theta: Floats, seeds: NDArray[np.int64], /) -> Floats:
        rows = self.pool.map(_summaries, theta, seeds.tolist(), chunksize=4)
        return np.array(list(rows))


def _start(make: Callable[[], Simulator]) -> None:
    _LIKENESS.append(make())


def _summaries(theta: Floats, seed: int) -> Floats:
    found: Floats = _LIKENESS[0](theta[None, :], np.array([seed], dtype=np.int64))[0]
    return found
