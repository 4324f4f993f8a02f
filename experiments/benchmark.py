"""Measure how fast the compiled engine is, and what its speed depends on.

Processor time, not the clock on the wall: other work on the machine slows both engines alike.  Every ratio
is taken within one run, engine after engine.  Prints Markdown: ``python experiments/benchmark.py``.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Iterator

from cosim import load_scenario
from cosim.batches import run_compiled
from cosim.model import CoproductionModel
from cosim.outcomes import OUTCOME_NAMES
from cosim.plan import resolve
from cosim.scenario import Scenario

TURNS = OUTCOME_NAMES.index("turns")


def compiled_seconds(scenario: Scenario, projects: int) -> tuple[float, float]:
    """Return processor seconds and turns a project on the compiled engine, on one core."""
    plan, _ = resolve(scenario)
    run_compiled(plan, range(1), 1, people=False)
    began = time.process_time()
    runs = run_compiled(plan, range(projects), 1).runs
    return (time.process_time() - began) / projects, float(runs[:, TURNS].mean())


def reference_seconds(scenario: Scenario, replicate: int) -> float:
    """Return processor seconds of one project as the Mesa model, without collecting data."""
    began = time.process_time()
    CoproductionModel(scenario, 1, replicate, collect=False).run_model()
    return time.process_time() - began


def variants(scenario: Scenario) -> Iterator[tuple[str, int, Scenario]]:
    """Yield (what is varied, its value, scenario)."""
    names = list(scenario.phases)
    for times in (1, 2, 3, 4):
        counts = {
            f"team.{name}.count": group.count * times
            for name, group in scenario.team.items()
            if not group.lead
        }
        larger = scenario.replace(counts)
        yield "members", larger.size, larger
    for options in (4, 8, 16):
        yield "options", options, scenario.replace({f"phases.{name}.options": options for name in names})
    for meetings in (1, 2, 4):
        yield (
            "meetings a phase",
            meetings,
            scenario.replace({f"phases.{name}.meetings": meetings for name in names}),
        )


def processor() -> str:
    """Return the processor's name as the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
            return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown processor"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=5, help="ratios measured (default 5)")
    options.add_argument("--projects", type=int, default=500, help="compiled projects a repeat (default 500)")
    chosen = options.parse_args()
    scenario = load_scenario("research_team")
    print(f"Machine: {processor()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    pairs = [
        (compiled_seconds(scenario, chosen.projects), reference_seconds(scenario, repeat))
        for repeat in range(chosen.repeats)
    ]
    ratios = sorted(slow / fast for (fast, _), slow in pairs)
    fast = statistics.median(one for (one, _), _ in pairs)
    turns = pairs[0][0][1]
    print(f"Default team of {scenario.size}, {turns:.0f} turns a project, {chosen.repeats} repeats:\n")
    print(f"- compiled: {fast * 1e3:.2f} ms a project, {fast / turns * 1e9:.0f} ns a turn (median)")
    print(f"- reference: {statistics.median(slow for _, slow in pairs):.2f} s a project (median)")
    print(
        f"- reference / compiled: {statistics.median(ratios):.0f} "
        f"(median; {ratios[0]:.0f} to {ratios[-1]:.0f})\n"
    )
    print("| varied | value | ns a turn |\n| --- | ---: | ---: |")
    for what, value, varied in variants(scenario):
        seconds, spoken = compiled_seconds(varied, max(chosen.projects // 5, 1))
        print(f"| {what} | {value} | {seconds / spoken * 1e9:.0f} |")


if __name__ == "__main__":
    main()
