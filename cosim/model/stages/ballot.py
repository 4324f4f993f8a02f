"""A phase ends: ballots, the decision, the lead's part in it, and what each member makes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from cosim.mechanisms import accountability, counters, decision, influence, random_streams, stance
from cosim.mechanisms.arithmetic import apart, unit_interval
from cosim.mechanisms.compiled import rule
from cosim.mechanisms.stance import Bends
from cosim.model.stages import tape
from cosim.model.stages.meeting import lead_of
from cosim.model.stages.phase import judge, view_of
from cosim.model.stages.project import EMPIRICAL, EXPERIENTIAL, LOYALTY, MANDATE, WEIGHS, place_of
from cosim.model.stages.use import use_choice
from cosim.model.state import (
    FROM_ARGUMENTS,
    FROM_CARRIED,
    FROM_OUTSIDE,
    FROM_OWN,
    HOW_DECIDED,
    LEAD_THEN,
    MEETING_DECIDED,
    OTHERS,
)

if TYPE_CHECKING:
    from cosim.model.state import State
    from cosim.scenario.plan import Bools, Floats, Plan

BY_BALLOTS: Final = 0
BY_LEADS_BALLOT: Final = 1
BY_LEAD: Final = 2
BEFOREHAND: Final = 3
"""How a decision came about: by ballots, by the lead's ballot, by the lead's override, or settled before."""

PROMISE: Final = (0.0, 0.02, 0.1, 0.8, 1.0)
"""Public influence parity that each level promises at the least: an assumption, stated with the outcome."""


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


@rule
def value_choice(plan: Plan, state: State, meeting: int, choice: int) -> None:
    """Tally the decision's quality, rigour and relevance, and its distance from the public's wishes."""
    d = plan.meetings[meeting]
    terms = plan.phases[d.phase]
    society = (
        d.knowledge_society_empirical,
        d.knowledge_society_experiential,
        d.knowledge_society_practice,
        d.knowledge_society_policy,
    )
    total = society[0] + society[1] + society[2] + society[3]
    public = 0.0
    represented = 0.0
    worth, rigour, relevance = state.scratch[0], state.scratch[1], state.scratch[2]
    for o in range(terms.options):
        worth[o] = 0.0
        rigour[o] = state.merit[o, EMPIRICAL]
        relevance[o] = state.merit[o, EXPERIENTIAL]
        for k in range(4):
            worth[o] += society[k] / total * state.merit[o, k]
    quality = decision.standing_of_choice(worth, choice, terms.options)
    state.totals[counters.T_QUALITY] += terms.importance * quality
    rigorous = decision.standing_of_choice(rigour, choice, terms.options)
    state.totals[counters.T_RIGOUR] += terms.importance * rigorous
    relevant = decision.standing_of_choice(relevance, choice, terms.options)
    state.totals[counters.T_RELEVANCE] += terms.importance * relevant
    for i in range(len(plan.uid)):
        if plan.is_public[i] and state.member[i]:
            public += 1.0
            wished = state.scratch[0]
            for o in range(terms.options):
                wished[o] = 0.0
                for k in range(4):
                    wished[o] += society[k] / total * state.group_view[o, k, plan.constituency[i]]
            represented += decision.standing_of_choice(wished, choice, terms.options)
    if public > 0.0:
        state.totals[counters.T_REPRESENTATION] += terms.importance * (1.0 - represented / public)


@rule
def receive_choice(plan: Plan, state: State, meeting: int, choice: int) -> None:
    """Tally how acceptable the decision is, and how far priorities moved; set members' satisfaction."""
    d = plan.meetings[meeting]
    terms = plan.phases[d.phase]
    options = terms.options
    members = 0.0
    mean = 0.0
    square = 0.0
    hidden = 0.0
    invited = 0.0
    for i in range(len(plan.uid)):
        invited += state.people[i, counters.INVITED]
    if state.totals[counters.T_TURNS] > 0.0:
        invited = invited / state.totals[counters.T_TURNS]
    cost = d.facilitation_heavy_hand * invited * invited
    gained = 0.0
    for i in range(len(plan.uid)):
        gained += state.people[i, counters.UPTAKE]
    count_agreement(plan, state, terms.importance, options)
    count_minds(plan, state, terms.importance, options, choice)
    for i in range(len(plan.uid)):
        if not state.member[i]:
            continue
        members += 1.0
        private = decision.best_of(state.views[i], options)
        if state.vote[i] > 0.0 and decision.best_of(state.ballots[i], options) != private:
            hidden += state.vote[i]
        person = state.people[i]
        close = decision.standing_of_choice(state.views[i], choice, options)
        say = decision.had_say(person[counters.FRANKNESS], person[counters.EXPECTED])
        accepted = decision.acceptance(close, say, d.decision_fair_process, cost)
        mean += accepted
        square += accepted * accepted
        person[counters.ACCEPTANCE] += terms.importance * accepted
        share = person[counters.UPTAKE] / gained if gained > 0.0 else 0.0
        seen = influence.perceived(share, 1.0 / len(plan.uid), unit_interval(close - cost))
        person[counters.PERCEIVED] += terms.importance * seen
        state.satisfaction[i] = 0.5 * state.satisfaction[i] + 0.5 * seen
        told = d.facilitation_feedback * (seen - state.confidence[i])
        if told > 0.0:
            state.confidence[i] += 0.5 * told
    mean = mean / members
    variance = square / members - mean * mean
    state.totals[counters.T_ACCEPT_MEAN] += terms.importance * mean
    state.totals[counters.T_ACCEPT_SD] += terms.importance * math.sqrt(variance if variance > 0.0 else 0.0)
    state.totals[counters.T_FALSE_AGREEMENT] += terms.importance * hidden


@rule
def count_agreement(plan: Plan, state: State, weight: float, options: int) -> None:
    """Tally how far public and professional priorities agree, before and after, and how both moved."""
    judge(plan, state, options)
    before, after = state.scratch[:2], state.scratch[2:]  # of the public members, and of the others
    for side in range(2):
        for o in range(options):
            before[side, o] = 0.0
            after[side, o] = 0.0
    public = 0.0
    staff = 0.0
    for i in range(len(plan.uid)):
        if state.member[i]:
            public += 1.0 if plan.is_public[i] else 0.0
            staff += 0.0 if plan.is_public[i] else 1.0
    if public == 0.0 or staff == 0.0:
        return
    for i in range(len(plan.uid)):
        if state.member[i]:
            side = 0 if plan.is_public[i] else 1
            size = public if plan.is_public[i] else staff
            for o in range(options):
                before[side, o] += state.views_before[i, o] / size
                after[side, o] += state.views[i, o] / size
    state.totals[counters.T_AGREEMENT_BEFORE] += weight * correlation(before[0], before[1], options)
    state.totals[counters.T_AGREEMENT_AFTER] += weight * correlation(after[0], after[1], options)
    for o in range(options):
        for side in range(2):
            moved = apart(after[side, o], before[side, o])
            state.totals[counters.T_MOVED_PUBLIC + side] += weight * moved / options


@rule
def count_minds(plan: Plan, state: State, weight: float, options: int, choice: int) -> None:
    """Tally how members' own views moved: each one's, the group's as a whole, and how far apart they are."""
    judge(plan, state, options)
    members = 0.0
    changed = 0.0
    dissent = 0.0
    moved = 0.0
    for i in range(len(plan.uid)):
        if state.member[i]:
            members += 1.0
            best = decision.best_of(state.views[i], options)
            changed += 1.0 if best != decision.best_of(state.views_before[i], options) else 0.0
            dissent += state.vote[i] if best != choice else 0.0
            for o in range(options):
                moved += apart(state.views[i, o], state.views_before[i, o]) / options
    shift = 0.0
    before = 0.0
    after = 0.0
    for o in range(options):
        mean_before, spread_before = mean_and_spread(state.views_before[:, o], state.member)
        mean_after, spread_after = mean_and_spread(state.views[:, o], state.member)
        shift += apart(mean_before, mean_after) / options
        before += spread_before
        after += spread_after
    state.totals[counters.T_MOVED] += weight * moved / members
    state.totals[counters.T_FIRST_CHANGED] += weight * changed / members
    state.totals[counters.T_SHIFT] += weight * shift
    state.totals[counters.T_CLOSED] += weight * (1.0 - after / before if before > 0.0 else 0.0)
    state.totals[counters.T_DISSENT] += weight * dissent


@rule
def mean_and_spread(values: Floats, counted: Bools) -> tuple[float, float]:
    """Return mean and SD (divisor n) of those counted."""
    count = 0.0
    mean = 0.0
    for i in range(len(values)):
        if counted[i]:
            count += 1.0
            mean += values[i]
    mean = mean / count
    square = 0.0
    for i in range(len(values)):
        if counted[i]:
            square += (values[i] - mean) * (values[i] - mean)
    return mean, math.sqrt(square / count)


@rule
def correlation(x: Floats, y: Floats, count: int) -> float:
    """Return Pearson's correlation of two lists; 1 when either does not vary (nothing to disagree on)."""
    mean_x = 0.0
    mean_y = 0.0
    for o in range(count):
        mean_x += x[o] / count
        mean_y += y[o] / count
    xx = 0.0
    yy = 0.0
    xy = 0.0
    for o in range(count):
        xx += (x[o] - mean_x) * (x[o] - mean_x)
        yy += (y[o] - mean_y) * (y[o] - mean_y)
        xy += (x[o] - mean_x) * (y[o] - mean_y)
    scale = math.sqrt(xx * yy)
    return xy / scale if scale > 0.0 else 1.0
