"""Packages that add one thing of each sort: found, used, stamped; broken ones are left out with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.installed_packages import installed, run
from tests.studies.test_recipe import blocks

THINGS = """
from cosim.interventions.effects import Dial
from cosim.interventions.intervention import Evidence, Intervention
from cosim.outcomes import Measure, Outcome

WALK = Intervention(
    name="walk",
    title="Walk",
    sentence="Walked in pairs.",
    family="facilitation",
    effects=(Dial("facilitation.small_groups", 1.0, share=0.3),),
    effort=(),
    evidence=Evidence("none found", "Made up.", ()),
    built_in=("interruptions",),
)
LOUDEST = Measure(
    Outcome("loudest", "Loudest", "share", "Largest share of the turns.", "voice", -1),
    lambda project: project.people["voice_share"].max(),
)
"""
WALKERS = "extends: token_seat\nname: walkers\ntitle: Walkers\ninterventions: {walk: 1}\n"
PATTERN = """\
id: Z1
title: Who walks is awake
statement: People who walk do not fall asleep.
section: direction
status: recalled
gate: false
citations:
  - {text: An example, url: "https://example.org"}
no_test: Nobody sleeps in the model.
"""
GROUPS = {
    "cosim.interventions": {"walk": "five:WALK"},
    "cosim.outcomes": {"loudest": "five:LOUDEST"},
    "cosim.scenarios": {"teams": "five.teams"},
    "cosim.patterns": {"rows": "five.rows"},
    "cosim.studies": {"variation": "five.variation.design:KIND"},
}
STUDY = {
    "study": "variation",
    "scenario": "walkers",
    "worlds": {"count": 2},
    "replicates": 2,
    "engine": "reference",
    "outcomes": ["influence_gini", "loudest"],
}


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that adds an intervention, an outcome, a scenario, a pattern and a kind of study."""
    place = tmp_path_factory.mktemp("packages")
    for folder in ("five", "five/teams", "five/rows", "five/variation"):
        (place / folder).mkdir()
        (place / folder / "__init__.py").touch()
    (place / "five" / "__init__.py").write_text(THINGS, encoding="utf-8")
    (place / "five" / "teams" / "walkers.yaml").write_text(WALKERS, encoding="utf-8")
    (place / "five" / "rows" / "z1.yaml").write_text(PATTERN, encoding="utf-8")
    kind = place / "five" / "variation"
    for file, text in zip(("design", "findings", "report"), blocks("python"), strict=True):
        there = text.replace("cosim.studies.variation", "five.variation")
        (kind / f"{file}.py").write_text(there, encoding="utf-8")
    (kind / "report.md.j2").write_text(blocks("jinja")[0], encoding="utf-8")
    installed(place, "five-things", "2.1", GROUPS)
    (place / "study.yaml").write_text(json.dumps(STUDY), encoding="utf-8")
    return place


def listing(place: Path) -> list[dict[str, str]]:
    """What `cosim plugins` says where the packages in a folder are installed."""
    listed = run(place, "plugins", "--json")
    rows: list[dict[str, str]] = json.loads(listed.stdout)
    assert listed.returncode == (0 if all(row["state"] == "in use" for row in rows) else 1), listed.stderr
    return rows


def test_one_of_each_sort_is_used_and_stamped(five: Path) -> None:
    rows = listing(five)
    assert {row["adds"]: row["records"] for row in rows} == {
        "interventions": "walk",
        "outcomes": "loudest",
        "scenarios": "walkers",
        "patterns": "Z1",
        "kinds of study": "variation",
    }
    assert {row["state"] for row in rows} == {"in use"}
    [content] = {row["content"] for row in rows}
    ran = run(five, "run", "study.yaml", "--workers", "1")
    assert ran.returncode == 0, ran.stderr
    folder = five / "results" / "study"
    runs = pd.read_parquet(folder / "runs.parquet")
    assert runs["loudest"].between(1 / 9, 1).all()
    expected = runs.groupby("world")["loudest"].var(ddof=1).mean() ** 0.5
    shown = pd.read_csv(folder / "tables" / "variation.csv").set_index("outcome")["sd"]
    assert shown["loudest"] == pytest.approx(expected)
    stamp = f"five-things-2.1+{content}"
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["software"]["plugins"] == [stamp]
    assert stamp in json.loads((folder / "study.json").read_text(encoding="utf-8"))["code"]


def test_patterns_of_a_package_are_stamped_where_the_model_is_held_against_them(five: Path) -> None:
    code = "from cosim.validation.validation import validate; from cosim.patterns import patterns; "
    code += "print(validate(known={'Z1': patterns()['Z1']}, nulls=False).plugins)"
    told = run(five, script=code)
    assert told.returncode == 0, told.stderr
    assert "five-things-2.1+" in told.stdout


KIND = """\
from dataclasses import replace
from cosim.studies.sweep.design import KIND as SWEEP
THING = replace(SWEEP, {})
"""
MEASURE = """\
from cosim.outcomes import Measure, Outcome
THING = Measure(Outcome("{}", "A", "", "A.", "voice"), {})
"""
BROKEN: dict[str, tuple[str, str, str]] = {
    "not_a_measure": ("outcomes", "THING = 3\n", "Measure"),
    "measure_taken": ("outcomes", MEASURE.format("voice_gini", "len"), "already"),
    "measure_name": ("outcomes", MEASURE.format("Voice", "len"), "small letters"),
    "measure_function": ("outcomes", MEASURE.format("fine", "3"), "no function"),
    "not_a_kind": ("studies", "THING = 3\n", "StudyKind"),
    "kind_taken": ("studies", KIND.format("name='sweep'"), "sweep"),
    "kind_block_taken": ("studies", KIND.format("name='other', key='worlds'"), "worlds"),
    "kind_uses": ("studies", KIND.format("name='other', uses=('armz',)"), "arms"),
    "kind_block": ("studies", KIND.format("name='other', block=int"), "Settings"),
    "kind_name": ("studies", KIND.format("name='Other kind'"), "small letters"),
    "leaves": ("studies", "raise SystemExit(3)\n", "SystemExit"),
    "no_such_thing": ("outcomes", "", "THING"),
}
FILES: dict[str, tuple[str, dict[str, str], str]] = {
    "no_scenarios": ("scenarios", {}, "yaml"),
    "scenario_taken": ("scenarios", {"token_seat": WALKERS}, "token_seat"),
    "scenario_torn": ("scenarios", {"torn": "a: [1\n"}, "torn.yaml"),
    "scenario_wrong": ("scenarios", {"wrong": "extends: token_seat\nteem: {}\n"}, "teem"),
    "pattern_wrong": (
        "patterns",
        {"z2": PATTERN.replace("status: recalled", "status: reclaled")},
        "recalled",
    ),
    "pattern_taken": ("patterns", {"c1": PATTERN.replace("Z1", "C1")}, "C1"),
}


def test_what_is_broken_is_left_out_with_a_reason(tmp_path: Path) -> None:
    groups: dict[str, dict[str, str]] = {}
    for name, (group, text, _) in BROKEN.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        groups.setdefault(f"cosim.{group}", {})[name] = f"{name}:THING"
    for name, (group, files, _) in FILES.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        for file, text in files.items():
            (tmp_path / name / f"{file}.yaml").write_text(text, encoding="utf-8")
        groups.setdefault(f"cosim.{group}", {})[name] = name
    installed(tmp_path, "all-broken", "0.1", groups)
    states = {row["name"]: row["state"] for row in listing(tmp_path)}
    wanted = {name: told for given in (BROKEN, FILES) for name, (_, _, told) in given.items()}
    assert set(states) == set(wanted)
    assert {name: state for name, state in states.items() if wanted[name] not in state} == {}
    assert run(tmp_path, "show", "token_seat").returncode == 0, "what is cosim's own still works"
