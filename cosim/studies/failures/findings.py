"""The numbers of a search for failures: how often, under which conditions, how stable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cosim.analysis.boxes import is_number
from cosim.analysis.cart import CartResult, CartSettings, cart
from cosim.analysis.intervals import Interval, wilson_interval
from cosim.analysis.prim import PrimResult, PrimSettings, prim, prim_boxes, reproducibility
from cosim.analysis.regional import regional, regional_along
from cosim.analysis.tables import Factors, cube
from cosim.formatting.words import MINUS, quoted
from cosim.outcomes import outcome_in_sentence
from cosim.studies.arm_titles import BASELINE, arms_of
from cosim.studies.results import Results
from cosim.studies.shared_findings import resampling

HALVES = 30
SHUFFLES = 1000
PARTS = 10


@dataclass(frozen=True)
class Failures:
    """A search for failures, worked out.

    Attributes
    ----------
    results : Results
    """

    results: Results

    @property
    def arm(self) -> str:
        """The way of working that should do its work."""
        return str(self.results.notes["arm"])

    @property
    def title(self) -> str:
        """What people call it."""
        found = arms_of(self.results)
        return found[self.arm].title

    @property
    def outcome(self) -> str:
        """The outcome by which it is judged."""
        return str(self.results.notes["outcome"])

    @property
    def against(self) -> str | None:
        """The arm that it is held against; None where its own outcome is judged."""
        found = self.results.notes.get("against")
        return None if found is None else str(found)

    @property
    def subject(self) -> str:
        """What is judged, inside a sentence."""
        what = outcome_in_sentence(self.outcome)
        if self.against is None:
            return what
        other = arms_of(self.results)[self.against]
        usual = self.against == BASELINE and not other.doses and not other.changes
        return f"the difference in {what} to {'business as usual' if usual else quoted(other.title)}"

    @property
    def criterion(self) -> str:
        """When it fails, in words."""
        below = self.results.notes["below"]
        side = "below" if below is not None else "above"
        value = below if below is not None else self.results.notes["above"]
        return f"{side} {value:g}".replace("-", MINUS)

    @cached_property
    def means(self) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
        """Mean outcome of every arm in every world, or its paired difference to another arm."""
        table = cube(self.results.runs, self.outcome)
        found = {arm: table.arm(arm).mean(axis=1) for arm in table.arms}
        if self.against is None:
            return found
        return {arm: means - found[self.against] for arm, means in found.items() if arm != self.against}

    def failing(self, arm: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say in which worlds an arm fails."""
        notes, means = self.results.notes, self.means[arm]
        failed = means < notes["below"] if notes["below"] is not None else means > notes["above"]
        return np.asarray(failed, dtype=np.bool_)

    def share(self, arm: str) -> Interval:
        """Share of worlds in which an arm fails, with its Wilson interval."""
        failed = self.failing(arm)
        return wilson_interval(float(failed.sum()), len(failed))

    @cached_property
    def design(self) -> pd.DataFrame:
        """The design points of the arm."""
        rows = self.results.design[self.results.design["arm"] == self.arm]
        return rows.sort_values("world", ignore_index=True)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """A row per world: whether the arm fails in it."""
        return pd.DataFrame({"point": self.design["point"], "failing": self.failing(self.arm).astype(float)})

    @cached_property
    def factors(self) -> Factors:
        """The sampled parameters."""
        known = [name for name in self.results.notes["factors"] if name in self.design.columns]
        return Factors([name for name in known if self.design[name].nunique() > 1])

    @property
    def searchable(self) -> bool:
        """Whether it fails in some worlds and not in others."""
        failed = self.failing(self.arm)
        return bool(0 < failed.sum() < len(failed))

    @cached_property
    def prim_settings(self) -> PrimSettings:
        """Wanted density: 0.8, or half-way from the overall share to 1 where failures are common."""
        share = float(self.failing(self.arm).mean())
        return PrimSettings(density=max(0.8, 0.5 * (1 + share)))

    @cached_property
    def boxes(self) -> list[PrimResult]:
        """Boxes of the wanted density, each outside of those before; the densest one when none is."""
        found = prim_boxes(self.design, self.cases, self.factors, self.prim_settings)
        return found or [prim(self.design, self.cases, self.factors, self.prim_settings)]

    @cached_property
    def stable(self) -> pd.DataFrame:
        """How often each parameter is restricted in random halves of the worlds."""
        how = resampling(self.results, draws=HALVES)
        return reproducibility(self.design, self.cases, self.factors, self.prim_settings, how)

    @cached_property
    def tree(self) -> CartResult:
        """A classification tree."""
        return cart(self.design, self.cases, self.factors, CartSettings(depth_max=3))

    @cached_property
    def regional(self) -> pd.DataFrame:
        """Whose values differ between the worlds in which it fails and the others."""
        how = resampling(self.results, draws=SHUFFLES)
        return regional(self.design, self.cases, self.factors, resampling=how)

    @property
    def differing(self) -> tuple[str, ...]:
        """The parameters whose values clearly differ there, the clearest first."""
        found = self.regional
        return tuple(found.loc[found["above_floor"], "factor"])

    @cached_property
    def along(self) -> pd.DataFrame | None:
        """The same along the whole range of what is judged; None where no parameter is a number."""
        values = pd.DataFrame({"point": self.design["point"], "value": self.means[self.arm]})
        if not any(is_number(self.design[name]) for name in self.factors.names):
            return None
        bins = min(PARTS, len(values) // 10)
        return regional_along(self.design, values, self.factors, bins=bins)

    def row(self, result: PrimResult) -> dict[str, Any]:
        """Return coverage, density and mass of a picked box."""
        return {str(key): value for key, value in result.trajectory.iloc[result.picked].items()}
