"""Stance: what members show of an option, as against what they think of it.

What is shown is one's own view, bent toward the lead's and toward a majority that has shown itself.  One bend
acts alike in talk, polls and ballots.  Nothing is bent where it cannot be seen (secret, anonymous, unseen in
writing), and nobody is pulled by a stance that has not been shown where they sit.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from cosim.mechanisms.arithmetic import unit_interval
from cosim.mechanisms.compiled import turn_rule

ENOUGH = 3.0
"""Opponents from whom on further ones add nothing (Asch 1955, recalled)."""


class Bends(NamedTuple):
    """How far what somebody shows is bent; the rest is their own view, and what they are bound to.

    Attributes
    ----------
    to_lead, to_others : float
        Share of it that is the lead's shown stance, and the mean of what the others have shown; 0..1, and
        not more than 1 together.
    """

    to_lead: float
    to_others: float


UNBENT: Final = Bends(0.0, 0.0)
"""Of what nobody sees, or nobody disagrees with."""


@turn_rule
def bend_to_lead(gap: float, confidence: float, safe: float, deference: float, loyalty: float) -> float:
    """Return the share of what a member shows that is the lead's shown stance.

    Parameters
    ----------
    gap : float
        Standing of the lead above the member's; at or below 0 there is no deference.
    safe : float
        Psychological safety, 0..1.
    loyalty : float
        Muting of dissent by an employment tie to the lead's organisation, 0..1.
    """
    height = unit_interval(gap)
    deferred = deference * height * (1.0 - confidence) * (1.0 - safe)
    return 1.0 - (1.0 - deferred) * (1.0 - loyalty)


@turn_rule
def bend_to_majority(supporters: float, opponents: float, conformity: float) -> float:
    """Return the share of what a member shows that is the mean of what others have shown.

    `supporters` and `opponents` are the others known to be on the member's own side, and on the other; only a
    minority bends, the more the larger the majority and the more of them there are, up to `ENOUGH`.
    """
    known = supporters + opponents
    if opponents <= supporters:
        return 0.0
    size = (known if known < ENOUGH else ENOUGH) / ENOUGH
    return conformity * size * (opponents - supporters) / known


@turn_rule
def bound(mandate: float, latitude: float) -> float:
    """Return the share of a stance that is the constituency's view, whatever its holder came to think."""
    return mandate * (1.0 - latitude)


@turn_rule
def shown(own: float, carried: float, bound_share: float, bends: Bends, leads: float, theirs: float) -> float:
    """Return what is shown: own and carried view, bent to the lead's stance and to the others' mean."""
    free = 1.0 - bends.to_lead - bends.to_others
    plain = (1.0 - bound_share) * own + bound_share * carried
    return free * plain + bends.to_lead * leads + bends.to_others * theirs
