"""A screening's numbers: which factors matter, and whether that order has settled."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

import pandas as pd

from cosim.analysis.morris import morris, split_half
from cosim.analysis.tables import Factors
from cosim.studies.factor_titles import builds_in, factors_of
from cosim.studies.results import Results
from cosim.studies.shared_findings import resampling

WALKS = 10
"""With fewer walks, bootstrap intervals are too narrow to call a factor clear."""


SETTLED, LEADERS_STAY = 0.9, 0.7
"""Rank correlations of the halves from which on the whole order stays, or at least its head."""


class Verdict(StrEnum):
    """What a screening says of the factors that are not built in."""

    FOUND = "found"
    NONE = "none"
    TOO_FEW = "too few"
    ALL_BUILT_IN = "all built in"


class Order(StrEnum):
    """How far the order of the factors has settled."""

    SETTLED = "settled"
    LEADERS = "leaders"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Screening:
    """A screening, worked out for one outcome.

    Attributes
    ----------
    results : Results
    outcome : str
    """

    results: Results
    outcome: str

    @cached_property
    def factors(self) -> Factors:
        """Factors, groups and dummy of the design."""
        return factors_of(self.results)

    @cached_property
    def corrected(self) -> bool:
        """Whether replicate noise can be taken out."""
        return self.results.replicates >= 2

    @cached_property
    def table(self) -> pd.DataFrame:
        """`cosim.analysis.morris.morris`."""
        notes = self.results.notes
        return morris(
            self.results.runs,
            self.results.design,
            self.outcome,
            self.factors,
            levels=int(notes["levels"]),
            resampling=resampling(self.results),
        )

    def of(self, index: str, *, corrected: bool = False) -> pd.DataFrame:
        """Return one index by factor or group."""
        noise = "corrected" if corrected else "uncorrected"
        rows = self.table[(self.table["index"] == index) & (self.table["noise"] == noise)]
        return rows.set_index("factor")

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The index by which factors are ranked and judged: rms with noise taken out where possible."""
        return self.of("rms", corrected=self.corrected)

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """Factors or groups, the dummy left out, the largest first."""
        units = [unit for unit in self.factors.units if unit != self.factors.dummy]
        order = self.judged["estimate"].fillna(0.0)
        star = self.of("mu_star")["estimate"]
        return tuple(sorted(units, key=lambda unit: (-float(order[unit]), -float(star[unit]))))

    @property
    def walks(self) -> int:
        """Number of walks through the space."""
        return int(self.results.notes["trajectories"])

    @property
    def shortage(self) -> Literal["", "walks", "replicates"]:
        """What there is too little of to call any factor clear; empty when there is enough."""
        if self.walks < WALKS:
            return "walks"
        return "" if self.corrected else "replicates"

    @cached_property
    def clear(self) -> tuple[str, ...]:
        """Those whose whole interval lies above what a factor that does nothing reaches, largest first."""
        above = self.judged["above_floor"]
        return () if self.shortage else tuple(unit for unit in self.ranked if bool(above[unit]))

    @cached_property
    def built_in(self) -> frozenset[str]:
        """Factors that move the outcome by the construction of a rule, and groups that hold one."""
        pairs = zip(self.factors.names, self.factors.membership, strict=True)
        return frozenset(unit for name, unit in pairs if builds_in(name, self.outcome))

    @cached_property
    def ruled(self) -> tuple[str, ...]:
        """The factors and groups that are built in, largest first."""
        return tuple(unit for unit in self.ranked if unit in self.built_in)

    @cached_property
    def free(self) -> tuple[str, ...]:
        """Those that are not built in, largest first: only they can be findings."""
        return tuple(unit for unit in self.ranked if unit not in self.built_in)

    @cached_property
    def found(self) -> tuple[str, ...]:
        """The findings: clear, and not built in; largest first."""
        return tuple(unit for unit in self.clear if unit in self.free)

    @property
    def verdict(self) -> Verdict:
        """What may be said of the factors that are not built in."""
        if self.found:
            return Verdict.FOUND
        if not self.free:
            return Verdict.ALL_BUILT_IN
        return Verdict.TOO_FEW if self.shortage else Verdict.NONE

    @cached_property
    def agreement(self) -> float:
        """Rank correlation of mean absolute effects between the halves of the walks; nan without an order."""
        return split_half(
            self.results.runs,
            self.results.design,
            self.outcome,
            self.factors,
            levels=int(self.results.notes["levels"]),
        )

    @property
    def order(self) -> Order:
        """Whether more walks would change the order of the factors, by `agreement`."""
        if not math.isfinite(self.agreement):
            return Order.UNKNOWN
        if self.agreement >= SETTLED:
            return Order.SETTLED
        return Order.LEADERS if self.agreement >= LEADERS_STAY else Order.OPEN
