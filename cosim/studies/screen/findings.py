"""A screening's numbers: which factors matter, and whether that order has settled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cosim.analysis.morris import morris, split_half
from cosim.analysis.tables import Factors
from cosim.studies.factor_titles import builds_in, factors_of
from cosim.studies.results import Results
from cosim.studies.shared_findings import resampling

WALKS = 10
"""With fewer walks, bootstrap intervals are too narrow to call a factor clear."""


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

    @cached_property
    def too_few(self) -> str:
        """What there is too little of to call any factor clear, in words; empty when there is enough."""
        walks = int(self.results.notes["trajectories"])
        if walks < WALKS:
            return f"{walks} walks are too few to call any factor clear (at least {WALKS} are needed)"
        return "" if self.corrected else "one replicate is too few to call any factor clear"

    @cached_property
    def clear(self) -> tuple[str, ...]:
        """Those whose whole interval lies above what a factor that does nothing reaches, largest first."""
        above = self.judged["above_floor"]
        return () if self.too_few else tuple(unit for unit in self.ranked if bool(above[unit]))

    @cached_property
    def built_in(self) -> frozenset[str]:
        """Factors that move the outcome by the construction of a rule, and groups that hold one."""
        pairs = zip(self.factors.names, self.factors.membership, strict=True)
        return frozenset(unit for name, unit in pairs if builds_in(name, self.outcome))

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
