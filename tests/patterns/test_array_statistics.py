"""Two ways to the same numbers: tables of turns, and arrays for thousands of meetings."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.corpora import CORPORA, corpus
from cosim.meeting_logs.turn_log import turn_log
from cosim.patterns import patterns
from cosim.patterns.array_statistics import OF_TALLIES, Tallies, Utterances, ginis, tally, utterances_of
from cosim.patterns.statistics import STATISTICS, compute

ASKED = {
    (str(target.data), target.statistic, tuple(sorted(target.at.items())))
    for pattern in patterns().values()
    for target in pattern.targets
    if target.data in CORPORA
}


def tallied(name: str) -> Tallies:
    one = corpus(name)
    return tally(utterances_of(one.read(), one.team), one.least)


@pytest.mark.parametrize("name", CORPORA)
def test_tallies_of_real_meetings_equal_the_tables(name: str) -> None:
    found, one = tallied(name), corpus(name)
    asked = sorted((statistic, where) for log, statistic, where in ASKED if log == name)
    assert asked
    for statistic, where in asked:
        at = dict(where)
        by_table = compute(statistic, one.read(), at, one.least)
        assert found.statistic(statistic, at) == pytest.approx(by_table, abs=1e-9), (statistic, at)


def test_every_statistic_of_turn_logs_has_its_tally() -> None:
    of_logs = {name for name, one in STATISTICS.items() if one.of_log is not None}
    assert set(OF_TALLIES) <= of_logs
    assert {statistic for _, statistic, _ in ASKED} <= set(OF_TALLIES)


def said(rows: list[tuple[int, int, float]], limit: int = 1000, seats: int = 3) -> Utterances:
    meeting, speaker, words = (np.array(column) for column in zip(*rows, strict=True))
    count = int(meeting.max()) + 1
    return Utterances(
        meeting,
        speaker,
        words.astype(float),
        np.full((count, seats), "member"),
        np.arange(count),
        np.full(count, limit),
    )


def test_short_utterances_are_no_floor_turns_but_their_words_count() -> None:
    # A (10), B mm-hmm (1), A (5), B (4): two floor turns, and 16 words to A's and B's account.
    found = tally(said([(0, 0, 10), (0, 1, 1), (0, 0, 5), (0, 1, 4)]))
    assert found.turns[0].tolist() == [1, 1, 0]
    assert found.words[0].tolist() == [15, 5, 0]
    assert found.n.tolist() == [2]


def test_a_meeting_counts_to_its_limit_and_no_further() -> None:
    rows = [(0, i % 2, 5) for i in range(30)] + [(1, i % 3, 5) for i in range(30)]
    found = tally(said(rows, limit=20))
    assert found.turns.sum(axis=1).tolist() == [20, 20]
    assert found.words.sum(axis=1).tolist() == [100, 100]
    assert found.aba.tolist() == [1.0, 0.0]  # two in turn; three in turn
    shorter = tally(said(rows, limit=10))
    assert np.isnan(shorter.aba).all()  # too short to say who follows whom


def test_ginis_leave_out_who_does_not_count() -> None:
    amounts = np.array([[4.0, 4.0, 0.0], [0.0, 8.0, 0.0], [0.0, 0.0, 0.0]])
    everyone = np.ones((3, 3), dtype=bool)
    found = ginis(amounts, everyone)
    assert found[0] == pytest.approx(1 / 3)
    assert found[1] == pytest.approx(2 / 3)
    assert math.isnan(found[2])
    assert ginis(amounts, amounts > 0.0)[:2].tolist() == [0.0, 0.0]


def test_sessions_of_a_team_are_paired_in_order() -> None:
    words = {"a": (9, 6, 3), "b": (9, 6, 3), "c": (3, 6, 9)}
    rows = [
        {"meeting": f"T{session}", "speaker": who, "role": "member", "words": amount}
        for session, each in words.items()
        for who, amount in zip("xyz", each, strict=True)
    ]
    log = turn_log(pd.DataFrame(rows), "made by hand")
    found = tally(utterances_of(log, lambda name: name[:-1]))
    assert found.team.tolist() == [0, 0, 0]
    assert found.statistic("session_r") == pytest.approx(0.0)  # +1 from a to b, -1 from b to c
    assert math.isnan(float(tally(utterances_of(log)).statistic("session_r")))  # type: ignore[arg-type]


def test_what_cannot_be_told_is_refused() -> None:
    found = tally(said([(0, 0, 10), (0, 1, 4)]))
    with pytest.raises(ConfigError, match="not about tallies"):
        found.statistic("win_rate")
    mixed = tally(said([(0, 0, 10), (0, 1, 4), (1, 0, 4), (1, 1, 4), (1, 2, 4)]))
    with pytest.raises(ConfigError, match="one size"):
        mixed.statistic("word_shares")
