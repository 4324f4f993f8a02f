"""The result is used: what a decision is worth to each member and constituency in a context of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosim.mechanisms import counters, decision, random_streams, use
from cosim.mechanisms.compiled import rule
from cosim.model.stages.project import WEIGHS, place_of

if TYPE_CHECKING:
    from cosim.model.state import State
    from cosim.scenario.plan import Plan


@rule
def use_choice(
    plan: Plan, state: State, meeting: int, choice: int, carried_out: float, seed: int, replicate: int
) -> None:
    """Tally the value in use of a decision: how it serves members and constituencies, each counting alike.

    `carried_out` is 1 if the decision is carried out, else 0.  Merits are what they are; only what is counted
    differs from person to person.  Who took part gains nothing by that alone.
    """
    d = plan.meetings[meeting]
    terms = plan.phases[d.phase]
    weights = state.scratch[1]
    users = 0.0
    total = 0.0
    for i in range(len(plan.uid)):
        if state.member[i]:
            for k in range(4):
                weights[k] = state.traits[i, WEIGHS + k]
            place = place_of(plan.uid[i], 0)
            served = served_by(plan, state, meeting, choice, place, seed, replicate)
            state.people[i, counters.IN_USE] += terms.importance * carried_out * served
            users += 1.0
            total += carried_out * served
    for c in range(len(plan.constituency_uid)):
        theirs = 0.0
        for k in range(4):
            weights[k] = 0.0
        for i in range(len(plan.uid)):
            if state.member[i] and plan.constituency[i] == c:
                theirs += 1.0
                for k in range(4):
                    weights[k] += state.traits[i, WEIGHS + k]
        if theirs > 0.0:
            for k in range(4):
                weights[k] = weights[k] / theirs
            place = place_of(plan.constituency_uid[c], 1)
            served = served_by(plan, state, meeting, choice, place, seed, replicate)
            users += 1.0
            total += carried_out * served
    state.totals[counters.T_IN_USE] += terms.importance * total / users


@rule
def served_by(
    plan: Plan, state: State, meeting: int, choice: int, place: int, seed: int, replicate: int
) -> float:
    """Return where a choice stands, 0..1, for whoever weighs the kinds as `state.scratch[1]` says.

    `place` is that of the context in its stream; a context is drawn once for the project.
    """
    d = plan.meetings[meeting]
    options = plan.phases[d.phase].options
    words = random_streams.draws(seed, replicate, random_streams.CONTEXT, 0, place)
    values = state.scratch[0]
    weights = state.scratch[1]
    total = 0.0
    for k in range(4):
        total += use.counts_there(random_streams.uniform(words[k]))
    for o in range(options):
        values[o] = 0.0
        for k in range(4):
            there = use.counts_there(random_streams.uniform(words[k])) / total
            values[o] += use.weight_in_use(weights[k], there, d.system_context_spread) * state.merit[o, k]
    return decision.standing_of_choice(values, choice, options)
