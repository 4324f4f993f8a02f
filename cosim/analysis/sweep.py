"""Curves of an outcome along a factor, with intervals point by point and bands for the whole curve."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cosim.analysis.checks import checked
from cosim.analysis.intervals import Interval, paired_interval
from cosim.analysis.resampling import STANDARD, FloatArray, Resampling
from cosim.analysis.tables import UnusableRunsError, check_runs, cube, listed, need_columns
from cosim.errors import ConfigError

_KEYS = ["run", "point", "world", "replicate"]


@checked
def curve(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factor: str,
    *,
    reference: object = None,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """Mean outcome at each value of one factor, for each arm, over the same worlds and replicates.

    Parameters
    ----------
    runs : DataFrame
        Run table.
    design : DataFrame
        Design table: for each arm and world one point per value of `factor` (take out the points of other
        factors first).
    outcome : str
        Outcome column.
    factor : str
        Factor column: numbers or categories.
    reference : optional
        A value of the factor: differences to it are reported too, paired by world and replicate.
    resampling : Resampling
        Level, replication, and draws and seed of the bands.

    Returns
    -------
    DataFrame
        A row per arm and value, ascending: ``arm``, ``factor``, ``value``, ``mean``, ``low``, ``high``
        (interval at this value), ``band_low``, ``band_high`` (the whole curve lies between them with the
        given probability), ``se``, ``n_worlds``, ``n_replicates``, ``interval_over``; with a reference also
        ``difference``, ``difference_low``, ``difference_high``.

    Raises
    ------
    ConfigError
        The factor or the reference does not exist, or a value has several points in a world and arm.
    UnusableRunsError
        Runs failed, are missing or not finite; their ids are named.
    """
    joined = _with_factors(runs, design, outcome, [factor])
    tables = []
    for arm, part in joined.groupby("arm", sort=False, observed=True):
        values, cells = _cells(part, outcome, factor)
        table = _curve_rows(cells, resampling)
        table.insert(0, "value", values)
        table.insert(0, "factor", factor)
        table.insert(0, "arm", arm)
        if reference is not None:
            if reference not in values:
                raise ConfigError(
                    "not a value of the factor",
                    key=factor,
                    value=reference,
                    allowed=", ".join(map(str, values)),
                )
            intervals = [_interval(cell - cells[values.index(reference)], resampling) for cell in cells]
            table["difference"] = [interval.estimate for interval in intervals]
            table["difference_low"] = [interval.low for interval in intervals]
            table["difference_high"] = [interval.high for interval in intervals]
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


@checked
def grid(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: tuple[str, str],
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """Mean outcome at each combination of two factors, for each arm.

    Parameters are those of :func:`curve`; each arm and world has one point per combination.

    Returns
    -------
    DataFrame
        A row per arm and combination: ``arm``, a column per factor, ``mean``, ``low``, ``high``, ``se``,
        ``n_worlds``, ``n_replicates``, ``interval_over``.
    """
    first, second = factors
    joined = _with_factors(runs, design, outcome, [first, second])
    tables = []
    for arm, part in joined.groupby("arm", sort=False, observed=True):
        pairs = part[[first, second]].drop_duplicates().sort_values([first, second]).reset_index(drop=True)
        numbered = part.merge(pairs.assign(cell=np.arange(len(pairs))), on=[first, second])
        _, cells = _cells(numbered, outcome, "cell")
        table = pd.concat(
            [pairs, pd.DataFrame([_row(_interval(cell, resampling), cell) for cell in cells])], axis=1
        )
        table.insert(0, "arm", arm)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _with_factors(
    runs: pd.DataFrame, design: pd.DataFrame, outcome: str, factors: Sequence[str]
) -> pd.DataFrame:
    need_columns(design, ["point", "arm", *factors], "design")
    need_columns(runs, [*_KEYS, outcome], "run")
    chosen = runs.loc[runs["point"].isin(design["point"])]
    absent = sorted(set(design["point"]) - set(chosen["point"]))
    if absent:
        raise UnusableRunsError(f"no run belongs to {listed(absent, 'point')}")
    check_runs(chosen, [outcome])
    for factor in factors:
        if design[factor].isna().any():
            raise ConfigError("the factor has no value at some points", key=factor)
    columns = ["point", "arm", *factors]
    error = ["error"] if "error" in chosen.columns else []
    return chosen[[*_KEYS, outcome, *error]].merge(
        design[columns], on="point", how="inner", validate="many_to_one"
    )


def _cells(part: pd.DataFrame, outcome: str, factor: str) -> tuple[list[object], FloatArray]:
    """Values of the factor, ascending, and the outcome by value, world and replicate."""
    values = sorted(part[factor].unique().tolist())
    position = {value: str(k) for k, value in enumerate(values)}
    labelled = part.assign(arm=part[factor].map(position))
    return values, cube(labelled, outcome, [str(k) for k in range(len(values))]).values


def _interval(cell: FloatArray, resampling: Resampling) -> Interval:
    return paired_interval(cell, resampling.level, resampling.replication)


def _row(interval: Interval, cell: FloatArray) -> dict[str, object]:
    return {
        "mean": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "se": interval.se,
        "n_worlds": cell.shape[0],
        "n_replicates": cell.shape[1],
        "interval_over": interval.unit,
    }


def _curve_rows(cells: FloatArray, resampling: Resampling) -> pd.DataFrame:
    table = pd.DataFrame([_row(_interval(cell, resampling), cell) for cell in cells])
    factor = _band_factor(cells, resampling)
    # Never narrower than the interval at a single value: the bootstrap may err where there are few worlds.
    wide = np.maximum(factor, (table["high"] - table["mean"]) / table["se"].where(table["se"] > 0))
    half = (wide * table["se"]).fillna(0.0 if cells.shape[1] * cells.shape[2] > 1 else math.nan)
    return table.assign(band_low=table["mean"] - half, band_high=table["mean"] + half)


def _band_factor(cells: FloatArray, resampling: Resampling) -> float:
    """Return how many standard errors hold the whole curve: bootstrap quantile of the largest deviation."""
    V, W, _ = cells.shape
    units = cells.mean(axis=2) if W > 1 else cells[:, 0]
    n = units.shape[1]
    if n < 2:
        return math.nan
    rng = resampling.generator()
    centre = units.mean(axis=1)
    largest = []
    for _ in range(resampling.draws):
        drawn = units[:, rng.integers(n, size=n)]
        se = drawn.std(axis=1, ddof=1) / math.sqrt(n)
        moved = np.abs(drawn.mean(axis=1) - centre)
        ratio = np.divide(moved, se, out=np.zeros(V), where=se > 0)
        largest.append(float(ratio.max()))
    return float(np.quantile(largest, resampling.level))
