"""Tables are joined by id, and what is missing, broken or double is refused by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cosim.analysis.resampling import Resampling, percentile_bounds
from cosim.analysis.tables import Factors, UnusableRunsError, cube, numeric_factors, response
from cosim.errors import ConfigError


def test_order_of_rows_does_not_matter(point_runs, point_design):
    values = np.arange(12.0).reshape(4, 3)
    runs, design = point_runs(values), point_design(np.arange(4.0)[:, None], ["x"])
    found = response(runs, design, "y")
    assert np.array_equal(found.values, values)
    assert found.points.tolist() == [0, 1, 2, 3]
    assert numeric_factors(design, Factors(["x"]))[:, 0].tolist() == [0, 1, 2, 3]


def test_runs_of_other_points_are_left_out(point_runs, point_design):
    runs = point_runs(np.arange(12.0).reshape(4, 3))
    design = point_design(np.arange(4.0)[:, None], ["x"]).query("point != 2")
    assert response(runs, design, "y").values[:, 0].tolist() == [0, 3, 9]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_named(point_runs, point_design, bad):
    values = np.arange(12.0).reshape(4, 3)
    values[1, 2] = values[3, 0] = bad
    with pytest.raises(
        UnusableRunsError, match=r"'y' is missing or not finite in 2 of 12 runs: runs 5, 9"
    ) as caught:
        response(point_runs(values), point_design(np.arange(4.0)[:, None], ["x"]), "y")
    assert caught.value.run_ids == (5, 9)


def test_failed_runs_are_named_with_their_error(point_runs, point_design):
    runs = point_runs(np.arange(12.0).reshape(4, 3))
    runs.loc[runs["run"] == 7, "error"] = "division by zero"
    with pytest.raises(UnusableRunsError, match=r"1 of 12 runs failed: run 7; run 7 says: division by zero"):
        response(runs, point_design(np.arange(4.0)[:, None], ["x"]), "y")


def test_runs_that_are_not_there_are_named(point_runs, point_design):
    runs = point_runs(np.arange(12.0).reshape(4, 3)).query("run != 7")
    with pytest.raises(UnusableRunsError, match=r"1 of 12 runs are not in the table: point 2, replicate 1"):
        response(runs, point_design(np.arange(4.0)[:, None], ["x"]), "y")


def test_double_runs_are_refused(point_runs, point_design):
    design = point_design(np.arange(4.0)[:, None], ["x"])
    runs = point_runs(np.arange(12.0).reshape(4, 3))
    with pytest.raises(UnusableRunsError, match="more than one row for run 4"):
        response(pd.concat([runs, runs[runs["run"] == 4]]), design, "y")
    again = runs[runs["run"] == 4].assign(run=99)
    with pytest.raises(UnusableRunsError, match="runs 4, 99 share the same point, replicate"):
        response(pd.concat([runs, again]), design, "y")


def test_many_ids_are_cut_short_but_kept(point_runs, point_design):
    values = np.full((10, 3), np.nan)
    with pytest.raises(UnusableRunsError, match=r"8, 9 and 20 more") as caught:
        response(point_runs(values), point_design(np.arange(10.0)[:, None], ["x"]), "y")
    assert len(caught.value.run_ids) == 30


def test_unknown_columns_and_arms_get_the_nearest_name(arm_runs):
    runs = arm_runs({"round_robin": {"influence_gini": np.zeros((2, 2))}})
    with pytest.raises(ConfigError, match="influence_gini"):
        cube(runs, "influence_ginni")
    with pytest.raises(ConfigError, match="did you mean 'round_robin'"):
        cube(runs, "influence_gini", arms=["round_robbin"])
    with pytest.raises(ConfigError, match="not numeric"):
        cube(runs, "arm")


def test_an_arm_without_a_world_is_refused(arm_runs):
    runs = arm_runs({"a": {"y": np.zeros((3, 2))}, "b": {"y": np.zeros((2, 2))}})
    with pytest.raises(UnusableRunsError, match="arm b, world 2, replicate 0; arm b, world 2, replicate 1"):
        cube(runs, "y")


def test_categories_become_numbers(point_design):
    design = point_design(np.array([["b", 1], ["a", 0], ["b", 0]], dtype=object), ["rule", "x"])
    design["x"] = design["x"].astype(bool)
    assert numeric_factors(design, Factors(["rule", "x"])).tolist() == [[1, 1], [0, 0], [1, 0]]


def test_a_factor_without_a_value_is_named(point_design):
    design = point_design(np.array([[1.0], [np.nan], [2.0]]), ["x"])
    with pytest.raises(ConfigError, match="x: the factor has no value at point 1"):
        numeric_factors(design, Factors(["x"]))


def test_factor_groups():
    factors = Factors(["a", "b", "c"], groups={"a": "g", "c": "g"}, dummy="b")
    assert factors.units == ["g", "b"]
    assert factors.columns_of("g") == [0, 2]
    assert factors.grouped
    for wrong in (
        lambda: Factors([]),
        lambda: Factors("abc"),
        lambda: Factors(["a", "a"]),
        lambda: Factors(["a"], groups={"b": "g"}),
        lambda: Factors(["a"], dummy="dumy"),
    ):
        with pytest.raises(ConfigError):
            wrong()


@pytest.mark.parametrize("seed", [0, -1, None, True, 1.5, "1"])
def test_seeds_that_are_no_seeds_are_refused(seed):
    with pytest.raises(ConfigError, match="seed"):
        Resampling(seed=seed)


def test_other_settings_are_refused():
    for wrong in ({"draws": 3}, {"level": 1.0}, {"replication": "nestd"}):
        with pytest.raises(ConfigError):
            Resampling(**wrong)


def test_undefined_draws_take_the_interval_away():
    draws = np.column_stack([np.arange(100.0), np.where(np.arange(100) < 10, np.nan, 1.0)])
    low, high = percentile_bounds(draws, 0.95)
    assert low[0] == pytest.approx(2.475)
    assert np.isnan(low[1])
    assert np.isnan(high[1])
