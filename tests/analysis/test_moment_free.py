"""PAWN and delta: equal to SALib's definition, right on a normal sum, dummies below the floor."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import delta as salib_delta
from SALib.analyze import pawn as salib_pawn
from SALib.sample import latin
from SALib.test_functions import Ishigami
from scipy import integrate, stats

from cosim.analysis.moment_free import delta, pawn
from cosim.analysis.resampling import Resampling
from cosim.analysis.tables import Factors, UnusableRunsError
from cosim.errors import ConfigError

NAMES = ["x1", "x2", "x3", "dummy"]
FACTORS = Factors(NAMES, dummy="dummy")
QUICK = Resampling(draws=60)
PROBLEM = {"num_vars": 4, "names": NAMES, "bounds": [[-np.pi, np.pi]] * 4}


@pytest.fixture
def ishigami(point_runs, point_design):
    X = latin.sample(PROBLEM, 600, seed=1)
    y = Ishigami.evaluate(X[:, :3])
    return X, y, point_runs(y[:, None]), point_design(X, NAMES)


def test_pawn_is_salibs_but_for_the_largest_value(ishigami):
    X, y, runs, design = ishigami
    found = pawn(runs, design, "y", FACTORS, resampling=QUICK).set_index("factor")
    other = salib_pawn.analyze(PROBLEM, X, y, S=10)  # its last slice leaves the largest value out
    assert found["estimate"].to_numpy() == pytest.approx(other["median"], abs=0.005)


def test_delta_is_much_the_same_as_salibs(ishigami):
    X, y, runs, design = ishigami
    found = delta(runs, design, "y", FACTORS, resampling=Resampling(draws=20)).set_index("factor")["estimate"]
    grid = np.linspace(y.min(), y.max(), 100)
    classes = np.linspace(0, 600, 6 + 1)  # six classes for 600 points
    for k, name in enumerate(NAMES):
        assert found[name] == pytest.approx(salib_delta.calc_delta(y, grid, X[:, k], classes), abs=0.015)


def test_factors_that_matter_are_above_the_floor(ishigami):
    _, _, runs, design = ishigami
    table = pawn(runs, design, "y", FACTORS, resampling=QUICK).set_index("factor")
    assert table["above_floor"].to_dict() == {"x1": True, "x2": True, "x3": False, "dummy": False}
    table = delta(runs, design, "y", FACTORS, resampling=Resampling(draws=20)).set_index("factor")
    assert table["above_floor"].to_dict() == {"x1": True, "x2": True, "x3": True, "dummy": False}


def test_a_two_valued_factor_has_a_slice_per_value(point_runs, point_design):
    rng = np.random.default_rng(2)
    x = rng.integers(0, 2, size=400).astype(float)
    y = rng.uniform(size=400) + x
    row = pawn(
        point_runs(y[:, None]), point_design(x[:, None], ["x"]), "y", Factors(["x"]), resampling=QUICK
    ).iloc[0]
    assert row["estimate"] == pytest.approx(0.5, abs=0.03)  # each half against the whole
    assert row["low"] <= 0.5 <= row["high"]


def test_delta_of_a_normal_sum(point_runs, point_design):
    def area(x):
        edges = np.linspace(-12, 12, 4001)
        gap = np.abs(stats.norm.pdf(edges, 0, np.sqrt(2)) - stats.norm.pdf(edges, x, 1))
        return 0.5 * np.trapezoid(gap, edges)

    truth = integrate.quad(lambda x: area(x) * stats.norm.pdf(x), -6, 6)[0]
    X = np.random.default_rng(3).normal(size=(4000, 2))
    runs, design = point_runs(X.sum(axis=1)[:, None]), point_design(X, ["a", "b"])
    table = delta(runs, design, "y", Factors(["a", "b"]), resampling=Resampling(draws=20)).set_index("factor")
    assert table["estimate"].to_numpy() == pytest.approx(truth, abs=0.03)


def test_dummies_are_rarely_above_the_floor(point_runs, point_design):
    rng = np.random.default_rng(4)
    X = rng.uniform(size=(200, 20))
    names = [f"f{i}" for i in range(20)]
    table = pawn(point_runs(X[:, :1]), point_design(X, names), "y", Factors(names), resampling=QUICK)
    assert table["above_floor"].sum() <= 2
    assert table["above_floor"].iloc[0]


def test_what_has_no_moment_free_index_is_refused(ishigami, point_runs):
    X, y, runs, design = ishigami
    with pytest.raises(ConfigError, match="groups"):
        pawn(runs, design, "y", Factors(NAMES, groups={"x1": "g", "x2": "g"}))
    with pytest.raises(ConfigError, match="2 to 120"):
        pawn(runs, design, "y", FACTORS, slices=500)
    with pytest.raises(ConfigError, match="same at every point"):
        pawn(point_runs(np.ones((600, 1))), design, "y", FACTORS)
    with pytest.raises(ConfigError, match="no density"):
        delta(point_runs((X[:, :1] > 0).astype(float)), design, "y", FACTORS)
    with pytest.raises(ConfigError, match="at least 50"):
        delta(point_runs(y[:40, None]), design.query("point < 40"), "y", FACTORS)
    y[3] = np.nan
    with pytest.raises(UnusableRunsError, match="run 3"):
        pawn(point_runs(y[:, None]), design, "y", FACTORS)
