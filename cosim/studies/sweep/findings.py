"""The numbers of a sweep: curves along a setting, and the change from one end to the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cosim.analysis.sweep import curve
from cosim.studies.arm_titles import Arm, arms_of
from cosim.studies.results import KEYS, Results
from cosim.studies.shared_findings import resampling


@dataclass(frozen=True)
class Sweep:
    """A sweep, worked out.

    Attributes
    ----------
    results : Results
    """

    results: Results

    @property
    def columns(self) -> tuple[str, ...]:
        """What is swept."""
        return tuple(self.results.notes["columns"])

    @property
    def is_grid(self) -> bool:
        """Whether all combinations were run."""
        return str(self.results.notes["mode"]) == "grid"

    @cached_property
    def design(self) -> pd.DataFrame:
        """The design table with ``arm`` the way of working alone, and ``swept``, what is set in it."""
        settings: Mapping[str, Any] = self.results.notes["settings"]
        names = self.results.design["arm"]
        return self.results.design.assign(
            arm=names.map({name: entry["arm"] for name, entry in settings.items()}),
            swept=names.map({name: tuple(entry["values"]) for name, entry in settings.items()}),
        )

    @cached_property
    def arms(self) -> Mapping[str, Arm]:
        """The ways of working that are swept, by name."""
        found = arms_of(self.results)
        names = dict.fromkeys(self.design["arm"])
        return {name: found[name] for name in names if name in found} or {
            name: Arm(name, name) for name in names
        }

    def titles_of_arms(self) -> dict[str, str]:
        """Return what figures call the ways of working."""
        return {
            name: self.arms[name].title if name in self.arms else name for name in self.design["arm"].unique()
        }

    def curve(self, column: str, outcome: str, reference: object = None) -> pd.DataFrame:
        """Return the outcome along one setting; in a grid, averaged over the others."""
        runs, design = self._along(column, outcome)
        return curve(runs, design, outcome, column, reference=reference, resampling=resampling(self.results))

    def values(self, column: str) -> list[Any]:
        """Return the values of a setting, ascending."""
        return sorted(self.design.loc[self._points(column), column].unique().tolist())

    def _points(self, column: str) -> pd.Series[bool]:
        if self.is_grid:
            return pd.Series(True, index=self.design.index)
        return self.design["swept"].map(lambda swept: swept == (column,))

    def _along(self, column: str, outcome: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        design = self.design.loc[self._points(column)]
        runs = self.results.runs.loc[self.results.runs["point"].isin(design["point"])]
        if not self.is_grid or len(self.columns) == 1:
            return runs, design
        # One point for each arm, world and value: the mean over all settings of the others.
        keys = ["arm", "world", column]
        first = design.groupby(keys, sort=False)["point"].transform("first")
        together = runs.assign(point=runs["point"].map(pd.Series(first.to_numpy(), index=design["point"])))
        cells = together.groupby(["point", "world", "replicate"])[outcome].mean()
        means = cells.reset_index()
        means["run"] = np.arange(len(means))
        means["arm"] = "swept"
        return means.loc[:, [*KEYS, outcome]], design.drop_duplicates(keys)


@dataclass(frozen=True)
class Change:
    """How an outcome changes from the first to the last value of a setting, in one way of working."""

    column: str
    arm: str
    first: Any
    last: Any
    before: float
    after: float
    difference: float
    low: float
    high: float
    turns: Any

    @property
    def clear(self) -> bool:
        """Whether the interval excludes no change."""
        return self.low > 0 or self.high < 0


def changes(sweep: Sweep, outcome: str) -> list[Change]:
    """Return the change along every setting in every way of working."""
    found = []
    for column in sweep.columns:
        values = sweep.values(column)
        ends = [sweep.curve(column, outcome, reference=value) for value in (values[0], values[-1])]
        for arm in dict.fromkeys(ends[0]["arm"]):
            up, back = (table[table["arm"] == arm].reset_index(drop=True) for table in ends)
            last = up.iloc[-1]
            found.append(
                Change(
                    column, str(arm), values[0], values[-1], float(up["mean"].iloc[0]), float(last["mean"]),
                    float(last["difference"]), float(last["difference_low"]), float(last["difference_high"]),
                    _turn(up, back),
                )
            )  # fmt: skip
    return found


def _turn(up: pd.DataFrame, back: pd.DataFrame) -> Any:
    """Return the value in between that is clearly beyond both ends; None when there is none."""
    inner = slice(1, len(up) - 1)
    above = (up["difference_low"] > 0) & (back["difference_low"] > 0)
    below = (up["difference_high"] < 0) & (back["difference_high"] < 0)
    for beyond, best in ((above, "idxmax"), (below, "idxmin")):
        rows = up.iloc[inner].loc[beyond.iloc[inner]]
        if len(rows):
            return rows.loc[getattr(rows["mean"], best)(), "value"]
    return None
