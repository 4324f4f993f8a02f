"""The numbers of a study of structure: effects by form of the model, and what survives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cosim.analysis.compare import CompareSettings
from cosim.analysis.structure import effects_by_structure, rank_agreement, survival
from cosim.studies.arm_titles import BASELINE, EMERGENT, Arm, arms_of
from cosim.studies.compare.findings import direction
from cosim.studies.results import Results
from cosim.studies.structure.design import AS_IT_IS


@dataclass(frozen=True)
class Structures:
    """A study of structure, worked out for one outcome.

    Attributes
    ----------
    results : Results
    outcome : str
    """

    results: Results
    outcome: str

    @property
    def forms(self) -> tuple[str, ...]:
        """The other forms of the model."""
        return tuple(form for form in self.results.notes["variants"] if form != AS_IT_IS)

    @cached_property
    def arms(self) -> Mapping[str, Arm]:
        """The ways of working, the baseline left out."""
        kept = {entry["arm"]: None for entry in self.results.notes["arms"].values()}
        return {name: arm for name, arm in arms_of(self.results).items() if name in kept and name != BASELINE}

    @cached_property
    def settings(self) -> CompareSettings:
        """How effects are worked out."""
        return CompareSettings(costs=(), replication=self.results.replication)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """`cosim.analysis.structure.effects_by_structure`."""
        arms = self.results.notes["arms"]
        runs = self.results.runs
        told = runs.assign(
            structure=runs["arm"].map({name: entry["variant"] for name, entry in arms.items()}),
            arm=runs["arm"].map({name: entry["arm"] for name, entry in arms.items()}),
        )
        return effects_by_structure(told, BASELINE, self.outcome, AS_IT_IS, self.settings)

    @cached_property
    def survival(self) -> pd.DataFrame:
        """`cosim.analysis.structure.survival`, by arm."""
        return survival(self.effects, AS_IT_IS).set_index("arm")

    @cached_property
    def agreement(self) -> pd.DataFrame | None:
        """How far each form ranks the arms alike; None where no direction is good, or for a single arm."""
        better = direction(self.outcome)
        if not isinstance(better, str) or len(self.arms) < 2:
            return None
        table = rank_agreement(self.effects, AS_IT_IS, {self.outcome: better}, top=min(3, len(self.arms)))
        return table.set_index("structure")

    def emerges(self, arm: str) -> bool:
        """Whether an arm's effect on the outcome emerges from the dynamics: only then can it be a finding."""
        return self.arms[arm].status(self.outcome) == EMERGENT

    def findings(self) -> pd.DataFrame:
        """Return the rows of `survival` that are clear in the model as it is and emerge from it."""
        emerge = [name for name in self.arms if self.emerges(name)]
        rows = self.survival.loc[emerge]
        return rows[rows["verdict"] != "unclear to begin with"]
