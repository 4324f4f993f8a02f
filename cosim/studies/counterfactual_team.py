"""The team model with counterfactual influence by role: what decisions do when its views are drawn again.

The second definition of influence, which follows no ballots: a role has influence as far as decisions change
with the views that it came with. It takes five further runs of every project.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cosim.execution.evaluator import Tables
from cosim.execution.points import Point
from cosim.execution.seeds import world_seed
from cosim.outcomes import COUNTERFACTUAL_NAMES
from cosim.scenario.plan import resolve
from cosim.simulation.counterfactual import changed_decisions, of_roles
from cosim.studies.team_model import TeamModel


@dataclass(frozen=True)
class CounterfactualTeam(TeamModel):
    """A scenario whose runs say, too, how much each role's first views decide."""

    def outcomes(self) -> Sequence[str]:
        """Return the names of all outcomes, those of the roles at the end."""
        return (*super().outcomes(), *COUNTERFACTUAL_NAMES)

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        """Run every point for every replicate, and again with each role's first views drawn anew.

        Returns
        -------
        dict of DataFrame
            ``"runs"`` has the columns of `cosim.outcomes.COUNTERFACTUAL_NAMES` at its end: the
            importance-weighted share of decisions that change, 0..1.
        """
        tables = super().__call__(points, replicates, seed)
        changed = []
        for point, scenario in zip(points, self.scenarios(points), strict=True):
            plan = resolve(scenario)[0]
            changed.append(changed_decisions(plan, replicates, world_seed(seed, point.world), of_roles(plan)))
        tables["runs"][list(COUNTERFACTUAL_NAMES)] = np.concatenate(changed)
        return tables
