"""The last step of a fit: the posterior under an emulator of the model, learned around the fitted sample.

Many summaries and few simulations leave a sample as wide as its tolerance. The mean of every summary is
therefore regressed on the parameters, with squares and products, and parameters are drawn from the prior
times a normal kernel of the distance between observed and emulated summaries. Parameters that other data have
updated vary little, and are taken as straight.

No setting meets every target, and the real corpora have their noise, too. So the kernel is as wide as the
distance that is left where the model comes closest, and no narrower than the noise of one simulated corpus.
All targets count alike, each in its own unit: where a model is off, how targets vary together by chance is no
guide to which of them to believe.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cosim.calibration.abc_smc import Fit, Simulator
from cosim.calibration.posterior import Posterior, weighted_covariance
from cosim.calibration.priors import Floats, Priors
from cosim.errors import ConfigError

_WIDER = 1.6  # SD of the design around a sample, in SDs of that sample
ROUNDS = 2  # around the fitted sample, then around its own
_LEAST = 3  # simulations for each coefficient, at the least
_STEPS = 1500
_AGAIN = 10  # emulators from which the error of the medians is known


def adjusted(
    found: Fit, simulate: Simulator, draws: int, seed: int, keep: int = 500, rounds: int = ROUNDS
) -> Fit:
    """Return the fit with a sample of the posterior under an emulator, and the error of its medians.

    Parameters
    ----------
    found : Fit
        Around whose population the emulator is learned.
    simulate : Simulator
    draws : int
        Simulations that it is learned from in each round.
    seed : int
        1 or more.
    keep : int
        Size of the sample returned, of equal weights: the ends of as many chains.
    rounds : int
        Each simulates around the sample of the one before, the first around the population, and learns from
        all simulations so far.

    Raises
    ------
    ConfigError
        When there are too few draws for the coefficients.
    """
    count = len(found.priors)
    least = _LEAST * _terms(np.zeros((1, count)), found.priors.updated).shape[1]
    if draws < least:
        raise ConfigError("too few for an emulator", key="draws", value=draws, allowed=f">= {least}")
    rng = np.random.default_rng([seed, 1])
    sample, first = found.posterior, 1 + (seed << 40)  # seeds that the fit has not used
    designs: list[Floats] = []
    told: list[Floats] = []
    for _ in range(rounds):
        design = design_around(sample, found.priors, draws, rng)
        seeds = np.arange(first, first + draws, dtype=np.int64)
        first += draws
        summaries = np.asarray(simulate(found.priors.values(design), seeds), dtype=np.float64)
        apart = (summaries - found.observed) / found.scale
        known = np.isfinite(apart).all(axis=1)
        designs.append(design[known])
        told.append(apart[known])
        every = np.concatenate(designs), np.concatenate(told)
        ends = chains(learned(*every, found.priors), keep, rng)
        sample = Posterior(sample.names, found.priors.values(ends), np.full(keep, 1.0 / keep))
    error = _error(*every, sample, found.priors, rng)
    return replace(found, posterior=sample, error=error, emulated=rounds * draws)


def _error(
    design: Floats, apart: Floats, sample: Posterior, priors: Priors, rng: np.random.Generator
) -> Floats:
    """Return the error of a sample's medians.

    How far the best point moves among emulators learned on resampled simulations, and the error of the draws.
    """
    best = []
    for _ in range(_AGAIN):
        rows = rng.integers(0, len(design), len(design))
        best.append(learned(design[rows], apart[rows], priors).best)
    learning = priors.values(np.array(best)).var(axis=0, ddof=1)
    drawing = np.pi / 2.0 * np.diag(sample.covariance()) / len(sample.weights)
    return np.asarray(np.sqrt(learning + drawing))


@dataclass(frozen=True)
class _Emulator:
    """Mean of the simulated less the observed summaries, in their units, by the parameters.

    Attributes
    ----------
    priors : Priors
    coefficients : array of shape (terms, s)
        Of the terms of the parameters as `Priors.scaled` gives them.
    noise : float
        Variance of a summary from simulation to simulation, the mean over summaries.
    low, high : arrays of shape (k,)
        Where it was learned, in standard values.
    best : array of shape (k,)
        Where the model comes closest, the prior counted in.
    """

    priors: Priors
    coefficients: Floats
    noise: float
    low: Floats
    high: Floats
    best: Floats

    def mean(self, standard: Floats) -> Floats:
        """Return the mean at some parameters, shape (m, s)."""
        return np.asarray(_terms(self.priors.scaled(standard), self.priors.updated) @ self.coefficients)

    def allowed(self) -> float:
        """Return the variance of the kernel, in squared units."""
        return max(self.noise, float(np.mean(self.mean(self.best[None, :]) ** 2)))


def design_around(sample: Posterior, priors: Priors, draws: int, rng: np.random.Generator) -> Floats:
    """Return standard values around a sample, wider than it."""
    last, weights = priors.standard(sample.theta), sample.weights
    covariance = weighted_covariance(last, weights) + 1e-10 * np.eye(last.shape[1])
    parents = rng.choice(len(weights), size=draws, p=weights)
    moved = rng.standard_normal((draws, len(covariance))) @ np.linalg.cholesky(covariance).T
    return np.asarray(last[parents] + np.sqrt(_WIDER**2 - 1.0) * moved)


def _terms(scaled: Floats, straight: int) -> Floats:
    """Return constant and values; squares and products of all but the first, which are `straight`."""
    bent = scaled[:, straight:]
    one, other = np.triu_indices(bent.shape[1])
    return np.column_stack([np.ones(len(scaled)), scaled, bent[:, one] * bent[:, other]])


def learned(design: Floats, apart: Floats, priors: Priors) -> _Emulator:
    """Learn an emulator.

    Parameters
    ----------
    design : array of shape (m, k)
        Standard values.
    apart : array of shape (m, s)
        Simulated less observed summaries, in their units.
    priors : Priors
    """
    from scipy.optimize import minimize

    terms = _terms(priors.scaled(design), priors.updated)
    coefficients: Floats = np.linalg.lstsq(terms, apart, rcond=None)[0].astype(np.float64)
    left = apart - terms @ coefficients
    noise = float(np.sum(left**2) / (len(terms) - terms.shape[1]) / apart.shape[1])
    low, high = design.min(axis=0), design.max(axis=0)

    def misfit(at: Floats) -> float:
        mean = _terms(priors.scaled(at[None, :]), priors.updated) @ coefficients
        return float(np.sum(mean**2) / noise + at @ at)

    start = design[np.argmin(((terms @ coefficients) ** 2).sum(axis=1))]
    best = minimize(misfit, start, bounds=list(zip(low, high, strict=True))).x
    return _Emulator(priors, coefficients, noise, low, high, np.asarray(best))


def chains(emulator: _Emulator, keep: int, rng: np.random.Generator) -> Floats:
    """Return the ends of Metropolis chains that start around the best point (standard values)."""
    width = emulator.allowed()
    count = len(emulator.best)

    def logs(at: Floats) -> Floats:
        inside = ((at >= emulator.low) & (at <= emulator.high)).all(axis=1)
        density = -0.5 * ((emulator.mean(at) ** 2).sum(axis=1) / width + (at**2).sum(axis=1))
        return np.where(inside, density, -np.inf)

    step = 1e-4 * np.eye(count)
    slopes = (emulator.mean(emulator.best + step) - emulator.mean(emulator.best - step)) / 2e-4
    covariance = np.linalg.inv(slopes @ slopes.T / width + np.eye(count))
    root = np.linalg.cholesky(covariance)
    now = np.clip(emulator.best + rng.standard_normal((keep, count)) @ root.T, emulator.low, emulator.high)
    density = logs(now)
    for _ in range(_STEPS):
        there = now + 2.38 / np.sqrt(count) * rng.standard_normal((keep, count)) @ root.T
        new = logs(there)
        goes = np.log(rng.random(keep)) < new - density
        now[goes], density[goes] = there[goes], new[goes]
    return now
