"""The chance baseline against enumeration, theory and the published value."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.bundled_logs import shipped_log
from cosim.meeting_logs.equal_chance import chance_by_meeting, equal_chance
from cosim.meeting_logs.turn_statistics import gini, meetings


def test_against_every_possible_meeting_of_three_people_and_five_turns() -> None:
    sequences = [
        s for s in itertools.product(range(3), repeat=5) if all(a != b for a, b in itertools.pairwise(s))
    ]
    assert len(sequences) == 48
    exact = [gini(np.bincount(s, minlength=3)) for s in sequences]
    top = [np.bincount(s).max() / 5 for s in sequences]
    chance = equal_chance(np.full(5, 7.0), n=3, draws=40_000)
    assert chance.mean("gini_turns") == pytest.approx(np.mean(exact), abs=0.003)
    assert chance.mean("gini_words") == pytest.approx(chance.mean("gini_turns"))
    assert chance.mean("top_share") == pytest.approx(np.mean(top), abs=0.003)
    assert math.isnan(chance.mean("aba")), "five turns say nothing about who follows whom"


def test_returns_are_one_in_n_minus_one_and_nobody_speaks_twice_in_a_row() -> None:
    chance = equal_chance(np.ones(200), n=5, draws=400)
    assert chance.mean("aba") == pytest.approx(0.25, abs=0.005)
    low, high = chance.interval("aba")
    assert low < 0.25 < high
    assert equal_chance(np.ones(30), n=2, draws=50).values["aba"].eq(1.0).all()


def test_the_published_value_for_seven_people_and_forty_turns_of_chat() -> None:
    words = shipped_log("delidata").frame["words"].to_numpy(float)
    rng = np.random.default_rng(1)
    lengths = words[words >= 3]
    means = [
        equal_chance(rng.choice(lengths, 40), 7, 60, seed=seed).mean("gini_words") for seed in range(1, 60)
    ]
    assert np.mean(means) == pytest.approx(0.22, abs=0.01)


def test_same_seed_same_numbers_other_seed_others() -> None:
    lengths = np.arange(3.0, 33.0)
    first, again = equal_chance(lengths, 4, 50, seed=3), equal_chance(lengths, 4, 50, seed=3)
    assert first.values.equals(again.values)
    assert not first.values.equals(equal_chance(lengths, 4, 50, seed=4).values)


def test_a_hundred_thousand_turns_are_simulated_in_parts() -> None:
    chance = equal_chance(np.ones(100_000), 6, 45)
    assert len(chance.values) == 45
    assert chance.mean("aba") == pytest.approx(0.2, abs=0.002)


def test_where_an_observed_value_lies() -> None:
    chance = equal_chance(np.ones(100), 5, 999)
    assert chance.at_least("gini_turns", 0.9) == pytest.approx(1 / 1000)
    assert chance.at_least("gini_turns", 0.0) == 1.0
    assert math.isnan(chance.at_least("gini_turns", math.nan))


def test_every_meeting_is_matched_in_size_and_length() -> None:
    log = shipped_log("ami").only(["ES2002a", "ES2002b"])
    chance = chance_by_meeting(log, draws=200)
    assert list(chance) == ["ES2002a", "ES2002b"]
    observed = meetings(log)
    assert [one.turns for one in chance.values()] == observed["turns"].to_list()
    assert [one.n for one in chance.values()] == [4, 4]
    assert all(0.30 < one.mean("aba") < 0.37 for one in chance.values())


@pytest.mark.parametrize("bad", [{"n": 1}, {"draws": 0}, {"seed": 0}, {"lengths": np.empty(0)}])
def test_arguments_out_of_range(bad: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="too small"):
        equal_chance(**({"lengths": np.ones(5), "n": 3, "draws": 5} | bad))  # type: ignore[arg-type]
