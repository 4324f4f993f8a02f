"""How every outcome is computed, in one place, from the tally of a finished project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cosim.mechanisms import counters
from cosim.mechanisms.compiled import rule
from cosim.mechanisms.inequality import gini, theil
from cosim.outcomes.records import PERSON_COLUMNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# `plan` and `state` are Any: their types belong to layers that this one does not know.

PART_OF_PHASE = PERSON_COLUMNS.index("part_governance")
"""The first of the columns for a member's part of each phase's decision."""


@rule
def ratio(part: float, whole: float) -> float:
    """Return part over whole; 0 when there is no whole."""
    return part / whole if whole != 0.0 else 0.0


@rule
def sum_over(people: Floats, column: int, counted: Bools) -> float:
    """Return the sum of a column over those counted."""
    total = 0.0
    for i in range(len(counted)):
        if counted[i]:
            total += people[i, column]
    return total


@rule
def parity(part: float, whole: float, seats: float, members: float) -> float:
    """Return a share over the share of seats: 1 is equal; 0 when nobody has any, or no seats."""
    if whole <= 0.0 or seats <= 0.0:
        return 0.0
    return (part / whole) / (seats / members)


def measure(plan: Any, state: Any, out: Floats) -> None:
    """Fill `out` (outcomes,) from the tally of a finished project, in the order of `OUTCOMES`."""
    _finish_people(plan, state)
    at = _measure_voice(plan, state, out, 0)
    at = _measure_influence(plan, state, out, at)
    at = _measure_agreement(plan, state, out, at)
    at = _measure_decision(plan, state, out, at)
    _measure_process(plan, state, out, at)


@rule
def _put(out: Floats, at: int, values: tuple[float, ...]) -> int:
    for n in range(len(values)):
        out[at + n] = values[n]
    return at + len(values)


@rule
def _finish_people(plan: Any, state: Any) -> None:
    for i in range(len(plan.uid)):
        total = 0.0
        for k in range(4):
            for j in range(len(plan.uid)):
                if j != i:
                    total += state.credibility[i, k, j]
        state.people[i, counters.CREDIBILITY_LAST] = total / (4.0 * (len(plan.uid) - 1.0))
        state.people[i, counters.CONFIDENCE_LAST] = state.confidence[i]
        person = state.people[i]
        state.scratch[0, i] = person[counters.OWN] + person[counters.CARRIED] + person[counters.ARGUED]


@rule
def _measure_voice(plan: Any, state: Any, out: Floats, at: int) -> int:
    people, totals, public = state.people, state.totals, plan.is_public
    count = len(plan.uid) * 1.0
    everyone = state.everyone
    seats = 0.0
    for i in range(len(public)):
        seats += 1.0 if public[i] else 0.0
    turns = sum_over(people, counters.TURNS, public)
    words = sum_over(people, counters.WORDS, public)
    written = sum_over(people, counters.WRITTEN, public)
    uptake = sum_over(people, counters.UPTAKE, public)
    spoken = sum_over(people, counters.TURNS, everyone)
    moved = sum_over(people, counters.UPTAKE, everyone)
    equal = totals[counters.T_EXPECTED_TURNS_PUBLIC]
    return int(
        _put(
            out,
            at,
            (
                gini(people[:, counters.TURNS], everyone),
                ratio(turns, equal),
                gini(people[:, counters.WORDS], everyone),
                ratio(ratio(words, sum_over(people, counters.WORDS, everyone)), ratio(equal, spoken)),
                gini(people[:, counters.UPTAKE], everyone),
                parity(uptake, moved, seats, count),
                ratio(
                    ratio(uptake, turns + written),
                    ratio(moved, spoken + sum_over(people, counters.WRITTEN, everyone)),
                ),
            ),
        )
    )


@rule
def _measure_influence(plan: Any, state: Any, out: Floats, at: int) -> int:
    people, totals = state.people, state.totals
    count = len(plan.uid)
    shares = state.scratch[0, :count]
    by_role = state.scratch[1]
    seats = state.scratch[2]
    for r in range(4):
        by_role[r] = 0.0
        seats[r] = 0.0
    least = shares[0]
    lead = 0.0
    vote = 0.0
    for i in range(count):
        by_role[plan.role[i]] += shares[i]
        seats[plan.role[i]] += 1.0
        least = shares[i] if shares[i] < least else least
        lead += shares[i] if plan.is_lead[i] else 0.0
        vote += people[i, counters.VOTE] if plan.is_public[i] else 0.0
    inside = 0.0
    say = 0.0
    own = 0.0
    carried = 0.0
    argued = 0.0
    for i in range(count):
        inside += shares[i]
        own += people[i, counters.OWN]
        carried += people[i, counters.CARRIED]
        argued += people[i, counters.ARGUED]
        say += people[i, counters.SAY]
    public_say = sum_over(people, counters.SAY, plan.is_public)
    for i in range(count):
        shares[i] = ratio(shares[i], inside)
    public = parity(by_role[3], inside, seats[3], count)
    unequal, within = theil(shares, plan.role)
    contributions = sum_over(people, counters.TURNS, plan.is_public) + sum_over(
        people, counters.WRITTEN, plan.is_public
    )
    held_back = contributions - sum_over(people, counters.FRANKNESS, plan.is_public)
    return int(
        _put(
            out,
            at,
            (
                gini(shares, state.everyone),
                public,
                parity(by_role[0], inside, seats[0], count),
                parity(by_role[1], inside, seats[1], count),
                parity(by_role[2], inside, seats[2], count),
                ratio(least * count, inside),
                ratio(lead * count, inside),
                ratio(within, unequal),
                unequal,
                ratio(sum_over(people, counters.CARRIED, plan.is_public), by_role[3]),
                parity(public_say, say, seats[3], count),
                100.0 * own,
                100.0 * carried,
                100.0 * argued,
                100.0 * totals[counters.T_OUTSIDE],
                100.0 * by_role[3],
                100.0 * lead,
                parity(vote, 1.0, seats[3], count),
                parity(totals[counters.T_AGENDA_SHARE_PUBLIC], totals[counters.T_MEETINGS], seats[3], count),
                ratio(held_back, contributions),
                out[1] - public,
                totals[counters.T_PROMISE_GAP],
                ratio(sum_over(people, counters.PERCEIVED, plan.is_public), seats[3]),
            ),
        )
    )


@rule
def _measure_agreement(plan: Any, state: Any, out: Floats, at: int) -> int:
    totals = state.totals
    contributions = sum_over(state.people, counters.TURNS, plan.is_public)
    contributions += sum_over(state.people, counters.WRITTEN, plan.is_public)
    return int(
        _put(
            out,
            at,
            (
                totals[counters.T_AGREEMENT_BEFORE],
                totals[counters.T_AGREEMENT_AFTER],
                totals[counters.T_MOVED_PUBLIC],
                totals[counters.T_MOVED_STAFF],
                totals[counters.T_FALSE_AGREEMENT],
                totals[counters.T_MOVED],
                totals[counters.T_FIRST_CHANGED],
                totals[counters.T_SHIFT],
                totals[counters.T_CLOSED],
                totals[counters.T_DISSENT],
                totals[counters.T_REPRESENTATION],
                totals[counters.T_POSITION_ERROR],
                ratio(sum_over(state.people, counters.MISVOICED, plan.is_public), contributions),
            ),
        )
    )


@rule
def _measure_decision(plan: Any, state: Any, out: Floats, at: int) -> int:
    totals = state.totals
    return int(
        _put(
            out,
            at,
            (
                totals[counters.T_QUALITY],
                totals[counters.T_RIGOUR],
                totals[counters.T_RELEVANCE],
                totals[counters.T_IN_USE],
                ratio(totals[counters.T_AGENDA_PUBLIC], totals[counters.T_MEETINGS]),
                totals[counters.T_ACCEPT_MEAN],
                totals[counters.T_ACCEPT_SD],
                totals[counters.T_OVERRIDDEN],
                totals[counters.T_UNDECIDED],
                totals[counters.T_CONSENSUS],
                totals[counters.T_CARRIED_OUT],
                totals[counters.T_SETTLED],
                totals[counters.T_ENACTED],
            ),
        )
    )


@rule
def _measure_process(plan: Any, state: Any, out: Floats, at: int) -> int:
    people, totals, public = state.people, state.totals, plan.is_public
    everyone = state.everyone
    seats = 0.0
    for i in range(len(public)):
        seats += 1.0 if public[i] else 0.0
    cut = sum_over(people, counters.CUT, everyone)
    turns = sum_over(people, counters.TURNS, everyone)
    seen = sum_over(people, counters.CREDIBILITY_LAST, public) - sum_over(
        people, counters.CREDIBILITY_FIRST, public
    )
    sure = sum_over(people, counters.CONFIDENCE_LAST, public) - sum_over(
        people, counters.CONFIDENCE_FIRST, public
    )
    public_cut = ratio(sum_over(people, counters.CUT, public), sum_over(people, counters.TURNS, public))
    return int(
        _put(
            out,
            at,
            (
                totals[counters.T_TIES_LAST] - totals[counters.T_TIES_FIRST],
                ratio(seen, seats),
                ratio(sure, seats),
                ratio(
                    sum_over(people, counters.ATTENDED, public), sum_over(people, counters.MEETINGS, public)
                ),
                ratio(cut, totals[counters.T_TALK_MINUTES] / 60.0),
                ratio(public_cut, ratio(cut, turns)),
                ratio(totals[counters.T_OFF_REMIT], turns),
                ratio(totals[counters.T_STEERED], turns),
                turns,
                totals[counters.T_MINUTES],
                totals[counters.T_HOURS_PUBLIC] + totals[counters.T_HOURS_STAFF],
                totals[counters.T_MONEY],
                totals[counters.T_SCORE],
            ),
        )
    )


def measure_people(plan: Any, state: Any, out: Floats) -> None:
    """Fill `out` (N, columns) from the tally of a finished project, in the order of `PERSON_COLUMNS`."""
    people = state.people
    everyone = state.everyone
    turns = sum_over(people, counters.TURNS, everyone)
    words = sum_over(people, counters.WORDS, everyone)
    uptake = sum_over(people, counters.UPTAKE, everyone)
    for i in range(len(plan.uid)):
        row = people[i]
        contributions = row[counters.TURNS] + row[counters.WRITTEN]
        _put(
            out[i],
            0,
            (
                ratio(row[counters.TURNS], turns),
                ratio(row[counters.WORDS], words),
                ratio(row[counters.UPTAKE], uptake),
                row[counters.OWN] + row[counters.CARRIED] + row[counters.ARGUED],
                row[counters.OWN],
                row[counters.CARRIED],
                row[counters.ARGUED],
                row[counters.BROUGHT],
                row[counters.SAY],
                ratio(row[counters.AGENDA], state.totals[counters.T_MEETINGS]),
                row[counters.VOTE],
                row[counters.PERCEIVED],
                row[counters.ACCEPTANCE],
                row[counters.TURNS],
                row[counters.WORDS],
                row[counters.WRITTEN],
                row[counters.EXPECTED],
                row[counters.CUT],
                row[counters.INVITED],
                ratio(row[counters.FRANKNESS], contributions),
                ratio(row[counters.ATTENDED], row[counters.MEETINGS]),
                row[counters.CONFIDENCE_FIRST],
                row[counters.CONFIDENCE_LAST],
                row[counters.CREDIBILITY_FIRST],
                row[counters.CREDIBILITY_LAST],
                row[counters.IN_USE],
                ratio(row[counters.LOAD], row[counters.MEETINGS]),
                0.0,
                0.0,
                0.0,
                0.0,
            ),
        )
        for phase in range(len(plan.phases)):
            part = state.parts[phase, i, 0] + state.parts[phase, i, 1] + state.parts[phase, i, 2]
            out[i, PART_OF_PHASE + plan.phases[phase].code] = 100.0 * part
