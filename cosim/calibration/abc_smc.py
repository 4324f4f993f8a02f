"""Approximate Bayesian computation by sequential Monte Carlo, for models that can only be simulated.

A population of parameter sets moves from the prior toward the sets whose simulated summaries lie near the
observed ones, the tolerance shrinking from generation to generation. Population Monte Carlo with an
adaptive normal kernel: Beaumont, Cornuet, Marin & Robert 2009, doi 10.1093/biomet/asp052; kernel covariance
twice that of the last population, Filippi et al. 2013, doi 10.1515/sagmb-2012-0069.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.calibration.posterior import Posterior, regression_adjusted, weighted_covariance
from cosim.calibration.priors import Floats, Priors
from cosim.errors import ConfigError, CosimError

_KERNEL_SCALE = 2.0
_MOST_FAILED = 0.5


class Simulator(Protocol):
    """Simulates parameter sets.

    Called with parameter values, shape (m, k), and a seed for each, shape (m,), all different and at least
    1. Returns summaries, shape (m, s); a row with a NaN is a simulation that failed. A row may depend on
    nothing but its own values and seed.
    """

    def __call__(self, theta: Floats, seeds: NDArray[np.int64], /) -> Floats:
        """Return the summaries."""
        ...


@dataclass(frozen=True)
class Settings:
    """How long and how finely to sample.

    Attributes
    ----------
    particles : int
        Size of the population.
    quantile : float
        The next tolerance is this quantile of the last population's distances.
    tolerance : float
        Stop when it is reached.
    generations : int
        At most so many, the sample from the prior counted in.
    simulations : int
        At most so many; a generation that cannot be finished is dropped.
    acceptance : float
        Stop when a generation accepts a smaller share than this.
    block : int
        Parameter sets simulated at a time. The result depends on it; it does not depend on how the simulator
        divides a block among workers.
    seed : int
        1 or more.
    """

    particles: int = 500
    quantile: float = 0.5
    tolerance: float = 0.0
    generations: int = 20
    simulations: int = 100_000
    acceptance: float = 0.01
    block: int = 128
    seed: int = 1

    def __post_init__(self) -> None:
        for key, least in (
            ("particles", 10),
            ("generations", 1),
            ("simulations", 1),
            ("block", 1),
            ("seed", 1),
        ):
            if getattr(self, key) < least:
                raise ConfigError("too small", key=key, value=getattr(self, key), allowed=f">= {least}")
        if not 0.0 < self.quantile < 1.0:
            raise ConfigError("must lie between 0 and 1", key="quantile", value=self.quantile)
        if not (0.0 <= self.acceptance < 1.0 and self.tolerance >= 0.0):
            value = [self.acceptance, self.tolerance]
            raise ConfigError(
                "acceptance lies in 0..1, tolerance is 0 or more", key="acceptance", value=value
            )


@dataclass(frozen=True)
class Fit:
    """The last population, and how it came about.

    Attributes
    ----------
    posterior : Posterior
    summaries : array of shape (m, s)
    distances : array of shape (m,)
    observed, scale : arrays of shape (s,)
    history : DataFrame
        A row per generation: generation, tolerance, simulations, accepted (share), effective_size, failed.
    stopped : str
        Why it ended.
    priors : Priors
    error : array of shape (k,)
        Monte Carlo error of the medians, where an emulator sharpened the sample.
    emulated : int
        Simulations that the emulator was learned from, all rounds together.
    """

    posterior: Posterior
    summaries: Floats
    distances: Floats
    observed: Floats
    scale: Floats
    history: pd.DataFrame
    stopped: str
    priors: Priors
    error: Floats | None = None
    emulated: int = 0

    def adjusted(self) -> Posterior:
        """Return the posterior, corrected for the distance that is left; see `regression_adjusted`."""
        return regression_adjusted(self.posterior, self.priors, self.summaries, self.observed, self.distances)


@dataclass
class _Population:
    """Accepted parameter sets, in the priors' standard space."""

    standard: Floats
    weights: Floats
    summaries: Floats
    distances: Floats

    def kernel(self) -> Floats:
        """Return a root of the kernel's covariance, shape (k, k); no direction is quite without spread."""
        covariance = _KERNEL_SCALE * weighted_covariance(self.standard, self.weights)
        root = np.linalg.cholesky(covariance + 1e-10 * np.eye(len(covariance)))
        return np.asarray(root, dtype=np.float64)

    def since(self, place: int) -> _Population:
        """Return the population without the parameters before a place."""
        return _Population(self.standard[:, place:], self.weights, self.summaries, self.distances)


@dataclass
class _Sampler:
    simulate: Simulator
    priors: Priors
    observed: Floats
    settings: Settings
    scale: Floats | None
    used: int = 0
    failed: int = 0
    history: list[dict[str, float]] = field(default_factory=list)

    def distance(self, summaries: Floats) -> Floats:
        """Return root mean square distances in units of `scale`; infinite for a failed simulation."""
        assert self.scale is not None
        apart = (summaries - self.observed) / self.scale
        distances: Floats = np.sqrt(np.mean(apart**2, axis=1))
        return np.where(np.isnan(distances), np.inf, distances)

    def run(self, theta: Floats) -> Floats:
        """Simulate a block, each set with a seed of its own."""
        seeds = np.arange(self.used, self.used + len(theta), dtype=np.int64) + 1
        seeds += (self.settings.seed - 1) * (1 << 32)  # no seed of one fit is a seed of another
        self.used += len(theta)
        found = np.asarray(self.simulate(theta, seeds), dtype=np.float64)
        if found.shape != (len(theta), len(self.observed)):
            told = f"the simulator returned shape {found.shape}, not {(len(theta), len(self.observed))}"
            raise CosimError(told)
        self.failed += int(np.isnan(found).any(axis=1).sum())
        return found

    def rng(self, generation: int, block: int) -> np.random.Generator:
        return np.random.default_rng([self.settings.seed, generation, block])

    def generation(self, number: int, last: _Population | None, tolerance: float) -> _Population | None:
        """Return a population within the tolerance; None when the simulations are used up before."""
        wanted, before, failed = self.settings.particles, self.used, self.failed
        parts: list[tuple[Floats, Floats, Floats]] = []
        count = 0
        for block in itertools.count():
            if count >= wanted:
                break
            if self.used + self.settings.block > self.settings.simulations:
                return None
            standard = self._propose(self.rng(number, block), last)
            summaries = self.run(self.priors.values(standard))
            if self.scale is None:
                self.scale = _spread(summaries)
            distances = self.distance(summaries)
            self._check_failures(self.failed - failed, self.used - before, standard, distances)
            near = np.isfinite(distances) & (distances <= tolerance)
            parts.append((standard[near], summaries[near], distances[near]))
            count += int(near.sum())
        standard, summaries, distances = (
            np.concatenate(pieces)[:wanted] for pieces in zip(*parts, strict=True)
        )
        weights = self._weights(standard, last)
        self.history.append(
            {
                "generation": number,
                "tolerance": tolerance,
                "simulations": self.used - before,
                "accepted": count / (self.used - before),
                "effective_size": float(1.0 / np.sum(weights**2)),
                "failed": self.failed - failed,
            }
        )
        return _Population(standard, weights, summaries, distances)

    def _propose(self, rng: np.random.Generator, last: _Population | None) -> Floats:
        """Return parameter sets: what other data have updated is drawn anew, the rest moved by a kernel."""
        shape, moving = (self.settings.block, len(self.priors)), self.priors.updated
        if last is None:
            return rng.standard_normal(shape)
        parents = rng.choice(len(last.weights), size=self.settings.block, p=last.weights)
        found, moved = rng.standard_normal(shape), last.since(moving)
        found[:, moving:] = moved.standard[parents] + found[:, moving:] @ moved.kernel().T
        return found

    def _weights(self, standard: Floats, last: _Population | None) -> Floats:
        """Return importance weights: prior over the density from which the sets were proposed.

        What was proposed from its prior counts for nothing here.
        """
        if last is None:
            return np.full(len(standard), 1.0 / len(standard))
        standard, last = standard[:, self.priors.updated :], last.since(self.priors.updated)
        from scipy.spatial.distance import cdist
        from scipy.special import logsumexp

        root = last.kernel()
        white, parents = (np.linalg.solve(root, points.T).T for points in (standard, last.standard))
        with np.errstate(divide="ignore"):
            logs_of_parents = np.log(last.weights)[None, :]
        proposed = logsumexp(logs_of_parents - cdist(white, parents, "sqeuclidean") / 2.0, axis=1)
        logs = -np.sum(standard**2, axis=1) / 2.0 - proposed
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    def _check_failures(self, failed: int, tried: int, standard: Floats, distances: Floats) -> None:
        if tried >= 2 * self.settings.block and failed > _MOST_FAILED * tried:
            values = self.priors.values(standard)[int(np.argmax(np.isinf(distances)))]
            example = ", ".join(f"{name} {x:g}" for name, x in zip(self.priors.names, values, strict=True))
            raise CosimError(
                f"{failed} of {tried} simulations failed (no finite summaries), such as {example}"
            )


def fit(
    simulate: Simulator,
    priors: Priors,
    observed: Floats,
    settings: Settings | None = None,
    *,
    scale: Floats | None = None,
    report: Callable[[dict[str, float]], None] | None = None,
) -> Fit:
    """Fit parameters by ABC-SMC.

    Parameters
    ----------
    simulate : Simulator
    priors : Priors
    observed : array of shape (s,)
        Observed summaries, all finite.
    settings : Settings, optional
    scale : array of shape (s,), optional
        What counts as one unit of distance in each summary, such as the tolerance of its target. By default
        the summary's spread (median absolute deviation) in the first block simulated from the prior.
    report : callable, optional
        Told each generation's row of the history as it ends.

    Returns
    -------
    Fit

    Raises
    ------
    ConfigError
        When the observed summaries or the scale cannot be used, or not even the first generation can be
        simulated within the settings.
    CosimError
        When most simulations fail, or the simulator returns another shape.
    """
    settings = settings or Settings()
    observed, scale = _checked(observed, scale)
    sampler = _Sampler(simulate, priors, observed, settings, scale)
    last, stopped = None, ""
    for number in range(settings.generations):
        tolerance = math.inf if last is None else _next_tolerance(last, settings)
        found = sampler.generation(number, last, tolerance)
        if found is None:
            stopped = f"the {settings.simulations:,} simulations were used up"
            break
        last, row = found, sampler.history[-1]
        if report is not None:
            report(row)
        stopped = _finished(last, row, settings)
        if stopped:
            break
    if last is None or sampler.scale is None:
        raise ConfigError(
            "too few to simulate the first generation", key="simulations", value=settings.simulations
        )
    return Fit(
        posterior=Posterior(priors.names, priors.values(last.standard), last.weights),
        summaries=last.summaries,
        distances=last.distances,
        observed=observed,
        scale=sampler.scale,
        history=pd.DataFrame(sampler.history),
        stopped=stopped or f"{settings.generations} generations were done",
        priors=priors,
    )


def begun_around(
    sample: Posterior,
    simulate: Simulator,
    priors: Priors,
    observed: Floats,
    settings: Settings,
    *,
    scale: Floats,
) -> Fit:
    """Return a sample that is there already as a fit of one block, simulated under sets drawn from it."""
    sampler = _Sampler(simulate, priors, observed, settings, scale)
    summaries = sampler.run(sample.resample(settings.block, settings.seed))
    distances = sampler.distance(summaries)
    row = {"generation": 0, "simulations": settings.block, "failed": sampler.failed}
    told = "begun around an earlier sample"
    return Fit(sample, summaries, distances, observed, scale, pd.DataFrame([row]), told, priors)


def _checked(observed: Floats, scale: Floats | None) -> tuple[Floats, Floats | None]:
    observed = np.asarray(observed, dtype=np.float64)
    if observed.ndim != 1 or not observed.size or not np.isfinite(observed).all():
        raise ConfigError("observed summaries must be a list of finite numbers", key="observed")
    if scale is not None:
        scale = np.asarray(scale, dtype=np.float64)
        if scale.shape != observed.shape or not (np.isfinite(scale) & (scale > 0.0)).all():
            raise ConfigError("must have one number above 0 for each observed summary", key="scale")
    return observed, scale


def _next_tolerance(last: _Population, settings: Settings) -> float:
    distances = last.distances
    wanted = float(np.quantile(distances, settings.quantile))
    if wanted >= distances.max():  # ties: discrete summaries
        wanted = float(distances[distances < distances.max()].max())
    return max(wanted, settings.tolerance)


def _finished(last: _Population, row: dict[str, float], settings: Settings) -> str:
    """Say why there is no need for another generation; empty when there is."""
    if float(last.distances.max()) <= settings.tolerance:
        return f"the tolerance {settings.tolerance:g} was reached"
    if last.distances.min() == last.distances.max():
        return "all distances are the same"
    if row["accepted"] < settings.acceptance:
        return f"fewer than {settings.acceptance:.1%} were accepted"
    return ""


def _spread(summaries: Floats) -> Floats:
    """Return the median absolute deviation of each summary; 1 for one that does not vary."""
    known = summaries[~np.isnan(summaries).any(axis=1)]
    if not len(known):
        return np.ones(summaries.shape[1])
    spread: Floats = np.median(np.abs(known - np.median(known, axis=0)), axis=0)
    return np.where(spread > 0.0, spread, 1.0)
