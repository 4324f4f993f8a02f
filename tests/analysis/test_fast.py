"""FAST and RBD-FAST: equal to SALib's, right on Ishigami, with noise and without."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import fast as salib_fast
from SALib.analyze import rbd_fast as salib_rbd_fast
from SALib.sample import fast_sampler, latin
from SALib.test_functions import Ishigami

from cosim.analysis.fast import fast, rbd_fast
from cosim.analysis.resampling import Resampling
from cosim.analysis.tables import Factors, UnusableRunsError
from cosim.errors import ConfigError

NAMES = ["x1", "x2", "x3", "dummy"]
FACTORS = Factors(NAMES, dummy="dummy")
QUICK = Resampling(draws=100)
PROBLEM = {"num_vars": 4, "names": NAMES, "bounds": [[-np.pi, np.pi]] * 4}
FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0, "dummy": 0.0}
TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437, "dummy": 0.0}


def search(curves=4, n=601):
    X = np.concatenate([fast_sampler.sample(PROBLEM, n, seed=seed) for seed in range(1, curves + 1)])
    return X, Ishigami.evaluate(X[:, :3])


def index(table, name, noise="uncorrected"):
    return table.query("index == @name and noise == @noise").set_index("factor")


@pytest.mark.filterwarnings("ignore:FAST confidence intervals")
def test_fast_equals_salib(point_runs, point_design):
    X, y = search(curves=1)
    table = fast(point_runs(y[:, None]), point_design(X, NAMES), "y", FACTORS, resampling=QUICK)
    other = salib_fast.analyze(PROBLEM, y, num_resamples=2)
    assert index(table, "S1")["estimate"].tolist() == pytest.approx(other["S1"])
    assert index(table, "ST")["estimate"].tolist() == pytest.approx(other["ST"])
    assert table["interval_over"].unique().tolist() == ["nothing"]
    assert table["low"].isna().all()


def test_fast_without_noise(point_runs, point_design):
    X, y = search()
    table = fast(point_runs(y[:, None]), point_design(X, NAMES), "y", FACTORS, curves=4, resampling=QUICK)
    for name, truth in (("S1", FIRST), ("ST", TOTAL)):
        found = index(table, name)["estimate"]
        for factor, value in truth.items():
            assert found[factor] == pytest.approx(value, abs=0.035), (name, factor)


def test_fast_with_noise_taken_out(point_runs, point_design):
    X, y = search()
    values = y[:, None] + 4 * np.random.default_rng(1).normal(size=(y.size, 4))
    settings = Resampling(draws=100, replication="nested")
    table = fast(point_runs(values), point_design(X, NAMES), "y", FACTORS, curves=4, resampling=settings)
    assert index(table, "ST").loc["dummy", "estimate"] > 0.15
    clean = index(table, "ST", "corrected")
    assert clean.loc["dummy", "estimate"] == pytest.approx(0.0, abs=0.06)
    for factor, value in TOTAL.items():
        row = clean.loc[factor]
        assert row["low"] - 0.04 <= value <= row["high"] + 0.04, factor
    assert clean["above_floor"].tolist() == [True, True, True, False]


def test_rbd_fast_equals_salib(point_runs, point_design):
    X = latin.sample(PROBLEM, 500, seed=1)
    y = Ishigami.evaluate(X[:, :3])
    table = rbd_fast(point_runs(y[:, None]), point_design(X, NAMES), "y", FACTORS, resampling=QUICK)
    other = salib_rbd_fast.analyze(PROBLEM, X, y, seed=1)
    assert index(table, "S1")["estimate"].tolist() == pytest.approx(other["S1"])


def test_rbd_fast_holds_the_truth(point_runs, point_design):
    X = latin.sample(PROBLEM, 2000, seed=2)
    y = Ishigami.evaluate(X[:, :3])
    values = y[:, None] + 4 * np.random.default_rng(3).normal(size=(y.size, 4))
    settings = Resampling(draws=100, replication="nested")
    table = rbd_fast(point_runs(values), point_design(X, NAMES), "y", FACTORS, resampling=settings)
    clean = index(table, "S1", "corrected")
    for factor, value in FIRST.items():
        row = clean.loc[factor]
        assert row["low"] - 0.01 <= value <= row["high"] + 0.01, factor
    assert index(table, "S1").loc["x2", "high"] < FIRST["x2"]  # noise makes raw shares too small
    assert clean["above_floor"].tolist() == [True, True, False, False]


def test_other_designs_and_missing_values_are_refused(point_runs, point_design):
    X, y = search(curves=1)
    runs = point_runs(y[:, None])
    with pytest.raises(ConfigError, match="multiple of 4"):
        fast(runs, point_design(X[:-1], NAMES), "y", FACTORS)
    with pytest.raises(ConfigError, match="should swing 75 times"):
        fast(runs, point_design(X[:, [1, 0, 2, 3]], NAMES), "y", FACTORS)
    with pytest.raises(ConfigError, match="groups"):
        rbd_fast(runs, point_design(X, NAMES), "y", Factors(NAMES, groups={"x1": "g", "x2": "g"}))
    with pytest.raises(ConfigError, match="at least 80"):
        rbd_fast(runs, point_design(X, NAMES).query("point < 20"), "y", FACTORS)
    y[3] = np.nan
    with pytest.raises(UnusableRunsError, match="run 3"):
        fast(point_runs(y[:, None]), point_design(X, NAMES), "y", FACTORS)


@pytest.mark.slow
def test_rbd_fast_intervals_hold_the_truth_often_enough(point_runs, point_design):
    settings = Resampling(draws=60, replication="nested")
    hits = np.zeros(4)
    for seed in range(1, 101):
        X = np.random.default_rng(seed).uniform(-np.pi, np.pi, size=(1000, 4))
        values = Ishigami.evaluate(X[:, :3])[:, None] + 3 * np.random.default_rng(seed).normal(size=(1000, 3))
        table = rbd_fast(point_runs(values), point_design(X, NAMES), "y", FACTORS, resampling=settings)
        clean = index(table, "S1", "corrected")
        hits += [clean.loc[f, "low"] <= value <= clean.loc[f, "high"] for f, value in FIRST.items()]
    assert hits.min() >= 88
