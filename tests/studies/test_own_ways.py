"""A study with a way of working of its own: run by processes, taken up again, merged, rerun, told of."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from cosim.config.error_messages import ManyConfigError
from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError
from cosim.execution.design import Point
from cosim.execution.run_tables import EvaluatorError
from cosim.scenario.plan import resolve
from cosim.studies.config import check_config, config_from_data, extended
from cosim.studies.team_model import team_model
from tests.cli.terminal import cosim, tables

pytestmark = pytest.mark.usefixtures("one_format")

WALK = {
    "title": "Walking meeting",
    "sentence": "The first half hour of a meeting is walked, in pairs.",
    "effects": [{"dial": "facilitation.small_groups", "toward": 1, "share": 0.5}],
    "effort": [{"when": "every_meeting", "inside_minutes": 5, "money": 12}],
    "evidence": {
        "grade": "observational",
        "text": "Seen twice; sizes assumed.",
        "sources": ["Our diary, 2026"],
    },
}
STUDY = {
    "study": "compare",
    "scenario": "research_team",
    "ways": {"walking_meeting": WALK},
    "interventions": ["payment", {"walking_meeting": 0.5}, "walking_meeting"],
    "bundles": {"both": ["walking_meeting", "payment"]},
    "replicates": 2,
    "worlds": {"count": 3},
    "output": {"runs_per_chunk": 6},
}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.yaml").write_text(json.dumps(STUDY), encoding="utf-8")
    run = cosim("run", folder / "own.yaml", "--output", folder / "whole")
    assert run.exit_code == 0, run.output
    return folder


def test_it_is_told_of_like_any_other(done: Path) -> None:
    page = (done / "whole" / "report.html").read_text(encoding="utf-8")
    for told in ("Walking meeting", "Seen twice; sizes assumed.", "Our diary, 2026", WALK["sentence"]):
        assert str(told) in page
    assert ">not classified<" not in page
    provenance = json.loads((done / "whole" / "provenance.json").read_text(encoding="utf-8"))
    config = provenance["study"]["config"]
    assert "ways" not in config
    assert config["scenario"]["ways"]["walking_meeting"]["title"] == "Walking meeting"


@pytest.mark.slow
def test_processes_shards_and_reruns_give_the_same_bytes(done: Path) -> None:
    path = done / "processes.yaml"
    path.write_text(json.dumps({**STUDY, "executor": "processes", "workers": 2}), encoding="utf-8")
    for number in (1, 2):
        shard = cosim("run", path, "--output", done / "cut", "--shard", f"{number}/2")
        assert shard.exit_code == 0, shard.output
    merged = cosim("merge", done / "cut")
    assert merged.exit_code == 0, merged.output
    assert tables(done / "cut") == tables(done / "whole")
    again = cosim("rerun", done / "whole")
    assert again.exit_code == 0, again.output
    assert cosim("run", done / "own.yaml", "--output", done / "whole", "--resume").exit_code == 0


def test_another_way_of_the_same_name_is_another_study(done: Path) -> None:
    other = {**STUDY, "ways": {"walking_meeting": {**WALK, "decay": 0.2}}}
    (done / "own.yaml").write_text(json.dumps(other), encoding="utf-8")
    refused = cosim("run", done / "own.yaml", "--output", done / "whole", "--resume")
    (done / "own.yaml").write_text(json.dumps(STUDY), encoding="utf-8")
    assert refused.exit_code == 2


def test_all_interventions_include_it_and_names_may_not_clash() -> None:
    every = check_config(config_from_data({**STUDY, "interventions": "all", "bundles": {}}), team_model)
    assert "walking_meeting" in every.made.notes["arms"]
    with pytest.raises(ConfigError, match="another arm"):
        check_config(config_from_data({**STUDY, "bundles": {"walking_meeting": ["payment"]}}), team_model)
    quick = {**STUDY, "quick": {"ways": {}}}
    with pytest.raises(ConfigError, match="quick"):
        check_config(config_from_data(quick), team_model)


HALF = {"walking_meeting": 0.5}
USES: list[tuple[dict[str, object], set[float]]] = [
    ({"interventions": [HALF, "walking_meeting"]}, {0.0, 0.5, 1.0}),
    ({"interventions": [], "bundles": {"both": {**HALF, "payment": 1}}}, {0.0, 0.5}),
    ({"interventions": [], "arms": {"by_half": {"with": HALF}}}, {0.0, 0.5}),
    ({"study": "factorial", "factorial": {"factors": {"walking_meeting": [0.5, 1]}}}, {0.5, 1.0}),
    (
        {"study": "sweep", "sweep": {"over": {"walking_meeting": {"from": 0, "to": 1, "steps": 3}}}},
        {0, 0.5, 1},
    ),
    ({"study": "screen", "screen": {"factors": ["walking_meeting"], "trajectories": 2}}, set()),
    ({"study": "sobol", "sobol": {"factors": ["walking_meeting", "payment"], "samples": 8}}, set()),
    (
        {"study": "bundles", "search": {"members": ["walking_meeting"], "objectives": {"money": "min"}}},
        {0, 1},
    ),
]


@pytest.mark.parametrize(("use", "doses"), USES)
def test_its_dose_is_a_factor_of_every_kind_of_study(use: dict[str, object], doses: set[float]) -> None:
    data = {key: value for key, value in STUDY.items() if key not in ("interventions", "bundles")} | use
    if data["study"] in ("screen", "sobol"):
        del data["worlds"]
    points = check_config(config_from_data(data), team_model).made.points
    found = {float(point.interventions.get("walking_meeting", 0.0)) for point in points}
    assert found == doses if doses else len(found) > 1 and 0.0 <= min(found) < max(found) <= 1.0


def test_half_the_dose_does_and_takes_half() -> None:
    model = check_config(config_from_data(STUDY), team_model).subject
    full, half = (
        resolve(model.scenario.with_interventions({"walking_meeting": dose}))[0] for dose in (1, 0.5)
    )
    usual = resolve(model.scenario)[0]
    assert half.meetings["facilitation_small_groups"] == pytest.approx(0.25)
    assert full.meetings["facilitation_small_groups"] == pytest.approx(0.5)
    assert full.meetings["money"] - usual.meetings["money"] == pytest.approx(12.0)
    assert half.meetings["money"] - usual.meetings["money"] == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        ("dose: 0.5", 6, "where the way is used"),
        ("minutes: 5", 6, "inside_minutes"),
        ("money: 5", 6, "money_per_person"),
        ("conflicts: [walk]", 4, "itself"),
        ("compliance: 2", 6, "1.0"),
        ("decay: 1", 6, "1.0"),
        ("titel: Walk", 6, "title"),
        ("evidence: {grade: observatonal}", 6, "observational"),
        ("built_in: [voice_ginni]", 6, "voice_gini"),
        ("effort: [{minutes: 5}]", 6, "inside_minutes"),
    ],
)
def test_what_cannot_be_is_refused_on_its_line(change: str, line: int, told: str) -> None:
    lines = ["study: compare", "scenario: token_seat", "ways:", "  walk: {sentence: Walked., EFFECTS"]
    effects = "effects: [{dial: facilitation.small_groups, toward: 1}],"
    text = "\n".join([*lines, "", f"    {change}}}", "interventions: [walk]"]).replace("EFFECTS", effects)
    with pytest.raises(ConfigError) as refused:
        check_config(extended(parse_yaml(text, Path("own.yaml"))), team_model)
    assert refused.value.line == line
    assert told in str(refused.value)


@pytest.mark.parametrize("dose", [0, 2, "half", True, None])
def test_doses_that_are_none_are_refused(dose: object) -> None:
    with pytest.raises(ConfigError):
        check_config(config_from_data({**STUDY, "interventions": [{"walking_meeting": dose}]}), team_model)


def test_what_is_wrong_with_an_effect_is_all_that_is_said() -> None:
    walk = {**WALK, "effects": [{"dial": "facilitation.smal_groups", "toward": 1}]}
    with pytest.raises(ConfigError) as refused:
        check_config(config_from_data({**STUDY, "ways": {"walking_meeting": walk}}), team_model)
    assert not isinstance(refused.value, ManyConfigError)
    assert refused.value.nearest == "facilitation.small_groups"


def test_what_workers_are_sent_knows_its_ways_and_refuses_other_plugins() -> None:
    model = check_config(config_from_data(STUDY), team_model).subject
    sent = pickle.loads(pickle.dumps(model))
    assert sent == model
    assert "walking_meeting" in sent.interventions()
    points = [Point(0, 0, "walking_meeting", {}, {"walking_meeting": 1.0})]
    here, there = (one(points, range(2), 1)["runs"] for one in (model, sent))
    assert here.equals(there)
    with pytest.raises(EvaluatorError, match="lacks elsewhere"):
        replace(model, stamps=("elsewhere-1.0+0123456789ab",))(points, range(1), 1)


@pytest.mark.parametrize(
    "block",
    [{"delivery": {"walking_meeting": {"compliance": 0.5}}}, {"interventions": {"walking_meeting": 1}}],
)
def test_an_inline_scenario_is_told_that_it_does_not_know_the_ways_of_the_study(
    block: dict[str, object],
) -> None:
    study = {**STUDY, "scenario": {"extends": "research_team", **block}}
    with pytest.raises(ConfigError, match="defined by the study") as found:
        check_config(config_from_data(study), team_model)
    [name] = block
    assert found.value.key == f"scenario.{name}.walking_meeting"
    inside = {"extends": "research_team", **block, "ways": study.pop("ways")}
    checked = check_config(config_from_data({**study, "scenario": inside}), team_model)
    assert list(checked.subject.describe()["ways"]) == ["walking_meeting"]
