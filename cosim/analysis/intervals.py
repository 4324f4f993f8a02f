"""Means, paired differences and shares with intervals that know what varies: worlds, replicates, or both."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from cosim.analysis.checks import checked
from cosim.analysis.resampling import (
    STANDARD,
    FloatArray,
    Replication,
    Resampling,
    check_level,
    check_replication,
    percentile_bounds,
)
from cosim.errors import ConfigError


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval.

    Attributes
    ----------
    estimate, low, high : float
        The estimate and the ends of its interval; the ends are nan when there is no interval.
    se : float
        Standard error of the estimate.
    n : int
        Number of independent units behind it.
    unit : str
        What those units are: ``"worlds"``, ``"replicates"`` or ``"values"``.
    level : float
        Level of the interval.
    """

    estimate: float
    low: float
    high: float
    se: float
    n: int
    unit: str
    level: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2.0


@dataclass(frozen=True)
class Components:
    """Variance components of an array of worlds by replicates.

    Attributes
    ----------
    worlds : float
        Variance between worlds.
    shared : float
        Variance of what a replicate number has in common over all worlds; 0 when they are nested.
    replicates : float
        Variance of the rest: replicates within worlds.
    n_worlds, n_replicates : int
        Shape of the array.
    """

    worlds: float
    shared: float
    replicates: float
    n_worlds: int
    n_replicates: int

    @property
    def noise_share(self) -> float:
        """Share of the variance of a single run that is replicate noise, 0..1; nan when nothing varies."""
        noise = self.shared + self.replicates
        total = self.worlds + noise
        return noise / total if total > 0 else math.nan

    def variance_of_mean(self, worlds: int, replicates: int) -> float:
        """Variance of a grand mean over so many worlds and replicates."""
        return self.worlds / worlds + self.shared / replicates + self.replicates / (worlds * replicates)


@checked
def mean_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """Mean of independent values with its Monte Carlo standard error and a t interval.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Independent values. With one value there is no standard error and no interval (nan).
    level : float
        Level of the interval.

    Examples
    --------
    >>> from cosim.analysis import mean_interval
    >>> found = mean_interval([0.2, 0.4, 0.3, 0.5])
    >>> round(found.estimate, 3), round(found.low, 3), round(found.high, 3)
    (0.35, 0.145, 0.555)
    """
    flat = _finite(values, ndim=1)
    check_level(level)
    n = flat.size
    mean = float(flat.mean())
    if n < 2:
        return Interval(mean, math.nan, math.nan, math.nan, n, "values", level)
    se = float(flat.std(ddof=1)) / math.sqrt(n)
    return _t_interval(mean, se, n - 1, n, "values", level)


@checked
def wilson_interval(successes: float, n: int, level: float = 0.95) -> Interval:
    """Share with the Wilson score interval.

    Parameters
    ----------
    successes : float
        Number of successes, 0..n; a fraction (a shared tie) is allowed and makes the interval conservative.
    n : int
        Number of independent trials, at least 1.
    level : float
        Level of the interval.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> from cosim.analysis import wilson_interval
    >>> found = wilson_interval(8, 10)
    >>> round(found.low, 3), round(found.high, 3)
    (0.49, 0.943)
    """
    check_level(level)
    if n < 1 or not 0 <= successes <= n:
        raise ConfigError(
            "a share needs 0 to n successes out of at least one trial", key="successes", value=(successes, n)
        )
    z = _normal_quantile(0.5 + level / 2)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return Interval(share, low, high, math.sqrt(share * (1 - share) / n), n, "worlds", level)


@checked
def components(values: ArrayLike, replication: Replication = "crossed") -> Components:
    """Variance components of an array of worlds by replicates (method of moments, negative ones set to 0).

    Parameters
    ----------
    values : array_like of float, shape (worlds, replicates)
        A value, or a paired difference, per world and replicate. With one replicate, noise cannot be told
        from worlds: all variance is put down to worlds and the other components are nan; with one world all
        of it is noise and the component of worlds is nan.
    replication : {"crossed", "nested"}
        Whether equal replicate numbers share their random numbers over worlds.
    """
    table = _finite(values, ndim=2)
    check_replication(replication)
    W, R = table.shape
    if R < 2:
        between = float(table[:, 0].var(ddof=1)) if W > 1 else math.nan
        return Components(between, math.nan, math.nan, W, R)
    if W < 2:
        return Components(math.nan, 0.0, float(table.var(ddof=1)), W, R)
    ms_world, ms_replicate, ms_rest = _mean_squares(table)
    if replication == "nested":
        ms_rest = float(table.var(axis=1, ddof=1).mean())
        shared = 0.0
    else:
        shared = max((ms_replicate - ms_rest) / W, 0.0)
    return Components(max((ms_world - ms_rest) / R, 0.0), shared, ms_rest, W, R)


@checked
def paired_interval(
    differences: ArrayLike, level: float = 0.95, replication: Replication = "crossed"
) -> Interval:
    """Mean of paired differences with an interval that takes worlds as the independent units.

    Parameters
    ----------
    differences : array_like of float, shape (worlds, replicates)
        Difference between two arms in the same world and the same replicate.
    level : float
        Level of the interval.
    replication : {"crossed", "nested"}
        With ``nested`` this is the t interval over world means (worlds - 1 degrees of freedom). With
        ``crossed`` the variance also holds what equal replicate numbers share over worlds, which more
        worlds would not average out (two-way random effects; degrees of freedom after Satterthwaite 1946,
        doi:10.2307/3002019). It errs on the wide side when nothing is shared.

    Notes
    -----
    With one world the interval is over replicates and speaks of that world only (``unit`` is
    ``"replicates"``). With one replicate, what replicates share cannot be seen, and the
    interval is that over worlds.

    Examples
    --------
    >>> from cosim.analysis import paired_interval
    >>> found = paired_interval([[-0.2, -0.1], [-0.2, -0.3], [-0.1, -0.1]], replication="nested")
    >>> round(found.estimate, 3), found.unit, found.high < 0
    (-0.167, 'worlds', False)
    """
    table = _finite(differences, ndim=2)
    check_level(level)
    check_replication(replication)
    W, R = table.shape
    mean = float(table.mean())
    if W < 2:
        inner = mean_interval(table[0], level)
        return Interval(mean, inner.low, inner.high, inner.se, R, "replicates", level)
    if replication == "nested" or R < 2:
        inner = mean_interval(table.mean(axis=1), level)
        return Interval(mean, inner.low, inner.high, inner.se, W, "worlds", level)
    ms_world, ms_replicate, ms_rest = _mean_squares(table)
    total = ms_world + ms_replicate - ms_rest
    spread = ms_world**2 / (W - 1) + ms_replicate**2 / (R - 1) + ms_rest**2 / ((W - 1) * (R - 1))
    if ms_replicate <= ms_rest or spread == 0.0:
        return _t_interval(mean, math.sqrt(ms_world / (W * R)), W - 1, W, "worlds", level)
    return _t_interval(mean, math.sqrt(total / (W * R)), total**2 / spread, W, "worlds", level)


@checked
def monte_carlo_error(values: ArrayLike, replication: Replication = "crossed") -> float:
    """Return the standard error of a grand mean that is due to replicates alone.

    The worlds are held fixed. With one replicate it cannot be known (nan).

    Parameters
    ----------
    values : array_like of float, shape (worlds, replicates)
        A value, or a paired difference, per world and replicate.
    replication : {"crossed", "nested"}
        With crossed replicates their means over worlds are the independent values.

    Examples
    --------
    >>> from cosim.analysis import monte_carlo_error
    >>> round(monte_carlo_error([[0.2, 0.4], [0.3, 0.5]]), 3)
    0.1
    """
    table = _finite(values, ndim=2)
    check_replication(replication)
    W, R = table.shape
    if R < 2:
        return math.nan
    if replication == "crossed":
        return float(table.mean(axis=0).std(ddof=1)) / math.sqrt(R)
    within = float(table.var(axis=1, ddof=1).sum())
    return float(np.sqrt(within / R) / W)


@checked
def cluster_bootstrap(
    values: ArrayLike, statistic: Callable[[FloatArray], ArrayLike], resampling: Resampling = STANDARD
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Percentile bootstrap that draws whole worlds with all their replicates.

    Parameters
    ----------
    values : array_like of float, shape (worlds, ...)
        Anything whose first axis is worlds.
    statistic : callable
        Takes an array of the same shape; returns a number or an array.
    resampling : Resampling
        Draws, seed and level.

    Returns
    -------
    estimate, low, high : ndarray
        The statistic of `values` and its percentile bounds.
    """
    table = _finite(values)
    rng = resampling.generator()
    W = table.shape[0]
    draws = [
        np.asarray(statistic(table[rng.integers(W, size=W)]), dtype=np.float64)
        for _ in range(resampling.draws)
    ]
    low, high = percentile_bounds(np.stack(draws), resampling.level)
    return np.asarray(statistic(table), dtype=np.float64), low, high


@checked
def hierarchical_bootstrap(
    values: ArrayLike, statistic: Callable[[FloatArray], ArrayLike], resampling: Resampling = STANDARD
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Percentile bootstrap over both levels: worlds are drawn, and replicates within them.

    With nested replicates each drawn world draws its own; with crossed ones one draw of replicates
    serves all worlds (two-way "pigeonhole" bootstrap). Both err on the wide side, because replicate noise
    is counted at both levels; for a plain mean :func:`paired_interval` is sharper.

    Parameters
    ----------
    values : array_like of float, shape (worlds, replicates)
        A value per world and replicate.
    statistic : callable
        Takes an array of the same shape; returns a number or an array.
    resampling : Resampling
        Draws, seed, level and replication.

    Returns
    -------
    estimate, low, high : ndarray
        The statistic of `values` and its percentile bounds.

    References
    ----------
    Owen (2007), doi:10.1214/07-AOAS122.
    """
    table = _finite(values, ndim=2)
    rng = resampling.generator()
    W, R = table.shape
    draws = []
    for _ in range(resampling.draws):
        rows = rng.integers(W, size=(W, 1))
        columns = rng.integers(R, size=(1, R) if resampling.replication == "crossed" else (W, R))
        draws.append(np.asarray(statistic(table[rows, columns]), dtype=np.float64))
    low, high = percentile_bounds(np.stack(draws), resampling.level)
    return np.asarray(statistic(table), dtype=np.float64), low, high


def _mean_squares(table: FloatArray) -> tuple[float, float, float]:
    """Mean squares of a two-way layout without repeats: worlds, replicate numbers, and the rest."""
    W, R = table.shape
    grand = table.mean()
    by_world = table.mean(axis=1) - grand
    by_replicate = table.mean(axis=0) - grand
    rest = table - grand - by_world[:, None] - by_replicate[None, :]
    return (
        float(R * (by_world**2).sum() / (W - 1)),
        float(W * (by_replicate**2).sum() / (R - 1)),
        float((rest**2).sum() / ((W - 1) * (R - 1))),
    )


@lru_cache(maxsize=4096)  # SciPy takes a tenth of a millisecond, and a study asks thousands of times
def _t_quantile(probability: float, df: float) -> float:
    return float(stats.t.ppf(probability, df))


@lru_cache(maxsize=256)
def _normal_quantile(probability: float) -> float:
    return float(stats.norm.ppf(probability))


def _t_interval(mean: float, se: float, df: float, n: int, unit: str, level: float) -> Interval:
    half = _t_quantile(0.5 + level / 2, float(df)) * se
    return Interval(mean, mean - half, mean + half, se, n, unit, level)


def _finite(values: ArrayLike, ndim: int | None = None) -> FloatArray:
    table = np.asarray(values, dtype=np.float64)
    if ndim is not None and table.ndim != ndim:
        raise ConfigError(f"needs an array with {ndim} axes", key="values", value=table.shape)
    if table.size == 0:
        raise ConfigError("needs at least one value", key="values", value=table.shape)
    if not np.isfinite(table).all():
        raise ConfigError(
            "values must be finite", key="values", value=f"{int((~np.isfinite(table)).sum())} are not"
        )
    return table
