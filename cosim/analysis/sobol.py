"""Sobol' indices of a stochastic model: first, total and second order, with and without replicate noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.checks import checked
from cosim.analysis.noise import NoiseShare, enough, noise_of
from cosim.analysis.resampling import (
    STANDARD,
    FloatArray,
    Resampling,
    percentile_bounds,
    replicate_weights,
    row_weights,
)
from cosim.analysis.tables import Factors, Response, factor_values, response
from cosim.errors import ConfigError


@dataclass(frozen=True)
class SobolResult:
    """Sobol' indices of one outcome.

    Attributes
    ----------
    table : DataFrame
        A row per index and version: ``factor``, ``with_factor`` (second order only, else None), ``index``
        (``"S1"``, ``"ST"``, ``"S2"``), ``noise`` (``"uncorrected"``: of the means over replicates, as SALib
        reports them; ``"corrected"``: of the expected outcome, replicate noise taken out), ``estimate``,
        ``low``, ``high``, ``se``, ``above_floor`` (the whole interval lies above 0 and above what the dummy
        reaches).
    noise : NoiseShare or None
        Replicate noise over the design; None with one replicate.
    n_base : int
        Number N of base samples; the design has N (D + 2) points, or N (2 D + 2) with second order.
    n_replicates : int
        Replicates per point.
    """

    table: pd.DataFrame
    noise: NoiseShare | None
    n_base: int
    n_replicates: int

    def of(self, index: str, noise: str = "corrected") -> pd.DataFrame:
        """Return one kind of index by factor, e.g. ``of("ST")``; pairs of factors for S2."""
        chosen = self.table[(self.table["index"] == index) & (self.table["noise"] == noise)]
        keys = ["factor", "with_factor"] if index == "S2" else ["factor"]
        return chosen.set_index(keys)[["estimate", "low", "high", "se", "above_floor"]]

    def words(self, wanted: float = 0.05) -> str:
        """Say whether N was enough for first and total indices that are sure to within `wanted`."""
        best = "corrected" if self.noise is not None else "uncorrected"
        table = self.table[(self.table["noise"] == best) & (self.table["index"] != "S2")]
        half_widths = ((table["high"] - table["low"]) / 2).to_numpy(dtype=np.float64)
        widest = float(half_widths.max()) if np.isfinite(half_widths).all() else math.nan
        return enough(widest, wanted, self.n_base, "base samples")


@dataclass(frozen=True)
class _Blocks:
    """Outcomes of a Saltelli design, each replicate centred: A, B (N, R); AB, BA (N, D, R)."""

    A: FloatArray
    B: FloatArray
    AB: FloatArray
    BA: FloatArray | None


@checked
def sobol_indices(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: Factors,
    *,
    second_order: bool = True,
    resampling: Resampling = STANDARD,
) -> SobolResult:
    """Sobol' indices from a Saltelli design (:func:`SALib.sample.sobol.sample`).

    Parameters
    ----------
    runs, design : DataFrame
        Run and design tables; points ascend in the order in which SALib made them. That the design is a
        Saltelli design of these factors and groups is checked.
    outcome : str
        Outcome column.
    factors : Factors
        Factors, groups (indices are then those of the groups) and dummy.
    second_order : bool
        Whether the design holds the points for second order.
    resampling : Resampling
        Bootstrap over base samples and, with crossed replicates, over replicates too; nested ones
        travel with their points. Indices are clipped nowhere: small ones may come out slightly
        negative.

    Raises
    ------
    ConfigError
        The design is not the one described, or the outcome never varies.
    UnusableRunsError
        Runs failed, are missing or not finite; their ids are named. (SALib would return zeros for all
        factors.)

    Notes
    -----
    Estimators: Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018, and Saltelli (2002),
    doi:10.1016/S0010-4655(02)00280-1, as in SALib. For the corrected version every product of two outcomes
    is taken between two different replicates, whose random numbers are independent; noise then drops
    out of numerators and variance alike, whether or not points share them. It needs two replicates; with
    common random numbers an ignored factor changes nothing at all, and a dummy's total index is exactly 0.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from SALib.sample.sobol import sample
    >>> from cosim.analysis import Factors, sobol_indices
    >>> names = ["a", "b"]
    >>> points = sample({"num_vars": 2, "names": names, "bounds": [[0, 1]] * 2}, 256, seed=1)
    >>> design = pd.DataFrame(points, columns=names).assign(point=range(len(points)))
    >>> outcome = 2 * points[:, 0] + points[:, 1]
    >>> runs = pd.DataFrame({"point": range(len(points)), "replicate": 0, "outcome": outcome})
    >>> table = sobol_indices(runs.assign(run=runs["point"]), design, "outcome", Factors(names)).table
    >>> table[table["index"] == "S1"].set_index("factor")["estimate"].round(1).to_dict()
    {'a': 0.8, 'b': 0.2}
    """
    values = response(runs, design, outcome)
    n_base = check_saltelli(design, factors, second_order)
    return _indices(values, n_base, factors, second_order, resampling)


@checked
def sobol_convergence(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: Factors,
    *,
    second_order: bool = True,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """First and total indices from the first N/8, N/4, N/2 and N base samples.

    Parameters are those of :func:`sobol_indices`; a prefix of a Sobol' sequence is a design of its own.

    Returns
    -------
    DataFrame
        The rows of :attr:`SobolResult.table` without second order, with a column ``n_base``.
    """
    values = response(runs, design, outcome)
    n_base = check_saltelli(design, factors, second_order)
    step = values.values.shape[0] // n_base
    tables = []
    for n in sorted({max(8, n_base // part) for part in (8, 4, 2, 1)}):
        if n <= n_base:
            rows = slice(0, n * step)
            part = Response(values.points[rows], values.replicates, values.values[rows])
            table = _indices(part, n, factors, second_order, resampling).table
            tables.append(table[table["index"] != "S2"].assign(n_base=n))
    return pd.concat(tables, ignore_index=True)


def check_saltelli(design: pd.DataFrame, factors: Factors, second_order: bool) -> int:
    """Check that a design is a Saltelli design of these factors and return its number of base samples.

    Raises ConfigError when the number of points or the pattern of factor values does not fit.
    """
    D = len(factors.units)
    step = 2 * D + 2 if second_order else D + 2
    table = factor_values(design, factors)
    n, left = divmod(len(table), step)
    if left or n < 2:
        raise ConfigError(
            f"not the number of points of a Saltelli design of {D} factors or groups "
            f"with{'' if second_order else 'out'} second order",
            key="design",
            value=len(table),
            allowed=f"a multiple of {step}, at least {2 * step}",
        )
    codes = np.column_stack([pd.factorize(table[name])[0] for name in factors.names])
    blocks = codes.reshape(n, step, -1)
    for k, unit in enumerate(factors.units):
        _check_block(blocks, 1 + k, (0, step - 1), factors.columns_of(unit), unit)
        if second_order:
            _check_block(blocks, 1 + D + k, (step - 1, 0), factors.columns_of(unit), unit)
    return n


def _check_block(
    blocks: NDArray[np.int64], position: int, base_and_other: tuple[int, int], columns: list[int], unit: str
) -> None:
    """Check that rows at `position` equal their base row but for the unit's columns: those of the other."""
    base, other = base_and_other
    expected = blocks[:, base, :].copy()
    expected[:, columns] = blocks[:, other, columns]
    wrong = np.flatnonzero((expected != blocks[:, position, :]).any(axis=1))
    if wrong.size:
        step = blocks.shape[1]
        raise ConfigError(
            f"the design is not a Saltelli design of these factors in this order: point number "
            f"{int(wrong[0]) * step + position} should differ from its base point in {unit!r} only",
            key="design",
        )


def _indices(
    values: Response, n_base: int, factors: Factors, second_order: bool, resampling: Resampling
) -> SobolResult:
    blocks = _split(values, n_base, len(factors.units), second_order)
    R = values.values.shape[1]
    rng = resampling.generator()
    versions = ["uncorrected", "corrected"] if R >= 2 else ["uncorrected"]
    # SALib's own numbers are the uncorrected estimates; ours differ in the bootstrap only.
    estimates = {"uncorrected": _salib_estimates(values, factors, second_order, resampling.seed)}
    if R >= 2:
        estimates["corrected"] = _estimate(blocks, np.ones(n_base), np.ones(R), corrected=True)
    draws: dict[str, list[FloatArray]] = {version: [] for version in versions}
    for _ in range(resampling.draws):
        rows, counts = row_weights(rng, n_base), replicate_weights(rng, R, resampling.replication)
        for version in versions:
            draws[version].append(_estimate(blocks, rows, counts, corrected=version == "corrected"))
    tables = [
        _table(factors, second_order, version, estimates[version], np.stack(draws[version]), resampling.level)
        for version in versions
    ]
    noise = noise_of(values) if R >= 2 else None
    return SobolResult(pd.concat(tables, ignore_index=True), noise, n_base, R)


def _split(values: Response, n: int, D: int, second_order: bool) -> _Blocks:
    R = values.values.shape[1]
    if np.ptp(values.values.mean(axis=1)) == 0:
        raise ConfigError(
            "the outcome is the same at every point: there is no variance to share out", key="outcome"
        )
    # Centring each replicate removes what its random numbers do everywhere; sums over few digits stay exact.
    centred = values.values - values.values.mean(axis=0)
    rows = centred.reshape(n, -1, R)
    BA = np.ascontiguousarray(rows[:, 1 + D : 1 + 2 * D]) if second_order else None
    return _Blocks(rows[:, 0], rows[:, -1], np.ascontiguousarray(rows[:, 1 : 1 + D]), BA)


def _salib_estimates(values: Response, factors: Factors, second_order: bool, seed: int) -> FloatArray:
    problem = {"num_vars": len(factors.names), "names": list(factors.names), "groups": factors.membership}
    problem["bounds"] = [[0.0, 1.0]] * len(factors.names)
    sobol = import_module("SALib.analyze.sobol")
    found = sobol.analyze(
        problem, values.values.mean(axis=1), calc_second_order=second_order, num_resamples=2, seed=seed
    )
    parts = [found["S1"], found["ST"]]
    if second_order:
        parts.append(found["S2"][np.triu_indices(len(factors.units), k=1)])
    return np.concatenate(parts).astype(np.float64)


def _estimate(blocks: _Blocks, rows: FloatArray, counts: FloatArray, *, corrected: bool) -> FloatArray:
    """S1, ST and upper-triangle S2 in one vector, under weights of base samples and replicates."""
    v = rows / rows.sum()
    A, B = blocks.A, blocks.B
    step = A[:, None, :] - blocks.AB
    variance = _variance(A, B, v, counts, corrected)
    first = v @ _product(B[:, None, :], -step, counts, corrected)
    total = 0.5 * (v @ _product(step, step, counts, corrected))
    parts = [first, total]
    if blocks.BA is not None:
        joint = _joint(blocks, v, counts, corrected) - v @ _product(A, B, counts, corrected)
        pairs = np.triu_indices(joint.shape[0], k=1)
        parts.append(joint[pairs] - first[pairs[0]] - first[pairs[1]])
    # With more noise than signal the corrected variance can come out at or below 0: then nothing is known.
    share = np.concatenate(parts)
    return share / variance if variance > 0 else np.full(share.size, math.nan)


def _product(u: FloatArray, w: FloatArray, counts: FloatArray, corrected: bool) -> FloatArray:
    """Product of two expected outcomes: of their means, or over pairs of different replicates only."""
    R = counts.sum()
    plain: FloatArray = (u @ counts) * (w @ counts)
    if not corrected:
        return np.asarray(plain / R**2)
    same = np.broadcast_to(u * w, np.broadcast_shapes(u.shape, w.shape)) @ counts**2
    return np.asarray((plain - same) / (R**2 - (counts**2).sum()))


def _variance(A: FloatArray, B: FloatArray, v: FloatArray, counts: FloatArray, corrected: bool) -> float:
    squares = 0.5 * v @ (_product(A, A, counts, corrected) + _product(B, B, counts, corrected))
    grand = 0.5 * (v @ A + v @ B)
    return float(squares - _product(grand, grand, counts, corrected))


def _joint(blocks: _Blocks, v: FloatArray, counts: FloatArray, corrected: bool) -> FloatArray:
    """Mean over base samples of BA_j times AB_k, for all j and k."""
    assert blocks.BA is not None
    R = counts.sum()
    plain: FloatArray = ((blocks.BA @ counts) * v[:, None]).T @ (blocks.AB @ counts)
    if not corrected:
        return np.asarray(plain / R**2)
    n, D, reps = blocks.BA.shape
    weights = (v[:, None] * counts**2).reshape(n * reps, 1)
    left = blocks.BA.transpose(0, 2, 1).reshape(n * reps, D)
    right = blocks.AB.transpose(0, 2, 1).reshape(n * reps, D)
    return np.asarray((plain - (left * weights).T @ right) / (R**2 - (counts**2).sum()))


def _table(
    factors: Factors, second_order: bool, version: str, estimates: FloatArray, draws: FloatArray, level: float
) -> pd.DataFrame:
    units = factors.units
    rows: list[tuple[str, str | None, str]] = [(unit, None, "S1") for unit in units]
    rows += [(unit, None, "ST") for unit in units]
    if second_order:
        rows += [(first, other, "S2") for first, other in combinations(units, 2)]
    low, high = percentile_bounds(draws, level)
    table = pd.DataFrame(rows, columns=["factor", "with_factor", "index"])
    se = np.where(np.isfinite(draws).all(axis=0), draws.std(axis=0, ddof=1), math.nan)
    table = table.assign(noise=version, estimate=estimates, low=low, high=high, se=se)
    table["above_floor"] = table["low"] > floors(table, factors.dummy)
    return table


def floors(table: pd.DataFrame, dummy: str | None) -> pd.Series:
    """Floor of significance of each row: what the dummy reaches for the same kind of index, at least 0."""
    if dummy is None:
        return pd.Series(0.0, index=table.index)
    of_dummy = (table["factor"] == dummy) | (table["with_factor"] == dummy)
    reach = table.loc[of_dummy].groupby("index")["high"].max().clip(lower=0.0)
    return table["index"].map(reach).fillna(0.0)
