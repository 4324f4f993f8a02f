"""Expectation standing: the published numbers of status-characteristics theory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import standing
from cosim.mechanisms.standing import DIFFUSE, RELEVANT

SHARES = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=8)


def advantage(weight: float) -> float:
    return standing.expectation(weight, 0.0)


# Participation ratio (1 + e) / (1 - e) of a member high on all to one low on all of these characteristics.
# Computed from e = 1 - exp(-0.0770 * sum of 2.618^(4 - r)): Whitmeyer 2003 with Fisek et al.'s constants.
@pytest.mark.parametrize(
    ("weight", "ratio"),
    [(DIFFUSE, 1.45), (2 * DIFFUSE, 1.99), (3 * DIFFUSE, 2.66), (DIFFUSE + RELEVANT, 3.15)],
    ids=["one diffuse", "two diffuse", "three diffuse", "diffuse and relevant"],
)
def test_participation_ratios(weight, ratio):
    e = advantage(weight)
    assert (1.0 + e) / (1.0 - e) == pytest.approx(ratio, abs=0.005)


def test_one_diffuse_characteristic_is_worth_point_183():
    assert advantage(DIFFUSE) == pytest.approx(0.183, abs=5e-4)
    assert standing.expectation(0.0, DIFFUSE) == pytest.approx(-0.183, abs=5e-4)


def test_high_and_low_of_equal_weight_cancel():
    assert standing.expectation(3.0, 3.0) == 0.0


def test_two_people_apart_on_one_characteristic():
    out = np.empty(2)
    states = np.array([[1.0, 0.0]])
    standing.standings(states, np.array([DIFFUSE]), np.array([True, True]), out)
    assert out == pytest.approx([0.183, -0.183], abs=5e-4)


@given(SHARES, st.floats(0.0, 7.0))
def test_absent_members_have_the_standing_they_would_have_if_they_came(values, weight):
    """And change nobody's by staying away from the mean."""
    n = len(values)
    states, weights = np.array([values]), np.array([weight])
    all_come, without = np.ones(n, dtype=bool), np.ones(n, dtype=bool)
    without[0] = False
    out, other, rest = np.empty(n), np.empty(n), np.empty(n - 1)
    standing.standings(states, weights, all_come, out)
    standing.standings(states, weights, without, other)
    standing.standings(states[:, 1:].copy(), weights, np.ones(n - 1, dtype=bool), rest)
    assert other[0] == pytest.approx(out[0])
    assert other[1:] == pytest.approx(rest)


@given(SHARES, st.floats(0.0, 7.0))
def test_standing_follows_the_characteristic_and_stays_above_minus_1(values, weight):
    n = len(values)
    out = np.empty(n)
    standing.standings(np.array([values]), np.array([weight]), np.ones(n, dtype=bool), out)
    assert (np.abs(out) < 1.0).all()
    for i in range(n):
        for j in range(n):
            if values[i] > values[j]:
                assert out[i] >= out[j]


def test_a_characteristic_that_nobody_minds_counts_for_nothing():
    out = np.empty(3)
    standing.standings(np.array([[0.9, 0.1, 0.4]]), np.array([0.0]), np.ones(3, dtype=bool), out)
    assert (out == 0.0).all()


@pytest.mark.parametrize(
    ("who", "share"), [((True, False), 0.6), ((False, True), 0.4), ((False, False), 0.0)]
)
def test_co_chair_takes_up_to_half_of_leadership(who, share):
    assert standing.leadership(*who, 0.8) == pytest.approx(share)
