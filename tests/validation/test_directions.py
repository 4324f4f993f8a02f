"""Directions by paired runs: the sign and the interval decide, and what a rule builds in is marked."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.patterns import Expectation, Setup
from cosim.patterns.pattern import Arm, Sweep
from cosim.validation.directions import Directions, _paired, is_built_in

SETUP = Setup(scenario="research_team")


@pytest.mark.parametrize(
    ("values", "up", "way"),
    [
        ([1.0, 2.0, 3.0], True, "unclear"),
        ([2.0, 2.1, 1.9, 2.0], True, "right"),
        ([2.0, 2.1, 1.9, 2.0], False, "wrong"),
        ([-2.0, -2.1, -1.9, -2.0], False, "right"),
        ([0.0, 0.0, 0.0], True, "unclear"),
    ],
)
def test_the_way_is_known_when_the_interval_leaves_out_zero(values: list[float], up: bool, way: str) -> None:
    found = _paired(np.array(values), 2.0, up=up, built_in=False)
    assert found.way == way
    assert found.difference == pytest.approx(np.mean(values))
    assert found.effect == pytest.approx(np.mean(values) / 2.0)
    assert found.n == len(values)


def test_the_interval_is_students() -> None:
    found = _paired(np.array([1.0, 2.0, 3.0]), 1.0, up=True, built_in=False)
    assert (found.low, found.high) == pytest.approx((-0.484, 4.484), abs=0.001)  # t(2) = 4.303


def test_missing_values_leave_their_pair_out() -> None:
    found = _paired(np.array([2.0, np.nan, 2.2, 1.8]), 1.0, up=True, built_in=False)
    assert found.n == 3
    assert found.difference == pytest.approx(2.0)


def test_round_robin_evens_turns_and_is_marked_as_built_in() -> None:
    expected = Expectation(
        outcome="voice_gini", direction="lower", arm=Arm(interventions={"round_robin": 1.0})
    )
    found = Directions(20).ask(SETUP, expected)
    assert found.way == "right"
    assert found.built_in
    opposite = expected.model_copy(update={"direction": "higher"})
    assert Directions(20).ask(SETUP, opposite).way == "wrong"


def test_what_emerges_is_not_marked() -> None:
    emerging = Expectation(
        outcome="influence_gini", direction="lower", arm=Arm(interventions={"round_robin": 1.0})
    )
    assert not is_built_in(emerging)


def test_a_number_and_an_interior_optimum() -> None:
    above = Expectation(outcome="minutes", direction="above", value=10.0)
    assert Directions(10).ask(SETUP, above).way == "right"
    below = Expectation(outcome="minutes", direction="below", value=10.0)
    assert Directions(10).ask(SETUP, below).way == "wrong"
    rising = Expectation(
        outcome="minutes",
        direction="interior",
        sweep=Sweep(key="phases.*.minutes", values=(30.0, 60.0, 90.0)),
    )
    assert Directions(10).ask(SETUP, rising).way == "wrong"


def test_the_same_answer_on_any_number_of_threads() -> None:
    expected = Expectation(
        outcome="influence_gini", direction="lower", arm=Arm(interventions={"ground_rules": 1.0})
    )
    assert Directions(30, workers=1).ask(SETUP, expected) == Directions(30, workers=2).ask(SETUP, expected)
