"""The real model as the subject of a study: same numbers as `cosim.simulate`, paired, failures kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cosim
from cosim.config.yaml_source import Source
from cosim.errors import ConfigError
from cosim.execution.design import Point
from cosim.execution.executors import local
from cosim.execution.seeds import world_seed
from cosim.execution.tasks import Task, evaluate_task
from cosim.outcomes import OUTCOME_NAMES
from cosim.studies.config import check_config, config_from_text, read_config
from cosim.studies.study import Study, read_runs
from cosim.studies.team_model import TeamModel, team_model
from tests.execution.studies import results

CONFIGS = sorted(Path(__file__).resolve().parents[2].glob("configs/*.yaml"))
RATE = cosim.load_scenario("research_team").uptake.rate
TEXT = f"""\
study: compare
scenario: research_team
interventions: [round_robin]
arms:
  the same: {{set: {{uptake.rate: {RATE}}}}}
worlds: {{count: 3, over: [floor.returning, roles.patient.prestige]}}
replicates: 4
seed: 11
output: {{runs_per_chunk: 8}}
"""


def study(text: str = TEXT) -> Study:
    return Study(check_config(config_from_text(text, Path("c.yaml")), team_model))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("team") / "out"
    study().run(path)
    return path


def test_a_run_of_a_study_is_a_run_of_simulate(done: Path) -> None:
    runs = read_runs(done)
    assert runs["error"].isna().all()
    design = pd.read_parquet(done / "design.parquet")
    scenario = cosim.load_scenario("research_team")
    for row in design.itertuples():
        changes = {key: getattr(row, f"_{place}") for place, key in enumerate(design.columns, 1) if "." in key
                   and not key.startswith("with.") and not pd.isna(design.loc[row.Index, key])}  # fmt: skip
        alone = scenario.replace(changes)
        if row.arm == "round_robin":
            alone = alone.with_interventions("round_robin")
        expected = cosim.simulate(alone, 4, seed=row.seed).runs[list(OUTCOME_NAMES)].to_numpy()
        found = runs.loc[runs["point"] == row.point, list(OUTCOME_NAMES)].to_numpy()
        np.testing.assert_array_equal(found, expected)
    assert design.loc[0, "seed"] == 11
    assert design.loc[3, "seed"] == world_seed(11, 1)


def test_an_arm_that_changes_nothing_differs_in_nothing(done: Path) -> None:
    runs = read_runs(done)
    base, same = (
        runs.loc[runs["arm"] == arm, list(OUTCOME_NAMES)].reset_index(drop=True)
        for arm in ("baseline", "the same")
    )
    pd.testing.assert_frame_equal(base, same, check_exact=True)


def test_worlds_have_different_random_numbers(done: Path) -> None:
    runs = read_runs(done)
    assert runs.loc[runs["arm"] == "baseline", "influence_gini"].nunique() == 12


def test_the_people_table_does_not_depend_on_the_size_of_parts(tmp_path: Path) -> None:
    text = TEXT.replace("count: 3", "count: 1").replace("replicates: 4", "replicates: 45")
    found = []
    for size in (1, 30, 45, 1000):
        study(text.replace("runs_per_chunk: 8", f"runs_per_chunk: {size}")).run(tmp_path / str(size))
        found.append(results(tmp_path / str(size)))
    assert found.count(found[0]) == len(found)
    people = pd.read_parquet(tmp_path / "1" / "people.parquet")
    per_group = people.groupby(["point", "group"])["replicates"].agg(["sum", "count"])
    assert (per_group["sum"] == 45).all()
    assert (per_group["count"] == 3).all()


def test_any_number_of_threads_gives_the_same_bytes(done: Path, tmp_path: Path) -> None:
    study().run(tmp_path / "threads", workers=_held(3))
    assert results(tmp_path / "threads") == results(done)


def test_both_engines_give_the_same_table() -> None:
    design = study().design
    task = Task((design.points[4],), range(1), design.replicates, design.seed, people=True)
    scenario = cosim.load_scenario("research_team")
    one, two = (evaluate_task(TeamModel(scenario, engine), task) for engine in ("compiled", "reference"))
    assert one.runs.equals(two.runs)
    assert one.people is not None
    assert one.people.equals(two.people)


@pytest.mark.slow
def test_processes_give_the_same_bytes(done: Path, tmp_path: Path) -> None:
    study(TEXT + "executor: processes\nworkers: 2\n").run(tmp_path)
    assert results(tmp_path) == results(done)


def _held(count: int):  # type: ignore[no-untyped-def]
    from contextlib import nullcontext

    return nullcontext(local("threads", count))


def test_a_team_that_cannot_be_is_a_failed_run_and_the_others_go_on() -> None:
    scenario = cosim.load_scenario("research_team")
    lead = next(name for name, group in scenario.team.items() if group.lead)
    crowd = Point(1, changes={f"team.{lead}.count": 3})
    points = (Point(0), crowd, Point(2, interventions={"round_robin": 1.0}))
    piece = evaluate_task(TeamModel(scenario), Task(points, range(2), 2, 5))
    errors = piece.runs.column("error").to_pylist()
    assert [error is None for error in errors] == [True, True, False, False, True, True]
    assert "the lead's group has exactly one member" in errors[2]
    alone = cosim.simulate(scenario, 2, seed=5).runs["influence_gini"].tolist()
    assert piece.runs.column("influence_gini").to_pylist()[:2] == alone


def test_what_a_scenario_has_settled_is_sampled_only_when_named() -> None:
    scenario = "scenario:\n  extends: research_team\n  uptake: {rate: 0.2}\n"
    text = f"study: compare\n{scenario}interventions: [round_robin]\nworlds: {{count: 1}}\n"
    assert "uptake.rate" not in study(text).design.points[0].changes
    assert "uptake.jargon" in study(text).design.points[0].changes
    named = text.replace("count: 1", "count: 1, over: [uptake.rate]")
    assert list(study(named).design.points[0].changes) == ["uptake.rate"]


BAD = {
    "scenario: research_teem": (2, "scenario", "did you mean 'research_team'?"),
    "scenario: {extends: research_team, uptake: {rat: 0.2}}": (
        2,
        "scenario.uptake.rat",
        "did you mean 'rate'?",
    ),
    "scenario: {extends: research_team, uptake: {rate: 2}}": (2, "scenario.uptake.rate", "allowed: <= 1"),
    "scenario: none/there.yaml": (2, "scenario", "no such"),
}


@pytest.mark.parametrize("line", BAD)
def test_mistakes_in_the_scenario_are_placed_in_the_config(line: str) -> None:
    number, key, words = BAD[line]
    with pytest.raises(ConfigError) as caught:
        study(f"study: compare\n{line}\ninterventions: [round_robin]\n")
    told = str(caught.value)
    assert words in told
    if "none/" not in line:
        assert (caught.value.line, caught.value.key) == (number, key), told


@pytest.mark.parametrize("quick", [True, pytest.param(False, marks=pytest.mark.slow)])
@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_config_resolves_to_a_config_of_the_same_design(path: Path, quick: bool) -> None:
    config = check_config(read_config(path), team_model, quick=quick)
    again = check_config(Source(None, config.resolved()), team_model)
    count = 2 if config.settings.replicates == "auto" else None
    assert again.design(count).hash == config.design(count).hash
