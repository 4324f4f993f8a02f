"""Example configs are found by name, after the user's own files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.studies import example_configs
from cosim.studies.config import read_config


@pytest.mark.parametrize("given", ["screen", "screen.yaml", "configs/screen.yaml"])
def test_an_example_is_found_wherever_one_stands(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert example_configs.found(Path(given)) == example_configs.folder() / "screen.yaml"
    assert read_config(given).data["study"] == "screen"


def test_a_file_of_ones_own_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "screen.yaml").write_text("study: sweep\n", encoding="utf-8")
    assert read_config("screen.yaml").data["study"] == "sweep"


@pytest.mark.parametrize("given", ["other/screen.yaml", "screen.yml", "scren", "../screen", "results/screen"])
def test_nothing_else_means_an_example(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert example_configs.found(Path(given)) == Path(given)


def test_an_unknown_example_names_the_nearest():
    with pytest.raises(ConfigError) as caught:
        example_configs.path_of("scren")
    assert caught.value.nearest == "screen"


def test_every_example_has_a_title():
    titles = example_configs.titles()
    assert list(titles) == list(example_configs.names())
    assert all(titles.values())


COLUMNS = """
from cosim.cli.studies import load_study
from cosim.execution.design import changed_keys
from cosim.studies import example_configs
for name in ("which_interventions", "voice_and_influence", "structure"):
    study = load_study(example_configs.path_of(name))
    print(changed_keys(study.design.typical()), study.design.typical()[-1])
    print(study.config_text, study.dictionary.fields("runs", ["influence_gini"]))
"""


def test_no_design_depends_on_the_seed_of_pythons_hashes():
    told = {
        subprocess.run(
            [sys.executable, "-c", COLUMNS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
