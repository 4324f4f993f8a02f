"""The compiled engine against the readable reference, and against Mesa's own batch runner with processes."""

from __future__ import annotations

from typing import Any

import mesa
from mesa.batchrunner import batch_run

from cosim import CoproductionModel, load_scenario
from cosim.engine.batch import run_compiled
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario.plan import resolve
from experiments.benchmarks.timing import processor_seconds, spread, wall_seconds

SCENARIO = "research_team"
TURNS = OUTCOME_NAMES.index("turns")
EVER = 10**9


class Replicate(CoproductionModel):
    """A project as Mesa's batch runner wants it: it reads data that were collected at every step."""

    def __init__(self, replicate: int) -> None:
        super().__init__(load_scenario(SCENARIO), 1, replicate)


def reference(repeats: int, projects: int) -> dict[str, Any]:
    """Measure both engines in turn, on one core by the processor's clock."""
    scenario = load_scenario(SCENARIO)
    plan, _ = resolve(scenario)
    turns = float(run_compiled(plan, range(projects), 1).runs[:, TURNS].mean())
    fast, slow, ratios = [], [], []
    for replicate in range(repeats):
        fast.append(processor_seconds(lambda: run_compiled(plan, range(projects), 1)) / projects)
        model = CoproductionModel(scenario, 1, replicate, collect=False)
        slow.append(processor_seconds(model.run_model))
        ratios.append(slow[-1] / fast[-1])
    return {
        "turns": turns,
        "projects": projects,
        "compiled ms": spread([1e3 * one for one in fast]),
        "compiled ns a turn": spread([1e9 * one / turns for one in fast]),
        "reference ms": spread([1e3 * one for one in slow]),
        "ratio": spread(ratios),
    }


def batch_runner(repeats: int, projects: int, processes: int = 2) -> dict[str, Any]:
    """Measure the same study through Mesa's batch runner and on the compiled engine, by the wall clock."""
    plan, _ = resolve(load_scenario(SCENARIO))
    run_compiled(plan, range(processes), 1, workers=processes)
    many = 200 * projects
    fast, slow, ratios = [], [], []
    for _ in range(repeats):
        slow.append(
            wall_seconds(
                lambda: batch_run(
                    Replicate,
                    {"replicate": range(projects)},
                    number_processes=processes,
                    max_steps=EVER,
                    display_progress=False,
                )
            )
            / projects
        )
        fast.append(wall_seconds(lambda: run_compiled(plan, range(many), 1, workers=processes)) / many)
        ratios.append(slow[-1] / fast[-1])
    return {
        "processes": processes,
        "projects": projects,
        "mesa": mesa.__version__,
        "compiled ms": spread([1e3 * one for one in fast]),
        "batch runner ms": spread([1e3 * one for one in slow]),
        "ratio": spread(ratios),
    }
