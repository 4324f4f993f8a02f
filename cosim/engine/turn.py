"""A turn, told as loops over the members instead of as agents: who gets it, what is said, who takes it up.

The readable twin is `cosim.model.agents`; both say the same mechanisms in the same order, to the last bit.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cosim.engine.vectorised import (
    be_argued,
    choose,
    copy,
    get_to_know,
    have_stakes,
    hold_back,
    known_others,
    move,
    pull_on,
    shares_of,
    step_toward,
    sum_of,
    sum_of_products,
    sums_of,
    wear_off,
    weigh_claims,
)
from cosim.mechanisms import (
    comprehension,
    counters,
    decision,
    facilitation,
    learning,
    random_streams,
    speech,
    stance,
    turn_taking,
    uptake,
)
from cosim.mechanisms.arithmetic import apart
from cosim.mechanisms.compiled import rule, turn_rule
from cosim.mechanisms.stance import UNBENT, Bends
from cosim.model.stages import tape
from cosim.model.stages.project import KNOWS, LOYALTY, MANDATE, WEIGHS
from cosim.model.stages.talk import (
    addressee,
    begin_voice,
    credit_holders,
    opener_at,
    others_shown,
    renew_tokens,
    show,
)
from cosim.model.state import (
    ARGUED,
    BACK,
    INVITATION,
    KNOWN_THERE,
    LAST_SPEAKER,
    OPENER,
    OTHERS,
    POINTER,
    QUEUE_CLOCK,
    SHARES,
    SUM_THERE,
    State,
)
from cosim.scenario.plan import Plan, Terms


class Turn(NamedTuple):
    """What is settled about a contribution before it is made.

    Attributes
    ----------
    meeting, turn : int
        Where it stands; turn -1 is in writing, before the talk.
    mode : int
        How the floor is given (`facilitation.MODES`).
    speaker, lead : int
        Who speaks, and who leads; -1 for nobody.
    item : int
        The option talked about.
    table, tables : int
        At which table, of how many.
    """

    meeting: int
    turn: int
    mode: int
    speaker: int
    lead: int
    item: int
    table: int
    tables: int


class Entry(NamedTuple):
    """What the log keeps of a contribution beside its `Turn` (`cosim.model.turn_records.TURN`)."""

    kind: int
    cut: bool
    anonymous: bool
    off_remit: bool
    addressee: int
    minute: float
    words: float
    frank: float
    said: float
    uptake: float


@turn_rule
def give_floor(
    plan: Plan, state: State, meeting: int, turn: int, seed: int, replicate: int
) -> tuple[int, int, int]:
    """Return how the next turn is given, to whom, and at which table."""
    d = plan.meetings[meeting]
    count = len(plan.uid)
    words = random_streams.draws(seed, replicate, random_streams.FLOOR, meeting, turn)
    pointer = facilitation.next_in_order(state.may, int(state.dials[POINTER]))
    state.dials[POINTER] = pointer
    table = state.table[pointer]
    last = state.last[table]
    for i in range(count):
        state.eligible[i] = state.table[i] == table and i != last
    mode = facilitation.mode(
        words[0],
        d.facilitation_rounds,
        state.dials[INVITATION],
        d.facilitation_queue,
        d.facilitation_skill,
    )
    if mode == facilitation.OPEN and d.floor_rule == turn_taking.QUEUE:
        mode = facilitation.QUEUED
    opener = opener_at(state)
    if opener >= 0 and mode != facilitation.ROUND:
        mode = facilitation.OPENING
        speaker = opener
        state.dials[OPENER] = -1.0
    elif mode == facilitation.ROUND:
        speaker = pointer if state.eligible[pointer] else facilitation.next_in_order(state.eligible, pointer)
        if facilitation.passes(words[2], state.confidence[speaker], d.facilitation_passing):
            state.eligible[speaker] = False
            other = facilitation.next_in_order(state.eligible, speaker)
            speaker = other if other >= 0 else speaker
    elif mode == facilitation.INVITED:
        speaker = facilitation.least_heard(state.heard, state.eligible, pointer)
    else:
        renew_tokens(state, table, d.facilitation_tokens)
        make_claims(plan, state, meeting, table)
        speaker = choose(state.claims, words[1], state.reached)
        if mode == facilitation.QUEUED:
            raise_hand(state, speaker)
            raise_hand(state, choose(state.claims, words[3], state.reached))
            speaker = facilitation.first_hand(state.raised, state.eligible)
            state.raised[speaker] = 0
    return mode, speaker, table


@turn_rule
def raise_hand(state: State, i: int) -> None:
    """Put a member's hand up, behind the hands that are up already."""
    if state.raised[i] == 0:
        state.dials[QUEUE_CLOCK] += 1.0
        state.raised[i] = int(state.dials[QUEUE_CLOCK])


@turn_rule
def make_claims(plan: Plan, state: State, meeting: int, table: int) -> None:
    """Fill `state.claims` with everyone's claim to the floor of a table; 0 for those not eligible."""
    d = plan.meetings[meeting]
    last = state.last[table]
    known, total = state.at_table[table, KNOWN_THERE], state.at_table[table, SUM_THERE]
    have_stakes(state.mine, state.engaged, known, total, d.floor_stake, state.stake)
    weigh_claims(
        d,
        plain=d.floor_rule == turn_taking.LUCE,
        standing=state.standing,
        talkative=state.talkative,
        ready=state.ready,
        stake=state.stake,
        place=state.seat[last] if last >= 0 else state.anywhere,
        spent=state.spent,
        eligible=state.eligible,
        addressed=state.addressed[table],
        out=state.claims,
    )


@turn_rule
def take_turn(
    plan: Plan, state: State, now: Turn, clock: float, rows: int, seed: int, replicate: int, log: Any
) -> tuple[float, int]:
    """Let one member speak and the others listen; return the minutes it took and the rows logged."""
    d = plan.meetings[now.meeting]
    i = now.speaker
    words = random_streams.draws(seed, replicate, random_streams.SPEECH, now.meeting, now.turn)
    strays = random_streams.draws(seed, replicate, random_streams.REMIT, now.meeting, now.turn)
    knows = state.traits[i, KNOWS : KNOWS + 4]
    kind = speech.kind_spoken(knows, state.technicality[now.item], words[0])
    cut = now.mode != facilitation.ROUND and random_streams.uniform(words[2]) < speech.cut_chance(
        state.standing[i], d.speech_interruption, d.facilitation_ground_rules
    )
    off_remit = i != now.lead and random_streams.uniform(strays[0]) < speech.off_remit_chance(
        d.speech_off_remit, d.system_role_clarity
    )
    argues = random_streams.uniform(strays[1]) < d.arguments_voiced
    length = random_streams.interpolated(plan.words, words[1]) * turn_taking.words_factor(
        state.standing[i], d.speech_length_by_standing, state.verbosity[i]
    )
    length = length * d.speech_cut_words if cut else length
    anonymous = random_streams.uniform(words[3]) < d.facilitation_anonymous_input
    heard = speech.heard_share(cut, off_remit, d.speech_cut_heard)
    frank, said, moved, reach = contribute(plan, state, now, kind, heard, anonymous, argues)
    state.confidence[i] = learning.confidence_after(
        state.confidence[i], reach, cut, d.learning_confidence_gain
    )
    state.ready[i] = turn_taking.readiness(state.confidence[i], d.system_role_clarity)
    state.heard[i] += 1.0
    state.spent[i] += 1.0
    whom = addressee(plan, state, now.meeting, i, now.lead, now.item, now.table, strays[2])
    state.addressed[now.table] = whom
    state.last[now.table] = i
    state.dials[LAST_SPEAKER] = i
    person = state.people[i]
    person[counters.TURNS] += 1.0
    person[counters.WORDS] += length
    person[counters.CUT] += 1.0 if cut else 0.0
    person[counters.INVITED] += 1.0 if now.mode == facilitation.INVITED else 0.0
    state.totals[counters.T_TURNS] += 1.0
    state.totals[counters.T_WORDS] += length
    state.totals[counters.T_STEERED] += 1.0 if facilitation.is_steered(now.mode) else 0.0
    state.totals[counters.T_OFF_REMIT] += 1.0 if off_remit else 0.0
    if rows < len(log):
        entry = Entry(kind, cut, anonymous, off_remit, whom, clock, length, frank, said, moved)
        note(log, rows, d.phase, now, entry)
    pause = d.speech_handover_seconds + facilitation.handling(
        now.mode, d.facilitation_handling_seconds, d.facilitation_chairing
    )
    return speech.minutes_of(length, d.speech_words_per_minute, pause) / now.tables, rows + 1


@rule
def note(log: Any, row: int, phase: int, now: Turn, entry: Entry) -> None:
    """Write one contribution into the log."""
    record = log[row]
    record.phase = phase
    record.meeting = now.meeting
    record.turn = now.turn
    record.table = now.table
    record.mode = now.mode
    record.speaker = now.speaker
    record.item = now.item
    record.kind = entry.kind
    record.cut = entry.cut
    record.anonymous = entry.anonymous
    record.off_remit = entry.off_remit
    record.addressee = entry.addressee
    record.minute = entry.minute
    record.words = entry.words
    record.frank = entry.frank
    record.said = entry.said
    record.uptake = entry.uptake
    record.intake = 0.0


@turn_rule
def contribute(
    plan: Plan, state: State, now: Turn, kind: int, heard: float, anonymous: bool, argues: bool
) -> tuple[float, float, float, float]:
    """Voice a contribution and let everyone at the table take it up.

    Its argument would be said if it `argues`, and a share of it is `heard`.

    Returns
    -------
    (share that is unbent, merit voiced, summed movement of the listeners, mean pull on the listeners)
    """
    d = plan.meetings[now.meeting]
    i = now.speaker
    for j in range(len(plan.uid)):
        state.hears[j] = j != i and state.present[j] and (now.tables == 1 or state.table[j] == now.table)
    hidden = anonymous or now.mode == facilitation.WRITTEN
    bends, limit, others = bend(plan, state, now, hidden)
    lead = now.lead if bends.to_lead > 0.0 else -1
    leads = state.stances[now.item, lead] if lead >= 0 else 0.0
    view = state.belief[now.item, kind, i]
    theirs = state.group_view[now.item, kind, plan.constituency[i]]
    said = stance.shown(view, theirs, limit, bends, leads, others)
    mandate = state.common_mandate[0] if anonymous else state.traits[i, MANDATE]
    attention = heard * comprehension.hearing(mandate, d.uptake_legitimacy)
    argues = argues and heard > 0.0 and state.met[now.item, kind, i]
    moved, reach = listen(plan, state, now, kind, anonymous, argues, said, attention, heard)
    shows = not hidden and heard > 0.0
    event = tape.Event(tape.TURN, now.item, kind, i, lead)
    write_turn(d, state, event, bends, limit, argues, shows)
    if argues and state.said[now.item, kind] < 0:
        credit_holders(state, now.item, kind, i)
    if shows:
        show(state, now.item, i, state.shown_view[0])
    frank = 1.0 - bends.to_lead - bends.to_others
    person = state.people[i]
    person[counters.UPTAKE] += moved
    person[counters.FRANKNESS] += frank
    person[counters.MISVOICED] += apart(said, theirs)
    state.gained[i] += moved
    return frank, said, moved, reach


@turn_rule
def bend(plan: Plan, state: State, now: Turn, hidden: bool) -> tuple[Bends, float, float]:
    """Return how a speaker bends what they show, the bound share, and the others' mean stance.

    Leaves in `state.shown_view` the stance that the speaker shows.
    """
    d = plan.meetings[now.meeting]
    i = now.speaker
    item = now.item
    limit = stance.bound(state.traits[i, MANDATE], d.stance_latitude)
    weighs = state.traits[i, WEIGHS : WEIGHS + 4]
    own = decision.judgement(state.belief[item, :, i], weighs)
    theirs = decision.judgement(state.group_view[item, :, plan.constituency[i]], weighs)
    plain = stance.shown(own, theirs, limit, UNBENT, 0.0, 0.0)
    known, above, mean = others_shown(state, item, i)
    to_lead = 0.0
    to_others = 0.0
    leads = 0.0
    if not hidden and known > 0.0:
        opposed = known - above if plain > state.middle[i] else above
        lead_here = now.lead >= 0 and now.lead != i and state.table[now.lead] == state.table[i]
        if lead_here and state.shown[item, now.lead] > 0.0:
            leads = state.stances[item, now.lead]
            to_lead = stance.bend_to_lead(
                state.standing[now.lead] - state.standing[i],
                state.confidence[i],
                speech.safety(d.speech_safety, d.facilitation_ground_rules),
                d.stance_deference,
                state.traits[i, LOYALTY],
            )
        to_others = (1.0 - to_lead) * stance.bend_to_majority(known - opposed, opposed, d.stance_conformity)
    bends = Bends(to_lead, to_others)
    state.shown_view[0] = stance.shown(own, theirs, limit, bends, leads, mean)
    return bends, limit, mean


@turn_rule
def write_turn(
    d: Terms, state: State, turn: tape.Event, bends: Bends, limit: float, argues: bool, shows: bool
) -> None:
    """Write a contribution on the tape; it may say the argument (`argues`), and show a stance (`shows`)."""
    anchored = d.uptake_rule != uptake.SHARED_ATTENTION
    bent = bends.to_others > 0.0
    at, room = tape.record(state, turn, shares=True, argued=argues, others=bent, back=anchored)
    if not room:
        return
    event = state.tape_events[at]
    weighs = state.traits[turn.speaker, WEIGHS : WEIGHS + 4]
    tape.set_terms(state.tape_terms[at], bends, limit, weighs, shows)
    copy(state.share, state.tape_rows[event[SHARES]])
    if argues:
        copy(state.argued, state.tape_rows[event[ARGUED]])
    if bent:
        known_others(state.shown[turn.option], state.hears, state.known_others)
        shares_of(state.known_others, sum_of(state.known_others), state.tape_rows[event[OTHERS]])
    if anchored:
        copy(state.back, state.tape_rows[event[BACK]])


@turn_rule
def listen(
    plan: Plan,
    state: State,
    now: Turn,
    kind: int,
    anonymous: bool,
    argues: bool,
    said: float,
    attention: float,
    heard: float,
) -> tuple[float, float]:
    """Let everyone at the table take up what was said; return their summed movement and mean pull.

    `attention` is the share of a hearing that it gets, `heard` the part of that which does not depend on the
    speaker.
    """
    d = plan.meetings[now.meeting]
    terms = plan.phases[d.phase]
    i = now.speaker
    item = now.item
    count = 0
    for j in range(len(plan.uid)):
        count += 1 if state.hears[j] else 0
    listeners = float(count)
    credibility = state.credibility[i, kind]
    understood = state.understood[i, kind]
    seen = credibility
    if anonymous:
        state.seen[:] = state.common[kind]
        seen = state.seen
    belief = state.belief[item, kind]
    known = state.known[item, kind]
    initial = state.initial[item, kind]
    own_part = state.own_part[item, kind]
    fresh = state.fresh[item, kind, i]
    begin_voice(state, item, kind, i)
    pull_on(
        said,
        truth=state.merit[item, kind],
        attention=attention,
        demonstrability=terms.demonstrability,
        openness=state.openness,
        understood=understood,
        belief=belief,
        seen=seen,
        hears=state.hears,
        out=state.pull,
    )
    sure = 1.0 if now.mode == facilitation.WRITTEN else state.sure[i]
    loud = terms.voices * sure / listeners if listeners > 0.0 else 0.0
    step_toward(d, said, loud, belief, state.pull, fresh, known, state.distance, state.share)
    if d.uptake_rule != uptake.SHARED_ATTENTION:
        hold_back(state.openness, state.hears, d.uptake_anchor, state.back)
    move(d, said, initial, state.pull, state.distance, state.share, state.back, belief, known, own_part)
    wear_off(d.uptake_fading, heard, state.hears, fresh)
    moved = 0.0
    if argues:
        pole = state.pole[item, kind]
        for j in range(len(plan.uid)):
            state.distance_to_pole[j] = apart(pole, belief[j])
        met = state.met[item, kind]
        be_argued(pole, d.arguments_step, state.pull, met, belief, initial, own_part, state.argued)
        moved += sum_of_products(state.argued, state.distance_to_pole)
    if not anonymous:
        knows = state.traits[i, KNOWS + kind]
        get_to_know(d, knows, attention, understood, state.hears, credibility, state.tie[i])
    pulls, taken_up = sums_of(state.pull, state.distance, state.share)
    moved += taken_up
    return moved, pulls / listeners if listeners > 0.0 else 0.0
