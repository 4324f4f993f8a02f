"""How much of what varies is replicate noise, and was N enough? In numbers, and in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cosim.analysis.checks import checked
from cosim.analysis.intervals import Components, components
from cosim.analysis.resampling import STANDARD, FloatArray, Replication, Resampling
from cosim.analysis.tables import Response, cube, response
from cosim.errors import ConfigError


@dataclass(frozen=True)
class NoiseShare:
    """Replicate noise of one outcome over a design.

    Attributes
    ----------
    signal : float
        Variance, over design points, of the expected outcome; never negative.
    noise : float
        Variance of single runs around the expected outcome of their point.
    of_runs : float
        Share of the variance of single runs that is noise, 0..1.
    of_means : float
        The same for means over the replicates, if different points have independent random numbers; common
        random numbers make it smaller.
    """

    signal: float
    noise: float
    of_runs: float
    of_means: float
    n_points: int
    n_replicates: int

    def words(self) -> str:
        """Say it in one sentence."""
        if not math.isfinite(self.of_runs):
            return "Nothing varied: neither between design points nor between replicates."
        return (
            f"Of the variance of a single run, {self.of_runs:.0%} is replicate noise; of the variance "
            f"of means over {self.n_replicates} replicates, at most {self.of_means:.0%} "
            f"({self.n_points} design points)."
        )


@checked
def noise_share(runs: pd.DataFrame, design: pd.DataFrame, outcome: str) -> NoiseShare:
    """Split the variance of an outcome over a design into signal and replicate noise.

    Needs at least two replicates and two points; see :func:`cosim.analysis.tables.response` for what is
    refused.
    """
    return noise_of(response(runs, design, outcome))


def noise_of(values: Response) -> NoiseShare:
    """Split the variance of a response into signal and replicate noise, see :func:`noise_share`."""
    n, R = values.values.shape
    if R < 2:
        raise ConfigError(
            "one replicate cannot show replicate noise", key="replicates", value=R, allowed="2 or more"
        )
    noise = float(values.values.var(axis=1, ddof=1).mean())
    signal = max(cross_variance(values.values), 0.0)
    total = signal + noise
    if total == 0:
        return NoiseShare(0.0, 0.0, math.nan, math.nan, n, R)
    return NoiseShare(signal, noise, noise / total, (noise / R) / (signal + noise / R), n, R)


def cross_variance(values: FloatArray) -> float:
    """Variance over points of the expected outcome, free of replicate noise.

    Each product is taken between two different replicates, whose random numbers are independent, so that
    noise drops out whether or not points share them. May come out below 0 when there is no signal.

    Parameters
    ----------
    values : ndarray of float, shape (points, replicates)
        At least two points and two replicates.
    """
    n, R = values.shape
    if n < 2:
        raise ConfigError("variance over points needs at least two points", key="points", value=n)
    centred = values - values.mean(axis=0)
    pairs = centred.sum(axis=1) ** 2 - (centred**2).sum(axis=1)
    return float(pairs.sum() / ((n - 1) * R * (R - 1)))


@checked
def variance_components(
    runs: pd.DataFrame, outcome: str, replication: Replication = "crossed"
) -> pd.DataFrame:
    """Variance components of an outcome over arms, worlds and replicates.

    Parameters
    ----------
    runs : DataFrame
        Run table with every arm in every world and replicate, at least two of each.
    outcome : str
        Outcome column.
    replication : {"crossed", "nested"}
        With crossed replicates, what equal replicate numbers share over arms and worlds is told apart as
        ``shared replicate``.

    Returns
    -------
    DataFrame
        Rows ``arm``, ``world``, ``arm x world``, ``shared replicate`` (crossed only) and ``replicate``;
        columns ``component``, ``variance`` and ``share`` of their sum. Method of moments, negative estimates
        set to 0.
    """
    table = cube(runs, outcome)
    A, W, R = table.values.shape
    if min(A, W, R) < 2:
        raise ConfigError(
            "variance components need at least two arms, worlds and replicates",
            key="runs",
            value=f"{A} arms, {W} worlds, {R} replicates",
        )
    values = table.values
    cell, grand = values.mean(axis=2), values.mean()
    arm, world, rep = (
        values.mean(axis=(1, 2)) - grand,
        values.mean(axis=(0, 2)) - grand,
        values.mean(axis=(0, 1)) - grand,
    )
    ms_arm = W * R * float((arm**2).sum()) / (A - 1)
    ms_world = A * R * float((world**2).sum()) / (W - 1)
    ms_both = R * float(((cell - grand - arm[:, None] - world[None, :]) ** 2).sum()) / ((A - 1) * (W - 1))
    rest = values - cell[:, :, None]
    rows: list[tuple[str, float]] = []
    if replication == "crossed":
        ms_replicate = A * W * float((rep**2).sum()) / (R - 1)
        ms_rest = float(((rest - rep) ** 2).sum()) / ((A * W - 1) * (R - 1))
        rows.append(("shared replicate", (ms_replicate - ms_rest) / (A * W)))
    else:
        ms_rest = float((rest**2).sum()) / (A * W * (R - 1))
    rows = [
        ("arm", (ms_arm - ms_both) / (W * R)),
        ("world", (ms_world - ms_both) / (A * R)),
        ("arm x world", (ms_both - ms_rest) / R),
        *rows,
        ("replicate", ms_rest),
    ]
    variances = np.array([max(variance, 0.0) for _, variance in rows])
    total = variances.sum()
    shares = variances / total if total > 0 else np.full(len(rows), math.nan)
    return pd.DataFrame({"component": [name for name, _ in rows], "variance": variances, "share": shares})


@checked
def difference_components(
    runs: pd.DataFrame, baseline: str, outcome: str, replication: Replication = "crossed"
) -> dict[str, Components]:
    """Variance components of the paired differences of each arm to the baseline."""
    table = cube(runs, outcome)
    reference = table.arm(baseline)
    return {arm: components(table.arm(arm) - reference, replication) for arm in table.arms if arm != baseline}


@checked
def convergence(
    values: ArrayLike,
    statistic: Callable[[FloatArray], float],
    sizes: Sequence[int] | None = None,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """How an estimate settles as more of the sample is used.

    Parameters
    ----------
    values : array_like of float, shape (n, ...)
        Sample whose first axis holds the independent units (worlds).
    statistic : callable
        Takes an array of the same kind with fewer units; returns a number.
    sizes : sequence of int, optional
        Subsample sizes, 2..n; about eight from n/16 to n when absent.
    resampling : Resampling
        Number of random subsamples (drawn without replacement) per size, seed, level.

    Returns
    -------
    DataFrame
        Columns ``n``, ``estimate`` (mean over subsamples), ``low``, ``high`` (percentiles over subsamples;
        at the full size all three coincide).
    """
    table = np.asarray(values, dtype=np.float64)
    total = table.shape[0]
    if total < 2:
        raise ConfigError("convergence needs at least two units", key="values", value=total)
    if sizes is None:
        sizes = np.unique(np.geomspace(max(2, total // 16), total, 8).round().astype(int)).tolist()
    for size in sizes:
        if not 2 <= size <= total:
            raise ConfigError("not a subsample size", key="sizes", value=size, allowed=f"2 to {total}")
    rng = resampling.generator()
    tail = (1 - resampling.level) / 2
    rows = []
    for size in sorted(sizes):
        draws = resampling.draws if size < total else 1
        found = [statistic(table[np.sort(rng.permutation(total)[:size])]) for _ in range(draws)]
        low, high = np.quantile(found, [tail, 1 - tail])
        rows.append(
            {"n": int(size), "estimate": float(np.mean(found)), "low": float(low), "high": float(high)}
        )
    return pd.DataFrame(rows)


def enough(half_width: float, wanted: float, n: int, unit: str = "worlds") -> str:
    """Say in words whether N was enough.

    Parameters
    ----------
    half_width : float
        Half-width reached with `n` units.
    wanted : float
        Half-width wanted, in the same unit.
    n : int
        Number of units.
    unit : str
        What the units are.
    """
    if not math.isfinite(half_width):
        return f"Whether {n:,} {unit} were enough cannot be said: there is no interval."
    if half_width <= wanted:
        return f"{n:,} {unit} were enough: the interval is ± {half_width:.2g}, and ± {wanted:.2g} was wanted."
    more = _rounded_up(n * (half_width / wanted) ** 2)
    return (
        f"{n:,} {unit} were not enough: the interval is ± {half_width:.2g}, and ± {wanted:.2g} was wanted; "
        f"about {more:,} {unit} would do, since the width falls with the square root of their number."
    )


def _rounded_up(count: float) -> int:
    """Round up to two digits that mean something: an extrapolation knows no more."""
    step = int(10 ** max(0, math.floor(math.log10(count)) - 1))
    return math.ceil(count / step) * step
