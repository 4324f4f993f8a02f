"""Influence by exact bookkeeping: how much of a decision each source's initial preferences make up.

Every belief is, given the realised events, a convex mix of *sources*: source ``i`` is member i's initial
belief, source ``N + i`` the constituency's view as carried by member i.  The weights are carried through the
same updates as the beliefs (`uptake.moved`), so a decision's weights on the sources are
non-negative and sum to 1.
"""

from __future__ import annotations

from typing import Any

from cosim.mechanisms.compiled import rule


@rule
def of_decision(shares: Any, mandate: Any, weighs: Any, weights: Any, touched: Any, out: Any) -> None:
    """Fill `out` (2N,) with the decision's weights on the sources, averaged over options.

    Parameters
    ----------
    shares : array (N,)
        Weight of each member's judgement in the decision (ballot mixing included); sums to 1.
    mandate : array (N,)
        Share of each member's ballot that is their constituency's view.
    weighs : array (N, 4)
        Weight of each kind of knowledge in each member's judgement; rows sum to 1.
    weights : array (options, 4, N, 2N)
        Source weights of each belief, where touched.
    touched : array (options, 4)
        Whether the belief has been spoken of; untouched beliefs are their holder's own.
    """
    count = len(shares)
    options = touched.shape[0]
    for s in range(2 * count):
        out[s] = 0.0
    for o in range(options):
        for k in range(4):
            for m in range(count):
                part = shares[m] * weighs[m, k] / options
                if part == 0.0:
                    continue
                out[count + m] += part * mandate[m]
                own = part * (1.0 - mandate[m])
                if touched[o, k]:
                    for s in range(2 * count):
                        out[s] += own * weights[o, k, m, s]
                else:
                    out[m] += own


@rule
def perceived(uptake_share: float, equal_share: float, satisfaction: float) -> float:
    """Return what influence a member could notice, 0..1: uptake seen, and a decision close to their view."""
    seen = 0.5
    if equal_share > 0.0:
        seen = 0.5 * uptake_share / equal_share
    if seen > 1.0:
        seen = 1.0
    return 0.5 * seen + 0.5 * satisfaction
