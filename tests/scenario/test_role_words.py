"""What people call themselves, and which of the model's four roles a message or a log takes it for."""

from __future__ import annotations

import pytest

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.meeting_logs.roles import model_role
from cosim.scenario.role_words import PHRASES, WORDS, is_lead, meant_role, nearest_role, stated_role
from cosim.scenario.vocabulary import ROLES

TITLES = {
    "clinician": "provider", "Clinicians": "provider", "nurse": "provider", "nurses": "provider",
    "GP": "provider", "GPs": "provider", "social worker": "provider", "physiotherapists": "provider",
    "carer": "patient", "family_carer": "patient", "service user": "patient", "service_users": "patient",
    "charity": "patient", "public": "patient", "expert by experience": "patient",
    "commissioner": "policymaker", "commissioners": "policymaker", "funder": "policymaker",
    "statistician": "researcher", "PI": "researcher", "chief investigator": "researcher",
}  # fmt: skip


@pytest.mark.parametrize(("title", "role"), TITLES.items())
def test_a_title_stands_for_a_role(title: str, role: str) -> None:
    assert meant_role(title) == role
    assert nearest_role(title) == role
    assert model_role(title) == role


@pytest.mark.parametrize(("title", "role"), TITLES.items())
def test_a_group_may_have_a_title_for_its_role(title: str, role: str) -> None:
    team = {"a": {"role": title}, "b": {"role": "provider"}}
    scenario = load_scenario({"team": team, "phases": {"governance": {"level": "collaborate"}}})
    assert scenario.team["a"].role == role == stated_role(title)


@pytest.mark.parametrize("title", ["patient safety manager", "astronaut", "", "hospital researcher"])
def test_a_title_that_states_no_one_role_is_refused_in_a_scenario(title: str) -> None:
    assert stated_role(title) is None


def test_who_is_the_lead() -> None:
    assert all(map(is_lead, ("PI", "lead researcher", "principal investigator", "Chief Investigator")))
    assert not any(map(is_lead, ("researcher", "lead nurse", "patient lead", "leader")))


@pytest.mark.parametrize(
    ("slip", "role"),
    [("cliniciann", "provider"), ("reseacher", "researcher"), ("comissioner", "policymaker")],
)
def test_a_slip_of_the_pen_stands_for_a_role(slip: str, role: str) -> None:
    assert nearest_role(slip) == role


@pytest.mark.parametrize(
    "title", ["Marketing Expert", "Industrial Designer", "Project Manager", "User Interface"]
)
def test_parts_of_a_role_play_stand_for_none(title: str) -> None:
    assert model_role(title) is None


def test_no_word_stands_for_two_roles() -> None:
    every = [word for words in WORDS.values() for word in words]
    assert len(every) == len(set(every))
    assert {*PHRASES.values(), *WORDS} == set(ROLES)
    assert all(meant_role(role) == role for role in ROLES)


@pytest.mark.parametrize(("block", "key"), [
    ({"team": {"them": {"role": "cliniciann"}}}, "team.them.role"),
    ({"roles": {"clinician": {"prestige": 0.5}}}, "roles.clinician"),
])  # fmt: skip
def test_a_scenario_with_another_role_is_refused_with_the_one_that_was_meant(block: dict, key: str) -> None:
    with pytest.raises(ConfigError) as found:
        load_scenario({"extends": "research_team", **block})
    assert found.value.key == key
    assert found.value.nearest == "provider"
    assert found.value.allowed == "researcher, provider, policymaker, patient"
