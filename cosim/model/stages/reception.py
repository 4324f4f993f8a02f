"""A decision is received: what it is worth, how far priorities moved, and what each member makes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cosim.mechanisms import counters, decision, influence
from cosim.mechanisms.arithmetic import apart, unit_interval
from cosim.mechanisms.compiled import rule
from cosim.model.stages.phase import judge, public_and_others
from cosim.model.stages.project import EMPIRICAL, EXPERIENTIAL

if TYPE_CHECKING:
    from cosim.model.state import State
    from cosim.scenario.plan import Bools, Floats, Plan


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
    public, staff = public_and_others(plan, state.member)
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
