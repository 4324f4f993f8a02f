"""Comprehension: what a listener understands of a turn, and how far its speaker gets a hearing.

Jargon and unfamiliarity limit it in both directions: jargon deafens patients, unfamiliarity with lived
experience deafens professionals.
"""

from __future__ import annotations

from cosim.mechanisms.compiled import turn_rule


@turn_rule
def comprehension(expertise: float, literacy: float, loss: float) -> float:
    """Return the share understood: it falls with the gap between expertise and the listener's literacy.

    `loss` (from `loss_of`) is jargon for empirical, practice and policy knowledge, unfamiliarity for lived
    experience.
    """
    if expertise <= literacy:
        return 1.0
    return 1.0 - loss * (expertise - literacy)


@turn_rule
def loss_of(
    experiential: bool, jargon: float, unfamiliarity: float, eased: float, assumptions_said: float
) -> float:
    """Return what is lost per unit of gap in one kind of knowledge.

    `eased` is plain language (for jargon) or mutual learning (for unfamiliarity), 0..1; saying assumptions
    aloud halves what is left.
    """
    base = unfamiliarity if experiential else jargon
    return base * (1.0 - eased) * (1.0 - 0.5 * assumptions_said)


@turn_rule
def hearing(mandate: float, legitimacy: float) -> float:
    """Return the share of a hearing that a speaker gets: less when they seem to speak only for themselves."""
    return 1.0 - legitimacy * (1.0 - mandate)
