"""Comprehension: barriers in both directions, their cures, and the hearing that a speaker gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import comprehension

SHARE = st.floats(0.0, 1.0)


@given(SHARE, SHARE, SHARE)
def test_comprehension_is_lost_only_upwards(expertise, literacy, loss):
    found = comprehension.comprehension(expertise, literacy, loss)
    assert 0.0 <= found <= 1.0
    if expertise <= literacy:
        assert found == 1.0
    else:
        assert found == pytest.approx(1.0 - loss * (expertise - literacy))


def test_each_kind_of_knowledge_has_its_own_barrier_and_cure():
    jargon = comprehension.loss_of(False, 0.8, 0.6, 0.0, 0.0)
    unfamiliar = comprehension.loss_of(True, 0.8, 0.6, 0.0, 0.0)
    assert (jargon, unfamiliar) == (0.8, 0.6)
    assert comprehension.loss_of(False, 0.8, 0.6, 1.0, 0.0) == 0.0
    assert comprehension.loss_of(True, 0.8, 0.6, 0.5, 1.0) == pytest.approx(0.15)


def test_a_hearing_depends_on_whom_one_speaks_for():
    assert comprehension.hearing(1.0, 0.3) == 1.0
    assert comprehension.hearing(0.0, 0.3) == pytest.approx(0.7)
    assert comprehension.hearing(0.0, 0.0) == 1.0
