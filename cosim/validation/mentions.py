"""Which pieces of information are mentioned in a group: those that all know, and those that one knows.

A piece is what there is to know of one option in one kind of knowledge; it is mentioned when some turn is
about it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cosim.calibration.simulated_projects import projects
from cosim.errors import ConfigError
from cosim.meeting_logs.turn_statistics import Floats
from cosim.model.stages.project import KNOWS
from cosim.scenario.plan import Plan
from cosim.scenario.vocabulary import KINDS

_KNOWN = 0.5


def shared_and_unshared(plan: Plan) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which kinds of knowledge everyone has, and which one member alone (expertise of .5 or more).

    Raises
    ------
    ConfigError
        When there is no kind of either sort: the team has no hidden profile.
    """
    holders = (plan.base[:, KNOWS : KNOWS + len(KINDS)] >= _KNOWN).sum(axis=0)
    shared, unshared = holders == len(plan.base), holders == 1
    if not (shared.any() and unshared.any()):
        raise ConfigError("a hidden profile needs knowledge that all have and knowledge that one has")
    return shared, unshared


def mentioned(plan: Plan, replicates: Iterable[int], seed: int = 1) -> Floats:
    """Simulate groups and return which share of the shared, and of the unshared, pieces each mentions.

    Returns
    -------
    array of shape (groups, 2)
    """
    shared, unshared = shared_and_unshared(plan)
    options = int(plan.phases["options"][0])
    found = []
    for one in projects(plan, replicates, seed):
        said = np.zeros((options, len(KINDS)))
        said[one.contributions["item"], one.contributions["kind"]] = 1.0
        found.append((said[:, shared].mean(), said[:, unshared].mean()))
    return np.array(found)


def standardised_difference(shares: Floats) -> float:
    """Return how much more shared than unshared pieces are mentioned, in SDs between groups.

    Parameters
    ----------
    shares : array of shape (groups, 2)

    Returns
    -------
    float
        Difference of the means over the pooled SD; NaN where nothing varies.
    """
    spread = math.sqrt(float(shares.var(axis=0, ddof=1).mean()))
    apart = shares.mean(axis=0)
    return float(apart[0] - apart[1]) / spread if spread > 0.0 else math.nan
