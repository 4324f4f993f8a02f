"""Arms against a baseline: known differences, shares, tops, costs, and how many replicates are needed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cosim.analysis.compare import CompareSettings, compare, differences, replicates_needed, top_credits
from cosim.analysis.intervals import paired_interval
from cosim.analysis.tables import UnusableRunsError
from cosim.errors import ConfigError

PLAIN = CompareSettings(costs=())


def study(
    rng, worlds=40, replicates=6, effects=(0.0, -0.2, 0.1), sd_effect=0.05, sd_noise=0.1, sd_shared=0.0
):
    """Arms whose effects are known; worlds differ much more than arms do."""
    world = rng.normal(size=(worlds, 1))
    shared = rng.normal(size=(worlds, replicates))
    arms = {}
    for k, effect in enumerate(effects):
        own = sd_effect * rng.normal(size=(worlds, 1)) if k else 0.0
        common = sd_shared * rng.normal(size=(1, replicates)) if k else 0.0
        noise = sd_noise * rng.normal(size=(worlds, replicates))
        minutes = np.full((worlds, replicates), 90.0 + 10 * k)
        arms[f"arm{k}"] = {"gini": 1 + world + shared + effect + own + common + noise, "minutes": minutes}
    return arms


def test_pairing_removes_what_arms_have_in_common(arm_runs):
    table = compare(arm_runs(study(np.random.default_rng(1))), "arm0", ["gini"], PLAIN).set_index("arm")
    assert table.loc["arm1", "difference"] == pytest.approx(-0.2, abs=0.04)
    assert table.loc["arm1", "high"] < -0.15
    assert table.loc["arm2", "low"] > 0.05
    assert table.loc["arm1", "high"] - table.loc["arm1", "low"] < 0.12  # unpaired it would be about 0.9
    assert table.loc["arm0", "difference"] == 0.0
    assert table.loc["arm0", "zero_share"] == 1.0
    assert table["is_baseline"].tolist() == [True, False, False]


def test_rows_agree_with_the_paired_interval(arm_runs):
    arms = study(np.random.default_rng(2), sd_shared=0.1)
    for replication in ("crossed", "nested"):
        table = compare(
            arm_runs(arms), "arm0", ["gini"], CompareSettings(costs=(), replication=replication)
        ).set_index("arm")
        expected = paired_interval(arms["arm2"]["gini"] - arms["arm0"]["gini"], replication=replication)
        assert table.loc["arm2", "low"] == pytest.approx(expected.low)
        assert table.loc["arm2", "se"] == pytest.approx(expected.se)


def test_shares_of_worlds(arm_runs):
    base, arm = np.zeros((10, 2)), np.zeros((10, 2))
    arm[:6] = 1.0
    arm[6] = -1.0
    runs = arm_runs({"base": {"y": base}, "arm": {"y": arm}})
    row = compare(runs, "base", ["y"], PLAIN).set_index("arm").loc["arm"]
    assert (row["positive_share"], row["zero_share"]) == (0.6, 0.3)
    assert 0.3 < row["positive_low"] < 0.6 < row["positive_high"] < 0.85


def test_costs_stand_beside_effects(arm_runs):
    runs = arm_runs(study(np.random.default_rng(3)))
    table = compare(runs, "arm0", ["gini"], CompareSettings(costs=("minutes",))).set_index("arm")
    assert table["minutes"].tolist() == [90, 100, 110]
    assert table["minutes_extra"].tolist() == [0, 10, 20]


def test_outcomes_are_stacked_and_ranked_only_where_a_direction_is_known(arm_runs):
    runs = arm_runs(study(np.random.default_rng(4)))
    settings = CompareSettings(better={"gini": "lower"}, costs=(), top=1)
    table = compare(runs, "arm0", ["gini", "minutes"], settings).set_index(["outcome", "arm"])
    assert len(table) == 6
    assert table.loc[("gini", "arm1"), "top_share"] > 0.9
    assert table.loc["gini"]["top_share"].sum() == pytest.approx(1.0)
    assert table.loc["minutes"]["top_share"].isna().all()


@pytest.mark.parametrize(
    ("better", "expected"),
    [
        ("lower", [1.0, 0.5, 0.5, 0.0]),
        ("higher", [0.0, 0.5, 0.5, 1.0]),
        (2.0, [0.0, 1.0, 1.0, 0.0]),
    ],
)
def test_ties_share_the_places(better, expected):
    means = np.array([[1.0], [2.0], [2.0], [4.0]])
    assert top_credits(means, better, top=2)[:, 0].tolist() == expected


def test_credits_add_up_to_the_places():
    means = np.random.default_rng(5).integers(0, 4, size=(9, 200)).astype(float)
    for top in (1, 3, 20):
        assert top_credits(means, "lower", top).sum(axis=0) == pytest.approx(min(top, 9))


def test_noise_share_of_a_known_model(arm_runs):
    arms = study(np.random.default_rng(6), worlds=2000, sd_effect=0.3, sd_noise=0.3 / np.sqrt(2))
    table = compare(arm_runs(arms), "arm0", ["gini"], PLAIN).set_index("arm")
    # The noise of a difference is the noise of two runs: 2 * 0.3² / 2 against 0.3² between worlds.
    assert table.loc["arm1", "noise_share"] == pytest.approx(0.5, abs=0.03)
    assert table.loc["arm1", "mcse"] < table.loc["arm1", "se"]


def test_differences_can_feed_another_analysis(arm_runs):
    arms = study(np.random.default_rng(7))
    runs = arm_runs(arms)
    table = differences(runs, "arm0", ["gini"]).sort_values(["arm", "world", "replicate"])
    expected = arms["arm1"]["gini"] - arms["arm0"]["gini"]
    assert table.query("arm == 'arm1'")["gini"].to_numpy() == pytest.approx(expected.ravel())
    assert sorted(table["arm"].unique()) == ["arm1", "arm2"]
    merged = table.merge(runs, on="run")
    assert (merged["point_x"] == merged["point_y"]).all()


@pytest.mark.parametrize("replication", ["crossed", "nested"])
def test_the_replicates_asked_for_are_enough_and_not_many_too_many(arm_runs, replication):
    wanted, sizes = 0.035, {"sd_effect": 0.05, "sd_noise": 0.3, "effects": (0.0, -0.2)}
    pilot = study(np.random.default_rng(8), worlds=60, replicates=10, **sizes)
    settings = CompareSettings(costs=(), replication=replication)
    found = replicates_needed(arm_runs(pilot), "arm0", "gini", wanted, settings).iloc[0]
    assert not found["reached"]
    again = study(np.random.default_rng(9), worlds=60, replicates=int(found["replicates_needed"]), **sizes)
    row = compare(arm_runs(again), "arm0", ["gini"], settings).iloc[1]
    assert (row["high"] - row["low"]) / 2 == pytest.approx(wanted, rel=0.3)
    more = study(np.random.default_rng(10), worlds=int(found["worlds_needed"]), replicates=10, **sizes)
    row = compare(arm_runs(more), "arm0", ["gini"], settings).iloc[1]
    assert 0.6 * wanted < (row["high"] - row["low"]) / 2 < 1.2 * wanted


def test_no_number_of_replicates_is_enough_when_worlds_differ_too_much(arm_runs):
    pilot = study(np.random.default_rng(11), worlds=10, sd_effect=1.0, effects=(0.0, -0.2))
    settings = CompareSettings(costs=(), replication="nested")
    found = replicates_needed(arm_runs(pilot), "arm0", "gini", 0.01, settings).iloc[0]
    assert found["replicates_needed"] is pd.NA
    assert found["worlds_needed"] > 10_000


def test_one_world_needs_replicates_only(arm_runs):
    pilot = study(np.random.default_rng(12), worlds=1, replicates=50, sd_noise=0.1, effects=(0.0, -0.2))
    found = replicates_needed(arm_runs(pilot), "arm0", "gini", 0.01, PLAIN).iloc[0]
    # Two runs' noise: (1.96 * sqrt(2) * 0.1 / 0.01)², about 770.
    assert 400 < found["replicates_needed"] < 1300
    assert found["worlds_needed"] is pd.NA


def test_what_cannot_be_compared_is_refused(arm_runs):
    arms = study(np.random.default_rng(13))
    runs = arm_runs(arms)
    with pytest.raises(ConfigError, match="did you mean 'arm0'"):
        compare(runs, "arm00", ["gini"], PLAIN)
    with pytest.raises(ConfigError, match="at least one outcome"):
        compare(runs, "arm0", [], PLAIN)
    with pytest.raises(ConfigError, match="unknown outcome"):
        compare(runs, "arm0", ["gini"], CompareSettings(better={"ginni": "lower"}, costs=()))
    with pytest.raises(ConfigError, match="'lower', 'higher'"):
        CompareSettings(better={"gini": "down"})
    with pytest.raises(ConfigError):
        replicates_needed(runs, "arm0", "gini", 0.0, PLAIN)
    with pytest.raises(ConfigError, match="minutes"):
        compare(runs.drop(columns="minutes"), "arm0", ["gini"])
    runs.loc[runs["run"] == 3, "gini"] = np.nan
    with pytest.raises(UnusableRunsError, match="run 3"):
        compare(runs, "arm0", ["gini"], PLAIN)


def coverage(arm_runs, repeats: int) -> float:
    rng = np.random.default_rng(14)
    hits = 0
    for _ in range(repeats):
        arms = study(rng, worlds=12, replicates=4, effects=(0.0, -0.2), sd_shared=0.1)
        row = compare(arm_runs(arms), "arm0", ["gini"], PLAIN).iloc[1]
        hits += row["low"] <= -0.2 <= row["high"]
    return hits / repeats


def test_a_known_effect_is_covered_in_a_quick_look(arm_runs):
    assert coverage(arm_runs, 60) >= 0.85


@pytest.mark.slow
def test_a_known_effect_is_covered_nominally(arm_runs):
    assert 0.929 <= coverage(arm_runs, 1000) <= 0.985


def test_no_number_of_worlds_is_enough_when_they_share_their_random_numbers(arm_runs):
    pilot = study(np.random.default_rng(15), worlds=50, sd_shared=1.0, effects=(0.0, -0.2))
    found = replicates_needed(arm_runs(pilot), "arm0", "gini", 0.05, PLAIN).iloc[0]
    assert found["worlds_needed"] is pd.NA
    assert found["replicates_needed"] > 300


def test_categories_as_read_from_parquet_files_are_fine(arm_runs):
    runs = arm_runs(study(np.random.default_rng(16)))
    expected = compare(runs, "arm0", ["gini"], PLAIN)
    found = compare(runs.assign(arm=runs["arm"].astype("category")), "arm0", ["gini"], PLAIN)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
