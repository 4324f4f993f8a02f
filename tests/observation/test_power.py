"""The stored study of what teams can show, and the table that the docs give of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cosim.observation.power import GAP, coverage, like_this, planning_table, power_study, usual_teams
from experiments.views_power import MEANS, cells, of_cell

DOCS = Path(__file__).parents[2] / "docs" / "views.md"


def test_the_docs_have_the_study_s_table() -> None:
    assert planning_table() in DOCS.read_text(encoding="utf-8")


def test_every_kind_of_team_was_run() -> None:
    study = power_study()
    assert study["cell"].tolist() == list(range(len(cells())))
    assert set(study["weight"]) == {1.0, GAP}
    assert study["repeats"].min() >= 20
    people = study["public"] + study["others"]
    assert (people.min(), people.max()) == (4, 30)
    assert (study["meetings"].min(), study["meetings"].max()) == (1, 6)
    assert (study["items"].min(), study["items"].max()) == (3, 30)


def test_intervals_hold_the_truth_and_items_narrow_them() -> None:
    study = power_study()
    for of, least in (("coverage", 0.95), ("coverage_end", 0.92), ("coverage_closed", 0.85)):
        assert coverage(study, of)[0] > least, of
    usual = usual_teams()
    assert (usual.groupby(["public", "whole", "closed", "apart"])["coverage"].mean() > 0.8).all()
    whole = usual["whole"]
    assert usual[whole <= 3]["width"].mean() > usual[whole >= 180]["width"].mean() + 0.15
    assert usual[usual["weight"] == 1.0]["found"].mean() < 0.08


def test_coverage_has_wilson_s_interval() -> None:
    """81 of 90: .900, .821 to .946 (Wilson 1927's formula, by hand)."""
    table = pd.DataFrame({"coverage": [0.9, 0.9], "repeats": [30, 60]})
    assert coverage(table) == pytest.approx((0.9, 0.8208, 0.9462), abs=5e-4)


def test_more_repeats_add_to_those_that_are_there() -> None:
    team = cells()[0]
    whole = of_cell(0, team, 4, {})
    added = of_cell(0, team, 4, of_cell(0, team, 2, {}))
    assert [added[name] for name in MEANS] == pytest.approx([whole[name] for name in MEANS], abs=2e-6)


@pytest.mark.parametrize(("public", "others", "items"), [(1, 1, 1), (4, 8, 12), (40, 2, 900)])
def test_a_team_is_told_of_the_one_most_like_it(public: int, others: int, items: int) -> None:
    told = like_this(public, others, items)
    assert "held the truth" in told
    assert "nan" not in told
