"""The state of a running project: plain arrays that both engines work on.

The reference model's participants look at their own slices of these arrays; the compiled engine
loops over them.  N members, O options, C constituencies; arrays over listeners have them last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cosim.mechanisms.counters import PEOPLE, TOTALS

if TYPE_CHECKING:
    from cosim.scenario.plan import Bools, Floats, Ints


class State(NamedTuple):
    """Everything that changes while a project runs.

    Attributes
    ----------
    drawn, traits : (N, A)
        Attributes as drawn at the start, and as they hold in this meeting.
    talkative, verbosity, confidence, satisfaction, appraisal, standing, ready : (N,)
        Lasting propensity to speak, and length of turns; confidence; satisfaction so far; learned
        performance expectation; expectation standing; readiness to claim the floor in this meeting.
    load : (N,)
        What this meeting asks of each member, over what they can give.
    credibility, first_impression : (N speakers, 4, N listeners)
    tie : (N speakers, N listeners)
    understood : (N speakers, 4, N listeners)
        Share of a turn that a listener understands in this meeting.
    seat : (N last speakers, N)
        Pull of each seat after each speaker.
    everyone, member, present, may : (N,) bool
        Always true; on the team in this phase; in the meeting; allowed to speak.
    merit, technicality, received : (O, 4)
        Merit; what an option turns on; the received view of its merit.
    drawn_at, chosen_at : (O,), (1,)
        Where in the streams of merit each option is drawn; where the one chosen last was.
    group_view : (O, 4, C)
        What each constituency believes.
    belief, initial : (O, 4, N)
        What each member believes, and where they stand by themselves: what they came with, and what arguments
        have since moved.
    own_part : (O, 4, N)
        Share of a belief that is the member's own deviation still.
    deviation : (O, 4, N)
        That deviation, before anything was held to 0..1.
    pole : (O, 4)
        Whether an option's argument in a kind of knowledge speaks for it (1) or against it (0).
    met : (O, 4, N) bool
        Who holds the argument.
    credited : (O, 4, N)
        Who is credited with it, once it has been said: those who held it, alike; `said` (O, 4) by whom first,
        -1.
    fresh : (O, 4, N speakers, N listeners)
        How new a speaker's position still is to a listener, where `begun` (O, 4, N) says that it was voiced.
    shown, stances, sides : (O, N)
        1 where a member has shown a stance; which; 1 where it is above their own mean over options, else 0.
    at_table : (N tables, 4)
        Of the item on the table: how many at each table have shown a stance, how many of them above their own
        mean, the sum of the stances, and how many sit there.
    middle : (N,)
        Each member's mean over options when the meeting opened.
    mine, engaged, sure : (N,)
        A member's view of the item on the table, engagement with it, and certainty on it.
    mandate_first : (N,)
        Mandate with which a member came into this phase.
    openness, anywhere : (N,)
        Openness in this meeting; 1 for everyone, in the place of `seat` before anybody has spoken.
    hears, seen, pull, distance, share, back, argued : (N,)
        What each listener makes of one turn (compiled loop): whether they hear it, the contributor's common
        credibility, the weight of the turn, its distance, the share taken up, the pull back, the argument.
    last, addressed : (N tables,)
        The last speaker at each table, and whom they spoke to; -1 for nobody.
    voter, pivotal, reached : (N,)
        Who has a vote in this meeting; how much each one's consent matters to the speaker; running sums of
        claims (compiled loop).
    known_others, distance_to_pole : (N,)
        1 for who else at the table has shown a stance; how far each listener is from where an argument
        points.
    shown_view, common_mandate : (1,)
        The stance that a speaker shows; mean mandate of those who may speak.
    polled, polled_stances, polled_sides : (O, N)
        The same as shown, stances and sides while ballots are cast.
    known : (O, 4, N)
        Evidence taken in (Bayesian rule).
    tape_events, tape_terms : (E, columns)
        What happened in this phase, in order (`cosim.model.stages.tape`).
    tape_rows : (R, N)
        The shares by which each event moved each member.
    tape_used : (4,)
        Events and rows so far; the most that any phase has wanted.
    tape_taken : (E,)
        How much of the decision was taken in at each event, where that was asked for.
    parts : (P, N + 1, 3)
        Parts of each phase's decision that are each member's: own, carried, argued; last row: outside.
    decided : (3,)
        The meeting at whose end the phase was decided, how, and which lead there was
        (`MEETING_DECIDED`, `HOW_DECIDED`, `LEAD_THEN`).
    credit, credit_base : (O, 4, N)
        What each belief, and each place where a member stands by themselves, is worth to the decision, while
        influence is read from the tape.
    credit_stance : (O, N)
        The same of the stance that each member has shown.
    credit_argument : (O, 4)
        What each argument has brought.
    handed : (N,)
        What one event hands back.
    carrying, ballot_parts : (N,)
        Each ballot's part in carrying the outcome; its part in the decision, while influence is read.
    views, views_before : (N, O)
        Each member's judgement of each option.
    agenda : (O,)
        Items of the meeting in order; `agenda_size` of them count.
    tabled : (O,) bool
        Whether an option has been on an agenda of this phase.
    listed : (O,)
        The options that can be chosen, in order, as far as they count; `paper` (N, O): their ballots.
    """

    drawn: Floats
    traits: Floats
    talkative: Floats
    verbosity: Floats
    confidence: Floats
    satisfaction: Floats
    load: Floats
    appraisal: Floats
    standing: Floats
    ready: Floats
    credibility: Floats
    first_impression: Floats
    tie: Floats
    understood: Floats
    seat: Floats
    common: Floats
    everyone: Bools
    member: Bools
    present: Bools
    may: Bools
    merit: Floats
    technicality: Floats
    received: Floats
    drawn_at: Ints
    chosen_at: Ints
    group_view: Floats
    belief: Floats
    initial: Floats
    own_part: Floats
    deviation: Floats
    pole: Floats
    met: Bools
    credited: Floats
    said: Ints
    fresh: Floats
    begun: Bools
    shown: Floats
    stances: Floats
    sides: Floats
    polled: Floats
    polled_stances: Floats
    polled_sides: Floats
    at_table: Floats
    middle: Floats
    mine: Floats
    engaged: Floats
    sure: Floats
    mandate_first: Floats
    known: Floats
    tape_events: Ints
    tape_terms: Floats
    tape_rows: Floats
    tape_used: Ints
    tape_taken: Floats
    parts: Floats
    decided: Ints
    credit: Floats
    credit_base: Floats
    credit_stance: Floats
    credit_argument: Floats
    handed: Floats
    carrying: Floats
    ballot_parts: Floats
    views: Floats
    views_before: Floats
    agenda: Ints
    agenda_wish: Floats
    agenda_share: Floats
    tabled: Bools
    listed: Ints
    paper: Floats
    vote: Floats
    table: Ints
    spent: Floats
    raised: Ints
    heard: Floats
    gained: Floats
    stake: Floats
    claims: Floats
    reached: Floats
    eligible: Bools
    last: Ints
    addressed: Ints
    voter: Bools
    pivotal: Floats
    openness: Floats
    anywhere: Floats
    hears: Bools
    seen: Floats
    pull: Floats
    distance: Floats
    share: Floats
    back: Floats
    argued: Floats
    known_others: Floats
    distance_to_pole: Floats
    shown_view: Floats
    common_mandate: Floats
    scratch: Floats
    states: Floats
    order: Ints
    ballots: Floats
    sources: Floats
    dials: Floats
    people: Floats
    totals: Floats


class Rows(NamedTuple):
    """Where a batch of R projects writes its results.

    Attributes
    ----------
    runs : (R, outcomes)
    people : (R, N, columns), or (0, ...) when not wanted
    choices : (R, phases)
        Options chosen.
    parts : (R, phases, N + 1, 3), or (0, ...) when not wanted
        Parts of each decision that are each member's: own, carried, argued; in the last row what came from
        outside.
    log : (rows,) of `cosim.model.turn_records.TURN`
        Room for the turn log of the last project.
    """

    runs: Floats
    people: Floats
    choices: Ints
    parts: Floats
    log: NDArray[np.void]


MOST_PHASES: Final = 4

INVITATION = 0
POINTER = 1
QUEUE_CLOCK = 2
LAST_SPEAKER = 3
OPENER = 4
VOTERS = 5
QUOTA = 6
LAST_WORD = 7
ALIKE = 8
DIALS = 9
"""Length of `State.dials`: the invitation dial as monitoring has set it, the round's pointer, the queue's
clock, the last speaker of the meeting (-1: none yet), who has yet to open the item (-1: nobody), votes there
are and votes needed, the chance that the lead alone decides, and 1 where all but the lead's consent matters
alike."""


# Places of `State.decided`
MEETING_DECIDED: Final = 0
HOW_DECIDED: Final = 1
LEAD_THEN: Final = 2

# How a decision came about: by ballots, by the lead's ballot, by the lead's override, or settled before
BY_BALLOTS: Final = 0
BY_LEADS_BALLOT: Final = 1
BY_LEAD: Final = 2
BEFOREHAND: Final = 3

# Columns of `State.at_table`: who has shown a stance, who of them one above their own mean, the sum of the
# stances shown, and who sits there
KNOWN_THERE: Final = 0
ABOVE_THERE: Final = 1
SUM_THERE: Final = 2
SEATED_THERE: Final = 3

# Rows of `State.states`: what members' standing comes from
PRESTIGE_ROW: Final = 0
EXPERTISE_ROW: Final = 1
LEADERSHIP_ROW: Final = 2
APPRAISAL_ROW: Final = 3

# Columns of `State.parts`, and blocks of N in `State.sources`: where a decision came from.  What came from
# outside is a single number, at the end
FROM_OWN: Final = 0
FROM_CARRIED: Final = 1
FROM_ARGUMENTS: Final = 2
FROM_OUTSIDE: Final = 3

# Columns of `State.tape_events`; the last four are rows of `State.tape_rows`, -1 where there is none
WHAT: Final = 0
OPTION: Final = 1
KIND: Final = 2
SPEAKER: Final = 3
LEAD: Final = 4
SHARES: Final = 5
ARGUED: Final = 6
OTHERS: Final = 7
BACK: Final = 8
EVENT_COLUMNS: Final = 9

# Columns of `State.tape_terms`: the bend to the lead and to the others, the bound share, the speaker's
# weights of the kinds of knowledge, and 1 where a stance was shown
TO_LEAD: Final = 0
TO_OTHERS: Final = 1
BOUND: Final = 2
WEIGHED: Final = 3
SHOWS: Final = 7
TERM_COLUMNS: Final = 8

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
        load=np.zeros(n),
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
        received=np.zeros((o, 4)),
        drawn_at=np.zeros(o, dtype=np.int64),
        chosen_at=np.zeros(1, dtype=np.int64),
        group_view=np.zeros((o, 4, constituencies)),
        belief=np.zeros((o, 4, n)),
        initial=np.zeros((o, 4, n)),
        own_part=np.zeros((o, 4, n)),
        deviation=np.zeros((o, 4, n)),
        pole=np.zeros((o, 4)),
        met=np.zeros((o, 4, n), dtype=np.bool_),
        credited=np.zeros((o, 4, n)),
        said=np.zeros((o, 4), dtype=np.int64),
        fresh=np.zeros((o, 4, n, n)),
        begun=np.zeros((o, 4, n), dtype=np.bool_),
        shown=np.zeros((o, n)),
        stances=np.zeros((o, n)),
        sides=np.zeros((o, n)),
        polled=np.zeros((o, n)),
        polled_stances=np.zeros((o, n)),
        polled_sides=np.zeros((o, n)),
        at_table=np.zeros((n, 4)),
        middle=np.zeros(n),
        mine=np.zeros(n),
        engaged=np.zeros(n),
        sure=np.zeros(n),
        mandate_first=np.zeros(n),
        known=np.zeros((o, 4, n)),
        tape_events=np.zeros((tape, EVENT_COLUMNS), dtype=np.int64),
        tape_terms=np.zeros((tape, TERM_COLUMNS)),
        tape_rows=np.zeros((2 * tape, n)),
        tape_used=np.zeros(4, dtype=np.int64),
        tape_taken=np.zeros(tape),
        parts=np.zeros((MOST_PHASES, n + 1, 3)),
        decided=np.zeros(3, dtype=np.int64),
        credit=np.zeros((o, 4, n)),
        credit_base=np.zeros((o, 4, n)),
        credit_stance=np.zeros((o, n)),
        credit_argument=np.zeros((o, 4)),
        handed=np.zeros(n),
        carrying=np.zeros(n),
        ballot_parts=np.zeros(n),
        views=np.zeros((n, o)),
        views_before=np.zeros((n, o)),
        agenda=np.zeros(o, dtype=np.int64),
        agenda_wish=np.zeros(o),
        agenda_share=np.zeros(n),
        tabled=np.zeros(o, dtype=np.bool_),
        listed=np.zeros(o, dtype=np.int64),
        paper=np.zeros((n, o)),
        vote=np.zeros(n),
        table=np.zeros(n, dtype=np.int64),
        spent=np.zeros(n),
        raised=np.zeros(n, dtype=np.int64),
        heard=np.zeros(n),
        gained=np.zeros(n),
        stake=np.zeros(n),
        claims=np.zeros(n),
        reached=np.zeros(n),
        eligible=np.zeros(n, dtype=np.bool_),
        last=np.zeros(n, dtype=np.int64),
        addressed=np.zeros(n, dtype=np.int64),
        voter=np.zeros(n, dtype=np.bool_),
        pivotal=np.zeros(n),
        openness=np.zeros(n),
        anywhere=np.ones(n),
        hears=np.zeros(n, dtype=np.bool_),
        seen=np.zeros(n),
        pull=np.zeros(n),
        distance=np.zeros(n),
        share=np.zeros(n),
        back=np.zeros(n),
        argued=np.zeros(n),
        known_others=np.zeros(n),
        distance_to_pole=np.zeros(n),
        shown_view=np.zeros(1),
        common_mandate=np.zeros(1),
        scratch=np.zeros((4, max(n, o, 4))),  # 4: roles, kinds and characteristics
        states=np.zeros((4, n)),
        order=np.zeros(n, dtype=np.int64),
        ballots=np.zeros((n, o)),
        sources=np.zeros(3 * n + 1),
        dials=np.zeros(DIALS),
        people=np.zeros((n, PEOPLE)),
        totals=np.zeros(TOTALS),
    )


def with_room(state: State) -> State:
    """Return the state with room on its tape for what may happen before the next look (readable model).

    A turn is one event; a report has one for each option and kind of knowledge, ballots one for each member
    and option.
    """
    ahead = 4 * (len(state.merit) + len(state.vote)) * len(state.merit)
    events, rows = len(state.tape_events), len(state.tape_rows)
    if state.tape_used[EVENTS] + ahead <= events and state.tape_used[ROWS] + 4 * ahead <= rows:
        return state
    return with_tape(state, 2 * events + ahead, 2 * rows + 4 * ahead)


def with_tape(state: State, events: int, rows: int) -> State:
    """Return the state with a tape of so many events and rows; what is on it stays."""
    longer = {}
    lengths = {"tape_events": events, "tape_terms": events, "tape_taken": events, "tape_rows": rows}
    for name, length in lengths.items():
        old = getattr(state, name)
        new = np.zeros((length, *old.shape[1:]), dtype=old.dtype)
        new[: len(old)] = old[:length]
        longer[name] = new
    return state._replace(**longer)
