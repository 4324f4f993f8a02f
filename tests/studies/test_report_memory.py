"""How much memory a report takes for each run: less than if all outcomes of all runs were held twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from cosim.execution.executors import local
from cosim.execution.points import Point
from cosim.studies.config import check_config, config_from_text
from cosim.studies.study import Study, _Plain
from cosim.studies.team_model import team_model

TEXT = """\
study: compare
scenario: research_team
interventions: [round_robin, ground_rules, names_without_titles, secret_ballot, delegated_decisions]
worlds: {count: WORLDS, over: [parameters, ways, team]}
replicates: 8
seed: 5
"""
WORLDS = (16, 1024)
PEAK = """\
import resource, sys
from cosim.studies.report import write_report
write_report(sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


@dataclass
class Repeated:
    """The team model, of which every arm is run once, and told again with a little noise in every world."""

    model: Any
    known: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Mapping[str, Any]:
        import numpy as np
        import pandas as pd

        found: dict[str, list[Any]] = {"runs": [], "people": []}
        for point in points:
            if point.arm not in self.known:
                self.known[point.arm] = self.model([point], replicates, seed)
            noise = 1.0 + 0.02 * np.random.default_rng(point.world).standard_normal()
            for name, table in self.known[point.arm].items():
                again = table.assign(point=point.point)
                if name == "runs":
                    again[list(self.model.outcomes())] *= noise
                found[name].append(again)
        return {name: pd.concat(tables, ignore_index=True) for name, tables in found.items()}


def peak_of(worlds: int, folder: Path) -> tuple[float, int, int]:
    """Return the peak memory of a report in bytes, the number of runs, and of numbers that each run has."""
    config = check_config(
        config_from_text(TEXT.replace("WORLDS", str(worlds)), folder / "c.yaml"), team_model
    )
    model: Any = Repeated(config.subject)
    study = Study(replace(config, subject=model))
    study.run(folder, workers=_Plain(local("threads", 1)))
    done = subprocess.run(
        [sys.executable, "-c", PEAK, folder], capture_output=True, text=True, check=True, timeout=600
    )
    return float(done.stdout), study.design.runs, len(config.subject.outcomes())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say how much memory a process took")
def test_a_report_takes_less_than_all_runs_twice(tmp_path: Path) -> None:
    (small, few, _), (large, many, numbers) = (peak_of(worlds, tmp_path / str(worlds)) for worlds in WORLDS)
    per_run = (large - small) / (many - few)
    assert per_run < 2 * 8 * numbers, f"{per_run:.0f} bytes per run of {numbers} numbers"
