"""Intervals that hold at every look: their coverage on planted normal data, and what they cost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from cosim.analysis import confidence_sequence
from cosim.analysis.sequence import times_sd
from cosim.errors import ConfigError


def held(chance: np.random.Generator, replications: int, most: int, level: float) -> float:
    """How often all intervals of a whole sequence hold the mean."""
    values = chance.normal(3.0, 2.0, (replications, most))
    n = np.arange(1, most + 1)
    means = values.cumsum(axis=1) / n
    variances = ((values**2).cumsum(axis=1) - n * means**2) / np.maximum(n - 1, 1)
    times = np.array([times_sd(int(k), level, 64) for k in n])
    some = np.isfinite(times)
    half = np.sqrt(variances[:, some]) * times[some]
    return float((np.abs(means[:, some] - 3.0) <= half).all(axis=1).mean())


@pytest.mark.slow
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_all_looks_together_hold_at_least_as_often_as_promised(level: float) -> None:
    assert held(np.random.default_rng(20240517), 1000, 600, level) >= level


def test_ordinary_intervals_do_not_hold_at_every_look() -> None:
    chance = np.random.default_rng(5)
    assert held(chance, 300, 300, 0.95) >= 0.95
    values = chance.normal(0.0, 1.0, (300, 300))
    n = np.arange(2, 301)
    means = (values.cumsum(axis=1) / np.arange(1, 301))[:, 1:]
    sds = np.array([[values[k, :m].std(ddof=1) for m in n] for k in range(60)])
    plain = np.abs(means[:60]) <= stats.t.ppf(0.975, n - 1) * sds / np.sqrt(n)
    assert plain.all(axis=1).mean() < 0.8


def test_the_bayes_factor_at_the_ends_is_what_it_should_be() -> None:
    level, best_at = 0.95, 64
    for n in (20, 64, 300):
        t = times_sd(n, level, best_at) * math.sqrt(n)
        once = 2 * math.log(20)
        g = (once + math.log1p(once)) / best_at
        factor = stats.t.pdf(t / math.sqrt(1 + n * g), n - 1) / math.sqrt(1 + n * g) / stats.t.pdf(t, n - 1)
        assert factor == pytest.approx(20.0)


def test_it_costs_less_than_twice_the_width_where_it_is_best() -> None:
    for n in (32, 64, 128, 512):
        plain = stats.t.ppf(0.975, n - 1) / math.sqrt(n)
        assert plain < times_sd(n, 0.95, 64) < 1.8 * plain
    assert times_sd(1, 0.95, 64) == math.inf
    assert math.isnan(confidence_sequence([1.0, 2.0]).low)


@pytest.mark.parametrize(("values", "how"), [([], {}), ([1.0, math.nan], {}), ([1.0, 2.0], {"best_at": 1})])
def test_what_cannot_be_is_refused(values: list[float], how: dict[str, int]) -> None:
    with pytest.raises(ConfigError):
        confidence_sequence(values, **how)  # type: ignore[arg-type]
