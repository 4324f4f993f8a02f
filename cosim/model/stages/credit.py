"""A decision is followed back to its sources: whose influence it was, over all that happened in the phase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cosim.mechanisms import counters, stance
from cosim.mechanisms.compiled import rule
from cosim.model.stages import tape
from cosim.model.stages.project import MANDATE, WEIGHS
from cosim.model.state import (
    BEFOREHAND,
    BY_BALLOTS,
    BY_LEAD,
    BY_LEADS_BALLOT,
    FROM_ARGUMENTS,
    FROM_CARRIED,
    FROM_OUTSIDE,
    FROM_OWN,
    HOW_DECIDED,
    LEAD_THEN,
    MEETING_DECIDED,
)

if TYPE_CHECKING:
    from cosim.model.state import State
    from cosim.scenario.plan import Floats, Plan

PROMISE: Final = (0.0, 0.02, 0.1, 0.8, 1.0)
"""Public influence parity that each level promises at the least: an assumption, stated with the outcome."""


@rule
def spread_influence(plan: Plan, state: State, meeting: int, how: int, lead: int) -> None:
    """Add the decision's weights on its sources to the tally, given how it was decided."""
    count = len(plan.uid)
    d = plan.meetings[meeting]
    terms = plan.phases[d.phase]
    weight = terms.importance
    shares = state.scratch[3, :count]
    say = state.scratch[0, :count]
    same = True
    for i in range(count):
        shares[i] = 1.0 if i == lead else 0.0
        if how == BY_BALLOTS:
            shares[i] = state.carrying[i]
            same = same and state.carrying[i] == state.vote[i]
    if not same:
        find_sources(plan, state, meeting, how, lead, state.vote)
    for i in range(count):
        say[i] = state.sources[FROM_OWN * count + i]
        say[i] += state.sources[FROM_CARRIED * count + i]
        say[i] += state.sources[FROM_ARGUMENTS * count + i]
    find_sources(plan, state, meeting, how, lead, shares)
    note_influence(plan, state, d.phase, how, same, shares, say)
    score = 0.0
    for o in range(terms.options):
        for i in range(count):
            value = state.ballots[i, o]
            if how == BY_LEAD:
                value = state.views[i, o]
            elif how == BEFOREHAND:
                value = state.views_before[i, o]
            score += shares[i] * value / terms.options
    state.totals[counters.T_SCORE] += weight * score


@rule
def note_influence(
    plan: Plan, state: State, phase: int, how: int, same: bool, shares: Floats, say: Floats
) -> None:
    """Add the sources found to the members' tally; their say is the `same`, or else `say`."""
    count = len(plan.uid)
    terms = plan.phases[phase]
    weight = terms.importance
    public = 0.0
    seats = 0.0
    members = 0.0
    total = 0.0
    for i in range(count):
        own = state.sources[FROM_OWN * count + i]
        carried = state.sources[FROM_CARRIED * count + i]
        argued = state.sources[FROM_ARGUMENTS * count + i]
        person = state.people[i]
        state.parts[phase, i, FROM_OWN] = own
        state.parts[phase, i, FROM_CARRIED] = carried
        state.parts[phase, i, FROM_ARGUMENTS] = argued
        person[counters.OWN] += weight * own
        person[counters.CARRIED] += weight * carried
        person[counters.ARGUED] += weight * argued
        person[counters.SAY] += weight * (own + carried + argued if same else say[i])
        person[counters.VOTE] += weight * (state.vote[i] if how == BY_BALLOTS else shares[i])
        members += 1.0 if state.member[i] else 0.0
        total += own + carried + argued
        if plan.is_public[i]:
            public += own + carried + argued
            seats += 1.0 if state.member[i] else 0.0
    for o in range(terms.options):
        for k in range(4):
            if state.said[o, k] >= 0:
                state.people[state.said[o, k], counters.BROUGHT] += weight * state.credit_argument[o, k]
    outside = state.sources[FROM_OUTSIDE * count]
    state.parts[phase, count, 0] = outside
    state.totals[counters.T_OUTSIDE] += weight * outside
    if seats > 0.0 and total > 0.0:
        short = PROMISE[terms.declared] - public / total * members / seats
        state.totals[counters.T_PROMISE_GAP] += weight * (short if short > 0.0 else 0.0)


@rule
def find_sources(plan: Plan, state: State, meeting: int, how: int, lead: int, shares: Floats) -> None:
    """Fill `state.sources` with the weights of a decision, averaged over options, on its sources.

    `how` it was decided is `BY_BALLOTS` or one of the others; `shares` (N,) is each ballot's part in it, or 1
    for a lead who decided alone.
    """
    d = plan.meetings[meeting]
    options = plan.phases[d.phase].options
    count = len(plan.uid)
    tape.clear_credit(state, options)
    if how == BEFOREHAND:
        state.sources[FROM_OWN * count + lead] = 1.0 - state.mandate_first[lead]
        state.sources[FROM_CARRIED * count + lead] = state.mandate_first[lead]
        return
    begin_credit(plan, state, meeting, how, lead, shares)
    tape.play_back(state, options, state.ballot_parts)


@rule
def begin_credit(plan: Plan, state: State, meeting: int, how: int, lead: int, shares: Floats) -> None:
    """Fill `state.ballot_parts` (N,), each ballot's part in the decision; credit a lead who decided alone."""
    d = plan.meetings[meeting]
    options = plan.phases[d.phase].options
    count = len(plan.uid)
    for i in range(count):
        state.ballot_parts[i] = 0.0 if how == BY_LEAD else shares[i]
    if how == BY_LEAD:
        limit = stance.bound(state.traits[lead, MANDATE], d.stance_latitude)
        state.sources[FROM_CARRIED * count + lead] = limit
        for o in range(options):
            for k in range(4):
                state.credit[o, k, lead] = (1.0 - limit) * state.traits[lead, WEIGHS + k] / options


def note_intakes(plan: Plan, state: State) -> None:
    """Fill `state.tape_taken` for the decision just made: what its voters took in at each turn."""
    meeting = state.decided[MEETING_DECIDED]
    how = state.decided[HOW_DECIDED]
    lead = state.decided[LEAD_THEN]
    options = plan.phases[plan.meetings[meeting].phase].options
    count = len(plan.uid)
    tape.clear_credit(state, options)
    shares = state.scratch[3, :count]
    for i in range(count):
        shares[i] = 0.0
        if how == BY_BALLOTS:
            shares[i] = state.carrying[i]
        elif how == BY_LEADS_BALLOT and i == lead:
            shares[i] = 1.0
    begin_credit(plan, state, meeting, how, lead, shares)
    tape.take_in(state, options, state.ballot_parts)
