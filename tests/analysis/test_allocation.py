"""Where further runs go, and whether what they say of the best is true: planted normal data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from cosim.analysis import allocate, confidence_sequence, contenders
from cosim.analysis.allocation import LEAST, Draw, fixed_worlds, race, race_intervals, race_level
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


def gains_of(chance: np.random.Generator, means: np.ndarray) -> Draw:
    """Draw gains of one world after the other; a part of them is shared, as common random numbers do."""

    def draw(first: int, count: int, arms: Sequence[int]) -> np.ndarray:
        shared = chance.normal(0.0, 0.02, count)
        return np.array([means[arm] + shared + chance.normal(0.0, 0.03, count) for arm in arms])

    return draw


def test_a_race_ends_when_enough_is_known_and_drops_those_behind() -> None:
    found = race(gains_of(np.random.default_rng(1), np.array([0.08, 0.04, 0.079])), 3, 100_000, 0.005)
    worlds = [len(values) for values in found]
    assert worlds[1] < 64 < worlds[2] == worlds[0], "whoever is clearly behind leaves; who is close stays"
    gain, behind, close = race_intervals(found)
    assert behind.low > 0
    assert close.high - close.low <= 0.01
    assert gain.high - gain.low <= 0.01
    assert worlds[0] % 16 == 0


def test_a_race_never_takes_more_points_than_there_are() -> None:
    found = race(gains_of(np.random.default_rng(1), np.zeros(4)), 4, 1003, 1e-9)
    assert sum(map(len, found)) + len(found[0]) <= 1003
    assert sum(map(len, found)) + len(found[0]) > 1003 - 5


@pytest.mark.parametrize(("arms", "points", "until"), [(3, 47, 0.1), (3, 99, 0.0)])
def test_a_race_that_cannot_be_is_refused(arms: int, points: int, until: float) -> None:
    with pytest.raises(ConfigError):
        race(gains_of(np.random.default_rng(1), np.zeros(arms)), arms, points, until)


def test_a_fixed_design_needs_as_many_worlds_as_its_interval_asks_for() -> None:
    for sd, half in ((0.03, 0.005), (0.03, 0.1), (1.0, 0.31)):
        n = fixed_worlds(sd, half, 0.95)
        widths = [stats.t.ppf(0.975, m - 1) * sd / np.sqrt(m) for m in (n, max(n - 1, 2))]
        assert widths[0] <= half
        assert n == 2 or widths[1] > half


@pytest.mark.slow
def test_a_race_is_right_at_least_as_often_as_it_says() -> None:
    chance = np.random.default_rng(20240517)
    means = np.array([0.06, 0.058, 0.05, 0.03, 0.06])
    held, points = [], []
    for _ in range(1000):
        found = race(gains_of(chance, means), len(means), 4000, 0.01)
        truths = [means[0], *(means[0] - means[1:])]
        intervals = race_intervals(found)
        gains = [confidence_sequence(values, race_level(len(means))) for values in found[1:]]
        every = [*zip(truths, intervals, strict=True), *zip(means[1:], gains, strict=True)]
        held.append(all(one.low <= truth <= one.high for truth, one in every))
        points.append(sum(map(len, found)) + len(found[0]))
    assert np.mean(held) >= 0.95, "nominal, all intervals of a race together, wherever it ended"
    assert np.mean(points) < 4000 / 2
