"""The schemas for editors accept what cosim accepts and refuse what an editor can see to be wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cosim.catalogue import load_scenario, names
from cosim.catalogue.bundled import catalogue_source
from cosim.config.yaml_source import parse_yaml, read_yaml
from cosim.studies.registry import KINDS
from tests.cli.terminal import ROOT, cosim

Validator = jsonschema.Draft202012Validator
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))


def validator(what: str) -> Validator:
    schema = json.loads(cosim("schema", what).stdout)
    Validator.check_schema(schema)
    return Validator(schema)


@pytest.fixture(scope="module")
def scenario() -> Validator:
    return validator("scenario")


@pytest.fixture(scope="module")
def study() -> Validator:
    return validator("study")


def test_every_catalogue_file_fits(scenario: Validator) -> None:
    for name in names():
        scenario.validate(catalogue_source(name).data)


@pytest.mark.parametrize("name", ["research_team", "late_entry", "connected_representatives"])
def test_a_scenario_written_out_in_full_fits(name: str, scenario: Validator) -> None:
    scenario.validate(load_scenario(name).to_dict())


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_config_fits(path: Path, study: Validator) -> None:
    study.validate(read_yaml(path).data)


def test_the_study_schema_knows_every_kind(study: Validator) -> None:
    assert study.schema["properties"]["study"]["enum"] == list(KINDS)


@pytest.mark.parametrize(
    "text",
    [
        "team: {lead: {role: researcher}}",  # no phases
        "phases: {conducting: {level: inform}}\nteam: {a: {count: 3}}",  # no role
        "phases: {conducting: {meetings: 2}}\nteam: {a: {role: patient}}",  # no level
        "extends: research_team\nfloor: {returnin: 1.0}",
        "extends: research_team\nfloor: {returning: -1.0}",
        "extends: research_team\nphases: {doing: {level: inform}}",
        "extends: research_team\ninterventions: {round_robbin: 1.0}",
        "extends: research_team\nteam: {a: {role: nurse}}",
        "extends: 7",
    ],
)
def test_bad_scenarios_are_refused(text: str, scenario: Validator) -> None:
    assert not scenario.is_valid(parse_yaml(text).data)


@pytest.mark.parametrize(
    "text",
    [
        "study: compare",
        "study: compere\nscenario: a",
        "study: compare\nscenario: a\nreplicate: 3",
        "study: compare\nscenario: a\nseed: 0",
        "study: compare\nscenario: a\ninterventions: [round_robbin]",
        "study: compare\nscenario: a\nbundles: {b: {buddy: 2.0}}",
        "study: compare\nscenario: a\noutcomes: [influence_ginni]",
        "study: compare\nscenario: a\nworlds: {over: [floor.returnin]}",
        "study: compare\nscenario: a\nscreen: {levels: 4}",
        "study: screen\nscenario: a\nworlds: {count: 3}",
        "study: sweep\nscenario: a",
        "study: compare\nscenario: a\nquick: {scenario: b}",
    ],
)
def test_bad_studies_are_refused(text: str, study: Validator) -> None:
    assert not study.is_valid(parse_yaml(text).data)


def test_an_editor_is_told_unit_and_source(scenario: Validator) -> None:
    definitions: dict[str, Any] = scenario.schema["$defs"]
    told = definitions["Floor"]["properties"]["returning"]["description"]
    assert "added odds" in told
    assert "ICSI" in told
