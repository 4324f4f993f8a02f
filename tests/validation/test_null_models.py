"""Null models: what is taken out is out, and equal chance is equal."""

from __future__ import annotations

import pytest

from cosim.calibration.counterparts import Counterparts
from cosim.catalogue import load_scenario
from cosim.meeting_logs.corpora import corpus
from cosim.meeting_logs.equal_chance import equal_chance
from cosim.patterns import patterns
from cosim.validation.null_models import VARIANTS, WHOLE, Variant
from cosim.validation.simulated import Effort, Simulation

BY_NAME = {one.name: one for one in VARIANTS}


def test_the_whole_model_is_left_as_it_is() -> None:
    scenario = load_scenario("research_team")
    assert WHOLE.scenario(scenario) == scenario
    assert WHOLE.corpus(corpus("icsi")) is corpus("icsi")
    assert WHOLE.numbers() == {}


@pytest.mark.parametrize("one", VARIANTS[1:], ids=lambda one: one.name)
def test_variants_are_settings_of_the_model_and_each_takes_more_out(one: Variant) -> None:
    scenario = one.scenario(load_scenario("research_team"))
    assert scenario.standing.title_salience == 0.0
    assert {group.confidence for group in scenario.team.values()} == {0.6}
    before = VARIANTS[VARIANTS.index(one) - 1]
    assert set(before.changes) <= set(one.changes)
    assert one.numbers().get("floor.rule", 1.0) == 1.0  # luce, the second of the rules


def test_equal_chance_in_the_engine_is_the_chance_baseline() -> None:
    """Four people, about 200 turns: the Gini of turns of simulated teams is that of plain dice."""
    one = BY_NAME["equal_chance"]
    teams = Counterparts(one.corpus(corpus("ami")))
    tallies = teams.simulate(one.numbers(), 1)
    turns = int(tallies.turns.sum(axis=1).mean())
    dice = equal_chance([10.0] * turns, 4, 400, 1)  # type: ignore[arg-type]
    assert tallies.statistic("gini_turns") == pytest.approx(dice.mean("gini_turns"), abs=0.02)
    assert tallies.statistic("aba") == pytest.approx(1 / 3, abs=0.02)
    assert tallies.statistic("role_ratio_turns", {"role": "Project Manager"}) == pytest.approx(1.0, abs=0.05)


def test_without_status_a_professor_is_anybody() -> None:
    target = next(one for one in patterns()["A4"].targets if one.statistic == "role_ratio_turns")
    simulation = Simulation(Effort(samples=10, groups=10, projects=10), BY_NAME["no_status"])
    assert simulation.sample(patterns()["A4"], target).median[0] == pytest.approx(1.0, abs=0.25)
