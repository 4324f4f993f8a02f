"""A bad config ends with exit code 2 and one message with file, line and key; nothing is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.terminal import cosim, tree

GOOD = """\
study: compare
scenario: research_team
interventions: [round_robin]
replicates: 2
"""


class Bad(NamedTuple):
    """One kind of mistake: the text of the config, and what the message must say."""

    name: str
    text: str
    line: int | None
    says: tuple[str, ...]


def team(block: str) -> str:
    """A config with a scenario of its own that begins in line 3."""
    return f"study: compare\ninterventions: [round_robin]\nscenario:\n  extends: research_team\n{block}"


KINDS = (
    Bad("unknown key", GOOD + "colour: blue\n", 5, ("colour", "there is no such key")),
    Bad(
        "misspelt key", GOOD.replace("replicates", "replicate"), 4, ("replicate", "did you mean 'replicates'")
    ),
    Bad("duplicate key", GOOD + "replicates: 3\n", 5, ("replicates",)),
    Bad("text for a number", GOOD.replace("replicates: 2", "replicates: many"), 4, ("replicates", "many")),
    Bad(
        "decimal for a whole number",
        GOOD.replace("replicates: 2", "replicates: 2.5"),
        4,
        ("replicates", "2.5"),
    ),
    Bad("number in quotes", GOOD + 'seed: "3"\n', 5, ("seed", "whole number")),
    Bad("out of range", GOOD.replace("replicates: 2", "replicates: 0"), 4, ("replicates", ">= 1")),
    Bad(
        "dose out of range", GOOD.replace("[round_robin]", "[{round_robin: 1.5}]"), 3, ("round_robin", "1.5")
    ),
    Bad("seed 0", GOOD + "seed: 0\n", 5, ("seed", "never 0")),
    Bad("negative seed", GOOD + "seed: -4\n", 5, ("seed", "-4", ">= 1")),
    Bad("missing key", GOOD.replace("scenario: research_team\n", ""), None, ("scenario", "missing")),
    Bad("no kind of study", GOOD.replace("study: compare\n", ""), None, ("study", "missing", "compare")),
    Bad("unknown kind of study", GOOD.replace("compare", "compere"), 1, ("study", "did you mean 'compare'")),
    Bad("block of another kind", GOOD + "screen:\n  levels: 4\n", 5, ("screen", "another kind")),
    Bad(
        "missing level",
        team("  phases:\n    governance: null\n    priority_setting: {level: null, meetings: 2}\n"),
        7,
        ("phases.priority_setting.level",),
    ),
    Bad(
        "impossible team",
        team("  team:\n    patients: null\n  phases:\n    conducting: {level: empower}\n"),
        8,
        ("phases.conducting.level", "nobody of the public"),
    ),
    Bad("two leads", team("  team:\n    researchers: {lead: true}\n"), 5, ("team", "one accountable lead")),
    Bad("too many people", team("  team:\n    patients: {count: 59}\n"), None, ("team", "60")),
    Bad(
        "empty roster",
        team(
            "  team: {lead: null, researchers: null, providers: null, policymakers: null, patients: null}\n"
        ),
        None,
        ("team",),
    ),
    Bad(
        "unknown role",
        team("  team:\n    plumbers: {role: plumber}\n"),
        6,
        ("team.plumbers.role", "provider"),
    ),
    Bad(
        "unknown parameter",
        team("  floor:\n    returnin: 1.0\n"),
        6,
        ("floor.returnin", "did you mean 'returning'"),
    ),
    Bad("parameter out of range", team("  floor:\n    returning: -1.0\n"), 6, ("floor.returning", "-1.0")),
    Bad("YAML 1.1 yes", team("  team:\n    lead: {lead: yes}\n"), 6, ("lead", "yes")),
    Bad("YAML 1.1 no", GOOD + "output: {keep_parts: no}\n", 5, ("output.keep_parts", "in YAML 1.2")),
    Bad(
        "unknown intervention",
        GOOD.replace("round_robin", "round_robbin"),
        3,
        ("interventions", "'round_robin'"),
    ),
    Bad(
        "contradictory interventions",
        GOOD + "bundles:\n  both: [round_robin, hand_raising_queue]\n",
        6,
        ("bundles.both", "contradicts", "hand_raising_queue"),
    ),
    Bad("empty bundle", GOOD + "bundles:\n  none: []\n", 6, ("bundles.none", "empty")),
    Bad("reserved arm name", GOOD + "bundles:\n  baseline: [buddy]\n", None, ("bundles", "baseline")),
    Bad("same arm twice", GOOD.replace("[round_robin]", "[round_robin, round_robin]"), 3, ("round_robin",)),
    Bad("no arms", GOOD.replace("interventions: [round_robin]\n", ""), None, ("nothing to compare",)),
    Bad(
        "unknown arm to compare with",
        GOOD + "compare: {against: buddy}\n",
        5,
        ("compare.against", "baseline"),
    ),
    Bad(
        "unknown scenario", GOOD.replace("research_team", "research_tem"), 2, ("scenario", "'research_team'")
    ),
    Bad("unknown outcome", GOOD + "outcomes: [influence_ginni]\n", 5, ("outcomes", "'influence_gini'")),
    Bad(
        "unknown parameter to vary",
        GOOD + "worlds: {count: 4, over: [floor.returnin]}\n",
        5,
        ("worlds.over", "returning"),
    ),
    Bad(
        "unknown key in an arm",
        GOOD + "arms:\n  a: {set: {floor.returnin: 1}}\n",
        6,
        ("arms.a", "floor.returnin"),
    ),
    Bad(
        "value out of range in an arm",
        GOOD + "arms:\n  a: {set: {floor.returning: 99}}\n",
        6,
        ("arms.a", "99"),
    ),
    Bad("extends itself", GOOD + "extends: bad.yaml\n", 5, ("extends", "circle")),
    Bad("extends nothing", GOOD + "extends: nowhere.yaml\n", 5, ("extends", "nowhere.yaml")),
    Bad(
        "scenario in a circle",
        "study: compare\ninterventions: all\nscenario: circle.yaml\n",
        1,
        ("extends", "circle"),
    ),
    Bad("tab indentation", "study: compare\nscenario:\n\textends: research_team\n", 3, ("tab",)),
    Bad("two documents", GOOD + "---\n" + GOOD, 5, ("second document",)),
    Bad("a list", "- study\n- compare\n", 1, ("key: value",)),
    Bad("empty file", "", None, ("empty",)),
    Bad("only comments", "# nothing\n", None, ("empty",)),
    Bad(
        "bracket never closed",
        "study: compare\ninterventions: [round_robin\nscenario: x\n",
        None,
        ("bracket",),
    ),
    Bad("not a number", GOOD + "precision: {half_width: .nan}\n", 5, ("finite",)),
    Bad("no value", GOOD.replace("replicates: 2", "replicates:"), 4, ("replicates", "no value")),
    Bad("wrong in quick", GOOD + "quick:\n  replicates: 0\n", 6, ("replicates",)),
    Bad("quick changes the scenario", GOOD + "quick:\n  scenario: token_seat\n", 6, ("quick.scenario",)),
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "circle.yaml").write_text("extends: circle.yaml\n", encoding="utf-8")
    return tmp_path


def refused(place: Path, *words: str | Path) -> str:
    """Run a command that must be refused; return its message."""
    before = tree(place)
    result = cosim(*words)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert tree(place) == before, "something was written"
    told: str = result.stderr
    assert "Traceback" not in told
    return told


def one_message(told: str) -> str:
    """The message, which is the only thing said; further mistakes of the same file may follow in it."""
    first, *others = told.rstrip("\n").split("\n")
    assert first.startswith("cosim: ")
    assert all(other.startswith("also: ") for other in others), told
    return told


@pytest.mark.parametrize("bad", KINDS, ids=lambda bad: bad.name)
def test_a_bad_config_is_refused(bad: Bad, place: Path) -> None:
    config = place / "bad.yaml"
    config.write_text(bad.text, encoding="utf-8")
    told = one_message(refused(place, "run", config, "--output", place / "out"))
    assert str(place) in told
    if bad.line is not None:
        assert f", line {bad.line}: " in told
    for word in bad.says:
        assert word in told


@pytest.mark.parametrize("bad", KINDS[::6], ids=lambda bad: bad.name)
def test_check_says_the_same(bad: Bad, place: Path) -> None:
    config = place / "bad.yaml"
    config.write_text(bad.text, encoding="utf-8")
    assert refused(place, "check", config) == refused(place, "run", config, "--output", place / "out")


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 25
    assert len({bad.name for bad in KINDS}) == len(KINDS)


def test_not_utf8(place: Path) -> None:
    (place / "bad.yaml").write_bytes(GOOD.encode() + "title: Änderung\n".encode("latin-1"))
    told = one_message(refused(place, "run", place / "bad.yaml", "-o", place / "out"))
    assert "bad.yaml, line 5: " in told
    assert "UTF-8" in told


def test_a_directory(place: Path) -> None:
    assert "directory" in one_message(refused(place, "run", place, "-o", place / "out"))


def test_a_missing_file(place: Path) -> None:
    told = one_message(refused(place, "run", place / "none.yaml", "-o", place / "out"))
    assert "none.yaml" in told
    assert "no such file" in told


@pytest.fixture
def good(place: Path) -> Path:
    config = place / "good.yaml"
    config.write_text(GOOD, encoding="utf-8")
    return config


def test_the_output_is_a_file(good: Path, place: Path) -> None:
    (place / "out").write_text("mine", encoding="utf-8")
    told = refused(place, "run", good, "-o", place / "out")
    assert "must be a folder" in told.splitlines()[-1]


def test_the_output_holds_something_else(good: Path, place: Path) -> None:
    (place / "out").mkdir()
    (place / "out" / "thesis.txt").write_text("mine", encoding="utf-8")
    assert "thesis.txt" in refused(place, "run", good, "-o", place / "out").splitlines()[-1]


@pytest.fixture
def locked(place: Path) -> Iterator[Path]:
    folder = place / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_the_output_cannot_be_written(good: Path, place: Path, locked: Path) -> None:
    assert "cannot be written" in refused(place, "run", good, "-o", locked / "out")


def test_the_output_lies_below_a_file(good: Path, place: Path) -> None:
    (place / "file").write_text("mine", encoding="utf-8")
    assert "cannot be written" in refused(place, "run", good, "-o", place / "file" / "out").splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--shard", "3"), "not a shard"),
        (("--shard", "4/3"), "no such shard"),
        (("--cluster", "nowhere"), "tcp://HOST:PORT"),
        (("--quick",), "no quick form"),
        (("--workers", "0"), "workers"),
        (("--engine", "fast"), "reference"),
        (("--quik",), "--quick"),
    ],
)
def test_bad_options(words: tuple[str, ...], says: str, good: Path, place: Path) -> None:
    assert says in refused(place, "run", good, "-o", place / "out", *words)


@pytest.mark.parametrize("command", ["report", "rerun", "merge"])
def test_a_folder_without_a_study(command: str, place: Path) -> None:
    assert str(place) in one_message(refused(place, command, place))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "tokenseat"), "'token_seat'"),
        (("cite", "tokenseat"), "'token_seat'"),
        (("interventions", "round_robbin"), "'round_robin'"),
        (("parameters", "flor"), "'floor'"),
        (("parameters", "--kind", "leever"), "'lever'"),
        (("simulate", "tokenseat"), "'token_seat'"),
        (("simulate", "research_team", "--with", "round_robbin"), "'round_robin'"),
        (("simulate", "research_team", "--with", "buddy=lots"), "NAME=0.5"),
        (("simulate", "research_team", "--set", "team.patients.count"), "KEY=VALUE"),
        (("simulate", "research_team", "--set", "team.patients.count=many"), "team.patients.count"),
        (
            ("simulate", "research_team", "--set", "uptake.rate=.nan"),
            "cosim: uptake.rate: numbers must be finite",
        ),
        (("simulate", "research_team", "--set", "uptake.rate=.1", "--set", "uptake.rate=.2"), "given twice"),
        (("simulate", "research_team", "--with", "buddy", "--with", "buddy=0.5"), "(found 'buddy')"),
        (("catalog",), "'catalogue'"),
    ],
)
def test_bad_words_on_the_command_line(words: tuple[str, ...], says: str, place: Path) -> None:
    assert says in refused(place, *words)
