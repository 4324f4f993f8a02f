"""The same small study through the EMA workbench, which drives the reference model, and through cosim.

Needs ``pip install ema_workbench``, which cosim itself does not.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from cosim import CoproductionModel, load_scenario
from experiments.benchmarks.commands import COSIM
from experiments.benchmarks.engines import SCENARIO
from experiments.benchmarks.timing import wall_seconds

STUDY = Path(__file__).with_name("common_study.yaml")
FACTORS = ("standing.title_salience", "uptake.rate")
REPLICATES, SEED = 2, 5
OUTCOME = "influence_gini"


def project(**given: float) -> dict[str, list[float]]:
    """Return an outcome's value in each replicate of one design point, on the reference model."""
    changes = {key: given[_python(key)] for key in FACTORS}
    scenario = load_scenario(SCENARIO).replace(changes)
    runs = [CoproductionModel(scenario, SEED, r, collect=False).run_model() for r in range(REPLICATES)]
    return {OUTCOME: [run.outcomes()[OUTCOME] for run in runs]}


def workbench(processes: int = 2) -> dict[str, Any]:
    """Run the study both ways and compare times by the wall clock, and results for equality.

    Raises
    ------
    AssertionError
        When the two do not give the same numbers.
    """
    import ema_workbench as ema

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "study"
        words = [*COSIM, "run", str(STUDY), "--output", str(out), "--workers", str(processes), "--no-report"]
        ours = wall_seconds(lambda: subprocess.run(words, check=True, capture_output=True))
        design = pd.read_parquet(out / "design.parquet")
        runs = pd.read_parquet(out / "runs.parquet").sort_values(["point", "replicate"])
    ends = {key: (design[key].min(), design[key].max()) for key in FACTORS}
    model = ema.Model("coproduction", function=project)
    model.uncertainties = [ema.RealParameter(_python(key), *ends[key]) for key in FACTORS]
    model.outcomes = [ema.ArrayOutcome(OUTCOME)]
    points = [
        ema.Scenario(row.point, **{_python(key): row[key] for key in FACTORS}) for _, row in design.iterrows()
    ]
    found: dict[str, Any] = {}

    def drive() -> None:
        with ema.MultiprocessingEvaluator(model, n_processes=processes) as evaluator:
            found["tables"] = evaluator.perform_experiments(scenarios=points)

    theirs = wall_seconds(drive)
    experiments, outcomes = found["tables"]
    order = experiments["scenario"].astype(int).to_numpy().argsort()
    same = outcomes[OUTCOME][order].ravel() == runs[OUTCOME].to_numpy()
    assert same.all(), f"{(~same).sum()} of {same.size} runs differ"
    return {
        "version": ema.__version__,
        "points": len(design),
        "runs": len(runs),
        "processes": processes,
        "workbench s": theirs,
        "cosim s": ours,
        "ratio": theirs / ours,
    }


def _python(key: str) -> str:
    return key.replace(".", "_")
