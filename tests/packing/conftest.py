"""A small finished study and its pack, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.packing.pack import Manner, Packed, pack
from tests.cli.terminal import cosim

CONFIG = """\
study: compare
title: "Who decides? <A first look> & 'more'"
question: Which ways of working share influence most evenly?
scenario: research_team
interventions: [round_robin, secret_ballot]
outcomes: [influence_gini, voice_gini]
worlds: {count: 3}
replicates: 2
seed: 11
"""
AUTHORS = ("Ito, Mei", "Patients' Voice")


def finished(folder: Path, text: str = CONFIG) -> Path:
    """Run a config to its report; return the output folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "who_decides.yaml").write_text(text, encoding="utf-8")
    done = cosim("run", folder / "who_decides.yaml", "-o", folder / "out", "-w", "1")
    assert done.exit_code == 0, done.output
    return folder / "out"


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished(tmp_path_factory.mktemp("packing"))


@pytest.fixture(scope="session")
def packed(study: Path) -> Packed:
    return pack(study, study.parent / "out.zip", Manner(AUTHORS))
