"""Arithmetic that gives the same bits everywhere: close to the library's, and inside its bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms.arithmetic import clip, exponential, toward, unit_interval
from cosim.mechanisms.inequality import logarithm


@given(st.floats(-20.0, 20.0))
def test_exponential_is_accurate(x):
    assert exponential(x) == pytest.approx(math.exp(x), rel=5e-14)


def test_exponential_takes_arrays_element_by_element():
    xs = np.linspace(-20.0, 20.0, 101)
    assert np.array_equal(exponential(xs), [exponential(x) for x in xs])


@given(st.floats(1e-12, 1e12))
def test_logarithm_is_accurate(x):
    assert logarithm(x) == pytest.approx(math.log(x), rel=1e-14, abs=2e-15)


def test_logarithm_of_1_is_0():
    assert logarithm(1.0) == 0.0


@given(st.floats(-1e6, 1e6))
def test_clip_holds_within_bounds(x):
    assert clip(x, -2.0, 3.0) == min(max(x, -2.0), 3.0)
    assert unit_interval(x) == min(max(x, 0.0), 1.0)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_toward_stays_between(x, target, strength):
    low, high = min(x, target), max(x, target)
    assert low - 1e-15 <= toward(x, target, strength) <= high + 1e-15
    assert toward(x, target, 0.0) == x
