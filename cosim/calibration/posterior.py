"""What is believed of parameters once the data have spoken: a weighted sample, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.calibration.priors import Floats, Priors
from cosim.errors import ConfigError, nearest_name

WEIGHT = "weight"
"""Column of a posterior's table that holds the weights."""


@dataclass(frozen=True)
class Posterior:
    """A weighted sample of parameter values.

    Attributes
    ----------
    names : tuple of str
        k parameters.
    theta : array of shape (m, k)
    weights : array of shape (m,)
        At least 0, sum 1.
    """

    names: tuple[str, ...]
    theta: Floats
    weights: Floats

    def __post_init__(self) -> None:
        if self.theta.shape != (len(self.weights), len(self.names)) or not len(self.weights):
            raise ConfigError("values, weights and names do not fit together", value=list(self.theta.shape))
        if not np.isfinite(self.theta).all() or not (self.weights >= 0.0).all():
            raise ConfigError("values must be finite and weights at least 0")
        if abs(self.weights.sum() - 1.0) > 1e-9:
            raise ConfigError("weights must sum to 1", value=float(self.weights.sum()))

    def column(self, name: str) -> Floats:
        """Return the sampled values of one parameter.

        Raises
        ------
        ConfigError
            With the nearest name.
        """
        if name not in self.names:
            raise ConfigError("was not fitted", key=name, nearest=nearest_name(name, self.names))
        return self.theta[:, self.names.index(name)]

    def quantile(self, name: str, at: float) -> float:
        """Return a weighted quantile (the values' midpoints in weight are joined by straight lines)."""
        return float(weighted_quantile(self.column(name), self.weights, np.array([at]))[0])

    def median(self, name: str) -> float:
        """Return the median."""
        return self.quantile(name, 0.5)

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return the central credible interval."""
        tail = (1.0 - level) / 2.0
        return self.quantile(name, tail), self.quantile(name, 1.0 - tail)

    def mean(self) -> Floats:
        """Return the means, shape (k,)."""
        mean: Floats = self.weights @ self.theta
        return mean

    def covariance(self) -> Floats:
        """Return the covariance, shape (k, k)."""
        return weighted_covariance(self.theta, self.weights)

    def correlation(self) -> pd.DataFrame:
        """Return the correlations between parameters; NaN for one that does not vary."""
        covariance = self.covariance()
        sd = np.sqrt(np.diag(covariance))
        with np.errstate(invalid="ignore", divide="ignore"):
            table = covariance / np.outer(sd, sd)
        return pd.DataFrame(table, index=list(self.names), columns=list(self.names))

    def summary(self) -> pd.DataFrame:
        """Return a row per parameter: parameter, median, low and high (95 %), mean, sd."""
        sd = np.sqrt(np.diag(self.covariance()))
        rows = []
        for place, name in enumerate(self.names):
            low, high = self.interval(name)
            rows.append(
                {
                    "parameter": name,
                    "median": self.median(name),
                    "low": low,
                    "high": high,
                    "mean": float(self.mean()[place]),
                    "sd": float(sd[place]),
                }
            )
        return pd.DataFrame(rows)

    @property
    def effective_size(self) -> float:
        """Size of an unweighted sample that would be as precise: 1 over the sum of squared weights (Kish)."""
        return float(1.0 / np.sum(self.weights**2))

    def effective_parameters(self, priors: Priors) -> float:
        """Return how many parameters the data have determined, from 0 (none) to k (all).

        With the prior a standard normal, each direction of the posterior counts 1 less its variance: a
        direction about which nothing was learned has variance 1 and counts 0. For normal linear models this
        is the effective number of parameters of Spiegelhalter et al. 2002, doi 10.1111/1467-9868.00353.

        Raises
        ------
        ConfigError
            When the priors are about other parameters.
        """
        if priors.names != self.names:
            raise ConfigError("the priors are about other parameters", value=list(priors.names))
        spread = weighted_covariance(priors.standard(self.theta), self.weights)
        return float(np.clip(1.0 - np.linalg.eigvalsh(spread), 0.0, 1.0).sum())

    def resample(self, draws: int, seed: int) -> Floats:
        """Return `draws` parameter sets, drawn by weight with replacement; shape (draws, k)."""
        if seed < 1 or draws < 1:
            raise ConfigError("draws and seed must be 1 or more", value=[draws, seed])
        rng = np.random.default_rng(seed)
        return self.theta[rng.choice(len(self.weights), size=draws, p=self.weights)]

    def table(self) -> pd.DataFrame:
        """Return the sample as a table: a column per parameter, and `weight`."""
        return pd.DataFrame(self.theta, columns=list(self.names)).assign(**{WEIGHT: self.weights})

    def write(self, path: str | Path) -> None:
        """Write the sample as CSV; every number reads back to the same bits."""
        self.table().to_csv(path, index=False, float_format="%.17g")


def read_posterior(path: str | Path) -> Posterior:
    """Read a sample written by `Posterior.write`.

    Raises
    ------
    ConfigError
        When the file is missing, no such table, or its weights are not weights.
    """
    file = Path(path)
    try:
        table = pd.read_csv(file, dtype=str)  # Python reads every digit, pandas not always
    except FileNotFoundError:
        raise ConfigError("there is no such file", file=file) from None
    except (ValueError, OSError) as error:
        raise ConfigError(f"not a posterior's table: {error}", file=file) from None
    if WEIGHT not in table.columns or len(table.columns) < 2:
        raise ConfigError(
            "a posterior's table has a column per parameter, and this one", file=file, key=WEIGHT
        )
    names = tuple(name for name in table.columns if name != WEIGHT)
    try:
        numbers = table.map(float)
        return Posterior(names, numbers[list(names)].to_numpy(), numbers[WEIGHT].to_numpy())
    except ConfigError as error:
        raise error.located(file=file) from None
    except ValueError:
        raise ConfigError("every cell must be a number", file=file) from None


def regression_adjusted(
    posterior: Posterior, priors: Priors, summaries: Floats, observed: Floats, distances: Floats
) -> Posterior:
    """Correct a sample for the distance that is left between simulated and observed summaries.

    A weighted linear regression of the (standardised) parameters on the summaries is followed from each
    simulated summary to the observed one; nearer simulations weigh more (Epanechnikov). Beaumont, Zhang &
    Balding 2002, Genetics 162:2025-2035.

    Parameters
    ----------
    posterior : Posterior
    priors : Priors
    summaries : array of shape (m, s)
        Simulated summaries of each sampled value.
    observed : array of shape (s,)
    distances : array of shape (m,)

    Returns
    -------
    Posterior
        The same when there are too few values to regress on, or all distances are 0.
    """
    farthest = float(distances.max())
    m, s = summaries.shape
    if farthest <= 0.0 or m <= 5 * (s + 1):
        return posterior
    weights = posterior.weights * np.clip(1.0 - (distances / farthest) ** 2, 0.0, None)
    if weights.sum() <= 0.0:
        return posterior
    weights = weights / weights.sum()
    apart = summaries - observed
    spread = apart.std(axis=0)
    apart = apart / np.where(spread > 0.0, spread, 1.0)
    design = np.column_stack([np.ones(m), apart])
    root = np.sqrt(weights)[:, None]
    standard = priors.standard(posterior.theta)
    slopes = np.linalg.lstsq(design * root, standard * root, rcond=None)[0][1:]
    kept = weights > 0.0
    theta = priors.values(standard - apart @ slopes)[kept]
    return replace(posterior, theta=theta, weights=weights[kept] / weights[kept].sum())


def weighted_covariance(values: Floats, weights: Floats) -> Floats:
    """Return the covariance of a weighted sample, unbiased for reliability weights; shape (k, k)."""
    apart = values - weights @ values
    less = 1.0 - float(np.sum(weights**2))
    covariance: Floats = (apart * weights[:, None]).T @ apart / (less if less > 0.0 else 1.0)
    return covariance


def weighted_quantile(values: Floats, weights: Floats, at: NDArray[np.float64]) -> Floats:
    """Return weighted quantiles of a sample: weight up to each value's middle, straight lines between."""
    order = np.argsort(values, kind="stable")
    middle = np.cumsum(weights[order]) - weights[order] / 2.0
    return np.interp(at, middle, values[order])
