"""PAWN and delta: what a factor does to the whole distribution of an outcome, beside a floor from dummies."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.checks import checked
from cosim.analysis.resampling import STANDARD, FloatArray, Resampling, percentile_bounds
from cosim.analysis.tables import Factors, numeric_factors, response
from cosim.errors import ConfigError

_BINS = 512

_Statistic = Callable[[FloatArray, FloatArray], float]


@checked
def pawn(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: Factors,
    *,
    slices: int = 10,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """PAWN: median, over slices of a factor, of the Kolmogorov-Smirnov distance to the whole distribution.

    Parameters
    ----------
    runs, design : DataFrame
        Run and design tables. Any space-filling design will do (random, Latin hypercube, Sobol' sequence),
        as long as factors vary independently.
    outcome : str
        Outcome column; means over replicates are analysed.
    factors : Factors
        Factors. Groups are refused: the method looks at one factor at a time.
    slices : int
        Number of slices with equal numbers of points; a factor with few values has a slice per value.
    resampling : Resampling
        Draws, seed and level. The interval is from half-samples; dummies are reshuffled copies of each
        factor.

    Returns
    -------
    DataFrame
        Columns ``factor``, ``index`` (``"PAWN"``), ``estimate``, ``low``, ``high``, ``se``, ``floor`` (what
        reshuffled copies of the factor reach with the probability given by the level) and ``above_floor``.

    Raises
    ------
    ConfigError, UnusableRunsError
        Too few points for the slices; runs failed, are missing or not finite (SALib would leave them out
        silently).

    Notes
    -----
    Definition as in SALib, without the p-values that take most of its time. Replicate noise in the means
    blurs the distributions and draws indices to the floor; there is no correction for it.

    References
    ----------
    Pianosi & Wagener (2018), doi:10.1016/j.envsoft.2018.07.019; dummies: Khorashadi Zadeh et al. (2017),
    doi:10.1016/j.envsoft.2017.02.001.
    """
    X, y = _sample(runs, design, outcome, factors)
    if slices < 2 or y.size < 5 * slices:
        raise ConfigError(
            "PAWN needs at least 5 points for each of at least 2 slices",
            key="slices",
            value=slices,
            allowed=f"2 to {y.size // 5} with {y.size} points",
        )

    def statistic(x: FloatArray, outcome_values: FloatArray) -> float:
        return _pawn(x, outcome_values, slices)

    return _table(X, y, factors, "PAWN", statistic, resampling)


@checked
def delta(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: Factors,
    *,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """Borgonovo's delta: half the mean area between the density of the outcome and that given the factor.

    Parameters and table are those of :func:`pawn` (``index`` is ``"delta"``). The estimator is that of
    SALib (kernel densities with Silverman's width, about n^(1/3.5) classes), on a grid with binned counts,
    which is some fifty times faster. It is never 0, not even for a factor that does nothing: read it
    against its floor, which shows what reshuffled copies of the factor reach.

    Raises
    ------
    ConfigError
        Fewer than 50 points, or so many equal outcomes that there is no density to speak of: use
        :func:`pawn`.

    References
    ----------
    Plischke, Borgonovo & Smith (2013), doi:10.1016/j.ejor.2012.11.047.
    """
    X, y = _sample(runs, design, outcome, factors)
    if y.size < 50:
        raise ConfigError("delta needs at least 50 points", key="design", value=y.size)
    most_common = int(np.unique(y, return_counts=True)[1].max())
    if most_common > 0.1 * y.size:
        raise ConfigError(
            f"{most_common} of {y.size} points share one value of the outcome, which therefore has no "
            "density; PAWN does not need one",
            key=outcome,
        )
    return _table(X, y, factors, "delta", _delta, resampling)


def _sample(
    runs: pd.DataFrame, design: pd.DataFrame, outcome: str, factors: Factors
) -> tuple[FloatArray, FloatArray]:
    if factors.grouped:
        raise ConfigError("moment-free indices look at one factor at a time, not at groups", key="groups")
    y = response(runs, design, outcome).values.mean(axis=1)
    if np.ptp(y) == 0:
        raise ConfigError("the outcome is the same at every point", key=outcome)
    return numeric_factors(design, factors), y


def _pawn(x: FloatArray, y: FloatArray, slices: int) -> float:
    """Median distance over slices of x with about equal numbers of points."""
    members = _slices(x, slices)
    order = np.argsort(y, kind="stable")
    ranked, members = y[order], members[order]
    n = y.size
    last_of_ties = np.append(ranked[1:] != ranked[:-1], True)
    whole = np.arange(1, n + 1) / n
    distances = []
    for k in range(int(members.max()) + 1):
        inside = members == k
        if inside.any():
            gap = np.abs(np.cumsum(inside) / inside.sum() - whole)
            distances.append(float(gap[last_of_ties].max()))
    return float(np.median(distances))


def _delta(x: FloatArray, y: FloatArray) -> float:
    """Half the mean area between the kernel density of y and that within classes of x of equal size."""
    n = y.size
    exponent = 2.0 / (7.0 + math.tanh((1500.0 - n) / 500.0))
    classes = min(math.ceil(n**exponent), 48)
    member = np.empty(n, dtype=np.int64)
    member[np.argsort(x, kind="stable")] = np.arange(n) * classes // n
    low, high = float(y.min()), float(y.max())
    # Counts on a fine grid (linear binning), with as much empty room again: smoothing must not wrap round.
    place = (y - low) / (high - low) * (_BINS - 1)
    bin_left = np.minimum(place.astype(np.int64), _BINS - 2)
    counts = np.zeros((classes, 2 * _BINS))
    np.add.at(counts, (member, bin_left), 1.0 - (place - bin_left))
    np.add.at(counts, (member, bin_left + 1), place - bin_left)
    sizes = np.bincount(member, minlength=classes).astype(np.float64)
    means = np.bincount(member, weights=place, minlength=classes) / sizes
    squares = np.bincount(member, weights=(place - means[member]) ** 2, minlength=classes)
    widths = np.sqrt(squares / np.maximum(sizes - 1, 1)) * (0.75 * sizes) ** -0.2
    within = _smooth(counts / sizes[:, None], widths)
    whole = _smooth(counts.sum(axis=0, keepdims=True) / n, np.array([place.std(ddof=1) * (0.75 * n) ** -0.2]))
    areas = np.abs(within - whole).sum(axis=1)
    return float(0.5 * (sizes * areas).sum() / n)


def _smooth(counts: FloatArray, widths: FloatArray) -> FloatArray:
    """Gaussian smoothing of each row with its own width, in bins."""
    frequency = 2 * np.pi * np.fft.rfftfreq(counts.shape[1])
    gauss = np.exp(-0.5 * (widths[:, None] * frequency[None, :]) ** 2)
    return np.asarray(np.fft.irfft(np.fft.rfft(counts, axis=1) * gauss, n=counts.shape[1], axis=1))


def _slices(x: FloatArray, slices: int) -> NDArray[np.int64]:
    values, codes = np.unique(x, return_inverse=True)
    if values.size <= slices:
        return codes.astype(np.int64)
    edges = np.quantile(x, np.linspace(0, 1, slices + 1)[1:-1])
    return np.searchsorted(edges, x, side="right").astype(np.int64)


def _table(
    X: FloatArray,
    y: FloatArray,
    factors: Factors,
    index: str,
    statistic: _Statistic,
    resampling: Resampling,
) -> pd.DataFrame:
    rng = resampling.generator()
    n = y.size
    rows = []
    for k, name in enumerate(factors.names):
        x = X[:, k]
        null = np.array([statistic(x[rng.permutation(n)], y) for _ in range(resampling.draws)])
        estimate = statistic(x, y)
        # Half-samples without replacement: the ties of an ordinary bootstrap would look like dependence.
        halves = np.empty(resampling.draws)
        for draw in range(resampling.draws):
            half = rng.permutation(n)[: n // 2]
            halves[draw] = statistic(x[half], y[half])
        se = float(halves.std(ddof=1))
        low, high = percentile_bounds(halves - halves.mean(), resampling.level)
        floor = float(np.quantile(null, resampling.level))
        rows.append(
            {
                "factor": name,
                "index": index,
                "estimate": estimate,
                "low": estimate + float(low),
                "high": estimate + float(high),
                "se": se,
                "floor": floor,
            }
        )
    table = pd.DataFrame(rows)
    if factors.dummy is not None:
        reach = table.loc[table["factor"] == factors.dummy, "high"].iloc[0]
        table["floor"] = table["floor"].clip(lower=reach)
    table["above_floor"] = table["low"] > table["floor"]
    return table
