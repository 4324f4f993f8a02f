"""Running a scenario: the same results however it is run, and clear words about what is not possible."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from cosim.catalogue import load_scenario
from cosim.engine import batch as batches
from cosim.errors import ConfigError
from cosim.model.agents import Facilitator, Patient
from cosim.scenario.plan import resolve, unchanged
from cosim.scenario.vocabulary import ROLES
from cosim.simulation.counterfactual import changed_decisions, of_members, of_roles
from cosim.simulation.simulation import Agents, run_compiled, simulate


@pytest.fixture(scope="module")
def small():
    """One short meeting a phase: quick on the reference engine too."""
    scenario = load_scenario("research_team")
    phases = {
        key: value
        for name in scenario.phases
        for key, value in ((f"phases.{name}.minutes", 5), (f"phases.{name}.meetings", 1))
    }
    return scenario.replace(phases)


class Quiet(Patient):
    """A public contributor who never claims the floor against others."""

    def claim(self, last: int, addressed: int) -> float:
        return 1e-9 * super().claim(last, addressed)


class Loud(Facilitator):
    """The same facilitator under another name."""


@pytest.mark.parametrize("workers", [1, 2, 7])
@pytest.mark.parametrize("batch", [1, 3, 256])
def test_results_depend_on_neither_workers_nor_batches(small, monkeypatch, workers, batch):
    plan, _ = resolve(small)
    whole = run_compiled(plan, range(20), 5)
    monkeypatch.setattr(batches, "BATCH", batch)
    parts = run_compiled(plan, range(20), 5, workers=workers)
    for one, other in zip(whole, parts, strict=True):
        assert one.tobytes() == other.tobytes()


def test_some_replicates_are_the_same_as_among_all(small):
    every = simulate(small, 12, 3).runs
    some = simulate(small, range(2, 12, 3), 3).runs
    assert some.reset_index(drop=True).equals(every.iloc[2::3].reset_index(drop=True))
    assert not every.drop(columns="replicate").duplicated().any()


def test_both_engines_give_the_same_tables(small):
    compiled = simulate(small, 3, 11, log=True)
    reference = simulate(small, 3, 11, engine="reference", workers=2, log=True)
    assert compiled.runs.equals(reference.runs)
    assert compiled.people.equals(reference.people)
    assert compiled.log is not None
    assert compiled.log.equals(reference.log)


def test_overridden_agents_run_on_the_reference_engine_and_say_so(small, caplog):
    agents = Agents(participants={"patient": Quiet})
    with caplog.at_level(logging.WARNING, "cosim"):
        quiet = simulate(small, 2, 1, agents=agents, workers=2, log=True)
    assert "reference engine" in caplog.text
    assert quiet.provenance["engine"] == "reference"
    usual = simulate(small, 2, 1)
    public = usual.people["role"] == "patient"
    assert quiet.people.loc[public, "turns"].sum() < usual.people.loc[public, "turns"].sum()
    assert quiet.log is not None
    assert (quiet.log["person"].isin(quiet.people["person"])).all()


def test_an_own_class_that_changes_nothing_gives_the_usual_bits(small):
    assert simulate(small, 1, 2, agents=Agents(facilitator=Loud)).runs.equals(simulate(small, 1, 2).runs)


def test_counterfactuals_of_overridden_agents_are_refused(small):
    with pytest.raises(ConfigError, match="counterfactual"):
        simulate(small, 1, agents=Agents(facilitator=Loud), counterfactual=True)


@pytest.mark.parametrize(
    "wrong", [{"engine": "fast"}, {"replicates": 0}, {"seed": -1}, {"seed": 2**63}, {"workers": 0}]
)
def test_numbers_out_of_range_are_refused(small, wrong):
    with pytest.raises(ConfigError):
        simulate(small, **{"replicates": 2, **wrong})


def test_counterfactual_influence_is_a_share_and_nothing_changes_without_a_change(small):
    plan, members = resolve(small)
    assert not changed_decisions(plan, range(20), 1, [unchanged(plan)]).any()
    people = changed_decisions(plan, range(30), 1, of_members(plan))
    roles = changed_decisions(plan, range(30), 1, of_roles(plan), workers=2)
    assert people.shape == (30, len(members))
    assert roles.shape == (30, 4)
    for shares in (people, roles):
        assert (shares >= 0).all()
        assert (shares <= 1 + 1e-12).all()
    # A role and its constituency together sway more decisions than a member of it alone does.
    assert roles.mean(axis=0).max() > people.mean(axis=0).max()


def test_counterfactual_influence_is_a_column_of_both_tables(small):
    """The run without a change is not repeated for it, and leads to the same."""
    result = simulate(small, 4, 1, counterfactual=True)
    plan, members = resolve(small)
    assert np.array_equal(
        result.people["counterfactual_influence"].to_numpy().reshape(4, len(members)),
        changed_decisions(plan, range(4), 1, of_members(plan)),
    )
    of_each = [f"counterfactual_influence_{role}" for role in ROLES]
    assert np.array_equal(
        result.runs[of_each].to_numpy(), changed_decisions(plan, range(4), 1, of_roles(plan))
    )


def test_the_compiled_engine_never_falls_back_on_python(small, monkeypatch, recwarn):
    from cosim.engine import project as engine

    plan, _ = resolve(small)
    expected = run_compiled(plan, range(3), 1)

    def refuse(*_):
        raise AssertionError("run by Python")

    monkeypatch.setattr(engine, "run_batch", refuse)
    assert run_compiled(plan, range(3), 1).runs.tobytes() == expected.runs.tobytes()
    assert all(not part.targetoptions.get("forceobj") for part in engine.ENGINE.load().values())
    assert all(part._can_compile is False for part in engine.ENGINE.load().values())
    assert not recwarn.list
