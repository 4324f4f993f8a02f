"""The compiled loop and the readable model give the same bits: outcomes, people, choices, every turn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cosim.catalogue import load_scenario
from cosim.engine.batch import room_for, run_batch_of
from cosim.interventions import INTERVENTIONS
from cosim.model.model import CoproductionModel
from cosim.model.turn_records import TURN
from cosim.outcomes import OUTCOME_NAMES, PERSON_COLUMNS
from cosim.scenario import Scenario
from cosim.scenario.plan import Variation, resolve, unchanged
from cosim.simulation.simulation import ENGINES, simulate
from tests.strategies import REPLICATES, SEEDS, scenario_of, scenarios, simplest, told


def compiled_run(
    scenario: Scenario, seed: int, replicate: int, variation: Variation | None = None
) -> tuple[Any, Any, Any, Any]:
    """Run one project on the compiled engine: outcomes, people, choices, log."""
    plan, _ = resolve(scenario)
    rows = room_for(plan, 1, people=True, log=20_000)
    numbers = np.array([replicate], dtype=np.int64)
    used = run_batch_of(plan, variation or unchanged(plan), seed, numbers, rows)
    assert used <= len(rows.log)
    return rows.runs[0], rows.people[0], rows.choices[0], rows.log[:used]


def reference_run(
    scenario: Scenario, seed: int, replicate: int, variation: Variation | None = None
) -> tuple[Any, Any, Any, Any]:
    """Run one project as the Mesa model: outcomes, people, choices, log."""
    model = CoproductionModel(scenario, seed, replicate, variation=variation, collect=False).run_model()
    people = model.people()[list(PERSON_COLUMNS)].to_numpy()
    return np.array(list(model.outcomes().values())), people, np.array(model.choices), model.raw_log()


def first_difference(reference: tuple[Any, ...], compiled: tuple[Any, ...]) -> str:
    """Tell where two runs part: the first turn and quantity, else the first outcome or person's column."""
    ours, theirs = reference[3], compiled[3]
    for row in range(min(len(ours), len(theirs))):
        for name in TURN.names or ():
            if not same(ours[name][row], theirs[name][row]):
                turn = {key: ours[key][row].item() for key in TURN.names or ()}
                return f"contribution {row}, {name}: {ours[name][row]!r} != {theirs[name][row]!r} in {turn}"
    if len(ours) != len(theirs):
        return f"{len(ours)} contributions in the reference, {len(theirs)} in the compiled loop"
    if not same(reference[2], compiled[2]):
        return f"options chosen: {reference[2]} != {compiled[2]}"
    for at, name in enumerate(PERSON_COLUMNS):
        if not same(reference[1][:, at], compiled[1][:, at]):
            return f"people, {name}: {reference[1][:, at]} != {compiled[1][:, at]}"
    for at, name in enumerate(OUTCOME_NAMES):
        if not same(reference[0][at], compiled[0][at]):
            return f"outcome {name}: {reference[0][at]!r} != {compiled[0][at]!r}"
    return ""


def same(a: Any, b: Any) -> bool:
    return bool(np.array_equal(a, b, equal_nan=True))


def difference(scenario: Scenario, seed: int, replicate: int, variation: Variation | None = None) -> str:
    ours = reference_run(scenario, seed, replicate, variation)
    return first_difference(ours, compiled_run(scenario, seed, replicate, variation))


def agree(scenario: Scenario, seed: int, replicate: int, variation: Variation | None = None) -> None:
    """Check that the engines agree; else tell the first difference in the simplest scenario that has one."""
    if difference(scenario, seed, replicate, variation):
        least = scenario
        if variation is None:
            least = simplest(scenario, lambda other: bool(difference(other, seed, replicate)))
        pytest.fail(
            f"{difference(least, seed, replicate, variation)}\n"
            f"in {told(least)}, simplified from {scenario.name!r}, seed {seed}, replicate {replicate}"
        )


NO_SHRINKING = (Phase.explicit, Phase.generate)
"""`simplest` makes failures small; Hypothesis would only look for a smaller number."""


@settings(max_examples=100, phases=NO_SHRINKING)
@given(scenarios(), SEEDS, REPLICATES)
def test_both_engines_give_the_same_bits_in_any_scenario(scenario, seed, replicate):
    agree(scenario, seed, replicate)


@pytest.mark.slow
@settings(max_examples=3000, phases=NO_SHRINKING)
@given(scenarios(), SEEDS, REPLICATES)
def test_both_engines_give_the_same_bits_in_3000_scenarios(scenario, seed, replicate):
    agree(scenario, seed, replicate)


@settings(max_examples=25, phases=NO_SHRINKING)
@given(scenarios(), st.data())
def test_both_engines_give_the_same_bits_under_changed_preferences(scenario, data):
    """Counterfactual runs and derivatives use the same machinery."""
    plan, members = resolve(scenario)
    variation = unchanged(plan)
    for i in range(len(members)):
        variation.redraw[i] = data.draw(st.booleans())
        variation.nudge[i] = data.draw(st.sampled_from([0.0, 0.001]))
    for c in range(len(plan.constituency_uid)):
        variation.redraw_constituency[c] = data.draw(st.booleans())
        variation.nudge_constituency[c] = data.draw(st.sampled_from([0.0, 0.001]))
    agree(scenario, 3, 4, variation)


@pytest.mark.parametrize("name", INTERVENTIONS)
def test_both_engines_give_the_same_bits_under_every_intervention(name):
    scenario = load_scenario("research_team").replace({"phases.*.minutes": 3.0}).with_interventions(name)
    agree(scenario, 1, 0)


def test_a_failing_scenario_is_made_simple():
    scenario = scenario_of(2).replace({"facilitation.queue": 1.0, "speech.safety": 0.9})
    least = simplest(scenario, lambda one: one.facilitation.queue > 0.5)
    assert told(least)["facilitation"] == {"queue": 1.0}
    assert set(told(least)) == {"team", "phases", "facilitation"}
    assert len(least.phases) == 1


def test_a_difference_is_told_by_its_first_turn_and_quantity():
    scenario = load_scenario("research_team").replace({"phases.*.minutes": 3.0})
    ours, theirs = reference_run(scenario, 1, 0), compiled_run(scenario, 1, 0)
    assert first_difference(ours, theirs) == ""
    theirs[3]["words"][7] += 1e-13
    theirs[3]["said"][9] += 1e-13
    assert first_difference(ours, theirs).startswith("contribution 7, words")


def test_both_engines_tell_the_same_parts_of_each_decision():
    scenario = load_scenario("research_team").replace({"phases.*.minutes": 3.0, "phases.*.rule": "majority"})
    ours, theirs = (simulate(scenario, 2, seed=4, engine=engine).parts for engine in ENGINES)
    assert ours.equals(theirs)
    totals = ours.groupby(["replicate", "phase"])["all"].sum()
    assert totals.to_numpy() == pytest.approx(100.0)
    assert set(ours["phase"]) == set(scenario.phases)
