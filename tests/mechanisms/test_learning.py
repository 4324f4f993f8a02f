"""Learning: what strangers see in one another, and what contact changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import learning

SHARE = st.floats(0.0, 1.0)


@given(SHARE, SHARE, SHARE, st.booleans(), SHARE)
def test_first_impressions_are_shares(expertise, prestige, reliance, same, trust):
    seen = learning.first_impression(expertise, prestige, reliance, same, trust)
    assert 0.0 <= seen <= 1.0
    assert seen >= learning.first_impression(expertise, prestige, reliance, False, trust)


def test_first_impressions_by_hand():
    assert learning.first_impression(0.8, 0.2, 0.0, False, 0.2) == pytest.approx(0.8)
    assert learning.first_impression(0.8, 0.2, 1.0, False, 0.2) == pytest.approx(0.2)
    assert learning.first_impression(0.8, 0.2, 0.5, True, 0.2) == pytest.approx(0.6)
    assert learning.discounted(0.8, 0.25) == pytest.approx(0.6)


@given(SHARE, SHARE, SHARE, SHARE, st.floats(0.0, 10.0))
def test_credibility_moves_a_share_of_the_way(rate, climate, understood, tie, bonus):
    assert 0.0 <= learning.credibility_step(rate, climate, understood, tie, bonus) <= 1.0


def test_contact_teaches_faster_between_equals_and_within_a_relationship():
    assert learning.credibility_step(0.01, 0.5, 1.0, 0.0, 1.0) == pytest.approx(0.005)
    assert learning.credibility_step(0.01, 1.0, 1.0, 1.0, 1.0) == pytest.approx(0.02)
    assert learning.credibility_step(0.01, 1.0, 0.0, 1.0, 1.0) == 0.0
    assert learning.climate(0.5, 0.0) == 0.5
    assert learning.climate(0.5, 1.0) == 1.0


@given(SHARE, SHARE, st.booleans(), st.floats(0.0, 0.5))
def test_confidence_stays_a_share_and_moves_the_right_way(confidence, reach, cut, gain):
    after = learning.confidence_after(confidence, reach, cut, gain)
    assert 0.0 <= after <= 1.0
    assert after <= confidence if cut else after >= confidence


@pytest.mark.parametrize(
    ("share", "equal", "after"), [(0.1, 0.1, 0.5), (0.2, 0.1, 0.75), (0.9, 0.1, 0.75), (0.0, 0.1, 0.25)]
)
def test_appraisal_follows_uptake(share, equal, after):
    assert learning.appraisal(share, equal, 0.5, 0.5) == pytest.approx(after)


@given(SHARE, SHARE, SHARE)
def test_appraisal_is_a_share(share, before, memory):
    assert 0.0 <= learning.appraisal(share, 0.1, before, memory) <= 1.0
