"""Fourier amplitude sensitivity: extended FAST (first and total order) and RBD-FAST (first order)."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cosim.analysis.checks import checked
from cosim.analysis.resampling import STANDARD, FloatArray, Resampling, percentile_bounds, replicate_weights
from cosim.analysis.sobol import floors
from cosim.analysis.tables import Factors, factor_values, numeric_factors, response
from cosim.errors import ConfigError


@checked
def fast(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: Factors,
    *,
    harmonics: int = 4,
    curves: int = 1,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """First and total indices from search curves (:func:`SALib.sample.fast_sampler.sample`).

    Parameters
    ----------
    runs, design : DataFrame
        Run and design tables; points ascend in the order in which SALib made them. That each factor swings
        fastest on its own curve is checked for factors that are numbers.
    outcome : str
        Outcome column.
    factors : Factors
        Factors and dummy; groups are refused.
    harmonics : int
        SALib's interference parameter M, the same as for the design.
    curves : int
        Number of independent designs (other seeds), one after the other. The interval comes from their
        spread and needs at least 2; with one curve it holds replicate noise only.
    resampling : Resampling
        Bootstrap over replicates.

    Returns
    -------
    DataFrame
        Columns as in :attr:`cosim.analysis.sobol.SobolResult.table`, indices ``S1`` and ``ST``, and
        ``interval_over`` (``"curves"``, ``"replicates"`` or ``"nothing"``).

    Notes
    -----
    SALib's own intervals resample points of a curve, which its authors call unreliable (SALib issue 649). The
    corrected version replaces each power by the cross-spectrum of different replicates.

    References
    ----------
    Saltelli, Tarantola & Chan (1999), doi:10.1080/00401706.1999.10485594.
    """
    if factors.grouped:
        raise ConfigError("FAST looks at one factor at a time, not at groups", key="groups")
    values = response(runs, design, outcome).values
    D = len(factors.names)
    N, left = divmod(values.shape[0], D * curves)
    if left or 4 * harmonics**2 >= N:
        raise ConfigError(
            f"not the number of points of {curves} FAST designs of {D} factors",
            key="design",
            value=values.shape[0],
            allowed=f"a multiple of {D * curves}, more than {4 * harmonics**2 * D * curves}",
        )
    omega = (N - 1) // (2 * harmonics)
    _check_curves(design, factors, (curves, D, N), omega)
    spectra = np.fft.fft(values.reshape(curves, D, N, -1), axis=2)[:, :, 1 : math.ceil(N / 2)]

    def shares(chosen: NDArray[np.int64], counts: FloatArray, corrected: bool) -> FloatArray:
        power = _power(spectra[chosen], counts, corrected).sum(axis=0)
        total = power.sum(axis=1)
        own = power[:, np.arange(1, harmonics + 1) * omega - 1].sum(axis=1)
        others = power[:, : omega // 2].sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.concatenate([own / total, 1.0 - others / total])
        return np.where(np.tile(total, 2) > 0, found, math.nan)

    R = values.shape[1]
    tables = []
    for corrected in [False, True] if R >= 2 else [False]:
        everything = np.arange(curves)
        estimate = shares(everything, np.ones(R), corrected)
        without = [
            shares(np.delete(everything, k), np.ones(R), corrected)
            for k in range(curves if curves > 1 else 0)
        ]
        rng = resampling.generator()
        counts = [replicate_weights(rng, R, "crossed") for _ in range(resampling.draws)] if R >= 3 else []
        draws = [shares(everything, weights, corrected) for weights in counts]
        tables.append(_intervals(factors, estimate, without, draws, resampling, corrected))
    return pd.concat(tables, ignore_index=True)


@checked
def rbd_fast(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: Factors,
    *,
    harmonics: int = 10,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """First-order indices from any space-filling sample, by sorting points along each factor.

    Parameters are those of :func:`fast`; `harmonics` is SALib's M. Estimator and bias correction as in SALib.

    Returns
    -------
    DataFrame
        Columns as in :attr:`cosim.analysis.sobol.SobolResult.table`, index ``S1``. The interval is from
        half-samples of points without replacement and, with crossed replicates, draws of replicates.

    References
    ----------
    Tarantola et al. (2006), doi:10.1016/j.ress.2005.06.003; Tissot & Prieur (2012),
    doi:10.1016/j.ress.2012.06.010.
    """
    if factors.grouped:
        raise ConfigError("RBD-FAST looks at one factor at a time, not at groups", key="groups")
    values = response(runs, design, outcome).values
    X = numeric_factors(design, factors)
    n, R = values.shape
    if n < 8 * harmonics:
        raise ConfigError(
            "too few points for so many harmonics", key="design", value=n, allowed=f"at least {8 * harmonics}"
        )
    if np.ptp(values.mean(axis=1)) == 0:
        raise ConfigError("the outcome is the same at every point", key=outcome)
    tables = []
    for corrected in [False, True] if R >= 2 else [False]:
        rng = resampling.generator()
        estimate = _first_orders(X, values, np.ones(R), harmonics, corrected)
        draws = np.empty((resampling.draws, X.shape[1]))
        for draw in range(resampling.draws):
            half = rng.permutation(n)[: n // 2]
            counts = replicate_weights(rng, R, resampling.replication)
            draws[draw] = _first_orders(X[half], values[half], counts, harmonics, corrected)
        low, high = percentile_bounds(draws - draws.mean(axis=0), resampling.level)
        table = pd.DataFrame({"factor": factors.names, "with_factor": None, "index": "S1"})
        table = table.assign(
            noise="corrected" if corrected else "uncorrected",
            estimate=estimate,
            low=estimate + low,
            high=estimate + high,
            se=draws.std(axis=0, ddof=1),
        )
        tables.append(table.assign(above_floor=table["low"] > floors(table, factors.dummy)))
    return pd.concat(tables, ignore_index=True)


def _power(spectra: NDArray[np.complex128], counts: FloatArray, corrected: bool) -> FloatArray:
    """Power of the mean over replicates (last axis), or mean cross-spectrum of different replicates."""
    R = counts.sum()
    plain: FloatArray = np.abs(spectra @ counts) ** 2
    if not corrected:
        return np.asarray(plain / R**2)
    same = np.abs(spectra) ** 2 @ counts**2
    return np.asarray((plain - same) / (R**2 - (counts**2).sum()))


def _first_orders(
    X: FloatArray, values: FloatArray, counts: FloatArray, harmonics: int, corrected: bool
) -> FloatArray:
    n = X.shape[0]
    found = np.empty(X.shape[1])
    skew = 2.0 * harmonics / n
    for k in range(X.shape[1]):
        order = np.argsort(X[:, k])  # the same sort as SALib's, for equal numbers
        there_and_back = np.concatenate([order[::2], order[1::2][::-1]])
        spectrum = np.fft.rfft(values[there_and_back], axis=0)[1:]
        power = _power(spectrum, counts, corrected)
        power[: (n - 1) // 2] *= 2.0  # all but the Nyquist frequency stand for two
        total = power.sum()
        share = power[:harmonics].sum() / total if total > 0 else math.nan
        # The other factors look like noise along this one: the share they seem to have here is taken off.
        found[k] = share - skew / (1 - skew) * (1 - share)
    return found


def _check_curves(design: pd.DataFrame, factors: Factors, shape: tuple[int, int, int], omega: int) -> None:
    curves, D, N = shape
    table = factor_values(design, factors)
    for k, name in enumerate(factors.names):
        if not pd.api.types.is_numeric_dtype(table[name].dtype):
            continue
        column = table[name].to_numpy(dtype=np.float64).reshape(curves, D, N)
        power = np.abs(np.fft.rfft(column - column.mean(axis=2, keepdims=True), axis=2))
        own_curve = (power.argmax(axis=2) == omega) == (np.arange(D) == k)
        if not own_curve.all():
            raise ConfigError(
                f"the design is not a FAST design of these factors in this order: {name!r} should swing "
                f"{omega} times over its own curve, and only there",
                key="design",
            )


def _intervals(
    factors: Factors,
    estimate: FloatArray,
    without: list[FloatArray],
    draws: list[FloatArray],
    resampling: Resampling,
    corrected: bool,
) -> pd.DataFrame:
    """Intervals from the jackknife over curves and the bootstrap over replicates."""
    variance = np.full(estimate.size, math.nan)
    quantile, over = float(stats.norm.ppf(0.5 + resampling.level / 2)), "nothing"
    if without:
        K = len(without)
        left_out = np.stack(without)
        variance = (K - 1) / K * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
        quantile, over = float(stats.t.ppf(0.5 + resampling.level / 2, K - 1)), "curves"
    if draws and (resampling.replication == "crossed" or not without):
        by_replicate = np.stack(draws).var(axis=0, ddof=1)
        variance = by_replicate if not without else variance + by_replicate
        over = "curves" if without else "replicates"
    se = np.sqrt(variance)
    table = pd.DataFrame(
        {
            "factor": [*factors.names] * 2,
            "with_factor": None,
            "index": ["S1"] * len(factors.names) + ["ST"] * len(factors.names),
        }
    )
    table = table.assign(
        noise="corrected" if corrected else "uncorrected",
        estimate=estimate,
        low=estimate - quantile * se,
        high=estimate + quantile * se,
        se=se,
        interval_over=over,
    )
    return table.assign(above_floor=table["low"] > floors(table, factors.dummy))
