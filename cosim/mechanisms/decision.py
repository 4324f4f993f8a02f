"""Decision: judgements, ballots and rules; what the lead may do with the result is in `accountability`."""

from __future__ import annotations

from typing import Any, Final

from cosim.mechanisms.arithmetic import unit_interval
from cosim.mechanisms.compiled import rule

MEAN_SCORE: Final = 0
APPROVAL: Final = 1
RANK_SUM: Final = 2
MAJORITY: Final = 3
SUPERMAJORITY: Final = 4
CONSENSUS: Final = 5
LEAD_DECIDES: Final = 6

INFORM: Final = 0
CONSULT: Final = 1
INVOLVE: Final = 2
COLLABORATE: Final = 3
EMPOWER: Final = 4


@rule
def may_speak(level: int, is_public: bool) -> bool:
    """Return whether a member has the floor at an involvement level: the public listens below involve."""
    return not is_public or level >= INVOLVE


@rule
def has_vote(level: int, is_public: bool) -> bool:
    """Return whether a member has decision weight: professionals up to collaborate, the public from there."""
    return level >= COLLABORATE if is_public else level <= COLLABORATE


@rule
def votes(level: int, is_public: Any, member: Any, present: Any, written: float, out: Any) -> bool:
    """Fill `out` (N,) with decision weights, summing to 1; return whether anybody present has one.

    Members present who have a vote at this level have equal weights; those absent count by `written`, the
    share of their ballots that may be cast in writing.  Where nobody present has a vote, all ballots are in
    writing.
    """
    voters = 0.0
    anybody = False
    for i in range(len(out)):
        out[i] = 0.0
        if member[i] and has_vote(level, is_public[i]):
            out[i] = 1.0 if present[i] else written
            voters += out[i]
            anybody = anybody or present[i]
    if not anybody:
        voters = 0.0
        for i in range(len(out)):
            out[i] = 1.0 if member[i] and has_vote(level, is_public[i]) else 0.0
            voters += out[i]
    for i in range(len(out)):
        out[i] = out[i] / voters
    return bool(anybody)


@rule
def judgement(beliefs: Any, weighs: Any) -> float:
    """Return one member's value of one option: their beliefs by kind, weighted by what they weigh."""
    total = 0.0
    for k in range(4):
        total += weighs[k] * beliefs[k]
    return total


@rule
def best_of(scores: Any, options: int) -> int:
    """Return the option with the highest score; the first of equals."""
    best = 0
    for o in range(1, options):
        if scores[o] > scores[best]:
            best = o
    return best


@rule
def voting_order(standing: Any, drawn: Any, order: Any) -> None:
    """Fill `order` (N,) with the members from highest to lowest standing; `drawn` settles equal ones."""
    count = len(standing)
    for i in range(count):
        place = 0
        for j in range(count):
            if standing[j] > standing[i] or (standing[j] == standing[i] and drawn[j] < drawn[i]):
                place += 1
        order[place] = i


@rule
def mean_scores(ballots: Any, votes_held: Any, out: Any) -> None:
    """Fill `out` (options,) with the weighted mean score of each option."""
    count, options = ballots.shape
    for o in range(options):
        total = 0.0
        for i in range(count):
            total += votes_held[i] * ballots[i, o]
        out[o] = total


@rule
def approvals(ballots: Any, votes_held: Any, margin: float, out: Any) -> None:
    """Fill `out` with each option's approving weight: it stands `margin` above the ballot's own mean."""
    count, options = ballots.shape
    for o in range(options):
        out[o] = 0.0
    for i in range(count):
        if votes_held[i] > 0.0:
            mean = 0.0
            for o in range(options):
                mean += ballots[i, o]
            mean = mean / options
            for o in range(options):
                if ballots[i, o] >= mean + margin:
                    out[o] += votes_held[i]


@rule
def rank_points(ballots: Any, votes_held: Any, out: Any) -> None:
    """Fill `out` with minus the weighted rank sum, so that the lowest rank total has the highest score."""
    count, options = ballots.shape
    for o in range(options):
        total = 0.0
        for i in range(count):
            if votes_held[i] > 0.0:
                rank = 1.0
                for p in range(options):
                    if ballots[i, p] > ballots[i, o]:
                        rank += 1.0
                total += votes_held[i] * rank
        out[o] = -total


@rule
def first_choices(ballots: Any, votes_held: Any, out: Any) -> None:
    """Fill `out` with the weight of those whose first choice each option is."""
    count, options = ballots.shape
    for o in range(options):
        out[o] = 0.0
    for i in range(count):
        if votes_held[i] > 0.0:
            out[best_of(ballots[i], options)] += votes_held[i]


@rule
def run_off(ballots: Any, votes_held: Any, first: Any, means: Any) -> tuple[int, int]:
    """Return the winner by majority, and -1; without one, winner and loser of a run-off.

    Into the run-off go the two options with most first choices.
    """
    count, options = ballots.shape
    one = broken_tie(first, means, options)
    if first[one] > 0.5:
        return one, -1
    other = -1
    for o in range(options):
        if o != one and (
            other < 0 or first[o] > first[other] or (first[o] == first[other] and means[o] > means[other])
        ):
            other = o
    support = 0.0
    for i in range(count):
        if ballots[i, one] >= ballots[i, other]:
            support += votes_held[i]
    return (one, other) if support >= 0.5 else (other, one)


@rule
def carriers(
    form: int,
    ballots: Any,
    votes_held: Any,
    winner: int,
    reached: bool,
    means: Any,
    first: Any,
    out: Any,
) -> None:
    """Fill `out` (N,) with each ballot's part in carrying the outcome; sums to 1.

    Where a quota of ballots decides, those that support the winner share it alike: they are the causes in
    the NESS sense (Braham & van Hees 2009).  Where scores decide, every ballot does, by its weight.

    Parameters
    ----------
    winner : int
        The option chosen.
    reached : bool
        Whether the rule itself reached it.
    means, first : arrays (options,)
        Mean scores and first choices, filled on the way.
    """
    count, options = ballots.shape
    by_quota = form in (MAJORITY, SUPERMAJORITY, CONSENSUS) and reached
    other = -1
    if form == MAJORITY:
        mean_scores(ballots, votes_held, means)
        first_choices(ballots, votes_held, first)
        other = run_off(ballots, votes_held, first, means)[1]
    carried = 0.0
    for i in range(count):
        supports = True
        if by_quota and other >= 0:
            supports = ballots[i, winner] >= ballots[i, other]
        elif by_quota:
            supports = best_of(ballots[i], options) == winner
        out[i] = votes_held[i] if supports else 0.0
        carried += out[i]
    for i in range(count):
        out[i] = out[i] / carried


@rule
def broken_tie(scores: Any, means: Any, options: int) -> int:
    """Return the option with the highest score; among equals, the one with the higher mean score."""
    best = 0
    for o in range(1, options):
        if scores[o] > scores[best] or (scores[o] == scores[best] and means[o] > means[best]):
            best = o
    return best


@rule
def outcome(
    form: int,
    ballots: Any,
    votes_held: Any,
    quorum: float,
    margin: float,
    lead: int,
    means: Any,
    scores: Any,
) -> tuple[int, bool]:
    """Return the option chosen by a rule, and whether the rule itself reached a decision.

    Parameters
    ----------
    form : int
        One of this module's rules.
    quorum, margin : float
        Share of first choices that supermajority and consensus ask for; margin of approval.
    lead : int
        -1 for none.
    means, scores : arrays (options,)
        Filled: mean scores, and the scores that the rule compares.

    Notes
    -----
    Where supermajority or consensus is not reached, the mean score decides and the second value is False.
    """
    options = ballots.shape[1]
    mean_scores(ballots, votes_held, means)
    if form == APPROVAL:
        approvals(ballots, votes_held, margin, scores)
        return broken_tie(scores, means, options), True
    if form == RANK_SUM:
        rank_points(ballots, votes_held, scores)
        return broken_tie(scores, means, options), True
    if form == LEAD_DECIDES and lead >= 0:
        return best_of(ballots[lead], options), True
    if form in (MAJORITY, SUPERMAJORITY, CONSENSUS):
        first_choices(ballots, votes_held, scores)
        if form == MAJORITY:
            return run_off(ballots, votes_held, scores, means)[0], True
        leading = broken_tie(scores, means, options)
        if scores[leading] >= quorum - 1e-9:
            return leading, True
        return best_of(means, options), False
    return best_of(means, options), True


@rule
def had_say(candid: float, equal_share: float) -> float:
    """Return how far a member had their say, 0..1: candid contributions over an equal share of the turns."""
    if candid >= equal_share:
        return 1.0 if candid > 0.0 else 0.0
    return candid / equal_share


@rule
def acceptance(close: float, say: float, fair_process: float, steering_cost: float) -> float:
    """Return how acceptable a decision is to a member, 0..1.

    It is as acceptable as it is near to what they want (`close`, from `standing_of_choice`) and, by
    `fair_process`, as far as they had their say (from `had_say`); steering costs.
    """
    return unit_interval((1.0 - fair_process) * close + fair_process * say - steering_cost)


@rule
def standing_of_choice(values: Any, choice: int, options: int) -> float:
    """Return where the chosen option stands between one's worst (0) and best (1)."""
    low = values[0]
    high = values[0]
    for o in range(1, options):
        if values[o] < low:
            low = values[o]
        if values[o] > high:
            high = values[o]
    if high <= low:
        return 1.0
    return float((values[choice] - low) / (high - low))
