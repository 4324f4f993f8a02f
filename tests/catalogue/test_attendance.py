"""Nobody gains influence by staying away, in any scenario of the catalogue, unless the absent may write."""

from __future__ import annotations

import itertools

import pytest

from cosim.catalogue import load_scenario, names
from cosim.scenario.vocabulary import PUBLIC
from tests.paired import Interval, change, outcomes

ATTENDANCES = (1.0, 2 / 3, 1 / 3, 0.0)
REPLICATES = 40
ERRORS = 3.5
"""Standard errors that count as a rise: some 80 steps are looked at, and chance alone must not give one."""
EXCEPTIONS: frozenset[str] = frozenset()
"""Scenarios in which the public may gain by staying away, and why; none is known."""
WITH_PUBLIC = [
    name for name in names() if any(one.role == PUBLIC for one in load_scenario(name).team.values())
]


def steps_down(name: str) -> list[Interval]:
    """Change of the public's parts of 100 at each step down of its attendance."""
    scenario = load_scenario(name)
    public = [group for group, one in scenario.team.items() if one.role == PUBLIC]
    changes = {f"phases.{phase}.minutes": min(one.minutes, 30.0) for phase, one in scenario.phases.items()}
    changes |= {"decision.written_ballots": 0.0, "attendance.payment": 0.0}
    changes |= {
        f"interventions.{one}": 0.0 for one in ("payment", "written_ballots") if one in scenario.interventions
    }
    at = [
        scenario.replace({**changes, **{f"team.{group}.attendance": a for group in public}})
        for a in ATTENDANCES
    ]
    return [change(more, less, "parts_public", REPLICATES) for more, less in itertools.pairwise(at)]


@pytest.mark.slow
@pytest.mark.parametrize("name", [one for one in WITH_PUBLIC if one not in EXCEPTIONS])
def test_the_publics_influence_does_not_rise_as_fewer_of_it_come(name):
    """At attendance 1, 2/3, 1/3 and 0, without ballots in writing (n = 40)."""
    for step in steps_down(name):
        assert step.mean - ERRORS * step.error <= 0.0, step


@pytest.mark.slow
def test_it_falls_where_it_should():
    """So that the test above can fail: in the default team each step costs (n = 40)."""
    assert all(step.high < 0.0 for step in steps_down("research_team"))
    assert outcomes(load_scenario("research_team"), 40)["parts_public"].mean() > 15.0
