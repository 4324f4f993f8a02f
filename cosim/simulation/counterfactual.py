"""Counterfactual influence: what a decision does when somebody's first views are drawn again, all else kept.

Averaged over fresh draws, the chance that the decision changes is a source's total effect on it (a
total-effect Sobol' index up to the chance that it changes when everyone's views are drawn again).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.engine.batch import run_compiled
from cosim.scenario.plan import Plan, Variation, unchanged
from cosim.scenario.vocabulary import ROLES


def of_members(plan: Plan) -> list[Variation]:
    """Return N variations: in each, one member's first views are drawn again."""
    variations = []
    for i in range(len(plan.uid)):
        variation = unchanged(plan)
        variation.redraw[i] = True
        variations.append(variation)
    return variations


def of_roles(plan: Plan) -> list[Variation]:
    """Return 4 variations, in the order of `cosim.scenario.vocabulary.ROLES`: a whole role is drawn again.

    With its members go the constituencies that only they come from; a role without members changes nothing.
    """
    variations = []
    for role in range(len(ROLES)):
        variation = unchanged(plan)
        variation.redraw[:] = plan.role == role
        for c in range(len(plan.constituency_uid)):
            theirs = plan.role[plan.constituency == c]
            variation.redraw_constituency[c] = len(theirs) > 0 and bool(np.all(theirs == role))
        variations.append(variation)
    return variations


def changed_decisions(
    plan: Plan,
    replicates: range,
    seed: int,
    variations: list[Variation],
    *,
    workers: int = 1,
    base: Any = None,
) -> Any:
    """Return, (replicates, variations), the importance-weighted share of phases decided otherwise, 0..1.

    Parameters
    ----------
    base : int array, shape (replicates, phases), optional
        What was chosen without a variation, if that is known already; otherwise it costs one further run.
    """
    if base is None:
        base = run_compiled(plan, replicates, seed, workers=workers, people=False).choices
    weights = plan.phases["importance"]
    changed = np.zeros((len(replicates), len(variations)))
    for at, variation in enumerate(variations):
        other = run_compiled(
            plan, replicates, seed, workers=workers, variation=variation, people=False
        ).choices
        changed[:, at] = ((other != base) * weights).sum(axis=1)
    return changed
