"""Counterfactual influence: what a decision does when one member's first views are drawn anew, all luck kept.

Averaged over fresh draws, the chance that the decision changes is the member's total effect on it (a total-effect
Sobol' index up to the chance that it changes when everyone's views are drawn anew).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.plan import Plan, unchanged
from cosim.simulation import run_compiled


def counterfactual_influence(plan: Plan, replicates: range, seed: int, *, workers: int = 1) -> Any:
    """Return, (replicates, N), the share of key decisions that change when a member's first views do.

    Each entry is the importance-weighted share of phases whose chosen option differs, 0..1.
    """
    n = len(plan.uid)
    base = run_compiled(plan, replicates, seed, workers=workers, people=False).choices
    weights = plan.phases["importance"]
    changed = np.zeros((len(replicates), n))
    for i in range(n):
        variation = unchanged(plan)
        variation.redraw[i] = True
        other = run_compiled(
            plan, replicates, seed, workers=workers, variation=variation, people=False
        ).choices
        changed[:, i] = ((other != base) * weights).sum(axis=1)
    return changed
