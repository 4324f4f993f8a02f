"""How an option does over worlds nobody can choose: regret, satisficing, worst cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from cosim.analysis.checks import checked
from cosim.analysis.intervals import mean_interval, wilson_interval
from cosim.analysis.resampling import STANDARD, FloatArray, Resampling, check_level, row_weights
from cosim.analysis.tables import cube
from cosim.errors import ConfigError, nearest_name

Criterion = tuple[Literal["<=", ">="], float]
"""A requirement on an outcome, e.g. ``("<=", 0.2)``."""


@checked
def regret(
    runs: pd.DataFrame, outcome: str, better: Literal["lower", "higher"], resampling: Resampling = STANDARD
) -> pd.DataFrame:
    """Regret of each arm: how much worse it is than the best arm of the same world.

    Parameters
    ----------
    runs : DataFrame
        Run table with every arm in every world and replicate; means over replicates are compared.
    outcome : str
        Outcome column.
    better : {"lower", "higher"}
        Which way the outcome is good.
    resampling : Resampling
        Bootstrap over worlds for `minimax_share`; level.

    Returns
    -------
    DataFrame
        A row per arm with ``mean`` (of the outcome), ``worst`` (world), ``mean_regret`` with ``low`` and
        ``high`` (t interval over worlds), ``regret_90`` (90 % of worlds stay below), ``max_regret`` and
        ``max_regret_world``, ``is_minimax`` (the smallest largest regret of all arms) and ``minimax_share``
        (share of bootstrap draws of worlds in which it is; ties shared). A largest regret has no honest
        interval: other worlds could be worse.

    Notes
    -----
    Noise in means over replicates makes every regret look larger, since the best arm is picked by its noise
    as well.

    References
    ----------
    Savage (1951), doi:10.1080/01621459.1951.10500768; McPhail et al. (2018), doi:10.1002/2017EF000649.

    Examples
    --------
    >>> import pandas as pd
    >>> runs = pd.DataFrame({
    ...     "run": range(8),
    ...     "point": [0, 0, 1, 1, 2, 2, 3, 3],
    ...     "world": [0, 0, 1, 1, 0, 0, 1, 1],
    ...     "arm": ["usual"] * 4 + ["rounds"] * 4,
    ...     "replicate": [0, 1] * 4,
    ...     "gini": [0.5, 0.4, 0.6, 0.5, 0.3, 0.3, 0.4, 0.2],
    ... })
    >>> from cosim.analysis import regret
    >>> regret(runs, "gini", "lower").set_index("arm")["max_regret"].round(3).to_dict()
    {'usual': 0.25, 'rounds': 0.0}
    """
    if better not in ("lower", "higher"):
        raise ConfigError(
            "cannot tell which way this outcome is good",
            key=outcome,
            value=better,
            allowed="'lower' or 'higher'",
        )
    values = cube(runs, outcome)
    means = values.values.mean(axis=2)
    loss = means if better == "lower" else -means
    regrets = loss - loss.min(axis=0)
    largest = regrets.max(axis=1)
    intervals = [mean_interval(row, resampling.level) for row in regrets]
    at = regrets.argmax(axis=1)
    return pd.DataFrame(
        {
            "arm": values.arms,
            "outcome": outcome,
            "n_worlds": len(values.worlds),
            "mean": means.mean(axis=1),
            "worst": means[np.arange(len(means)), loss.argmax(axis=1)],
            "mean_regret": regrets.mean(axis=1),
            "low": [
                max(interval.low, 0.0) if np.isfinite(interval.low) else interval.low
                for interval in intervals
            ],
            "high": [interval.high for interval in intervals],
            "regret_90": np.quantile(regrets, 0.9, axis=1),
            "max_regret": largest,
            "max_regret_world": [values.worlds[k] for k in at],
            "is_minimax": largest == largest.min(),
            "minimax_share": _minimax_shares(regrets, resampling),
        }
    )


def _minimax_shares(regrets: FloatArray, resampling: Resampling) -> FloatArray:
    rng = resampling.generator()
    credit = np.zeros(len(regrets))
    for _ in range(resampling.draws):
        drawn = row_weights(rng, regrets.shape[1]) > 0
        largest = regrets[:, drawn].max(axis=1)
        first = largest == largest.min()
        credit += first / first.sum()
    return np.asarray(credit / resampling.draws, dtype=np.float64)


@checked
def satisficing(runs: pd.DataFrame, criteria: Mapping[str, Criterion], level: float = 0.95) -> pd.DataFrame:
    """Share of worlds in which each arm meets all requirements at once.

    Parameters
    ----------
    runs : DataFrame
        Run table with every arm in every world and replicate; means over replicates must meet the
        requirements.
    criteria : mapping of str to (operator, threshold)
        Requirements by outcome, e.g. ``{"influence_gini": ("<=", 0.2), "minutes": ("<=", 360)}``.
    level : float
        Level of the Wilson intervals over worlds.

    Returns
    -------
    DataFrame
        A row per arm: ``arm``, ``n_worlds``, ``share``, ``low``, ``high``, and for each outcome ``meets
        <outcome>``, the share of worlds that meet this requirement alone.

    Examples
    --------
    >>> import pandas as pd
    >>> runs = pd.DataFrame({
    ...     "run": range(8),
    ...     "point": [0, 0, 1, 1, 2, 2, 3, 3],
    ...     "world": [0, 0, 1, 1, 0, 0, 1, 1],
    ...     "arm": ["usual"] * 4 + ["rounds"] * 4,
    ...     "replicate": [0, 1] * 4,
    ...     "gini": [0.5, 0.4, 0.6, 0.5, 0.3, 0.3, 0.4, 0.2],
    ... })
    >>> from cosim.analysis import satisficing
    >>> satisficing(runs, {"gini": ("<=", 0.45)}).set_index("arm")["share"].to_dict()
    {'usual': 0.5, 'rounds': 1.0}
    """
    check_level(level)
    if not criteria:
        raise ConfigError(
            "no requirements", key="criteria", allowed="at least one outcome with an operator and a number"
        )
    met: dict[str, np.ndarray[tuple[int, int], np.dtype[np.bool_]]] = {}
    arms: list[str] = []
    for outcome, (operator, threshold) in criteria.items():
        if operator not in ("<=", ">="):
            raise ConfigError(
                "unknown operator",
                key=outcome,
                value=operator,
                allowed="'<=' or '>='",
                nearest=nearest_name(str(operator), ("<=", ">=")),
            )
        values = cube(runs, outcome)
        means = values.values.mean(axis=2)
        met[outcome] = means <= threshold if operator == "<=" else means >= threshold
        arms = values.arms
    together = np.logical_and.reduce(list(met.values()))
    n = together.shape[1]
    shares = [wilson_interval(int(row.sum()), n, level) for row in together]
    table = pd.DataFrame(
        {
            "arm": arms,
            "n_worlds": n,
            "share": [share.estimate for share in shares],
            "low": [share.low for share in shares],
            "high": [share.high for share in shares],
        }
    )
    for outcome, here in met.items():
        table[f"meets {outcome}"] = here.mean(axis=1)
    return table
