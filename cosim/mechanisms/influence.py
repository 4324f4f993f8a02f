"""Influence: how much of a decision each source's initial preferences make up, by one backward pass.

Given what happened, every belief is a convex mix of *sources*: what each member came with, what they carried
for their constituency, the arguments that were said, and evidence from outside.  A decision's weights on the
sources are therefore non-negative and sum to 1.  They are found from the end: ballots rest on beliefs as they
were at last and on stances shown; a turn hands part of what a listener's belief is worth back to whoever
spoke, and what is left at the start belongs to those who held it.  The worth of something to the decision is
its *credit* here.
"""

from __future__ import annotations

from typing import Any

from cosim.mechanisms.compiled import lane_rule, rule, turn_rule


@lane_rule
def hand_back(credit: Any, share: Any, handed: Any) -> None:
    """Take from each listener's credit the share that a turn moved them by, and put it into `handed` (N,)."""
    for j in range(len(share)):
        handed[j] = share[j] * credit[j]
        credit[j] = (1.0 - share[j]) * credit[j]


@lane_rule
def return_to(credit: Any, share: Any, base: Any) -> None:
    """Move the share of each member's credit that goes back to where they stood to `base` (N,)."""
    for j in range(len(share)):
        base[j] += share[j] * credit[j]
        credit[j] = (1.0 - share[j]) * credit[j]


@lane_rule
def hand_on(stances: Any, parts: Any, worth: float) -> None:
    """Add a worth to the credit of the stances (N,) that it came from, by their parts in it."""
    for j in range(len(parts)):
        stances[j] += worth * parts[j]


@turn_rule
def total(values: Any) -> float:
    """Return the sum of an array: of every fourth value by itself, which a processor adds side by side."""
    first = second = third = fourth = 0.0
    count = len(values)
    whole = count - count % 4
    for i in range(0, whole, 4):
        first += values[i]
        second += values[i + 1]
        third += values[i + 2]
        fourth += values[i + 3]
    for i in range(whole, count):
        first += values[i]
    return (first + second) + (third + fourth)


@rule
def perceived(uptake_share: float, equal_share: float, satisfaction: float) -> float:
    """Return what influence a member could notice, 0..1: uptake seen, and a decision close to their view."""
    seen = 0.5
    if equal_share > 0.0:
        seen = 0.5 * uptake_share / equal_share
    if seen > 1.0:
        seen = 1.0
    return 0.5 * seen + 0.5 * satisfaction
