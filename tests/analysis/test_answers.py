"""Verdicts, places, the value of information and Shapley splits: planted answers are found."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from SALib.sample import shapley as sampler
from scipy import stats

from cosim.analysis import (
    Factors,
    judge,
    places,
    shapley_effects,
    shapley_split,
    value_of_information,
)
from cosim.analysis.channel_split import every, orders, visited
from cosim.errors import ConfigError

MARGIN = 0.01


def gains(mean: float, spread: float, worlds: int = 64, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, spread, (worlds, 4))


@pytest.mark.parametrize(
    ("mean", "spread", "verdict"),
    [
        (0.05, 0.02, "better"),
        (-0.05, 0.02, "worse"),
        (0.002, 0.01, "same"),
        (0.011, 0.06, "unclear"),
        (0.0, 0.5, "unclear"),
    ],
)
def test_a_verdict_follows_the_smallest_difference_that_matters(mean: float, spread: float, verdict: str):
    assert judge(gains(mean, spread), MARGIN).verdict == verdict


def test_without_a_margin_nothing_is_the_same_unless_it_is_identical():
    assert judge(gains(0.002, 0.001)).verdict == "better"
    assert judge(np.zeros((5, 2))).verdict == "same"
    assert judge(gains(0.0, 0.1)).verdict != "same"
    with pytest.raises(ConfigError):
        judge(gains(0.0, 0.1), -0.1)


def test_one_run_cannot_be_judged():
    assert judge([[0.3]], 0.1).verdict == "unclear"


def test_the_two_one_sided_tests_keep_their_error():
    """At the very edge of what matters, "same" is said in 5 of 100 cases."""
    rng = np.random.default_rng(11)
    said = [judge(rng.normal(MARGIN, 0.004, (32, 1)), MARGIN).verdict for _ in range(2000)]
    assert said.count("same") / 2000 == pytest.approx(0.05, abs=0.015)
    assert said.count("better") / 2000 == pytest.approx(0.025, abs=0.012)


def run_table(values: np.ndarray, arms: str, outcome: str = "y") -> pd.DataFrame:
    """Runs of values with the shape (arms, worlds, replicates)."""
    arm, world, replicate = (index.ravel() for index in np.indices(values.shape))
    point = world * len(arms) + arm
    table = pd.DataFrame({"point": point, "world": world, "arm": np.array(list(arms))[arm]})
    return table.assign(
        replicate=replicate, run=point * values.shape[2] + replicate, **{outcome: values.ravel()}
    )


def test_the_share_of_settings_has_replicate_noise_taken_out():
    """The difference is above 0 in 77 % of worlds; means of noisy replicates say so of 71 %."""
    rng = np.random.default_rng(5)
    worlds, replicates = 600, 16
    ahead = rng.normal(0.05, 0.068, worlds)
    values = rng.normal(0.0, 0.25, (2, worlds, replicates))
    values[1] += ahead[:, None]
    truth = stats.norm.cdf(0.05 / 0.068)
    found = places(run_table(values, "ab"), "y", "higher")
    counted = (values[1].mean(axis=1) > values[0].mean(axis=1)).mean()
    assert found.above("b", "a").estimate == pytest.approx(truth, abs=0.03)
    assert abs(found.above("b", "a").estimate - truth) < abs(counted - truth)


def test_places_without_noise_are_counted():
    values = np.repeat(np.array([[3.0, 1.0, 2.0], [2.0, 2.0, 1.0], [1.0, 3.0, 3.0]])[:, :, None], 2, axis=2)
    table = places(run_table(values, "abc"), "y", "higher").table.set_index("arm")
    assert table["best_share"].round(6).to_dict() == {"a": 0.333333, "b": 0.0, "c": 0.666667}
    assert table["rank"].round(6).to_dict() == {"a": 2.0, "b": 2.333333, "c": 1.666667}
    assert table["regret"].round(6).to_dict() == {"a": 1.0, "b": 1.333333, "c": 0.666667}


def choice(worlds: int, noise: float, seed: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Going is worth x + z / 2, staying nothing; `other` is worth nothing."""
    rng = np.random.default_rng(seed)
    x, z, other = rng.uniform(-1, 1, (3, worlds))
    values = rng.normal(0.0, noise, (2, worlds, 8))
    values[1] += (x + z / 2)[:, None]
    design = pd.DataFrame({"point": np.arange(2 * worlds), "world": np.repeat(np.arange(worlds), 2)})
    return run_table(values, "sg"), design.assign(
        x=np.repeat(x, 2), z=np.repeat(z, 2), other=np.repeat(other, 2)
    )


PARAMETERS = {"x": ["x"], "z": ["z"], "other": ["other"], "both": ["x", "z"]}


def test_a_planted_value_of_information_is_found():
    # E max(0, X + Z/2) = 13/48; E max(0, X) = 1/4; E max(0, Z/2) = 1/8.
    runs, design = choice(600, 0.5)
    found = value_of_information(runs, design, {"y": 1.0}, PARAMETERS)
    table = found.table.set_index("name")
    for name, truth in (("both", 13 / 48), ("x", 1 / 4), ("z", 1 / 8)):
        row = table.loc[name]
        assert abs(row["estimate"] - truth) < 3 * row["se"], name
        assert row["clear"], name
    assert not table.loc["other", "clear"]
    assert table.loc["other", "estimate"] < table.loc["other", "null"]
    assert found.perfect.low < 13 / 48 < found.perfect.high
    assert found.perfect_null < found.perfect.low


def test_noise_alone_is_worth_nothing_to_know():
    rng = np.random.default_rng(8)
    values = rng.normal(0.0, 1.0, (4, 200, 8))
    _, design = choice(200, 0.1)
    design = design.drop_duplicates("world")
    found = value_of_information(run_table(values, "abcd"), design, {"y": 1.0}, {"x": ["x"], "z": ["z"]})
    raw = (values.mean(axis=2).max(axis=0).mean()) - values.mean(axis=(1, 2)).max()
    assert found.perfect.estimate < raw / 2
    assert not found.table["clear"].any()


def test_utility_is_a_weighted_sum_and_a_choice_needs_two():
    runs, design = choice(60, 0.1)
    runs["money"] = np.where(runs["arm"] == "g", 100.0, 0.0)
    found = value_of_information(runs, design, {"y": 2.0, "money": -0.001}, {"x": ["x"]})
    means = runs.groupby("arm")[["y", "money"]].mean() @ [2.0, -0.001]
    assert dict(zip(found.arms, found.utility, strict=True)) == pytest.approx(means.to_dict())
    with pytest.raises(ConfigError, match="nothing to choose"):
        value_of_information(runs, design, {"y": 1.0}, {"x": ["x"]}, arms=["g"])
    with pytest.raises(ConfigError, match="too few worlds"):
        value_of_information(runs[runs["world"] < 10], design, {"y": 1.0}, {"x": ["x"]})


NAMES = ("talk", "ballot", "lead")


def game(off: frozenset[str]) -> float:
    """Talk 1, ballot 2, the two together 3 more, the lead 4; 5 whatever is off."""
    on = set(NAMES) - off
    return 5.0 + ("talk" in on) + 2 * ("ballot" in on) + 3 * ({"talk", "ballot"} <= on) + 4 * ("lead" in on)


def test_interactions_are_shared_and_the_parts_add_up():
    worlds = np.linspace(0.9, 1.1, 8)
    effects = {off: game(off) * worlds for off in every(NAMES)}
    split = shapley_split(effects, list(permutations(NAMES))).set_index("channel")
    assert split["estimate"].to_dict() == pytest.approx(
        {"talk": 2.5, "ballot": 3.5, "lead": 4.0, "rest": 5.0}
    )
    sampled = shapley_split(effects, orders(NAMES, 4, seed=2))
    assert sampled["estimate"].sum() == pytest.approx(game(frozenset()))
    assert (sampled["high"] > sampled["low"]).all()


def test_orders_come_with_their_reverse_and_only_their_sets_are_run():
    given = orders(NAMES, 3, seed=4)
    assert len(given) == 4
    assert given[1] == given[0][::-1]
    assert set(visited(given)) <= set(every(NAMES))
    assert visited(given)[0] == frozenset()
    with pytest.raises(ConfigError, match="missing"):
        shapley_split({frozenset(): np.ones(3)}, given)


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_shapley_effects_of_ishigami_with_noise():
    """Noise as large as the signal; without it, and in SALib's version, the known shares."""
    from SALib.analyze import shapley as analysis
    from SALib.sample import shapley as sampler

    names = ["x1", "x2", "x3", "dummy"]
    problem = {"num_vars": 4, "names": names, "bounds": [[-math.pi, math.pi]] * 4}
    x = sampler.sample(problem, 4096, seed=5)
    clean = ishigami(x)
    noise = np.random.default_rng(6).normal(0.0, clean.std(), (len(x), 4))
    design = pd.DataFrame(x, columns=names).assign(point=np.arange(len(x)))
    runs = pd.DataFrame({"run": np.arange(4 * len(x)), "point": np.repeat(np.arange(len(x)), 4)})
    runs = runs.assign(replicate=np.tile(np.arange(4), len(x)), y=(clean[:, None] + noise).ravel())
    first = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2
    both, second = 8 * 0.1**2 * math.pi**8 / 225, 49 / 8
    whole = first + second + both
    truth = np.array([first + both / 2, second, both / 2, 0.0]) / whole
    table = shapley_effects(runs, design, "y", Factors(names, dummy="dummy"))
    corrected = table[table["noise"] == "corrected"]
    assert corrected["estimate"].to_numpy() == pytest.approx(truth, abs=0.03)
    assert corrected["above_floor"].tolist() == [True, True, True, False]
    plain = table[table["noise"] == "uncorrected"]["estimate"].to_numpy()
    salib = analysis.analyze(problem, x, (clean[:, None] + noise).mean(axis=1))
    assert plain == pytest.approx(np.asarray(salib["shapley_normalized"]), abs=1e-12)
    assert np.abs(plain - truth).max() > np.abs(corrected["estimate"].to_numpy() - truth).max()


def test_shapley_effects_refuse_other_designs():
    design = pd.DataFrame({"point": range(6), "a": [0, 1, 1, 0, 1, 1], "b": [0, 1, 1, 0, 0, 1]})
    runs = pd.DataFrame({"run": range(6), "point": range(6), "replicate": 0, "y": range(6)})
    with pytest.raises(ConfigError, match="walks"):
        shapley_effects(runs, design, "y", Factors(["a", "b"]))


def test_shapley_effects_of_noise_alone_are_told_as_nothing():
    rows = sampler.sample({"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}, 16, seed=1)
    design = pd.DataFrame(rows, columns=["a", "b"]).rename_axis("point").reset_index()
    noise = np.random.default_rng(7).normal(size=2 * len(design))
    points, replicates = np.repeat(design["point"], 2), np.tile([0, 1], len(design))
    runs = pd.DataFrame({"run": range(len(noise)), "point": points, "replicate": replicates, "y": noise})
    found = shapley_effects(runs, design, "y", Factors(["a", "b"]))
    corrected = found[found["noise"] == "corrected"]
    assert corrected["estimate"].isna().all()
    assert not corrected["above_floor"].any()
