"""How far people moved, beside what answering again gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cosim.observation.movement import agreement, movement
from cosim.observation.planted_views import Planted
from cosim.observation.view_blocks import blocks_of, regrouped

STILL = Planted(4, 8, 12, closed=0.0, shift=1e-4, change=1e-4, points=101)


def inside(table, of: str) -> float:
    return float(((table[of] >= table[f"{of}_again_low"]) & (table[of] <= table[f"{of}_again_high"])).mean())


def test_who_has_not_moved_lies_inside_of_answering_again() -> None:
    held = [movement(blocks_of(STILL.views(np.random.default_rng(i))), 0.87, draws=200) for i in range(6)]
    for of in ("moved", "closed"):
        assert np.mean([inside(one.people, of) for one in held]) > 0.85
    assert np.mean([inside(one.roles, "closed") for one in held]) > 0.8


def test_who_moved_far_lies_outside() -> None:
    moved = movement(blocks_of(replace(STILL, closed=0.8).views(np.random.default_rng(1))), 0.87, draws=200)
    assert inside(moved.people, "closed") < 0.3
    team = moved.team.set_index("statistic")
    assert team.loc["closed", "value"] > team.loc["closed", "again_high"]


def test_moves_toward_one_role_are_told_apart_and_tested() -> None:
    team = replace(STILL, weight=20.0, closed=0.6, items=40, role=0.2)
    blocks = blocks_of(team.views(np.random.default_rng(2)))
    found = movement(blocks, 0.87, draws=100)
    toward = found.toward.set_index(["role", "toward"])["closed"]
    assert toward["professionals", "public"] > toward["professionals", "professionals"]
    drawn = found.drawn.set_index("role")
    assert drawn.loc["public", "drawn"] > 0.2
    assert drawn.loc["professionals", "drawn"] < 0.0
    assert drawn.loc["public", "p"] < 0.02


def test_the_test_without_the_model_errs_as_often_as_it_says() -> None:
    small = [
        movement(blocks_of(replace(STILL, closed=0.3, change=0.1).views(np.random.default_rng(i))), 0.87,
                 draws=2).drawn["p"].iloc[0] < 0.1
        for i in range(120)
    ]  # fmt: skip
    assert 0.03 < np.mean(small) < 0.19


def test_agreement_of_two_groups() -> None:
    blocks = blocks_of(replace(STILL, closed=0.9, items=30, role=0.2).views(np.random.default_rng(3)))
    found = agreement(blocks, "public", "professionals", 0.87).set_index("statistic")
    assert found.loc["distance", "after"] < 0.5 * found.loc["distance", "before"]
    assert found.loc["distance", "high"] < 0.0
    assert found.loc["correlation", "after"] > found.loc["correlation", "before"]
    one = regrouped(blocks, {"public": "all", "professionals": "all"})
    assert one.roles == ("all",)
    assert one.heads.tolist() == [12]
