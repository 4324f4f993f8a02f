"""The model of views finds, in cosim's own teams, whose turns were taken up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cosim.calibration.simulated_projects import bench_for, patched, run_on
from cosim.catalogue import load_scenario
from cosim.engine.batch import run_compiled
from cosim.mechanisms import agenda
from cosim.meeting_logs.views_file import view_table
from cosim.model.stages.project import WEIGHS
from cosim.observation.influence_model import InfluenceModel
from cosim.observation.view_blocks import blocks_of
from cosim.outcomes import PERSON_COLUMNS
from cosim.scenario.plan import resolve

PROJECTS = 50


def views_and_uptake(changes: dict[str, float]) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return views before and after in simulated projects, and each role's share of what was taken up."""
    phases = {**dict.fromkeys(load_scenario("research_team").phases),
              "priority_setting": {"level": "collaborate", "minutes": 90.0, "meetings": 3}}  # fmt: skip
    scenario = load_scenario({"extends": "research_team", "name": "one_phase", "phases": phases})
    groups = scenario.team.values()
    roles = ["lead" if group.lead else group.role for group in groups for _ in range(group.count)]
    plan = patched(resolve(scenario)[0], changes)
    d, options = plan.meetings[0], int(plan.phases[0]["options"])
    items = int(agenda.slots(d["talk_minutes"], d["agenda_minutes_per_item"], options))
    bench, rows = bench_for(plan, 1 << 14), []
    for replicate in range(PROJECTS):
        one = run_on(bench, replicate, 1)
        at = np.sort(one.state.agenda[:items])
        after = np.einsum("ik,oki->io", one.state.traits[:, WEIGHS : WEIGHS + 4], one.state.belief)[:, at]
        before = one.state.views_before[:, at]
        rows += [
            (f"P{i}", role, str(replicate), str(option), before[i, k], after[i, k])
            for i, role in enumerate(roles)
            for k, option in enumerate(at)
        ]
    table = pd.DataFrame(rows, columns=["person", "role", "meeting", "item", "before", "after"])
    low = table[["before", "after"]].min().min()
    width = table[["before", "after"]].max().max() - low
    table[["before", "after"]] = (table[["before", "after"]] - low) / width
    people = run_compiled(plan, range(PROJECTS), 1, people=True).people
    share = np.nan_to_num(people[:, :, PERSON_COLUMNS.index("uptake_share")]).mean(axis=0)
    share = share / share.sum()
    return table, {
        name: float(sum(s for s, r in zip(share, roles, strict=True) if r == name)) for name in roles
    }


@pytest.mark.parametrize(
    ("changes", "slack"),
    [({}, 0.0), ({"arguments.voiced": 0.0, "uptake.reflection": 0.0}, 0.03)],
    ids=["as shipped", "turns alone move people"],
)
def test_heeded_is_what_was_taken_up(changes: dict[str, float], slack: float) -> None:
    table, uptake = views_and_uptake(changes)
    found = InfluenceModel(blocks_of(view_table(table)), retest=1.0).fit(draws=1_000)
    assert len(found.roles) == 5
    for place, role in enumerate(found.roles):
        _, low, high = found.interval(found.weights[:, place])
        assert low - slack <= uptake[role] <= high + slack, role
    patients = found.weights[:, found.roles.index("patient")]
    assert found.interval(patients)[0] < 4 / 12, "they are taken up less than their share of seats"
