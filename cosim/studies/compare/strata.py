"""For which teams an answer holds: by size, share of the public, rule, level, where these vary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cosim.analysis.intervals import paired_interval
from cosim.formatting.words import plain_name
from cosim.studies.compare.findings import Comparison

BEFORE = "team_"
"""What columns of the design begin with that say what team a setting has."""
_MOST_VALUES = 4
_FEWEST = 5
_PARTS = 3


@dataclass(frozen=True)
class Stratum:
    """Settings whose teams are alike in one thing.

    Attributes
    ----------
    column, label : str
        What they are alike in, and how: ``team_size``, ``4 to 9``.
    worlds : tuple of int
        Places of the settings, in the order of the worlds.
    """

    column: str
    label: str
    worlds: tuple[int, ...]

    @property
    def title(self) -> str:
        """Its name for people: ``size 4 to 9``."""
        return f"{plain_name(self.column.removeprefix(BEFORE)).lower()} {self.label}"


def strata_of(comparison: Comparison) -> tuple[Stratum, ...]:
    """Return the strata of a study whose teams vary; those of fewer than five settings are left out."""
    design = comparison.results.design_table
    columns = [name for name in design.columns if name.startswith(BEFORE)]
    rows = design.read(["world", "arm", *columns])
    rows = rows.loc[rows["arm"] == comparison.baseline].sort_values("world", ignore_index=True)
    found = [stratum for name in columns for stratum in _cut(rows[name])]
    return tuple(stratum for stratum in found if len(stratum.worlds) >= _FEWEST)


def _cut(column: pd.Series) -> Iterator[Stratum]:
    name, known = str(column.name), column.dropna()
    if known.nunique() < 2:
        return
    if pd.api.types.is_numeric_dtype(known.dtype) and known.nunique() > _MOST_VALUES:
        ends = np.unique(np.quantile(known, np.linspace(0, 1, _PARTS + 1)[1:-1]))
        part = np.searchsorted(ends, known.to_numpy(), side="left")
        for number in np.unique(part):
            inside = known[part == number]
            label = f"{inside.min():.3g} to {inside.max():.3g}"
            yield Stratum(name, label, tuple(int(place) for place in inside.index))
        return
    for value in sorted(known.unique(), key=str):
        label = f"{value:g}" if isinstance(value, (int, float)) else plain_name(str(value)).lower()
        yield Stratum(name, label, tuple(int(place) for place in known.index[known == value]))


def strata_data(comparison: Comparison) -> pd.DataFrame:
    """Return the leader by stratum: its difference, how often it is better, and who is best there on average.

    Returns
    -------
    DataFrame
        ``stratum``, ``value``, ``n_worlds``, ``arm``, ``gain`` over the baseline (above 0: better) with
        ``low`` and ``high``, ``above_share`` of the settings, ``best`` (of the arms that are ranked),
        ``turns`` (another arm is best there, and not by less than what matters; or the leader does not help).
    """
    standing, field = comparison.standing, comparison.field
    if standing is None or standing.leader is None or field is None:
        return pd.DataFrame()
    leader, baseline = standing.leader, comparison.baseline
    gains = {arm: field.gains(arm, baseline) for arm in comparison.candidates}
    margin = comparison.matters.get(comparison.primary, 0.0)
    rows = []
    for stratum in strata_of(comparison):
        inside = list(stratum.worlds)
        ours = gains[leader][inside]
        interval = paired_interval(ours, 0.95, comparison.replication)
        best = max(gains, key=lambda arm: float(gains[arm][inside].mean()))
        ahead = paired_interval(gains[best][inside] - ours, 0.95, comparison.replication)
        rows.append(
            {
                "stratum": stratum.column,
                "value": stratum.label,
                "title": stratum.title,
                "n_worlds": len(inside),
                "arm": leader,
                "gain": interval.estimate,
                "low": interval.low,
                "high": interval.high,
                "above_share": float((ours.mean(axis=1) > 0).mean()),
                "best": best,
                "turns": bool(interval.high < 0 or (best != leader and ahead.low > margin)),
            }
        )
    return pd.DataFrame(rows)
