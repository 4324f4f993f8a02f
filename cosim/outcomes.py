"""Every outcome: one definition, one unit, one sentence, computed in one place from the tally."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from cosim.mechanisms import tally
from cosim.mechanisms.inequality import gini
from cosim.mechanisms.rule import rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one column of the runs' table means.

    Attributes
    ----------
    name, unit, sentence : str
    group : str
        The panel of a report it belongs to.
    better : int
        +1 when more is wanted, -1 when less is, 0 when neither can be said.
    """

    name: str
    unit: str
    sentence: str
    group: str
    better: int = 0


OUTCOMES: Final[tuple[Outcome, ...]] = (
    Outcome(
        "voice_gini", "Gini", "How unequally turns are shared between members (0: equally).", "voice", -1
    ),
    Outcome(
        "voice_parity_public",
        "ratio",
        "The public's turns over an equal share of those present (1: equal).",
        "voice",
    ),
    Outcome(
        "words_gini", "Gini", "How unequally words are shared between members (0: equally).", "voice", -1
    ),
    Outcome(
        "words_parity_public",
        "ratio",
        "The public's share of words over an equal share of those present.",
        "voice",
    ),
    Outcome("uptake_gini", "Gini", "How unequally members move the others (0: equally).", "uptake", -1),
    Outcome(
        "uptake_parity_public", "ratio", "The public's share of uptake over its share of seats.", "uptake"
    ),
    Outcome(
        "uptake_per_turn_public", "ratio", "Uptake of a public turn over that of an average turn.", "uptake"
    ),
    Outcome(
        "influence_gini",
        "Gini",
        "How unequally members' initial views make up the decisions (0: equally).",
        "influence",
        -1,
    ),
    Outcome(
        "influence_parity_public",
        "ratio",
        "The public's share of influence over its share of seats (1: equal).",
        "influence",
    ),
    Outcome(
        "influence_parity_researcher",
        "ratio",
        "Researchers' share of influence over their share of seats.",
        "influence",
    ),
    Outcome(
        "influence_parity_provider",
        "ratio",
        "Providers' share of influence over their share of seats.",
        "influence",
    ),
    Outcome(
        "influence_parity_policymaker",
        "ratio",
        "Policymakers' share of influence over their share of seats.",
        "influence",
    ),
    Outcome(
        "influence_min",
        "ratio",
        "Influence of the least influential member over an equal share.",
        "influence",
        1,
    ),
    Outcome(
        "influence_lead",
        "ratio",
        "Influence of the accountable lead over an equal share (0 without a lead).",
        "influence",
    ),
    Outcome(
        "influence_within",
        "share",
        "Share of the inequality of influence (Theil) that lies within roles.",
        "influence",
    ),
    Outcome(
        "influence_theil",
        "Theil index",
        "Inequality of influence (Theil's T), within and between roles.",
        "influence",
        -1,
    ),
    Outcome(
        "influence_carried_public",
        "share",
        "Share of the public's influence that is their constituencies' view.",
        "influence",
    ),
    Outcome(
        "visible_parity_public",
        "ratio",
        "The public's decision weight over its share of seats (visible power).",
        "influence",
    ),
    Outcome(
        "agenda_parity_public",
        "ratio",
        "The public's share in setting the agenda over its share of seats (hidden power).",
        "influence",
    ),
    Outcome(
        "withheld_public",
        "share",
        "Share of public contributions that is held back (invisible power).",
        "influence",
        -1,
    ),
    Outcome(
        "voice_influence_gap",
        "ratio",
        "Public voice parity minus public influence parity (tokenism when above 0).",
        "influence",
    ),
    Outcome(
        "promise_gap",
        "ratio",
        "How far public influence falls short of what the declared level promises.",
        "influence",
        -1,
    ),
    Outcome(
        "perceived_influence_public", "0-1", "Influence that public members could notice.", "influence", 1
    ),
    Outcome(
        "agreement_before",
        "correlation",
        "Agreement of public and professional priorities before the meetings.",
        "agreement",
    ),
    Outcome(
        "agreement_after",
        "correlation",
        "Agreement of public and professional priorities after the meetings.",
        "agreement",
        1,
    ),
    Outcome("movement_public", "merit", "Mean movement of the public's priorities.", "agreement"),
    Outcome(
        "movement_professionals", "merit", "Mean movement of the professionals' priorities.", "agreement"
    ),
    Outcome(
        "false_agreement",
        "share",
        "Decision weight cast for another option than privately preferred.",
        "agreement",
        -1,
    ),
    Outcome(
        "representation_error",
        "0-1",
        "Distance of the decision from what the public's constituencies would choose.",
        "decision",
        -1,
    ),
    Outcome(
        "position_error_public",
        "merit",
        "Error of the public side's first position against its constituencies.",
        "decision",
        -1,
    ),
    Outcome(
        "voiced_error_public",
        "merit",
        "Mean distance of what public members voice from their constituencies.",
        "decision",
        -1,
    ),
    Outcome(
        "decision_quality",
        "0-1",
        "Value to society of the chosen option, between the worst (0) and the best (1).",
        "decision",
        1,
    ),
    Outcome(
        "rigour",
        "0-1",
        "Empirical merit of the chosen option, between the worst and the best.",
        "decision",
        1,
    ),
    Outcome(
        "relevance",
        "0-1",
        "Experiential merit of the chosen option, between the worst and the best.",
        "decision",
        1,
    ),
    Outcome(
        "agenda_public_items",
        "share",
        "Share of discussed items that the public would have chosen itself.",
        "decision",
        1,
    ),
    Outcome(
        "acceptability_mean",
        "0-1",
        "Where the decision stands between each member's worst and best, on average.",
        "decision",
        1,
    ),
    Outcome("acceptability_sd", "0-1", "How much acceptability differs between members.", "decision", -1),
    Outcome("override_rate", "share", "Share of key decisions that the lead overrode.", "decision"),
    Outcome(
        "non_decision_rate",
        "share",
        "Share of key decisions that the rule itself did not reach in time.",
        "decision",
        -1,
    ),
    Outcome(
        "consensus_rate",
        "share",
        "Share of key decisions reached by consensus before time was out.",
        "decision",
    ),
    Outcome(
        "carried_out", "share", "Share of key decisions that the organisations carried out.", "decision", 1
    ),
    Outcome("settled_before", "share", "Share of key decisions settled before the team met.", "decision", -1),
    Outcome(
        "enacted_level",
        "level 0-4",
        "Mean code of the involvement level enacted (0 inform .. 4 empower).",
        "decision",
    ),
    Outcome("ties_gained", "0-1", "Growth of working relationships across roles.", "process", 1),
    Outcome(
        "credibility_gained_public",
        "0-1",
        "Growth of the credibility that others give the public.",
        "process",
        1,
    ),
    Outcome("confidence_gained_public", "0-1", "Growth of public members' confidence.", "process", 1),
    Outcome("attendance_public", "share", "Share of meetings that public members attended.", "process", 1),
    Outcome("interruptions", "per hour", "Turns cut short per hour of talk.", "process", -1),
    Outcome(
        "interruption_gap", "ratio", "Chance of a public turn to be cut over that of any turn.", "process"
    ),
    Outcome("off_remit", "share", "Share of turns spent off the remit.", "process", -1),
    Outcome("steered", "share", "Share of turns given by the facilitator, not taken.", "process"),
    Outcome("turns", "turns", "Spoken turns in the project.", "process"),
    Outcome("minutes", "minutes", "Elapsed minutes of meetings and of what interventions add.", "cost", -1),
    Outcome("person_hours", "hours", "Hours of everyone's time.", "cost", -1),
    Outcome(
        "money",
        "currency",
        "Money spent on payment, facilitation and interventions (planning prices).",
        "cost",
        -1,
    ),
    Outcome(
        "decision_score", "merit", "Mean over options of the deciders' score (a check on influence).", "check"
    ),
)
"""Every outcome, in the order of the columns."""

OUTCOME_NAMES: Final[tuple[str, ...]] = tuple(outcome.name for outcome in OUTCOMES)

PERSON_COLUMNS: Final[tuple[str, ...]] = (
    "voice_share",
    "words_share",
    "uptake_share",
    "influence_share",
    "influence_own",
    "influence_carried",
    "agenda_share",
    "decision_weight",
    "perceived_influence",
    "acceptance",
    "turns",
    "words",
    "written",
    "equal_turns",
    "cut",
    "invited",
    "frankness",
    "attendance",
    "confidence_first",
    "confidence_last",
    "credibility_first",
    "credibility_last",
)
"""Columns of the members' table after replicate, person, role, group and constituency."""


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


@rule
def theil(shares: Any, role: Any) -> tuple[float, float]:
    """Return Theil's T of shares that sum to 1, and the part of it that lies within roles."""
    count = len(shares)
    total = 0.0
    for i in range(count):
        if shares[i] > 0.0:
            total += shares[i] * logarithm(shares[i] * count)
    between = 0.0
    for r in range(4):
        share = 0.0
        seats = 0.0
        for i in range(count):
            if role[i] == r:
                share += shares[i]
                seats += 1.0
        if share > 0.0:
            between += share * logarithm(share * count / seats)
    within = total - between
    return total, within if within > 0.0 else 0.0


@rule
def logarithm(x: float) -> float:
    """Return the natural logarithm of ``x > 0`` from + - * / alone (same bits everywhere), to about 1e-15."""
    halvings = 0
    while x > 1.4142135623730951:
        x = x * 0.5
        halvings += 1
    while x < 0.7071067811865476:
        x = x * 2.0
        halvings -= 1
    y = (x - 1.0) / (x + 1.0)
    square = y * y
    total = 0.0
    for n in range(21, 0, -2):
        total = total * square + 1.0 / n
    return 2.0 * y * total + halvings * 0.6931471805599453


@rule
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
        state.scratch[0, i] = state.people[i, tally.OWN] + state.people[i, tally.CARRIED]


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
                ratio(ratio(uptake, turns), ratio(moved, spoken)),
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
    public = parity(by_role[3], 1.0, seats[3], count)
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
                parity(by_role[0], 1.0, seats[0], count),
                parity(by_role[1], 1.0, seats[1], count),
                parity(by_role[2], 1.0, seats[2], count),
                least * count,
                lead * count,
                ratio(within, unequal),
                unequal,
                ratio(sum_over(people, tally.CARRIED, plan.is_public), by_role[3]),
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


@rule
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
                row[tally.OWN] + row[tally.CARRIED],
                row[tally.OWN],
                row[tally.CARRIED],
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
