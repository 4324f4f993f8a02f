"""The fit itself: approximate Bayesian computation with counterparts of real meetings, on processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cosim.calibration.abc_smc import Fit, Settings, Simulator, begun_around, fit
from cosim.calibration.calibration import FREE, Aim, Likeness, aims
from cosim.calibration.emulator import ROUNDS, adjusted
from cosim.calibration.influence import ViewAim, ViewLikeness, joint_priors, view_aims
from cosim.calibration.posterior import Posterior
from cosim.calibration.priors import Priors
from cosim.errors import ConfigError
from cosim.meeting_logs.turn_statistics import Floats

FULL = Settings(particles=150, generations=4, simulations=4000, block=60, acceptance=0.03)
"""Settings of the published fit to turn logs."""
DRAWS = 500
"""Simulations that its emulator is learned from, in each of two rounds."""
VIEWS_FULL = Settings(particles=80, generations=3, simulations=400, block=24, acceptance=0.03)
"""The same of the second step, to views before and after."""
VIEWS_DRAWS = 240
VIEWS_ROUNDS = 3
"""Rounds of its emulator: the population is small, so the first rounds look far around it.

Where a fit is begun around an earlier one, there is one round less, here as for the floor.
"""
QUICK = Settings(particles=50, quantile=0.5, generations=3, simulations=400, block=50)
"""A first look: a few generations of a small population."""

_LIKENESS: list[Simulator] = []  # a worker process's own, made once


def refit(
    targets: tuple[Aim, ...] | None = None,
    settings: Settings = FULL,
    *,
    workers: int = 1,
    draws: int = 0,
    around: Posterior | None = None,
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
    around : Posterior, optional
        Begin around this sample, such as that of an earlier fit, instead of finding one from the prior. Its
        emulator is still held against the prior: the sample says only where to look first.
    report : callable, optional
        Told of each generation as it ends.
    """
    chosen = aims() if targets is None else targets
    priors = Priors([one.prior for one in FREE])
    make = partial(Likeness, chosen)
    rounds = ROUNDS - (around is not None)
    return _fit(make, settings, workers, draws, report, priors=priors, around=around, rounds=rounds)


def refit_joint(
    floor: Posterior,
    targets: tuple[ViewAim, ...] | None = None,
    settings: Settings = VIEWS_FULL,
    *,
    workers: int = 1,
    draws: int = 0,
    around: Posterior | None = None,
    report: Callable[[dict[str, float]], None] | None = None,
) -> Fit:
    """Fit floor and influence together to views before and after.

    Parameters
    ----------
    floor : Posterior
        What is believed of the floor since `refit`: here it is its prior.
    targets, settings, workers, draws, around, report
        As of `refit`.
    """
    chosen = view_aims() if targets is None else targets
    make, priors, rounds = partial(ViewLikeness, chosen), joint_priors(floor), VIEWS_ROUNDS
    rounds -= around is not None
    return _fit(make, settings, workers, draws, report, priors=priors, around=around, rounds=rounds)


def _fit(
    make: Callable[[], Likeness | ViewLikeness],
    settings: Settings,
    workers: int,
    draws: int,
    report: Callable[[dict[str, float]], None] | None,
    *,
    priors: Priors,
    around: Posterior | None,
    rounds: int,
) -> Fit:
    if workers < 1:
        raise ConfigError("must be at least 1", key="workers", value=workers)
    likeness = make()
    observed, scale = likeness.observed, likeness.scale

    def run(simulate: Simulator) -> Fit:
        if around is None:
            found = fit(simulate, priors, observed, settings, scale=scale, report=report)
        else:
            found = begun_around(around, simulate, priors, observed, settings, scale=scale)
        return _sharpened(found, simulate, draws, settings.seed, rounds)

    if workers == 1:
        return run(likeness)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start, (make,)) as pool:
        return run(_Shared(pool))


def _sharpened(found: Fit, simulate: Simulator, draws: int, seed: int, rounds: int) -> Fit:
    if not draws:
        return found
    return adjusted(found, simulate, draws, seed, rounds=rounds)


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
