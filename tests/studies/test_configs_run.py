"""Every config in `configs/` runs from the command line, in a tiny size, and explains itself in its head."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cosim.config.yaml_source import read_yaml
from cosim.execution.settings import StudySettings
from cosim.studies.registry import KINDS
from cosim.studies.teams import TRAITS
from tests.cli.terminal import ROOT, cosim

CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
# The smallest that a kind of study allows, laid over the config's own quick form.
SMALLEST: dict[str, str] = {
    "failures": "worlds: {count: 50}",
    "information": "worlds: {count: 50}",
    "screen": "screen: {trajectories: 2}",
    "sobol": "sobol: {samples: 8}",
}


def kind_of(config: Path) -> str:
    kind: str = read_yaml(config).data["study"]
    return kind


def smallest(config: Path) -> str:
    kind = kind_of(config)
    if kind in SMALLEST:
        return SMALLEST[kind]
    return "worlds: {count: 1}" if "worlds" in KINDS[kind].uses else "title: tiny"


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_a_config_runs(config: Path, tmp_path: Path) -> None:
    tiny = tmp_path / "tiny.yaml"
    tiny.write_text(
        f"extends: {config.as_posix()}\nquick:\n  replicates: 1\n  {smallest(config)}\n", encoding="utf-8"
    )
    result = cosim("run", tiny, "--quick", "--no-report", "--output", tmp_path / "out")
    assert result.exit_code == 0, result.output
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    assert runs["error"].isna().all()
    assert runs["influence_gini"].between(0.0, 1.0).all()
    assert len(runs) == len(pd.read_parquet(tmp_path / "out" / "design.parquet"))


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_a_config_explains_itself(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    head = text.split("\nstudy:")[0]
    assert head.startswith("# ")
    assert head.splitlines()[0].endswith("?") or head.splitlines()[0].endswith(".")
    assert f"cosim run configs/{config.name}" in head
    data: dict[str, Any] = read_yaml(config).data
    assert data["question"].strip().endswith("?")
    assert data["title"]
    assert "quick" in data


def test_there_is_a_config_for_every_kind_of_study() -> None:
    assert {kind_of(config) for config in CONFIGS} == set(KINDS)


def test_the_main_job_compares_every_intervention() -> None:
    data = read_yaml(ROOT / "configs" / "which_interventions.yaml").data
    assert data["scenario"] == "research_team"
    assert data["interventions"] == "all"
    assert data["worlds"] == {"count": 512, "over": ["parameters", "ways", "team"]}
    assert ["team_" + name for name in data["team"]] == [factor.key for factor in TRAITS], (
        "the whole mix is stated"
    )
    assert len(data["bundles"]) >= 5
    assert set(data) - {"quick", "compare"} <= set(StudySettings.model_fields)
