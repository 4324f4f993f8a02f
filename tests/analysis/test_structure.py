"""Findings that hold, weaken or turn round under other forms of the model are told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cosim.analysis.compare import CompareSettings
from cosim.analysis.structure import effects_by_structure, rank_agreement, survival
from cosim.errors import ConfigError

EFFECTS = {
    "reference": {"strong": -1.0, "fragile": -0.5, "turning": -0.3, "nothing": 0.0},
    "no_status": {"strong": -0.9, "fragile": 0.0, "turning": -0.3, "nothing": 0.0},
    "bounded": {"strong": -1.0, "fragile": -0.5, "turning": 0.4, "nothing": 0.0},
}


@pytest.fixture
def runs(arm_runs):
    rng = np.random.default_rng(1)
    world, noise = rng.normal(size=(40, 1)), rng.normal(size=(40, 5))
    tables = []
    for k, (form, effects) in enumerate(EFFECTS.items()):
        arms = {"base": {"y": world + noise + 0.1 * rng.normal(size=(40, 5))}}
        for arm, effect in effects.items():
            arms[arm] = {"y": world + noise + effect + 0.1 * rng.normal(size=(40, 5))}
        table = arm_runs(arms).assign(structure=form)
        table["run"] += k * 10_000_000
        table["point"] += k * 1_000_000
        tables.append(table)
    return pd.concat(tables).sample(frac=1, random_state=np.random.default_rng(2))


@pytest.fixture
def effects(runs):
    return effects_by_structure(
        runs, "base", "y", "reference", CompareSettings(costs=(), replication="nested")
    )


def test_effects_and_changes(effects):
    table = effects.set_index(["structure", "arm"])
    assert table.loc[("no_status", "fragile"), "change"] == pytest.approx(0.5, abs=0.05)
    assert table.loc[("no_status", "fragile"), "change_low"] > 0.4
    row = table.loc[("bounded", "strong")]
    assert row["change_low"] < 0 < row["change_high"]
    assert (table.loc["reference", "change"] == 0).all()
    assert effects["structure"].drop_duplicates().tolist() == ["reference", "no_status", "bounded"]


def test_survival(effects):
    table = survival(effects, "reference").set_index("arm")
    assert table["verdict"].to_dict() == {
        "strong": "survives all",
        "fragile": "weakens",
        "turning": "reversed",
        "nothing": "unclear to begin with",
    }
    assert table.loc["turning", "reversed_by"] == "bounded"
    assert table.loc["fragile", "lost_in"] == "no_status"
    assert "no_status" in table.loc["fragile", "changed_by"]
    assert table.loc["strong", "sign"] == "lower"
    assert table.loc["strong", "clear_share"] == 1.0
    assert table.loc["turning", "same_sign_share"] == 0.5
    assert "base" not in table.index


def test_rank_agreement(effects):
    table = rank_agreement(effects, "reference", {"y": "lower"}, top=2).set_index("structure")
    assert table["best"].to_dict() == {"no_status": "strong", "bounded": "strong"}
    assert table.loc["bounded", "kendall_tau"] < 1
    assert table.loc["no_status", "top_kept"] == 0.5  # turning takes the place of fragile
    assert table.loc["bounded", "top_kept"] == 1.0


def test_what_cannot_be_compared_is_refused(runs, effects):
    with pytest.raises(ConfigError, match="did you mean 'reference'"):
        effects_by_structure(runs, "base", "y", "referense")
    with pytest.raises(ConfigError, match="worlds and replicates"):
        effects_by_structure(
            runs[(runs["structure"] != "bounded") | (runs["world"] > 2)], "base", "y", "reference"
        )
    with pytest.raises(ConfigError, match="structure"):
        effects_by_structure(runs.drop(columns="structure"), "base", "y", "reference")
    with pytest.raises(ConfigError, match="'lower' or 'higher'"):
        rank_agreement(effects, "reference", {"y": "down"})
