"""How every outcome is computed, in one place, from the tally of a finished project."""

from __future__ import annotations

from typing import Any

from cosim.mechanisms import tally
from cosim.mechanisms.inequality import gini, theil
from cosim.mechanisms.rule import rule


@rule
def ratio(part: float, whole: float) -> float:
    """Return part over whole; 0 when there is no whole."""
    return part / whole if whole != 0.0 else 0.0


@rule
def sum_over(people: Any, column: int, counted: Any) -> float:
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


def measure(plan: Any, state: Any, out: Any) -> None:
    """Fill `out` (outcomes,) from the tally of a finished project, in the order of `OUTCOMES`."""
    _finish_people(plan, state)
    at = _measure_voice(plan, state, out, 0)
    at = _measure_influence(plan, state, out, at)
    at = _measure_agreement(plan, state, out, at)
    at = _measure_decision(plan, state, out, at)
    _measure_process(plan, state, out, at)


@rule
def _put(out: Any, at: int, values: Any) -> int:
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
        state.people[i, tally.CREDIBILITY_LAST] = total / (4.0 * (len(plan.uid) - 1.0))
        state.people[i, tally.CONFIDENCE_LAST] = state.confidence[i]
        person = state.people[i]
        state.scratch[0, i] = person[tally.OWN] + person[tally.CARRIED] + person[tally.ARGUED]


@rule
def _measure_voice(plan: Any, state: Any, out: Any, at: int) -> int:
    people, totals, public = state.people, state.totals, plan.is_public
    count = len(plan.uid) * 1.0
    everyone = state.everyone
    seats = 0.0
    for i in range(len(public)):
        seats += 1.0 if public[i] else 0.0
    turns = sum_over(people, tally.TURNS, public)
    words = sum_over(people, tally.WORDS, public)
    written = sum_over(people, tally.WRITTEN, public)
    uptake = sum_over(people, tally.UPTAKE, public)
    spoken = sum_over(people, tally.TURNS, everyone)
    moved = sum_over(people, tally.UPTAKE, everyone)
    equal = totals[tally.T_EXPECTED_TURNS_PUBLIC]
    return int(
        _put(
            out,
            at,
            (
                gini(people[:, tally.TURNS], everyone),
                ratio(turns, equal),
                gini(people[:, tally.WORDS], everyone),
                ratio(ratio(words, sum_over(people, tally.WORDS, everyone)), ratio(equal, spoken)),
                gini(people[:, tally.UPTAKE], everyone),
                parity(uptake, moved, seats, count),
                ratio(
                    ratio(uptake, turns + written),
                    ratio(moved, spoken + sum_over(people, tally.WRITTEN, everyone)),
                ),
            ),
        )
    )


@rule
def _measure_influence(plan: Any, state: Any, out: Any, at: int) -> int:
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
        vote += people[i, tally.VOTE] if plan.is_public[i] else 0.0
    inside = 0.0
    say = 0.0
    own = 0.0
    carried = 0.0
    argued = 0.0
    for i in range(count):
        inside += shares[i]
        own += people[i, tally.OWN]
        carried += people[i, tally.CARRIED]
        argued += people[i, tally.ARGUED]
        say += people[i, tally.SAY]
    public_say = sum_over(people, tally.SAY, plan.is_public)
    for i in range(count):
        shares[i] = ratio(shares[i], inside)
    public = parity(by_role[3], inside, seats[3], count)
    unequal, within = theil(shares, plan.role)
    contributions = sum_over(people, tally.TURNS, plan.is_public) + sum_over(
        people, tally.WRITTEN, plan.is_public
    )
    held_back = contributions - sum_over(people, tally.FRANKNESS, plan.is_public)
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
                ratio(sum_over(people, tally.CARRIED, plan.is_public), by_role[3]),
                parity(public_say, say, seats[3], count),
                100.0 * own,
                100.0 * carried,
                100.0 * argued,
                100.0 * totals[tally.T_OUTSIDE],
                100.0 * by_role[3],
                100.0 * lead,
                parity(vote, 1.0, seats[3], count),
                parity(totals[tally.T_AGENDA_SHARE_PUBLIC], totals[tally.T_MEETINGS], seats[3], count),
                ratio(held_back, contributions),
                out[1] - public,
                totals[tally.T_PROMISE_GAP],
                ratio(sum_over(people, tally.PERCEIVED, plan.is_public), seats[3]),
            ),
        )
    )


@rule
def _measure_agreement(plan: Any, state: Any, out: Any, at: int) -> int:
    totals = state.totals
    contributions = sum_over(state.people, tally.TURNS, plan.is_public)
    contributions += sum_over(state.people, tally.WRITTEN, plan.is_public)
    return int(
        _put(
            out,
            at,
            (
                totals[tally.T_AGREEMENT_BEFORE],
                totals[tally.T_AGREEMENT_AFTER],
                totals[tally.T_MOVED_PUBLIC],
                totals[tally.T_MOVED_STAFF],
                totals[tally.T_FALSE_AGREEMENT],
                totals[tally.T_MOVED],
                totals[tally.T_FIRST_CHANGED],
                totals[tally.T_SHIFT],
                totals[tally.T_CLOSED],
                totals[tally.T_DISSENT],
                totals[tally.T_REPRESENTATION],
                totals[tally.T_POSITION_ERROR],
                ratio(sum_over(state.people, tally.MISVOICED, plan.is_public), contributions),
            ),
        )
    )


@rule
def _measure_decision(plan: Any, state: Any, out: Any, at: int) -> int:
    totals = state.totals
    return int(
        _put(
            out,
            at,
            (
                totals[tally.T_QUALITY],
                totals[tally.T_RIGOUR],
                totals[tally.T_RELEVANCE],
                ratio(totals[tally.T_AGENDA_PUBLIC], totals[tally.T_MEETINGS]),
                totals[tally.T_ACCEPT_MEAN],
                totals[tally.T_ACCEPT_SD],
                totals[tally.T_OVERRIDDEN],
                totals[tally.T_UNDECIDED],
                totals[tally.T_CONSENSUS],
                totals[tally.T_CARRIED_OUT],
                totals[tally.T_SETTLED],
                totals[tally.T_ENACTED],
            ),
        )
    )


@rule
def _measure_process(plan: Any, state: Any, out: Any, at: int) -> int:
    people, totals, public = state.people, state.totals, plan.is_public
    everyone = state.everyone
    seats = 0.0
    for i in range(len(public)):
        seats += 1.0 if public[i] else 0.0
    cut = sum_over(people, tally.CUT, everyone)
    turns = sum_over(people, tally.TURNS, everyone)
    seen = sum_over(people, tally.CREDIBILITY_LAST, public) - sum_over(
        people, tally.CREDIBILITY_FIRST, public
    )
    sure = sum_over(people, tally.CONFIDENCE_LAST, public) - sum_over(people, tally.CONFIDENCE_FIRST, public)
    public_cut = ratio(sum_over(people, tally.CUT, public), sum_over(people, tally.TURNS, public))
    return int(
        _put(
            out,
            at,
            (
                totals[tally.T_TIES_LAST] - totals[tally.T_TIES_FIRST],
                ratio(seen, seats),
                ratio(sure, seats),
                ratio(sum_over(people, tally.ATTENDED, public), sum_over(people, tally.MEETINGS, public)),
                ratio(cut, totals[tally.T_TALK_MINUTES] / 60.0),
                ratio(public_cut, ratio(cut, turns)),
                ratio(totals[tally.T_OFF_REMIT], turns),
                ratio(totals[tally.T_STEERED], turns),
                turns,
                totals[tally.T_MINUTES],
                totals[tally.T_HOURS_PUBLIC] + totals[tally.T_HOURS_STAFF],
                totals[tally.T_MONEY],
                totals[tally.T_SCORE],
            ),
        )
    )


def measure_people(plan: Any, state: Any, out: Any) -> None:
    """Fill `out` (N, columns) from the tally of a finished project, in the order of `PERSON_COLUMNS`."""
    people = state.people
    everyone = state.everyone
    turns = sum_over(people, tally.TURNS, everyone)
    words = sum_over(people, tally.WORDS, everyone)
    uptake = sum_over(people, tally.UPTAKE, everyone)
    for i in range(len(plan.uid)):
        row = people[i]
        contributions = row[tally.TURNS] + row[tally.WRITTEN]
        _put(
            out[i],
            0,
            (
                ratio(row[tally.TURNS], turns),
                ratio(row[tally.WORDS], words),
                ratio(row[tally.UPTAKE], uptake),
                row[tally.OWN] + row[tally.CARRIED] + row[tally.ARGUED],
                row[tally.OWN],
                row[tally.CARRIED],
                row[tally.ARGUED],
                row[tally.BROUGHT],
                row[tally.SAY],
                ratio(row[tally.AGENDA], state.totals[tally.T_MEETINGS]),
                row[tally.VOTE],
                row[tally.PERCEIVED],
                row[tally.ACCEPTANCE],
                row[tally.TURNS],
                row[tally.WORDS],
                row[tally.WRITTEN],
                row[tally.EXPECTED],
                row[tally.CUT],
                row[tally.INVITED],
                ratio(row[tally.FRANKNESS], contributions),
                ratio(row[tally.ATTENDED], row[tally.MEETINGS]),
                row[tally.CONFIDENCE_FIRST],
                row[tally.CONFIDENCE_LAST],
                row[tally.CREDIBILITY_FIRST],
                row[tally.CREDIBILITY_LAST],
            ),
        )
