"""Expectation standing: who is expected to contribute, before a word is said.

Status characteristics theory: Berger, Fisek, Norman & Zelditch 1977; Fisek, Norman & Nelson-Kilger 1992,
as fitted by Whitmeyer 2003 (Soc Psychol Q 66:238): a characteristic relevant at path length r adds
``K ** (4 - r)`` to the high or the low side, and ``e = exp(S * low) - exp(S * high)``.
"""

from __future__ import annotations

from typing import Any, Final

from cosim.mechanisms.arithmetic import clip, exponential
from cosim.mechanisms.compiled import rule

K: Final = 2.618
S: Final = -0.0770
DIFFUSE: Final = K
"""Weight of a diffuse characteristic (title, leadership): path length 3."""
RELEVANT: Final = K * K
"""Weight of a characteristic relevant to the task (recognised expertise, past performance): length 2."""


@rule
def relative(value: float, mean: float) -> float:
    """Return a member's state on a characteristic relative to the group, -1 (low) .. 1 (high)."""
    return clip(2.0 * (value - mean), -1.0, 1.0)


@rule
def expectation(high: float, low: float) -> float:
    """Return the expectation advantage, between -1 and 1, of weights on the high and the low side."""
    return exponential(S * low) - exponential(S * high)


@rule
def mean_present(values: Any, present: Any, also: int) -> float:
    """Return the mean over those present and one more, who may be among them."""
    total = 0.0
    count = 0.0
    for i in range(len(values)):
        if present[i] or i == also:
            total += values[i]
            count += 1.0
    return total / count if count > 0.0 else 0.0


@rule
def standings(states: Any, weights: Any, present: Any, out: Any) -> None:
    """Compute every member's standing at the start of a meeting.

    Parameters
    ----------
    states : array (characteristics, N)
        Prestige, recognised expertise, leadership, learned performance expectation.
    weights : array (characteristics,)
        Salience times path weight of each.
    present : array (N,) of bool
    out : array (N,)
        Filled with the standing e_i: of those present, and that which the others would have if they came.
    """
    count = len(present)
    for i in range(count):
        high = 0.0
        low = 0.0
        for c in range(len(weights)):
            state = relative(states[c, i], mean_present(states[c], present, i)) * weights[c]
            if state > 0.0:
                high += state
            else:
                low -= state
        out[i] = expectation(high, low)


@rule
def leadership(is_lead: bool, is_co_chair: bool, co_chair: float) -> float:
    """Return a member's share of leadership: the lead gives up to half of it to a public co-chair."""
    if is_lead:
        return 1.0 - 0.5 * co_chair
    if is_co_chair:
        return 0.5 * co_chair
    return 0.0
