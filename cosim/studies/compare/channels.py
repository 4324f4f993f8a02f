"""What of an effect stays while channels of influence are switched off, and through which it runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from cosim.analysis.channel_split import shapley_split
from cosim.analysis.intervals import Interval, paired_interval
from cosim.analysis.resampling import FloatArray, Replication
from cosim.analysis.tables import Cube, cube
from cosim.scenario.channels import NULLS
from cosim.studies.compare.switched import Off, Switched, name_of
from cosim.studies.results import Results

STAYS = 0.5
"""From this share on, what stays with nobody persuaded is most of an effect: not the talk does it."""
TALK, BALLOT = NULLS


@dataclass(frozen=True)
class Kept:
    """An effect, and what of it stays with channels off; in the same worlds, with the same random numbers.

    Attributes
    ----------
    whole, left : Interval
        The effect as it is, and with the channels off.
    lost : Interval
        Paired difference of the two.
    over : Interval
        By how much what is left is more than the share `STAYS` of the effect, paired.
    """

    whole: Interval
    left: Interval
    lost: Interval
    over: Interval

    @property
    def share(self) -> float:
        """Share of the effect that stays; nan where there is no clear effect to begin with."""
        clear = self.whole.low > 0 or self.whole.high < 0
        return self.left.estimate / self.whole.estimate if clear else math.nan

    @property
    def stays(self) -> bool:
        """Whether clearly most of it stays; False where there is no clear effect, or that is open."""
        up = self.whole.low > 0 and self.over.low > 0
        down = self.whole.high < 0 and self.over.high < 0
        return up or down


def own_part(results: Results) -> Results:
    """Return a comparison without the arms that are run with channels off."""
    if "switched" not in results.notes:
        return results
    arms = list(results.notes["arms"])
    design = results.design_table.where(results.design_table.read(["arm"])["arm"].isin(arms).to_numpy())
    runs = results.run_table.where(results.of_runs(["arm"])["arm"].isin(arms).to_numpy())
    return replace(results, run_table=runs, design_table=design)


@dataclass(frozen=True)
class Channels:
    """The arms of a comparison that were run with channels off.

    Attributes
    ----------
    results : Results
        With all arms.
    baseline : str
    replication : {"crossed", "nested"}
    """

    results: Results
    baseline: str
    replication: Replication

    @cached_property
    def groups(self) -> Mapping[str, Switched]:
        """``nulls`` and ``channels``, where they were run."""
        found = self.results.notes.get("switched", {})
        return {key: Switched.of_notes(notes) for key, notes in found.items()}

    @property
    def nulls(self) -> tuple[str, ...]:
        """The null models that were run."""
        return tuple(NULLS) if "nulls" in self.groups else ()

    @property
    def split_arms(self) -> tuple[str, ...]:
        """The arms whose effect is split over the channels."""
        group = self.groups.get("channels")
        return () if group is None else tuple(arm for arm in group.arms if arm != self.baseline)

    def worlds(self, key: str) -> int:
        """Return in how many worlds a group was run."""
        return len(self._values(key, self._first_outcome).worlds)

    def level(self, null: str, outcome: str) -> Interval:
        """Return the baseline's mean under a null model."""
        values = self._values("nulls", outcome)
        return paired_interval(
            values.arm(name_of(self.baseline, frozenset(NULLS[null]))), 0.95, self.replication
        )

    def usual(self, outcome: str) -> Interval:
        """Return the baseline's mean as it is, in the worlds of the nulls."""
        return paired_interval(self._values("nulls", outcome).arm(self.baseline), 0.95, self.replication)

    def kept(self, arm: str, null: str, outcome: str) -> Kept:
        """Return what of an arm's effect stays under a null model."""
        off = frozenset(NULLS[null])
        values = self._values("nulls", outcome)
        whole = values.arm(arm) - values.arm(self.baseline)
        left = values.arm(name_of(arm, off)) - values.arm(name_of(self.baseline, off))
        every = (whole, left, whole - left, left - STAYS * whole)
        intervals = (paired_interval(each, 0.95, self.replication) for each in every)
        return Kept(*intervals)

    def split(self, arm: str, outcome: str) -> pd.DataFrame:
        """Return the Shapley split of an arm's effect, or, for the baseline, of its mean, by channel."""
        group = self.groups["channels"]
        values = self._values("channels", outcome)

        def value(off: Off) -> FloatArray:
            usual = values.arm(name_of(self.baseline, off) if off else self.baseline)
            if arm == self.baseline:
                found: FloatArray = usual.mean(axis=1)
                return found
            found = (values.arm(name_of(arm, off) if off else arm) - usual).mean(axis=1)
            return found

        return shapley_split({off: value(off) for off in group.sets}, group.orders)

    @property
    def _first_outcome(self) -> str:
        return self.results.outcomes[0]

    def _values(self, key: str, outcome: str) -> Cube:
        found = self._cubes.get((key, outcome))
        if found is None:
            found = self._cubes[key, outcome] = self._cube(self.groups[key], outcome)
        return found

    @cached_property
    def _cubes(self) -> dict[tuple[str, str], Cube]:
        return {}

    def _cube(self, group: Switched, outcome: str) -> Cube:
        names = [*group.arms, *(name_of(arm, off) for off in group.sets if off for arm in group.arms)]
        columns = self.results.outcome_runs([outcome])
        # The first so many are all there are where the study has fewer.
        rows = columns.loc[columns["arm"].isin(names) & (columns["world"] < group.worlds)]
        return cube(rows, outcome, names)
