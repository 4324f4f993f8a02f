"""The numbers of a study of bundles: fronts, regret, and how often a set is good enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from cosim.analysis.intervals import Interval, paired_interval
from cosim.analysis.pareto import costs_of, front_shares, non_dominated
from cosim.analysis.robustness import Criterion, regret, satisficing
from cosim.analysis.tables import Cube, cube
from cosim.studies.arm_titles import BASELINE, EMERGENT, Arm, arms_of
from cosim.studies.results import Results
from cosim.studies.shared_findings import resampling

AGAINST = "vs. usual"
"""Ends the names of columns with paired differences to the baseline."""


@dataclass(frozen=True)
class Bundles:
    """A study of bundles, worked out.

    Attributes
    ----------
    results : Results
    """

    results: Results

    @property
    def objectives(self) -> Mapping[str, str]:
        """Outcomes, and which way each of them is good: ``min`` or ``max``."""
        return dict(self.results.notes["objectives"])

    @property
    def first(self) -> str:
        """The objective that orders tables."""
        return next(iter(self.objectives))

    @property
    def limits(self) -> Mapping[str, float]:
        """Budgets: the largest mean that an outcome may have."""
        return dict(self.results.notes["limits"])

    @property
    def searched(self) -> bool:
        """Whether a search was made, because there are too many sets to try them all."""
        return bool(self.results.notes["search"])

    @cached_property
    def arms(self) -> Mapping[str, Arm]:
        """Every set that was run, the baseline too."""
        return arms_of(self.results)

    @cached_property
    def cubes(self) -> Mapping[str, Cube]:
        """Objectives and budgeted outcomes by arm, world and replicate."""
        return {
            name: cube(self.results.runs, name) for name in dict.fromkeys([*self.objectives, *self.limits])
        }

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per set, by name: means, ``within`` budgets, front shares, regret, satisficing share."""
        arms = next(iter(self.cubes.values())).arms
        table = pd.DataFrame(
            {name: each.values.mean(axis=(1, 2)) for name, each in self.cubes.items()},
            index=pd.Index(arms, name="arm"),
        )
        within = np.ones(len(table), dtype=bool)
        for name, most in self.limits.items():
            within &= table[name].to_numpy() <= most
        table["within"] = within
        table["size"] = [len(self.arms[arm].doses) for arm in arms]
        table["emergent"] = [self.arms[arm].status(self.first) == EMERGENT for arm in arms]
        kept = table.index[within]
        runs = self.results.runs.loc[self.results.runs["arm"].isin(kept)]
        table["on_front"] = False
        if len(kept):
            shares = front_shares(runs, self.objectives).set_index("arm")  # type: ignore[arg-type]
            for column in ("on_front", "front_share", "front_low", "front_high"):
                table[column] = shares[column].reindex(table.index)
            table["on_front"] = table["on_front"].fillna(False).astype(bool)
            found = regret(runs, self.first, self._better(self.first), resampling(self.results, 200))
            for column in ("mean_regret", "regret_90", "max_regret", "minimax_share"):
                table[column] = found.set_index("arm")[column].reindex(table.index)
            meets = satisficing(self._against(runs), self.criteria()).set_index("arm")
            for column, name in (
                ("share", "satisficing"),
                ("low", "satisficing_low"),
                ("high", "satisficing_high"),
            ):
                table[name] = meets[column].reindex(table.index)
        return table

    @cached_property
    def front(self) -> tuple[str, ...]:
        """Sets within budgets that no other beats on all objectives, the best on the first one first."""
        rows = self.table[self.table["on_front"]]
        ordered = rows[self.first].sort_values(ascending=self.objectives[self.first] == "min", kind="stable")
        return tuple(str(arm) for arm in ordered.index)

    @cached_property
    def free(self) -> tuple[str, ...]:
        """The front among the sets whose effect on the first objective emerges from the dynamics."""
        rows = self.table[self.table["within"] & self.table["emergent"]]
        if rows.empty:
            return ()
        rows = rows[non_dominated(costs_of(rows, self.objectives))]  # type: ignore[arg-type]
        ordered = rows[self.first].sort_values(ascending=self.objectives[self.first] == "min", kind="stable")
        return tuple(str(arm) for arm in ordered.index)

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Both fronts: first the sets whose effect emerges, then those that owe it to a rule."""
        return (*self.free, *(arm for arm in self.front if arm not in self.free))

    def difference(self, arm: str, outcome: str) -> Interval:
        """Return the paired difference of an arm to business as usual."""
        values = self.cubes[outcome]
        return paired_interval(values.arm(arm) - values.arm(BASELINE), 0.95, self.results.replication)

    def criteria(self) -> dict[str, Criterion]:
        """Return what counts as good enough in a world: all benefits no worse than usual, within budgets."""
        found: dict[str, Criterion] = {}
        for name, way in self.objectives.items():
            if name not in self.limits:
                found[f"{name} {AGAINST}"] = ("<=", 0.0) if way == "min" else (">=", 0.0)
        for name in ("minutes", "money"):
            found.pop(f"{name} {AGAINST}", None)
        return found | {name: ("<=", most) for name, most in self.limits.items()}

    def _against(self, runs: pd.DataFrame) -> pd.DataFrame:
        """Return runs with the paired difference to business as usual of every objective."""
        keys = ["world", "replicate"]
        names = list(self.objectives)
        every = self.results.runs
        usual = every.loc[every["arm"] == BASELINE, [*keys, *names]]
        joined = runs.merge(usual, on=keys, suffixes=("", " of usual"), validate="many_to_one")
        return joined.assign(
            **{f"{name} {AGAINST}": joined[name] - joined[f"{name} of usual"] for name in names}
        )

    def _better(self, outcome: str) -> Literal["lower", "higher"]:
        return "lower" if self.objectives[outcome] == "min" else "higher"
