"""Regional sensitivity: whose values differ between the cases that fail and those that do not."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cosim.analysis.boxes import is_number, joined_cases
from cosim.analysis.checks import checked
from cosim.analysis.resampling import FloatArray, Resampling, check_level, generator
from cosim.analysis.tables import Factors, factor_values, need_columns, numeric_factors
from cosim.errors import ConfigError

_FEWEST_IN_BIN = 5
STANDARD = Resampling(draws=1000)
"""1,000 permutations, seed 1, level 95 %."""


@checked
def regional(
    design: pd.DataFrame, cases: pd.DataFrame, factors: Factors, *, resampling: Resampling = STANDARD
) -> pd.DataFrame:
    """Compare each factor's distribution where it fails with that where it does not (Monte Carlo filtering).

    Parameters
    ----------
    design : DataFrame
        Design table, of independent draws that fill the space.
    cases : DataFrame
        Columns ``point`` and ``failing`` (0..1): see :func:`cosim.analysis.failing`.
    factors : Factors
        Factors; each is looked at alone, whatever its group.
    resampling : Resampling
        Draws and seed of the permutations; the level of the floor.

    Returns
    -------
    DataFrame
        A row per factor, the one furthest above its floor first: ``factor``; ``gap``, the largest distance
        between the two cumulative distributions (Kolmogorov and Smirnov's, 0..1; for a factor that is no
        number half the sum of the differences in shares); ``at``, where in the factor it is (nan if no
        number); ``fails_where`` (``"low"``, ``"high"``, or the value that is most over-represented);
        ``floor``; ``p`` and ``above_floor``. Floor and p allow for all factors together: where nothing
        matters, any factor is above its floor with a chance of 1 - level.

    Raises
    ------
    ConfigError
        No case fails, or all do; gaps in the tables.

    Notes
    -----
    Outcomes are shuffled over points, for all factors alike; each factor's gap is measured in units of what
    shuffling makes of it, and the largest of these is what chance reaches. A factor that works only
    together with another may differ in neither distribution: this method does not see it.

    References
    ----------
    Spear & Hornberger (1980), doi:10.1016/0043-1354(80)90040-8; Saltelli et al. (2008),
    doi:10.1002/9780470725184, section 4.4.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cosim.analysis import Factors, regional
    >>> x = np.random.default_rng(1).uniform(size=(200, 2))
    >>> design = pd.DataFrame(x, columns=["matters", "idle"]).assign(point=range(200))
    >>> cases = pd.DataFrame({"point": range(200), "failing": (x[:, 0] < 0.4).astype(float)})
    >>> found = regional(design, cases, Factors(["matters", "idle"]))
    >>> found[["factor", "fails_where", "above_floor"]].to_dict("records")[0]
    {'factor': 'matters', 'fails_where': 'low', 'above_floor': True}
    """
    table, fails = joined_cases(design, cases, factors)
    weights = fails / fails.sum() - (1 - fails) / (1 - fails).sum()
    rng = resampling.generator()
    shuffled = rng.permuted(np.tile(weights, (resampling.draws, 1)), axis=1)
    rows, null = [], []
    for name in factors.names:
        column = table[name]
        ordered = is_number(column)
        kept = column.to_numpy(dtype=np.float64 if ordered else str)
        values, inverse = np.unique(kept, return_inverse=True)
        codes = inverse.astype(np.int64)
        here, by_chance = (_steps(each, codes, values.size, ordered) for each in (weights[None, :], shuffled))
        null.append(_largest(by_chance, ordered))
        gap = float(_largest(here, ordered)[0])
        rows.append({"factor": name, "gap": gap, **_where(here[0], values, ordered)})
    found = pd.DataFrame(rows)
    reach = np.array(null)
    usual = np.maximum(np.quantile(reach, resampling.level, axis=1), np.finfo(float).tiny)
    most = (reach / usual[:, None]).max(axis=0)
    size = found["gap"].to_numpy() / usual
    found["floor"] = usual * float(np.quantile(most, resampling.level))
    found["p"] = [(1 + int((most >= one).sum())) / (1 + most.size) for one in size]
    found["above_floor"] = found["gap"] > found["floor"]
    return found.iloc[np.argsort(-size, kind="stable")].reset_index(drop=True)


def _ranks(values: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Rank every column from 0, equal values in random order."""
    mixed = rng.permutation(len(values))
    ranks = np.empty(values.shape)
    for k, column in enumerate(values.T):
        ranks[mixed[np.argsort(column[mixed], kind="stable")], k] = np.arange(len(values))
    return ranks


def _steps(weights: FloatArray, codes: NDArray[np.int64], count: int, ordered: bool) -> FloatArray:
    """Difference of the two distributions at every value of a factor, cumulated where it has an order."""
    order = np.argsort(codes, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(codes[order]) > 0, True))
    assert ends.size == count
    cumulated = np.cumsum(weights[:, order], axis=1)[:, ends]
    return cumulated if ordered else np.diff(cumulated, axis=1, prepend=0.0)


def _largest(steps: FloatArray, ordered: bool) -> FloatArray:
    sizes = np.abs(steps)
    return np.asarray(sizes.max(axis=1) if ordered else 0.5 * sizes.sum(axis=1))


def _where(steps: FloatArray, values: Any, ordered: bool) -> dict[str, object]:
    place = int(np.argmax(np.abs(steps) if ordered else steps))
    if not ordered:
        return {"at": np.nan, "fails_where": str(values[place])}
    return {"at": float(values[place]), "fails_where": "low" if steps[place] > 0 else "high"}


@checked
def regional_along(
    design: pd.DataFrame,
    outcome: pd.DataFrame,
    factors: Factors,
    *,
    bins: int = 10,
    level: float = 0.95,
    seed: int = 1,
) -> pd.DataFrame:
    """Say in which part of an outcome's range each factor's values differ from elsewhere (SALib's analysis).

    Parameters
    ----------
    design : DataFrame
        Design table.
    outcome : DataFrame
        Columns ``point`` and ``value``: the outcome of each point, or a paired difference.
    factors : Factors
        Factors; those that are no numbers are left out.
    bins : int
        Parts of the outcome's range with about as many points each; at least 2, at least 5 points in each.
    level : float
        Level of the floor, strictly between 0 and 1.
    seed : int
        Of the order in which equal values of a factor are put.

    Returns
    -------
    DataFrame
        A row per factor and part: ``factor``, ``bin`` (1, 2, ...), ``outcome_low`` and ``outcome_high`` (the
        outcome there), ``distance`` (Cramer and von Mises's statistic: values of the factor inside against
        those outside; nan where the outcome has one value only), ``floor`` and ``above_floor``. Where nothing
        matters, any factor is above the floor in any part with a chance of at most 1 - level.

    Raises
    ------
    ConfigError
        Too few points for the parts; no factor is a number.

    Notes
    -----
    For a factor that does nothing the statistic has one limiting distribution, whatever the factor's own;
    its tail is 2^(1/2) P(chi-squared with 1 degree of freedom > pi^2 t) (Zolotarev's approximation). The
    floor is this tail's, shared over all factors and parts (Bonferroni). The statistic counts ranks; equal
    values are ranked in random order, for with shared ranks it would be large for every factor of few
    values, whether or not it does something.

    References
    ----------
    :func:`SALib.analyze.rsa.analyze` with ``target="Y"``; Pianosi et al. (2016),
    doi:10.1016/j.envsoft.2016.02.008; Zolotarev (1961), doi:10.1137/1106019.
    """
    check_level(level)
    need_columns(outcome, ["point", "value"], "outcome")
    every = factor_values(design, factors)
    names = [name for name in factors.names if is_number(every[name])]
    y = outcome.set_index("point")["value"].reindex(np.sort(design["point"].to_numpy())).to_numpy(dtype=float)
    if not names:
        raise ConfigError("no factor is a number", key="factors", value=list(factors.names))
    if not np.isfinite(y).all():
        raise ConfigError("the outcome lacks a value at a design point", key="outcome")
    if bins < 2 or y.size < _FEWEST_IN_BIN * bins:
        raise ConfigError(
            "too few points for the parts of the outcome's range",
            key="bins",
            value=bins,
            allowed=f"2 to {y.size // _FEWEST_IN_BIN} with {y.size} points",
        )
    X = _ranks(numeric_factors(design, Factors(names)), generator(seed))
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    salib = import_module("SALib.analyze.rsa")
    found = salib.analyze(problem, X, y, bins=bins, target="Y")
    distances = np.concatenate([found[name] for name in names])
    ends = np.quantile(y, np.linspace(0, 1, bins + 1))
    table = pd.DataFrame(
        {
            "factor": np.repeat(names, bins),
            "bin": np.tile(np.arange(1, bins + 1), len(names)),
            "outcome_low": np.tile(ends[:-1], len(names)),
            "outcome_high": np.tile(ends[1:], len(names)),
            "distance": distances,
            "floor": _highest_by_chance(distances.size, level),
        }
    )
    return table.assign(above_floor=table["distance"] > table["floor"])


def _highest_by_chance(count: int, level: float) -> float:
    """Return what all of `count` distances stay below at `level` where nothing matters (Zolotarev's tail)."""
    tail = (1 - level) / count
    return float(stats.chi2.isf(tail / np.sqrt(2), 1)) / np.pi**2
