"""Morris screening: elementary effects of factors and groups, with intervals and with noise taken out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cosim.analysis.checks import checked
from cosim.analysis.resampling import (
    STANDARD,
    FloatArray,
    Resampling,
    percentile_bounds,
    replicate_weights,
    row_weights,
)
from cosim.analysis.sobol import floors
from cosim.analysis.tables import Factors, factor_values, response
from cosim.errors import ConfigError

_INDICES = ("mu", "mu_star", "sigma", "rms")


@dataclass(frozen=True)
class _Effects:
    """Elementary effects per trajectory, group and replicate, shape (trajectories, groups, replicates)."""

    values: FloatArray
    signed: NDArray[np.bool_]


@checked
def morris(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: Factors,
    *,
    levels: int = 4,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """Elementary effects from Morris trajectories (:func:`SALib.sample.morris.sample`).

    An elementary effect is the change of the outcome for a step of a factor over its whole range.

    Parameters
    ----------
    runs, design : DataFrame
        Run and design tables; points ascend in the order in which SALib made them. That each step of a
        trajectory moves one factor or group is checked. Factors may be transformed, as long as different
        levels stay different.
    outcome : str
        Outcome column.
    factors : Factors
        Factors, groups and dummy.
    levels : int
        Number of grid levels of the design (even).
    resampling : Resampling
        Bootstrap over trajectories and, with crossed replicates, over replicates too.

    Returns
    -------
    DataFrame
        A row per index and version with the columns of :attr:`cosim.analysis.sobol.SobolResult.table`.
        Indices: ``mu`` (mean effect; nan for groups, whose members may move in opposite directions),
        ``mu_star`` (mean absolute effect), ``sigma`` (standard deviation: interactions and curvature; nan
        for groups), ``rms`` (root mean square effect). ``uncorrected`` ones are of the means over
        replicates; ``corrected`` ones, given for ``sigma`` and ``rms``, are of the expected outcome. ``mu``
        needs no correction, ``mu_star`` has none (noise makes it larger): use ``rms``, which ranks factors
        alike.

    Raises
    ------
    ConfigError, UnusableRunsError
        The design is not the one described; runs failed, are missing or not finite.

    References
    ----------
    Morris (1991), doi:10.1080/00401706.1991.10484804; Campolongo et al. (2007),
    doi:10.1016/j.envsoft.2006.10.004.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from SALib.sample.morris import sample
    >>> from cosim.analysis import Factors, morris
    >>> names = ["a", "b", "idle"]
    >>> points = sample({"num_vars": 3, "names": names, "bounds": [[0, 1]] * 3}, 10, seed=1)
    >>> design = pd.DataFrame(points, columns=names).assign(point=range(len(points)))
    >>> outcome = 2 * points[:, 0] + points[:, 1]
    >>> runs = pd.DataFrame({"run": range(40), "point": range(40), "replicate": 0, "outcome": outcome})
    >>> table = morris(runs, design, "outcome", Factors(names, dummy="idle"))
    >>> effects = table[table["index"] == "mu_star"].set_index("factor")["estimate"]
    >>> effects.round(3).to_dict()
    {'a': 2.0, 'b': 1.0, 'idle': 0.0}
    """
    values = response(runs, design, outcome)
    effects = _elementary_effects(design, values.values, factors, levels)
    T, _, R = effects.values.shape
    rng = resampling.generator()
    versions = [False, True] if R >= 2 else [False]
    draws: dict[bool, list[FloatArray]] = {version: [] for version in versions}
    for _ in range(resampling.draws):
        rows, counts = row_weights(rng, T), replicate_weights(rng, R, resampling.replication)
        for version in versions:
            draws[version].append(_statistics(effects, rows, counts, corrected=version))
    tables = []
    for version in versions:
        estimate = _statistics(effects, np.ones(T), np.ones(R), corrected=version)
        low, high = percentile_bounds(np.stack(draws[version]), resampling.level)
        tables.append(_table(factors, version, (estimate, low, high, np.stack(draws[version]))))
    return pd.concat(tables, ignore_index=True)


@checked
def split_half(
    runs: pd.DataFrame, design: pd.DataFrame, outcome: str, factors: Factors, *, levels: int = 4
) -> float:
    """Rank correlation of mean absolute effects between the first and the second half of the trajectories.

    Near 1, more trajectories would leave the order of the factors as it is.

    Parameters
    ----------
    runs, design, outcome, factors, levels
        As for :func:`morris`. With an odd number of trajectories the last one is left out. The dummy is no
        part of the order.

    Returns
    -------
    float
        Spearman's rank correlation, -1..1; nan with fewer than four trajectories, or when all effects in a
        half are equal.

    Raises
    ------
    ConfigError, UnusableRunsError
        As for :func:`morris`.

    Examples
    --------
    >>> import pandas as pd
    >>> from SALib.sample.morris import sample
    >>> from cosim.analysis import Factors, split_half
    >>> names = ["a", "b", "idle"]
    >>> points = sample({"num_vars": 3, "names": names, "bounds": [[0, 1]] * 3}, 10, seed=1)
    >>> design = pd.DataFrame(points, columns=names).assign(point=range(len(points)))
    >>> outcome = 2 * points[:, 0] + points[:, 1]
    >>> runs = pd.DataFrame({"run": range(40), "point": range(40), "replicate": 0, "outcome": outcome})
    >>> round(split_half(runs, design, "outcome", Factors(names, dummy="idle")), 6)
    1.0
    """
    units = [unit for unit in factors.units if unit != factors.dummy]
    effects = _elementary_effects(design, response(runs, design, outcome).values, factors, levels)
    half = len(effects.values) // 2
    if half < 2 or len(units) < 2:
        return math.nan
    count, replicates = len(factors.units), effects.values.shape[2]
    stars = [count + factors.units.index(unit) for unit in units]
    ranks = []
    for rows in (slice(0, half), slice(half, 2 * half)):
        part = _Effects(effects.values[rows], effects.signed)
        found = _statistics(part, np.ones(half), np.ones(replicates), corrected=False)
        ranks.append(stats.rankdata(found[stars]))
    if any(np.ptp(rank) == 0 for rank in ranks):
        return math.nan
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _elementary_effects(design: pd.DataFrame, values: FloatArray, factors: Factors, levels: int) -> _Effects:
    if levels < 2 or levels % 2:
        raise ConfigError("not a number of grid levels", key="levels", value=levels, allowed="2, 4, 6, ...")
    table = factor_values(design, factors)
    D = len(factors.units)
    T, left = divmod(len(table), D + 1)
    if left or T < 2:
        raise ConfigError(
            f"not the number of points of a Morris design of {D} factors or groups",
            key="design",
            value=len(table),
            allowed=f"a multiple of {D + 1}, at least {2 * (D + 1)}",
        )
    codes = np.column_stack(
        [np.unique(table[name].to_numpy(), return_inverse=True)[1] for name in factors.names]
    )
    moves = np.diff(codes.reshape(T, D + 1, -1), axis=1)
    order = _moved_units(moves, factors)
    delta = levels / (2.0 * (levels - 1))
    steps = np.diff(values.reshape(T, D + 1, -1), axis=1) / delta
    effects = np.empty_like(steps)
    np.put_along_axis(effects, order[:, :, None], steps, axis=1)
    signed = np.array([len(factors.columns_of(unit)) == 1 for unit in factors.units])
    for k, unit in enumerate(factors.units):
        if signed[k]:
            up = moves[:, :, factors.columns_of(unit)[0]].sum(axis=1) > 0
            effects[:, k] *= np.where(up, 1.0, -1.0)[:, None]
    return _Effects(effects, signed)


def _moved_units(moves: NDArray[np.int64], factors: Factors) -> NDArray[np.int64]:
    """Which unit moves at each step, shape (trajectories, steps); every unit once in each trajectory."""
    D = moves.shape[1]
    moved = np.stack(
        [(moves[:, :, factors.columns_of(unit)] != 0).any(axis=2) for unit in factors.units], axis=2
    )
    whole = np.stack(
        [(moves[:, :, factors.columns_of(unit)] != 0).all(axis=2) for unit in factors.units], axis=2
    )
    fine = (
        (moved.sum(axis=2) == 1).all(axis=1)
        & (moved.sum(axis=1) == 1).all(axis=1)
        & (moved == whole).all(axis=(1, 2))
    )
    if not fine.all():
        first = int(np.flatnonzero(~fine)[0])
        raise ConfigError(
            f"the design is not a Morris design of these factors: points number {first * (D + 1)} to "
            f"{first * (D + 1) + D} are no trajectory that moves every factor or group once, one at a time",
            key="design",
        )
    return np.asarray(moved.argmax(axis=2), dtype=np.int64)


def _statistics(effects: _Effects, rows: FloatArray, counts: FloatArray, *, corrected: bool) -> FloatArray:
    """mu, mu_star, sigma and rms of every group in one vector, weighted by trajectory and replicate."""
    v, R = rows / rows.sum(), counts.sum()
    means = effects.values @ counts / R
    squares = means**2
    star = np.abs(means)
    if corrected:
        same = effects.values**2 @ counts**2 / R**2
        squares = (squares - same) * R**2 / (R**2 - (counts**2).sum())
        star = np.full_like(means, math.nan)
    mean_square = v @ squares
    # The square of the mean effect, free of noise in the same way.
    mu = v @ means
    mu_square = mu**2
    if corrected:
        by_replicate = np.einsum("t,tgr->gr", v, effects.values)
        mu_square = (mu_square - by_replicate**2 @ counts**2 / R**2) * R**2 / (R**2 - (counts**2).sum())
    T = rows.sum()
    variance = (mean_square - mu_square) * T / (T - 1)
    sigma = np.sqrt(np.clip(variance, 0.0, None))
    rms = np.sqrt(np.clip(mean_square, 0.0, None))
    blank = np.where(effects.signed, 0.0, math.nan)
    return np.concatenate([mu + blank, v @ star, sigma + blank, rms])


def _table(
    factors: Factors, corrected: bool, parts: tuple[FloatArray, FloatArray, FloatArray, FloatArray]
) -> pd.DataFrame:
    estimate, low, high, draws = parts
    table = pd.DataFrame(
        [(unit, None, index) for index in _INDICES for unit in factors.units],
        columns=["factor", "with_factor", "index"],
    )
    table = table.assign(
        noise="corrected" if corrected else "uncorrected", estimate=estimate, low=low, high=high
    )
    table["se"] = draws.std(axis=0, ddof=1)
    if corrected:
        table = table[table["index"].isin(["sigma", "rms"])]
    # A mean effect may be negative: it is beyond the floor when its whole interval is on one side of it.
    floor = floors(table, factors.dummy)
    if factors.dummy is not None:
        lows = table.loc[table["factor"] == factors.dummy].groupby("index")["low"].min().clip(upper=0.0)
        below = table["high"] < table["index"].map(lows).fillna(0.0)
    else:
        below = table["high"] < 0.0
    return table.assign(above_floor=(table["low"] > floor) | ((table["index"] == "mu") & below))
