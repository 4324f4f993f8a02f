"""What a difference depends on: found where it does, not where it does not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cosim.analysis.dependence import FEWEST, dependences


def settings(count: int, factors: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({f"x{k}": rng.random(count) for k in range(factors)})


def test_the_factor_that_matters_is_found_with_its_sign_and_halves() -> None:
    table = settings(32, 40)
    found = dependences(0.1 - 0.3 * table["x3"], table)
    assert found[0].factor == "x3"
    assert found[0].correlation < -0.99
    assert found[0].turns
    assert found[0].low > 0.0 > found[0].high
    assert found[0].split == np.median(table["x3"])
    assert not dependences(1.0 - 0.3 * table["x3"], table)[0].turns


def test_nothing_is_named_where_nothing_matters() -> None:
    rng = np.random.default_rng(7)
    named = sum(bool(dependences(rng.normal(size=32), settings(32, 40, seed))) for seed in range(100))
    assert named <= 12  # at most 5 % are expected; 12 of 100 would be one in 500 more


def test_too_few_settings_or_no_difference_say_nothing() -> None:
    table = settings(FEWEST - 1, 3)
    assert dependences(table["x0"], table) == []
    table = settings(16, 3)
    assert dependences(np.zeros(16), table) == []
    assert dependences(table["x0"], table[[]]) == []
    assert dependences(table["x0"], table.assign(x0=1.0)) == []
