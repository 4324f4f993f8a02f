"""Where further runs go, and whether what they say of the best is true: planted normal data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from cosim.analysis import allocate, contenders
from cosim.analysis.allocation import LEAST
from cosim.errors import ConfigError

TRUTH = np.array([0.05, 0.05, 0.045, 0.04, 0.03, 0.02, 0.0, 0.0, -0.02, 0.049])


def world_gains(chance: np.random.Generator, worlds: int, alike: float = 0.05) -> np.ndarray:
    """Gains that share a part, as common random numbers make them do."""
    shared = chance.normal(0.0, alike, worlds)
    return TRUTH[:, None] + shared + chance.normal(0.0, 0.03, (len(TRUTH), worlds))


def test_those_clearly_behind_are_out_and_the_leader_is_first() -> None:
    gains = world_gains(np.random.default_rng(3), 200)
    found = contenders(gains)
    assert found[0] == gains.mean(axis=1).argmax()
    assert {0, 1, 9} <= set(found.tolist())
    assert not {6, 7, 8} & set(found.tolist())


def test_close_rivals_get_more_and_the_points_are_kept() -> None:
    gains = world_gains(np.random.default_rng(3), 200)
    count = allocate(gains, 900)
    chosen = contenders(gains)
    most = count.max()
    assert count[chosen[0]] == most
    assert (count[chosen] >= LEAST).all()
    assert count.sum() - most + 2 * most <= 900
    assert count.sum() + most > 900 - len(TRUTH) - 2, "and used up"
    order = chosen[1:]
    assert (np.diff(count[order]) <= 0).mean() > 0.7
    assert count[[6, 7, 8]].sum() == 0


def test_of_one_contender_half_goes_to_the_baseline() -> None:
    gains = np.array([[0.5, 0.6, 0.5, 0.6], [0.0, 0.1, 0.0, 0.1]])
    assert allocate(gains, 100).tolist() == [50, 0]


def test_arms_that_are_exactly_alike_share_alike() -> None:
    assert allocate(np.zeros((3, 5)), 4 * 30).tolist() == [30, 30, 30]


@pytest.mark.parametrize(
    ("gains", "points"), [(np.zeros((3, 5)), 35), (np.zeros(3), 99), (np.zeros((3, 1)), 99)]
)
def test_what_cannot_be_is_refused(gains: np.ndarray, points: int) -> None:
    with pytest.raises(ConfigError):
        allocate(gains, points)


@pytest.mark.slow
def test_intervals_of_the_chosen_hold_in_fresh_worlds_and_not_in_those_that_chose() -> None:
    chance = np.random.default_rng(20240517)
    fresh_held, old_held, equal, sequential = [], [], 0, 0
    for _ in range(1000):
        first = world_gains(chance, 32, 0.005)
        count = allocate(first, 400)
        leader = int(contenders(first)[0])
        fresh = world_gains(chance, int(count.max()), 0.005)
        for held, gains in ((fresh_held, fresh[leader, : count[leader]]), (old_held, first[leader])):
            n = len(gains)
            half = stats.t.ppf(0.975, n - 1) * gains.std(ddof=1) / np.sqrt(n)
            held.append(abs(gains.mean() - TRUTH[leader]) <= half)
        equal += (len(TRUTH) + 1) * int(count.max())
        sequential += int(count.sum() + count.max())
    assert np.mean(fresh_held) >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / 1000)
    assert np.mean(old_held) < np.mean(fresh_held) - 0.01, "the best of many looks better than it is"
    assert sequential < 0.7 * equal
