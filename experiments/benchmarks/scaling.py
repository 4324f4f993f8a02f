"""What a turn costs as the team, options, meetings and replicates grow, and what a second thread adds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from cosim import load_scenario
from cosim.engine.batch import run_compiled
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve
from experiments.benchmarks.engines import SCENARIO, TURNS
from experiments.benchmarks.timing import processor_seconds, spread, wall_seconds

TEAMS = (6, 12, 20, 30, 40, 60)


def scaling(repeats: int, projects: int) -> dict[str, Any]:
    """Return nanoseconds of processor time a turn for each setting of each quantity, on one core."""
    rows = []
    for what, value, scenario, count in _variants(projects):
        plan, _ = resolve(scenario)
        turns = float(run_compiled(plan, range(count), 1, people=False).runs[:, TURNS].sum())
        taken = [
            1e9 * processor_seconds(lambda p=plan, n=count: run_compiled(p, range(n), 1)) / turns  # type: ignore[misc]
            for _ in range(repeats)
        ]
        rows.append({"what": what, "value": value, "ns a turn": spread(taken)})
    by_size = [(row["value"], row["ns a turn"]["median"]) for row in rows if row["what"] == "members"]
    (least, cheap), (most, dear) = by_size[0], by_size[-1]
    return {"rows": rows, "exponent": math.log(dear / cheap) / math.log(most / least)}


def threads(repeats: int, projects: int) -> dict[str, Any]:
    """Return how much faster two threads are than one, by the wall clock."""
    plan, _ = resolve(load_scenario(SCENARIO))
    run_compiled(plan, range(4), 1, workers=2)
    one, two = [], []
    for _ in range(repeats):
        one.append(wall_seconds(lambda: run_compiled(plan, range(projects), 1)))
        two.append(wall_seconds(lambda: run_compiled(plan, range(projects), 1, workers=2)))
    ratios = [a / b for a, b in zip(one, two, strict=True)]
    return {"projects": projects, "one s": spread(one), "two s": spread(two), "ratio": spread(ratios)}


def _variants(projects: int) -> Iterator[tuple[str, int, Scenario, int]]:
    """Yield what is varied, its value, the scenario, and how many projects are worth measuring."""
    usual = load_scenario(SCENARIO)
    for size in TEAMS:
        yield "members", size, resized(usual, size), max(8, projects * 12 * 12 // (size * size))
    for options in (4, 8, 16, 32):
        yield "options", options, usual.replace({"phases.*.options": options}), projects
    for meetings in (1, 2, 4, 8):
        yield (
            "meetings a phase",
            meetings,
            usual.replace({"phases.*.meetings": meetings}),
            max(8, projects // meetings),
        )
    for times in (1, 4, 16):
        yield "replicates", times * projects // 4, usual, times * projects // 4


def resized(scenario: Scenario, size: int) -> Scenario:
    """Return the scenario with its groups grown or shrunk in proportion to about `size` members in all."""
    led = sum(group.count for group in scenario.team.values() if group.lead)
    rest = scenario.size - led
    wanted = size - led
    counts: dict[str, int] = {}
    names = [name for name, group in scenario.team.items() if not group.lead]
    for name in names:
        counts[name] = max(1, round(scenario.team[name].count * wanted / rest))
    counts[names[-1]] = max(1, counts[names[-1]] + wanted - sum(counts.values()))
    return scenario.replace({f"team.{name}.count": count for name, count in counts.items()})
