"""The numbers of a study of the value of information."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from cosim.analysis.information import Information, value_of_information
from cosim.studies.arm_titles import arms_of
from cosim.studies.factor_titles import factor_title
from cosim.studies.results import Results

_MONEY = "money"
_PARTS = ("low", "middle", "high")


@dataclass(frozen=True)
class Knowing:
    """A choice, and what it would be worth to know more before it, worked out.

    Attributes
    ----------
    results : Results
    """

    results: Results

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """Points per unit of each outcome that counts."""
        return {
            name: float(weight) for name, weight in self.results.notes["utility"].items() if float(weight)
        }

    @cached_property
    def arms(self) -> Mapping[str, str]:
        """Titles of the arms that can be chosen."""
        return {name: arm.title for name, arm in arms_of(self.results).items()}

    @cached_property
    def groups(self) -> Mapping[str, list[str]]:
        """Sampled parameters by what would be measured together: the config's groups, the others alone."""
        sampled = list(self.results.sampled(next(iter(self.arms))))
        grouped = {
            group: [name for name in members if name in sampled]
            for group, members in self.results.notes["groups"].items()
        }
        taken = {name for members in grouped.values() for name in members}
        found = {group: members for group, members in grouped.items() if members}
        return {**found, **{name: [name] for name in sampled if name not in taken}}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What people call a parameter or group."""
        own = self.results.notes["groups"]
        return {name: name.replace("_", " ") if name in own else factor_title(name) for name in self.groups}

    @cached_property
    def information(self) -> Information:
        """`cosim.analysis.information.value_of_information`."""
        return value_of_information(
            self.results.runs, self.results.design, self.weights, self.groups, arms=list(self.arms)
        )

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """A row per parameter or group, the most valuable first."""
        return [
            {str(key): value for key, value in row.items()}
            for row in self.information.table.to_dict("records")
        ]

    @cached_property
    def clear(self) -> list[dict[str, Any]]:
        """Those that it would clearly be worth something to know."""
        return [row for row in self.rows if row["clear"]]

    @property
    def matters(self) -> bool:
        """Whether knowing everything would be worth more than chance alone makes it seem."""
        found = self.information
        beyond = not math.isfinite(found.perfect_null) or found.perfect.estimate > found.perfect_null
        return bool(found.perfect.low > 0 and beyond)

    @property
    def loudest(self) -> dict[str, Any]:
        """The parameter that moves the level of utility most, whatever it does to the choice."""
        return max(self.rows, key=lambda row: float(row["level"]))

    @property
    def projects(self) -> int:
        """How many projects would use what was learned."""
        return int(self.results.notes["projects"])

    @property
    def study_cost(self) -> float | None:
        """What measuring would cost."""
        cost = self.results.notes["study_cost"]
        return None if cost is None else float(cost)

    def money(self, points: float) -> float:
        """Return what points are worth, over all projects that would use the answer; nan without a price."""
        price = -self.weights.get(_MONEY, 0.0)
        return points / price * self.projects if price > 0 else math.nan

    @cached_property
    def priced(self) -> bool:
        """Whether money counts, so that points have a price."""
        return self.weights.get(_MONEY, 0.0) < 0

    @cached_property
    def choices(self) -> pd.DataFrame:
        """The best arm where a parameter is low, middling and high, by parameter that is worth knowing."""
        table = self.results.runs.groupby(["arm", "world"], sort=False)[list(self.weights)].mean()
        utility = (table * pd.Series(self.weights)).sum(axis=1).unstack("arm")
        values = self.results.design.sort_values("point").drop_duplicates("world").set_index("world")
        rows = []
        for row in self.clear:
            for name in self.groups[row["name"]]:
                if values[name].nunique() < len(_PARTS) or values[name].dtype == object:
                    continue
                part = pd.qcut(values[name].rank(method="first"), len(_PARTS), labels=list(_PARTS))
                means = utility.groupby(part, observed=True).mean()
                rows += [{"name": name, "part": where, "best": means.loc[where].idxmax()} for where in _PARTS]
        return pd.DataFrame(rows, columns=["name", "part", "best"])
