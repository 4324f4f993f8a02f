"""The last step of a fit: a regression takes the sample from the simulated summaries to the observed ones.

Many summaries and few simulations leave a sample as wide as its tolerance. The parameters are therefore
regressed on the summaries near the observed ones, and each set follows the regression from its own summaries
to those observed (Beaumont, Zhang & Balding 2002, Genetics 162:2025-2035).
"""

from __future__ import annotations

import numpy as np

from cosim.errors import ConfigError
from cosim.evidence.abc_smc import Fit, Simulator
from cosim.evidence.posterior import Posterior, weighted_covariance
from cosim.evidence.priors import Floats

_NEAR = 0.6  # share of the simulations that are regressed on
_LEAST = 3  # simulations for each summary, at the least


def adjusted(found: Fit, simulate: Simulator, draws: int, seed: int, keep: int = 500) -> Posterior:
    """Return a sample that is corrected for the distance that is left.

    Parameters
    ----------
    found : Fit
        Whose population new parameter sets are proposed from (each counts by prior over proposal density).
    simulate : Simulator
    draws : int
        New simulations; none is thrown away but the farther ones.
    seed : int
        1 or more.
    keep : int
        Size of the sample returned, of equal weights.

    Raises
    ------
    ConfigError
        When there are too few draws for a regression on so many summaries.
    """
    count = len(found.observed)
    near = int(draws * _NEAR)
    if near < _LEAST * (count + 1):
        least = int(np.ceil(_LEAST * (count + 1) / _NEAR))
        raise ConfigError("too few for a regression", key="draws", value=draws, allowed=f">= {least}")
    rng = np.random.default_rng([seed, 1])
    standard, weights = _proposed(found, draws, rng)
    seeds = np.arange(1, draws + 1, dtype=np.int64) + (seed << 40)  # none that the fit has used
    summaries = np.asarray(simulate(found.priors.values(standard), seeds), dtype=np.float64)
    apart = (summaries - found.observed) / found.scale
    distances = np.sqrt(np.mean(apart**2, axis=1))
    distances = np.where(np.isnan(distances), np.inf, distances)
    order = np.argsort(distances, kind="stable")[:near]
    farthest = float(distances[order[-1]])
    nearness = np.clip(1.0 - (distances[order] / farthest) ** 2, 1e-6, None)
    design = np.column_stack([np.ones(near), apart[order]])
    root = np.sqrt(nearness)[:, None]
    fitted, _, rank, _ = np.linalg.lstsq(design * root, standard[order] * root, rcond=None)
    residuals = standard[order] - design @ fitted
    size = float(nearness.sum() ** 2 / np.sum(nearness**2))
    residuals *= np.sqrt(size / max(size - rank, 1.0))  # what the regression took up by chance
    theta = found.priors.values(fitted[0] + residuals)
    whole = weights[order] * nearness
    sample = Posterior(found.posterior.names, theta, whole / whole.sum())
    return Posterior(sample.names, sample.resample(keep, seed), np.full(keep, 1.0 / keep))


def _proposed(found: Fit, draws: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw standard values around the population's; return them with prior over proposal density."""
    from scipy.spatial.distance import cdist
    from scipy.special import logsumexp

    last, before = found.priors.standard(found.posterior.theta), found.posterior.weights
    covariance = weighted_covariance(last, before)
    root = np.linalg.cholesky(covariance + 1e-10 * np.eye(len(covariance)))
    parents = rng.choice(len(before), size=draws, p=before)
    standard = last[parents] + rng.standard_normal((draws, len(covariance))) @ root.T
    white, centres = (np.linalg.solve(root, points.T).T for points in (standard, last))
    with np.errstate(divide="ignore"):
        logs_of_parents = np.log(before)[None, :]
    proposed = logsumexp(logs_of_parents - cdist(white, centres, "sqeuclidean") / 2.0, axis=1)
    logs = -np.sum(standard**2, axis=1) / 2.0 - proposed
    weights = np.exp(logs - logs.max())
    return standard, np.asarray(weights / weights.sum(), dtype=np.float64)
