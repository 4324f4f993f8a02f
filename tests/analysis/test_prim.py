"""PRIM finds a planted box again, agrees with the EMA workbench, and says what is not to be trusted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cosim.analysis.boxes import Box, failing
from cosim.analysis.prim import PrimSettings, prim, prim_boxes, quasi_p, reproducibility
from cosim.analysis.resampling import Resampling
from cosim.analysis.tables import Factors
from cosim.errors import ConfigError

NAMES = [f"f{i}" for i in range(6)]
FACTORS = Factors(NAMES)


def planted(n=2000, seed=1, noise=0.0):
    rng = np.random.default_rng(seed)
    X = rng.uniform(size=(n, 6))
    inside = (X[:, 0] > 0.6) & (X[:, 3] < 0.4)
    y = np.where(rng.uniform(size=n) < noise, rng.uniform(size=n) < 0.5, inside)
    return X, inside, y.astype(float)


def cases_of(y):
    table = pd.DataFrame({"point": np.arange(len(y)), "failing": y})
    return table.sample(frac=1, random_state=np.random.default_rng(7))


def test_a_planted_box_is_found_again(point_design):
    X, inside, y = planted()
    row_at_80 = (first := prim(point_design(X, NAMES), cases_of(y), FACTORS)).trajectory.iloc[first.picked]
    assert row_at_80["coverage"] > 0.97
    assert row_at_80["density"] > 0.8
    result = prim(point_design(X, NAMES), cases_of(y), FACTORS, PrimSettings(density=0.97))
    last = result.box
    assert sorted(last.restricted) == ["f0", "f3"]
    assert last.ranges["f0"][0] == pytest.approx(0.6, abs=0.02)
    assert last.ranges["f0"][1] == np.inf
    assert last.ranges["f3"] == (-np.inf, pytest.approx(0.4, abs=0.02))
    assert result.trajectory["coverage"].iloc[result.picked] > 0.9
    assert (result.limits["quasi_p"] < 1e-6).all()
    assert last.holds(pd.DataFrame(X, columns=NAMES)).mean() == pytest.approx(inside.mean(), abs=0.015)


def test_a_planted_box_is_found_again_in_noise(point_design):
    X, inside, y = planted(noise=0.3)
    result = prim(point_design(X, NAMES), cases_of(y), FACTORS, PrimSettings(density=0.75))
    found = result.box.holds(pd.DataFrame(X, columns=NAMES))
    assert (found & inside).sum() / inside.sum() > 0.85
    assert (found & inside).sum() / found.sum() > 0.85
    real = result.limits[result.limits["factor"].isin(["f0", "f3"])]
    assert (real["quasi_p"] < 1e-6).all()


def test_trajectory_says_what_it_counts(point_design):
    X, _, y = planted(noise=0.2)
    design = point_design(X, NAMES)
    result = prim(design, cases_of(y), FACTORS)
    start = result.trajectory.iloc[0]
    assert (start["coverage"], start["mass"], start["density"]) == (1.0, 1.0, pytest.approx(y.mean()))
    table = pd.DataFrame(X, columns=NAMES)
    for number, box in enumerate(result.boxes):
        inside = box.holds(table)
        row = result.trajectory.iloc[number]
        assert row["coverage"] == pytest.approx(y[inside].sum() / y.sum())
        assert row["density"] == pytest.approx(y[inside].mean())
    assert result.trajectory["mass"].min() >= 0.05


def test_pasting_takes_back_what_greedy_peeling_lost(point_design):
    X, _, y = planted(n=500, seed=3)
    result = prim(point_design(X, NAMES), cases_of(y), FACTORS, PrimSettings(peel_alpha=0.3))
    stages = result.trajectory["stage"].tolist()
    assert stages == sorted(stages, key=["start", "peel", "paste", "prune"].index)


def test_categories_and_whole_numbers(point_design):
    rng = np.random.default_rng(4)
    n = 1500
    table = pd.DataFrame(
        {
            "rule": rng.choice(["mean", "majority", "lead"], size=n),
            "meetings": rng.integers(1, 9, size=n),
            "paid": rng.integers(0, 2, size=n).astype(bool),
            "other": rng.uniform(size=n),
        }
    )
    y = ((table["rule"] == "lead") & (table["meetings"] <= 3) & ~table["paid"]).to_numpy(dtype=float)
    design = table.assign(point=np.arange(n), world=0, arm="a").sample(frac=1, random_state=rng)
    result = prim(design, cases_of(y), Factors(list(table.columns)), PrimSettings(density=1.0))
    last = result.box
    assert last.categories == {"rule": ("lead",), "paid": (False,)}
    assert last.ranges["meetings"][1] == 3.0
    assert result.trajectory["density"].iloc[result.picked] == 1.0
    assert result.trajectory["coverage"].iloc[result.picked] == pytest.approx(1.0)
    sides = result.limits.set_index("factor")["side"].to_dict()
    assert sides["rule"] == "one of"
    assert sides["meetings"] == "at most"


def test_quasi_p_by_hand():
    table = pd.DataFrame({"x": [0.1, 0.2, 0.3, 0.6, 0.7, 0.8]})
    y = np.array([0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
    box = Box({"x": (0.5, np.inf)})
    assert quasi_p(table, y, box, Box()) == pytest.approx(
        stats.binomtest(3, 3, 4 / 6, alternative="greater").pvalue
    )


def test_limits_that_are_not_borne_out_are_dropped(point_design):
    X, inside, y = planted(n=600, noise=0.5)
    design, table = point_design(X, NAMES), pd.DataFrame(X, columns=NAMES)
    plain = prim(design, cases_of(y), FACTORS, PrimSettings(density=0.6, quasi_p_max=1.0))
    pruned = prim(design, cases_of(y), FACTORS, PrimSettings(density=0.6))
    assert sorted(pruned.box.restricted) == ["f0", "f3"]
    assert set(pruned.box.restricted) < set(plain.box.restricted)
    assert (pruned.limits["quasi_p"] <= 0.05).all()
    assert pruned.trajectory["stage"].iloc[pruned.picked] == "prune"
    boxes = [pruned.box.holds(table), plain.box.holds(table)]
    likeness = [(box & inside).sum() / (box | inside).sum() for box in boxes]
    assert likeness[0] > likeness[1]


def test_a_factor_that_does_not_matter_comes_and_goes(point_design):
    X, _, y = planted(n=1000, noise=0.3)
    settings, draws = PrimSettings(density=0.75), Resampling(draws=20)
    shares = reproducibility(point_design(X, NAMES), cases_of(y), FACTORS, settings, draws).set_index(
        "factor"
    )
    assert (shares.loc[["f0", "f3"], "restricted_share"] >= 0.9).all()
    assert (shares.drop(index=["f0", "f3"])["restricted_share"] < 0.6).all()


def test_second_box_is_found_beside_the_first(point_design):
    rng = np.random.default_rng(5)
    X = rng.uniform(size=(3000, 6))
    y = (((X[:, 0] > 0.7) & (X[:, 1] > 0.5)) | ((X[:, 4] < 0.25) & (X[:, 5] < 0.5))).astype(float)
    found = prim_boxes(point_design(X, NAMES), cases_of(y), FACTORS)
    assert len(found) == 2
    restricted = sorted(sorted(result.box.restricted) for result in found)
    assert {"f0", "f1"} <= set(restricted[0])
    assert {"f4", "f5"} <= set(restricted[1])
    assert sum(result.trajectory["coverage"].iloc[result.picked] for result in found) > 0.9


def test_failing_shares_come_from_replicates(point_runs, point_design):
    runs = point_runs(np.array([[0.2, 0.4, 0.6, 0.8], [0.9, 0.9, 0.9, 0.9]])).assign(money=1.0)
    design = point_design(np.array([[0.0], [1.0]]), ["x"])
    table = failing(runs, design, {"y": (">=", 0.5), "money": ("<=", 2.0)})
    assert table["failing"].tolist() == [0.5, 0.0]
    assert failing(runs, design, {"money": ("<=", 0.5)})["failing"].tolist() == [1.0, 1.0]


def test_what_has_no_box_is_refused(point_design):
    X, _, y = planted(n=100)
    design = point_design(X, NAMES)
    with pytest.raises(ConfigError, match="no point fails"):
        prim(design, cases_of(0 * y), FACTORS)
    with pytest.raises(ConfigError, match="every point fails"):
        prim(design, cases_of(0 * y + 1), FACTORS)
    with pytest.raises(ConfigError, match="no case for point 99"):
        prim(design, cases_of(y).query("point != 99"), FACTORS)
    with pytest.raises(ConfigError, match=r"0\.\.1"):
        prim(design, cases_of(2 * y), FACTORS)
    with pytest.raises(ConfigError, match="two cases"):
        prim(design, pd.concat([cases_of(y)] * 2), FACTORS)
    for wrong in ({"peel_alpha": 0.0}, {"mass_min": 0.0}, {"density": 2.0}):
        with pytest.raises(ConfigError):
            PrimSettings(**wrong)


@pytest.mark.parametrize("noise", [0.0, 0.15, 0.5])
def test_the_ema_workbench_finds_much_the_same_boxes(point_design, noise):
    ema = pytest.importorskip("ema_workbench.analysis.prim", exc_type=ImportError)
    covered, likeness = [], []
    for seed in range(1, 5):
        X, inside, y = planted(noise=noise, seed=seed)
        table = pd.DataFrame(X, columns=NAMES)
        theirs = ema.Prim(table, y.astype(int), threshold=0.3).find_box()
        settings = PrimSettings(density=theirs.density - 0.005, quasi_p_max=1.0)
        ours = prim(point_design(X, NAMES), cases_of(y), FACTORS, settings)
        picked = ours.trajectory.iloc[ours.picked]
        assert picked["density"] >= theirs.density - 0.03
        covered.append((picked["coverage"], theirs.coverage))
        boxes = (ours.box.holds(table), np.isin(np.arange(len(y)), theirs.yi))
        likeness.append([(box & inside).sum() / (box | inside).sum() for box in boxes])
        if noise == 0:
            assert ours.box.ranges["f0"][0] == pytest.approx(theirs.box_lims[-1].loc[0, "f0"], abs=0.03)
            assert ours.box.ranges["f3"][1] == pytest.approx(theirs.box_lims[-1].loc[1, "f3"], abs=0.03)
    # Greedy peeling follows chance in noise: single boxes differ, what they are worth does not.
    assert np.diff(np.mean(covered, axis=0)) == pytest.approx(0.0, abs=0.06)
    assert np.diff(np.mean(likeness, axis=0)) == pytest.approx(0.0, abs=0.08)
