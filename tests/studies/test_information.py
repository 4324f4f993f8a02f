"""What to measure first: a planted value of information is found, told, and priced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cosim.errors import ConfigError
from cosim.reporting.page import render
from cosim.studies.config import load_config
from cosim.studies.information.findings import Knowing
from cosim.studies.registry import page_for
from cosim.studies.results import read_results
from cosim.studies.team_model import team_model
from tests.studies.planted import Shape, write_provenance

KEYS = ("stance.conformity", "uptake.rate", "stance.deference")
ARMS = ("baseline", "round_robin")


def plant(folder: Path, worth: float, *, study_cost: float | None = None, noise: float = 0.2) -> Path:
    """Rounds gain `worth` times conformity (-1 to 1); the rate moves both ways alike, deference nothing."""
    rng = np.random.default_rng(4)
    worlds, replicates = 200, 4
    values = rng.uniform(-1, 1, (len(KEYS), worlds))
    design, runs = [], []
    for world in range(worlds):
        for order, arm in enumerate(ARMS):
            point = world * len(ARMS) + order
            row = {"point": point, "world": world, "arm": arm, "seed": 1 + world, "with.round_robin": order}
            design.append(row | {key: values[k, world] for k, key in enumerate(KEYS)})
            level = 2 * values[1, world] + order * worth * values[0, world]
            for replicate in range(replicates):
                run = {"run": point * replicates + replicate, "point": point, "world": world, "arm": arm}
                quality = level + rng.normal(0, noise)
                runs.append(
                    run | {"replicate": replicate, "decision_quality": quality, "money": 0.0, "error": None}
                )
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(design).to_parquet(folder / "design.parquet")
    pd.DataFrame(runs).to_parquet(folder / "runs.parquet")
    notes = {
        "utility": {"decision_quality": 10.0, "money": -0.01},
        "choose": list(ARMS),
        "groups": {},
        "projects": 10,
        "study_cost": study_cost,
        "luck": "nested",
    }
    write_provenance(folder, "information", notes, Shape(worlds=worlds, replicates=replicates))
    return folder


def test_the_parameter_that_turns_the_choice_comes_first(tmp_path: Path):
    one = Knowing(read_results(plant(tmp_path, 1.0)))
    [first] = one.clear
    assert first["name"] == "stance.conformity"
    # 10 E max(0, X) for X uniform from -1 to 1.
    assert first["estimate"] == pytest.approx(2.5, abs=3 * first["se"])
    assert one.matters
    # What moves the level most moves both arms alike: it is worth nothing to know.
    assert one.loudest["name"] == "uptake.rate"
    assert one.loudest["level"] > 0.5 > one.loudest["leverage"]
    assert first["leverage"] > 0.5
    assert one.choices["best"].tolist()[0] == "baseline"
    assert one.choices["best"].tolist()[-1] == "round_robin"


@pytest.mark.parametrize(
    ("cost", "says"), [(500.0, "would be worth it"), (50_000.0, "would not be worth it")]
)
def test_whether_a_study_is_worth_its_cost_is_told(cost: float, says: str, tmp_path: Path):
    results = read_results(plant(tmp_path, 1.0, study_cost=cost))
    page = page_for("information")(results)
    told = " ".join(page.answer)
    one = Knowing(results)
    assert one.money(2.5) == pytest.approx(2500.0)  # a point is worth 100, for each of ten projects
    assert says in told
    assert "Level is not leverage" in told
    table = page.data["information"]
    assert f"({float(table['estimate'].iloc[0]):.3f} points)" in told
    assert "report" not in told
    render(page)


def test_where_nothing_turns_the_choice_nothing_is_to_be_measured(tmp_path: Path):
    results = read_results(plant(tmp_path, 0.0))
    assert not Knowing(results).clear
    assert "nothing needs to be measured" in " ".join(page_for("information")(results).answer)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"utility": {"decision_qualty": 1.0}}, "information.utility.decision_qualty"),
        ({"utility": {"decision_quality": 0.0}}, "information.utility"),
        ({"utility": {}}, "information.utility"),
        ({"study_cost": 100.0}, "information.study_cost"),
        ({"choose": ["baseline", "round_robbin"]}, "information.choose"),
        ({"groups": {"both": ["stance.conformty"]}}, "information.groups.both"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(change: dict[str, Any], key: str, tmp_path: Path):
    config = {
        "study": "information",
        "scenario": "research_team",
        "interventions": ["round_robin"],
        "worlds": {"count": 64},
        "information": {"utility": {"decision_quality": 1.0}, **change},
    }
    path = tmp_path / "study.yaml"
    path.write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path, team_model)
    assert str(caught.value.key).startswith(key)
