"""Uptake: how far a listener moves by what they understood (`comprehension`) of a turn.

By default voices share a listener's attention and wear off when they repeat themselves: a convex step toward
what was voiced, of a size that how much is said hardly changes.  Beside it an argument, heard for the first
time, moves everyone who understands and credits it the same way, wherever they stand.  Rivals behind the same
name: Friedkin & Johnsen's (1999) rule turn by turn, with a pull back to where one stood; bounded confidence
(a listener ignores what is too far away; Deffuant et al. 2000, Hegselmann & Krause 2002); and a Bayesian
listener whose steps shrink as evidence accumulates.
"""

from __future__ import annotations

from typing import Final

from cosim.mechanisms.arithmetic import apart
from cosim.mechanisms.compiled import turn_rule

FRIEDKIN_JOHNSEN: Final = 0
BOUNDED_CONFIDENCE: Final = 1
BAYESIAN: Final = 2
SHARED_ATTENTION: Final = 3

MOST: Final = 0.9
"""Most of the distance that one turn or one argument closes."""


@turn_rule
def soundness(said: float, belief: float, truth: float) -> float:
    """Return how far what was said is in the right against a listener, 0 (they are right) .. 1 (it is).

    .5 where both are equally far from the truth, whichever side of it they are on.
    """
    wrong = apart(belief, truth)
    total = apart(said, truth) + wrong
    return wrong / total if total > 0.0 else 1.0


@turn_rule
def convincing(credibility: float, said: float, belief: float, truth: float, demonstrability: float) -> float:
    """Return how convincing a turn is, 0..1: by who says it, or by what is said.

    `demonstrability` says how far an argument shows by itself whether it is right: 0 in a matter of
    judgement, 1 where it makes no difference who speaks.  The idea is Laughlin & Ellis's (1986; recalled),
    that truth wins where it can be shown; the form is ours.
    """
    return (1.0 - demonstrability) * credibility + demonstrability * soundness(said, belief, truth)


@turn_rule
def pull(openness: float, convincing: float, understood: float, heard: float) -> float:
    """Return the weight of a turn for a listener before distance is looked at, 0..1."""
    return openness * convincing * understood * heard


@turn_rule
def certain(z: float, certainty: float) -> float:
    """Return how much more than usual a member moves others who is `z` SD more certain than usual."""
    found = 1.0 + certainty * z
    return found if found > 0.1 else 0.1


@turn_rule
def voice(form: int, weight: float, fresh: float) -> float:
    """Return the share of a listener's attention that a turn gets: all of it under the rival rules.

    `weight` is the weight of the speaker's voice on this task over the number of voices that a listener
    attends to, `fresh` how new the speaker's position on the item is to the listener.
    """
    return weight * fresh if form == SHARED_ATTENTION else 1.0


@turn_rule
def worn(fresh: float, fading: float, heard: float) -> float:
    """Return how new a position still is after it has been said once more, to the share `heard`."""
    return fresh * (1.0 - (1.0 - fading) * heard)


@turn_rule
def argued(pull: float, size: float) -> float:
    """Return how far toward its pole an argument moves a listener to whom it is new."""
    moved = size * pull
    return moved if moved < MOST else MOST


@turn_rule
def step(
    form: int, weight: float, rate: float, distance: float, confirmation: float, bound: float, known: float
) -> float:
    """Return the share of the distance by which a listener moves, 0..1.

    Parameters
    ----------
    weight : float
        From `pull`, times the share of attention from `voice`.
    distance : float
        Of what was voiced from the listener's belief, >= 0.
    confirmation : float
        How much less is taken up from what contradicts (biased assimilation), per unit of distance.
    bound : float
        Beyond it a bounded-confidence listener does not move.
    known : float
        Evidence the listener has taken in on this item and kind (Bayesian rule).
    """
    if form == BAYESIAN:
        gained = evidence(weight, distance, confirmation)
        return gained * rate / (1.0 + rate * (known + gained))
    if form == BOUNDED_CONFIDENCE and distance > bound:
        return 0.0
    share = rate * weight * (1.0 - confirmation * distance)
    return share if share < MOST else MOST


@turn_rule
def evidence(weight: float, distance: float, confirmation: float) -> float:
    """Return the evidence that a turn adds for a Bayesian listener."""
    return weight * (1.0 - confirmation * distance)


@turn_rule
def anchoring(openness: float, anchor: float) -> float:
    """Return the pull back to the initial belief at each turn heard: strongest for the closed."""
    return anchor * (1.0 - openness)


@turn_rule
def moved(now: float, said: float, initial: float, share: float, pulled: float) -> float:
    """Return a belief (or a source weight) after a turn: a convex mix of now, said and initial."""
    kept = 1.0 - pulled
    return kept * (1.0 - share) * now + kept * share * said + pulled * initial
