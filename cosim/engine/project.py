"""The compiled twin of `cosim.model`: whole projects in one compiled loop, many runs a call.

It composes the same mechanisms and stages as the readable model; only the turn is told a second
time here, as loops over listeners instead of as agents.  Results are bit-identical
(tests/engine/test_twin.py).
"""

# mypy: disable-error-code="no-untyped-call"
# Numba's signatures have no types of their own.

from __future__ import annotations

from typing import Any, NamedTuple

from numba import from_dtype, types

from cosim import outcomes
from cosim.engine.array_struct import BundleType
from cosim.engine.compilation import Engine
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
from cosim.model.stages import ballot, project, talk, tape
from cosim.model.stages import meeting as meetings
from cosim.model.stages import phase as phases
from cosim.model.stages.meeting import lead_of
from cosim.model.stages.project import KNOWS, LOYALTY, MANDATE, WEIGHS, cross_role_ties, place_of
from cosim.model.stages.talk import (
    addressee,
    begin_voice,
    count_shown,
    credit_holders,
    item_wanted,
    look_at_shares,
    opener_at,
    others_shown,
    renew_tokens,
    show,
    speakers_of,
    talk_goes_on,
)
from cosim.model.state import (
    ARGUED,
    BACK,
    EVENTS,
    LAST_SPEAKER,
    OPENER,
    OTHERS,
    POINTER,
    QUEUE_CLOCK,
    SHARES,
    WHAT,
    Rows,
    State,
)
from cosim.model.turn_records import TURN
from cosim.scenario.plan import Plan, Variation

LUCE = 1
QUEUE = 2

PLAN, STATE, VARIATION, ROWS = (BundleType(kind) for kind in (Plan, State, Variation, Rows))
WHOLE, REAL, TRUTH, NOTHING = types.int64, types.float64, types.boolean, types.void
RUN = types.UniTuple(WHOLE, 2)
LOG = from_dtype(TURN)[::1]

ENGINE = Engine()
begin_project = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, WHOLE))(project.begin_project)
begin_phase = ENGINE.part(WHOLE(PLAN, STATE, VARIATION, WHOLE, WHOLE, WHOLE))(phases.begin_phase)
late_evidence = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, WHOLE))(phases.late_evidence)
open_meeting = ENGINE.part(WHOLE(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE))(meetings.open_meeting)
form_tables = ENGINE.part(WHOLE(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE))(talk.form_tables)
take_positions = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE))(talk.take_positions)
let_owner_open = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, WHOLE))(talk.let_owner_open)
settle_ballots = ENGINE.part(types.Tuple((WHOLE, TRUTH))(PLAN, STATE, WHOLE, WHOLE, RUN, TRUTH))(
    ballot.settle_ballots
)
note_intakes = ENGINE.part(NOTHING(PLAN, STATE))(ballot.note_intakes)
reflect = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, REAL, WHOLE, WHOLE))(phases.reflect)
close_meeting = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, REAL))(meetings.close_meeting)
end_phase = ENGINE.part(WHOLE(PLAN, STATE, WHOLE, WHOLE, TRUTH, RUN))(ballot.end_phase)
measure = ENGINE.part(NOTHING(PLAN, STATE, REAL[::1]))(outcomes.measure)
measure_people = ENGINE.part(NOTHING(PLAN, STATE, REAL[:, ::1]))(outcomes.measure_people)


class Turn(NamedTuple):
    """What is settled about a contribution before it is made."""

    meeting: int
    turn: int
    mode: int
    speaker: int
    lead: int
    item: int
    table: int
    tables: int


@ENGINE.part(WHOLE(PLAN, STATE, types.UniTuple(WHOLE, 4), WHOLE, WHOLE, LOG))
def write(
    plan: Plan, state: State, now: tuple[int, int, int, int], seed: int, replicate: int, log: Any
) -> int:
    """Let those who write before the talk contribute once each, unseen; return the rows logged.

    `now` is (meeting, lead, agenda items, rows logged so far).
    """
    meeting, lead, items, rows = now
    d = plan.meetings[meeting]
    if d.facilitation_silent_writing <= 0.0:
        return rows
    for i in range(len(plan.uid)):
        words = random_streams.draws(
            seed, replicate, random_streams.WRITING, meeting, place_of(plan.uid[i], 0)
        )
        if not state.may[i] or random_streams.uniform(words[0]) >= d.facilitation_silent_writing:
            continue
        item = item_wanted(state, i, items)
        kind = speech.kind_spoken(state.traits[i, KNOWS : KNOWS + 4], state.technicality[item], words[1])
        anonymous = random_streams.uniform(words[3]) < d.facilitation_anonymous_input
        turn = Turn(meeting, -1, facilitation.WRITTEN, i, lead, item, 0, 1)
        argues = random_streams.uniform(words[2]) < d.arguments_voiced
        frank, said, moved, _ = contribute(plan, state, turn, (kind, 1.0, anonymous, argues))
        state.people[i, counters.WRITTEN] += 1.0
        if rows < len(log):
            note(
                log, rows, turn, (d.phase, kind, False, anonymous, False, -1), (0.0, 0.0, frank, said, moved)
            )
        rows += 1
    return rows


@ENGINE.part(types.Tuple((REAL, WHOLE, TRUTH))(PLAN, STATE, types.UniTuple(WHOLE, 4), WHOLE, WHOLE, LOG))
def deliberate(
    plan: Plan, state: State, now: tuple[int, int, int, int], seed: int, replicate: int, log: Any
) -> tuple[float, int, bool]:
    """Let a meeting talk until its time is used up or consensus is reached.

    Parameters
    ----------
    now : (meeting, level, agenda items, rows logged so far)

    Returns
    -------
    (minutes talked, rows logged, whether consensus was reached)
    """
    meeting, level, items, rows = now
    d = plan.meetings[meeting]
    speakers = speakers_of(state)
    if speakers < 2 or d.talk_minutes <= 0.0:
        return d.talk_minutes, rows, False
    lead = lead_of(plan, state.present, level)
    rows = write(plan, state, (meeting, lead, items, rows), seed, replicate, log)
    in_groups = d.facilitation_small_groups * d.talk_minutes
    consensual = plan.phases[d.phase].rule == decision.CONSENSUS
    clock = 0.0
    turn = 0
    stretch = slot = item = -1
    tables = 1
    agreed = moved = fresh = False
    while talk_goes_on(d, clock, turn, speakers, agreed):
        due = facilitation.segment(clock, in_groups, d.facilitation_remix)
        if due != stretch:
            stretch = due
            tables = form_tables(plan, state, meeting, stretch, seed, replicate)
            moved = True
        index = int(clock / d.talk_minutes * items)
        index = index if index < items else items - 1
        if index != slot:
            slot = index
            if consensual and not agreed and ballot.consensus_in_sight(plan, state, d.phase, level):
                agreed = settle_ballots(plan, state, meeting, level, (seed, replicate), False)[1]
                if agreed and not talk_goes_on(d, clock, turn, speakers, True):
                    break
            item = state.agenda[slot]
            take_positions(plan, state, meeting, item, seed, replicate)
            let_owner_open(plan, state, d.phase, slot)
            moved = True
            fresh = True
        if moved:
            count_shown(state, item)
            moved = False
        mode, speaker, table = give_floor(plan, state, (meeting, turn), seed, replicate)
        now_said = Turn(meeting, turn, mode, speaker, lead, item, table, tables)
        if d.facilitation_chairing > 0.0:
            minutes, rows = let_chair_begin(plan, (now_said, fresh, clock), (seed, replicate, rows), log)
            clock += minutes
            fresh = False
        minutes, rows = take_turn(plan, state, now_said, clock, (seed, replicate, rows), log)
        clock += minutes
        turn += 1
        look_at_shares(plan, state, meeting, turn)
    if d.facilitation_chairing > 0.0 and turn > 0:
        last = Turn(meeting, turn, facilitation.CHAIR_SUMS_UP, -1, lead, item, 0, 1)
        minutes, rows = let_chair_speak(plan, last, -1, clock, rows, log)
        clock += minutes
    return clock, rows, agreed


@rule
def let_chair_begin(
    plan: Plan, what: tuple[Turn, bool, float], run: tuple[int, int, int], log: Any
) -> tuple[float, int]:
    """Let the chair speak before a member's turn, if they do; return the minutes taken and the rows logged.

    `what` is (the member's turn, whether its item has just come up, clock), `run` (seed, replicate, rows).
    """
    now, fresh, clock = what
    seed, replicate, rows = run
    chairing = plan.meetings[now.meeting].facilitation_chairing
    word = random_streams.draws(seed, replicate, random_streams.CHAIRING, now.meeting, now.turn)[0]
    mode = facilitation.chair_says(now.mode, fresh, chairing, word)
    if mode == facilitation.SILENT:
        return 0.0, rows
    whom = -1 if mode == facilitation.CHAIR_OPENS else now.speaker
    turn = Turn(now.meeting, now.turn, mode, -1, now.lead, now.item, now.table, now.tables)
    return let_chair_speak(plan, turn, whom, clock, rows, log)


@rule
def let_chair_speak(plan: Plan, now: Turn, whom: int, clock: float, rows: int, log: Any) -> tuple[float, int]:
    """Let the chair take a turn, said to a member or nobody; return the minutes taken and the rows logged."""
    d = plan.meetings[now.meeting]
    minutes = d.facilitation_handling_seconds / 60.0
    if rows < len(log):
        words = minutes * d.speech_words_per_minute
        note(log, rows, now, (d.phase, -1, False, False, False, whom), (clock, words, 0.0, 0.0, 0.0))
    return minutes / now.tables, rows + 1


@turn_rule
def give_floor(
    plan: Plan, state: State, now: tuple[int, int], seed: int, replicate: int
) -> tuple[int, int, int]:
    """Return how the next turn is given, to whom, and at which table; `now` is (meeting, turn)."""
    meeting, turn = now
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
        words[0], d.facilitation_rounds, state.dials[0], d.facilitation_queue, d.facilitation_skill
    )
    if mode == facilitation.OPEN and d.floor_rule == QUEUE:
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
        make_claims(plan, state, (meeting, table))
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
def make_claims(plan: Plan, state: State, now: tuple[int, int]) -> None:
    """Fill `state.claims` with everyone's claim to the floor; 0 for those not eligible.

    `now` is (meeting, table).
    """
    meeting, table = now
    d = plan.meetings[meeting]
    last = state.last[table]
    place = state.seat[last] if last >= 0 else state.anywhere
    shown = (state.at_table[table, 0], state.at_table[table, 2])
    have_stakes(state.mine, state.engaged, shown, d.floor_stake, state.stake)
    lasting = (state.standing, state.talkative)
    today = (state.ready, state.stake, place, state.spent, state.eligible)
    weigh_claims(d, d.floor_rule == LUCE, lasting, today, state.addressed[table], state.claims)


@turn_rule
def take_turn(
    plan: Plan, state: State, now: Turn, clock: float, run: tuple[int, int, int], log: Any
) -> tuple[float, int]:
    """Let one member speak and the others listen; return the minutes it took and the rows logged."""
    seed, replicate, rows = run
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
    frank, said, moved, reach = contribute(plan, state, now, (kind, heard, anonymous, argues))
    state.confidence[i] = learning.confidence_after(
        state.confidence[i], reach, cut, d.learning_confidence_gain
    )
    state.ready[i] = turn_taking.readiness(state.confidence[i], d.system_role_clarity)
    state.heard[i] += 1.0
    state.spent[i] += 1.0
    whom = addressee(plan, state, (now.meeting, i, now.lead), (now.item, now.table), strays[2])
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
        note(
            log,
            rows,
            now,
            (plan.meetings[now.meeting].phase, kind, cut, anonymous, off_remit, whom),
            (clock, length, frank, said, moved),
        )
    pause = d.speech_handover_seconds + facilitation.handling(
        now.mode, d.facilitation_handling_seconds, d.facilitation_chairing
    )
    return speech.minutes_of(length, d.speech_words_per_minute, pause) / now.tables, rows + 1


@rule
def note(
    log: Any,
    row: int,
    now: Turn,
    codes: tuple[int, int, bool, bool, bool, int],
    values: tuple[float, float, float, float, float],
) -> None:
    """Write one contribution into the log."""
    record = log[row]
    record.phase = codes[0]
    record.meeting = now.meeting
    record.turn = now.turn
    record.table = now.table
    record.mode = now.mode
    record.speaker = now.speaker
    record.item = now.item
    record.kind = codes[1]
    record.cut = codes[2]
    record.anonymous = codes[3]
    record.off_remit = codes[4]
    record.addressee = codes[5]
    record.minute = values[0]
    record.words = values[1]
    record.frank = values[2]
    record.said = values[3]
    record.uptake = values[4]
    record.intake = 0.0


@turn_rule
def contribute(
    plan: Plan, state: State, now: Turn, what: tuple[int, float, bool, bool]
) -> tuple[float, float, float, float]:
    """Voice a contribution and let everyone at the table take it up.

    `what` is (kind of knowledge, share that is heard, whether anonymous, whether the argument would be said).

    Returns
    -------
    (share that is unbent, merit voiced, summed movement of the listeners, mean pull on the listeners)
    """
    d = plan.meetings[now.meeting]
    kind, heard, anonymous, argues = what
    i = now.speaker
    for j in range(len(plan.uid)):
        state.hears[j] = j != i and state.present[j] and (now.tables == 1 or state.table[j] == now.table)
    hidden = anonymous or now.mode == facilitation.WRITTEN
    bends, limit, others = bend(plan, state, now, hidden)
    lead = now.lead if bends[0] > 0.0 else -1
    leads = state.stances[now.item, lead] if lead >= 0 else 0.0
    view = state.belief[now.item, kind, i]
    theirs = state.group_view[now.item, kind, plan.constituency[i]]
    said = stance.shown(view, theirs, limit, (bends[0], leads), (bends[1], others))
    mandate = state.common_mandate[0] if anonymous else state.traits[i, MANDATE]
    attention = heard * comprehension.hearing(mandate, d.uptake_legitimacy)
    argues = argues and heard > 0.0 and state.met[now.item, kind, i]
    moved, reach = listen(plan, state, now, (kind, anonymous, argues), (said, attention, heard))
    shows = not hidden and heard > 0.0
    write_turn(state, (tape.TURN, now.item, kind, i, lead), (bends[0], bends[1], limit), (argues, shows), d)
    if argues and state.said[now.item, kind] < 0:
        credit_holders(state, now.item, kind, i)
    if shows:
        show(state, now.item, i, state.shown_view[0])
    frank = 1.0 - bends[0] - bends[1]
    person = state.people[i]
    person[counters.UPTAKE] += moved
    person[counters.FRANKNESS] += frank
    person[counters.MISVOICED] += apart(said, theirs)
    state.gained[i] += moved
    return frank, said, moved, reach


@turn_rule
def bend(plan: Plan, state: State, now: Turn, hidden: bool) -> tuple[tuple[float, float], float, float]:
    """Return how a speaker bends what they show: (to the lead, to others), bound share, others' mean stance.

    Leaves in `state.shown_view` the
    stance that the speaker shows.
    """
    d = plan.meetings[now.meeting]
    i = now.speaker
    item = now.item
    limit = stance.bound(state.traits[i, MANDATE], d.stance_latitude)
    weighs = state.traits[i, WEIGHS : WEIGHS + 4]
    own = decision.judgement(state.belief[item, :, i], weighs)
    theirs = decision.judgement(state.group_view[item, :, plan.constituency[i]], weighs)
    plain = stance.shown(own, theirs, limit, (0.0, 0.0), (0.0, 0.0))
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
    state.shown_view[0] = stance.shown(own, theirs, limit, (to_lead, leads), (to_others, mean))
    return (to_lead, to_others), limit, mean


@turn_rule
def write_turn(
    state: State,
    what: tuple[int, int, int, int, int],
    bends: tuple[float, float, float],
    how: tuple[bool, bool],
    d: Any,
) -> None:
    """Write a contribution on the tape; `how` is (does it say the argument, does it show a stance)."""
    argues, shows = how
    anchored = d.uptake_rule != uptake.SHARED_ATTENTION
    at, room = tape.record(state, what, (True, argues, bends[1] > 0.0, anchored))
    if not room:
        return
    event = state.tape_events[at]
    weighs = state.traits[what[3], WEIGHS : WEIGHS + 4]
    tape.set_terms(state.tape_terms[at], (bends[0], bends[1]), bends[2], weighs, 1.0 if shows else 0.0)
    copy(state.share, state.tape_rows[event[SHARES]])
    if argues:
        copy(state.argued, state.tape_rows[event[ARGUED]])
    if bends[1] > 0.0:
        known_others(state.shown[what[1]], state.hears, state.known_others)
        shares_of(state.known_others, sum_of(state.known_others), state.tape_rows[event[OTHERS]])
    if anchored:
        copy(state.back, state.tape_rows[event[BACK]])


@turn_rule
def listen(
    plan: Plan, state: State, now: Turn, what: tuple[int, bool, bool], voiced: tuple[float, float, float]
) -> tuple[float, float]:
    """Let everyone at the table take up what was said; return their summed movement and mean pull.

    `what` is (kind of knowledge, whether anonymous, whether the argument is said), `voiced` (what was said,
    the share of a hearing, the share of that which does not depend on the speaker).
    """
    d = plan.meetings[now.meeting]
    terms = plan.phases[d.phase]
    kind, anonymous, argues = what
    said, attention, heard = voiced
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
    truth = (said, state.merit[item, kind], attention, terms.demonstrability)
    pull_on(truth, (state.openness, understood, belief), seen, state.hears, state.pull)
    sure = 1.0 if now.mode == facilitation.WRITTEN else state.sure[i]
    loud = terms.voices * sure / listeners if listeners > 0.0 else 0.0
    step_toward(d, (said, loud), belief, (state.pull, fresh, known), state.distance, state.share)
    if d.uptake_rule != uptake.SHARED_ATTENTION:
        hold_back(state.openness, state.hears, d.uptake_anchor, state.back)
    taken = (state.pull, state.distance, state.share, state.back)
    move(d, said, initial, taken, belief, known, own_part)
    wear_off(d.uptake_fading, heard, state.hears, fresh)
    moved = 0.0
    if argues:
        pole = state.pole[item, kind]
        for j in range(len(plan.uid)):
            state.distance_to_pole[j] = apart(pole, belief[j])
        held = (state.met[item, kind], belief, initial, own_part)
        be_argued(pole, d.arguments_step, state.pull, held, state.argued)
        moved += sum_of_products(state.argued, state.distance_to_pole)
    if not anonymous:
        knows = state.traits[i, KNOWS + kind]
        get_to_know(d, knows, attention, (understood, state.hears), credibility, state.tie[i])
    pulls, taken_up = sums_of(state.pull, state.distance, state.share)
    moved += taken_up
    return moved, pulls / listeners if listeners > 0.0 else 0.0


@rule
def log_intakes(plan: Plan, state: State, log: Any, first: int, rows: int) -> None:
    """Write into the log rows `first` to `rows` how much of their phase's decision was taken in at each."""
    if tape.ran_out(state):
        return
    note_intakes(plan, state)
    row = first
    for at in range(state.tape_used[EVENTS]):
        if state.tape_events[at, WHAT] == tape.TURN and row < rows:
            while row < len(log) and log[row].speaker < 0:  # the chair has no view to be taken in
                row += 1
            if row < len(log):
                record = log[row]
                record.intake = state.tape_taken[at]
            row += 1


@rule
def run_project(
    plan: Plan, state: State, variation: Variation, run: tuple[int, int], log: Any, choices: Any
) -> int:
    """Run one project; the tally is left in `state`, the options chosen in `choices` (phases,).

    Returns the number of contributions, logged as far as there is room; `run` is (seed, replicate).
    """
    seed, replicate = run
    begin_project(plan, state, seed, replicate)
    rows = 0
    for phase in range(len(plan.phases)):
        terms = plan.phases[phase]
        level = begin_phase(plan, state, variation, phase, seed, replicate)
        reached = False
        held = terms.start
        first = rows
        for meeting in range(terms.start, terms.stop):
            if plan.meetings[meeting].last:
                late_evidence(plan, state, phase, meeting)
            items = open_meeting(plan, state, meeting, level, seed, replicate)
            minutes, rows, reached = deliberate(
                plan, state, (meeting, level, items, rows), seed, replicate, log
            )
            close_meeting(plan, state, meeting, minutes)
            reflect(plan, state, meeting, minutes, seed, replicate)
            held = meeting
            if reached:
                break
        choices[phase] = end_phase(plan, state, held, level, reached, (seed, replicate))
        if len(log) > 0:
            log_intakes(plan, state, log, first, rows)
    state.totals[counters.T_TIES_LAST] = cross_role_ties(plan, state)
    return rows


@rule
def keep_parts(parts: Any, out: Any) -> None:
    """Copy the parts of each phase's decision, (phases, N + 1, 3)."""
    for phase in range(len(out)):
        for i in range(out.shape[1]):
            for source in range(3):
                out[phase, i, source] = parts[phase, i, source]


@ENGINE.part(WHOLE(PLAN, STATE, VARIATION, WHOLE, WHOLE[::1], ROWS))
def run_batch(plan: Plan, state: State, variation: Variation, seed: int, replicates: Any, rows: Any) -> int:
    """Run one project per entry of `replicates`; return the number of contributions of the last one.

    Returns -1 - r when the r-th project found too little room on its tape: it has to be run again with more.
    """
    logged = 0
    for r in range(len(replicates)):
        logged = run_project(plan, state, variation, (seed, replicates[r]), rows.log, rows.choices[r])
        if tape.ran_out(state):
            return -1 - r
        measure(plan, state, rows.runs[r])
        if len(rows.parts) > 0:
            keep_parts(state.parts, rows.parts[r])
        if len(rows.people) > 0:
            measure_people(plan, state, rows.people[r])
    return logged
