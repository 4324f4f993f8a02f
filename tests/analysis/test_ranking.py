"""Ranking and gaps: who is best, who ties, who is not better than the baseline, and the error they share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cosim.analysis import bonferroni, expected_by_chance, paired_interval, parity_gaps, rank_arms
from cosim.errors import ConfigError, CosimError

WORLDS = 20


def runs_of(**means: float) -> pd.DataFrame:
    """Arms with these means, a noise of their own in each world, and a level of the world that all share."""
    rng = np.random.default_rng(1)
    level = rng.normal(scale=0.1, size=WORLDS)
    rows = [
        {"world": w, "arm": arm, "replicate": 0, "y": mean + level[w] + rng.normal(scale=0.01)}
        for arm, mean in means.items()
        for w in range(WORLDS)
    ]
    return pd.DataFrame(rows).assign(run=range(len(rows)), point=range(len(rows)))


@pytest.mark.parametrize(
    ("means", "finding", "tied"),
    [
        ({"baseline": 0.5, "a": 0.3, "b": 0.4}, "best", ("a",)),
        ({"baseline": 0.5, "a": 0.3, "b": 0.301, "c": 0.4}, "tie", ("a", "b")),
        ({"baseline": 0.3, "a": 0.3, "b": 0.4}, "none", ("a",)),
    ],
)
def test_the_verdict(means: dict[str, float], finding: str, tied: tuple[str, ...]) -> None:
    standing = rank_arms(runs_of(**means), "y", "lower")
    assert (standing.finding, set(standing.tied)) == (finding, set(tied))
    assert standing.leader in tied
    assert (standing.unit, standing.settings) == ("worlds", WORLDS)


def test_directions_reach_the_ends() -> None:
    runs = runs_of(baseline=0.5, a=0.3, b=0.9)
    assert rank_arms(runs, "y", "higher").leader == "b"
    assert rank_arms(runs, "y", "lower").leader == "a"
    assert rank_arms(runs, "y", 0.9).leader == "b"
    assert rank_arms(runs, "y", "lower", candidates=["b"]).finding == "none"


def test_the_error_is_shared_among_the_candidates() -> None:
    runs = runs_of(baseline=0.5, a=0.3, b=0.4, c=0.45)
    wide = runs.pivot_table(index="world", columns="arm", values="y")
    level = bonferroni(0.05, 3)
    assert level == pytest.approx(1 - 0.05 / 3)
    expected = paired_interval((wide["baseline"] - wide["a"]).to_numpy()[:, None], level, "nested")
    gain = rank_arms(runs, "y", "lower").over_baseline.gain
    assert (gain.low, gain.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(
    ("call", "key", "nearest"),
    [
        (lambda runs: rank_arms(runs, "y", "lower", candidates=["aa"]), "candidates", "a"),
        (lambda runs: rank_arms(runs, "y", "lower", candidates=["baseline"]), "candidates", None),
        (lambda runs: rank_arms(runs, "y", "lower", "basline"), "baseline", "baseline"),
        (lambda runs: rank_arms(runs, "y", "lowr"), "better", "lower"),
        (lambda runs: rank_arms(runs, "y", "lower", level=1.0), "level", None),
        (lambda runs: parity_gaps(runs, "y", "basline"), "baseline", "baseline"),
    ],
)
def test_what_cannot_be_ranked_is_named(call, key, nearest) -> None:
    with pytest.raises(ConfigError) as caught:
        call(runs_of(baseline=0.5, a=0.3))
    assert caught.value.key == key
    assert caught.value.nearest == nearest or key == "candidates"


def test_half_of_a_gap() -> None:
    gaps = parity_gaps(runs_of(baseline=0.5, a=0.75), "y")
    assert gaps["a"].closed == pytest.approx(0.5, abs=0.03)
    assert gaps["a"].low < 0.5 < gaps["a"].high
    assert gaps["a"].closes_some
    assert gaps["baseline"].closed == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: bonferroni(0.05, 0), "comparisons"),
        (lambda: bonferroni(0.0, 3), "error"),
        (lambda: expected_by_chance(3, 1.5), "tail"),
        (lambda: expected_by_chance(0), "comparisons"),
    ],
)
def test_numbers_of_looks_are_checked(call, key) -> None:
    with pytest.raises(CosimError) as caught:
        call()
    assert caught.value.key == key
