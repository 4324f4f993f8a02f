"""Influence: how much of a decision each source's initial preferences make up, by one backward pass.

Given what happened, every belief is a convex mix of *sources*: source ``i`` is member i's initial belief,
source ``N + i`` the constituency's view as carried by member i.  A decision's weights on the sources are
therefore non-negative and sum to 1.  They are found from the end: the decision rests on beliefs as they were
at last; a turn hands part of what a listener's belief is worth back to whoever spoke, and what is left at
the start belongs to those who held it.  The worth of a belief to the decision is its *credit* here.
"""

from __future__ import annotations

from typing import Any

from cosim.mechanisms.rule import lane_rule, rule, turn_rule


@lane_rule
def hand_back(credit: Any, share: Any, handed: Any) -> None:
    """Take from each listener's credit the share that a turn moved them by, and put it into `handed` (N,)."""
    for j in range(len(share)):
        handed[j] = share[j] * credit[j]
        credit[j] = (1.0 - share[j]) * credit[j]


@lane_rule
def keep_own(credit: Any, share: Any, out: Any) -> None:
    """Give the share of each member's credit that goes back to their own initial belief to `out` (N,)."""
    for j in range(len(share)):
        out[j] += share[j] * credit[j]
        credit[j] = (1.0 - share[j]) * credit[j]


@turn_rule
def total(values: Any) -> float:
    """Return the sum of an array, from the first to the last."""
    found = 0.0
    for i in range(len(values)):
        found += values[i]
    return found


@rule
def perceived(uptake_share: float, equal_share: float, satisfaction: float) -> float:
    """Return what influence a member could notice, 0..1: uptake seen, and a decision close to their view."""
    seen = 0.5
    if equal_share > 0.0:
        seen = 0.5 * uptake_share / equal_share
    if seen > 1.0:
        seen = 1.0
    return 0.5 * seen + 0.5 * satisfaction
