"""Uptake: three rules by which listeners move, convex steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.mechanisms import uptake
from cosim.mechanisms.uptake import BAYESIAN, BOUNDED_CONFIDENCE, FRIEDKIN_JOHNSEN

SHARE = st.floats(0.0, 1.0)
FORMS = (FRIEDKIN_JOHNSEN, BOUNDED_CONFIDENCE, BAYESIAN)


@pytest.mark.parametrize("form", FORMS)
@given(w=SHARE, rate=SHARE, distance=SHARE, confirmation=SHARE, bound=SHARE, known=st.floats(0.0, 100.0))
def test_every_rule_moves_a_share_of_the_way(form, w, rate, distance, confirmation, bound, known):
    assert 0.0 <= uptake.step(form, w, rate, distance, confirmation, bound, known) <= 1.0


def test_friedkin_johnsen_by_hand():
    assert uptake.step(FRIEDKIN_JOHNSEN, 0.5, 0.12, 0.4, 0.25, 0.3, 9.0) == pytest.approx(0.06 * 0.9)


@pytest.mark.parametrize(("distance", "moves"), [(0.3, True), (0.300001, False)])
def test_bounded_confidence_ignores_what_is_too_far(distance, moves):
    assert (uptake.step(BOUNDED_CONFIDENCE, 0.5, 0.12, distance, 0.0, 0.3, 0.0) > 0.0) is moves


def test_a_bayesian_listener_averages_what_they_heard():
    """The belief is the mean of what was said and of the prior, which is worth 1 / rate turns."""
    rate, belief, known = 0.5, 0.2, 0.0
    said = [0.9, 0.5, 0.7, 0.3]
    for one in said:
        share = uptake.step(BAYESIAN, 1.0, rate, abs(one - belief), 0.0, 1.0, known)
        belief = uptake.moved(belief, one, 0.0, share, 0.0)
        known += uptake.evidence(1.0, abs(one - belief), 0.0)
    assert belief == pytest.approx((0.2 / rate + sum(said)) / (1.0 / rate + len(said)))


@given(SHARE, SHARE, SHARE, SHARE, SHARE)
def test_moved_is_a_convex_mix(now, said, initial, share, pulled):
    after = uptake.moved(now, said, initial, share, pulled)
    assert min(now, said, initial) - 1e-12 <= after <= max(now, said, initial) + 1e-12


def test_moved_by_hand():
    assert uptake.moved(0.2, 0.8, 0.5, 0.5, 0.0) == pytest.approx(0.5)
    assert uptake.moved(0.2, 0.8, 0.5, 0.0, 1.0) == pytest.approx(0.5)
    assert uptake.moved(0.2, 0.8, 0.5, 0.0, 0.0) == pytest.approx(0.2)


@given(SHARE, SHARE, SHARE, SHARE)
def test_nobody_closed_is_pulled_and_nobody_disbelieved_pulls(credibility, understood, heard, anchor):
    assert uptake.pull(0.0, credibility, understood, heard) == 0.0
    assert uptake.pull(1.0, 0.0, understood, heard) == 0.0
    assert uptake.anchoring(1.0, anchor) == 0.0
    assert uptake.anchoring(0.0, anchor) == anchor


@given(SHARE, SHARE, SHARE)
def test_soundness_says_who_is_nearer_to_the_truth(said, belief, truth):
    found = uptake.soundness(said, belief, truth)
    assert 0.0 <= found <= 1.0
    if abs(said - truth) < abs(belief - truth):
        assert found >= 0.5
    elif abs(said - truth) > abs(belief - truth):
        assert found <= 0.5


@pytest.mark.parametrize(
    ("said", "belief", "truth", "sound"),
    [
        (0.6, 0.2, 0.6, 1.0),
        (0.6, 0.2, 0.2, 0.0),
        (0.3, 0.7, 0.5, 0.5),
        (0.6, 0.2, 0.5, 0.75),
        (0.4, 0.4, 0.4, 1.0),
    ],
)
def test_soundness_by_hand(said, belief, truth, sound):
    assert uptake.soundness(said, belief, truth) == pytest.approx(sound)


@given(SHARE, SHARE, SHARE, SHARE)
def test_a_judgement_goes_by_the_speaker_and_a_proof_by_what_is_said(credibility, said, belief, truth):
    assert uptake.convincing(credibility, said, belief, truth, 0.0) == credibility
    assert uptake.convincing(credibility, said, belief, truth, 1.0) == uptake.soundness(said, belief, truth)


def test_convincing_by_hand():
    """What was said is three times nearer to the truth, the speaker hardly credible; one quarter is proof."""
    assert uptake.convincing(0.2, 0.6, 0.2, 0.5, 0.25) == pytest.approx(0.75 * 0.2 + 0.25 * 0.75)


@given(SHARE, SHARE, SHARE)
def test_where_only_the_argument_counts_who_has_the_truth_keeps_it_and_wins(credibility, truth, other):
    wrong = truth + 0.1 if other > 0.5 else truth - 0.1
    assert uptake.convincing(credibility, wrong, truth, truth, 1.0) == 0.0
    assert uptake.convincing(credibility, truth, wrong, truth, 1.0) == 1.0


@given(SHARE, SHARE, SHARE)
def test_a_position_wears_off_as_far_as_it_is_heard(fresh, fading, heard):
    worn = uptake.worn(fresh, fading, heard)
    assert fading * fresh - 1e-12 <= worn <= fresh
    assert uptake.worn(fresh, fading, 0.0) == fresh
    assert uptake.worn(fresh, fading, 1.0) == pytest.approx(fading * fresh)


def test_a_voice_shares_attention_only_under_the_rule_that_says_so():
    assert uptake.voice(uptake.SHARED_ATTENTION, 0.25, 0.4) == pytest.approx(0.1)
    assert uptake.voice(FRIEDKIN_JOHNSEN, 0.25, 0.4) == 1.0


@given(SHARE, st.floats(0.0, 4.0))
def test_an_argument_never_closes_more_than_most_of_the_distance(pull, size):
    assert uptake.argued(pull, size) == pytest.approx(min(pull * size, uptake.MOST))


@pytest.mark.parametrize(("z", "weight"), [(0.0, 1.0), (1.0, 1.6), (-3.0, 0.1)])
def test_the_certain_weigh_more_and_nobody_nothing(z, weight):
    assert uptake.certain(z, 0.6) == pytest.approx(weight)
