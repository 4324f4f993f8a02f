"""Scenarios: validated, immutable, serialisable; changes by dotted keys; refusals in the user's words."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given, settings

from cosim import Scenario, load_scenario
from cosim.errors import ConfigError
from cosim.scenario import members_of_phase, parameters
from cosim.scenario.frozen import FrozenDict
from cosim.scenario.values import values_of
from cosim.scenario.vocabulary import PHASES
from cosim.version import MODEL
from tests.strategies import scenarios

TEAM = load_scenario("research_team")
SMALL = {
    "team": {"public": {"role": "patient", "count": 2}, "staff": {"role": "provider", "count": 2}},
    "phases": {"conducting": {"level": "involve"}},
}


# ---------------------------------------------------------------- what it is


@settings(max_examples=40)
@given(scenarios())
def test_a_scenario_survives_a_round_trip(scenario):
    again = Scenario.from_dict(scenario.to_dict())
    assert again == scenario
    assert again.identity == scenario.identity
    assert hash(again) == hash(scenario)
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_a_key_of_an_earlier_version_is_read_and_no_longer_written():
    """Until 0.3."""
    data = TEAM.to_dict()
    assert "path_dependence" not in data["knowledge"]
    data["knowledge"]["path_dependence"] = 0.4
    del data["knowledge"]["opens"]
    old = Scenario.from_dict(data)
    assert old.knowledge.opens == 0.4
    assert old == TEAM.replace({"knowledge.path_dependence": 0.4}) == TEAM.replace({"knowledge.opens": 0.4})
    with pytest.raises(ConfigError, match="path_dependence"):
        TEAM.replace({"knowledge.path_dependences": 0.4})
    with pytest.raises(ConfigError, match=r"knowledge\.opens"):
        TEAM.replace({"knowledge.path_dependence": 1.4})


def test_nothing_of_a_scenario_can_change():
    with pytest.raises(ValueError, match="frozen"):
        TEAM.name = "other"
    with pytest.raises(ValueError, match="frozen"):
        TEAM.floor.stake = 2.0
    with pytest.raises(TypeError, match="immutable"):
        TEAM.team["more"] = TEAM.team["lead"]
    for change in (
        lambda d: d.update(a=1),
        lambda d: d.pop("lead"),
        lambda d: d.clear(),
        lambda d: d.setdefault("a", 1),
        lambda d: d.__ior__({"a": 1}),
        lambda d: d.__delitem__("lead"),
    ):
        with pytest.raises(TypeError, match="immutable"):
            change(TEAM.team)


def test_frozen_dicts_compare_and_hash_by_content():
    assert FrozenDict(a=1, b=2) == FrozenDict(b=2, a=1)
    assert hash(FrozenDict(a=1, b=2)) == hash(FrozenDict(b=2, a=1))


def test_identity_is_name_and_content():
    assert TEAM.identity.startswith("research_team-")
    assert TEAM.replace({"floor.stake": 1.0}).identity == TEAM.identity, (
        "the default said aloud is the default"
    )
    assert TEAM.replace({"floor.stake": 1.1}).identity != TEAM.identity


def test_identity_carries_the_version_of_the_model_and_no_prose():
    name, model, digest = TEAM.identity.split("-")
    assert (name, model) == (TEAM.name, MODEL)
    assert re.fullmatch("[0-9a-f]{12}", digest)
    for key in ("title", "question", "description"):
        assert TEAM.replace({key: "Corrected."}).identity == TEAM.identity
    assert TEAM.replace({"sources": ["Somebody 2020"]}).identity == TEAM.identity
    assert TEAM.replace({"name": "mine"}).identity == f"mine-{model}-{digest}"
    assert values_of({"team": {"title": {"count": 1, "label": "Carers"}}}) == {
        "team": {"title": {"count": 1}}
    }


def test_each_value_of_a_scenario_is_in_its_identity():
    for record in parameters():
        if not record.numeric or record.key.startswith("roles."):
            continue
        low, high = record.allowed
        other = low if record.default != low else high
        try:
            changed = TEAM.replace({record.key: other})
        except ConfigError:  # does not go with the rest
            continue
        assert changed.identity != TEAM.identity, record.key


def test_phases_are_put_into_their_order_in_time():
    phases = {name: {"level": "involve"} for name in reversed(PHASES)}
    assert tuple(Scenario.from_dict({**SMALL, "phases": phases}).phases) == PHASES


def test_counts():
    assert TEAM.size == 12
    assert TEAM.count("patient") == 4
    assert TEAM.count("policymaker") == 1


def test_who_takes_part_in_a_phase():
    changing = load_scenario("changing_team")
    assert "newcomers" not in members_of_phase(changing, "governance")
    assert "newcomers" in members_of_phase(changing, "conducting")
    assert "leaver" not in members_of_phase(changing, "conducting")


# ---------------------------------------------------------------- changes


def test_replace_changes_one_number_and_leaves_the_old_one_alone():
    changed = TEAM.replace({"facilitation.invitation": 0.5})
    assert changed.facilitation.invitation == 0.5
    assert TEAM.facilitation.invitation == 0.0
    assert changed.facilitation.skill == TEAM.facilitation.skill


def test_replace_every_phase_group_or_role():
    assert {p.minutes for p in TEAM.replace({"phases.*.minutes": 60.0}).phases.values()} == {60.0}
    assert {g.openness for g in TEAM.replace({"team.*.openness": 0.3}).team.values()} == {0.3}
    assert set(TEAM.replace({"roles.*.openness": 0.3}).roles) == {
        *("researcher", "patient", "provider", "policymaker")
    }


def test_replace_adds_and_removes_groups_phases_and_own_attributes():
    more = TEAM.replace({"team.nurses": {"role": "provider", "count": 2}})
    assert more.size == 14
    assert more.replace({"team.nurses": None}) == TEAM
    assert set(TEAM.replace({"phases.conducting": None}).phases) == set(PHASES) - {"conducting"}
    assert TEAM.replace({"team.lead.prestige": None}).team["lead"].prestige is None


def test_interventions_are_added_with_dose():
    one = TEAM.with_interventions("round_robin", {"ground_rules": 0.5})
    assert one.interventions == {"round_robin": 1.0, "ground_rules": 0.5}
    assert TEAM.interventions == {}
    assert one.with_interventions({"round_robin": 0.0}).interventions["round_robin"] == 0.0


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"facilitation.invitations": 0.5}, "facilitation.invitation"),
        ({"facilitaton.invitation": 0.5}, "facilitation"),
        ({"facilitation.invitation": 1.5}, "facilitation.invitation"),
        ({"facilitation.invitation": "much"}, "facilitation.invitation"),
        ({"facilitation.invitation": True}, "facilitation.invitation"),
        ({"facilitation.invitation": float("nan")}, "facilitation.invitation"),
        ({"facilitation.tokens": 2.5}, "facilitation.tokens"),
        ({"floor.rule": "loudest"}, "floor.rule"),
        ({"phases.*.level": "delegate"}, "level"),
        ({"phases.*.options": 1}, "options"),
        ({"phases.planning": {"level": "involve"}}, "phases"),
        ({"phases.conducting": {"meetings": 2}}, "level"),
        ({"team.patients.role": "astronaut"}, "role"),
        ({"team.patients.count": -1}, "count"),
        ({"team.patients.count": 60}, "too large"),
        ({"team.patients.courage": 0.5}, "courage"),
        ({"team.researchers.lead": True}, "at most one accountable lead"),
        ({"team.lead.count": 2}, "exactly one member"),
        ({"team.patients.joins": "conducting", "team.patients.leaves": "governance"}, "leaves before"),
        ({"phases.*.rule": "lead_decides", "team.lead": None}, "no lead"),
        ({"phases.*.level": "empower", "team.patients": None}, "nobody could decide"),
        ({"phases.*.importance": 0.0}, "importance"),
        ({"roles.patient.courage": 0.5}, "no such attribute"),
        (
            {
                f"knowledge.society_{kind}": 0.0
                for kind in ("empirical", "experiential", "practice", "policy")
            },
            "society",
        ),
        ({"name": ""}, "name"),
        ({"floor": 3}, "floor"),
        ({"floor.stake.more": 1.0}, "no such key"),
        ({"": 1.0}, "no such key"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_named(changes, says):
    with pytest.raises(ConfigError, match=says):
        TEAM.replace(changes)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"team": {}}, "at least two members"),
        ({"team": {"one": {"role": "patient"}}}, "at least two members"),
        ({"phases": {}}, "at least one phase"),
        ({"phases": {"conducting": {"level": "involve", "minutes": "90"}}}, "minutes"),
        ({"team": None}, "team"),
        ({"unknown": 1}, "unknown"),
    ],
    ids=str,
)
def test_impossible_data_is_refused(change, says):
    with pytest.raises(ConfigError, match=says):
        Scenario.from_dict({**SMALL, **change})


@pytest.mark.parametrize("missing", ["team", "phases"])
def test_missing_parts_are_named(missing):
    with pytest.raises(ConfigError, match=missing):
        Scenario.from_dict({key: value for key, value in SMALL.items() if key != missing})


def test_unknown_interventions_are_refused_with_the_nearest_name():
    with pytest.raises(ConfigError, match="round_robin"):
        TEAM.with_interventions("round_robbin")
    with pytest.raises(ConfigError, match="contradicts"):
        TEAM.with_interventions("round_robin", "hand_raising_queue")
    with pytest.raises(ConfigError):
        TEAM.with_interventions({"round_robin": 1.2})
