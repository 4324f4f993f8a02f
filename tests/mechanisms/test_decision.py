"""Decision rules against brute force, ballots as mixes of judgements, what the lead may do."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cosim.mechanisms import decision
from cosim.mechanisms.decision import (
    APPROVAL,
    COLLABORATE,
    CONSENSUS,
    CONSULT,
    EMPOWER,
    INFORM,
    INVOLVE,
    LEAD_DECIDES,
    MAJORITY,
    MEAN_SCORE,
    RANK_SUM,
    SUPERMAJORITY,
)
from cosim.scenario.vocabulary import LEVELS, Rule

SHARE = st.floats(0.0, 1.0)
RULES = (MEAN_SCORE, APPROVAL, RANK_SUM, MAJORITY, SUPERMAJORITY, CONSENSUS, LEAD_DECIDES)


def test_codes_are_the_places_of_the_words():
    assert Rule.__args__ == (  # type: ignore[attr-defined]
        "mean_score",
        "approval",
        "rank_sum",
        "majority",
        "supermajority",
        "consensus",
        "lead_decides",
    )
    assert tuple(range(7)) == RULES
    assert LEVELS == ("inform", "consult", "involve", "collaborate", "empower")
    assert tuple(range(5)) == (INFORM, CONSULT, INVOLVE, COLLABORATE, EMPOWER)


# ---------------------------------------------------------------- levels


@pytest.mark.parametrize(
    ("level", "public_speaks", "public_votes", "professionals_vote"),
    [
        (INFORM, False, False, True),
        (CONSULT, False, False, True),
        (INVOLVE, True, False, True),
        (COLLABORATE, True, True, True),
        (EMPOWER, True, True, False),
    ],
)
def test_who_speaks_and_who_votes_at_each_level(level, public_speaks, public_votes, professionals_vote):
    assert decision.may_speak(level, True) is public_speaks
    assert decision.may_speak(level, False) is True
    assert decision.has_vote(level, True) is public_votes
    assert decision.has_vote(level, False) is professionals_vote


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=2, max_size=9),
    st.integers(0, 4),
    st.sampled_from([0.0, 0.5, 1.0]),
)
def test_decision_weights_are_equal_among_voters_who_come(people, level, written):
    public, member, present = (np.array(column) for column in zip(*people, strict=True))
    voters = np.array([m and decision.has_vote(level, bool(p)) for p, m, _ in people])
    assume(voters.any())
    weights = voters * np.where(present, 1.0, written)
    anybody = bool((voters & present).any())
    out = np.empty(len(people))
    assert decision.votes(level, public, member, present, written, out) is anybody
    expected = weights if anybody else voters * 1.0  # nobody with a vote is there: all in writing
    assert out == pytest.approx(expected / expected.sum())


# ---------------------------------------------------------------- ballots


@given(st.lists(st.tuples(st.sampled_from([-0.2, 0.0, 0.3]), SHARE), min_size=1, max_size=8, unique=True))
def test_ballots_are_cast_from_the_highest_standing_down(members):
    standing = np.array([s for s, _ in members])
    luck = np.array([u for _, u in members])
    order = np.full(len(members), -1)
    decision.voting_order(standing, luck, order)
    assert order.tolist() == sorted(range(len(members)), key=lambda i: (-standing[i], luck[i]))


# ---------------------------------------------------------------- rules, against brute force


@st.composite
def polls(draw):
    """Ballots with many ties, weights of voters, quorum, margin, a lead who votes."""
    n, options = draw(st.integers(1, 6)), draw(st.integers(2, 5))
    score = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
    ballots = np.array([draw(st.lists(score, min_size=options, max_size=options)) for _ in range(n)])
    held = np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)), dtype=float)
    assume(held.sum() > 0)
    quorum = draw(st.sampled_from([0.5, 0.6, 0.75, 1.0]))
    return (
        ballots,
        held / held.sum(),
        quorum,
        draw(st.sampled_from([-0.1, 0.0, 0.1])),
        draw(st.integers(0, n - 1)),
    )


def decided(form: int, poll) -> tuple[int, bool]:
    ballots, held, quorum, margin, lead = poll
    means, scores = np.empty(ballots.shape[1]), np.empty(ballots.shape[1])
    return decision.outcome(form, ballots, held, quorum, margin, lead, means, scores)


def top(scores, means) -> int:
    """First among the best by score, then by mean score, to a hair."""
    return max(range(len(scores)), key=lambda o: (round(float(scores[o]), 9), round(float(means[o]), 9), -o))


def unambiguous(*values) -> None:
    """Leave out polls that differ by rounding alone."""
    for list_ in values:
        for a, b in itertools.combinations(list_, 2):
            assume(a == b or abs(a - b) > 1e-9)


@given(polls())
def test_mean_score(poll):
    ballots, held = poll[0], poll[1]
    means = held @ ballots
    unambiguous(means)
    assert decided(MEAN_SCORE, poll) == (top(means, means), True)


@given(polls())
def test_approval(poll):
    ballots, held, _, margin, _ = poll
    means = held @ ballots
    line = ballots.mean(axis=1, keepdims=True) + margin
    assume((np.abs(ballots - line) > 1e-9).all())
    approvals = held @ (ballots >= line)
    unambiguous(approvals, means)
    assert decided(APPROVAL, poll) == (top(approvals, means), True)


@given(polls())
def test_rank_sum_lowest_total_wins(poll):
    ballots, held = poll[0], poll[1]
    means = held @ ballots
    ranks = 1 + (ballots[:, None, :] > ballots[:, :, None]).sum(axis=2)
    totals = held @ ranks
    unambiguous(totals, means)
    assert decided(RANK_SUM, poll) == (top(-totals, means), True)


def first_choices(ballots, held) -> np.ndarray:
    first = np.zeros(ballots.shape[1])
    np.add.at(first, ballots.argmax(axis=1), held)
    return first


@given(polls())
def test_majority_with_a_run_off(poll):
    ballots, held = poll[0], poll[1]
    means, first = held @ ballots, first_choices(*poll[:2])
    unambiguous(means, first, [*first, 0.5])
    one = top(first, means)
    if first[one] <= 0.5:
        rest = [o for o in range(len(first)) if o != one]
        other = rest[top(first[rest], means[rest])]
        support = float(held @ (ballots[:, one] >= ballots[:, other]))
        assume(abs(support - 0.5) > 1e-9 or support == 0.5)
        one = one if support >= 0.5 else other
    assert decided(MAJORITY, poll) == (one, True)


@pytest.mark.parametrize("form", [SUPERMAJORITY, CONSENSUS])
@given(poll=polls())
def test_quorum_rules_fall_back_on_the_mean_score(form, poll):
    ballots, held, quorum, *_ = poll
    means, first = held @ ballots, first_choices(ballots, held)
    unambiguous(means, first)
    leading = top(first, means)
    reached = bool(first[leading] >= quorum - 1e-9)
    assert decided(form, poll) == (leading if reached else top(means, means), reached)


@given(polls())
def test_lead_decides(poll):
    assert decided(LEAD_DECIDES, poll) == (int(poll[0][poll[4]].argmax()), True)


@given(polls())
def test_lead_decides_without_a_lead_is_the_mean_score(poll):
    assert decided(LEAD_DECIDES, (*poll[:4], -1)) == decided(MEAN_SCORE, poll)


@pytest.mark.parametrize("form", RULES)
@given(poll=polls())
def test_unanimous_teams_get_what_they_want_under_every_rule(form, poll):
    ballots, *rest = poll
    ballots = np.tile(ballots[:1], (len(ballots), 1))
    ballots[:, 1] = 2.0
    assert decided(form, (ballots, *rest)) == (1, True)


# ---------------------------------------------------------------- the lead, and what people make of it


@pytest.mark.parametrize(("choice", "stands"), [(0, 0.0), (1, 0.25), (2, 1.0)])
def test_standing_of_choice(choice, stands):
    values = np.array([0.2, 0.4, 1.0])
    assert decision.standing_of_choice(values, choice, 3) == pytest.approx(stands)


def test_whoever_likes_all_options_alike_is_content():
    assert decision.standing_of_choice(np.full(3, 0.4), 1, 3) == 1.0


@pytest.mark.parametrize(
    ("candid", "equal_share", "say"),
    [
        (5.0, 10.0, 0.5),
        (10.0, 10.0, 1.0),
        (30.0, 10.0, 1.0),
        (0.0, 10.0, 0.0),
        (0.0, 0.0, 0.0),
        (1.0, 0.0, 1.0),
    ],
)
def test_who_contributes_an_equal_share_had_their_say(candid, equal_share, say):
    assert decision.had_say(candid, equal_share) == pytest.approx(say)


def test_acceptance_weighs_outcome_and_process_and_steering_costs():
    assert decision.acceptance(0.5, 1.0, 0.2, 0.0) == pytest.approx(0.6)
    assert decision.acceptance(0.5, 0.0, 0.2, 0.1) == pytest.approx(0.3)
    assert decision.acceptance(0.5, 1.0, 0.0, 0.0) == 0.5
    assert decision.acceptance(0.1, 0.0, 0.4, 0.3) == 0.0


def test_judgement_weighs_the_kinds():
    beliefs, weighs = np.array([0.1, 0.9, 0.5, 0.3]), np.array([0.5, 0.25, 0.25, 0.0])
    assert decision.judgement(beliefs, weighs) == pytest.approx(0.4)


def test_best_of_takes_the_first_of_equals():
    assert decision.best_of(np.array([0.1, 0.7, 0.7]), 3) == 1
    assert decision.best_of(np.array([0.1, 0.7, 0.9]), 2) == 1


# ---------------------------------------------------------------- who carries an outcome


def carried_by(form: int, poll) -> np.ndarray:
    ballots, held, *_ = poll
    n, options = ballots.shape
    choice, reached = decided(form, poll)
    out = np.empty(n)
    decision.carriers(form, ballots, held, choice, reached, np.empty(options), np.empty(options), out)
    return out


@pytest.mark.parametrize("form", range(7))
@given(poll=polls())
def test_parts_in_an_outcome_are_shares_of_those_who_vote(form, poll):
    parts = carried_by(form, poll)
    assert parts.min() >= 0.0
    assert parts.sum() == pytest.approx(1.0)
    assert (parts[poll[1] == 0.0] == 0.0).all()


@pytest.mark.parametrize("form", [MAJORITY, SUPERMAJORITY, CONSENSUS])
@given(poll=polls())
def test_where_a_quota_is_met_its_supporters_carry_the_outcome_alike(form, poll):
    ballots, held, *_ = poll
    choice, reached = decided(form, poll)
    parts = carried_by(form, poll)
    supports = ballots.argmax(axis=1) == choice
    if form == MAJORITY:
        first = first_choices(ballots, held)
        assume(first[choice] > 0.5 + 1e-9)
    if reached:
        assert parts == pytest.approx(held * supports / (held * supports).sum())
    else:
        assert parts == pytest.approx(held)


def test_in_a_run_off_those_carry_it_who_prefer_the_winner_to_the_loser():
    """First choices 2, 2, 1: the fifth voter, whose first choice is out, prefers option 1 and carries it."""
    ballots = np.array([[0.9, 0.1, 0.2], [0.9, 0.2, 0.1], [0.2, 0.9, 0.1], [0.1, 0.9, 0.2], [0.1, 0.5, 0.9]])
    poll = (ballots, np.full(5, 0.2), 0.75, 0.0, 0)
    assert decided(MAJORITY, poll) == (1, True)
    assert carried_by(MAJORITY, poll) == pytest.approx([0.0, 0.0, 1 / 3, 1 / 3, 1 / 3])


@given(polls())
def test_where_scores_decide_everybody_carries_the_outcome(poll):
    for form in (MEAN_SCORE, APPROVAL, RANK_SUM):
        assert carried_by(form, poll) == pytest.approx(poll[1])
