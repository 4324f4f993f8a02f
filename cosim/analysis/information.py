"""What knowing more would be worth to a choice among arms: of everything, and of single parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.checks import checked
from cosim.analysis.denoise import expected, noise_covariance, root
from cosim.analysis.intervals import Interval, mean_interval
from cosim.analysis.resampling import FloatArray, generator
from cosim.analysis.tables import cube, need_columns
from cosim.errors import ConfigError

_FOLDS = 10
_NULLS = 400
_KNOTS = (0.05, 0.35, 0.65, 0.95)
_TAIL = 0.95


@dataclass(frozen=True)
class Information:
    """The value of knowing more.

    Attributes
    ----------
    arms : tuple of str
    utility : tuple of float
        Mean utility of each arm.
    best : str
        The arm that is chosen if nothing more becomes known.
    perfect : Interval
        Expected value of perfect information (EVPI), replicate noise taken out, with a t interval over
        worlds.
    perfect_null : float
        What it seems to be in 95 of 100 cases at most if worlds did not differ at all.
    table : DataFrame
        A row per parameter or group, the most valuable first: ``name``, ``estimate`` (EVPPI), ``low``,
        ``high``, ``se``, ``null`` (what a parameter that does nothing reaches in 95 of 100 cases at most),
        ``clear`` (the interval lies above 0 and the estimate above the null), ``switches`` (share of worlds
        in which knowing it changes the choice), ``level`` and ``leverage`` (share of the variance, adjusted
        for the terms of the regression, of the best arm's utility, and of its lead over the next best: what
        makes outcomes large is not what makes the choice).
    worlds, replicates : int
    """

    arms: tuple[str, ...]
    utility: tuple[float, ...]
    best: str
    perfect: Interval
    perfect_null: float
    table: pd.DataFrame
    worlds: int
    replicates: int


@checked
def value_of_information(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    weights: Mapping[str, float],
    parameters: Mapping[str, Sequence[str]],
    *,
    arms: Sequence[str] | None = None,
    seed: int = 1,
) -> Information:
    """Say what it is worth to learn parameters before choosing among arms.

    Parameters
    ----------
    runs : DataFrame
        Run table; every arm in every world and replicate.
    design : DataFrame
        Design table with the parameters' values; within a world those of its first point.
    weights : mapping of str to float
        Utility: points per unit of each outcome, costs with negative ones.
    parameters : mapping of str to sequence of str
        Columns of the design that are learned together, by the name of the group.
    arms : sequence of str, optional
        The arms that can be chosen; by default all.
    seed : int
        Of folds, of nulls and of the draws of what noise hides.

    Returns
    -------
    Information

    Raises
    ------
    ConfigError
        There is no choice, no weight, too few worlds, or a column does not exist.
    UnusableRunsError
        Runs failed, are missing or not finite.

    Notes
    -----
    EVPI: mean over worlds of the best arm's expected utility less that of the arm that is best on average;
    expected utilities are drawn as in :mod:`cosim.analysis.denoise`, since the largest of several noisy means
    is too large. EVPPI: utilities are regressed on the parameters (natural cubic splines, 3 degrees of
    freedom each; Strong, Oakley and Brennan 2014, doi:10.1177/0272989X13505910), in tenths: the choice in a
    tenth of the worlds is made by what the other nine tenths say, and the gain over the arm that is best on
    average is read off the tenth's own runs. So neither noise nor fitting it can make a gain; what the
    regression cannot see is missed, and a worthless parameter comes out slightly below 0.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cosim.analysis import value_of_information
    >>> x = np.linspace(-1, 1, 200)
    >>> design = pd.DataFrame({"point": range(400), "world": np.repeat(range(200), 2),
    ...                        "arm": ["stay", "go"] * 200, "x": np.repeat(x, 2)})
    >>> runs = design[["point", "world", "arm"]].assign(run=range(400), replicate=0)
    >>> runs["gain"] = np.where(runs["arm"] == "go", design["x"], 0.0)
    >>> found = value_of_information(runs, design, {"gain": 1.0}, {"x": ["x"]})
    >>> round(found.perfect.estimate, 2), round(float(found.table["estimate"].iloc[0]), 2)
    (0.25, 0.25)
    """
    if not weights:
        raise ConfigError("no outcome has a weight", key="weights")
    values, names = _utilities(runs, weights, arms)
    count, worlds, replicates = values.shape
    if count < 2:
        raise ConfigError("there is nothing to choose between", key="arms", value=list(names))
    if worlds < 2 * _FOLDS:
        raise ConfigError("too few worlds", key="worlds", value=worlds, allowed=f">= {2 * _FOLDS}")
    means = values.mean(axis=2)
    best = int(means.mean(axis=1).argmax())
    table = _partial(means, _known(design, parameters), seed)
    return Information(
        tuple(names),
        tuple(float(one) for one in means.mean(axis=1)),
        names[best],
        mean_interval(_perfect(values, seed)),
        _perfect_null(values, seed),
        table,
        worlds,
        replicates,
    )


def _utilities(
    runs: pd.DataFrame, weights: Mapping[str, float], arms: Sequence[str] | None
) -> tuple[FloatArray, list[str]]:
    total: FloatArray | None = None
    names: list[str] = []
    for outcome, weight in weights.items():
        found = cube(runs, outcome, None if arms is None else list(arms))
        names = found.arms
        part = weight * found.values
        total = part if total is None else total + part
    assert total is not None
    return total, names


def _known(design: pd.DataFrame, parameters: Mapping[str, Sequence[str]]) -> dict[str, FloatArray]:
    """Return the regression basis of every group of parameters, a row per world."""
    columns = [column for group in parameters.values() for column in group]
    need_columns(design, ["point", "world", *dict.fromkeys(columns)], "design")
    rows = design.sort_values("point").drop_duplicates("world").sort_values("world")
    return {name: np.hstack([_basis(rows[column]) for column in group]) for name, group in parameters.items()}


def _basis(column: pd.Series) -> FloatArray:
    """Return a column as a natural cubic spline; words and few different values as one column each.

    Notes
    -----
    Harrell (2015), Regression Modeling Strategies, doi:10.1007/978-3-319-19425-7, section 2.4.5.
    """
    if not pd.api.types.is_numeric_dtype(column.dtype) or column.nunique() <= len(_KNOTS):
        kinds = np.unique(column.astype(str).to_numpy(dtype=str), return_inverse=True)[1]
        ones: FloatArray = np.eye(int(kinds.max()) + 1)[kinds][:, 1:]
        return ones
    x = column.to_numpy(dtype=np.float64)
    knots = np.quantile(x, _KNOTS)
    if len(np.unique(knots)) < len(_KNOTS):
        straight: FloatArray = ((x - x.mean()) / x.std())[:, None]
        return straight
    scale = knots[-1] - knots[0]
    at = (x - knots[0]) / scale
    k = (knots - knots[0]) / scale

    def cube_of(value: FloatArray) -> FloatArray:
        found: FloatArray = np.clip(value, 0.0, None) ** 3
        return found

    curves = [
        cube_of(at - k[j])
        - cube_of(at - k[-2]) * (k[-1] - k[j]) / (k[-1] - k[-2])
        + cube_of(at - k[-1]) * (k[-2] - k[j]) / (k[-1] - k[-2])
        for j in range(len(k) - 2)
    ]
    return np.column_stack([at, *curves])


def _perfect(values: FloatArray, seed: int) -> FloatArray:
    """Return what perfect information would gain in each world, shape (worlds,)."""
    drawn = expected(values, seed=seed, sure=True)
    best = int(values.mean(axis=(1, 2)).argmax())
    found: FloatArray = (drawn.max(axis=1) - drawn[:, best]).mean(axis=0)
    return found


def _perfect_null(values: FloatArray, seed: int, draws: int = 40) -> float:
    """Return what perfect information would seem to gain if worlds did not differ; nan without replicates."""
    arms, worlds, replicates = values.shape
    if replicates < 2:
        return math.nan
    spread = root(noise_covariance(values) * replicates)
    centre = values.mean(axis=(1, 2))[:, None, None]
    rng = generator(seed)
    found = []
    for _ in range(draws):
        alike = centre + np.einsum("ij,jwr->iwr", spread, rng.standard_normal((arms, worlds, replicates)))
        found.append(float(_perfect(alike, seed).mean()))
    return float(np.quantile(found, _TAIL))


def _partial(means: FloatArray, known: Mapping[str, FloatArray], seed: int) -> pd.DataFrame:
    worlds = means.shape[1]
    rng = generator(seed)
    folds = rng.permutation(worlds) % _FOLDS
    first, second = np.argsort(-means.mean(axis=1), kind="stable")[:2]
    nulls: dict[int, float] = {}
    rows = []
    for name, basis in known.items():
        gains, switches = _gains(means, basis, folds)
        width = basis.shape[1]
        if width not in nulls:
            nulls[width] = _null(means, width, folds, rng)
        found = mean_interval(gains)
        rows.append(
            {
                "name": name,
                "estimate": found.estimate,
                "low": found.low,
                "high": found.high,
                "se": found.se,
                "null": nulls[width],
                "clear": bool(found.low > 0 and found.estimate > nulls[width]),
                "switches": switches,
                "level": _explained(means[first], basis),
                "leverage": _explained(means[first] - means[second], basis),
            }
        )
    columns = ["name", "estimate", "low", "high", "se", "null", "clear", "switches", "level", "leverage"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)


def _gains(means: FloatArray, basis: FloatArray, folds: NDArray[np.int64]) -> tuple[FloatArray, float]:
    """Return the gain of a choice that knows the parameters, world by world, and how often it is another."""
    worlds = means.shape[1]
    terms = np.column_stack([np.ones(worlds), basis])
    usual = int(means.mean(axis=1).argmax())
    gains, other = np.empty(worlds), 0
    for fold in range(_FOLDS):
        out = folds == fold
        fit = np.linalg.lstsq(terms[~out], means[:, ~out].T, rcond=None)[0]
        chosen = (terms[out] @ fit).argmax(axis=1)
        at = np.flatnonzero(out)
        gains[at] = means[chosen, at] - means[usual, at]
        other += int((chosen != usual).sum())
    return gains, other / worlds


def _explained(values: FloatArray, basis: FloatArray) -> float:
    """Return the share of a variance that a regression on a basis explains, adjusted for its terms, 0..1."""
    count, terms = basis.shape
    total = float(((values - values.mean()) ** 2).sum())
    if not total > 0 or count <= terms + 1:
        return 0.0
    design = np.column_stack([np.ones(count), basis])
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return float(max(0.0, 1 - float((left**2).sum()) / total * (count - 1) / (count - terms - 1)))


def _null(means: FloatArray, width: int, folds: NDArray[np.int64], rng: np.random.Generator) -> float:
    """Return what parameters that do nothing reach in 95 of 100 cases at most."""
    single = max(1, width // (len(_KNOTS) - 1))
    found = []
    for _ in range(_NULLS // 4 if width > 6 else _NULLS):
        drawn = [_basis(pd.Series(rng.random(means.shape[1]))) for _ in range(single)]
        found.append(float(_gains(means, np.hstack(drawn), folds)[0].mean()))
    return float(np.quantile(found, _TAIL))
