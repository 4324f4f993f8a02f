"""CONTRIBUTING's recipes, followed step by step in a copy of the package; and its table of questions."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", flags=re.M | re.S)


def recipe(title: str) -> list[tuple[str, str, str]]:
    """The steps of a recipe: file, language and what stands in the fence."""
    section = TEXT.split(f"### {title}\n")[1].split("\n## ")[0].split("\n### ")[0]
    steps, file, last = [], "", 0
    for found in FENCE.finditer(section):
        named = re.findall(r"`((?:cosim|tests)/[\w/]+\.\w+)`", section[last : found.start()])
        file, last = (named[-1] if named else file), found.end()
        steps.append((file, found[1], textwrap.dedent(found[2])))
    return steps


def follow(copy: Path, title: str) -> None:
    steps = recipe(title)
    assert steps
    for file, language, text in steps:
        path = copy / file
        if language != "diff":
            assert not path.exists(), f"{file} exists"
            path.write_text(text, encoding="utf-8")
            continue
        lines = text.splitlines()
        before = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
        after = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
        old = path.read_text(encoding="utf-8")
        assert old.count(before) == 1, f"{title}: {file} has no such place, or several:\n{before}"
        path.write_text(old.replace(before, after), encoding="utf-8")


def run(copy: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and its tests, to be changed; the recipes do not touch the same places."""
    folder = tmp_path_factory.mktemp("recipes")
    skipped = shutil.ignore_patterns("__pycache__", "web", "*.parquet")
    for name in ("cosim", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=skipped)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.slow
def test_an_intervention_and_a_kind_of_effect(copy: Path) -> None:
    """One entry, one class: the contract tests of the registry then hold for both."""
    follow(copy, "Add an intervention")
    follow(copy, "Add a kind of effect")
    files = ("tests/interventions/test_contract.py", "tests/interventions/test_plan.py")
    out = run(
        copy, *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "quiet_tables or opening_round"), *files
    )
    passed = re.search(r"(\d+) passed", out)
    assert passed
    assert int(passed[1]) >= 20, "the contract tests do not see the new entries"
    shown = run(copy, "-c", "from cosim.cli import main; main()", "interventions", "opening_round")
    assert "facilitation.rounds at the first meeting all the way to 1" in " ".join(shown.split())


@pytest.mark.slow
def test_an_outcome(copy: Path) -> None:
    """One record and one line; by the readable reference, which needs no compiling."""
    follow(copy, "Add an outcome")
    script = """
        from cosim import simulate
        from cosim.outcomes import OUTCOMES, outcome_title
        team = {"extends": "research_team", "phases": {"governance": None, "conducting": None,
                "knowledge_translation": None, "priority_setting": {"meetings": 1, "minutes": 3}}}
        made = simulate(team, replicates=1, seed=3, engine="reference")
        assert OUTCOMES[-1].name == "words" and outcome_title("words") == "Words"
        assert made.people["words"].sum() > 0
        print(made.runs["words"].iloc[0] - made.people["words"].sum())
    """
    assert float(run(copy, "-c", textwrap.dedent(script))) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.slow
def test_a_scenario_and_a_pattern(copy: Path) -> None:
    """One file each."""
    follow(copy, "Add a scenario")
    follow(copy, "Add a pattern")
    out = run(
        copy,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "two_seats"),
        "tests/catalogue/test_catalogue.py",
    )
    assert "passed" in out
    script = """
        from cosim.catalogue import load_scenario
        from cosim.patterns import patterns
        print(load_scenario("two_seats").count("patient"), patterns()["C99"].title)
    """
    assert run(copy, "-c", textwrap.dedent(script)).strip() == "2 Silence is read as consent"


QUESTIONS = re.findall(r"^\| ([^|]+\?) \| `([\w/.]+)` \| `(\w+)`", TEXT, flags=re.M)


def test_ten_questions_are_asked() -> None:
    assert len(QUESTIONS) >= 10


@pytest.mark.parametrize(("question", "file", "name"), QUESTIONS, ids=[file for _, file, _ in QUESTIONS])
def test_the_rule_is_where_the_table_says(question: str, file: str, name: str) -> None:
    """The file defines the name, and no second file of the package bears the file's name by chance."""
    defined = {
        target.id if isinstance(target, ast.Name) else getattr(target, "name", "")
        for node in ast.walk(ast.parse((ROOT / "cosim" / file).read_text(encoding="utf-8")))
        for target in ([node.target] if isinstance(node, ast.AnnAssign) else [node])
    }
    assert name in defined, f"{question} cosim/{file} has no {name}"
