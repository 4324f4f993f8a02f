"""Counterfactual influence: what a decision does when somebody's first views are drawn anew, all luck kept.

Averaged over fresh draws, the chance that the decision changes is a source's total effect on it (a
total-effect Sobol' index up to the chance that it changes when everyone's views are drawn anew).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.batches import run_compiled
from cosim.plan import Plan, Variation, unchanged
from cosim.scenario.vocabulary import ROLES


def counterfactual_influence(plan: Plan, replicates: range, seed: int, *, workers: int = 1) -> Any:
    """Return, (replicates, N), the share of key decisions that change when a member's first views do.

    Each entry is the importance-weighted share of phases whose chosen option differs, 0..1.
    """
    variations = []
    for i in range(len(plan.uid)):
        variation = unchanged(plan)
        variation.redraw[i] = True
        variations.append(variation)
    return changed_decisions(plan, replicates, seed, variations, workers=workers)


def counterfactual_influence_of_roles(plan: Plan, replicates: range, seed: int, *, workers: int = 1) -> Any:
    """Return, (replicates, 4), the share of key decisions that change when a whole role's first views do.

    All members of the role are drawn anew, and with them the constituencies that only they come from; a role
    without members has 0.  Columns in the order of `cosim.scenario.vocabulary.ROLES`.
    """
    variations = []
    for role in range(len(ROLES)):
        variation = unchanged(plan)
        variation.redraw[:] = plan.role == role
        for c in range(len(plan.constituency_uid)):
            theirs = plan.role[plan.constituency == c]
            variation.redraw_constituency[c] = len(theirs) > 0 and bool(np.all(theirs == role))
        variations.append(variation)
    return changed_decisions(plan, replicates, seed, variations, workers=workers)


def changed_decisions(
    plan: Plan, replicates: range, seed: int, variations: list[Variation], *, workers: int = 1
) -> Any:
    """Return, (replicates, variations), the importance-weighted share of phases decided otherwise, 0..1."""
    base = run_compiled(plan, replicates, seed, workers=workers, people=False).choices
    weights = plan.phases["importance"]
    changed = np.zeros((len(replicates), len(variations)))
    for at, variation in enumerate(variations):
        other = run_compiled(
            plan, replicates, seed, workers=workers, variation=variation, people=False
        ).choices
        changed[:, at] = ((other != base) * weights).sum(axis=1)
    return changed
