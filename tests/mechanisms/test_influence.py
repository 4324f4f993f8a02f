"""The decision's weights on sources: brute force, non-negative, summing to 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import influence


def random_decision(seed: int, members: int, options: int):
    random = np.random.default_rng(seed + 1)
    shares = random.dirichlet(np.ones(members))
    mandate = random.random(members)
    weighs = random.dirichlet(np.ones(4), size=members)
    weights = random.dirichlet(np.ones(2 * members), size=(options, 4, members))
    touched = random.random((options, 4)) < 0.5
    return shares, mandate, weighs, weights, touched


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 5))
def test_of_decision_is_the_sum_written_out(seed, members, options):
    shares, mandate, weighs, weights, touched = random_decision(seed, members, options)
    out = np.full(2 * members, 9.0)
    influence.of_decision(shares, mandate, weighs, weights, touched, out)
    own = np.zeros((members, 2 * members))
    own[:, :members] = np.eye(members)
    beliefs = np.where(touched[:, :, None, None], weights, own)  # sources of each belief
    expected = np.einsum("m,mk,okms->s", shares * (1.0 - mandate), weighs, beliefs) / options
    expected[members:] += shares * mandate
    assert out == pytest.approx(expected)
    assert out.sum() == pytest.approx(1.0)
    assert out.min() >= 0.0


@pytest.mark.parametrize(
    ("uptake", "equal", "satisfied", "seen"),
    [(0.25, 0.25, 1.0, 0.75), (0.9, 0.25, 1.0, 1.0), (0.0, 0.25, 0.0, 0.0), (0.3, 0.0, 0.5, 0.5)],
)
def test_perceived_influence(uptake, equal, satisfied, seen):
    assert influence.perceived(uptake, equal, satisfied) == pytest.approx(seen)
