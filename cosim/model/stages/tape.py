"""The tape: what happened to the beliefs of a phase, in order, so that influence can be read from its end.

An event names what it was, where, who, and the rows of shares that it moved people by.  Where there is no
room left, an event is counted and not written; whoever made the room (`cosim.engine.batch`, `cosim.model`)
makes more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cosim.mechanisms import influence
from cosim.mechanisms.compiled import rule, turn_rule
from cosim.model.state import (
    ARGUED,
    BACK,
    BOUND,
    EVENTS,
    EVENTS_WANTED,
    FROM_ARGUMENTS,
    FROM_CARRIED,
    FROM_OUTSIDE,
    KIND,
    LEAD,
    OPTION,
    OTHERS,
    ROWS,
    ROWS_WANTED,
    SHARES,
    SHOWS,
    SPEAKER,
    TO_LEAD,
    TO_OTHERS,
    WEIGHED,
    WHAT,
)

if TYPE_CHECKING:
    from cosim.mechanisms.stance import Bends
    from cosim.model.state import State
    from cosim.scenario.plan import Floats, Ints

TURN: Final = 0
REPORT: Final = 1  # ARGUED and OTHERS: weight of each member's own view, and of what they are bound to
EVIDENCE: Final = 2  # SHARES: how far each member learned from outside
BALLOT: Final = 3


class Event(NamedTuple):
    """What happened, as it is put on the tape.

    Attributes
    ----------
    what : int
        TURN, REPORT, EVIDENCE or BALLOT.
    option, kind : int
        What it is about; a ballot is about all kinds of knowledge.
    speaker, lead : int
        Who speaks or votes, and the lead to whom they bend; -1 for nobody.
    """

    what: int
    option: int
    kind: int
    speaker: int
    lead: int


@rule
def rewind(state: State) -> None:
    """Begin a phase's tape."""
    state.tape_used[EVENTS] = 0
    state.tape_used[ROWS] = 0


@turn_rule
def record(
    state: State, new: Event, shares: bool, argued: bool, others: bool, back: bool
) -> tuple[int, bool]:
    """Begin an event and return its number, and whether there is room for it and its rows.

    `shares`, `argued`, `others` and `back` say whether it has a row SHARES, ARGUED, OTHERS and BACK; they and
    the terms are the caller's to fill.
    """
    rows = (shares, argued, others, back)
    used = state.tape_used
    at = used[EVENTS]
    row = used[ROWS]
    wanted = row
    for one in rows:
        wanted += 1 if one else 0
    used[EVENTS] = at + 1
    used[ROWS] = wanted
    if used[EVENTS] > used[EVENTS_WANTED]:
        used[EVENTS_WANTED] = used[EVENTS]
    if wanted > used[ROWS_WANTED]:
        used[ROWS_WANTED] = wanted
    if at >= len(state.tape_events) or wanted > len(state.tape_rows):
        return 0, False
    event = state.tape_events[at]
    event[WHAT] = new.what
    event[OPTION] = new.option
    event[KIND] = new.kind
    event[SPEAKER] = new.speaker
    event[LEAD] = new.lead
    for n in range(4):
        event[SHARES + n] = row if rows[n] else -1
        row += 1 if rows[n] else 0
    return at, True


@turn_rule
def set_terms(terms: Floats, bends: Bends, bound: float, weighs: Floats, shows: bool) -> None:
    """Fill an event's terms; `shows` is whether it shows a stance."""
    terms[TO_LEAD] = bends.to_lead
    terms[TO_OTHERS] = bends.to_others
    terms[BOUND] = bound
    for k in range(4):
        terms[WEIGHED + k] = weighs[k]
    terms[SHOWS] = 1.0 if shows else 0.0


@rule
def ran_out(state: State) -> bool:
    """Return whether an event found no room."""
    used = state.tape_used
    return bool(used[EVENTS_WANTED] > len(state.tape_events) or used[ROWS_WANTED] > len(state.tape_rows))


@rule
def clear_credit(state: State, options: int) -> None:
    """Take all credit back, before a decision's is spread."""
    for o in range(options):
        for j in range(state.belief.shape[2]):
            state.credit_stance[o, j] = 0.0
        for k in range(4):
            state.credit_argument[o, k] = 0.0
            for j in range(state.belief.shape[2]):
                state.credit[o, k, j] = 0.0
                state.credit_base[o, k, j] = 0.0
    for s in range(len(state.sources)):
        state.sources[s] = 0.0


@rule
def play_back(state: State, options: int, ballots: Floats) -> None:
    """Follow the decision's credit back to its sources: `state.sources` (own N, carried N, argued N, 1).

    `ballots` (N,) is each ballot's part in the decision; what is in `state.credit` already is followed, too.
    """
    if ran_out(state):
        return
    count = len(ballots)
    out = state.sources
    at = state.tape_used[EVENTS] - 1
    while at >= 0:
        event = state.tape_events[at]
        terms = state.tape_terms[at]
        if event[WHAT] == BALLOT:
            undo_ballot(state, event, terms, ballots[event[SPEAKER]] / options, out)
        elif event[WHAT] == EVIDENCE:
            undo_evidence(state, event, out)
        else:
            undo_speech(state, event, terms, out)
        at -= 1
    for o in range(options):
        for k in range(4):
            for j in range(count):
                worth = state.credit[o, k, j] + state.credit_base[o, k, j]
                out[j] += worth * (1.0 - state.mandate_first[j])
                out[FROM_CARRIED * count + j] += worth * state.mandate_first[j]
                out[FROM_ARGUMENTS * count + j] += state.credit_argument[o, k] * state.credited[o, k, j]


@turn_rule
def undo_stance(state: State, event: Ints, terms: Floats, worth: float, out: Floats) -> None:
    """Hand the worth of a stance back to what its holder thought, was bound to, and bent to."""
    count = state.belief.shape[2]
    i = event[SPEAKER]
    free = 1.0 - terms[TO_LEAD] - terms[TO_OTHERS]
    credit = state.credit[event[OPTION]]
    for k in range(4):
        credit[k, i] += worth * free * (1.0 - terms[BOUND]) * terms[WEIGHED + k]
    out[FROM_CARRIED * count + i] += worth * free * terms[BOUND]
    hand_to_others(state, event, terms, worth)


@turn_rule
def hand_to_others(state: State, event: Ints, terms: Floats, worth: float) -> None:
    """Hand what was bent in something shown or said back to the stances that it was bent to."""
    stances = state.credit_stance[event[OPTION]]
    if event[LEAD] >= 0:
        stances[event[LEAD]] += worth * terms[TO_LEAD]
    if event[OTHERS] >= 0:
        influence.hand_on(stances, state.tape_rows[event[OTHERS]], worth * terms[TO_OTHERS])


@turn_rule
def undo_ballot(state: State, event: Ints, terms: Floats, part: float, out: Floats) -> None:
    """Hand a ballot's worth back: its part in the decision, and what later ballots bent to it."""
    worth = part + state.credit_stance[event[OPTION], event[SPEAKER]]
    if terms[SHOWS] > 0.0:
        state.credit_stance[event[OPTION], event[SPEAKER]] = 0.0
    else:
        worth = part
    undo_stance(state, event, terms, worth, out)


@rule
def undo_evidence(state: State, event: Ints, out: Floats) -> None:
    """Hand what was learned from outside back to outside."""
    credit = state.credit[event[OPTION], event[KIND]]
    base = state.credit_base[event[OPTION], event[KIND]]
    share = state.tape_rows[event[SHARES]]
    influence.hand_back(credit, share, state.handed)
    outside = influence.total(state.handed)
    influence.hand_back(base, share, state.handed)
    out[FROM_OUTSIDE * len(share)] += outside + influence.total(state.handed)


@turn_rule
def undo_speech(state: State, event: Ints, terms: Floats, out: Floats) -> None:
    """Hand what listeners took from a turn or a report back to whoever voiced it, and to whom they bent."""
    option = event[OPTION]
    kind = event[KIND]
    credit = state.credit[option, kind]
    count = len(credit)
    handed = state.handed
    if event[WHAT] == REPORT:
        influence.hand_back(credit, state.tape_rows[event[SHARES]], handed)
        worth = influence.total(handed)
        for i in range(count):
            credit[i] += worth * state.tape_rows[event[ARGUED], i]
            out[FROM_CARRIED * count + i] += worth * state.tape_rows[event[OTHERS], i]
        return
    i = event[SPEAKER]
    shown = 0.0
    if terms[SHOWS] > 0.0:
        shown = state.credit_stance[option, i]
        state.credit_stance[option, i] = 0.0
    if event[BACK] >= 0:
        influence.return_to(credit, state.tape_rows[event[BACK]], state.credit_base[option, kind])
    if event[ARGUED] >= 0:
        moved = state.tape_rows[event[ARGUED]]
        influence.hand_back(credit, moved, handed)
        state.credit_argument[option, kind] += influence.total(handed)
        influence.hand_back(state.credit_base[option, kind], moved, handed)
        state.credit_argument[option, kind] += influence.total(handed)
    influence.hand_back(credit, state.tape_rows[event[SHARES]], handed)
    worth = influence.total(handed)
    free = 1.0 - terms[TO_LEAD] - terms[TO_OTHERS]
    credit[i] += worth * free * (1.0 - terms[BOUND])
    out[FROM_CARRIED * count + i] += worth * free * terms[BOUND]
    hand_to_others(state, event, terms, worth)
    if shown > 0.0:
        undo_stance(state, event, terms, shown, out)


@rule
def take_in(state: State, options: int, ballots: Floats) -> None:
    """Fill `state.tape_taken` with how much of the decision its voters took in at each event, and still held.

    The same pass as `play_back`, but what a turn handed on is not followed further back: with what voters
    came with, were bound to and bent to, the parts of all events add up to the decision.  What is in
    `state.credit` already is followed, too.
    """
    at = state.tape_used[EVENTS] - 1
    while at >= 0:
        event = state.tape_events[at]
        terms = state.tape_terms[at]
        state.tape_taken[at] = 0.0
        credit = state.credit[event[OPTION], event[KIND]]
        base = state.credit_base[event[OPTION], event[KIND]]
        if event[WHAT] == BALLOT:
            i = event[SPEAKER]
            free = ballots[i] / options * (1.0 - terms[TO_LEAD] - terms[TO_OTHERS]) * (1.0 - terms[BOUND])
            for k in range(4):
                state.credit[event[OPTION], k, i] += free * terms[WEIGHED + k]
        else:
            if event[BACK] >= 0:
                influence.return_to(credit, state.tape_rows[event[BACK]], base)
            if event[WHAT] == TURN and event[ARGUED] >= 0:
                state.tape_taken[at] += taken_at(state, credit, state.tape_rows[event[ARGUED]])
                state.tape_taken[at] += taken_at(state, base, state.tape_rows[event[ARGUED]])
            state.tape_taken[at] += taken_at(state, credit, state.tape_rows[event[SHARES]])
            if event[WHAT] == EVIDENCE:
                state.tape_taken[at] += taken_at(state, base, state.tape_rows[event[SHARES]])
        at -= 1


@turn_rule
def taken_at(state: State, credit: Floats, share: Floats) -> float:
    """Take from each listener's credit what an event brought them, and return the sum of that."""
    influence.hand_back(credit, share, state.handed)
    return influence.total(state.handed)
