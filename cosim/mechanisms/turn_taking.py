"""The floor: who speaks next when nobody steers.

Luce choice over claims.  Participation share proportional to ``1 + e`` is Fisek, Berger & Norman
1991 (Am J Sociol 97:114); what being addressed does to a claim stands in `addressing`.
"""

from __future__ import annotations

from typing import Final

from cosim.mechanisms.arithmetic import apart, clip
from cosim.mechanisms.compiled import turn_rule

LUCE: Final = 1
QUEUE: Final = 2
"""Rules of the floor that leave standing out, or let hands be raised (in the order of
`cosim.scenario.vocabulary.FloorRule`)."""


@turn_rule
def readiness(confidence: float, clarity: float) -> float:
    """Return how ready a member is to claim the floor; unclear roles make the unconfident hesitate.

    Nobody is silent for ever (0.001 at the least): somebody speaks even when all hesitate.
    """
    ready = (0.1 + 0.9 * confidence) * (1.0 - (1.0 - clarity) * (1.0 - confidence))
    return ready if ready > 0.001 else 0.001


@turn_rule
def stake(own: float, shown: float, weight: float) -> float:
    """Return a member's stake in the item: it rises as what others have shown departs from their view."""
    return 1.0 + weight * apart(own, shown)


@turn_rule
def seat(head: float, opposite: float, head_pull: float, opposite_pull: float) -> float:
    """Return the pull of a seat: the head of the table, and the places opposite the last speaker."""
    return (1.0 + head_pull * head) * (1.0 + opposite_pull * opposite)


@turn_rule
def base_claim(standing: float, talkativeness: float, plain: bool) -> float:
    """Return a member's lasting claim: standing times talkativeness (plain Luce: talkativeness alone)."""
    return talkativeness if plain else (1.0 + standing) * talkativeness


@turn_rule
def claim(standing_and_talk: float, ready: float, interest: float, place: float) -> float:
    """Return a member's claim to the floor, whoever the last turn was said to.

    Parameters
    ----------
    standing_and_talk : float
        ``(1 + e) * talkativeness``; under the plain Luce rule e is left out.
    ready, interest, place : float
        `readiness`, `stake` and `seat`.
    """
    return standing_and_talk * ready * interest * place


@turn_rule
def capped(weight: float, spent: float, tokens: float, talk_cap: float) -> float:
    """Return a claim under talking tokens: whoever has spent theirs waits, as strictly as the cap is kept."""
    if spent >= tokens:
        return weight * (1.0 - talk_cap)
    return weight


@turn_rule
def words_factor(standing: float, length_by_standing: float, verbosity: float) -> float:
    """Return how much longer than average a member's turns are: by standing, and by habit."""
    return clip(1.0 + length_by_standing * standing, 0.05, 2.0) * verbosity
