"""A phase ends: ballots, the decision, and the lead's part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosim.mechanisms import accountability, counters, decision, random_streams, stance
from cosim.mechanisms.arithmetic import apart
from cosim.mechanisms.compiled import rule
from cosim.mechanisms.stance import Bends
from cosim.model.stages import tape
from cosim.model.stages.credit import spread_influence
from cosim.model.stages.meeting import lead_of
from cosim.model.stages.phase import view_of
from cosim.model.stages.project import LOYALTY, MANDATE, WEIGHS, place_of
from cosim.model.stages.reception import receive_choice, value_choice
from cosim.model.stages.use import use_choice
from cosim.model.state import (
    BEFOREHAND,
    BY_BALLOTS,
    BY_LEAD,
    BY_LEADS_BALLOT,
    HOW_DECIDED,
    LEAD_THEN,
    MEETING_DECIDED,
    OTHERS,
)

if TYPE_CHECKING:
    from cosim.model.state import State
    from cosim.scenario.plan import Floats, Plan


def settle_ballots(
    plan: Plan, state: State, meeting: int, level: int, seed: int, replicate: int, final: bool
) -> tuple[int, bool]:
    """Cast the ballots as things stand; return the option chosen and whether the rule reached a decision.

    `final` ballots are written on the tape.  Leaves unbent judgements in `state.views`, ballots in
    `state.ballots`, weights in `state.vote` and carriers in `state.carrying`.
    """
    d = plan.meetings[meeting]
    terms = plan.phases[d.phase]
    options = terms.options
    lead = lead_of(plan, state.member, level)
    written = d.decision_written_ballots
    marks = state.scratch[1]
    anybody = decision.votes(level, plan.is_public, state.member, state.present, written, state.vote)
    for i in range(len(plan.uid)):
        for o in range(options):
            state.views[i, o] = view_of(plan, state, i, o, d.stance_latitude)
            state.polled[o, i] = state.shown[o, i] if state.present[i] else 0.0
            state.polled_stances[o, i] = state.stances[o, i]
            state.polled_sides[o, i] = state.sides[o, i]
        place = place_of(plan.uid[i], 0)
        word = random_streams.draws(seed, replicate, random_streams.VOTING, meeting, place)[0]
        marks[i] = random_streams.uniform(word)
    decision.voting_order(state.standing, marks, state.order)
    for turn in range(len(plan.uid)):
        cast_ballot(plan, state, meeting, lead, state.order[turn], final)
    listed = list_options(plan, state, d.phase, seed, replicate)
    for i in range(len(plan.uid)):
        for n in range(listed):
            state.paper[i, n] = state.ballots[i, state.listed[n]]
    ballots = state.paper[:, :listed]
    means, scores = state.scratch[1, :listed], state.scratch[2, :listed]  # the marks are not needed any more
    margin = d.decision_approval_margin
    choice, reached = decision.outcome(
        terms.rule, ballots, state.vote, terms.quorum, margin, lead, means, scores
    )
    reached = reached and anybody
    decision.carriers(terms.rule, ballots, state.vote, choice, reached, means, scores, state.carrying)
    return int(state.listed[choice]), reached


@rule
def list_options(plan: Plan, state: State, phase: int, seed: int, replicate: int) -> int:
    """Fill `state.listed` with the options that can be chosen, in order; return how many there are.

    That is all of them, or in a closed phase those that have been on an agenda: what is never discussed is
    decided against by nobody, and not chosen.
    """
    terms = plan.phases[phase]
    word = random_streams.draws(seed, replicate, random_streams.AGENDA, terms.start, 0)[1]
    closed = random_streams.uniform(word) < plan.meetings[terms.start].agenda_closed
    listed = 0
    for o in range(terms.options):
        if not closed or state.tabled[o]:
            state.listed[listed] = o
            listed += 1
    return listed


@rule
def best_listed(state: State, values: Floats, listed: int) -> int:
    """Return which of the options that can be chosen has the highest value; the first of equals."""
    best = int(state.listed[0])
    for n in range(1, listed):
        if values[state.listed[n]] > values[best]:
            best = int(state.listed[n])
    return best


@rule
def cast_ballot(plan: Plan, state: State, meeting: int, lead: int, i: int, final: bool) -> None:
    """Fill in member `i`'s ballot: every option as they show it, bent as far as it can be seen.

    What is written by somebody absent is seen by nobody.
    """
    d = plan.meetings[meeting]
    options = plan.phases[d.phase].options
    weighs = state.traits[i, WEIGHS : WEIGHS + 4]
    limit = stance.bound(state.traits[i, MANDATE], d.stance_latitude)
    seen = 1.0 - d.decision_secret_ballot if state.present[i] else 0.0
    middle = 0.0
    for o in range(options):
        middle += state.views[i, o] / options
    for o in range(options):
        view = state.views[i, o]
        known, opposed, theirs = look_round(state, o, i, view > middle)
        to_lead = 0.0
        if lead >= 0 and lead != i and state.polled[o, lead] > 0.0:
            to_lead = seen * stance.bend_to_lead(
                state.standing[lead] - state.standing[i],
                state.confidence[i],
                d.speech_safety,
                d.stance_deference,
                state.traits[i, LOYALTY],
            )
        to_others = (1.0 - to_lead) * seen
        to_others *= stance.bend_to_majority(known - opposed, opposed, d.stance_conformity)
        leads = state.polled_stances[o, lead] if to_lead > 0.0 else 0.0
        ballot = (1.0 - to_lead - to_others) * view + to_lead * leads + to_others * theirs
        state.ballots[i, o] = ballot
        open_vote = seen > 0.0 and state.vote[i] > 0.0
        if final and state.vote[i] > 0.0:
            event = tape.Event(tape.BALLOT, o, 0, i, lead if to_lead > 0.0 else -1)
            bends = Bends(to_lead, to_others)
            write_ballot(state, event, bends, limit, weighs, known, open_vote)
        if open_vote:
            state.polled[o, i] = 1.0
            state.polled_stances[o, i] = ballot
            state.polled_sides[o, i] = 1.0 if ballot > middle else 0.0


@rule
def look_round(state: State, option: int, i: int, above: bool) -> tuple[float, float, float]:
    """Return how many others have shown a stance on an option, how many against, and their mean stance."""
    side = 1.0 if above else 0.0
    known = 0.0
    opposed = 0.0
    total = 0.0
    for j in range(len(state.order)):
        if j != i and state.polled[option, j] > 0.0:
            known += 1.0
            opposed += apart(state.polled_sides[option, j], side)
            total += state.polled_stances[option, j]
    return known, opposed, total / known if known > 0.0 else 0.0


@rule
def write_ballot(
    state: State,
    ballot: tape.Event,
    bends: Bends,
    limit: float,
    weighs: Floats,
    known: float,
    is_open: bool,
) -> None:
    """Write a ballot on the tape; `known` others have shown a stance, and `limit` is the bound share."""
    bent = bends.to_others > 0.0
    at, room = tape.record(state, ballot, shares=False, argued=False, others=bent, back=False)
    if not room:
        return
    tape.set_terms(state.tape_terms[at], bends, limit, weighs, is_open)
    if bent:
        row = state.tape_rows[state.tape_events[at, OTHERS]]
        for j in range(len(row)):
            row[j] = state.polled[ballot.option, j] / known if j != ballot.speaker else 0.0


@rule
def consensus_in_sight(plan: Plan, state: State, phase: int, level: int) -> bool:
    """Return whether the stances shown so far allow consensus: half have shown one, and too few are against.

    Against is who has shown a higher stance on another option than on the one that stands highest.
    """
    terms = plan.phases[phase]
    leading = -1
    highest = 0.0
    for o in range(terms.options):
        count = 0.0
        total = 0.0
        for i in range(len(plan.uid)):
            if state.present[i] and state.shown[o, i] > 0.0:
                count += 1.0
                total += state.stances[o, i]
        if count > 0.0 and (leading < 0 or total / count > highest):
            leading = o
            highest = total / count
    if leading < 0:
        return False
    voters = 0.0
    known = 0.0
    against = 0.0
    for i in range(len(plan.uid)):
        if state.present[i] and state.member[i] and decision.has_vote(level, plan.is_public[i]):
            voters += 1.0
            if state.shown[leading, i] > 0.0:
                known += 1.0
                for o in range(terms.options):
                    if state.shown[o, i] > 0.0 and state.stances[o, i] > state.stances[leading, i]:
                        against += 1.0
                        break
    return known >= 0.5 * voters and against <= (1.0 - terms.quorum) * voters + 1e-9


def end_phase(
    plan: Plan, state: State, meeting: int, level: int, seed: int, replicate: int, reached_early: bool
) -> int:
    """Decide, let the lead override, account for influence, and return the option chosen.

    `meeting` is the last one held.
    """
    d = plan.meetings[meeting]
    terms = plan.phases[d.phase]
    weight = terms.importance
    words = random_streams.draws(seed, replicate, random_streams.OVERRIDE, d.phase, 0)
    choice, reached = settle_ballots(plan, state, meeting, level, seed, replicate, final=True)
    lead = lead_of(plan, state.member, level)
    how = BY_LEADS_BALLOT if terms.rule == decision.LEAD_DECIDES and lead >= 0 else BY_BALLOTS
    overriding = accountability.override_chance(
        d.accountability_form,
        d.accountability_pressure,
        d.accountability_explain_cost,
        terms.delegated == 1,
        d.accountability_delegation,
    )
    if lead >= 0:
        own = best_listed(state, state.views[lead], list_options(plan, state, d.phase, seed, replicate))
        opposed = state.views[lead, own] - state.views[lead, choice] > d.accountability_tolerance
        if opposed and random_streams.uniform(words[0]) < overriding:
            choice = own
            how = BY_LEAD
            state.totals[counters.T_OVERRIDDEN] += weight
        if random_streams.uniform(words[2]) >= d.system_plan_flexibility:
            choice = decision.best_of(state.views_before[lead], terms.options)
            how = BEFOREHAND
            state.totals[counters.T_SETTLED] += weight
    state.decided[MEETING_DECIDED] = meeting
    state.decided[HOW_DECIDED] = how
    state.decided[LEAD_THEN] = lead
    spread_influence(plan, state, meeting, how, lead)
    state.totals[counters.T_UNDECIDED] += 0.0 if reached else weight
    state.totals[counters.T_CONSENSUS] += weight if reached_early else 0.0
    state.totals[counters.T_ENACTED] += weight * level
    carried_out = 1.0 if random_streams.uniform(words[1]) < d.system_implementation else 0.0
    state.totals[counters.T_CARRIED_OUT] += weight * carried_out
    value_choice(plan, state, meeting, choice)
    use_choice(plan, state, meeting, choice, carried_out, seed, replicate)
    receive_choice(plan, state, meeting, choice)
    state.chosen_at[0] = state.drawn_at[choice]
    return choice
