"""Shapley effects of a stochastic model: shares of variance that add up to 1, interactions shared out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.checks import checked
from cosim.analysis.resampling import FloatArray, Resampling, percentile_bounds
from cosim.analysis.tables import Factors, numeric_factors, response
from cosim.errors import ConfigError

STANDARD = Resampling(replication="nested")


@checked
def shapley_effects(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: Factors,
    *,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """Shapley effects from the trajectories of :func:`SALib.sample.shapley.sample`.

    Parameters
    ----------
    runs, design : DataFrame
        Run and design tables; points ascend in the order in which SALib made them: N walks of D + 1 points,
        each of which moves every factor once, from one independent draw to another.
    outcome : str
        Outcome column.
    factors : Factors
        Factors and dummy; the estimator knows no groups.
    resampling : Resampling
        Bootstrap over walks.

    Returns
    -------
    DataFrame
        A row per factor and version: ``factor``, ``index`` (``"Sh"``), ``noise`` (``"uncorrected"``: of
        means over replicates, as :func:`SALib.analyze.shapley.analyze` gives them; ``"corrected"``: replicate
        noise taken out, with two replicates or more), ``estimate`` (share of the variance), ``low``,
        ``high``, ``se``, ``above_floor`` (the whole interval lies above 0 and above what the dummy reaches).
        Not a number where nothing varies beyond noise: there is nothing to share out.

    Raises
    ------
    ConfigError
        The design is another one, there are groups, or the outcome never varies.
    UnusableRunsError
        Runs failed, are missing or not finite.

    Notes
    -----
    Estimator: Goda (2021), doi:10.1016/j.ress.2021.107702. In the corrected version every product of two
    outcomes is taken between two different replicates, whose noise is independent, so that it drops out.

    Examples
    --------
    >>> import pandas as pd
    >>> from SALib.sample import shapley as sampler
    >>> from cosim.analysis import Factors, shapley_effects
    >>> problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}
    >>> rows = sampler.sample(problem, 512, seed=1)
    >>> design = pd.DataFrame(rows, columns=["a", "b"]).assign(point=range(len(rows)))
    >>> runs = pd.DataFrame({"run": range(len(rows)), "point": range(len(rows)), "replicate": 0})
    >>> runs["y"] = 2 * rows[:, 0] + rows[:, 1]  # variances 4 to 1
    >>> shapley_effects(runs, design, "y", Factors(["a", "b"]))["estimate"].round(1).tolist()
    [0.8, 0.2]
    """
    if factors.grouped:
        raise ConfigError("Shapley effects of groups cannot be had from walks that move single factors",
                          key="groups")  # fmt: skip
    found = response(runs, design, outcome)
    width = len(factors.names)
    if len(found.points) % (width + 1):
        raise ConfigError("not a design of walks that move every factor once", key="design")
    count = len(found.points) // (width + 1)
    moved = _moved(numeric_factors(design, factors).reshape(count, width + 1, width))
    values = found.values.reshape(count, width + 1, -1)
    tables = [_table(_uncorrected(values), moved, factors, resampling, "uncorrected")]
    if values.shape[2] > 1:
        tables.append(_table(_corrected(values), moved, factors, resampling, "corrected"))
    return pd.concat(tables, ignore_index=True)


def _moved(walks: FloatArray) -> NDArray[np.int64]:
    """Return which factor each step moves, shape (walks, factors); refuse other designs.

    A step to an equal value (of a whole number, say) moves nothing and has no effect: it counts as one of the
    factors that the walk does not move otherwise.
    """
    changed = walks[:, 1:] != walks[:, :-1]
    for walk, step in zip(*np.nonzero(~changed.any(axis=2)), strict=True):
        still = np.flatnonzero(~changed[walk].any(axis=0))
        changed[walk, step, still[:1]] = True
    moved: NDArray[np.int64] = changed.argmax(axis=2)
    once = (changed.sum(axis=2) == 1).all() and (np.sort(moved, axis=1) == np.arange(walks.shape[2])).all()
    if not once:
        raise ConfigError("not a design of walks that move every factor once", key="design")
    return moved


def _uncorrected(values: FloatArray) -> FloatArray:
    """Contributions of steps from means over replicates, shape (walks, factors)."""
    means = values.mean(axis=2)
    before, after = means[:, :-1], means[:, 1:]
    found: FloatArray = (means[:, :1] - (before + after) / 2) * (before - after)
    return found


def _corrected(values: FloatArray) -> FloatArray:
    """Contributions of steps, each product taken between two different replicates."""
    first, before, after = values[:, :1], values[:, :-1], values[:, 1:]
    found: FloatArray = (
        _product(first, before)
        - _product(first, after)
        - (_product(before, before) - _product(after, after)) / 2
    )
    return found


def _product(one: FloatArray, other: FloatArray) -> FloatArray:
    replicates = one.shape[2]
    whole = one.sum(axis=2) * other.sum(axis=2) - (one * other).sum(axis=2)
    found: FloatArray = whole / (replicates * (replicates - 1))
    return found


def _table(
    steps: FloatArray,
    moved: NDArray[np.int64],
    factors: Factors,
    resampling: Resampling,
    noise: str,
) -> pd.DataFrame:
    parts = np.empty_like(steps)
    np.put_along_axis(parts, moved, steps, axis=1)
    whole = float(parts.sum(axis=1).mean())
    if not whole > 0:  # no variance beyond noise: there is nothing to share out
        parts = np.full_like(parts, np.nan)
    rng = resampling.generator()
    weights = rng.multinomial(len(parts), np.full(len(parts), 1 / len(parts)), size=resampling.draws)
    draws = weights @ parts / len(parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = draws / draws.sum(axis=1, keepdims=True)
    low, high = percentile_bounds(shares, resampling.level)
    table = pd.DataFrame(
        {
            "factor": list(factors.names),
            "with_factor": None,
            "index": "Sh",
            "noise": noise,
            "estimate": parts.mean(axis=0) / whole,
            "low": low,
            "high": high,
            "se": np.std(shares, axis=0, ddof=1),
        }
    )
    floor = (
        max(0.0, float(table.loc[table["factor"] == factors.dummy, "high"].max())) if factors.dummy else 0.0
    )
    table["above_floor"] = table["low"] > floor
    return table
