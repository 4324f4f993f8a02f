"""What members show: one bend to the lead and the majority, none where it cannot be seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import stance
from cosim.mechanisms.stance import UNBENT, Bends

SHARE = st.floats(0.0, 1.0)


@given(st.floats(-2.0, 2.0), SHARE, SHARE, SHARE, SHARE)
def test_the_bend_to_the_lead_is_a_share(gap, confidence, safe, deference, loyalty):
    assert 0.0 <= stance.bend_to_lead(gap, confidence, safe, deference, loyalty) <= 1.0


@pytest.mark.parametrize(
    "change",
    [{"gap": 0.0}, {"gap": -0.5}, {"confidence": 1.0}, {"deference": 0.0}, {"safe": 1.0}],
    ids=str,
)
def test_any_one_thing_frees_a_member_who_owes_no_loyalty(change):
    muted = {"gap": 1.0, "confidence": 0.2, "safe": 0.1, "deference": 0.9, "loyalty": 0.0}
    assert stance.bend_to_lead(**muted) == pytest.approx(0.9 * 0.8 * 0.9)
    assert stance.bend_to_lead(**{**muted, **change}) == 0.0


def test_loyalty_mutes_even_the_safe():
    assert stance.bend_to_lead(0.0, 1.0, 1.0, 0.7, 0.3) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("supporters", "opponents", "share"),
    [
        (0.0, 0.0, 0.0),  # nobody has shown anything
        (0.0, 1.0, 1.0 / 3.0),
        (0.0, 2.0, 2.0 / 3.0),
        (0.0, 3.0, 1.0),  # three suffice
        (0.0, 9.0, 1.0),
        (1.0, 3.0, 0.5),  # one ally halves it
        (2.0, 2.0, 0.0),
        (5.0, 1.0, 0.0),  # a majority does not bend
    ],
)
def test_the_bend_to_the_majority_by_hand(supporters, opponents, share):
    assert stance.bend_to_majority(supporters, opponents, 0.4) == pytest.approx(0.4 * share)


@given(SHARE, SHARE, SHARE, SHARE, SHARE, SHARE, SHARE)
def test_what_is_shown_is_a_convex_mix(own, carried, bound, lead, others, to_lead, rest):
    to_others = rest * (1.0 - to_lead)
    shown = stance.shown(own, carried, bound, Bends(to_lead, to_others), lead, others)
    parts = (own, carried, lead, others)
    assert min(parts) - 1e-12 <= shown <= max(parts) + 1e-12


def test_what_is_shown_by_hand():
    assert stance.shown(0.2, 0.6, 0.5, UNBENT, 0.9, 0.9) == pytest.approx(0.4)
    assert stance.shown(0.2, 0.6, 0.5, Bends(1.0, 0.0), 0.9, 0.1) == pytest.approx(0.9)
    assert stance.shown(0.2, 0.6, 0.5, Bends(0.25, 0.25), 0.8, 0.4) == pytest.approx(0.2 + 0.2 + 0.1)


@pytest.mark.parametrize(
    ("mandate", "latitude", "bound"), [(1.0, 0.0, 1.0), (1.0, 1.0, 0.0), (0.5, 0.4, 0.3)]
)
def test_a_delegate_is_bound_and_a_trustee_is_not(mandate, latitude, bound):
    assert stance.bound(mandate, latitude) == pytest.approx(bound)
