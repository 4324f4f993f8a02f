"""The report of a long study: written by a process that takes the place of the one that ran it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cosim.cli import main
from cosim.cli.fresh_process import can_begin_anew
from tests.cli.terminal import ROOT, cosim

PROGRAM = """\
import sys
from cosim.cli import main, studies
studies.MANY = 6
print("begun:", *sys.argv[1:2], flush=True)
main(prog_name="cosim")
"""
STUDY = """\
study: compare
scenario: research_team
interventions: [round_robin, ground_rules]
replicates: REPLICATES
"""


def test_only_the_program_itself_begins_anew() -> None:
    assert not can_begin_anew((), ["run"])
    assert not can_begin_anew((["run"],), None)
    cosim("outcomes", "influence_gini")
    assert main.can_begin_anew is False  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there the report is written by the same process")
@pytest.mark.parametrize(("replicates", "begun"), [(1, ["run"]), (2, ["run", "report"])])
def test_many_runs_are_reported_on_in_a_fresh_process(
    tmp_path: Path, replicates: int, begun: list[str]
) -> None:
    config, folder = tmp_path / "few.yaml", tmp_path / "-out"
    config.write_text(STUDY.replace("REPLICATES", str(replicates)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "run", str(config), "--output", str(folder)],
        capture_output=True, text=True, cwd=ROOT, check=True, timeout=600,
    )  # fmt: skip
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("begun:")] == begun
    assert (folder / "report.html").is_file()
    assert done.stdout.rstrip().endswith(str(folder / "report.html"))
    assert done.stdout.index("Tables:") < done.stdout.index("Report:")
