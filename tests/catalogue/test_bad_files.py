"""A bad scenario file is refused with its file, its line, its key, and the nearest name."""

from __future__ import annotations

import pytest

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError

EXTENDS = "extends: research_team\n"

# name of the case: (file content, line, key, part of the message, nearest name)
CASES = {
    "unknown section": (
        EXTENDS + "facilitatoin:\n  rounds: 1.0\n",
        2,
        "facilitatoin",
        "no such key",
        "facilitation",
    ),
    "unknown key": (
        EXTENDS + "facilitation:\n  round: 1.0\n",
        3,
        "facilitation.round",
        "no such key",
        "rounds",
    ),
    "unknown word": (
        EXTENDS + "facilitation:\n  group_mix: mixd\n",
        3,
        "facilitation.group_mix",
        "not one of the known values",
        "mixed",
    ),
    "out of range": (
        EXTENDS + "facilitation:\n  rounds: 1.5\n",
        3,
        "facilitation.rounds",
        "out of range",
        None,
    ),
    "wrong type": (
        EXTENDS + "facilitation:\n  rounds: often\n",
        3,
        "facilitation.rounds",
        "must be a number",
        None,
    ),
    "no value": (EXTENDS + "facilitation:\n  rounds:\n", 3, "facilitation.rounds", "it has no value", None),
    "whole number": (
        EXTENDS + "team:\n  patients:\n    count: 2.5\n",
        4,
        "team.patients.count",
        "must be a whole number",
        None,
    ),
    "unknown role": (
        EXTENDS + "team:\n  carers: {role: pacient}\n",
        3,
        "team.carers.role",
        "not one of the known",
        "patient",
    ),
    "role missing": (EXTENDS + "team:\n  carers: {count: 2}\n", 3, "team.carers.role", "missing", None),
    "unknown attribute": (
        EXTENDS + "team:\n  patients:\n    prestge: 0.4\n",
        4,
        "team.patients.prestge",
        "no such key",
        "prestige",
    ),
    "attribute of a role": (
        EXTENDS + "roles:\n  patient:\n    openess: 0.4\n",
        4,
        "roles.patient.openess",
        "no such attribute",
        "openness",
    ),
    "unknown phase": (
        EXTENDS + "phases:\n  priority_seting: {level: inform}\n",
        3,
        "phases.priority_seting",
        "not one of the known",
        "priority_setting",
    ),
    "unknown level": (
        EXTENDS + "phases:\n  governance:\n    level: colaborate\n",
        4,
        "phases.governance.level",
        "not one of the known",
        "collaborate",
    ),
    "level missing": (
        "team:\n  a: {role: patient}\n  b: {role: provider}\nphases:\n  governance:\n    meetings: 2\n",
        5,
        "phases.governance.level",
        "missing",
        None,
    ),
    "two leads": (EXTENDS + "team:\n  patients: {count: 1, lead: true}\n", 2, "team", "at most one", None),
    "team of one": (
        "team:\n  a: {role: patient}\nphases:\n  governance: {level: inform}\n",
        1,
        "team",
        "two members",
        None,
    ),
    "nobody to decide": (
        EXTENDS + "team:\n  patients: null\nphases:\n  governance:\n    level: empower\n",
        6,
        "phases.governance.level",
        "nobody",
        None,
    ),
    "unknown intervention": (
        EXTENDS + "interventions:\n  round_robbin: 1.0\n",
        3,
        "interventions.round_robbin",
        "no such intervention",
        "round_robin",
    ),
    "dose out of range": (
        EXTENDS + "interventions:\n  round_robin: 2.0\n",
        3,
        "interventions.round_robin",
        "out of range",
        None,
    ),
    "contradiction": (
        EXTENDS + "interventions:\n  consent_rule: 1.0\n  nominal_group: 0.5\n",
        3,
        "interventions.consent_rule",
        "contradicts 'nominal_group'",
        None,
    ),
    "key twice": (
        EXTENDS + "agenda: {shared: 1.0}\nagenda: {shared: 0.0}\n",
        3,
        "agenda",
        "stands twice",
        None,
    ),
    "block that is a list": (EXTENDS + "team:\n  - patients\n", 2, "team", "must be a block", None),
    "unknown base": ("# mine\nextends: research_teem\n", 2, "extends", "no such scenario", "research_team"),
    "base that is no text": ("extends: [research_team]\n", 1, "extends", "must be the name", None),
    "base that is no file": ("extends: other.yaml\n", 1, "extends", "no such file to extend", None),
    "catalogue name as a file": ("extends: token_seat.yaml\n", 1, "extends", "no such file", "token_seat"),
    "remove what is not there": (
        EXTENDS + "team:\n  pateints: null\n",
        3,
        "team.pateints",
        "nothing of this name",
        "patients",
    ),
    "extends itself": ("extends: bad.yaml\n", 1, "extends", "in a circle: bad.yaml -> bad.yaml", None),
    "empty": ("", None, None, "the file is empty", None),
    "a list": ("- research_team\n", 1, None, "not a list", None),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_bad_file(case, tmp_path):
    content, line, key, part, nearest = case
    path = tmp_path / "bad.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario(path)
    error = caught.value
    assert part in str(error)
    assert (error.line, error.key, error.nearest) == (line, key, nearest)
    assert str(path) in str(error)
    assert list(tmp_path.iterdir()) == [path], "nothing is written"


def test_a_mistake_in_an_extended_file_is_reported_there(tmp_path):
    base, top = tmp_path / "base.yaml", tmp_path / "top.yaml"
    base.write_text(EXTENDS + "\nagenda:\n  shared: 7.0\n", encoding="utf-8")
    top.write_text("extends: base.yaml\nagenda:\n  public_slot: 0.2\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario(top)
    assert (caught.value.file, caught.value.line, caught.value.key) == (base, 4, "agenda.shared")


def test_an_intervention_of_an_extended_file_that_contradicts(tmp_path):
    base, top = tmp_path / "base.yaml", tmp_path / "top.yaml"
    base.write_text(EXTENDS + "interventions:\n  round_robin: 1.0\n", encoding="utf-8")
    top.write_text("extends: base.yaml\ninterventions:\n  hand_raising_queue: 1.0\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="contradicts") as caught:
        load_scenario(top)
    assert (caught.value.file, caught.value.line) in [(base, 3), (top, 3)]


def test_a_circle_of_files(tmp_path):
    for one, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{one}.yaml").write_text(f"extends: {other}.yaml\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"circle: a.yaml -> b.yaml -> c.yaml -> a.yaml") as caught:
        load_scenario(tmp_path / "a.yaml")
    assert (caught.value.file, caught.value.line) == (tmp_path / "c.yaml", 1)


def test_all_mistakes_are_told_at_once(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(EXTENDS + "agenda: {shared: 2.0}\nspeech: {safty: 0.1}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario(path)
    assert "agenda.shared" in str(caught.value)
    assert "speech.safty" in str(caught.value)


def test_places_that_are_no_file(tmp_path):
    with pytest.raises(ConfigError, match="directory"):
        load_scenario(tmp_path)
    (tmp_path / "team.yaml").write_text(EXTENDS, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"there is no such file; did you mean 'team.yaml'"):
        load_scenario(tmp_path / "teem.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(EXTENDS.encode() + "title: caf\u00e9\n".encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8") as caught:
        load_scenario(latin)
    assert caught.value.line == 2


def test_a_mapping_has_no_lines_but_keys():
    with pytest.raises(ConfigError) as caught:
        load_scenario({"extends": "research_team", "agenda": {"shard": 1.0}})
    assert (caught.value.key, caught.value.nearest, caught.value.line) == ("agenda.shard", "shared", None)
    with pytest.raises(ConfigError) as caught:
        load_scenario({"extends": "research_team", "interventions": {"payments": 1.0}})
    assert (caught.value.key, caught.value.nearest) == ("interventions.payments", "payment")
