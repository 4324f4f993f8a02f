"""A turn's rules for all members side by side, as the compiled loop runs them.

Each goes over neighbouring numbers in arrays that do not overlap, without branches: the compiler then works
on several members at once.  Who does not count (absent, speaking, at another table) moves by a share of 0.
"""

from __future__ import annotations

from typing import Any

from cosim.mechanisms import floor, learning, uptake
from cosim.mechanisms.arithmetic import apart, toward
from cosim.mechanisms.rule import lane_rule


@lane_rule
def weigh_claims(
    d: Any,
    plain: bool,
    lasting: tuple[Any, Any],
    now: tuple[Any, Any, Any, Any, Any],
    before_last: int,
    out: Any,
) -> None:
    """Fill `out` (N,) with everyone's claim to the floor; 0 for those not eligible.

    Parameters
    ----------
    plain : bool
        Whether standing is left out (plain Luce rule).
    lasting : (standing, talkative)
    now : (ready, stake, pull of the seat, turns spent, eligible)
    before_last : int
        The previous-but-one speaker.
    """
    standing, talkative = lasting
    ready, stake, place, spent, eligible = now
    returning = d.floor_returning
    tokens = d.facilitation_tokens
    cap = d.facilitation_talk_cap
    for i in range(len(out)):
        base = floor.base_claim(standing[i], talkative[i], plain)
        weight = floor.claim(base, ready[i], stake[i], place[i])
        weight = floor.remembered(weight, i == before_last, returning)
        weight = floor.capped(weight, spent[i], tokens, cap)
        out[i] = weight if eligible[i] else 0.0


@lane_rule
def pull_on(
    d: Any,
    voiced: tuple[float, float, float],
    listener: tuple[Any, Any, Any],
    seen: Any,
    hears: Any,
    out: Any,
) -> None:
    """Fill `out` (N,) with the weight of a turn for each listener; 0 for who does not hear it.

    `voiced` is (what was said, the truth, the share of a hearing), `listener` (openness, share understood,
    belief), and `seen` the speaker's credibility.
    """
    said, truth, attention = voiced
    openness, understood, belief = listener
    demonstrability = d.uptake_demonstrability
    for j in range(len(out)):
        convincing = uptake.convincing(seen[j], said, belief[j], truth, demonstrability)
        weight = uptake.pull(openness[j], convincing, understood[j], attention)
        out[j] = weight if hears[j] else 0.0


@lane_rule
def hold_back(openness: Any, hears: Any, anchor: float, out: Any) -> None:
    """Fill `out` (N,) with the pull back to one's initial belief; 0 for who does not hear the turn."""
    for j in range(len(out)):
        back = uptake.anchoring(openness[j], anchor)
        out[j] = back if hears[j] else 0.0


@lane_rule
def step_toward(d: Any, said: float, belief: Any, pull: Any, known: Any, distance: Any, share: Any) -> None:
    """Fill `distance` and `share` (N,): how far what was said is from each belief, and the share taken."""
    form = d.uptake_rule
    rate = d.uptake_rate
    confirmation = d.uptake_confirmation
    bound = d.uptake_bound
    for j in range(len(distance)):
        distance[j] = apart(said, belief[j])
    for j in range(len(distance)):
        share[j] = uptake.step(form, pull[j], rate, distance[j], confirmation, bound, known[j])


@lane_rule
def move(
    d: Any, said: float, initial: Any, taken: tuple[Any, Any, Any, Any], belief: Any, known: Any
) -> None:
    """Move every belief toward what was said, and count the evidence taken in.

    `taken` is (pull, distance, share, back).
    """
    pull, distance, share, back = taken
    confirmation = d.uptake_confirmation
    for j in range(len(belief)):
        belief[j] = uptake.moved(belief[j], said, initial[j], share[j], back[j])
        known[j] += uptake.evidence(pull[j], distance[j], confirmation)


@lane_rule
def get_to_know(
    d: Any, knows: float, attention: float, heard: tuple[Any, Any], credibility: Any, tie: Any
) -> None:
    """Let the listeners see a speaker whom they know in a new light, as far as they understood.

    `heard` is (share understood, whether they hear).
    """
    understood, hears = heard
    calm = learning.climate(d.learning_climate, d.facilitation_ground_rules)
    rate = d.learning_credibility_rate
    bonus = d.learning_tie_bonus
    gain = d.learning_tie_gain
    for j in range(len(tie)):
        learned = learning.credibility_step(rate, calm, understood[j] * attention, tie[j], bonus)
        grown = gain * understood[j] * attention
        credibility[j] = toward(credibility[j], knows, learned if hears[j] else 0.0)
        tie[j] = toward(tie[j], 1.0, grown if hears[j] else 0.0)


@lane_rule
def copy(values: Any, out: Any) -> None:
    """Fill `out` with values."""
    for j in range(len(out)):
        out[j] = values[j]
