"""Morris screening: exact on a linear function, equal to SALib's, and not fooled by noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris as salib_analysis
from SALib.sample import morris as salib_sample

from cosim.analysis.morris import morris, split_half
from cosim.analysis.resampling import Resampling
from cosim.analysis.tables import Factors, UnusableRunsError, factor_values, response
from cosim.errors import ConfigError

NAMES = ["a", "b", "c", "dummy"]
FACTORS = Factors(NAMES, dummy="dummy")
QUICK = Resampling(draws=200)


def trajectories(n=20, levels=4, groups=None, seed=1):
    problem = {"num_vars": 4, "names": NAMES, "bounds": [[0, 1]] * 4, "groups": groups or NAMES}
    return salib_sample.sample(problem, n, num_levels=levels, seed=seed)


def by_factor(table, index, noise="uncorrected"):
    return table.query("index == @index and noise == @noise").set_index("factor")


def salib_morris(runs, design, outcome, factors):
    """SALib's own mu, mu_star and sigma of the means over replicates, by factor."""
    problem = {"num_vars": len(factors.names), "names": list(factors.names), "groups": factors.membership}
    problem["bounds"] = [[0.0, 1.0]] * len(factors.names)
    X = factor_values(design, factors).to_numpy(dtype=np.float64)
    means = response(runs, design, outcome).values.mean(axis=1)
    found = salib_analysis.analyze(problem, X, means, num_levels=4, num_resamples=20, seed=1)
    columns = {name: np.asarray(found[name], dtype=np.float64) for name in ("mu", "mu_star", "sigma")}
    return pd.DataFrame(columns, index=pd.Index(found["names"], name="factor"))


@pytest.mark.parametrize("levels", [4, 6])
def test_a_linear_function_is_exact(point_runs, point_design, levels):
    X = trajectories(levels=levels)
    y = 3 * X[:, 0] - 2 * X[:, 1] + 0.5 * X[:, 2]
    table = morris(
        point_runs(y[:, None]), point_design(X, NAMES), "y", FACTORS, levels=levels, resampling=QUICK
    )
    assert by_factor(table, "mu")["estimate"].tolist() == pytest.approx([3, -2, 0.5, 0])
    assert by_factor(table, "mu_star")["estimate"].tolist() == pytest.approx([3, 2, 0.5, 0])
    assert by_factor(table, "rms")["estimate"].tolist() == pytest.approx([3, 2, 0.5, 0])
    assert by_factor(table, "sigma")["estimate"].to_numpy() == pytest.approx(0, abs=1e-7)
    assert by_factor(table, "mu")["above_floor"].tolist() == [True, True, True, False]
    low, high = (by_factor(table, "mu")[end].to_numpy() for end in ("low", "high"))
    assert low == pytest.approx([3, -2, 0.5, 0])
    assert high == pytest.approx([3, -2, 0.5, 0])


def curved(X):
    return X[:, 0] * X[:, 1] + np.sin(5 * X[:, 2]) + X[:, 0]


@pytest.mark.parametrize("grouped", [False, True])
def test_estimates_equal_salib(point_runs, point_design, grouped):
    groups = ["g", "b", "g", "dummy"] if grouped else None
    factors = Factors(NAMES, groups={"a": "g", "c": "g"} if grouped else None, dummy="dummy")
    X = trajectories(groups=groups)
    values = curved(X)[:, None] + 0.1 * np.random.default_rng(2).normal(size=(len(X), 3))
    runs, design = point_runs(values), point_design(X, NAMES)
    table, other = (
        morris(runs, design, "y", factors, resampling=QUICK),
        salib_morris(runs, design, "y", factors),
    )
    for index in ("mu_star", "sigma") if grouped else ("mu", "mu_star", "sigma"):
        found = by_factor(table, index)["estimate"]
        assert found.to_numpy() == pytest.approx(other.loc[found.index, index].to_numpy(), nan_ok=True), index
    if grouped:
        assert np.isnan(by_factor(table, "mu").loc["g", "estimate"])


def test_noise_is_taken_out(point_runs, point_design):
    X = trajectories(n=200)
    y = 3 * X[:, 0] - 2 * X[:, 1]
    values = y[:, None] + 1.5 * np.random.default_rng(3).normal(size=(len(X), 4))
    settings = Resampling(draws=200, replication="nested")
    table = morris(point_runs(values), point_design(X, NAMES), "y", FACTORS, resampling=settings)
    raw, clean = by_factor(table, "rms"), by_factor(table, "rms", "corrected")
    assert raw.loc["dummy", "estimate"] > 1.2
    assert clean.loc["dummy", "estimate"] < 0.5
    assert clean.loc["a", "low"] < 3 < clean.loc["a", "high"]
    assert clean["above_floor"].tolist() == [True, True, False, False]
    assert by_factor(table, "sigma", "corrected").loc["a", "low"] < 0.6
    assert by_factor(table, "sigma").loc["a", "low"] > 1.2
    assert not by_factor(table, "mu_star").loc["c", "above_floor"]


def test_common_random_numbers_leave_a_dummy_at_zero(point_runs, point_design):
    X = trajectories()
    noise = np.random.default_rng(4).normal(size=(1, 5))
    values = X[:, [0]] * (1 + noise) + noise
    table = morris(point_runs(values), point_design(X, NAMES), "y", FACTORS, resampling=QUICK)
    assert by_factor(table, "mu_star").loc["dummy", "high"] == pytest.approx(0, abs=1e-12)
    row = by_factor(table, "mu").loc["a"]
    assert row["low"] < 1 + noise.mean() < row["high"]
    assert row["high"] - row["low"] > noise.std() / 2  # the interval knows that the noise was a sample


def test_transformed_levels_are_fine(point_runs, point_design):
    X = trajectories()
    y = 3 * X[:, 0]
    words = np.array(["low", "mid-", "mid+", "very"])
    design = point_design(X, NAMES)
    design["a"] = words[np.searchsorted(np.unique(X[:, 0]), design["a"])]
    table = morris(point_runs(y[:, None]), design, "y", FACTORS, resampling=QUICK)
    assert by_factor(table, "mu").loc["a", "estimate"] == pytest.approx(3)


def test_other_designs_and_missing_values_are_refused(point_runs, point_design):
    X = trajectories()
    runs = point_runs(X[:, [0]])
    with pytest.raises(ConfigError, match="multiple of 5"):
        morris(runs, point_design(X[:-1], NAMES), "y", FACTORS)
    swapped = X.copy()
    swapped[[5, 9]] = swapped[[9, 5]]
    with pytest.raises(ConfigError, match="points number 5 to 9 are no trajectory"):
        morris(runs, point_design(swapped, NAMES), "y", FACTORS)
    with pytest.raises(ConfigError, match="grid levels"):
        morris(runs, point_design(X, NAMES), "y", FACTORS, levels=3)
    values = X[:, [0]].copy()
    values[17] = np.inf
    with pytest.raises(UnusableRunsError, match="run 17"):
        morris(point_runs(values), point_design(X, NAMES), "y", FACTORS)


def test_the_halves_agree_on_what_is_there_and_not_on_noise(point_runs, point_design):
    X = trajectories(40)
    design, order = point_design(X, NAMES), []
    for y in (4 * X[:, 0] + 2 * X[:, 1] + X[:, 2], np.random.default_rng(3).normal(size=len(X))):
        order.append(split_half(point_runs(y[:, None]), design, "y", FACTORS))
    assert order[0] == pytest.approx(1.0)
    assert order[1] < 0.9


def test_halves_are_the_effects_of_their_own_trajectories(point_runs, point_design):
    X = trajectories(9)
    y = 4 * X[:, 0] + 2 * X[:, 1] * X[:, 2] + np.random.default_rng(4).normal(size=len(X))
    runs, design = point_runs(y[:, None]), point_design(X, NAMES)
    ranks = []
    for points in (range(20), range(20, 40)):
        stars = by_factor(
            morris(runs, design[design["point"].isin(points)], "y", FACTORS, resampling=QUICK), "mu_star"
        )
        ranks.append(stars["estimate"].loc[["a", "b", "c"]].rank().tolist())
    assert split_half(runs, design, "y", FACTORS) == pytest.approx(np.corrcoef(ranks)[0, 1])


def test_three_trajectories_have_no_halves(point_runs, point_design):
    X = trajectories(3)
    assert np.isnan(split_half(point_runs(X[:, :1]), point_design(X, NAMES), "y", FACTORS))
