"""`cosim run` and what follows it: tables, resuming, parts, re-runs, interruptions."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from cosim import simulate
from cosim.catalogue import load_scenario
from cosim.outcomes import OUTCOME_NAMES
from tests.cli.terminal import ROOT, cosim, cosim_process, tables, tree

pytestmark = pytest.mark.usefixtures("one_format")

CONFIG = """\
study: compare
scenario: research_team
interventions: [round_robin, {secret_ballot: 0.5}]
worlds: {count: 4}
replicates: 3
seed: 5
output: {runs_per_chunk: 6}
quick: {worlds: {count: 0}, replicates: 2}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "study.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def finished(config: Path) -> Path:
    folder = config.parent / "out"
    result = cosim("run", config, "-o", folder, "-w", "1", "--no-report")
    assert result.exit_code == 0, result.output
    return folder


def test_a_run_writes_its_tables_and_says_where(config: Path) -> None:
    folder = config.parent / "out"
    result = cosim("run", config, "-o", folder, "-w", "1")
    assert result.exit_code == 0, result.output
    assert "3 arms x 4 worlds x 3 replicates = 36 runs" in result.stderr
    assert f"Report: {folder / 'report.html'}" in result.stdout
    assert "In this model, under these assumptions" in result.stdout
    assert "round robin" in (folder / "report.html").read_text(encoding="utf-8").lower()
    runs = pd.read_parquet(folder / "runs.parquet")
    assert len(runs) == 36
    assert runs["error"].isna().all()
    assert list(runs["arm"].unique()) == ["baseline", "round_robin", "secret_ballot@0.5"]
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["study"]["name"] == "study"


def test_without_worlds_a_study_gives_what_simulate_gives(config: Path) -> None:
    folder = config.parent / "quick"
    assert cosim("run", config, "-o", folder, "--quick", "--no-report").exit_code == 0
    runs = pd.read_parquet(folder / "runs.parquet")
    alone = simulate(load_scenario("research_team").with_interventions("round_robin"), 2, 5).runs
    studied = runs[runs["arm"] == "round_robin"].reset_index(drop=True)
    pd.testing.assert_frame_equal(studied[list(OUTCOME_NAMES)], alone[list(OUTCOME_NAMES)])


def test_another_study_is_not_written_over_the_first(config: Path, finished: Path) -> None:
    config.write_text(CONFIG.replace("replicates: 3", "replicates: 4"), encoding="utf-8")
    before = tree(finished)
    for words in ((), ("--resume",)):
        result = cosim("run", config, "-o", finished, *words)
        assert result.exit_code == 2
        assert "another study (replicates: 3 there, 4 here)" in result.stderr
    assert tree(finished) == before


def test_the_same_study_is_not_run_twice(config: Path, finished: Path) -> None:
    before = tables(finished)
    result = cosim("run", config, "-o", finished)
    assert result.exit_code == 2
    assert "--resume" in result.stderr
    again = cosim("run", config, "-o", finished, "--resume", "--no-report")
    assert again.exit_code == 0
    assert "already finished" in again.stderr
    assert tables(finished) == before


def test_a_dry_run_writes_nothing(config: Path) -> None:
    before = tree(config.parent)
    result = cosim("run", config, "--dry-run", "-o", config.parent / "out")
    assert result.exit_code == 0, result.output
    assert "36 runs: 12 design points x 3 replicates, in 6 parts" in result.stdout
    assert "MB of disk" in result.stdout
    assert tree(config.parent) == before


def test_parts_are_merged_into_the_same_study(config: Path, finished: Path) -> None:
    folder = config.parent / "parts"
    for shard in ("2/2", "1/2"):
        result = cosim("run", config, "-o", folder, "--shard", shard, "-w", "1")
        assert result.exit_code == 0, result.output
        assert "cosim merge" in result.stdout
    assert cosim("merge", folder, "--no-report").exit_code == 0
    assert tables(folder) == tables(finished)
    assert json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["study"]["name"] == "study"


def test_a_rerun_is_identical(finished: Path) -> None:
    before = tree(finished)
    result = cosim("rerun", finished, "-w", "2")
    assert result.exit_code == 0, result.output
    assert "identical, bit for bit" in result.stdout
    assert tree(finished) == before


def test_a_rerun_tells_of_a_difference(finished: Path) -> None:
    runs = pd.read_parquet(finished / "runs.parquet")
    runs.loc[7, "voice_gini"] += 0.25
    runs.to_parquet(finished / "runs.parquet", index=False)
    result = cosim("rerun", finished, "-w", "1")
    assert result.exit_code == 1
    assert "NOT reproduced" in result.stdout
    assert "voice_gini" in result.stdout
    assert "first in run 7" in result.stdout


def test_a_rerun_says_what_it_compared_and_with_which_versions(finished: Path) -> None:
    result = cosim("rerun", finished, "-w", "1")
    assert result.exit_code == 0, result.output
    for told in (
        "compared: runs.parquet, people.parquet, design.parquet",
        "not compared:",
        "the folder has none",
        "versions: the same on both sides",
        "package numpy",
    ):
        assert told in result.stdout


def test_files_are_held_against_the_manifest_without_running_anything(finished: Path) -> None:
    result = cosim("rerun", finished, "--files-only")
    assert result.exit_code == 0, result.output
    assert "all 8 files are as they were written" in result.stdout
    (finished / "people.parquet").unlink()
    (finished / "notes.txt").write_text("mine")
    before = tree(finished)
    result = cosim("rerun", finished, "--files-only")
    assert result.exit_code == 1
    assert "people.parquet is missing; restore it" in result.stdout
    assert "not written by cosim: notes.txt" in result.stdout
    for words in (("report", finished), ("rerun", finished, "--no-report", "-w", "1")):
        told = cosim(*words)
        assert told.exit_code in (1, 2)
        assert "people.parquet" in told.output
    assert tree(finished) == before


@pytest.mark.parametrize(
    "name", ["study.json", "provenance.json", "config.yaml", "manifest.json", "runs.parquet"]
)
def test_a_damaged_folder_is_refused_in_one_message(name: str, config: Path, finished: Path) -> None:
    (finished / name).write_text("[" * 100_000)
    for words in (
        ("run", config, "-o", finished, "--resume"),
        ("report", finished),
        ("rerun", finished, "-w", "1"),
    ):
        result = cosim(*words)
        assert result.exit_code in ((1, 2) if words[0] == "rerun" else (2,)), result.output
        assert name in result.stderr
        assert "Traceback" not in result.output


def test_a_config_that_was_changed_is_not_rerun(finished: Path) -> None:
    path = finished / "config.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("seed: 5", "seed: 6"), encoding="utf-8")
    result = cosim("rerun", finished)
    assert result.exit_code == 2
    assert "config.yaml: was changed after it was written" in result.stderr


@pytest.mark.slow
def test_what_people_cite_is_compared_too(config: Path) -> None:
    folder = config.parent / "out"
    assert cosim("run", config, "-o", folder, "-w", "1").exit_code == 0
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    there = {name for name, data in tree(folder).items() if data is not None} - {"manifest.json"}
    assert set(manifest["files"]) == there
    whole = cosim("rerun", folder, "-w", "1")
    assert whole.exit_code == 0, whole.output
    assert "report.html" in whole.stdout
    assert "in figures/" in whole.stdout

    table = folder / "tables" / "differences.csv"
    good = table.read_bytes()
    lines = good.decode("utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace("0.", "0.9", 1)
    table.write_text("".join(lines), encoding="utf-8")
    result = cosim("rerun", folder, "-w", "1")
    assert result.exit_code == 1
    assert result.stdout.startswith("NOT reproduced: files of this folder were changed")
    assert "tables/differences.csv (changed since it was written): 1 of" in result.stdout
    again = cosim("report", folder)
    assert again.exit_code == 0
    assert "tables/differences.csv was changed" in again.stderr
    assert table.read_bytes() == good
    assert cosim("rerun", folder, "--files-only").exit_code == 0


@pytest.mark.slow
def test_the_reference_engine_gives_the_same_table(config: Path) -> None:
    for engine in ("compiled", "reference"):
        result = cosim(
            "run", config, "--quick", "--engine", engine, "-o", config.parent / engine, "--no-report"
        )
        assert result.exit_code == 0, result.output
    compiled, reference = (
        pd.read_parquet(config.parent / engine / "runs.parquet") for engine in ("compiled", "reference")
    )
    pd.testing.assert_frame_equal(compiled, reference, check_exact=True)


def test_replicates_are_found_by_a_pilot(config: Path) -> None:
    config.write_text(
        "study: compare\nscenario: research_team\ninterventions: [round_robin]\nreplicates: auto\n"
        "precision: {outcome: voice_gini, half_width: 0.02, pilot: 10, at_most: 60}\n",
        encoding="utf-8",
    )
    folder = config.parent / "auto"
    result = cosim("run", config, "-o", folder, "-w", "1", "--no-report")
    assert result.exit_code == 0, result.output
    replicates = pd.read_parquet(folder / "runs.parquet")["replicate"].nunique()
    assert f"{replicates} replicates: half-width 0.02 of voice_gini" in result.stderr
    assert 2 <= replicates <= 60


def test_hash_seeds_do_not_matter(config: Path) -> None:
    found = []
    for seed in ("1", "4711"):
        folder = config.parent / f"hash-{seed}"
        done = cosim_process("run", config, "-o", folder, "-w", "2", "--no-report", PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
        found.append(tables(folder))
    assert found[0].keys() == {"runs.parquet", "people.parquet", "design.parquet"}
    assert found[0] == found[1]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT for a child process")
def test_an_interrupted_run_goes_on(config: Path) -> None:
    config.write_text(
        CONFIG.replace("{count: 4}", "{count: 1024}").replace("runs_per_chunk: 6", "runs_per_chunk: 60"),
        encoding="utf-8",
    )
    folder = config.parent / "stopped"
    process = subprocess.Popen(
        [sys.executable, "-m", "cosim", "run", str(config), "-o", str(folder), "-w", "1"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    deadline = time.monotonic() + 240
    while not any(folder.glob("parts/runs-*.parquet")) and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    told = process.communicate(timeout=120)[1]
    assert process.returncode == 130, told
    assert f"cosim run {config} --output {folder} --workers 1 --resume" in told
    kept = len(list(folder.glob("parts/runs-*.parquet")))
    assert 0 < kept < 154
    assert not (folder / "runs.parquet").exists()
