"""Involvement levels: public influence is ordered from inform to empower in every scenario of the catalogue.

This is an order of the public's part in the decision, not of merit.
"""

from __future__ import annotations

import itertools

import pytest

from cosim.catalogue import load_scenario, names
from cosim.errors import ConfigError
from cosim.scenario import Scenario
from cosim.scenario.vocabulary import LEVELS, PUBLIC
from tests.paired import change, mean, outcomes, people

N = 40
"""Paired replicates per level; differences between levels have narrow intervals: common random numbers."""
DROWNED = {
    "priority_setting_trial_bare",
    "priority_setting_trial_credibility",
    "priority_setting_trial_legitimacy",
}
"""Large committees in which nothing evens the talk. A report of what the public said is read;
in the room they hardly get a word in, so that talking without a vote moves a decision a little less than
being consulted."""
N_DROWNED = 400
"""Their step from consulting to involving is of some thousandths, so it is held in more pairs."""
ALWAYS = {
    *("research_team", "priority_setting_trial", "priority_setting_trial_bare", "citizen_panel"),
    *("co_creation", "hostile_system", "token_seat"),
}
"""Scenarios of every sort, in which the order is looked at in every run; in the others by the slow tests."""
WITH_PUBLIC = [name for name in names() if load_scenario(name).count(PUBLIC)]


def at(name: str, level: str) -> Scenario:
    return load_scenario(name).replace({"phases.*.level": level})


def test_the_catalogue_has_scenarios_with_a_public():
    assert len(WITH_PUBLIC) >= 12
    assert set(WITH_PUBLIC) >= ALWAYS


@pytest.mark.parametrize(
    "name", [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.slow) for name in WITH_PUBLIC]
)
def test_public_influence_is_ordered_by_level(name):
    """Each step up the levels lowers mean public influence parity by no more than 3 Monte Carlo errors."""
    for lower, upper in itertools.pairwise(LEVELS):
        drowned = upper == "involve" and name in DROWNED
        pairs = N_DROWNED if drowned else N
        step = change(at(name, lower), at(name, upper), "influence_parity_public", pairs)
        if drowned:
            assert step.below
            assert step.mean > -0.01
            continue
        assert step.mean >= -3.0 * step.error, f"{name}: {upper} over {lower}: {step}"
    comes = mean(at(name, "collaborate"), "attendance_public", N).mean > 0.0
    shared = change(at(name, "inform"), at(name, "collaborate"), "influence_parity_public", N)
    assert shared.above is comes  # who never comes casts no ballot
    assert change(at(name, "involve"), at(name, "empower"), "influence_parity_public", N).above


@pytest.mark.parametrize("name", WITH_PUBLIC)
def test_informed_is_exactly_0_and_empowered_leaves_professionals_without_a_vote(name):
    assert (outcomes(at(name, "inform"), N)["influence_parity_public"] == 0.0).all()
    if load_scenario(name).system.drift == 0.0:
        staff = people(at(name, "empower"), 4).query("role != @PUBLIC")
        assert (staff["decision_weight"] == 0.0).all()


@pytest.mark.parametrize("level", LEVELS)
def test_the_public_has_decision_weight_from_collaborate_on(level):
    weight = mean(at("research_team", level), "visible_parity_public", N)
    assert (weight.mean > 0.0) is (level in ("collaborate", "empower"))


def test_a_level_that_leaves_nobody_to_decide_is_refused():
    with pytest.raises(ConfigError, match="nobody could decide"):
        load_scenario("research_team").replace({"team.patients.count": 0, "phases.*.level": "empower"})
