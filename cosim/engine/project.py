"""The compiled twin of `cosim.model`: whole projects in one compiled loop, many runs a call.

It composes the same mechanisms and stages as the readable model; only the turn is told a second
time (`cosim.engine.turn`), as loops over listeners instead of as agents.  Results are bit-identical
(tests/engine/test_twin.py).
"""

# mypy: disable-error-code="no-untyped-call"
# Numba's signatures have no types of their own.

from __future__ import annotations

from typing import Any

from numba import from_dtype, types

from cosim import outcomes
from cosim.engine.array_struct import BundleType
from cosim.engine.compilation import Engine
from cosim.engine.turn import Entry, Turn, contribute, give_floor, note, take_turn
from cosim.mechanisms import (
    counters,
    decision,
    facilitation,
    random_streams,
    speech,
)
from cosim.mechanisms.compiled import rule
from cosim.model.stages import ballot, credit, project, talk, tape
from cosim.model.stages import meeting as meetings
from cosim.model.stages import phase as phases
from cosim.model.stages.meeting import lead_of
from cosim.model.stages.project import KNOWS, cross_role_ties, place_of
from cosim.model.stages.talk import (
    count_shown,
    item_wanted,
    look_at_shares,
    speakers_of,
    talk_goes_on,
)
from cosim.model.state import (
    EVENTS,
    FROM_OUTSIDE,
    WHAT,
    Rows,
    State,
)
from cosim.model.turn_records import TURN
from cosim.scenario.plan import Plan, Variation

PLAN, STATE, VARIATION, ROWS = (BundleType(kind) for kind in (Plan, State, Variation, Rows))
WHOLE, REAL, TRUTH, NOTHING = types.int64, types.float64, types.boolean, types.void
LOG = from_dtype(TURN)[::1]

ENGINE = Engine()
begin_project = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, WHOLE))(project.begin_project)
begin_phase = ENGINE.part(WHOLE(PLAN, STATE, VARIATION, WHOLE, WHOLE, WHOLE))(phases.begin_phase)
late_evidence = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, WHOLE))(phases.late_evidence)
open_meeting = ENGINE.part(WHOLE(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE))(meetings.open_meeting)
form_tables = ENGINE.part(WHOLE(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE))(talk.form_tables)
take_positions = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE))(talk.take_positions)
let_owner_open = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, WHOLE))(talk.let_owner_open)
settle_ballots = ENGINE.part(types.Tuple((WHOLE, TRUTH))(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE, TRUTH))(
    ballot.settle_ballots
)
note_intakes = ENGINE.part(NOTHING(PLAN, STATE))(credit.note_intakes)
reflect = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, REAL, WHOLE, WHOLE))(phases.reflect)
close_meeting = ENGINE.part(NOTHING(PLAN, STATE, WHOLE, REAL))(meetings.close_meeting)
end_phase = ENGINE.part(WHOLE(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE, TRUTH))(ballot.end_phase)
measure = ENGINE.part(NOTHING(PLAN, STATE, REAL[::1]))(outcomes.measure)
measure_people = ENGINE.part(NOTHING(PLAN, STATE, REAL[:, ::1]))(outcomes.measure_people)


@ENGINE.part(WHOLE(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, LOG))
def write(
    plan: Plan,
    state: State,
    meeting: int,
    lead: int,
    items: int,
    rows: int,
    seed: int,
    replicate: int,
    log: Any,
) -> int:
    """Let those who write before the talk contribute once each, unseen; return the rows logged by then.

    There are `items` on the agenda, and `rows` have been logged before.
    """
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
        frank, said, moved, _ = contribute(plan, state, turn, kind, 1.0, anonymous, argues)
        state.people[i, counters.WRITTEN] += 1.0
        if rows < len(log):
            cut, off_remit, whom, minute, length = False, False, -1, 0.0, 0.0
            entry = Entry(kind, cut, anonymous, off_remit, whom, minute, length, frank, said, moved)
            note(log, rows, d.phase, turn, entry)
        rows += 1
    return rows


@ENGINE.part(types.Tuple((REAL, WHOLE, TRUTH))(PLAN, STATE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, LOG))
def deliberate(
    plan: Plan,
    state: State,
    meeting: int,
    level: int,
    items: int,
    rows: int,
    seed: int,
    replicate: int,
    log: Any,
) -> tuple[float, int, bool]:
    """Let a meeting talk until its time is used up or consensus is reached.

    There are `items` on the agenda, and `rows` have been logged before.

    Returns
    -------
    (minutes talked, rows logged by then, whether consensus was reached)
    """
    d = plan.meetings[meeting]
    speakers = speakers_of(state)
    if speakers < 2 or d.talk_minutes <= 0.0:
        return d.talk_minutes, rows, False
    lead = lead_of(plan, state.present, level)
    rows = write(plan, state, meeting, lead, items, rows, seed, replicate, log)
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
                _, agreed = settle_ballots(plan, state, meeting, level, seed, replicate, final=False)
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
        mode, speaker, table = give_floor(plan, state, meeting, turn, seed, replicate)
        now_said = Turn(meeting, turn, mode, speaker, lead, item, table, tables)
        if d.facilitation_chairing > 0.0:
            minutes, rows = let_chair_begin(plan, now_said, fresh, clock, rows, seed, replicate, log)
            clock += minutes
            fresh = False
        minutes, rows = take_turn(plan, state, now_said, clock, rows, seed, replicate, log)
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
    plan: Plan, now: Turn, fresh: bool, clock: float, rows: int, seed: int, replicate: int, log: Any
) -> tuple[float, int]:
    """Let the chair speak before a member's turn, if they do; return the minutes taken and the rows logged.

    The item of the turn `now` has just come up if it is `fresh`.
    """
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
        frank = said = moved = 0.0  # the chair has no view
        entry = Entry(-1, False, False, False, whom, clock, words, frank, said, moved)
        note(log, rows, d.phase, now, entry)
    return minutes / now.tables, rows + 1


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
    plan: Plan, state: State, variation: Variation, seed: int, replicate: int, log: Any, choices: Any
) -> int:
    """Run one project; the tally is left in `state`, the options chosen in `choices` (phases,).

    Returns the number of contributions, logged as far as there is room.
    """
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
                plan, state, meeting, level, items, rows, seed, replicate, log
            )
            close_meeting(plan, state, meeting, minutes)
            reflect(plan, state, meeting, minutes, seed, replicate)
            held = meeting
            if reached:
                break
        choices[phase] = end_phase(plan, state, held, level, seed, replicate, reached_early=reached)
        if len(log) > 0:
            log_intakes(plan, state, log, first, rows)
    state.totals[counters.T_TIES_LAST] = cross_role_ties(plan, state)
    return rows


@rule
def keep_parts(parts: Any, out: Any) -> None:
    """Copy the parts of each phase's decision, (phases, N + 1, 3)."""
    for phase in range(len(out)):
        for i in range(out.shape[1]):
            for source in range(FROM_OUTSIDE):
                out[phase, i, source] = parts[phase, i, source]


@ENGINE.part(WHOLE(PLAN, STATE, VARIATION, WHOLE, WHOLE[::1], ROWS))
def run_batch(plan: Plan, state: State, variation: Variation, seed: int, replicates: Any, rows: Any) -> int:
    """Run one project per entry of `replicates`; return the number of contributions of the last one.

    Returns -1 - r when the r-th project found too little room on its tape: it has to be run again with more.
    """
    logged = 0
    for r in range(len(replicates)):
        logged = run_project(plan, state, variation, seed, replicates[r], rows.log, rows.choices[r])
        if tape.ran_out(state):
            return -1 - r
        measure(plan, state, rows.runs[r])
        if len(rows.parts) > 0:
            keep_parts(state.parts, rows.parts[r])
        if len(rows.people) > 0:
            measure_people(plan, state, rows.people[r])
    return logged
