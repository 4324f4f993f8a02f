"""Simulated logs that are alike a real one in people and length, and the same statistics of both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from cosim.calibration.counterparts import Counterparts
from cosim.meeting_logs.turn_statistics import Floats, meetings
from cosim.observation.own_team import OwnTeams, work
from cosim.patterns.array_statistics import Tallies, ginis, tally, utterances_of

LEAD_WORDS: Final = "lead_relative_words"
LEAD_TURNS: Final = "lead_relative_turns"
"""What the lead (or whoever has the lead's role) says, and how often: times an equal share."""

MOST_REPLICATES: Final = 1_000
LEAST_REPLICATES: Final = 100
_WORK_IN_ALL: Final = 3_000_000
_TURNS_AT_ONCE: Final = 400_000
_SEEDS: Final = 1 << 32


@dataclass
class AlikeLogs:
    """Simulates the meetings of a log, over and over.

    Parameters
    ----------
    teams : OwnTeams
    changes : mapping of dotted key to number
        Parameters that differ from the defaults.
    """

    teams: OwnTeams
    changes: Mapping[str, float] = field(default_factory=dict)
    _counterparts: Counterparts = field(init=False)

    def __post_init__(self) -> None:
        self._counterparts = Counterparts(self.teams)

    @property
    def turns(self) -> int:
        """Floor turns of all meetings."""
        return sum(sum(team.turns) for team in self._counterparts.teams)

    @property
    def work(self) -> float:
        """How long one simulation takes, as `own_team.work` counts it."""
        return work(self.turns, self.meetings)

    @property
    def meetings(self) -> int:
        """Number of meetings."""
        return sum(len(team.turns) for team in self._counterparts.teams)

    def replicates(self) -> int:
        """Return how many simulations are made by default: as many as take some seconds, 100 to 1,000."""
        return int(np.clip(_WORK_IN_ALL // self.work, LEAST_REPLICATES, MOST_REPLICATES))

    def observed(self) -> dict[str, float]:
        """Return the statistics of the log itself: means over its meetings, NaN where not known.

        Turns of a tally are as its file counts them, unlike floor turns: it is compared by words alone.
        """
        log = self.teams.read()
        if not log.tally:
            found = tally(utterances_of(log, self.teams.team), self.teams.least)
            return {name: _mean(values) for name, values in by_meeting(found, self.teams.lead).items()}
        table = meetings(log, self.teams.least)
        return {name: _mean(table[name].to_numpy(float)) for name in ("gini_words", "top_share")}

    def once(self, changes: Mapping[str, float], seed: int) -> dict[str, float]:
        """Return the statistics of one simulation under changed parameters (beyond `changes`)."""
        self._counterparts.repeats = 1
        found = self._counterparts.simulate({**self.changes, **changes}, seed)
        return {name: _mean(values) for name, values in by_meeting(found, self.teams.lead).items()}

    def table(self, replicates: int, seed: int) -> pd.DataFrame:
        """Simulate the log so many times; a row each, a column per statistic.

        Parameters
        ----------
        replicates : int
        seed : int
            1 or more.
        """
        at_once = max(1, _TURNS_AT_ONCE // max(self.turns, 1))
        parts = []
        for block, begin in enumerate(range(0, replicates, at_once)):
            count = min(at_once, replicates - begin)
            self._counterparts.repeats = count
            found = self._counterparts.simulate(self.changes, (seed - 1) * _SEEDS + block + 1)
            parts.append(self._means(by_meeting(found, self.teams.lead), count))
        return pd.concat(parts, ignore_index=True)

    def posterior_table(self, draws: Sequence[Mapping[str, float]], seed: int) -> pd.DataFrame:
        """Simulate the log once under each of several changes; a row each."""
        rows = [self.once(draw, (seed - 1) * _SEEDS + place + 1) for place, draw in enumerate(draws)]
        return pd.DataFrame(rows)

    def _means(self, values: Mapping[str, Floats], count: int) -> pd.DataFrame:
        """Return means over meetings by replicate; meetings come team by team, repeat by repeat."""
        which = np.concatenate(
            [np.repeat(np.arange(count), len(team.turns)) for team in self._counterparts.teams]
        )
        table = pd.DataFrame({**values, "replicate": which})
        return table.groupby("replicate").mean().reset_index(drop=True)


def by_meeting(tallies: Tallies, lead: str | None) -> dict[str, Floats]:
    """Return each statistic of each meeting, shape (M,); NaN where a meeting does not tell.

    Parameters
    ----------
    tallies : Tallies
    lead : str, optional
        The lead's role; the last two statistics are of it, 0 for one who is there and does not speak.
    """
    words, turns = _shares(tallies.words), _shares(tallies.turns)
    with np.errstate(invalid="ignore", divide="ignore"):
        lift = tallies.aba / tallies.aba_expected
    found = {
        "gini_words": ginis(tallies.words, tallies.spoke),
        "gini_turns": ginis(tallies.turns, tallies.spoke),
        "top_share": words.max(axis=1),
        "top_turn_share": turns.max(axis=1),
        "aba": tallies.aba,
        "aba_expected": tallies.aba_expected,
        "aba_lift": lift,
    }
    if lead is not None:
        theirs = tallies.roles == lead
        count = theirs.sum(axis=1)
        for name, shares in ((LEAD_WORDS, words), (LEAD_TURNS, turns)):
            with np.errstate(invalid="ignore", divide="ignore"):
                each = np.where(theirs, shares, 0.0).sum(axis=1) / count
            found[name] = each * tallies.n
    return found


def _shares(amounts: Floats) -> Floats:
    total = amounts.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(amounts, total, out=np.full_like(amounts, math.nan), where=total > 0.0)
    return shares


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan
