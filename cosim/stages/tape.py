"""The tape: what happened to the beliefs of a phase, in order, so that influence can be read from its end.

An event names what it was, where, who, and the rows of shares that it moved people by.  Where there is no
room left an event is counted and not written; whoever made the room (`cosim.batches`, `cosim.model`) makes
more.
"""

from __future__ import annotations

from typing import Any, Final

from cosim.mechanisms import influence
from cosim.mechanisms.rule import rule, turn_rule
from cosim.state import EVENTS, EVENTS_WANTED, KIND, LEAD, OPTION, ROW, ROWS, ROWS_WANTED, SPEAKER, WHAT

TURN: Final = 0  # rows: share taken up, pull back; terms: candour, mandate
REPORT: Final = 1  # rows: share taken up, weight of each member's own view, of what they carry
EVIDENCE: Final = 2  # rows: share learned from outside


@rule
def rewind(state: Any) -> None:
    """Begin a phase's tape."""
    state.tape_used[EVENTS] = 0
    state.tape_used[ROWS] = 0


@turn_rule
def record(
    state: Any, what: tuple[int, int, int, int, int], rows: int, terms: tuple[float, float]
) -> tuple[int, bool]:
    """Write an event and return the first of its rows, and whether there is room for them.

    `what` is (event, option, kind of knowledge, speaker, lead); the rows are the caller's to fill.
    """
    used = state.tape_used
    at = used[EVENTS]
    row = used[ROWS]
    used[EVENTS] = at + 1
    used[ROWS] = row + rows
    if used[EVENTS] > used[EVENTS_WANTED]:
        used[EVENTS_WANTED] = used[EVENTS]
    if used[ROWS] > used[ROWS_WANTED]:
        used[ROWS_WANTED] = used[ROWS]
    if at >= len(state.tape_events) or row + rows > len(state.tape_rows):
        return 0, False
    event = state.tape_events[at]
    event[WHAT] = what[0]
    event[OPTION] = what[1]
    event[KIND] = what[2]
    event[SPEAKER] = what[3]
    event[LEAD] = what[4]
    event[ROW] = row
    state.tape_terms[at, 0] = terms[0]
    state.tape_terms[at, 1] = terms[1]
    return row, True


@rule
def ran_out(state: Any) -> bool:
    """Return whether an event found no room."""
    used = state.tape_used
    return bool(used[EVENTS_WANTED] > len(state.tape_events) or used[ROWS_WANTED] > len(state.tape_rows))


@rule
def play_back(state: Any, options: int, out: Any) -> None:
    """Follow the credit in `state.credit` (options, 4, N) back to its sources, added to `out` (2N,)."""
    if ran_out(state):
        return
    count = len(out) // 2
    at = state.tape_used[EVENTS] - 1
    while at >= 0:
        event = state.tape_events[at]
        credit = state.credit[event[OPTION], event[KIND]]
        row = event[ROW]
        if event[WHAT] == EVIDENCE:
            influence.keep_own(credit, state.tape_rows[row], out[:count])
        else:
            undo_speech(state, event, state.tape_terms[at], credit, out)
        at -= 1
    for o in range(options):
        for k in range(4):
            for j in range(count):
                out[j] += state.credit[o, k, j]


@rule
def undo_speech(state: Any, event: Any, terms: Any, credit: Any, out: Any) -> None:
    """Hand what listeners took from a turn or a report back to who voiced it, and to whom they echoed."""
    count = len(credit)
    row = event[ROW]
    handed = state.handed
    if event[WHAT] == TURN:
        influence.keep_own(credit, state.tape_rows[row + 1], out[:count])
    influence.hand_back(credit, state.tape_rows[row], handed)
    worth = influence.total(handed)
    if event[WHAT] == REPORT:
        for i in range(count):
            credit[i] += worth * state.tape_rows[row + 1, i]
            out[count + i] += worth * state.tape_rows[row + 2, i]
        return
    i = event[SPEAKER]
    frank = terms[0]
    mandate = terms[1]
    credit[i] += worth * frank * (1.0 - mandate)
    out[count + i] += worth * frank * mandate
    if event[LEAD] >= 0:
        credit[event[LEAD]] += worth * (1.0 - frank)
    else:
        credit[i] += worth * (1.0 - frank)
