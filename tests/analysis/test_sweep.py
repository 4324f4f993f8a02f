"""Curves pass through known means; intervals hold points, bands hold whole curves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cosim.analysis.resampling import Resampling
from cosim.analysis.sweep import curve, grid
from cosim.analysis.tables import UnusableRunsError
from cosim.errors import ConfigError

DOSES = [0.0, 0.25, 0.5, 0.75, 1.0]
NESTED = Resampling(draws=200, replication="nested")


def study(worlds=20, replicates=3, arms=("a", "b"), seed=1, noise=0.1, spread=1.0):
    rng = np.random.default_rng(seed)
    world = spread * rng.normal(size=worlds)
    design, runs = [], []
    for arm in arms:
        for w in range(worlds):
            for dose in DOSES:
                point = len(design)
                design.append({"point": point, "world": w, "arm": arm, "dose": dose, "words": f"d{dose}"})
                for r in range(replicates):
                    y = world[w] + (2 * dose if arm == "a" else dose**2) + noise * rng.normal()
                    runs.append(
                        {
                            "run": len(runs),
                            "point": point,
                            "world": w,
                            "arm": arm,
                            "replicate": r,
                            "y": y,
                            "error": None,
                        }
                    )
    mix = np.random.default_rng(2)
    return pd.DataFrame(runs).sample(frac=1, random_state=mix), pd.DataFrame(design).sample(
        frac=1, random_state=mix
    )


def test_curves_are_paired_with_the_reference():
    runs, design = study()
    table = curve(runs, design, "y", "dose", reference=0.0, resampling=NESTED).set_index(["arm", "value"])
    assert table.loc["a"].index.tolist() == DOSES
    for dose in DOSES[1:]:
        for arm, truth in (("a", 2 * dose), ("b", dose**2)):
            row = table.loc[(arm, dose)]
            assert row["difference"] == pytest.approx(truth, abs=0.1)
            # Worlds differ by 1, but not in their differences.
            assert row["difference_high"] - row["difference_low"] < 0.3 * (row["high"] - row["low"])
    assert table.loc[("a", 0.0), "difference_high"] == 0.0
    assert (table["interval_over"] == "worlds").all()


def test_bands_are_wider_than_points_and_hold_the_curve():
    runs, design = study(spread=0.0, noise=1.0)
    table = curve(runs, design, "y", "dose", resampling=NESTED)
    assert (table["band_low"] <= table["low"]).all()
    assert (table["band_high"] >= table["high"]).all()
    assert ((table["band_high"] - table["band_low"]) > 1.1 * (table["high"] - table["low"])).all()


def test_categories_make_curves_too():
    runs, design = study()
    table = curve(runs, design, "y", "words", resampling=NESTED)
    assert table.loc[table["arm"] == "a", "value"].tolist() == [f"d{dose}" for dose in DOSES]


def test_one_world_speaks_of_replicates():
    runs, design = study(worlds=1, replicates=8)
    table = curve(runs, design, "y", "dose", resampling=NESTED)
    assert (table["interval_over"] == "replicates").all()
    assert (table["band_high"] >= table["high"]).all()


def test_grids():
    runs, design = study(arms=("a",))
    design["half"] = design["dose"] > 0.4
    table = grid(runs, design, "y", ("half", "dose"), NESTED)
    assert len(table) == 5
    assert table["mean"].to_numpy() == pytest.approx(
        curve(runs, design, "y", "dose", resampling=NESTED)["mean"].to_numpy()
    )


def test_what_has_no_curve_is_refused():
    runs, design = study()
    with pytest.raises(ConfigError, match="not a value of the factor"):
        curve(runs, design, "y", "dose", reference=0.3)
    with pytest.raises(ConfigError, match="dose"):
        curve(runs, design, "y", "doses")
    with pytest.raises(UnusableRunsError, match="no run belongs to point 7"):
        curve(runs[runs["point"] != 7], design, "y", "dose")
    with pytest.raises(UnusableRunsError, match="share the same"):
        curve(runs, design.assign(dose=design["dose"].round(0)), "y", "dose")
    runs.loc[runs["run"] == 11, "y"] = np.nan
    with pytest.raises(UnusableRunsError, match="run 11"):
        curve(runs, design, "y", "dose")


@pytest.mark.slow
def test_bands_hold_the_whole_curve_often_enough():
    hits = []
    for seed in range(1, 201):
        runs, design = study(worlds=30, replicates=2, arms=("a",), seed=seed, noise=1.0, spread=0.3)
        table = curve(runs, design, "y", "dose", resampling=NESTED)
        truth = 2 * table["value"].astype(float)
        hits.append(((table["band_low"] <= truth) & (truth <= table["band_high"])).all())
    assert 0.9 <= np.mean(hits) <= 0.99
