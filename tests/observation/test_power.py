"""The stored study of what teams can show, and the table that the docs give of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.observation.power import GAP, like_this, planning_table, power_study

DOCS = Path(__file__).parents[2] / "docs" / "views.md"


def test_the_docs_have_the_study_s_table() -> None:
    assert planning_table() in DOCS.read_text(encoding="utf-8")


def test_intervals_hold_the_truth_and_items_narrow_them() -> None:
    study = power_study()
    weights = study["repeats"] / study["repeats"].sum()
    assert (study["coverage"] * weights).sum() > 0.92
    assert (study["coverage"] > 0.8).all()
    whole = study["items"] * study["meetings"]
    assert study[whole <= 3]["width"].mean() > study[whole >= 180]["width"].mean() + 0.15
    assert (study[study["weight"] == 1.0]["found"] * 1.0).mean() < 0.08
    assert set(study["weight"]) == {1.0, GAP}


@pytest.mark.parametrize(("public", "others", "items"), [(1, 1, 1), (4, 8, 12), (40, 2, 900)])
def test_a_team_is_told_of_the_one_most_like_it(public: int, others: int, items: int) -> None:
    told = like_this(public, others, items)
    assert "held the truth" in told
    assert "nan" not in told
