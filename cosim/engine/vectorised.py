"""A turn's rules for all members side by side, as the compiled loop runs them.

Each goes over neighbouring numbers in arrays that do not overlap, without branches: the compiler then works
on several members at once.  Who does not count (absent, speaking, at another table) moves by a share of 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cosim.mechanisms import addressing, learning, random_streams, turn_taking, uptake
from cosim.mechanisms.arithmetic import apart, toward
from cosim.mechanisms.compiled import lane_rule, turn_rule

if TYPE_CHECKING:
    from cosim.scenario.plan import Terms


@lane_rule
def weigh_claims(
    d: Terms,
    plain: bool,
    standing: Any,
    talkative: Any,
    ready: Any,
    stake: Any,
    place: Any,
    spent: Any,
    eligible: Any,
    addressed: int,
    out: Any,
) -> None:
    """Fill `out` (N,) with everyone's claim to the floor; 0 for those not eligible.

    Parameters
    ----------
    plain : bool
        Whether standing is left out (plain Luce rule).
    standing, talkative, ready, stake, place, spent, eligible : (N,)
        As in `cosim.model.state.State`; `place` is the pull of the seat.
    addressed : int
        Whom the last turn was said to; -1 for nobody.
    """
    returning = d.floor_returning
    tokens = d.facilitation_tokens
    cap = d.facilitation_talk_cap
    for i in range(len(out)):
        base = turn_taking.base_claim(standing[i], talkative[i], plain)
        weight = turn_taking.claim(base, ready[i], stake[i], place[i])
        weight = addressing.claim_of(weight, i == addressed, returning)
        weight = turn_taking.capped(weight, spent[i], tokens, cap)
        out[i] = weight if eligible[i] else 0.0


@lane_rule
def have_stakes(mine: Any, engaged: Any, known: float, total: float, weight: float, out: Any) -> None:
    """Fill `out` (N,) with stakes in the item; `known` members have shown stances that sum to `total`."""
    mean = total / known if known > 0.0 else 0.0
    weight = weight if known > 0.0 else 0.0
    for i in range(len(out)):
        out[i] = engaged[i] * turn_taking.stake(mine[i], mean, weight)


@lane_rule
def known_others(shown: Any, hears: Any, out: Any) -> None:
    """Fill `out` (N,) with 1 for everyone at the table who has shown a stance, else 0."""
    for j in range(len(out)):
        out[j] = shown[j] if hears[j] else 0.0


@lane_rule
def shares_of(values: Any, total: float, out: Any) -> None:
    """Fill `out` (N,) with values over their total."""
    for j in range(len(out)):
        out[j] = values[j] / total


@turn_rule
def sum_of(values: Any) -> float:
    """Return the sum of an array, from the first to the last."""
    total = 0.0
    for j in range(len(values)):
        total += values[j]
    return total


@turn_rule
def sums_of(pull: Any, distance: Any, share: Any) -> tuple[float, float]:
    """Return the sums of pulls and of movements (distance times share), each from the first to the last."""
    pulls = 0.0
    moved = 0.0
    for j in range(len(pull)):
        pulls += pull[j]
        moved += share[j] * distance[j]
    return pulls, moved


@turn_rule
def choose(weights: Any, word: int, reached: Any) -> int:
    """Return the same as `random_streams.chosen`, with room for the running sums, which are taken once."""
    total = 0.0
    for i in range(len(weights)):
        total += weights[i]
        reached[i] = total
    if total <= 0.0:
        return -1
    mark = random_streams.uniform(word) * total
    last = -1
    for i in range(len(weights)):
        if weights[i] > 0.0:
            last = i
            if mark < reached[i]:
                return i
    return last


@turn_rule
def sum_of_products(values: Any, weights: Any) -> float:
    """Return the weighted sum of an array, from the first to the last."""
    total = 0.0
    for j in range(len(values)):
        total += values[j] * weights[j]
    return total


@lane_rule
def pull_on(
    said: float,
    truth: float,
    attention: float,
    demonstrability: float,
    openness: Any,
    understood: Any,
    belief: Any,
    seen: Any,
    hears: Any,
    out: Any,
) -> None:
    """Fill `out` (N,) with the weight of a turn for each listener; 0 for who does not hear it.

    It gets the share `attention` of a hearing, and arguments show by `demonstrability` who is right; `seen`
    (N,) is the speaker's credibility.
    """
    if demonstrability == 0.0:  # then it is credibility alone that convinces
        for j in range(len(out)):
            weight = uptake.pull(openness[j], seen[j], understood[j], attention)
            out[j] = weight if hears[j] else 0.0
        return
    for j in range(len(out)):
        convincing = uptake.convincing(seen[j], said, belief[j], truth, demonstrability)
        weight = uptake.pull(openness[j], convincing, understood[j], attention)
        out[j] = weight if hears[j] else 0.0


@lane_rule
def hold_back(openness: Any, hears: Any, anchor: float, out: Any) -> None:
    """Fill `out` (N,) with the pull back to where one stands by oneself; 0 for who does not hear the turn."""
    for j in range(len(out)):
        back = uptake.anchoring(openness[j], anchor)
        out[j] = back if hears[j] else 0.0


@lane_rule
def step_toward(
    d: Terms,
    said: float,
    loud: float,
    belief: Any,
    pull: Any,
    fresh: Any,
    known: Any,
    distance: Any,
    share: Any,
) -> None:
    """Fill `distance` and `share` (N,): how far what was said is from each belief, and the share taken.

    `loud` is the weight of the voice; `pull`, `fresh` and `known` (N,) are the weight of the turn for each
    listener, how new it is to them, and the evidence that they have taken in.
    """
    form = d.uptake_rule
    rate = d.uptake_rate
    confirmation = d.uptake_confirmation
    bound = d.uptake_bound
    for j in range(len(distance)):
        distance[j] = apart(said, belief[j])
    for j in range(len(distance)):
        weight = pull[j] * uptake.voice(form, loud, fresh[j])
        share[j] = uptake.step(form, weight, rate, distance[j], confirmation, bound, known[j])


@lane_rule
def wear_off(fading: float, heard: float, hears: Any, fresh: Any) -> None:
    """Let a position that has been voiced once more be less new to those who heard it."""
    for j in range(len(fresh)):
        worn = uptake.worn(fresh[j], fading, heard)
        fresh[j] = worn if hears[j] else fresh[j]


@lane_rule
def move(
    d: Terms,
    said: float,
    initial: Any,
    pull: Any,
    distance: Any,
    share: Any,
    back: Any,
    belief: Any,
    known: Any,
    own_part: Any,
) -> None:
    """Move every belief toward what was said, and count the evidence taken in."""
    for j in range(len(belief)):
        belief[j] = uptake.moved(belief[j], said, initial[j], share[j], back[j])
        own_part[j] = own_part[j] * (1.0 - share[j])
    if d.uptake_rule == uptake.BAYESIAN:
        confirmation = d.uptake_confirmation
        for j in range(len(belief)):
            known[j] += uptake.evidence(pull[j], distance[j], confirmation)


@lane_rule
def be_argued(
    pole: float, size: float, pull: Any, met: Any, belief: Any, initial: Any, own_part: Any, out: Any
) -> None:
    """Let an argument move those to whom it is new; fill `out` (N,) with how far.

    `met`, `belief`, `initial` and `own_part` (N,) are written to.
    """
    for j in range(len(out)):
        moved = uptake.argued(pull[j], size)
        moved = 0.0 if met[j] else moved
        met[j] = met[j] or moved > 0.0
        belief[j] = toward(belief[j], pole, moved)
        initial[j] = toward(initial[j], pole, moved)
        own_part[j] = own_part[j] * (1.0 - moved)
        out[j] = moved


@lane_rule
def get_to_know(
    d: Terms, knows: float, attention: float, understood: Any, hears: Any, credibility: Any, tie: Any
) -> None:
    """Let the listeners see a speaker whom they know in a new light, as far as they understood."""
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
