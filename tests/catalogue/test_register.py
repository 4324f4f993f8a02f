"""Every id that was ever released stands for values that have this very id."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cosim.catalogue import load_scenario, names
from cosim.catalogue.register import (
    Released,
    looks_like_id,
    read_editions,
    released_ids,
    resolve_id,
    scenario_or_released,
)
from cosim.documents.register import register_text, with_today
from cosim.errors import ConfigError
from cosim.version import __version__

ROOT = Path(__file__).parents[2]


def test_each_id_is_that_of_its_values():
    assert len(released_ids()) >= 56
    assert "research_team-c5ca59b9f534" in released_ids()
    for identity in released_ids():
        found = resolve_id(identity)
        assert found.genuine, identity
        assert identity.startswith(f"{found.values['name']}-")


def test_a_changed_value_is_no_longer_genuine():
    found = resolve_id("research_team-c5ca59b9f534")
    team = {**found.values["team"], "patients": {**found.values["team"]["patients"], "count": 5}}
    assert not Released(found.identity, found.model, found.noted, {**found.values, "team": team}).genuine


def test_ids_of_this_version_s_catalogue_are_its_scenarios():
    for name in names():
        scenario = load_scenario(name)
        assert scenario_or_released(scenario.identity) == scenario
        assert looks_like_id(scenario.identity)


def test_an_unknown_id_is_told_with_those_of_its_scenario():
    with pytest.raises(ConfigError, match="no released scenario has this id") as refused:
        scenario_or_released("research_team-c5ca59b9f535")
    assert refused.value.nearest == "research_team-c5ca59b9f534"


def test_a_release_adds_the_catalogue_and_removes_nothing():
    before = read_editions()
    after = with_today(before, "2030-01-02")
    assert after[: len(before)] == before
    added = {one for edition in after[len(before) :] for one in edition["scenarios"]}
    assert added == {load_scenario(name).identity for name in names()} - set(released_ids())
    assert with_today(after, "2030-01-03") == after


def test_the_file_is_as_the_release_step_writes_it():
    path = ROOT / "cosim" / "catalogue" / "register.json"
    assert path.read_text(encoding="utf-8") == register_text(read_editions())


def test_a_released_version_is_in_the_register():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    if f"## [{__version__}]" not in re.findall(r"^## \[.+?\]", changelog, flags=re.M):
        pytest.skip("this version is not released yet: the release step adds its ids")
    assert {load_scenario(name).identity for name in names()} <= set(released_ids())
