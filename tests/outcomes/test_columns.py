"""Every column of a run's tables has a record, and no run leaves the range that it gives."""

from __future__ import annotations

import math

import pytest

from cosim import load_scenario, simulate
from cosim.catalogue import names
from cosim.interventions import INTERVENTIONS
from cosim.outcomes import (
    OUTCOME_NAMES,
    PEOPLE_COLUMNS,
    PERSON_COLUMNS,
    RUN_COLUMNS,
    Column,
    outcome_range,
)


def test_every_column_is_described():
    assert set(OUTCOME_NAMES) <= set(RUN_COLUMNS)
    assert tuple(PEOPLE_COLUMNS)[-len(PERSON_COLUMNS) :] == PERSON_COLUMNS
    for one in (*RUN_COLUMNS.values(), *PEOPLE_COLUMNS.values()):
        assert one.sentence.endswith("."), one.name
        assert one.source, one.name
        assert one.least < one.greatest, one.name
    assert all(PEOPLE_COLUMNS[name].unit for name in PERSON_COLUMNS)


def test_members_tables_have_no_other_columns():
    people = simulate("research_team", replicates=1, seed=1).people
    assert [name for name in people.columns if name not in PEOPLE_COLUMNS] == []


@pytest.mark.parametrize("scenario", ["rhetoric_only", "user_controlled", "changing_team", "hostile_system"])
def test_no_run_leaves_its_range(scenario):
    """Other scenarios and ways of working are looked at in the slow test below."""
    _within(scenario, [None], 8)


@pytest.mark.slow
def test_no_run_of_the_catalogue_leaves_its_range():
    ways = list(INTERVENTIONS)
    for number, name in enumerate(names()):
        _within(name, [None, *ways[number % 4 :: 12]], 4)


def _within(scenario, ways, replicates):
    for way in ways:
        team = load_scenario(scenario)
        if way is not None:
            team = team.replace({"interventions": {}}).with_interventions(way)
        result = simulate(team, replicates=replicates, seed=3)
        for table, columns in ((result.runs, RUN_COLUMNS), (result.people, PEOPLE_COLUMNS)):
            for name in (*OUTCOME_NAMES, *PERSON_COLUMNS):
                if name in table.columns:
                    low, high = table[name].min(), table[name].max()
                    assert columns[name].least - 1e-12 <= low, (scenario, way, name, low)
                    assert high <= columns[name].greatest + 1e-12, (scenario, way, name, high)


def test_ranges_in_words():
    assert outcome_range("influence_parity_public") == (0.0, math.inf)
    assert outcome_range("closure") == (-math.inf, 1.0)
    assert Column("x", "", "", -math.inf, 1.0).range_words == "1 or less"
    assert Column("x", "", "").range_words == ""
