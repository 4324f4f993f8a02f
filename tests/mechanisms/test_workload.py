"""Workload: what is asked over what can be given, and what too much of it does to coming."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms.workload import load, odds_under

SHARE = st.floats(0.0, 1.0)


def test_load_is_hours_of_meeting_and_items_over_capacity():
    assert load(1.5, 0.0, 0.25, 3.0) == 0.5
    assert load(1.5, 6.0, 0.25, 3.0) == 1.0
    assert load(4.5, 6.0, 0.25, 3.0) == 2.0


@pytest.mark.parametrize(
    ("loaded", "overload", "paid", "odds"),
    [
        (0.5, 1.0, 0.0, 0.8),  # nobody is asked too much
        (1.0, 1.0, 0.0, 0.8),
        (2.0, 0.25, 0.0, 0.6),  # twice as much: a quarter stays away
        (2.0, 0.25, 1.0, 0.8),  # who is paid comes
        (2.0, 0.25, 0.5, 0.7),
        (9.0, 0.5, 0.0, 0.0),  # and not less often than never
    ],
)
def test_too_much_unpaid_work_keeps_people_away(loaded, overload, paid, odds):
    assert odds_under(0.8, loaded, overload, paid) == pytest.approx(odds)


@given(SHARE, st.floats(0.0, 20.0), SHARE, SHARE)
def test_odds_stay_odds_and_never_rise_with_the_load(odds, loaded, overload, paid):
    under = odds_under(odds, loaded, overload, paid)
    assert 0.0 <= under <= odds
    assert odds_under(odds, loaded + 1.0, overload, paid) <= under + 1e-12
