"""What a turn hands back, and what members notice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import influence

SHARES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8)


@given(SHARES, st.integers(0, 1000))
def test_what_is_handed_back_and_what_is_kept_add_up(shares, seed):
    before = np.random.default_rng(seed).random(len(shares))
    credit, handed = before.copy(), np.full(len(shares), 9.0)
    influence.hand_back(credit, np.array(shares), handed)
    assert handed == pytest.approx(before * shares)
    assert credit + handed == pytest.approx(before)


@given(SHARES, st.integers(0, 1000))
def test_what_goes_back_to_where_one_stood_is_moved_there(shares, seed):
    before = np.random.default_rng(seed).random(len(shares))
    credit, base = before.copy(), np.ones(len(shares))
    influence.return_to(credit, np.array(shares), base)
    assert base - 1.0 == pytest.approx(before * shares)
    assert credit == pytest.approx(before * (1.0 - np.array(shares)))


def test_a_worth_is_handed_on_by_parts():
    stances = np.array([0.1, 0.0, 0.2])
    influence.hand_on(stances, np.array([0.5, 0.5, 0.0]), 0.4)
    assert stances == pytest.approx([0.3, 0.2, 0.2])


@pytest.mark.parametrize(
    ("uptake", "equal", "satisfied", "seen"),
    [(0.25, 0.25, 1.0, 0.75), (0.9, 0.25, 1.0, 1.0), (0.0, 0.25, 0.0, 0.0), (0.3, 0.0, 0.5, 0.5)],
)
def test_perceived_influence(uptake, equal, satisfied, seen):
    assert influence.perceived(uptake, equal, satisfied) == pytest.approx(seen)
