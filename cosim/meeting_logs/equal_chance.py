"""The chance baseline: what a meeting of this size and length shows when everyone is equally likely to speak.

Small meetings look unequal by chance alone. At 7 people and 40 turns of chat length, equal chance gives a
Gini of words of .22. So every observed number is read beside this one, at the same number of people and
turns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cosim.errors import ConfigError
from cosim.meeting_logs.turn_log import TurnLog
from cosim.meeting_logs.turn_statistics import (
    LEAST_TURNS,
    LEAST_WORDS,
    Floats,
    floor_turns,
    gini_rows,
    people,
)

_CELLS = 2_000_000
STATISTICS = ("gini_words", "gini_turns", "top_share", "aba")
"""What is simulated, named as in `turn_statistics.meetings`."""


@dataclass(frozen=True)
class Chance:
    """Simulated meetings in which everyone but the last speaker is equally likely to speak next.

    Attributes
    ----------
    n, turns, draws : int
        People, floor turns, and simulated meetings.
    values : DataFrame
        A row per simulated meeting, a column per name in `STATISTICS` (aba NaN below `LEAST_TURNS` turns).
    word_shares, turn_shares : arrays of shape (draws, n)
        What everyone had; all seats are alike.
    """

    n: int
    turns: int
    draws: int
    values: pd.DataFrame
    word_shares: Floats
    turn_shares: Floats

    def mean(self, statistic: str) -> float:
        """Return the mean over simulated meetings."""
        return float(self.values[statistic].mean())

    def interval(self, statistic: str, level: float = 0.95) -> tuple[float, float]:
        """Return the central interval that holds `level` of the simulated meetings."""
        tail = (1.0 - level) / 2.0
        low, high = self.values[statistic].quantile([tail, 1.0 - tail])
        return float(low), float(high)

    def at_least(self, statistic: str, observed: float) -> float:
        """Return the share of simulated meetings at or above an observed one, itself counted in."""
        if math.isnan(observed):
            return math.nan
        return float(((self.values[statistic] >= observed).sum() + 1) / (self.draws + 1))


def equal_chance(lengths: Floats, n: int, draws: int = 1000, seed: int = 1) -> Chance:
    """Simulate meetings of `n` people at equal chance.

    Everyone but the last speaker is equally likely to speak next; the words of each turn are drawn, with
    replacement, from `lengths`.

    Parameters
    ----------
    lengths : array of shape (turns,)
        Words of the floor turns of the meeting to compare with.
    n : int
        People, 2 or more.
    draws : int
        Simulated meetings, 1 or more.
    seed : int
        1 or more.

    Raises
    ------
    ConfigError
        When an argument is out of range or there are no turns.
    """
    for key, value, least in (
        ("n", n, 2),
        ("draws", draws, 1),
        ("seed", seed, 1),
        ("turns", len(lengths), 1),
    ):
        if value < least:
            raise ConfigError("too small", key=key, value=value, allowed=f">= {least}")
    rng, turns = np.random.default_rng(seed), len(lengths)
    parts: list[tuple[Floats, Floats, Floats]] = []
    at_once = max(1, _CELLS // turns)
    for begin in range(0, draws, at_once):
        parts.append(_simulate(rng, np.asarray(lengths, dtype=np.float64), n, min(at_once, draws - begin)))
    spoken, counts, returns = (np.concatenate(each) for each in zip(*parts, strict=True))
    values = pd.DataFrame(
        {
            "gini_words": gini_rows(spoken),
            "gini_turns": gini_rows(counts),
            "top_share": spoken.max(axis=1) / spoken.sum(axis=1),
            "aba": returns,
        }
    )
    return Chance(n, turns, draws, values, spoken / spoken.sum(axis=1, keepdims=True), counts / turns)


def _simulate(rng: np.random.Generator, lengths: Floats, n: int, draws: int) -> tuple[Floats, Floats, Floats]:
    """Return words and turns of everyone, shape (draws, n), and the share of returns, shape (draws,)."""
    turns = lengths.size
    # A step of 1..n-1 round the circle never stays with the last speaker and reaches all others alike.
    steps = rng.integers(1, n, size=(draws, turns))
    steps[:, 0] = rng.integers(0, n, size=draws)
    speakers = np.cumsum(steps, axis=1) % n
    words = rng.choice(lengths, size=(draws, turns))
    cells = (speakers + n * np.arange(draws)[:, None]).ravel()
    spoken = np.bincount(cells, weights=words.ravel(), minlength=n * draws).reshape(draws, n)
    counts = np.bincount(cells, minlength=n * draws).reshape(draws, n)
    returns = np.full(draws, math.nan)
    if turns >= LEAST_TURNS:
        returns = np.mean(speakers[:, 2:] == speakers[:, :-2], axis=1)
    return spoken.astype(np.float64), counts.astype(np.float64), returns.astype(np.float64)


def chance_by_meeting(
    log: TurnLog, least: int = LEAST_WORDS, draws: int = 1000, seed: int = 1
) -> dict[str, Chance]:
    """Return the chance baseline of every meeting of a log, each at its own size, length and turn lengths.

    Meetings without a floor turn, or with one speaker, are left out.
    """
    return dict(each_chance(log, least, draws, seed))


def each_chance(
    log: TurnLog, least: int = LEAST_WORDS, draws: int = 1000, seed: int = 1
) -> Iterator[tuple[str, Chance]]:
    """Yield what `chance_by_meeting` returns, one meeting at a time, so that not all need be kept."""
    sizes = people(log, least).groupby("meeting", sort=False)["n"].first()
    turns = floor_turns(log, least).groupby("meeting", sort=False)["words"]
    lengths = {str(meeting): words.to_numpy(float) for meeting, words in turns}
    for place, (meeting, n) in enumerate(sizes.items()):
        if str(meeting) in lengths and n >= 2:
            yield str(meeting), equal_chance(lengths[str(meeting)], int(n), draws, seed + place)
