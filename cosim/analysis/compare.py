"""Arms against a baseline: paired differences over worlds, how often on top, how noisy, at what cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from cosim.analysis.checks import checked, checked_fields
from cosim.analysis.intervals import (
    Components,
    components,
    monte_carlo_error,
    paired_interval,
    wilson_interval,
)
from cosim.analysis.resampling import FloatArray, Replication, check_level, check_replication
from cosim.analysis.tables import Cube, cube, known_name
from cosim.errors import ConfigError

Better = Literal["lower", "higher"] | float
"""Which way an outcome is good: lower, higher, or nearest to a number (parity: nearest to 1)."""


@dataclass(frozen=True)
@checked_fields
class CompareSettings:
    """How arms are compared.

    Parameters
    ----------
    better : mapping of str to {"lower", "higher"} or float
        Which way each outcome is good; an outcome that is not mentioned is not ranked.
    costs : sequence of str
        Cost columns shown beside every effect.
    top : int
        Size of the top group.
    level : float
        Level of all intervals.
    replication : {"crossed", "nested"}
        Whether equal replicate numbers share their random numbers over worlds, see
        :data:`cosim.analysis.resampling.Replication`.
    """

    better: Mapping[str, Better] | None = None
    costs: Sequence[str] = ("minutes", "money")
    top: int = 3
    level: float = 0.95
    replication: Replication = "crossed"

    def __post_init__(self) -> None:
        check_level(self.level)
        check_replication(self.replication)
        if self.top < 1:
            raise ConfigError("the top group needs at least one place", key="top", value=self.top)
        for outcome, way in (self.better or {}).items():
            is_number = isinstance(way, (int, float)) and not isinstance(way, bool) and math.isfinite(way)
            if way not in ("lower", "higher") and not is_number:
                raise ConfigError(
                    "cannot tell which way this outcome is good",
                    key=outcome,
                    value=way,
                    allowed="'lower', 'higher', or the number to be near to",
                )


STANDARD = CompareSettings()
"""Top 3, 95 %, minutes and money beside the effects, common random numbers."""


@checked
def compare(
    runs: pd.DataFrame, baseline: str, outcomes: Sequence[str], settings: CompareSettings = STANDARD
) -> pd.DataFrame:
    """Compare every arm with the baseline, in the same worlds and the same replicates.

    Parameters
    ----------
    runs : DataFrame
        Run table with every arm in every world and replicate.
    baseline : str
        Arm to compare with.
    outcomes : sequence of str
        Outcome columns.
    settings : CompareSettings
        Directions, costs, level.

    Returns
    -------
    DataFrame
        A row per outcome and arm (the baseline included, with difference 0), with the columns

        - ``outcome``, ``arm``, ``is_baseline``, ``n_worlds``, ``n_replicates``, ``interval_over``
          (``"worlds"`` or, with a single world, ``"replicates"``);
        - ``mean``; ``difference`` to the baseline with ``low``, ``high``, ``se``; ``mcse``, the part of
          ``se`` that more replicates would remove;
        - ``positive_share`` of worlds whose mean difference is > 0 with ``positive_low``, ``positive_high``
          (Wilson), and ``zero_share`` of worlds in which it is exactly 0;
        - ``top_share``, the share of worlds in which the arm is among the best `top` of all arms, baseline
          included, ties sharing the places they tie for, with ``top_low``, ``top_high`` (Wilson); nan for
          outcomes without a direction;
        - ``noise_share``, the share of the variance of a single run's difference that is replicate noise;
        - for each cost c: ``c``, its mean, and ``c_extra``, its mean difference to the baseline.

    Raises
    ------
    ConfigError
        A column or the baseline does not exist.
    UnusableRunsError
        Runs failed, are missing or not finite; their ids are named.

    Notes
    -----
    Ranks within a world come from means over replicates. Noise in these means draws ``top_share`` towards
    top / arms for everyone: read it beside ``noise_share``.

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
    >>> from cosim.analysis import CompareSettings, compare
    >>> table = compare(runs, "usual", ["gini"], CompareSettings(better={"gini": "lower"}, costs=()))
    >>> table.set_index("arm").loc["rounds", ["mean", "difference"]].round(3).to_dict()
    {'mean': 0.3, 'difference': -0.2}
    """
    if not outcomes:
        raise ConfigError("no outcomes to compare", key="outcomes", allowed="at least one outcome column")
    for outcome in settings.better or {}:
        known_name(outcome, [*outcomes], "outcome")
    costs = {name: cube(runs, name) for name in settings.costs}
    tables = []
    for outcome in outcomes:
        values = cube(runs, outcome)
        table = _outcome_rows(values, baseline, outcome, settings)
        for name, cost in costs.items():
            means = pd.Series(cost.values.mean(axis=(1, 2)), index=cost.arms)
            table[name] = means.loc[table["arm"]].to_numpy()
            table[f"{name}_extra"] = table[name] - means.loc[baseline]
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _outcome_rows(values: Cube, baseline: str, outcome: str, settings: CompareSettings) -> pd.DataFrame:
    reference = values.arm(known_name(baseline, values.arms, "arm"))
    way = (settings.better or {}).get(outcome)
    tops = top_credits(values.values.mean(axis=2), way, settings.top) if way is not None else None
    rows = []
    for index, arm in enumerate(values.arms):
        row = _arm_row(values.values[index], reference, settings)
        row |= {"outcome": outcome, "arm": arm, "is_baseline": arm == baseline}
        row |= _top_columns(tops[index] if tops is not None else None, settings.level)
        rows.append(row)
    first = ["outcome", "arm", "is_baseline"]
    table = pd.DataFrame(rows)
    return table[first + [column for column in table.columns if column not in first]]


def _arm_row(values: FloatArray, reference: FloatArray, settings: CompareSettings) -> dict[str, object]:
    difference = values - reference
    interval = paired_interval(difference, settings.level, settings.replication)
    by_world = difference.mean(axis=1)
    W, R = difference.shape
    positive = wilson_interval(int((by_world > 0).sum()), W, settings.level)
    return {
        "n_worlds": W,
        "n_replicates": R,
        "interval_over": interval.unit,
        "mean": float(values.mean()),
        "difference": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "se": interval.se,
        "mcse": monte_carlo_error(difference, settings.replication),
        "positive_share": positive.estimate,
        "positive_low": positive.low,
        "positive_high": positive.high,
        "zero_share": float((by_world == 0).mean()),
        "noise_share": components(difference, settings.replication).noise_share,
    }


def _top_columns(shares: FloatArray | None, level: float) -> dict[str, float]:
    if shares is None:
        return {"top_share": math.nan, "top_low": math.nan, "top_high": math.nan}
    interval = wilson_interval(float(shares.sum()), shares.size, level)
    return {"top_share": interval.estimate, "top_low": interval.low, "top_high": interval.high}


def top_credits(means: FloatArray, better: Better, top: int = 3) -> FloatArray:
    """Say how much of a place among the best each arm has in each world.

    Parameters
    ----------
    means : ndarray of float, shape (arms, worlds)
        Mean outcome per arm and world.
    better : {"lower", "higher"} or float
        Which way is good.
    top : int
        Number of places.

    Returns
    -------
    ndarray of float, shape (arms, worlds)
        1 for an arm clearly among the best, 0 for one that is not; arms that tie for the last places share
        them. Sums to min(top, arms) in every world.
    """
    if better == "lower":
        badness = means
    elif better == "higher":
        badness = -means
    else:
        badness = np.abs(means - float(better))
    ahead = (badness[None, :, :] < badness[:, None, :]).sum(axis=1)
    level_with = (badness[None, :, :] == badness[:, None, :]).sum(axis=1)
    credits: FloatArray = np.clip((top - ahead) / level_with, 0.0, 1.0)
    return credits


@checked
def differences(runs: pd.DataFrame, baseline: str, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return a run table whose outcomes are paired differences to the baseline.

    Keeps run, point, world, arm and replicate of each arm other than the baseline, so that any other
    analysis can be made of differences (for instance: what does the benefit of an arm depend on?).

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
    >>> from cosim.analysis import differences
    >>> differences(runs, "usual", ["gini"])["gini"].round(3).tolist()
    [-0.2, -0.1, -0.2, -0.3]
    """
    keys = ["run", "point", "world", "arm", "replicate"]
    for outcome in outcomes:
        cube(runs, outcome)  # refuses what cannot be paired
    known_name(baseline, runs["arm"].drop_duplicates().tolist(), "arm")
    is_baseline = runs["arm"] == baseline
    reference = runs.loc[is_baseline, ["world", "replicate", *outcomes]]
    table = runs.loc[~is_baseline, [*keys, *outcomes]].merge(
        reference,
        on=["world", "replicate"],
        how="left",
        suffixes=("", " of baseline"),
        validate="many_to_one",
    )
    for outcome in outcomes:
        table[outcome] = table[outcome] - table[f"{outcome} of baseline"]
    table["error"] = None
    return table[[*keys, *outcomes, "error"]]


@checked
def replicates_needed(
    runs: pd.DataFrame, baseline: str, outcome: str, half_width: float, settings: CompareSettings = STANDARD
) -> pd.DataFrame:
    """Say how many replicates, or worlds, would give the paired differences a wanted half-width.

    Parameters
    ----------
    runs : DataFrame
        A pilot with at least two replicates.
    baseline : str
        Arm to compare with.
    outcome : str
        Outcome column.
    half_width : float
        Wanted half-width of the interval, in the unit of the outcome, > 0.
    settings : CompareSettings
        Level and replication.

    Returns
    -------
    DataFrame
        A row per arm other than the baseline: ``arm``, ``outcome``, ``n_worlds``, ``n_replicates``,
        ``half_width`` reached so far, ``wanted``, ``reached``, ``replicates_needed`` with these worlds
        (missing when no number would do, because worlds differ too much), ``worlds_needed`` with this
        number of replicates (missing when no number would do, because worlds share their random
        numbers),
        ``noise_share``.

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
    >>> from cosim.analysis import replicates_needed
    >>> replicates_needed(runs, "usual", "gini", 5.0)[["arm", "reached"]].values.tolist()
    [['rounds', True]]
    """
    if not (math.isfinite(half_width) and half_width > 0):
        raise ConfigError("a wanted half-width must be above 0", key="half_width", value=half_width)
    values = cube(runs, outcome)
    W, R = len(values.worlds), len(values.replicates)
    if R < 2:
        raise ConfigError(
            "one replicate cannot show replicate noise", key="replicates", value=R, allowed="2 or more"
        )
    reference = values.arm(known_name(baseline, values.arms, "arm"))
    rows = []
    for arm in values.arms:
        if arm == baseline:
            continue
        difference = values.arm(arm) - reference
        interval = paired_interval(difference, settings.level, settings.replication)
        parts = components(difference, settings.replication)
        rows.append(
            {
                "arm": arm,
                "outcome": outcome,
                "n_worlds": W,
                "n_replicates": R,
                "half_width": interval.half_width,
                "wanted": half_width,
                "reached": interval.half_width <= half_width,
                "replicates_needed": _replicates_for(parts, half_width, settings.level),
                "worlds_needed": _worlds_for(parts, half_width, settings.level),
                "noise_share": parts.noise_share,
            }
        )
    table = pd.DataFrame(rows)
    whole = {"replicates_needed": "Int64", "worlds_needed": "Int64"}
    return table.astype(whole) if rows else table


def _replicates_for(parts: Components, half_width: float, level: float) -> int | None:
    """Smallest number of replicates, the worlds being given; None when the worlds alone are too wide."""
    W = parts.n_worlds
    if W < 2:
        return _worlds_for_plain(parts.replicates, half_width, level)
    allowed = (half_width / float(stats.t.ppf(0.5 + level / 2, W - 1))) ** 2 - parts.worlds / W
    if allowed <= 0:
        return None if parts.worlds + parts.shared + parts.replicates > 0 else 1
    return max(1, math.ceil((parts.shared + parts.replicates / W) / allowed))


def _worlds_for(parts: Components, half_width: float, level: float) -> int | None:
    """Smallest number of worlds, the replicates being given; None when the shared part is too wide."""
    R = parts.n_replicates
    between = parts.worlds if math.isfinite(parts.worlds) else math.nan
    per_world = between + parts.replicates / R
    if not math.isfinite(per_world):
        return None
    floor = parts.shared / R
    for_z = (half_width / float(stats.norm.ppf(0.5 + level / 2))) ** 2
    if for_z <= floor:
        return None
    worlds = max(2, math.ceil(per_world / (for_z - floor)))
    while (half_width / float(stats.t.ppf(0.5 + level / 2, worlds - 1))) ** 2 < floor + per_world / worlds:
        worlds += max(1, worlds // 50)
    return worlds


def _worlds_for_plain(variance: float, half_width: float, level: float) -> int:
    """Smallest number of independent values whose mean has this half-width."""
    n = max(2, math.ceil(variance * (float(stats.norm.ppf(0.5 + level / 2)) / half_width) ** 2))
    while float(stats.t.ppf(0.5 + level / 2, n - 1)) * math.sqrt(variance / n) > half_width:
        n += 1
    return n
