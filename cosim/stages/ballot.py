"""A phase ends: ballots, the decision, the lead's part in it, and what each member makes of it."""

from __future__ import annotations

import math
from typing import Any, Final

from cosim.mechanisms import chance, decision, influence, speech, tally
from cosim.mechanisms.arithmetic import apart, unit_interval
from cosim.mechanisms.rule import rule
from cosim.stages import tape
from cosim.stages.meeting import lead_of
from cosim.stages.phase import judge
from cosim.stages.project import LOYALTY, MANDATE, WEIGHS, place_of

BY_BALLOTS: Final = 0
BY_LEADS_BALLOT: Final = 1
BY_LEAD: Final = 2
BEFOREHAND: Final = 3
"""How a decision came about: by ballots, by the lead's ballot, by the lead's override, or settled before."""

PROMISE: Final = (0.0, 0.02, 0.1, 0.8, 1.0)
"""Public influence parity that each level promises at the least: an assumption, stated with the outcome."""


def settle_ballots(
    plan: Any, state: Any, meeting: int, level: int, luck: tuple[int, int]
) -> tuple[int, bool]:
    """Cast the ballots as things stand; return the option chosen and whether the rule reached a decision.

    `luck` is (seed, replicate).  Leaves judgements in `state.views`, ballots in `state.ballots` and their
    composition in `state.mix`.
    """
    d = plan.meetings[meeting]
    terms = plan.phases[d.phase]
    lead = lead_of(plan, state.member, level)
    safe = speech.safety(d.speech_safety, d.facilitation_ground_rules)
    secret = d.decision_secret_ballot
    for i in range(len(plan.uid)):
        gap = 0.0
        if lead >= 0 and lead != i and state.standing[lead] > state.standing[i]:
            gap = state.standing[lead] - state.standing[i]
        frank = speech.candour(gap, state.confidence[i], d.speech_smothering, safe, state.traits[i, LOYALTY])
        state.scratch[0, i] = frank + (1.0 - frank) * secret
        for o in range(terms.options):
            state.views[i, o] = mandated_view(plan, state, i, o)
        word = chance.draws(luck[0], luck[1], chance.VOTING, meeting, place_of(plan.uid[i], 0))[0]
        state.scratch[1, i] = chance.uniform(word)
    decision.voting_order(state.standing, state.scratch[1], state.order)
    views = state.views[:, : terms.options]
    ballots = state.ballots[:, : terms.options]
    herding = d.decision_herding * (1.0 - secret)
    decision.cast(views, state.vote, state.scratch[0], state.order, (herding, lead), state.mix, ballots)
    limits = (terms.quorum, d.decision_approval_margin, lead)
    choice, reached = decision.outcome(
        terms.rule, ballots, state.vote, limits, state.scratch[1], state.scratch[2]
    )
    return choice, reached


@rule
def mandated_view(plan: Any, state: Any, i: int, option: int) -> float:
    """Return a member's judgement of an option: own beliefs and, as far as mandated, their people's."""
    mandate = state.traits[i, MANDATE]
    total = 0.0
    for k in range(4):
        theirs = state.group_view[option, k, plan.constituency[i]]
        total += state.traits[i, WEIGHS + k] * speech.voiced(
            state.belief[option, k, i], theirs, 0.0, mandate, 1.0
        )
    return total


def end_phase(
    plan: Any, state: Any, meeting: int, level: int, reached_early: bool, luck: tuple[int, int]
) -> int:
    """Decide, let the lead override, account for influence, and return the option chosen.

    `meeting` is the last one held; `luck` is (seed, replicate).
    """
    d = plan.meetings[meeting]
    terms = plan.phases[d.phase]
    weight = terms.importance
    words = chance.draws(luck[0], luck[1], chance.OVERRIDE, d.phase, 0)
    choice, reached = settle_ballots(plan, state, meeting, level, luck)
    lead = lead_of(plan, state.member, level)
    how = BY_LEADS_BALLOT if terms.rule == decision.LEAD_DECIDES and lead >= 0 else BY_BALLOTS
    overriding = decision.override_chance(
        d.accountability_form,
        d.accountability_pressure,
        d.accountability_explain_cost,
        terms.delegated == 1,
        d.accountability_delegation,
    )
    if lead >= 0:
        own = decision.best_of(state.views[lead], terms.options)
        opposed = state.views[lead, own] - state.views[lead, choice] > d.accountability_tolerance
        if opposed and chance.uniform(words[0]) < overriding:
            choice = own
            how = BY_LEAD
            state.totals[tally.T_OVERRIDDEN] += weight
        if chance.uniform(words[2]) >= d.system_plan_flexibility:
            choice = decision.best_of(state.views_before[lead], terms.options)
            how = BEFOREHAND
            state.totals[tally.T_SETTLED] += weight
    spread_influence(plan, state, d.phase, how, lead)
    state.totals[tally.T_UNDECIDED] += 0.0 if reached else weight
    state.totals[tally.T_CONSENSUS] += weight if reached_early else 0.0
    state.totals[tally.T_ENACTED] += weight * level
    if chance.uniform(words[1]) < d.system_implementation:
        state.totals[tally.T_CARRIED_OUT] += weight
    value_choice(plan, state, meeting, choice)
    receive_choice(plan, state, meeting, choice)
    for k in range(4):
        state.path[k] = state.merit[choice, k]
    return choice


@rule
def spread_influence(plan: Any, state: Any, phase: int, how: int, lead: int) -> None:
    """Add the decision's weights on the sources to the tally, given how it was decided."""
    count = len(plan.uid)
    terms = plan.phases[phase]
    shares = state.scratch[3]
    for m in range(count):
        shares[m] = 0.0
        if how == BY_BALLOTS:
            for i in range(count):
                shares[m] += state.vote[i] * state.mix[i, m]
        elif how == BY_LEADS_BALLOT:
            shares[m] = state.mix[lead, m]
        elif m == lead:
            shares[m] = 1.0
    if how == BEFOREHAND:
        for s in range(2 * count):
            state.sources[s] = 0.0
        state.sources[lead] = 1.0
    else:
        find_sources(plan, state, terms.options, shares)
    public = 0.0
    seats = 0.0
    members = 0.0
    for i in range(count):
        state.people[i, tally.OWN] += terms.importance * state.sources[i]
        state.people[i, tally.CARRIED] += terms.importance * state.sources[count + i]
        state.people[i, tally.VOTE] += terms.importance * shares[i]
        members += 1.0 if state.member[i] else 0.0
        if plan.is_public[i]:
            public += state.sources[i] + state.sources[count + i]
            seats += 1.0 if state.member[i] else 0.0
    if seats > 0.0:
        short = PROMISE[terms.declared] - public * members / seats
        state.totals[tally.T_PROMISE_GAP] += terms.importance * (short if short > 0.0 else 0.0)
    score = 0.0
    views = state.views_before if how == BEFOREHAND else state.views
    for o in range(terms.options):
        for m in range(count):
            score += shares[m] * views[m, o] / terms.options
    state.totals[tally.T_SCORE] += terms.importance * score


@rule
def find_sources(plan: Any, state: Any, options: int, shares: Any) -> None:
    """Fill `state.sources` (2N,) with the weights of a decision, averaged over options, on its sources.

    `shares` (N,) is the weight of each member's judgement in it, ballots' mixing included; sums to 1.
    """
    count = len(plan.uid)
    for s in range(2 * count):
        state.sources[s] = 0.0
    for m in range(count):
        mandate = state.traits[m, MANDATE]
        state.sources[count + m] += shares[m] * mandate
        for o in range(options):
            for k in range(4):
                part = shares[m] * state.traits[m, WEIGHS + k] / options
                state.credit[o, k, m] = part * (1.0 - mandate)
    tape.play_back(state, options, state.sources)


@rule
def value_choice(plan: Any, state: Any, meeting: int, choice: int) -> None:
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
    for o in range(terms.options):
        state.scratch[0, o] = 0.0
        state.scratch[1, o] = state.merit[o, 0]
        state.scratch[2, o] = state.merit[o, 1]
        for k in range(4):
            state.scratch[0, o] += society[k] / total * state.merit[o, k]
    state.totals[tally.T_QUALITY] += terms.importance * decision.standing_of_choice(
        state.scratch[0], choice, terms.options
    )
    state.totals[tally.T_RIGOUR] += terms.importance * decision.standing_of_choice(
        state.scratch[1], choice, terms.options
    )
    state.totals[tally.T_RELEVANCE] += terms.importance * decision.standing_of_choice(
        state.scratch[2], choice, terms.options
    )
    for i in range(len(plan.uid)):
        if plan.is_public[i] and state.member[i]:
            public += 1.0
            for o in range(terms.options):
                state.scratch[0, o] = 0.0
                for k in range(4):
                    state.scratch[0, o] += society[k] / total * state.group_view[o, k, plan.constituency[i]]
            represented += decision.standing_of_choice(state.scratch[0], choice, terms.options)
    if public > 0.0:
        state.totals[tally.T_REPRESENTATION] += terms.importance * (1.0 - represented / public)
        state.totals[tally.T_POSITION_ERROR] += terms.importance * position_error(
            plan, state, terms.options, public
        )


@rule
def position_error(plan: Any, state: Any, options: int, public: float) -> float:
    """Return the mean distance of the public members' first position from their constituencies' view."""
    total = 0.0
    for o in range(options):
        for k in range(4):
            error = 0.0
            for i in range(len(plan.uid)):
                if plan.is_public[i] and state.member[i]:
                    mandate = state.traits[i, MANDATE]
                    theirs = state.group_view[o, k, plan.constituency[i]]
                    error += (1.0 - mandate) * (state.initial[o, k, i] - theirs) / public
            total += apart(error, 0.0)
    return total / (4.0 * options)


@rule
def receive_choice(plan: Any, state: Any, meeting: int, choice: int) -> None:
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
        invited += state.people[i, tally.INVITED]
    if state.totals[tally.T_TURNS] > 0.0:
        invited = invited / state.totals[tally.T_TURNS]
    cost = d.facilitation_heavy_hand * invited * invited
    gained = 0.0
    for i in range(len(plan.uid)):
        gained += state.people[i, tally.UPTAKE]
    count_agreement(plan, state, terms.importance, options)
    judge(plan, state, options)
    for i in range(len(plan.uid)):
        if not state.member[i]:
            continue
        members += 1.0
        private = decision.best_of(state.views[i], options)
        if state.vote[i] > 0.0 and decision.best_of(state.ballots[i], options) != private:
            hidden += state.vote[i]
        person = state.people[i]
        close = decision.standing_of_choice(state.views[i], choice, options)
        say = decision.had_say(person[tally.FRANKNESS], person[tally.EXPECTED])
        accepted = decision.acceptance(close, say, d.decision_fair_process, cost)
        mean += accepted
        square += accepted * accepted
        person[tally.ACCEPTANCE] += terms.importance * accepted
        share = person[tally.UPTAKE] / gained if gained > 0.0 else 0.0
        seen = influence.perceived(share, 1.0 / len(plan.uid), unit_interval(close - cost))
        person[tally.PERCEIVED] += terms.importance * seen
        state.satisfaction[i] = 0.5 * state.satisfaction[i] + 0.5 * seen
        told = d.facilitation_feedback * (seen - state.confidence[i])
        if told > 0.0:
            state.confidence[i] += 0.5 * told
    mean = mean / members
    variance = square / members - mean * mean
    state.totals[tally.T_ACCEPT_MEAN] += terms.importance * mean
    state.totals[tally.T_ACCEPT_SD] += terms.importance * math.sqrt(variance if variance > 0.0 else 0.0)
    state.totals[tally.T_FALSE_AGREEMENT] += terms.importance * hidden


@rule
def count_agreement(plan: Any, state: Any, weight: float, options: int) -> None:
    """Tally how far public and professional priorities agree, before and after, and how both moved."""
    judge(plan, state, options)
    for row in range(4):
        for o in range(options):
            state.scratch[row, o] = 0.0
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
                state.scratch[side, o] += state.views_before[i, o] / size
                state.scratch[side + 2, o] += state.views[i, o] / size
    state.totals[tally.T_AGREEMENT_BEFORE] += weight * correlation(
        state.scratch[0], state.scratch[1], options
    )
    state.totals[tally.T_AGREEMENT_AFTER] += weight * correlation(state.scratch[2], state.scratch[3], options)
    for o in range(options):
        for side in range(2):
            moved = apart(state.scratch[side + 2, o], state.scratch[side, o])
            state.totals[tally.T_MOVED_PUBLIC + side] += weight * moved / options


@rule
def correlation(x: Any, y: Any, count: int) -> float:
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
