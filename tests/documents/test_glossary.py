"""docs/glossary.md: every key of a scenario and of a study config, each with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.documents.glossary import PARTS, scenario_keys, study_keys
from cosim.execution.settings import COMMON_KEYS
from cosim.reporting.generated import filled
from cosim.scenario import SECTIONS, Scenario, parameters, phase_parameters
from cosim.studies.registry import KINDS

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


def test_the_tables_are_what_the_program_says():
    text = GLOSSARY.read_text(encoding="utf-8")
    assert text == filled(text, PARTS), "run: python -m cosim.documents.glossary docs/glossary.md"


@pytest.mark.parametrize("keys", [scenario_keys, study_keys])
def test_every_key_has_a_sentence(keys):
    assert [key for key, told in keys().items() if not told.strip()] == []


def test_no_key_of_a_scenario_is_left_out():
    keys = scenario_keys()
    records = [*parameters(), *phase_parameters()]
    wanted = [record.key.replace("*", "PHASE") for record in records if not record.key.startswith("roles.")]
    wanted += [f"{name}.{field}" for name, section in SECTIONS.items() for field in section.model_fields]
    assert [key for key in [*Scenario.model_fields, *wanted] if key not in keys] == []
    assert {"team.NAME.role", "team.NAME.lead", "phases.PHASE.level"} <= set(keys)


def test_no_key_of_a_study_is_left_out():
    keys = study_keys()
    blocks = [
        f"{kind.block_key}.{field.alias or name}"
        for kind in KINDS.values()
        for name, field in kind.block.model_fields.items()
    ]
    nested = ["worlds.count", "arms.NAME.with", "output.folder", "cluster.queue", "sweep.over.NAME.from"]
    assert [key for key in [*COMMON_KEYS, *blocks, *nested] if key not in keys] == []
