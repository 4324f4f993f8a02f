"""Mesa itself: the model runs on every supported release and keeps clear of its names."""

from __future__ import annotations

import inspect
import warnings

import mesa
import pytest

from cosim import CoproductionModel, load_scenario
from cosim.simulation.simulation import simulate

TEAM = load_scenario("research_team").replace({"phases.*.minutes": 2.0, "agenda.minutes_per_item": 1.0})
# From the first release supported: the same on Mesa 3.3.1 and 3.5.1, Python 3.11 and 3.12.
TURNS = {"research_team, seed 1": 93}


def test_the_release_is_one_that_is_supported():
    major, minor = (int(part) for part in mesa.__version__.split(".")[:2])
    assert major == 3
    assert minor >= 3


def test_nothing_deprecated_is_used():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = CoproductionModel(TEAM, seed=1).run_model()
        model.datacollector.get_model_vars_dataframe()
        model.datacollector.get_agent_vars_dataframe()


def test_results_do_not_come_from_mesas_generators():
    """The model's random numbers are its own: using up Mesa's random numbers changes nothing."""
    one, other = CoproductionModel(TEAM, seed=1), CoproductionModel(TEAM, seed=1)
    other.rng.random(100)
    other.random.random()
    assert one.run_model().outcomes() == other.run_model().outcomes()
    runs = simulate(TEAM, replicates=1, seed=1).runs
    assert runs.iloc[0].drop("replicate").to_dict() == one.outcomes()


def test_mesas_names_stay_mesas():
    """Names that some Mesa 3 release uses on a model or an agent are not used for anything else here."""
    model = CoproductionModel(TEAM, seed=1)
    own = set(vars(model)) - set(vars(mesa.Model(rng=1)))
    taken = {
        "scenario",
        "time",
        "data_registry",
        "agents",
        "steps",
        "rng",
        "random",
        "events",
        "space",
        "grid",
    }
    assert not own & taken
    overridden = {name for name in vars(CoproductionModel) if not name.startswith("_")} & set(dir(mesa.Model))
    assert overridden - {"observables"} == {"step", "run_model"}  # Mesa 3.5 adds the first itself
    agent = model.participants[0]
    assert not {"cell", "pos", "scenario", "unique_id"} & set(vars(type(agent)))
    assert agent.unique_id >= 1


def test_steps_and_agents_are_mesas():
    model = CoproductionModel(TEAM, seed=1).run_model()
    assert model.steps == len(model.log)
    assert len(model.agents) == 13
    assert model.agents.get("index")[:3] == [0, 1, 2] if hasattr(model.agents[-1], "index") else True
    if hasattr(model, "time"):  # from Mesa 3.4 on
        assert model.time == pytest.approx(model.steps)


def test_mesas_own_way_to_run_a_model():
    """`step` from outside, any number of times; parameters by keyword as Mesa's tools pass them."""
    parameters = inspect.signature(CoproductionModel.__init__).parameters
    assert [name for name in parameters if name != "self"][:3] == ["scenario", "seed", "replicate"]
    model = CoproductionModel(scenario=TEAM, seed=1, replicate=0)
    for _ in range(5):
        model.step()
    assert len(model.log) == 5


@pytest.mark.parametrize("name", TURNS)
def test_turns_do_not_depend_on_the_release(name):
    assert len(CoproductionModel(TEAM, seed=1, collect=False).run_model().log) == TURNS[name]
