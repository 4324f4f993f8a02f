"""What others add in Python, as the pages show it: agents of one's own, and a plugin package."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.terminal import cosim
from tests.documents.followed import follow
from tests.installed_packages import installed, run

DOCS = Path(__file__).resolve().parents[2] / "docs"
_SAVED = re.compile(r"[Ss]ave this as `([^`]+)`:\n\n```\w+\n(.*?)^```", re.M | re.S)


def saved(page: Path, folder: Path) -> str:
    """Write the files that a page shows; return its text."""
    text = page.read_text(encoding="utf-8")
    for name, content in _SAVED.findall(text):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return text


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    saved(DOCS / "tutorial" / "own_agents.md", tmp_path)
    yield tmp_path
    sys.modules.pop("people", None)


def test_agents_of_ones_own_from_python(people: Path) -> None:
    text = (DOCS / "tutorial" / "own_agents.md").read_text(encoding="utf-8")
    [block] = [
        one for one in re.findall(r"```python\n(.*?)```", text, re.S) if one.startswith("import cosim")
    ]
    space: dict[str, object] = {}
    exec(compile(block.replace(", 10,", ", 3,"), "own_agents.md", "exec"), space)
    usual, changed = space["usual"], space["changed"]
    assert changed.groups()["voice"]["lead"] > usual.groups()["voice"]["lead"] + 0.05
    assert set(changed.provenance["agents"]) == {"patient", "facilitator"}
    assert "agents" not in usual.provenance


@pytest.mark.slow
def test_agents_of_ones_own_in_a_study(people: Path) -> None:
    ran = follow(DOCS / "tutorial" / "own_agents.md", people)
    assert [result.exit_code for _, result in ran] == [0, 0], ran[-1][1].output
    record = json.loads((people / "results" / "stubborn" / "provenance.json").read_text(encoding="utf-8"))
    stamps = record["software"]["plugins"]
    assert [stamp.partition("+")[0] for stamp in stamps] == [
        "people.py:StubbornPatient",
        "people.py:SummarisingChair",
    ]
    assert record["study"]["engine"] == "reference"
    again = cosim("rerun", people / "results" / "stubborn")
    assert again.exit_code == 0, again.output

    source = people / "people.py"
    source.write_text(
        source.read_text(encoding="utf-8").replace("0.1 * openness", "0.2 * openness"), encoding="utf-8"
    )
    resumed = cosim("run", "stubborn.yaml", "--resume")
    assert resumed.exit_code == 2
    changed = cosim("rerun", people / "results" / "stubborn")
    assert changed.exit_code == 2
    assert "has changed since" in changed.stderr


@pytest.mark.parametrize(
    ("agents", "told"),
    [
        ({"patient": "people.py:Nobody"}, "no class"),
        ({"patient": "nowhere.py:A"}, "no such file"),
        ({"patient": "no_such_module_at_all:A"}, "no such module"),
        ({"patient": "people.py"}, "does not name a class"),
        ({"patient": "people.py:SummarisingChair"}, "subclass"),
        ({"facilitator": "people.py:StubbornPatient"}, "subclass"),
        ({"nurse": "people.py:StubbornPatient"}, "seat"),
        ({"patient": "broken.py:A"}, "cannot be loaded"),
    ],
)
def test_classes_that_cannot_be_are_refused(people: Path, agents: dict[str, str], told: str) -> None:
    (people / "broken.py").write_text("import no_such_module_at_all\n", encoding="utf-8")
    study = {"study": "compare", "scenario": "research_team", "interventions": ["payment"], "agents": agents}
    (people / "bad.yaml").write_text(json.dumps(study), encoding="utf-8")
    result = cosim("check", "bad.yaml")
    assert result.exit_code == 2
    assert told in result.stderr
    assert "agents" in result.stderr


# ---------------------------------------------------------------- plugins


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import tomllib

    folder = tmp_path_factory.mktemp("plugin")
    saved(DOCS / "how_to" / "plugins.md", folder)
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed(folder, project["name"], project["version"], project["entry-points"])
    return folder


def test_a_plugin_is_listed_run_and_stamped(plugin: Path) -> None:
    listed = run(plugin, "plugins", "--json")
    assert listed.returncode == 0, listed.stderr + listed.stdout
    rows = {row["adds"]: row for row in json.loads(listed.stdout)}
    assert {adds: row["records"] for adds, row in rows.items()} == {
        "interventions": "walking",
        "outcomes": "quiet_share",
        "scenarios": "walkers",
    }
    assert {row["state"] for row in rows.values()} == {"in use"}
    ran = run(plugin, "run", "study.yaml", "--workers", "1")
    assert ran.returncode == 0, ran.stderr
    folder = plugin / "results" / "study"
    runs = pd.read_parquet(folder / "runs.parquet")
    assert runs["quiet_share"].between(0.0, 1.0).all()
    stamp = f"walking-teams-1.0+{rows['interventions']['content']}"
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert record["software"]["plugins"] == [stamp]
    assert stamp in json.loads((folder / "study.json").read_text(encoding="utf-8"))["code"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Quiet members" in page
    missing = cosim("report", folder)  # here it is not installed: the tables can still be told of
    assert missing.exit_code == 0, missing.output


def test_a_changed_plugin_is_another_study(plugin: Path, tmp_path: Path) -> None:
    copy = tmp_path / "plugin"
    shutil.copytree(plugin, copy)
    shutil.rmtree(copy / "results", ignore_errors=True)
    first = run(copy, "run", "study.yaml", "--workers", "1", "--no-report")
    assert first.returncode == 0, first.stderr
    source = copy / "walking_teams" / "__init__.py"
    source.write_text(source.read_text(encoding="utf-8") + "# another version\n", encoding="utf-8")
    again = run(copy, "run", "study.yaml", "--workers", "1", "--resume", "--no-report")
    assert again.returncode == 2
    assert "program" in again.stderr or "version" in again.stderr


BROKEN = {
    "cannot be imported": ("no_such_module_at_all:A", ""),
    "is no intervention": ("bad_plugin:THING", "THING = 3\n"),
    "raises": ("bad_plugin:THING", "raise RuntimeError('not today')\n"),
    "has a name that is taken": (
        "bad_plugin:THING",
        "import copy, dataclasses\nfrom cosim.interventions import payment_of as THING\n",
    ),
    "breaks the contract": (
        "bad_plugin:THING",
        "from dataclasses import replace\nfrom cosim.interventions import system\n"
        "THING = replace(system.PAYMENT, name='other', compliance=2.0)\n",
    ),
    "takes a name": ("bad_plugin:THING", "from cosim.interventions.system import PAYMENT as THING\n"),
}


def test_broken_plugins_are_left_out_with_a_reason(tmp_path: Path) -> None:
    groups: dict[str, str] = {}
    for number, (value, text) in enumerate(BROKEN.values()):
        module = f"bad_plugin_{number}"
        (tmp_path / f"{module}.py").write_text(text, encoding="utf-8")
        groups[f"n{number}"] = value.replace("bad_plugin", module)
    installed(
        tmp_path, "bad-plugin", "0.1", {"cosim.interventions": groups, "cosim.scenarios": {"s": "json"}}
    )
    listed = run(tmp_path, "plugins", "--json")
    assert listed.returncode == 1
    rows = json.loads(listed.stdout)
    assert len(rows) == len(BROKEN) + 1
    assert all(row["state"] != "in use" and not row["records"] for row in rows)
    known = run(tmp_path, "interventions", "payment")
    assert known.returncode == 0
    assert known.stderr.count("is not used") == len(BROKEN)
