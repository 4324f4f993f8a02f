"""The open floor: who claims it, and what memory, seat, stake and tokens do to a claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import turn_taking

SHARE = st.floats(0.0, 1.0)


@given(SHARE, SHARE)
def test_readiness_is_a_share_above_0(confidence, clarity):
    assert 0.0 < turn_taking.readiness(confidence, clarity) <= 1.0


def test_readiness_by_hand():
    assert turn_taking.readiness(1.0, 0.0) == 1.0
    assert turn_taking.readiness(0.5, 1.0) == pytest.approx(0.55)
    assert turn_taking.readiness(0.5, 0.0) == pytest.approx(0.55 * 0.5)
    assert turn_taking.readiness(0.0, 0.0) == pytest.approx(0.001)


@given(SHARE, SHARE, st.floats(0.0, 5.0))
def test_stake_rises_with_distance_on_either_side(own, shown, weight):
    one = turn_taking.stake(own, shown, weight)
    assert one == pytest.approx(1.0 + weight * abs(own - shown))
    assert one == turn_taking.stake(shown, own, weight)


def test_seat_by_hand():
    assert turn_taking.seat(1.0, 0.0, 0.3, 0.2) == pytest.approx(1.3)
    assert turn_taking.seat(0.0, 1.0, 0.3, 0.2) == pytest.approx(1.2)
    assert turn_taking.seat(0.0, 0.0, 0.3, 0.2) == 1.0


def test_plain_luce_leaves_standing_out():
    assert turn_taking.base_claim(0.5, 1.2, True) == 1.2
    assert turn_taking.base_claim(0.5, 1.2, False) == pytest.approx(1.8)


def test_claim_is_a_product():
    assert turn_taking.claim(1.5, 0.5, 2.0, 1.1) == pytest.approx(1.65)


@pytest.mark.parametrize(("spent", "left"), [(2.0, 4.0), (3.0, 1.0), (7.0, 1.0)])
def test_tokens_spent_leave_what_the_cap_allows(spent, left):
    assert turn_taking.capped(4.0, spent, 3, 0.75) == pytest.approx(left)
    assert turn_taking.capped(4.0, spent, 3, 0.0) == 4.0


@given(st.floats(-0.99, 0.99), st.floats(0.0, 0.95))
def test_words_grow_with_standing(standing, steepness):
    assert 0.0 < turn_taking.words_factor(standing, steepness, 1.0) <= 2.0
    assert turn_taking.words_factor(0.0, steepness, 1.3) == 1.3
    assert turn_taking.words_factor(0.5, steepness, 1.0) >= turn_taking.words_factor(0.4, steepness, 1.0)
