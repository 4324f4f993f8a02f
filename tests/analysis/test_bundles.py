"""Bundles: every one that fits is tried, or a search finds nearly as good ones, and says which it was."""

from __future__ import annotations

import sys
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from cosim.analysis.bundles import BundleProblem, SearchSettings, best_bundles, feasible_bundles, label
from cosim.analysis.pareto import costs_of, hypervolume
from cosim.errors import ConfigError, CosimError

NAMES = [f"i{k}" for k in range(12)]
COSTS = {name: {"minutes": 10.0 * (k % 4 + 1), "money": 5.0 * (k % 3)} for k, name in enumerate(NAMES)}
OBJECTIVES = {"gini": "min", "quality": "max", "minutes": "min"}


def outcomes(bundle):
    """A landscape with interactions, where more is not always better."""
    on = np.array([name in bundle for name in NAMES], dtype=float)
    weights = np.array([3, 1, 2, 5, 1, 4, 2, 1, 3, 2, 6, 1])
    return {
        "gini": float(10 - 0.3 * on @ weights + 0.4 * on[3] * on[5] + 0.3 * on[10] * on[0]),
        "quality": float(5 + on @ weights[::-1] * 0.2 - 0.15 * on.sum() ** 2),
        "minutes": float(90 + sum(COSTS[name]["minutes"] for name in bundle)),
    }


class Evaluator:
    def __init__(self):
        self.calls: list[str] = []

    def __call__(self, bundles):
        self.calls += [label(bundle) for bundle in bundles]
        table = pd.DataFrame([{"bundle": label(bundle), **outcomes(bundle)} for bundle in bundles])
        return table.sample(frac=1, random_state=np.random.default_rng(3))  # joined by label, not by order


def test_every_bundle_that_fits_is_listed_once():
    problem = BundleProblem(
        NAMES, OBJECTIVES, COSTS, {"minutes": 60, "money": 15}, conflicts=[("i0", "i4")], max_size=3
    )
    found = list(feasible_bundles(problem))
    expected = [
        bundle
        for size in range(4)
        for bundle in combinations(NAMES, size)
        if sum(COSTS[n]["minutes"] for n in bundle) <= 60
        and sum(COSTS[n]["money"] for n in bundle) <= 15
        and not {"i0", "i4"} <= set(bundle)
    ]
    assert sorted(found) == sorted(expected)
    assert found[0] == ()


def test_exhaustive_answer_is_the_true_front():
    problem = BundleProblem(NAMES, OBJECTIVES, COSTS, {"money": 20})
    evaluate = Evaluator()
    result = best_bundles(problem, evaluate)
    assert result.exhaustive
    assert len(evaluate.calls) == len(set(evaluate.calls)) == len(result.table)
    table = result.table.set_index("bundle")
    for name in table.index[:50]:
        row = table.loc[name]
        beaten = (
            (table["gini"] <= row["gini"])
            & (table["quality"] >= row["quality"])
            & (table["minutes"] <= row["minutes"])
        )
        strictly = (
            (table["gini"] < row["gini"])
            | (table["quality"] > row["quality"])
            | (table["minutes"] < row["minutes"])
        )
        assert row["on_front"] == (not (beaten & strictly).any())
    assert (table["cost of money"] <= 20).all()
    assert table.loc["nothing", "size"] == 0
    assert "All" in result.words()


def test_limits_are_known_only_after_evaluation():
    problem = BundleProblem(NAMES[:6], OBJECTIVES, limits={"minutes": 120.0})
    table = best_bundles(problem, Evaluator()).table
    assert (table.loc[table["on_front"], "minutes"] <= 120).all()
    assert table["within_limits"].sum() < len(table)


@pytest.mark.parametrize("objectives", [OBJECTIVES, {"gini": "min", "minutes": "min"}])
def test_search_comes_close_to_the_true_front(objectives):
    pytest.importorskip("pymoo")
    problem = BundleProblem(NAMES, objectives, COSTS, {"money": 40}, limits={"minutes": 320.0})
    best = best_bundles(problem, Evaluator()).table
    evaluate = Evaluator()
    settings = SearchSettings(exhaustive_up_to=100, evaluations=500, population=50)
    result = best_bundles(problem, evaluate, settings)
    assert not result.exhaustive
    assert "may be better" in result.words()
    assert len(evaluate.calls) == len(set(evaluate.calls)) == len(result.table) <= 500
    assert len(best) > 2000
    corner = costs_of(best, objectives).max(axis=0) + 1
    volumes = [
        hypervolume(costs_of(table[table["on_front"]], objectives), corner) for table in (result.table, best)
    ]
    assert volumes[0] > 0.95 * volumes[1]
    again = best_bundles(problem, Evaluator(), settings).table
    pd.testing.assert_frame_equal(again, result.table)  # the same seed, the same search


def test_without_pymoo_the_way_out_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymoo", None)
    for name in [name for name in sys.modules if name.startswith("pymoo.")]:
        monkeypatch.delitem(sys.modules, name)
    problem = BundleProblem(NAMES, OBJECTIVES)
    with pytest.raises(CosimError, match=r"\[search\]"):
        best_bundles(problem, Evaluator(), SearchSettings(exhaustive_up_to=10))


def test_gaps_in_the_evaluation_are_named():
    problem = BundleProblem(["a", "b"], {"y": "min"})

    def evaluate(bundles):
        return pd.DataFrame({"bundle": ["nothing", "a", "b"], "y": [1.0, np.nan, 2.0]})

    with pytest.raises(ConfigError, match=r"no finite outcomes for bundles a, a\+b"):
        best_bundles(problem, evaluate)
    with pytest.raises(ConfigError, match="lacks a column"):
        best_bundles(problem, lambda bundles: pd.DataFrame({"bundle": ["nothing"]}))


def test_impossible_problems_are_refused():
    for wrong in (
        lambda: BundleProblem([], {"y": "min"}),
        lambda: BundleProblem(["a", "a"], {"y": "min"}),
        lambda: BundleProblem(["a"], {}),
        lambda: BundleProblem(["a"], {"y": "down"}),
        lambda: BundleProblem(["a"], {"y": "min"}, costs={"b": {"money": 1.0}}),
        lambda: BundleProblem(["a"], {"y": "min"}, costs={"a": {"money": -1.0}}),
        lambda: BundleProblem(["a"], {"y": "min"}, costs={"a": {"money": 1.0}}, budgets={"mony": 1.0}),
        lambda: SearchSettings(seed=0),
        lambda: SearchSettings(population=2),
    ):
        with pytest.raises(ConfigError):
            wrong()
