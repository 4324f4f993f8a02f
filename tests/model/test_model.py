"""The Mesa model: one step is one turn, agents of four roles and a facilitator, open to be overridden."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from cosim import CoproductionModel, CosimError, load_scenario
from cosim.errors import ConfigError
from cosim.mechanisms.facilitation import ROUND
from cosim.model.agents import Facilitator, Participant, Patient, Policymaker, Provider, Researcher
from cosim.outcomes import OUTCOME_NAMES, PERSON_COLUMNS
from cosim.scenario.vocabulary import PHASES

TEAM = load_scenario("research_team").replace({"phases.*.minutes": 4.0, "agenda.minutes_per_item": 1.0})


@pytest.fixture(scope="module")
def ended() -> CoproductionModel:
    return CoproductionModel(TEAM, seed=3, replicate=1).run_model()


def test_one_step_is_one_speaking_turn():
    model = CoproductionModel(TEAM, seed=3, replicate=1)
    spoken = 0
    while model.running:
        model.step()
        assert len(model.log) - spoken in (0, 1)
        spoken = len(model.log)
    assert spoken == model.steps
    assert spoken == model.outcomes()["turns"]
    model.step()
    assert len(model.log) == spoken, "nothing happens after the end"


def test_meetings_and_phases_come_in_order(ended):
    log = ended.turn_log()
    assert log["phase"].tolist() == sorted(log["phase"])
    assert log["meeting"].tolist() == sorted(log["meeting"])
    assert sorted(set(log["phase"])) == list(range(len(PHASES)))
    for _, meeting in log.groupby("meeting"):
        assert meeting["turn"].tolist() == list(range(len(meeting)))
        assert (meeting["minute"].diff().dropna() > 0.0).all()
        assert meeting["minute"].max() < 4.0
    assert len(ended.choices) == len(PHASES)


def test_agents_are_of_the_four_roles_and_a_facilitator(ended):
    kinds = {Researcher: 4, Provider: 3, Policymaker: 1, Patient: 4, Facilitator: 1}
    assert {kind: len(ended.agents_by_type[kind]) for kind in kinds} == kinds
    assert isinstance(ended, mesa.Model)
    assert [one.name for one in ended.participants][:2] == ["lead", "researchers-1"]
    assert all(one.index == place for place, one in enumerate(ended.participants))


def test_agents_tell_what_they_did(ended):
    table = ended.people().set_index("person")
    for one in ended.participants:
        assert one.turns == table.loc[one.name, "turns"]
        assert one.words == pytest.approx(table.loc[one.name, "words"])
        assert 0.0 <= one.confidence <= 1.0
        assert -1.0 < one.standing < 1.0
    total = sum(one.uptake for one in ended.participants)
    assert ended.turn_log()["uptake"].sum() == pytest.approx(total)


def test_the_project_knows_its_scenario_and_its_outcomes(ended):
    assert ended.project is TEAM
    assert list(ended.outcomes()) == list(OUTCOME_NAMES)
    people = ended.people()
    assert list(people.columns) == ["person", "role", "group", "constituency", *PERSON_COLUMNS]
    assert len(people) == TEAM.size
    assert ended.outcomes() == ended.outcomes()


def test_outcomes_wait_for_the_end():
    model = CoproductionModel(TEAM)
    for read in (model.outcomes, model.people):
        with pytest.raises(CosimError, match="run_model"):
            read()
    model.step()
    with pytest.raises(CosimError, match="run_model"):
        model.outcomes()


def test_influence_can_be_watched():
    model = CoproductionModel(TEAM, collect=False)
    while model.running:
        model.step()
        shares = model.influence_now()
        assert shares.shape == (12,)
        assert shares.min() >= 0.0
        assert shares.sum() == pytest.approx(1.0)
        values = model.option_values()
        assert values.shape == (12, 8)
        assert ((values >= 0.0) & (values <= 1.0)).all()


def test_the_data_collector_has_a_row_per_turn_and_agent(ended):
    by_turn = ended.datacollector.get_model_vars_dataframe()
    by_agent = ended.datacollector.get_agent_vars_dataframe()
    assert len(by_turn) == len(ended.log)
    assert len(by_agent) == len(ended.log) * 13
    assert by_turn["voice_gini"].iloc[-1] == pytest.approx(ended.outcomes()["voice_gini"])
    assert {"phase", "meeting", "turn", "minute", "influence_gini"} <= set(by_turn)
    last = by_agent.xs(by_agent.index.get_level_values(0).max(), level=0)
    assert last["turns"].sum() == len(ended.log)
    assert "facilitator" in set(last["person"])


def test_seed_and_replicate_are_the_random_numbers():
    def said(**seeds) -> list:
        return CoproductionModel(TEAM, **seeds, collect=False).run_model().raw_log()["said"].tolist()

    assert said(seed=1, replicate=2) == said(seed=1, replicate=2)
    assert said(seed=1, replicate=2) != said(seed=1, replicate=3)
    assert said(seed=1, replicate=2) != said(seed=2, replicate=2)
    assert said(seed=1) != said(seed=1 + 2**32), "all 63 bits of a seed count"


@pytest.mark.parametrize(
    "seeds",
    [
        {"seed": -1},
        {"seed": 2**63},
        {"seed": 1.0},
        {"seed": True},
        {"seed": "1"},
        {"replicate": 1.5},
        {"replicate": -1},
        {"replicate": 2**32},
    ],
    ids=str,
)
def test_a_seed_out_of_range_is_refused(seeds):
    with pytest.raises(ConfigError, match="not a "):
        CoproductionModel(TEAM, **seeds)


class Silent(Patient):
    """Never claims the floor while anybody else does."""

    def claim(self, last: int, addressed: int) -> float:
        return 1e-12 * super().claim(last, addressed)


class Chair(Facilitator):
    """Lets people speak in turn, whatever the dials say."""

    def give_floor(self) -> tuple[int, int, int]:
        _, _, table = super().give_floor()
        return ROUND, int(self.model.turn % self.model.size), table


def test_a_participant_can_be_overridden():
    model = CoproductionModel(TEAM, participants={"patient": Silent}, collect=False).run_model()
    assert model.outcomes()["voice_parity_public"] == 0.0
    assert isinstance(model.participants[-1], Silent)
    assert type(model.participants[0]) is Researcher


def test_the_facilitator_can_be_overridden():
    everyone_comes = TEAM.replace({"team.*.attendance": 1.0, "team.*.spread": 0.0})
    model = CoproductionModel(everyone_comes, facilitator=Chair, collect=False).run_model()
    assert model.raw_log()["speaker"][:13].tolist() == [*range(12), 0]


def test_participants_differ_by_what_they_are_not_by_their_class():
    for kind in (Researcher, Provider, Policymaker, Patient):
        own = {name for name in vars(kind) if not name.startswith("_")}
        assert not own, f"{kind.__name__} has rules of its own: {own}"
        assert issubclass(kind, Participant)


def test_a_meeting_without_two_speakers_is_silent_and_takes_its_time():
    pair = TEAM.replace(
        {
            **{f"team.{name}": None for name in ("researchers", "providers", "policymakers")},
            "phases.*.level": "inform",
        }
    )
    model = CoproductionModel(pair, collect=False).run_model()
    assert model.outcomes()["turns"] == 0.0
    assert model.outcomes()["minutes"] == pytest.approx(16.0)
    assert np.isfinite(list(model.outcomes().values())).all()
