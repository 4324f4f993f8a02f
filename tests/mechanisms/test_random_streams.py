"""Chance: known answers of Philox 4x32-10, uniform and independent streams, quantiles read as they stand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from scipy import stats

from cosim.mechanisms import random_streams
from cosim.scenario.plan import normal_table

WORD = st.integers(0, 2**32 - 1)
# Published with the generator (Random123, kat_vectors).
KNOWN = {
    "zeros": ((0,) * 6, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    "ones": ((0xFFFFFFFF,) * 6, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    "pi": (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
}
STREAMS = {
    name: value
    for name, value in vars(random_streams).items()
    if name.isupper() and not name.startswith("_") and isinstance(value, int)
}
BLOCKS = {"PERSON": 4}
"""Streams that take more than one number."""


def uniforms(stream: int, count: int, *, lane: int = 0, meeting: int = 0, seed: int = 1) -> np.ndarray:
    words = [random_streams.draws(seed, 0, stream, meeting, place)[lane] for place in range(count)]
    return np.array([random_streams.uniform(word) for word in words])


@pytest.mark.parametrize("name", KNOWN)
def test_philox_gives_the_published_words(name):
    given_words, answer = KNOWN[name]
    assert " ".join(f"{word:08x}" for word in random_streams.philox(*given_words)) == answer


@pytest.fixture(scope="module")
def compiled_philox():
    return njit(random_streams.philox)


@given(WORD, WORD, WORD, WORD, WORD, WORD)
def test_philox_is_the_same_compiled_and_not(compiled_philox, a, b, c, d, e, f):
    assert random_streams.philox(a, b, c, d, e, f) == compiled_philox(a, b, c, d, e, f)


def test_streams_have_numbers_of_their_own():
    taken = [value + n for name, value in STREAMS.items() for n in range(BLOCKS.get(name, 1))]
    assert len(STREAMS) > 15
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 2},
        {"seed": 1 + 2**32},
        {"replicate": 1},
        {"stream": random_streams.SPEECH},
        {"meeting": 1},
        {"place": 1},
    ],
    ids=str,
)
def test_every_coordinate_matters(other):
    place = {"seed": 1, "replicate": 0, "stream": random_streams.FLOOR, "meeting": 0, "place": 0}
    assert random_streams.draws(**place) != random_streams.draws(**{**place, **other})


@given(WORD)
def test_uniform_is_strictly_between_0_and_1(word):
    assert 0.0 < random_streams.uniform(word) < 1.0


@pytest.mark.parametrize("word", [0, 2**32 - 1])
def test_uniform_at_the_ends(word):
    assert 0.0 < random_streams.uniform(word) < 1.0


@pytest.mark.parametrize("stream", STREAMS)
def test_each_stream_is_uniform(stream):
    """Kolmogorov-Smirnov at n = 2,000; with fixed draws this either holds or does not."""
    values = uniforms(STREAMS[stream], 2000)
    assert stats.kstest(values, "uniform").pvalue > 1e-3


def test_lanes_places_meetings_and_streams_are_uncorrelated():
    """Every pair of series of n = 2,000 draws correlates within 4 standard errors."""
    count = 2000
    series = [uniforms(random_streams.FLOOR, count, lane=lane) for lane in range(4)]
    series += [
        uniforms(stream, count)
        for stream in (random_streams.SPEECH, random_streams.AGENDA, random_streams.BELIEF)
    ]
    series += [uniforms(random_streams.FLOOR, count, meeting=meeting) for meeting in (1, 2)]
    series += [uniforms(random_streams.FLOOR, count, seed=2)]
    for one, other in itertools.combinations(series, 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4.0 / math.sqrt(count)
    for one in series:
        assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 4.0 / math.sqrt(count)


def test_chosen_has_the_chances_of_the_weights():
    weights = np.array([0.0, 1.0, 3.0, 0.0, 4.0, 0.0])
    count = 8000
    found = np.bincount(
        [
            random_streams.chosen(weights, 6, random_streams.draws(1, 0, random_streams.FLOOR, 0, n)[0])
            for n in range(count)
        ],
        minlength=6,
    )
    assert found[weights == 0.0].sum() == 0
    kept = weights > 0.0
    assert stats.chisquare(found[kept], count * weights[kept] / 8.0).pvalue > 1e-3


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=8), WORD)
def test_chosen_never_takes_what_has_no_weight(weights, word):
    found = random_streams.chosen(np.array(weights), len(weights), word)
    if sum(weights) == 0.0:
        assert found == -1
    else:
        assert weights[found] > 0.0


@pytest.mark.parametrize("word", [0, 2**32 - 1])
def test_chosen_at_the_ends_of_the_draw(word):
    assert random_streams.chosen(np.array([0.0, 0.1, 0.2, 0.7, 0.0]), 5, word) == (1 if word == 0 else 3)


def test_interpolated_reads_a_table_linearly():
    table = np.array([0.0, 10.0, 30.0])
    for word, value in [(2**31 - 1, 10.0), (2**30, 5.0), (3 * 2**30, 20.0)]:
        assert random_streams.interpolated(table, word) == pytest.approx(value, abs=1e-7)
    assert random_streams.interpolated(table, 2**32 - 1) <= 30.0
    assert random_streams.interpolated(table, 0) >= 0.0


def test_normal_deviates_are_standard_normal():
    """n = 6,000: Kolmogorov-Smirnov; of the table itself: SD within 0.1 %, symmetric."""
    table = normal_table()
    values = [
        random_streams.interpolated(table, random_streams.draws(1, 0, random_streams.BELIEF, 0, place)[lane])
        for place in range(1500)
        for lane in range(4)
    ]
    assert stats.kstest(values, "norm").pvalue > 1e-3
    assert np.allclose(table, -table[::-1], atol=1e-12)
    middles = (table[1:] + table[:-1]) / 2.0
    spans = np.diff(table)
    assert math.sqrt(np.mean(middles**2 + spans**2 / 12.0)) == pytest.approx(1.0, abs=1e-3)
