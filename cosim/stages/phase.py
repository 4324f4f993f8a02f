"""A phase begins: options, what constituencies and members believe of them, and reports from outside."""

from __future__ import annotations

from typing import Any

from cosim.mechanisms import chance, decision, speech, uptake
from cosim.mechanisms.arithmetic import unit_interval
from cosim.mechanisms.rule import rule
from cosim.stages import tape
from cosim.stages.project import (
    ATTENDANCE,
    EXPERIENTIAL,
    KNOWS,
    MANDATE,
    OPENNESS,
    WEIGHS,
    correlated,
    place_of,
    take_traits,
)


def begin_phase(plan: Any, state: Any, variation: Any, phase: int, seed: int, replicate: int) -> int:
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
    level = enacted_level(plan, state, phase, seed, replicate)
    decision.votes(level, plan.is_public, state.member, state.vote)
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
def draw_options(plan: Any, state: Any, phase: int, seed: int, replicate: int) -> None:
    """Draw the options' merits (correlated over kinds) and what each mostly turns on.

    An option takes after what was chosen before on the kinds that it turns on, so that an earlier choice
    favours some of the later options over others.
    """
    terms = plan.phases[phase]
    d = plan.meetings[terms.start]
    path = d.knowledge_path_dependence if phase > 0 else 0.0
    for o in range(terms.options):
        words = chance.draws(seed, replicate, chance.MERIT, phase, o)
        shared = chance.interpolated(
            plan.normal, chance.draws(seed, replicate, chance.COMMON_MERIT, phase, o)[0]
        )
        luck = chance.draws(seed, replicate, chance.TECHNICALITY, phase, o)
        total = 0.0
        for k in range(4):
            u = chance.uniform(luck[k])
            state.technicality[o, k] = u * u * u * u
            total += state.technicality[o, k]
        for k in range(4):
            share = state.technicality[o, k] / total
            state.technicality[o, k] = (
                1.0 - d.knowledge_technicality
            ) * 0.25 + d.knowledge_technicality * share
            z = correlated(shared, chance.interpolated(plan.normal, words[k]), d.knowledge_merit_correlation)
            merit = unit_interval(0.5 + d.knowledge_merit_spread * z)
            taken = unit_interval(4.0 * path * state.technicality[o, k])
            state.merit[o, k] = (1.0 - taken) * merit + taken * state.path[k]


@rule
def draw_constituencies(plan: Any, state: Any, variation: Any, phase: int, seed: int, replicate: int) -> None:
    """Draw what each constituency believes: the merit, a shared error and the colour of its interests."""
    terms = plan.phases[phase]
    d = plan.meetings[terms.start]
    for c in range(len(plan.constituency_uid)):
        again = variation.redraw_constituency[c]
        error = chance.CONSTITUENCY_AGAIN if again else chance.CONSTITUENCY
        interest = chance.INTEREST_AGAIN if again else chance.INTEREST
        for o in range(terms.options):
            place = place_of(plan.constituency_uid[c], o)
            words = chance.draws(seed, replicate, error, phase, place)
            lean = chance.interpolated(plan.normal, chance.draws(seed, replicate, interest, phase, place)[0])
            for k in range(4):
                z = chance.interpolated(plan.normal, words[k])
                seen = state.merit[o, k] + d.knowledge_constituency_noise * z + d.knowledge_interests * lean
                state.group_view[o, k, c] = unit_interval(seen) + variation.nudge_constituency[c]


@rule
def draw_beliefs(plan: Any, state: Any, variation: Any, phase: int, seed: int, replicate: int) -> None:
    """Draw what members believe: their constituency's view and their own deviation, less for the expert."""
    terms = plan.phases[phase]
    d = plan.meetings[terms.start]
    for i in range(len(plan.uid)):
        stream = chance.BELIEF_AGAIN if variation.redraw[i] else chance.BELIEF
        c = plan.constituency[i]
        for o in range(terms.options):
            words = chance.draws(seed, replicate, stream, phase, place_of(plan.uid[i], o))
            for k in range(4):
                z = chance.interpolated(plan.normal, words[k])
                doubt = d.knowledge_belief_noise * (1.0 - state.traits[i, KNOWS + k])
                view = state.group_view[o, k, c] - variation.nudge_constituency[c]
                state.belief[o, k, i] = unit_interval(view + doubt * z) + variation.nudge[i]
                state.initial[o, k, i] = state.belief[o, k, i]
                state.known[o, k, i] = 0.0


@rule
def enacted_level(plan: Any, state: Any, phase: int, seed: int, replicate: int) -> int:
    """Return the level enacted: under pressure a phase may slip to the level below the one agreed."""
    terms = plan.phases[phase]
    level = terms.level
    word = chance.draws(seed, replicate, chance.OVERRIDE, phase, 0)[3]
    if level > 0 and chance.uniform(word) < plan.meetings[terms.start].system_drift:
        slipped = level - 1
        for i in range(len(plan.uid)):
            if state.member[i] and decision.has_vote(slipped, plan.is_public[i]):
                return int(slipped)
    return int(level)


@rule
def judge(plan: Any, state: Any, options: int) -> None:
    """Set every member's judgement of every option from their own beliefs."""
    for i in range(len(plan.uid)):
        weighs = state.traits[i, WEIGHS : WEIGHS + 4]
        for o in range(options):
            state.views[i, o] = decision.judgement(state.belief[o, :, i], weighs)


@rule
def report(plan: Any, state: Any, phase: int, reach: float, wider: bool) -> None:
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
            said = compose_report(plan, state, o, k, wider, public)
            row, room = tape.record(state, (tape.REPORT, o, k, -1, -1), 3, (0.0, 0.0))
            for j in range(count):
                share = 0.0
                if state.member[j] and not plan.is_public[j]:
                    share = share_of_report(d, plan, state, (o, k, j), (said, attention, public))
                    state.belief[o, k, j] = uptake.moved(state.belief[o, k, j], said, 0.0, share, 0.0)
                if room:
                    speaks = plan.is_public[j] and state.member[j]
                    mandate = 1.0 if wider else state.traits[j, MANDATE]
                    state.tape_rows[row, j] = share
                    state.tape_rows[row + 1, j] = (1.0 - mandate) / public if speaks else 0.0
                    state.tape_rows[row + 2, j] = mandate / public if speaks else 0.0


@rule
def share_of_report(
    d: Any, plan: Any, state: Any, place: tuple[int, int, int], report: tuple[float, float, float]
) -> float:
    """Return the share of the distance by which a reader moves toward a report.

    `place` is (option, kind of knowledge, reader), `report` (what it says, share of a hearing, number of
    public members); it is found as credible as the public members are.
    """
    o, k, j = place
    said, attention, public = report
    seen = 0.0
    for i in range(len(plan.uid)):
        if plan.is_public[i] and state.member[i]:
            seen += state.credibility[i, k, j] / public
    convincing = uptake.convincing(
        seen, said, state.belief[o, k, j], state.merit[o, k], d.uptake_demonstrability
    )
    weight = uptake.pull(state.traits[j, OPENNESS], convincing, 1.0, attention)
    return unit_interval(d.uptake_rate * d.uptake_report * weight)


@rule
def compose_report(plan: Any, state: Any, option: int, kind: int, wider: bool, public: float) -> float:
    """Return what a report says of an option: the mean of what the public members would voice."""
    said = 0.0
    for i in range(len(plan.uid)):
        if plan.is_public[i] and state.member[i]:
            mandate = 1.0 if wider else state.traits[i, MANDATE]
            view = state.group_view[option, kind, plan.constituency[i]]
            said += speech.voiced(state.belief[option, kind, i], view, 0.0, mandate, 1.0) / public
    return said


def late_evidence(plan: Any, state: Any, phase: int, meeting: int) -> None:
    """Let researchers bring new evidence to a phase's last meeting: their empirical beliefs near the truth.

    What they learn outside counts as their own initial view from here on.
    """
    strength = plan.meetings[meeting].system_late_evidence
    if strength <= 0.0:
        return
    for o in range(plan.phases[phase].options):
        row, room = tape.record(state, (tape.EVIDENCE, o, 0, -1, -1), 1, (0.0, 0.0))
        truth = state.merit[o, 0]
        for i in range(len(plan.uid)):
            learns = plan.role[i] == 0 and state.member[i]
            if learns:
                state.initial[o, 0, i] = uptake.moved(state.initial[o, 0, i], truth, 0.0, strength, 0.0)
                state.belief[o, 0, i] = uptake.moved(state.belief[o, 0, i], truth, 0.0, strength, 0.0)
            if room:
                state.tape_rows[row, i] = strength if learns else 0.0
