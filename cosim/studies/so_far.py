"""What a comparison says so far, while it still runs: a line now and then, right at every look.

Only settings that are complete count, and of these only those from the first on without a gap: which settings
come early must not depend on how fast they run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from cosim.execution.design import Design
from cosim.formatting.words import counted, plain_name, signed, span
from cosim.interventions import KNOWN
from cosim.outcomes import outcome_in_sentence, outcome_named
from cosim.studies.arms import BASELINE

if TYPE_CHECKING:
    import pyarrow as pa

    from cosim.analysis.intervals import Interval

FEWEST = 12
"""Settings before which nothing is said."""
MOST = 2048
"""Settings after which nothing more is said: the sums of all of them are held."""
_EVERY = 30.0
_LEVEL = 0.95


@dataclass
class SoFar:
    """Sums of one outcome by setting and arm, and what they say.

    Attributes
    ----------
    design : Design
        With the notes ``against``: which arm the others are compared with, and ``arms``: all of these.
    outcome : str
        The outcome that ranks the arms.
    better : {1, -1}
        Which way is good: higher or lower.
    say : callable
        Told a sentence now and then.
    clock : callable
        Seconds; replaced in tests.
    """

    design: Design
    outcome: str
    better: int
    say: Callable[[str], object]
    clock: Callable[[], float] = time.monotonic
    _sums: dict[int, dict[str, list[float]]] = field(default_factory=dict)
    _complete: int = 0
    _told: int = 0
    _when: float = -1e18
    _looked: tuple[int, Mapping[str, Interval]] = (-1, MappingProxyType({}))

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """The arms that are compared, without those that are run with channels switched off."""
        return tuple(self.design.notes.get("arms", self.design.arms))

    @property
    def complete(self) -> int:
        """How many settings are complete, from the first on without a gap."""
        arms = len(self.arms)
        while self._is_full(self._complete, arms):
            self._complete += 1
        return self._complete

    def take(self, first_point: int, stop_point: int, runs: pa.Table) -> None:
        """Add the runs of some points, and say what they make of it where there is enough that is new."""
        self.add(first_point, stop_point, runs)
        enough = self.complete >= max(FEWEST, 2 * self._told)
        now = self.clock()
        if self.complete >= FEWEST and (
            enough or (self.complete > self._told and now - self._when >= _EVERY)
        ):
            self._told, self._when = self.complete, now
            if self.complete < min(self.design.worlds, MOST):
                self.say(self.line())

    def add(self, first_point: int, stop_point: int, runs: pa.Table) -> None:
        """Add the runs of some points; one that failed leaves its setting incomplete."""
        points = {point.point: point for point in self.design.points[first_point:stop_point]}
        columns = (runs.column(name).to_pylist() for name in ("point", self.outcome))
        for number_of, value in zip(*columns, strict=True):
            point = points[number_of]
            if value is not None and point.world < MOST and point.arm in self.arms:
                sums = self._sums.setdefault(point.world, {}).setdefault(point.arm, [0.0, 0.0])
                sums[0] += value
                sums[1] += 1.0

    def differences(self) -> Mapping[str, list[float]]:
        """Return every arm's differences to the one compared with, in the order of the complete settings."""
        against = str(self.design.notes["against"])
        found: dict[str, list[float]] = {arm: [] for arm in self.arms if arm != against}
        for world in range(self.complete):
            means = {arm: total / count for arm, (total, count) in self._sums[world].items()}
            for arm, differences in found.items():
                differences.append(means[arm] - means[against])
        return found

    def intervals(self) -> Mapping[str, Interval]:
        """Return every arm's mean difference so far; intervals hold at every look, for all arms together."""
        from cosim.analysis.sequence import confidence_sequence

        if self._looked[0] != self.complete:
            found = self.differences()
            level = 1.0 - (1.0 - _LEVEL) / len(found)
            looked = {arm: confidence_sequence(values, level) for arm, values in found.items()}
            self._looked = (self.complete, looked)
        return self._looked[1]

    def verdict(self, one: Interval) -> str:
        """Say whether a difference is clear so far: ``better``, ``worse`` or ``not yet clear``."""
        low, high = sorted((self.better * one.low, self.better * one.high))
        return "better" if low > 0.0 else "worse" if high < 0.0 else "not yet clear"

    def title(self, arm: str) -> str:
        """Return what people call an arm."""
        if arm == BASELINE:
            return "business as usual"
        return KNOWN[arm].title if arm in KNOWN else plain_name(arm)

    def line(self) -> str:
        """Say it: how many arms are clearly better and worse, and which is first."""
        intervals, sign = self.intervals(), float(self.better)
        verdicts = [self.verdict(one) for one in intervals.values()]
        free = [arm for arm in intervals if not self.built_in(arm)]
        told = (
            f"so far, {self.complete:,} of {counted(self.design.worlds, 'setting')}: "
            f"{outcome_in_sentence(self.outcome)} clearly {'higher' if sign > 0 else 'lower'} with "
            f"{verdicts.count('better')} of {len(verdicts)} ways of working, clearly "
            f"{'lower' if sign > 0 else 'higher'} with {verdicts.count('worse')}"
        )
        if free:
            first = max(free, key=lambda arm: sign * intervals[arm].estimate)
            one = intervals[first]
            told += f"; first of those not built in: {self.title(first)} "
            told += f"({signed(one.estimate)}; {span(one.low, one.high)})"
        return f"{told}. Intervals hold at every look, for all ways together."

    @cached_property
    def _used(self) -> Mapping[str, Mapping[str, float]]:
        return {point.arm: point.interventions for point in self.design.typical()}

    def _is_full(self, world: int, arms: int) -> bool:
        sums = self._sums.get(world)
        wanted = self.design.replicates
        return sums is not None and len(sums) == arms and all(count == wanted for _, count in sums.values())

    def built_in(self, arm: str) -> bool:
        """Say whether some part of an arm moves the outcome by construction of its rule."""
        record, used = outcome_named(self.outcome), self._used.get(arm, {})
        return any(record.is_among(KNOWN[name].built_in) for name in used if name in KNOWN)


def so_far(
    design: Design, outcomes: list[str], wanted: list[str], say: Callable[[str], object]
) -> SoFar | None:
    """Return what listens to a comparison while it runs; None for what is no comparison, or has no direction.

    Parameters
    ----------
    design : Design
    outcomes : list of str
        What every run has.
    wanted : list of str
        What the config names; without influence, the first of them ranks the arms.
    say : callable
    """
    if "against" not in design.notes or design.notes["against"] not in design.arms or len(design.arms) < 2:
        return None
    usual = "influence_gini" if "influence_gini" in outcomes else (wanted or outcomes)[0]
    outcome = str(design.notes.get("primary", usual))
    better = outcome_named(outcome).better
    if not better or design.worlds < 2 * FEWEST:
        return None
    return SoFar(design, outcome, better, say)
