"""Factorial effects of linear models are exact; what a fraction cannot tell apart is said."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from cosim.analysis.factorial import FactorialSettings, design_aliasing, factorial_effects
from cosim.analysis.tables import UnusableRunsError
from cosim.errors import ConfigError

ABC = ["a", "b", "c"]


def full(k: int) -> np.ndarray:
    return np.array(list(product([-1, 1], repeat=k)))


def study(signs, names, model, worlds=1, replicates=1, noise=0.0, seed=1):
    """Design and runs: every treatment in every world; `model` maps signs and world to an outcome."""
    rng = np.random.default_rng(seed)
    design, runs = [], []
    for world in range(worlds):
        for t, row in enumerate(signs):
            point = world * len(signs) + t
            design.append(
                {"point": point, "world": world, "arm": f"t{t}", **dict(zip(names, row > 0, strict=True))}
            )
            for r in range(replicates):
                y = model(row, world) + noise * rng.normal()
                runs.append(
                    {
                        "run": point * replicates + r,
                        "point": point,
                        "world": world,
                        "arm": f"t{t}",
                        "replicate": r,
                        "y": y,
                        "error": None,
                    }
                )
    mixed = np.random.default_rng(2)
    return pd.DataFrame(runs).sample(frac=1, random_state=mixed), pd.DataFrame(design).sample(
        frac=1, random_state=mixed
    )


def linear(x, world):
    return 10 + 1.5 * x[0] - 0.5 * x[1] + 0.25 * x[0] * x[2] + world


def test_a_linear_model_is_exact():
    runs, design = study(full(3), ABC, linear, worlds=4)
    table, aliasing = factorial_effects(runs, design, "y", ABC)
    effects = table.set_index("term")
    # From low to high is two steps of the coded variable.
    expected = {"a": 3.0, "b": -1.0, "c": 0.0, "a*b": 0.0, "a*c": 0.5, "b*c": 0.0}
    assert effects["effect"].to_dict() == pytest.approx(expected)
    assert effects["low"].to_dict() == pytest.approx(expected)
    assert (effects["aliased_with"] == "").all()
    assert aliasing.resolution is None
    assert "no effect is mixed up" in aliasing.sentence()


def test_triples_when_asked_for():
    runs, design = study(full(3), ABC, lambda x, _: x[0] * x[1] * x[2])
    table, _ = factorial_effects(runs, design, "y", ABC, FactorialSettings(order=3))
    assert table.set_index("term").loc["a*b*c", "effect"] == pytest.approx(2.0)


def test_half_fraction_says_what_is_mixed_up():
    signs = full(3)
    signs = np.column_stack([signs, signs.prod(axis=1)])  # d = abc, resolution 4
    names = [*ABC, "d"]
    runs, design = study(signs, names, lambda x, _: 2 * x[0] + x[0] * x[1] + 3 * x[2] * x[3])
    table, aliasing = factorial_effects(runs, design, "y", names)
    effects = table.set_index("term")
    assert (aliasing.resolution, aliasing.words) == (4, (("a", "b", "c", "d"),))
    assert "resolution 4 (defining words: a*b*c*d)" in aliasing.sentence()
    assert effects.loc["a", "effect"] == pytest.approx(4.0)
    assert effects.loc["a", "aliased_with"] == "+b*c*d"
    assert effects.loc["a*b", "effect"] == pytest.approx(8.0)  # ab + cd, and it says so
    assert effects.loc["a*b", "aliased_with"] == "+c*d"
    assert "c*d" not in effects.index
    assert len(effects) == 7


def test_negative_words_and_generated_words():
    base = full(3)
    signs = np.column_stack([base, -base[:, 0] * base[:, 1], base[:, 1] * base[:, 2]])
    aliasing = design_aliasing(signs, ("a", "b", "c", "d", "e"))
    words = dict(zip(aliasing.words, aliasing.signs, strict=True))
    assert words == {("a", "b", "d"): -1, ("b", "c", "e"): 1}
    assert aliasing.resolution == 3
    assert aliasing.regular
    assert "-a*b*d" in aliasing.sentence()


def test_plackett_burman_is_called_irregular():
    first = np.array([1, 1, -1, 1, 1, 1, -1, -1, -1, 1, -1])
    signs = np.vstack([[np.roll(first, k) for k in range(11)], -np.ones(11, dtype=int)])
    names = [f"f{i}" for i in range(11)]
    runs, design = study(signs, names, lambda x, _: float(x @ np.arange(11)))
    table, aliasing = factorial_effects(runs, design, "y", names, FactorialSettings(order=1))
    assert table["effect"].to_numpy() == pytest.approx(2.0 * np.arange(11))
    assert not aliasing.regular
    assert "0.33 f" in table["aliased_with"].iloc[0]
    assert "irregular" in aliasing.sentence()


def test_intervals_are_over_worlds():
    def model(x, world):
        return (1.0 + 0.1 * ((world * 7) % 5 - 2)) * x[0] + world

    runs, design = study(full(2), ["a", "b"], model, worlds=25, replicates=3, noise=0.05)
    table, _ = factorial_effects(runs, design, "y", ["a", "b"])
    row = table.set_index("term").loc["a"]
    assert row["interval_over"] == "worlds"
    assert row["low"] < 2.0 < row["high"]
    assert 0.02 < row["se"] < 0.12
    one, single = study(full(2), ["a", "b"], model, replicates=3, noise=0.05)
    assert factorial_effects(one, single, "y", ["a", "b"])[0]["interval_over"].unique().tolist() == [
        "replicates"
    ]


def test_no_replicates_no_interval():
    runs, design = study(full(2), ["a", "b"], lambda x, _: float(x[0]))
    table, _ = factorial_effects(runs, design, "y", ["a", "b"])
    assert table["low"].isna().all()


def test_what_is_no_two_level_design_is_refused():
    runs, design = study(full(3), ABC, linear, worlds=2)
    with pytest.raises(ConfigError, match="two values"):
        factorial_effects(runs, design.assign(a=range(16)), "y", ABC)
    with pytest.raises(ConfigError, match="balanced and orthogonal"):
        factorial_effects(runs, design[design["arm"] != "t3"], "y", ABC)
    with pytest.raises(ConfigError, match="no runs for point 3"):
        factorial_effects(runs[runs["point"] != 3], design, "y", ABC)
    with pytest.raises(UnusableRunsError):
        factorial_effects(runs, design[design["point"] != 3], "y", ABC)
    runs.loc[runs["run"] == 5, "y"] = np.nan
    with pytest.raises(UnusableRunsError, match="run 5"):
        factorial_effects(runs, design, "y", ABC)
