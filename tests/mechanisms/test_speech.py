"""Speech: what is said, how much of it is one's own, and what is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cosim.mechanisms import random_streams, speech

SHARE = st.floats(0.0, 1.0)


def test_kind_spoken_has_chances_of_expertise_times_relevance():
    knows, turns_on = np.array([0.8, 0.2, 0.0, 0.5]), np.array([0.1, 0.4, 0.3, 0.2])
    count = 6000
    kinds = [
        speech.kind_spoken(knows, turns_on, random_streams.draws(1, 0, random_streams.SPEECH, 0, n)[0])
        for n in range(count)
    ]
    found = np.bincount(kinds, minlength=4)
    assert found[2] == 0
    expected = (knows * turns_on)[[0, 1, 3]]
    assert stats.chisquare(found[[0, 1, 3]], count * expected / expected.sum()).pvalue > 1e-3


def test_who_knows_nothing_relevant_speaks_from_the_first_kind():
    assert speech.kind_spoken(np.zeros(4), np.full(4, 0.25), 2**31) == 0


@given(st.floats(-0.99, 0.99), SHARE, SHARE)
def test_cutting_is_likelier_against_lower_standing_and_ground_rules_end_it(standing, interruption, rules):
    one = speech.cut_chance(standing, interruption, rules)
    assert 0.0 <= one <= 1.0
    assert one <= speech.cut_chance(standing - 0.005, interruption, rules)
    assert speech.cut_chance(standing, interruption, 1.0) == 0.0


def test_cut_chance_of_someone_of_average_standing_is_the_parameter():
    assert speech.cut_chance(0.0, 0.12, 0.0) == pytest.approx(0.12)


def test_minutes_of_a_turn():
    assert speech.minutes_of(90.0, 180.0, 6.0) == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("cut", "strays", "heard"),
    [(False, False, 1.0), (True, False, 0.4), (False, True, 0.0), (True, True, 0.0)],
)
def test_heard_share(cut, strays, heard):
    assert speech.heard_share(cut, strays, 0.4) == heard


def test_off_remit_and_safety_at_their_ends():
    assert speech.off_remit_chance(0.2, 1.0) == 0.0
    assert speech.off_remit_chance(0.2, 0.0) == pytest.approx(0.2)
    assert speech.safety(0.2, 0.0) == pytest.approx(0.2)
    assert speech.safety(0.2, 1.0) == pytest.approx(0.76)
