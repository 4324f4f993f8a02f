"""Agenda: which items reach the table.  What is not discussed is left to prior preference: hidden power."""

from __future__ import annotations

from typing import Any

from cosim.mechanisms.compiled import rule


@rule
def power(
    is_lead: bool,
    is_public: bool,
    is_co_chair: bool,
    has_lead: bool,
    shared: float,
    public_slot: float,
    co_chair: float,
    present: float,
    public: float,
) -> float:
    """Return a member's share in setting the agenda; shares of those present sum to 1.

    Parameters
    ----------
    shared, public_slot, co_chair : float
        How far all set the agenda alike, the share of it that is the public's, and how far the lead shares
        theirs with a co-chair; 0..1.
    present, public : float
        Members, and public members, who are present.
    """
    if not has_lead:
        shared = 1.0
    if public == 0.0:
        public_slot = 0.0
    share = shared / present
    if is_lead:
        share += (1.0 - shared) * (1.0 - 0.5 * co_chair)
    if is_co_chair and has_lead:
        share += (1.0 - shared) * 0.5 * co_chair
    share = share * (1.0 - public_slot)
    if is_public:
        share += public_slot / public
    return share


@rule
def priority(view: float, lowest: float, highest: float, self_interest: float) -> float:
    """Return how much a member wants an option on the agenda, between 1 - self_interest and 1."""
    if highest <= lowest:
        return 1.0
    wish = (view - lowest) / (highest - lowest)
    return 1.0 - self_interest + self_interest * wish * wish


@rule
def slots(talk_minutes: float, minutes_per_item: float, options: int) -> int:
    """Return how many items a meeting has time for, to the nearest: at least one, at most all options."""
    fit = int(talk_minutes / minutes_per_item + 0.5)
    if fit < 1:
        fit = 1
    return fit if fit < options else options


@rule
def wanted(views: Any, shares: Any, self_interest: float, options: int, out: Any) -> None:
    """Fill `out` (options,) with the agenda-setters' mixed priorities.

    `views` is (N, options), each member's judgement; `shares` (N,) sums to 1.
    """
    for o in range(options):
        out[o] = 0.0
    for i in range(len(shares)):
        if shares[i] <= 0.0:
            continue
        low = views[i, 0]
        high = views[i, 0]
        for o in range(1, options):
            if views[i, o] < low:
                low = views[i, o]
            if views[i, o] > high:
                high = views[i, o]
        total = 0.0
        for o in range(options):
            total += priority(views[i, o], low, high, self_interest)
        for o in range(options):
            out[o] += shares[i] * priority(views[i, o], low, high, self_interest) / total
