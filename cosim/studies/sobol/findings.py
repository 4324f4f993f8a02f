"""The numbers of a variance-based study: indices, what is clear, whether N was enough."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cosim.analysis.fast import fast, rbd_fast
from cosim.analysis.moment_free import delta, pawn
from cosim.analysis.shapley import shapley_effects
from cosim.analysis.sobol import sobol_convergence, sobol_indices
from cosim.analysis.tables import Factors
from cosim.errors import ConfigError
from cosim.studies.factor_titles import factors_of
from cosim.studies.results import Results
from cosim.studies.shared_findings import resampling

WANTED = 0.05
"""Half-width of an index that counts as good enough."""

USABLE = 0.3
"""Beyond this half-width, shares are not told."""


@dataclass(frozen=True)
class Indices:
    """A variance-based study, worked out for one outcome.

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

    @property
    def method(self) -> str:
        """``saltelli``, ``fast``, ``shapley`` or ``space_filling``."""
        return str(self.results.notes["method"])

    @property
    def second_order(self) -> bool:
        """Whether the design has the points for pairs."""
        return self.method == "saltelli" and bool(self.results.notes.get("second_order"))

    @cached_property
    def table(self) -> pd.DataFrame:
        """Indices with the columns of `cosim.analysis.sobol.SobolResult.table`."""
        how = resampling(self.results)
        runs, design, notes = self.results.runs, self.results.design, self.results.notes
        if self.method == "saltelli":
            second = self.second_order
            return sobol_indices(
                runs, design, self.outcome, self.factors, second_order=second, resampling=how
            ).table
        if self.method == "fast":
            curves, harmonics = int(notes["curves"]), int(notes["harmonics"])
            return fast(
                runs, design, self.outcome, self.factors, harmonics=harmonics, curves=curves, resampling=how
            )
        if self.method == "shapley":
            return shapley_effects(runs, design, self.outcome, self.factors, resampling=how)
        harmonics = max(1, min(10, len(design) // 8))
        return rbd_fast(runs, design, self.outcome, self.factors, harmonics=harmonics, resampling=how)

    @property
    def noise_kind(self) -> str:
        """Which version of the indices is shown: the corrected one where there is one."""
        return "corrected" if self.results.replicates >= 2 else "uncorrected"

    def of(self, index: str) -> pd.DataFrame:
        """Return one index by factor, or by pair."""
        rows = self.table[(self.table["index"] == index) & (self.table["noise"] == self.noise_kind)]
        return rows.set_index(["factor", "with_factor"] if index == "S2" else "factor")

    @cached_property
    def main(self) -> str:
        """The index by which factors are ranked: the total one or Shapley's, where the method has it."""
        return self.kinds[-1]

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The indices of single factors that the method has."""
        return tuple(index for index in ("S1", "ST", "Sh") if (self.table["index"] == index).any())

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """Factors or groups, the dummy left out, the largest first."""
        order = self.of(self.main)["estimate"].fillna(-math.inf)
        units = [unit for unit in self.factors.units if unit != self.factors.dummy]
        return tuple(sorted(units, key=lambda unit: -float(order[unit])))

    @cached_property
    def clear(self) -> tuple[str, ...]:
        """Those whose whole interval lies above what the dummy reaches, largest first."""
        above = self.of(self.main)["above_floor"]
        return tuple(unit for unit in self.ranked if bool(above[unit]))

    @cached_property
    def widest(self) -> float:
        """Half-width of the widest interval of a first or total index; nan when some have none."""
        rows = self.table[(self.table["noise"] == self.noise_kind) & (self.table["index"] != "S2")]
        half = ((rows["high"] - rows["low"]) / 2).to_numpy(dtype=np.float64)
        return float(half.max()) if np.isfinite(half).all() else math.nan

    @cached_property
    def convergence(self) -> pd.DataFrame | None:
        """Indices from the first N/8, N/4, N/2 and N base samples; None when the method has none."""
        if self.method != "saltelli" or int(self.results.notes["samples"]) < 16:
            return None
        table = sobol_convergence(
            self.results.runs,
            self.results.design,
            self.outcome,
            self.factors,
            second_order=self.second_order,
            resampling=resampling(self.results, draws=200),
        )
        return table.loc[table["noise"] == self.noise_kind]

    @cached_property
    def companions(self) -> Mapping[str, pd.DataFrame | str]:
        """PAWN and delta over the points that fill the space; a sentence where one cannot be had."""
        if self.factors.grouped:
            return {"PAWN": "PAWN and delta look at one factor at a time, not at groups."}
        if self.method == "fast":
            return {"PAWN": "Search curves do not fill the space: there is no PAWN and no delta."}
        design = self.space_filling()
        how = resampling(self.results, draws=100)
        slices = max(2, min(10, len(design) // 10))
        found: dict[str, pd.DataFrame | str] = {}
        try:
            found["PAWN"] = pawn(
                self.results.runs, design, self.outcome, self.factors, slices=slices, resampling=how
            )
            found["delta"] = delta(self.results.runs, design, self.outcome, self.factors, resampling=how)
        except ConfigError as error:
            found["delta" if "PAWN" in found else "PAWN"] = f"{error.message}."
        return found

    def space_filling(self) -> pd.DataFrame:
        """Return the points that are independent draws: all, or the ends of walks and of base samples."""
        design = self.results.design.sort_values("point", ignore_index=True)
        if self.method == "shapley":
            walk = len(self.factors.names) + 1
            ends: pd.DataFrame = design.loc[(design.index % walk == 0) | (design.index % walk == walk - 1)]
            return ends
        if self.method != "saltelli":
            return design
        count = len(self.factors.units)
        step = 2 * count + 2 if self.second_order else count + 2
        place = design.index.to_numpy() % step
        base: pd.DataFrame = design.loc[(place == 0) | (place == step - 1)]
        return base
