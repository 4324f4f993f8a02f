"""The commands that tell about the model: what they print is what the records say."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cosim import simulate
from cosim.catalogue import load_scenario, names
from cosim.formatting import terminal
from cosim.interventions import INTERVENTIONS
from cosim.outcomes import OUTCOME_NAMES, OUTCOMES
from cosim.scenario import parameters, phase_parameters
from tests.cli.terminal import cosim


def printed(*words: str | Path) -> str:
    result = cosim(*words)
    assert result.exit_code == 0, result.output
    told: str = result.stdout
    return told


def test_the_catalogue_lists_every_scenario() -> None:
    told = printed("catalogue")
    assert all(f"\n{name} " in told for name in names())
    assert [row["name"] for row in json.loads(printed("catalogue", "--json"))] == list(names())


def test_interventions_are_listed_and_explained() -> None:
    told = printed("interventions")
    assert all(f"\n{name} " in told for name in INTERVENTIONS)
    one = printed("interventions", "round_robin")
    assert "voice_gini" in one
    assert INTERVENTIONS["round_robin"].sentence in one
    assert len(json.loads(printed("interventions", "--json"))) == len(INTERVENTIONS)


def test_outcomes_are_listed_and_explained() -> None:
    rows = json.loads(printed("outcomes", "--json"))
    assert [row["name"] for row in rows] == list(OUTCOME_NAMES)
    one = json.loads(printed("outcomes", "influence_gini", "--json"))[0]
    assert one["range"] == "0 to 1"
    assert one["built_in"] == [way.name for way in INTERVENTIONS.values() if "influence_gini" in way.built_in]
    assert "Monte Carlo" in printed("outcomes", "mcse")
    assert "constituency" in printed("outcomes", "influence_carried")
    wrong = cosim("outcomes", "influence_gin")
    assert wrong.exit_code == 2
    assert "influence_gini" in wrong.stderr


def test_parameters_are_listed_with_their_source() -> None:
    every = json.loads(printed("parameters", "--json"))
    assert [row["key"] for row in every] == [one.key for one in (*parameters(), *phase_parameters())]
    told = printed("parameters", "floor.returning")
    assert "ICSI" in told
    assert told.endswith("\n1 parameter\n")
    assert "1 parameters" not in printed("parameters", "floor.")
    levers = json.loads(printed("parameters", "--kind", "lever", "--json"))
    assert levers
    assert {row["kind"] for row in levers} == {"lever"}


@pytest.mark.parametrize("name", ["research_team", "dance", "symmetric_null"])
def test_show_as_yaml_is_the_scenario(name: str, tmp_path: Path) -> None:
    path = tmp_path / "shown.yaml"
    path.write_text(printed("show", name, "--yaml"), encoding="utf-8")
    assert load_scenario(path).identity == load_scenario(name).identity


def test_show_as_json_has_every_value_with_its_source() -> None:
    shown = json.loads(printed("show", "hostile_system", "--json"))
    scenario = load_scenario("hostile_system")
    assert shown["identity"] == scenario.identity
    by_key = {row["key"]: row for row in shown["parameters"]}
    assert by_key["system.support"]["value"] == scenario.system.support
    assert by_key["system.support"]["status"] == "scenario"
    assert by_key["floor.returning"]["source"].startswith("ICSI")
    assert len(by_key) == len(parameters())


def test_show_tells_it_in_words() -> None:
    told = printed("show", "token_seat")
    scenario = load_scenario("token_seat")
    assert scenario.identity in told
    assert "Team of 9" in told
    assert all(record.key in told for record in parameters())


def test_cite_names_identity_version_and_sources() -> None:
    told = json.loads(printed("cite", "priority_setting_trial", "--json"))
    scenario = load_scenario("priority_setting_trial")
    assert scenario.identity in told["sentence"]
    assert told["sources"] == scenario.to_dict()["sources"]
    assert told["assumed"] == list(scenario.assumed)
    assert "and 1 meeting." in told["sentence"]
    assert scenario.identity in printed("cite", "priority_setting_trial").replace("\n  ", " ")


def test_check_says_what_a_config_and_a_scenario_are(tmp_path: Path) -> None:
    config = tmp_path / "mine.yaml"
    config.write_text(
        "study: compare\nscenario: research_team\ninterventions: [buddy]\nreplicates: 3\n"
        "worlds: {count: 4}\nquick: {replicates: 1}\n",
        encoding="utf-8",
    )
    told = printed("check", config)
    assert "2 arms x 4 worlds x 3 replicates = 24 runs" in told
    assert "--quick: " in told
    scenario = tmp_path / "team.yaml"
    scenario.write_text("extends: token_seat\nteam: {patients: {count: 2}}\n", encoding="utf-8")
    assert "a valid scenario, team-" in printed("check", scenario)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "team.yaml"]


def test_check_takes_a_name_and_hints_at_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_scenario("token_seat").identity in printed("check", "token_seat")
    (tmp_path / "team.yaml").write_text("extends: token_seat\n", encoding="utf-8")
    for slip, meant in (
        ("token_saet", "token_seat"),
        ("which_intervention", "which_interventions"),
        ("team", "team.yaml"),
    ):
        refused = cosim("check", slip)
        assert (refused.exit_code, f"did you mean {meant!r}" in refused.stderr) == (2, True)


def test_simulate_prints_the_means_of_simulate() -> None:
    told = printed("simulate", "research_team", "-n", "5", "--seed", "3", "--all")
    runs = simulate(load_scenario("research_team"), 5, 3).runs
    for outcome in OUTCOMES:
        [line] = [line for line in told.splitlines() if line.split()[:1] == [outcome.name]]
        digits = 1 if abs(runs[outcome.name].mean()) >= 100 else 3
        assert f"{runs[outcome.name].mean():.{digits}f} ±" in line


def test_simulate_compares_with_the_same_random_numbers() -> None:
    told = printed(
        "simulate", "research_team", "-n", "5", "--with", "round_robin", "--set", "team.patients.count=5"
    )
    [line] = [line for line in told.splitlines() if line.startswith("voice_parity_public")]
    before = load_scenario("research_team")
    after = before.replace({"team.patients.count": 5}).with_interventions("round_robin")
    difference = (simulate(after, 5).runs - simulate(before, 5).runs)["voice_parity_public"].mean()
    assert f"{difference:+.3f} ±" in line


def test_simulate_gives_no_number_for_a_role_that_nobody_has() -> None:
    told = printed("simulate", "research_team", "-n", "3", "--set", "team.patients.count=0")
    [line] = [line for line in told.splitlines() if line.startswith("influence_parity_public")]
    assert line.split()[-3:] == ["–", "–", "ratio"]
    assert "– not defined: nobody in the team is in the role public" in told
    assert "–" not in printed("simulate", "research_team", "-n", "3")


def test_simulate_as_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(printed("simulate", "token_seat", "-n", "3", "--csv"))))
    assert [row["replicate"] for row in rows] == ["0", "1", "2"]
    assert list(rows[0]) == ["replicate", *OUTCOME_NAMES]


def test_tables_fit_and_align() -> None:
    rows = [{"name": "a", "n": 3, "text": "word " * 60}, {"name": "long", "n": 12, "text": "x"}]
    lines = terminal.table(rows, ["name", "n", "text"]).splitlines()
    assert max(len(line) for line in lines) <= terminal.width()
    assert lines[0].startswith("name   n  text")
    assert lines[2].startswith("a      3  word")
    assert lines[-1] == "long  12  x"


def test_a_number_is_never_parted_from_its_percent_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "width", lambda: 12)
    assert terminal.paragraph("one two  33\N{NARROW NO-BREAK SPACE}%\nof all") == "one two 33 %\nof all"
    assert terminal.paragraph("one twos 33\N{NARROW NO-BREAK SPACE}%") == "one twos\n33 %"
