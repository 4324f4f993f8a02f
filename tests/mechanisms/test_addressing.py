"""Addressing: whose consent matters, by hand for small teams under each rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import addressing
from cosim.mechanisms.decision import CONSENSUS, MAJORITY, MEAN_SCORE, SUPERMAJORITY


@pytest.mark.parametrize(
    ("form", "quorum", "expected"),
    [
        (MAJORITY, 0.9, [1, 2, 2, 3, 3]),
        (SUPERMAJORITY, 0.5, [1, 1, 2, 2, 3]),
        (SUPERMAJORITY, 2 / 3, [1, 2, 2, 3, 4]),
        (CONSENSUS, 1.0, [1, 2, 3, 4, 5]),
        (CONSENSUS, 0.75, [1, 2, 3, 3, 4]),
    ],
)
def test_votes_needed_by_hand(form, quorum, expected):
    assert [addressing.needed(form, float(v), quorum) for v in range(1, 6)] == expected
    assert addressing.by_quota(form)
    assert not addressing.by_quota(MEAN_SCORE)


@pytest.mark.parametrize(
    ("quota", "voters", "allies", "expected"),
    [
        (1, 1, 0, 1.0),  # one voter, addressed by somebody without a vote
        (2, 2, 1, 1.0),  # majority of two: both are needed
        (2, 3, 1, 0.5),  # one of the two others will do
        (2, 3, 2, 0.0),  # the majority stands
        (3, 4, 1, 2 / 3),
        (3, 4, 2, 0.5),
        (3, 4, 3, 0.0),
        (2, 4, 1, 1 / 3),  # half of four
        (4, 4, 1, 1.0),  # consensus: everybody is needed
        (4, 4, 3, 1.0),  # the last dissenter
        (3, 4, 0, 0.75),  # of a speaker whose side nobody is known to take, and who has no vote
    ],
)
def test_pivotality_by_hand(quota, voters, allies, expected):
    assert addressing.pivotality(float(quota), float(voters), float(allies), False) == pytest.approx(expected)
    assert addressing.pivotality(float(quota), float(voters), float(allies), True) == 0.0


def test_where_all_agree_nobody_is_left_to_be_won():
    assert addressing.pivotality(4.0, 4.0, 4.0, False) == 0.0


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_the_last_word_makes_the_lead_matter_more_and_others_less(pivotal, last_word):
    leads = addressing.with_last_word(pivotal, True, last_word)
    others = addressing.with_last_word(pivotal, False, last_word)
    assert 0.0 <= others <= pivotal <= leads + 1e-15
    assert leads - others == pytest.approx(last_word)
    assert leads <= 1.0 + 1e-15


def test_who_is_addressed_tends_to_reply():
    assert addressing.claim_of(2.0, True, 1.8) == pytest.approx(5.6)
    assert addressing.claim_of(2.0, False, 1.8) == 2.0
