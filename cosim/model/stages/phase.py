"""A phase begins: options, what constituencies and members believe of them, and reports from outside."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cosim.mechanisms import counters, decision, options, random_streams, stance, uptake
from cosim.mechanisms.arithmetic import apart, unit_interval
from cosim.mechanisms.compiled import rule
from cosim.model.stages import tape
from cosim.model.stages.project import (
    ATTENDANCE,
    EMPIRICAL,
    EXPERIENTIAL,
    KNOWS,
    MANDATE,
    OPENNESS,
    RESEARCHER,
    WEIGHS,
    correlated,
    place_of,
    take_traits,
)
from cosim.model.state import ARGUED, OTHERS, SHARES

if TYPE_CHECKING:
    from cosim.model.state import State
    from cosim.scenario.plan import Bools, Plan, Terms, Variation


def begin_phase(plan: Plan, state: State, variation: Variation, phase: int, seed: int, replicate: int) -> int:
    """Set up a phase and return the involvement level that is enacted in it."""
    terms = plan.phases[phase]
    d = plan.meetings[terms.start]
    for i in range(len(plan.uid)):
        state.member[i] = plan.joins[i] <= terms.code and plan.leaves[i] >= terms.code
    take_traits(plan, state, terms.start)
    tape.rewind(state)
    draw_options(plan, state, phase, seed, replicate)
    draw_constituencies(plan, state, variation, phase, seed, replicate)
    draw_beliefs(plan, state, variation, phase, seed, replicate)
    note_first_positions(plan, state, phase)
    level = enacted_level(plan, state, phase, seed, replicate)
    decision.votes(level, plan.is_public, state.member, state.member, 1.0, state.vote)
    judge(plan, state, terms.options)
    for i in range(len(plan.uid)):
        for o in range(terms.options):
            state.views_before[i, o] = state.views[i, o]
    if level == decision.CONSULT:
        report(plan, state, phase, 1.0, False)
    if d.facilitation_consultation > 0.0 and level != decision.INFORM:
        report(plan, state, phase, d.facilitation_consultation, True)
    return int(level)


@rule
def draw_options(plan: Plan, state: State, phase: int, seed: int, replicate: int) -> None:
    """Draw the options' merits (correlated over kinds), what each mostly turns on, and the received view.

    Some of a later phase's options exist only because of what was chosen before: another choice would have
    opened other ones in their place on the list.
    """
    terms = plan.phases[phase]
    d = plan.meetings[terms.start]
    for o in range(terms.options):
        hangs = random_streams.draws(seed, replicate, random_streams.COMMON_MERIT, phase, o)[1]
        opened = phase > 0 and random_streams.uniform(hangs) < d.knowledge_opens
        at = options.place_drawn(o, int(state.chosen_at[0]), opened)
        state.drawn_at[o] = at
        state.tabled[o] = False
        words = random_streams.draws(seed, replicate, random_streams.MERIT, phase, at)
        shared = random_streams.interpolated(
            plan.normal, random_streams.draws(seed, replicate, random_streams.COMMON_MERIT, phase, at)[0]
        )
        technical = random_streams.draws(seed, replicate, random_streams.TECHNICALITY, phase, at)
        common = random_streams.draws(seed, replicate, random_streams.RECEIVED, phase, at)
        total = 0.0
        for k in range(4):
            u = random_streams.uniform(technical[k])
            state.technicality[o, k] = u * u * u * u
            total += state.technicality[o, k]
        for k in range(4):
            share = state.technicality[o, k] / total
            state.technicality[o, k] = (
                1.0 - d.knowledge_technicality
            ) * 0.25 + d.knowledge_technicality * share
            z = correlated(
                shared, random_streams.interpolated(plan.normal, words[k]), d.knowledge_merit_correlation
            )
            state.merit[o, k] = unit_interval(0.5 + d.knowledge_merit_spread * z)
            error = d.knowledge_received_error * random_streams.interpolated(plan.normal, common[k])
            state.received[o, k] = state.merit[o, k] + error


@rule
def draw_constituencies(
    plan: Plan, state: State, variation: Variation, phase: int, seed: int, replicate: int
) -> None:
    """Draw what each constituency believes: the received view, and the colour of its interests."""
    terms = plan.phases[phase]
    d = plan.meetings[terms.start]
    for c in range(len(plan.constituency_uid)):
        interest = (
            random_streams.INTEREST_AGAIN if variation.redraw_constituency[c] else random_streams.INTEREST
        )
        for o in range(terms.options):
            place = place_of(plan.constituency_uid[c], o)
            lean = random_streams.interpolated(
                plan.normal, random_streams.draws(seed, replicate, interest, phase, place)[0]
            )
            for k in range(4):
                seen = state.received[o, k] + d.knowledge_interests * lean
                state.group_view[o, k, c] = unit_interval(seen) + variation.nudge_constituency[c]


@rule
def draw_beliefs(
    plan: Plan, state: State, variation: Variation, phase: int, seed: int, replicate: int
) -> None:
    """Draw which arguments there are, who holds them, and what members come with.

    Who knows a kind of knowledge sees the merit, who does not the received view.  On top come their
    constituency's interests and a deviation of their own, and arguments that they hold have moved them
    already. As far as they have a mandate they come with their constituency's view instead.
    """
    terms = plan.phases[phase]
    for o in range(terms.options):
        words = random_streams.draws(seed, replicate, random_streams.POLE, phase, int(state.drawn_at[o]))
        for k in range(4):
            state.pole[o, k] = 1.0 if random_streams.uniform(words[k]) < state.merit[o, k] else 0.0
            state.said[o, k] = -1
    for i in range(len(plan.uid)):
        state.mandate_first[i] = state.traits[i, MANDATE]
        stream = random_streams.LEANING_AGAIN if variation.redraw[i] else random_streams.LEANING
        four = (0, 0, 0, 0)
        for o in range(terms.options):
            if o % 4 == 0:
                four = random_streams.draws(seed, replicate, stream, phase, place_of(plan.uid[i], o // 4))
            state.shown[o, i] = 0.0
            leaning = random_streams.interpolated(plan.normal, lane_of(four, o % 4))
            draw_member_on(plan, state, variation, phase, i, o, leaning, seed, replicate)


@rule
def draw_member_on(
    plan: Plan,
    state: State,
    variation: Variation,
    phase: int,
    i: int,
    o: int,
    leaning: float,
    seed: int,
    replicate: int,
) -> None:
    """Draw what member `i` thinks of option `o`.

    `leaning` is what the member's deviations on it have in common over the kinds, standard normal.
    """
    d = plan.meetings[plan.phases[phase].start]
    again = variation.redraw[i]
    at = place_of(plan.uid[i], o)
    own = random_streams.draws(
        seed, replicate, random_streams.BELIEF_AGAIN if again else random_streams.BELIEF, phase, at
    )
    holds = random_streams.draws(
        seed, replicate, random_streams.HOLDS_AGAIN if again else random_streams.HOLDS, phase, at
    )
    common, single = math.sqrt(d.knowledge_merit_correlation), math.sqrt(1.0 - d.knowledge_merit_correlation)
    c = plan.constituency[i]
    mandate = state.mandate_first[i]
    before = uptake.argued(0.5 * state.traits[i, OPENNESS], d.arguments_step)
    for k in range(4):
        knows = state.traits[i, KNOWS + k]
        error = state.received[o, k] - state.merit[o, k]
        z = common * leaning + single * random_streams.interpolated(plan.normal, own[k])
        state.deviation[o, k, i] = d.knowledge_belief_noise * z
        theirs = state.group_view[o, k, c] - variation.nudge_constituency[c]
        mind = unit_interval(theirs - knows * error + state.deviation[o, k, i])
        state.met[o, k, i] = random_streams.uniform(holds[k]) < d.arguments_held * knows * knows
        moved = before if state.met[o, k, i] else 0.0
        mind = uptake.moved(mind, state.pole[o, k], 0.0, moved, 0.0) + variation.nudge[i]
        base = mandate * state.group_view[o, k, c] + (1.0 - mandate) * mind
        state.belief[o, k, i] = base
        state.initial[o, k, i] = base
        state.own_part[o, k, i] = (1.0 - mandate) * (1.0 - moved)
        state.known[o, k, i] = 0.0
        state.credited[o, k, i] = 0.0
        state.begun[o, k, i] = False


def reflect(plan: Plan, state: State, meeting: int, minutes: float, seed: int, replicate: int) -> None:
    """Let members think by themselves: part of their own deviation is drawn again, and their beliefs with it.

    The deviation keeps its spread (a stationary autoregression).  Between two meetings lies a day or more;
    after a phase's last meeting only the time that it took counts, 90 minutes as a third of a day.
    """
    d = plan.meetings[meeting]
    days = 1.0
    if d.last:
        days = minutes / 270.0 if minutes < 270.0 else 1.0
    share = d.uptake_reflection * days
    if share <= 0.0:
        return
    fresh = math.sqrt(1.0 - (1.0 - share) * (1.0 - share)) * d.knowledge_belief_noise
    common, single = math.sqrt(d.knowledge_merit_correlation), math.sqrt(1.0 - d.knowledge_merit_correlation)
    for i in range(len(plan.uid)):
        four = (0, 0, 0, 0)
        for o in range(plan.phases[d.phase].options):
            at = place_of(plan.uid[i], o)
            own = random_streams.draws(seed, replicate, random_streams.REFLECTION, meeting, at)
            if o % 4 == 0:
                at = place_of(plan.uid[i], o // 4)
                four = random_streams.draws(seed, replicate, random_streams.REFLECTION_LEANING, meeting, at)
            leaning = random_streams.interpolated(plan.normal, lane_of(four, o % 4))
            for k in range(4):
                z = common * leaning + single * random_streams.interpolated(plan.normal, own[k])
                change = fresh * z - share * state.deviation[o, k, i]
                state.deviation[o, k, i] += change
                moved = state.own_part[o, k, i] * change
                state.belief[o, k, i] = unit_interval(state.belief[o, k, i] + moved)
                state.initial[o, k, i] = unit_interval(state.initial[o, k, i] + moved)


@rule
def lane_of(words: tuple[int, int, int, int], lane: int) -> int:
    """Return one of the four words of a draw."""
    if lane < 2:
        return words[1] if lane == 1 else words[0]
    return words[3] if lane == 3 else words[2]


@rule
def view_of(plan: Plan, state: State, i: int, option: int, latitude: float) -> float:
    """Return what a member would show of an option unbent: own view and, as far as bound, their people's."""
    c = plan.constituency[i]
    bound = stance.bound(state.traits[i, MANDATE], latitude)
    own = 0.0
    theirs = 0.0
    for k in range(4):
        own += state.traits[i, WEIGHS + k] * state.belief[option, k, i]
        theirs += state.traits[i, WEIGHS + k] * state.group_view[option, k, c]
    return (1.0 - bound) * own + bound * theirs


@rule
def note_first_positions(plan: Plan, state: State, phase: int) -> None:
    """Tally how far what the public members come with is, on average, from their constituencies' view."""
    terms = plan.phases[phase]
    public = 0.0
    for i in range(len(plan.uid)):
        public += 1.0 if plan.is_public[i] and state.member[i] else 0.0
    if public == 0.0:
        return
    total = 0.0
    for o in range(terms.options):
        for k in range(4):
            error = 0.0
            for i in range(len(plan.uid)):
                if plan.is_public[i] and state.member[i]:
                    theirs = state.group_view[o, k, plan.constituency[i]]
                    error += (state.belief[o, k, i] - theirs) / public
            total += apart(error, 0.0)
    state.totals[counters.T_POSITION_ERROR] += terms.importance * total / (4.0 * terms.options)


@rule
def enacted_level(plan: Plan, state: State, phase: int, seed: int, replicate: int) -> int:
    """Return the level enacted: under pressure a phase may slip to the level below the one agreed."""
    terms = plan.phases[phase]
    level = terms.level
    word = random_streams.draws(seed, replicate, random_streams.OVERRIDE, phase, 0)[3]
    if level > 0 and random_streams.uniform(word) < plan.meetings[terms.start].system_drift:
        slipped = level - 1
        for i in range(len(plan.uid)):
            if state.member[i] and decision.has_vote(slipped, plan.is_public[i]):
                return int(slipped)
    return int(level)


@rule
def public_and_others(plan: Plan, here: Bools) -> tuple[float, float]:
    """Return how many of those who are `here` (N,) are public members, and how many are not."""
    public = 0.0
    others = 0.0
    for i in range(len(here)):
        if here[i] and plan.is_public[i]:
            public += 1.0
        elif here[i]:
            others += 1.0
    return public, others


@rule
def judge(plan: Plan, state: State, options: int) -> None:
    """Set every member's judgement of every option from their own beliefs."""
    for i in range(len(plan.uid)):
        weighs = state.traits[i, WEIGHS : WEIGHS + 4]
        for o in range(options):
            state.views[i, o] = decision.judgement(state.belief[o, :, i], weighs)


@rule
def report(plan: Plan, state: State, phase: int, reach: float, wider: bool) -> None:
    """Let professionals read a report of the public's views, once, at the start of a phase.

    A consultation of the public members carries what they would voice, and gets the share of attention that
    the seats of those who would come have (an assumption); a `wider` one carries their constituencies'
    views, whoever sits at the table.
    """
    count = len(plan.uid)
    terms = plan.phases[phase]
    d = plan.meetings[terms.start]
    public = 0.0
    coming = 0.0
    members = 0.0
    for i in range(count):
        if state.member[i]:
            members += 1.0
            if plan.is_public[i]:
                public += 1.0
                coming += state.traits[i, ATTENDANCE]
    if public == 0.0:
        return
    attention = reach if wider else reach * coming / members
    for o in range(terms.options):
        for k in range(4):
            if wider and k != EXPERIENTIAL:
                continue
            said = compose_report(plan, state, d, o, k, wider, public)
            event = tape.Event(tape.REPORT, o, k, -1, -1)
            at, room = tape.record(state, event, shares=True, argued=True, others=True, back=False)
            for j in range(count):
                share = 0.0
                if state.member[j] and not plan.is_public[j]:
                    share = share_of_report(plan, state, phase, o, k, j, said, attention, public)
                    state.belief[o, k, j] = uptake.moved(state.belief[o, k, j], said, 0.0, share, 0.0)
                    state.own_part[o, k, j] *= 1.0 - share
                if room:
                    speaks = plan.is_public[j] and state.member[j]
                    bound = 1.0 if wider else stance.bound(state.traits[j, MANDATE], d.stance_latitude)
                    rows = state.tape_events[at]
                    state.tape_rows[rows[SHARES], j] = share
                    state.tape_rows[rows[ARGUED], j] = (1.0 - bound) / public if speaks else 0.0
                    state.tape_rows[rows[OTHERS], j] = bound / public if speaks else 0.0


@rule
def share_of_report(
    plan: Plan,
    state: State,
    phase: int,
    o: int,
    k: int,
    j: int,
    said: float,
    attention: float,
    public: float,
) -> float:
    """Return the share of the distance by which reader `j` moves toward a report on option `o`, kind `k`.

    It says `said` and gets the share `attention` of a hearing; it is found as credible as the public members,
    of whom there are `public`.
    """
    terms = plan.phases[phase]
    d = plan.meetings[terms.start]
    seen = 0.0
    for i in range(len(plan.uid)):
        if plan.is_public[i] and state.member[i]:
            seen += state.credibility[i, k, j] / public
    convincing = uptake.convincing(
        seen, said, state.belief[o, k, j], state.merit[o, k], terms.demonstrability
    )
    weight = uptake.pull(state.traits[j, OPENNESS], convincing, 1.0, attention)
    return unit_interval(d.uptake_rate * d.uptake_report * weight)


@rule
def compose_report(
    plan: Plan, state: State, d: Terms, option: int, kind: int, wider: bool, public: float
) -> float:
    """Return what a report says of an option: the mean of what the public members would voice."""
    said = 0.0
    for i in range(len(plan.uid)):
        if plan.is_public[i] and state.member[i]:
            bound = 1.0 if wider else stance.bound(state.traits[i, MANDATE], d.stance_latitude)
            view = state.group_view[option, kind, plan.constituency[i]]
            said += ((1.0 - bound) * state.belief[option, kind, i] + bound * view) / public
    return said


def late_evidence(plan: Plan, state: State, phase: int, meeting: int) -> None:
    """Let researchers bring new evidence to a phase's last meeting: their empirical beliefs near the truth.

    What they learn comes from outside, and is where they stand from here on.
    """
    strength = plan.meetings[meeting].system_late_evidence
    if strength <= 0.0:
        return
    for o in range(plan.phases[phase].options):
        event = tape.Event(tape.EVIDENCE, o, EMPIRICAL, -1, -1)
        at, room = tape.record(state, event, shares=True, argued=False, others=False, back=False)
        truth = state.merit[o, EMPIRICAL]
        for i in range(len(plan.uid)):
            learns = plan.role[i] == RESEARCHER and state.member[i]
            if learns:
                initial, belief = state.initial[o, EMPIRICAL], state.belief[o, EMPIRICAL]
                initial[i] = uptake.moved(initial[i], truth, 0.0, strength, 0.0)
                belief[i] = uptake.moved(belief[i], truth, 0.0, strength, 0.0)
                state.own_part[o, EMPIRICAL, i] *= 1.0 - strength
            if room:
                state.tape_rows[state.tape_events[at, SHARES], i] = strength if learns else 0.0
