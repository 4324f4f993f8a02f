"""Ways of working for an observed team, worked out once for its figure, its table and its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from cosim.analysis.compare import CompareSettings, compare
from cosim.charts.dot_interval import Dot
from cosim.interventions import INTERVENTIONS
from cosim.observation.ranked_interventions import BASELINE, RANKED_BY, TeamWays

TOP: Final = 3
LEAST_GAIN: Final = 0.001
"""A smaller gain in equality (Gini) is not named, however surely it is distinguishable from none."""


@dataclass(frozen=True)
class WaysTable:
    """The comparison of ways of working under a team's fitted floor.

    Parameters
    ----------
    ways : TeamWays
    """

    ways: TeamWays

    @property
    def top(self) -> int:
        """Size of the top group."""
        return TOP

    @property
    def draws(self) -> int:
        """Draws of the team's floor."""
        return self.ways.draws

    @property
    def replicates(self) -> int:
        """Runs of each way under each draw."""
        return self.ways.replicates

    @cached_property
    def built_in(self) -> Mapping[str, bool]:
        """Whether each way moves the ranked outcome by construction of its rule."""
        names = [str(name) for name in self.ways.runs["arm"].unique()]
        return {name: RANKED_BY in INTERVENTIONS[name].built_in for name in names if name != BASELINE}

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per way, best first: what `analysis.compare` says, top shares among findings alone."""
        runs = self.ways.runs
        found = self._compare(runs).set_index("arm")
        candidates = [name for name, built_in in self.built_in.items() if not built_in]
        among = self._compare(runs[runs["arm"].isin([BASELINE, *candidates])]).set_index("arm")
        columns = ["top_share", "top_low", "top_high"]
        found[columns] = among[columns].reindex(found.index)
        found["built_in"] = [self.built_in.get(str(name), False) for name in found.index]
        found["title"] = [self.titles.get(str(name), str(name)) for name in found.index]
        return found.drop(index=BASELINE).sort_values("difference", kind="stable")

    @cached_property
    def baseline(self) -> float:
        """Mean of the ranked outcome without any way of working."""
        runs = self.ways.runs
        return float(runs.loc[runs["arm"] == BASELINE, RANKED_BY].mean())

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What ways are called."""
        return {name: INTERVENTIONS[name].title for name in self.built_in}

    @cached_property
    def emergent(self) -> tuple[str, ...]:
        """Ways whose effect is a finding, best first."""
        return tuple(str(name) for name in self.table.index if not self.built_in[str(name)])

    @cached_property
    def built_in_names(self) -> tuple[str, ...]:
        """Ways whose effect is built in, best first."""
        return tuple(str(name) for name in self.table.index if self.built_in[str(name)])

    @cached_property
    def leaders(self) -> tuple[str, ...]:
        """The first ways of working: those with the largest effect that emerges and is clearly not 0."""
        table = self.table
        clear = [
            name
            for name in self.emergent
            if float(table["high"][name]) < 0.0 and float(table["difference"][name]) <= -LEAST_GAIN
        ]
        return tuple(clear[:TOP])

    @cached_property
    def differences(self) -> Mapping[str, Dot]:
        """Differences to the team without, with intervals over draws."""
        return self._dots("difference", "low", "high")

    @cached_property
    def tops(self) -> Mapping[str, Dot]:
        """Shares of draws in the top group."""
        return {name: dot for name, dot in self._dots("top_share", "top_low", "top_high").items()
                if not self.built_in[name]}  # fmt: skip

    @cached_property
    def minutes(self) -> Mapping[str, Dot]:
        """Extra minutes per project."""
        return {str(name): Dot(float(x)) for name, x in self.table["minutes_extra"].items()}

    def _dots(self, *columns: str) -> dict[str, Dot]:
        rows = self.table[list(columns)]
        return {
            str(name): Dot(*(float(x) for x in row))
            for name, row in zip(rows.index, rows.to_numpy(), strict=True)
        }

    @staticmethod
    def _compare(runs: pd.DataFrame) -> pd.DataFrame:
        settings = CompareSettings(better={RANKED_BY: "lower"}, top=TOP, replication="nested")
        return compare(runs, BASELINE, [RANKED_BY], settings)
