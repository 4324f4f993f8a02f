"""Gini and Theil: known values, and brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms.inequality import gini, theil

SHARES = st.lists(st.floats(0.0, 100.0).map(lambda x: round(x, 3)), min_size=2, max_size=9)


def everyone(values: list[float]) -> np.ndarray:
    return np.ones(len(values), dtype=bool)


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ([1.0, 1.0, 1.0], 0.0),
        ([0.0, 0.0, 0.0, 5.0], 0.75),  # one has all: 1 - 1/n
        ([1.0, 2.0, 3.0, 4.0], 0.25),
        ([1.0, 3.0], 0.25),
        ([0.0, 0.0], 0.0),
    ],
)
def test_gini_known_values(values, answer):
    assert gini(np.array(values), everyone(values)) == pytest.approx(answer, abs=1e-12)


@given(SHARES)
def test_gini_is_the_rank_formula(values):
    ordered = np.sort(values)
    n, total = len(values), sum(values)
    expected = 0.0
    if total > 0.0:
        expected = 2.0 * (np.arange(1, n + 1) * ordered).sum() / (n * total) - (n + 1) / n
    assert gini(np.array(values), everyone(values)) == pytest.approx(expected, abs=1e-12)


@given(SHARES, st.floats(0.5, 50.0))
def test_gini_does_not_mind_scale_or_order(values, factor):
    there = everyone(values)
    one = gini(np.array(values), there)
    assert gini(np.array(values) * factor, there) == pytest.approx(one, abs=1e-12)
    assert gini(np.array(values[::-1]), there) == pytest.approx(one, abs=1e-12)


def test_gini_counts_only_those_counted():
    assert gini(np.array([1.0, 99.0, 3.0]), np.array([True, False, True])) == pytest.approx(0.25)


@given(st.lists(st.tuples(st.floats(0.01, 5.0), st.integers(0, 3)), min_size=2, max_size=9))
def test_theil_is_its_definition_and_splits_into_between_and_within(people):
    raw = np.array([share for share, _ in people])
    role = np.array([role for _, role in people])
    shares = raw / raw.sum()
    n = len(shares)
    total = sum(s * math.log(s * n) for s in shares)
    within = 0.0
    for r in set(role.tolist()):
        own = shares[role == r]
        mean = own.mean()
        within += own.sum() * np.mean(own / mean * np.log(own / mean))
    found, found_within = theil(shares, role)
    assert found == pytest.approx(total, abs=1e-12)
    assert found_within == pytest.approx(within, abs=1e-12)


def test_theil_of_one_who_has_all_is_log_n():
    assert theil(np.array([1.0, 0.0, 0.0]), np.array([0, 1, 1]))[0] == pytest.approx(math.log(3.0))


def test_theil_of_equal_shares_is_nothing_within_nothing():
    """Seven sevenths do not sum to 1 to the last bit; what is left must not be divided by itself."""
    assert theil(np.full(7, 1.0 / 7.0), np.array([0, 0, 1, 1, 2, 3, 3])) == (0.0, 0.0)
