"""Sobol' indices: Ishigami and the G function, bare, noisy, with common random numbers; SALib's traps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol as salib_sobol
from SALib.sample import sobol as salib_sample
from SALib.test_functions import Ishigami, Sobol_G

from cosim.analysis.resampling import Resampling
from cosim.analysis.sobol import check_saltelli, sobol_convergence, sobol_indices
from cosim.analysis.tables import Factors, UnusableRunsError
from cosim.errors import ConfigError

NAMES = ["x1", "x2", "x3", "dummy"]
FACTORS = Factors(NAMES, dummy="dummy")
BOUNDS = [[-np.pi, np.pi]] * 4
QUICK = Resampling(draws=200)


def ishigami_truth(a=7.0, b=0.1) -> dict[str, dict[object, float]]:
    """Closed form: Ishigami & Homma (1990)."""
    v1, v2 = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8
    v13 = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    total = v1 + v2 + v13
    pairs = dict.fromkeys(
        [("x1", "x2"), ("x1", "dummy"), ("x2", "x3"), ("x2", "dummy"), ("x3", "dummy")], 0.0
    )
    return {
        "S1": {"x1": v1 / total, "x2": v2 / total, "x3": 0.0, "dummy": 0.0},
        "ST": {"x1": (v1 + v13) / total, "x2": v2 / total, "x3": v13 / total, "dummy": 0.0},
        "S2": {**pairs, ("x1", "x3"): v13 / total},
    }


def ishigami(n=512, seed=1, groups=None, second_order=True):
    problem = {"num_vars": 4, "names": NAMES, "bounds": BOUNDS, "groups": groups}
    X = salib_sample.sample(problem, n, seed=seed, calc_second_order=second_order)
    return X, Ishigami.evaluate(X[:, :3])


def inside(result, truth, noise) -> dict[object, bool]:
    found = {}
    for index, values in truth.items():
        table = result.of(index, noise)
        for key, value in values.items():
            row = table.loc[key]
            found[(index, key)] = bool(row["low"] - 1e-9 <= value <= row["high"] + 1e-9)
    return found


def test_ishigami_without_noise_equals_salib_and_holds_the_truth(point_runs, point_design):
    X, y = ishigami()
    result = sobol_indices(point_runs(y[:, None]), point_design(X, NAMES), "y", FACTORS, resampling=QUICK)
    problem = {"num_vars": 4, "names": NAMES, "bounds": BOUNDS}
    other = salib_sobol.analyze(problem, y, seed=5)
    assert result.of("S1", "uncorrected")["estimate"].to_numpy() == pytest.approx(other["S1"])
    assert result.of("ST", "uncorrected")["estimate"].to_numpy() == pytest.approx(other["ST"])
    assert all(inside(result, ishigami_truth(), "uncorrected").values())
    # The bootstrap spreads as SALib's does.
    widths = result.of("ST", "uncorrected").eval("(high - low) / 2").to_numpy()
    assert widths[:3] == pytest.approx(other["ST_conf"][:3], rel=0.35)
    assert result.noise is None
    assert result.n_base == 512
    assert result.words(wanted=0.2).startswith("512 base samples were enough")
    assert "were not enough" in result.words(wanted=0.001)


def test_noise_is_taken_out_when_random_numbers_are_independent(point_runs, point_design):
    X, y = ishigami()
    noisy = y[:, None] + 4 * np.random.default_rng(2).normal(size=(y.size, 4))
    settings = Resampling(draws=200, replication="nested")
    result = sobol_indices(point_runs(noisy), point_design(X, NAMES), "y", FACTORS, resampling=settings)
    hits = inside(result, ishigami_truth(), "corrected")
    assert sum(hits.values()) >= len(hits) - 1, hits
    assert result.noise.of_runs == pytest.approx(16 / (16 + 13.84), abs=0.03)
    # Uncorrected, noise looks like interaction: the total index of a factor that does nothing is far above 0.
    assert result.of("ST", "uncorrected").loc["dummy", "low"] > 0.15
    assert abs(result.of("ST").loc["dummy", "estimate"]) < 0.1
    assert not result.of("S1").loc["dummy", "above_floor"]
    assert result.of("ST")["above_floor"].to_dict() == {"x1": True, "x2": True, "x3": True, "dummy": False}


def test_common_random_numbers(point_runs, point_design):
    X, y = ishigami()
    rng = np.random.default_rng(3)
    noise = 3 * rng.normal(size=(1, 8)) + rng.normal(size=(1, 8)) * np.sin(X[:, [0]])
    result = sobol_indices(
        point_runs(y[:, None] + noise), point_design(X, NAMES), "y", FACTORS, resampling=QUICK
    )
    hits = inside(result, ishigami_truth(), "corrected")
    assert sum(hits.values()) >= len(hits) - 1, hits
    assert result.of("ST").loc["dummy", "estimate"] == pytest.approx(0.0, abs=1e-12)


def test_noise_alone_has_no_corrected_indices_worth_believing(point_runs, point_design):
    X, _ = ishigami(64)
    noise = np.random.default_rng(4).normal(size=(len(X), 3))
    settings = Resampling(draws=100, replication="nested")
    result = sobol_indices(point_runs(noise), point_design(X, NAMES), "y", FACTORS, resampling=settings)
    assert not result.table.query("noise == 'corrected'")["above_floor"].any()
    assert "cannot be said" in result.words() or "not enough" in result.words()
    assert result.of("ST", "uncorrected")["estimate"].min() > 0.5


def test_sobol_g(point_runs, point_design):
    a = np.array([0, 1, 4.5, 9, 99, 99])
    names = [f"g{i}" for i in range(6)]
    problem = {"num_vars": 6, "names": names, "bounds": [[0, 1]] * 6}
    X = salib_sample.sample(problem, 1024, seed=6, calc_second_order=False)
    y = Sobol_G.evaluate(X, a)
    noisy = y[:, None] + 0.3 * np.random.default_rng(7).normal(size=(y.size, 3))
    settings = Resampling(draws=200, replication="nested")
    result = sobol_indices(
        point_runs(noisy),
        point_design(X, names),
        "y",
        Factors(names),
        second_order=False,
        resampling=settings,
    )
    v = 1 / (3 * (1 + a) ** 2)
    total = np.prod(1 + v) - 1
    truth = {
        "S1": dict(zip(names, v / total, strict=True)),
        "ST": dict(zip(names, v * np.prod(1 + v) / (1 + v) / total, strict=True)),
    }
    hits = inside(result, truth, "corrected")
    assert sum(hits.values()) >= len(hits) - 1, hits
    assert "S2" not in set(result.table["index"])


def test_groups_share_one_index(point_runs, point_design):
    groups = ["g", "x2", "g", "dummy"]
    X, y = ishigami(groups=groups)
    factors = Factors(NAMES, groups={"x1": "g", "x3": "g"}, dummy="dummy")
    result = sobol_indices(point_runs(y[:, None]), point_design(X, NAMES), "y", factors, resampling=QUICK)
    truth = ishigami_truth()["S1"]["x2"]
    assert result.of("S1", "uncorrected").index.tolist() == ["g", "x2", "dummy"]
    wanted = {"S1": {"g": 1 - truth, "x2": truth}, "ST": {"g": 1 - truth}}
    assert all(inside(result, wanted, "uncorrected").values())
    assert result.of("S1", "uncorrected").loc["g", "estimate"] == pytest.approx(1 - truth, abs=0.05)


def test_second_order_agrees_with_salib(point_runs, point_design):
    X, y = ishigami(128)
    noisy = y[:, None] + np.random.default_rng(8).normal(size=(y.size, 3))
    result = sobol_indices(point_runs(noisy), point_design(X, NAMES), "y", FACTORS, resampling=QUICK)
    problem = {"num_vars": 4, "names": NAMES, "bounds": BOUNDS}
    other = salib_sobol.analyze(problem, noisy.mean(axis=1), seed=5)["S2"]
    found = result.of("S2", "uncorrected")
    assert found.loc[("x1", "x3"), "estimate"] == pytest.approx(other[0, 2])
    assert found.loc[("x3", "dummy"), "estimate"] == pytest.approx(other[2, 3])


def test_convergence_uses_prefixes(point_runs, point_design):
    X, y = ishigami(256)
    runs, design = point_runs(y[:, None]), point_design(X, NAMES)
    table = sobol_convergence(runs, design, "y", FACTORS, resampling=QUICK)
    assert sorted(table["n_base"].unique()) == [32, 64, 128, 256]
    whole = sobol_indices(runs, design, "y", FACTORS, resampling=QUICK).of("ST", "uncorrected")
    last = table.query("n_base == 256 and index == 'ST'").set_index("factor")["estimate"]
    assert last.to_dict() == whole["estimate"].to_dict()
    widths = table.query("index == 'ST' and factor == 'x1'").eval("high - low").to_numpy()
    assert widths[-1] < widths[0]


def test_one_missing_value_is_refused_where_salib_returns_zeros(point_runs, point_design):
    X, y = ishigami(64)
    y[13] = np.nan
    problem = {"num_vars": 4, "names": NAMES, "bounds": BOUNDS}
    assert not np.any(salib_sobol.analyze(problem, y, seed=1)["S1"] > 0)  # the trap is still there
    with pytest.raises(UnusableRunsError, match="run 13"):
        sobol_indices(point_runs(y[:, None]), point_design(X, NAMES), "y", FACTORS, resampling=QUICK)


def test_an_outcome_that_never_varies_is_refused(point_runs, point_design):
    X, y = ishigami(64)
    with pytest.raises(ConfigError, match="same at every point"):
        sobol_indices(
            point_runs(np.zeros((y.size, 2))), point_design(X, NAMES), "y", FACTORS, resampling=QUICK
        )


def test_other_designs_are_refused(point_design):
    X, _ = ishigami(16)
    assert check_saltelli(point_design(X, NAMES), FACTORS, True) == 16
    with pytest.raises(ConfigError, match="multiple of 6"):
        check_saltelli(point_design(X[:-1], NAMES), FACTORS, False)
    with pytest.raises(ConfigError, match="not a Saltelli design"):
        check_saltelli(point_design(X, NAMES), Factors(["x2", "x1", "x3", "dummy"]), True)
    swapped = X.copy()
    swapped[[3, 4]] = swapped[[4, 3]]
    with pytest.raises(ConfigError, match="point number 3 should differ from its base point in 'x3' only"):
        check_saltelli(point_design(swapped, NAMES), FACTORS, True)


def coverage(point_runs, point_design, repeats: int) -> pd.Series:
    """How often the corrected intervals hold the truth, over fresh designs and fresh independent noise."""
    counts = pd.Series(dtype=float)
    for seed in range(1, repeats + 1):
        X, y = ishigami(128, seed=seed)
        noisy = y[:, None] + 3 * np.random.default_rng(seed).normal(size=(y.size, 4))
        settings = Resampling(draws=100, replication="nested")
        result = sobol_indices(point_runs(noisy), point_design(X, NAMES), "y", FACTORS, resampling=settings)
        counts = counts.add(
            pd.Series(inside(result, ishigami_truth(), "corrected")).astype(float), fill_value=0
        )
    return counts / repeats


@pytest.mark.slow
def test_corrected_intervals_hold_the_truth_often_enough(point_runs, point_design):
    # Points of a Sobol' sequence are spread more evenly than chance: the bootstrap errs on the wide side.
    assert coverage(point_runs, point_design, 200).min() > 0.9
