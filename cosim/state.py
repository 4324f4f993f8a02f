"""The state of a running project: plain arrays that both engines work on.

The reference model's participants look at their own slices of these arrays; the compiled engine
loops over them.  N members, O options, C constituencies; arrays over listeners have them last.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from cosim.mechanisms.tally import PEOPLE, TOTALS


class State(NamedTuple):
    """Everything that changes while a project runs.

    Attributes
    ----------
    drawn, traits : (N, A)
        Attributes as drawn at the start, and as they hold in this meeting.
    talkative, verbosity, confidence, satisfaction, appraisal, standing, ready : (N,)
        Lasting propensity to speak, and length of turns; confidence; satisfaction so far; learned
        performance expectation; expectation standing; readiness to claim the floor in this meeting.
    credibility, first_impression : (N speakers, 4, N listeners)
    tie : (N speakers, N listeners)
    understood : (N speakers, 4, N listeners)
        Share of a turn that a listener understands in this meeting.
    seat : (N last speakers, N)
        Pull of each seat after each speaker.
    everyone, member, present, may : (N,) bool
        Always true; on the team in this phase; in the meeting; allowed to speak.
    merit, technicality : (O, 4)
    group_view : (O, 4, C)
        What each constituency believes.
    belief, initial : (O, 4, N)
    openness, anywhere : (N,)
        Openness in this meeting; 1 for everyone, in the place of `seat` before anybody has spoken.
    hears, seen, pull, distance, share, back : (N,)
        What each listener makes of one turn (compiled loop): whether they hear it, the contributor's common
        credibility, the weight of the turn, its distance, the share taken up, the pull back.
    known : (O, 4, N)
        Evidence taken in (Bayesian rule).
    tape_events, tape_terms : (E, columns)
        What happened in this phase, in order (`cosim.stages.tape`).
    tape_rows : (R, N)
        The shares by which each event moved each member.
    tape_used : (4,)
        Events and rows so far; the most that any phase has wanted.
    credit : (O, 4, N)
        What each belief is worth to the decision, while influence is read from the tape.
    handed : (N,)
        What one event hands back.
    views, views_before : (N, O)
        Each member's judgement of each option.
    agenda : (O,)
        Items of the meeting in order; `agenda_size` of them count.
    """

    drawn: Any
    traits: Any
    talkative: Any
    verbosity: Any
    confidence: Any
    satisfaction: Any
    appraisal: Any
    standing: Any
    ready: Any
    credibility: Any
    first_impression: Any
    tie: Any
    understood: Any
    seat: Any
    common: Any
    everyone: Any
    member: Any
    present: Any
    may: Any
    merit: Any
    technicality: Any
    path: Any
    group_view: Any
    belief: Any
    initial: Any
    known: Any
    tape_events: Any
    tape_terms: Any
    tape_rows: Any
    tape_used: Any
    credit: Any
    handed: Any
    views: Any
    views_before: Any
    agenda: Any
    agenda_wish: Any
    agenda_share: Any
    vote: Any
    table: Any
    spent: Any
    raised: Any
    heard: Any
    gained: Any
    stake: Any
    claims: Any
    eligible: Any
    last: Any
    before_last: Any
    openness: Any
    anywhere: Any
    hears: Any
    seen: Any
    pull: Any
    distance: Any
    share: Any
    back: Any
    scratch: Any
    states: Any
    order: Any
    mix: Any
    ballots: Any
    sources: Any
    dials: Any
    people: Any
    totals: Any


class Rows(NamedTuple):
    """Where a batch of R projects writes its results.

    Attributes
    ----------
    runs : (R, outcomes)
    people : (R, N, columns), or (0, ...) when not wanted
    choices : (R, phases)
        Options chosen.
    log : (rows,) of `cosim.turnlog.TURN`
        Room for the turn log of the last project.
    """

    runs: Any
    people: Any
    choices: Any
    log: Any


INVITATION = 0
POINTER = 1
QUEUE_CLOCK = 2
LAST_SPEAKER = 3
DIALS = 4
"""Length of `State.dials`: the invitation dial as monitoring has set it, the round's pointer, the queue's
clock, and the last speaker of the meeting (-1: none yet)."""


# Columns of `State.tape_events`
WHAT: Final = 0
OPTION: Final = 1
KIND: Final = 2
SPEAKER: Final = 3
LEAD: Final = 4
ROW: Final = 5
EVENT_COLUMNS: Final = 6
TERM_COLUMNS: Final = 2

# Places of `State.tape_used`
EVENTS: Final = 0
ROWS: Final = 1
EVENTS_WANTED: Final = 2
ROWS_WANTED: Final = 3


def new_state(count: int, attributes: int, options: int, constituencies: int, *, tape: int = 4096) -> State:
    """Return empty arrays for `count` members, at most `options` options in a phase, and a tape's events."""
    n, o = count, options
    return State(
        drawn=np.zeros((n, attributes)),
        traits=np.zeros((n, attributes)),
        talkative=np.zeros(n),
        verbosity=np.zeros(n),
        confidence=np.zeros(n),
        satisfaction=np.zeros(n),
        appraisal=np.zeros(n),
        standing=np.zeros(n),
        ready=np.zeros(n),
        credibility=np.zeros((n, 4, n)),
        first_impression=np.zeros((n, 4, n)),
        tie=np.zeros((n, n)),
        understood=np.zeros((n, 4, n)),
        seat=np.zeros((n, n)),
        common=np.zeros(4),
        everyone=np.ones(n, dtype=np.bool_),
        member=np.zeros(n, dtype=np.bool_),
        present=np.zeros(n, dtype=np.bool_),
        may=np.zeros(n, dtype=np.bool_),
        merit=np.zeros((o, 4)),
        technicality=np.zeros((o, 4)),
        path=np.zeros(4),
        group_view=np.zeros((o, 4, constituencies)),
        belief=np.zeros((o, 4, n)),
        initial=np.zeros((o, 4, n)),
        known=np.zeros((o, 4, n)),
        tape_events=np.zeros((tape, EVENT_COLUMNS), dtype=np.int64),
        tape_terms=np.zeros((tape, TERM_COLUMNS)),
        tape_rows=np.zeros((2 * tape, n)),
        tape_used=np.zeros(4, dtype=np.int64),
        credit=np.zeros((o, 4, n)),
        handed=np.zeros(n),
        views=np.zeros((n, o)),
        views_before=np.zeros((n, o)),
        agenda=np.zeros(o, dtype=np.int64),
        agenda_wish=np.zeros(o),
        agenda_share=np.zeros(n),
        vote=np.zeros(n),
        table=np.zeros(n, dtype=np.int64),
        spent=np.zeros(n),
        raised=np.zeros(n, dtype=np.int64),
        heard=np.zeros(n),
        gained=np.zeros(n),
        stake=np.zeros(n),
        claims=np.zeros(n),
        eligible=np.zeros(n, dtype=np.bool_),
        last=np.zeros(n, dtype=np.int64),
        before_last=np.zeros(n, dtype=np.int64),
        openness=np.zeros(n),
        anywhere=np.ones(n),
        hears=np.zeros(n, dtype=np.bool_),
        seen=np.zeros(n),
        pull=np.zeros(n),
        distance=np.zeros(n),
        share=np.zeros(n),
        back=np.zeros(n),
        scratch=np.zeros((4, max(n, o, 4))),  # 4: roles, kinds and characteristics
        states=np.zeros((4, n)),
        order=np.zeros(n, dtype=np.int64),
        mix=np.zeros((n, n)),
        ballots=np.zeros((n, o)),
        sources=np.zeros(2 * n),
        dials=np.zeros(DIALS),
        people=np.zeros((n, PEOPLE)),
        totals=np.zeros(TOTALS),
    )


def with_room(state: State) -> State:
    """Return the state with room on its tape for what may happen before the next look (readable model).

    A turn is one event; a report has one for each option and kind of knowledge.
    """
    ahead = 4 * (len(state.merit) + len(state.vote)) * len(state.merit)
    events, rows = len(state.tape_events), len(state.tape_rows)
    if state.tape_used[0] + ahead <= events and state.tape_used[1] + 4 * ahead <= rows:
        return state
    return with_tape(state, 2 * events + ahead, 2 * rows + 4 * ahead)


def with_tape(state: State, events: int, rows: int) -> State:
    """Return the state with a tape of so many events and rows; what is on it stays."""
    longer = {}
    for name, length in (("tape_events", events), ("tape_terms", events), ("tape_rows", rows)):
        old = getattr(state, name)
        new = np.zeros((length, old.shape[1]), dtype=old.dtype)
        new[: len(old)] = old[:length]
        longer[name] = new
    return state._replace(**longer)
