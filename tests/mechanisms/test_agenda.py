"""The agenda: shares in setting it, wishes, and how many items fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import agenda

SHARE = st.floats(0.0, 1.0)


@given(st.data())
def test_shares_in_setting_the_agenda_sum_to_1(data):
    """Whoever is present: with or without a lead, public members, a co-chair."""
    count = data.draw(st.integers(2, 8))
    public = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    lead = data.draw(st.none() | st.integers(0, count - 1))
    possible = [i for i in range(count) if public[i] and i != lead]
    chair = data.draw(st.sampled_from(possible)) if possible and data.draw(st.booleans()) else None
    co_chair = data.draw(SHARE) if chair is not None else 0.0
    dials = (data.draw(SHARE), data.draw(SHARE), co_chair)
    shares = [
        agenda.power(i == lead, public[i], i == chair, lead is not None, *dials, count, float(sum(public)))
        for i in range(count)
    ]
    assert sum(shares) == pytest.approx(1.0, abs=1e-12)
    assert min(shares) >= 0.0


@pytest.mark.parametrize(
    ("who", "dials", "share"),
    [
        # (is lead, is public, is co-chair), (shared, public slot, co-chair) in a team of ten with four public
        ((True, False, False), (0.0, 0.0, 0.0), 1.0),
        ((False, True, False), (0.0, 0.0, 0.0), 0.0),
        ((True, False, False), (1.0, 0.0, 0.0), 0.1),
        ((False, True, False), (1.0, 0.0, 0.0), 0.1),
        ((False, True, False), (0.0, 0.4, 0.0), 0.1),
        ((True, False, False), (0.0, 0.4, 0.0), 0.6),
        ((True, False, False), (0.0, 0.0, 1.0), 0.5),
        ((False, True, True), (0.0, 0.0, 1.0), 0.5),
    ],
)
def test_power_by_hand(who, dials, share):
    assert agenda.power(*who, True, *dials, 10.0, 4.0) == pytest.approx(share)


def test_without_a_lead_everyone_sets_the_agenda():
    assert agenda.power(False, False, False, False, 0.0, 0.0, 0.0, 8.0, 2.0) == pytest.approx(1 / 8)


def test_priority_by_hand():
    assert agenda.priority(0.8, 0.2, 0.8, 0.6) == pytest.approx(1.0)
    assert agenda.priority(0.2, 0.2, 0.8, 0.6) == pytest.approx(0.4)
    assert agenda.priority(0.5, 0.2, 0.8, 0.6) == pytest.approx(0.4 + 0.6 * 0.25)
    assert agenda.priority(0.5, 0.5, 0.5, 1.0) == 1.0


@given(st.integers(1, 5), st.integers(2, 6), SHARE, st.randoms(use_true_random=False))
def test_wishes_are_shares_that_sum_to_1(members, options, self_interest, random):
    views = np.array([[random.random() for _ in range(options)] for _ in range(members)])
    shares = np.array([random.random() + 0.01 for _ in range(members)])
    shares /= shares.sum()
    out = np.empty(options)
    agenda.wanted(views, shares, self_interest, options, out)
    assert out.sum() == pytest.approx(1.0)
    assert out.min() >= 0.0
    if self_interest == 0.0:
        assert out == pytest.approx(np.full(options, 1.0 / options))


def test_whoever_sets_the_agenda_alone_gets_what_they_rate_highly():
    out = np.empty(3)
    agenda.wanted(np.array([[0.1, 0.5, 0.9], [0.9, 0.5, 0.1]]), np.array([1.0, 0.0]), 1.0, 3, out)
    assert out == pytest.approx([0.0, 0.2, 0.8])


@pytest.mark.parametrize(
    ("minutes", "per_item", "options", "fit"),
    [(90.0, 15.0, 8, 6), (90.0, 15.0, 4, 4), (5.0, 15.0, 8, 1), (0.0, 15.0, 8, 1), (88.0, 15.0, 8, 6)],
)
def test_slots(minutes, per_item, options, fit):
    assert agenda.slots(minutes, per_item, options) == fit
