"""The statistics of `turn_statistics` and `summaries` for thousands of simulated meetings at once, on arrays.

A second way to the same numbers, where tables are too slow; tests hold the two together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from cosim.errors import ConfigError
from cosim.meeting_logs.turn_log import TurnLog
from cosim.meeting_logs.turn_statistics import LEAST_TURNS, LEAST_WORDS, Floats
from cosim.patterns.statistics import Value, Where

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
_EARLY: Final = 0.25


@dataclass(frozen=True)
class Utterances:
    """Turns of M meetings, in order.

    Attributes
    ----------
    meeting, speaker, words : arrays of shape (turns,)
        Meeting 0..M-1 (not falling), seat of the speaker, words.
    roles : array of shape (M, N) of str
        Role of each seat; "" for an empty one.
    team : array of shape (M,)
        Which team met; meetings of one team in the order in which they were held.
    limit : array of shape (M,)
        Floor turns that count in each meeting; the rest is left out.
    """

    meeting: Ints
    speaker: Ints
    words: Floats
    roles: NDArray[np.str_]
    team: Ints
    limit: Ints


@dataclass(frozen=True)
class Tallies:
    """What was counted in M meetings with at most N seats.

    Attributes
    ----------
    words, turns : arrays of shape (M, N)
        Words, and floor turns, of each seat.
    aba, aba_expected, early_late : arrays of shape (M,)
        As `turn_statistics.turn_taking` and `summaries.stability`, meeting by meeting; NaN where not known.
    lengths : array
        Words of every turn of at least the least words (of all meetings, in order).
    length_meeting : array
        The meeting of each of these.
    roles, team
        As in `Utterances`.
    """

    words: Floats
    turns: Floats
    aba: Floats
    aba_expected: Floats
    early_late: Floats
    lengths: Floats
    length_meeting: Ints
    roles: NDArray[np.str_]
    team: Ints

    @property
    def spoke(self) -> NDArray[np.bool_]:
        """Whether each seat spoke, shape (M, N)."""
        return self.words > 0.0

    @property
    def n(self) -> Ints:
        """People who spoke in each meeting."""
        return np.asarray(self.spoke.sum(axis=1), dtype=np.int64)

    def only(self, kept: NDArray[np.bool_]) -> Tallies:
        """Return the tallies of some of the meetings."""
        place = np.cumsum(kept) - 1
        lengths = kept[self.length_meeting]
        return Tallies(
            self.words[kept],
            self.turns[kept],
            self.aba[kept],
            self.aba_expected[kept],
            self.early_late[kept],
            self.lengths[lengths],
            place[self.length_meeting[lengths]],
            self.roles[kept],
            self.team[kept],
        )

    def statistic(self, name: str, at: Where | None = None) -> Value:
        """Return a statistic by its name in `patterns.statistics.STATISTICS`.

        Parameters
        ----------
        name : str
            One that has a function for turn logs.
        at : mapping, optional
            What it needs; `n` counts only meetings in which that many people spoke.

        Returns
        -------
        float or tuple of float
            NaN where no meeting says anything about it.

        Raises
        ------
        ConfigError
            When there is no such statistic of tallies.
        """
        where = dict(at or {})
        if name not in OF_TALLIES:
            raise ConfigError("this statistic is not about tallies", key="statistic", value=name)
        tallies = self
        if "n" in where:
            tallies = self.only(self.n == int(where["n"]))
        return OF_TALLIES[name](tallies, where)


def utterances_of(log: TurnLog, team: Callable[[str], str] = str) -> Utterances:
    """Return a log's turns as arrays.

    Parameters
    ----------
    log : TurnLog
    team : callable
        The team that met, from a meeting's name; by default each meeting is of a team of its own. A person
        has one seat in all meetings of a team.
    """
    log.require_order("counting floor turns")
    frame = log.frame
    names = list(log.meetings)
    numbers = {name: i for i, name in enumerate(names)}
    meeting: Ints = np.asarray(frame["meeting"].map(numbers), dtype=np.int64)
    first = _first_places(team(name) for name in names)
    met = np.array([first[team(name)] for name in names], dtype=np.int64)
    speaker = _seats(met[meeting], frame["speaker"])
    roles = np.full((len(names), int(speaker.max()) + 1), "", dtype=object)
    roles[meeting, speaker] = frame["role"].to_numpy(object)
    return Utterances(
        meeting,
        speaker,
        frame["words"].to_numpy(np.float64),
        roles.astype(np.str_),
        met,
        np.full(len(names), np.iinfo(np.int64).max),
    )


def _first_places(names: Iterable[str]) -> dict[str, int]:
    """Return for each name the place at which it first comes."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        found.setdefault(name, place)
    return found


def _seats(team: Ints, speaker: pd.Series[str]) -> Ints:
    """Return the seat of each turn's speaker: numbers in each team by who first spoke before whom."""
    import pandas as pd

    names, known = pd.factorize(speaker)
    turns, people = pd.factorize(team * len(known) + names)
    teams = pd.Series(people // len(known))
    seats = np.asarray(teams.groupby(teams).cumcount(), dtype=np.int64)
    return np.asarray(seats[turns], dtype=np.int64)


def tally(said: Utterances, least: int = LEAST_WORDS) -> Tallies:
    """Count meetings: who said how much, and who followed whom.

    Parameters
    ----------
    said : Utterances
    least : int
        Words below which an utterance is no floor turn.
    """
    meetings, seats = said.roles.shape
    long = said.words >= least
    starts = floor_turns(said.meeting, said.speaker, said.words, least)
    floor_meeting = said.meeting[starts]
    first = np.searchsorted(floor_meeting, np.arange(meetings))
    flags = np.zeros(len(said.words), dtype=np.int64)
    flags[starts] = 1
    number = np.cumsum(flags) - 1 - first[said.meeting]  # floor turn that each utterance belongs to, from 0
    within = number < said.limit[said.meeting]
    cells = said.meeting * seats + said.speaker
    words = _table(cells[within], said.words[within], (meetings, seats))
    counted = np.flatnonzero(within[starts])
    floor_meeting, floor_speaker = floor_meeting[counted], said.speaker[starts[counted]]
    turns = _table(floor_meeting * seats + floor_speaker, None, (meetings, seats))
    rows = long & within
    summed = np.bincount(np.cumsum(flags)[rows] - 1, said.words[rows], minlength=len(starts))
    floor_words: Floats = summed[counted].astype(np.float64)
    aba, expected = _turn_taking(floor_meeting, floor_speaker, turns)
    return Tallies(
        words,
        turns,
        aba,
        expected,
        _early_late(floor_meeting, floor_speaker, floor_words, turns),
        said.words[rows],
        said.meeting[rows],
        said.roles,
        said.team,
    )


def floor_turns(meeting: Ints, speaker: Ints, words: Floats, least: int = LEAST_WORDS) -> Ints:
    """Return where each floor turn begins: the first of a speaker's utterances that follow one another."""
    at = np.flatnonzero(words >= least)
    begins = np.ones(len(at), dtype=bool)
    begins[1:] = (meeting[at[1:]] != meeting[at[:-1]]) | (speaker[at[1:]] != speaker[at[:-1]])
    return at[begins]


def _table(cells: Ints, weights: Floats | None, shape: tuple[int, int]) -> Floats:
    flat = np.bincount(cells, weights, minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float64)


def _turn_taking(meeting: Ints, speaker: Ints, turns: Floats) -> tuple[Floats, Floats]:
    total = turns.sum(axis=1)
    third = np.flatnonzero(meeting[2:] == meeting[:-2]) + 2
    third = third[total[meeting[third]] >= LEAST_TURNS]
    here, before, between = meeting[third], speaker[third - 2], speaker[third - 1]
    share = turns / np.where(total > 0.0, total, 1.0)[:, None]
    chance = share[here, before] / (1.0 - share[here, between])
    back = (speaker[third] == before).astype(np.float64)
    count = np.bincount(here, minlength=len(turns))
    with np.errstate(invalid="ignore"):
        return (
            np.bincount(here, back, minlength=len(turns)) / count,
            np.bincount(here, chance, minlength=len(turns)) / count,
        )


def _early_late(meeting: Ints, speaker: Ints, words: Floats, turns: Floats) -> Floats:
    shape = turns.shape
    total = turns.sum(axis=1)
    first = np.searchsorted(meeting, np.arange(shape[0]))
    early = np.arange(len(meeting)) - first[meeting] < np.rint(_EARLY * total)[meeting]
    cells = meeting * shape[1] + speaker
    begun = _table(cells[early], words[early], shape)
    rest = _table(cells[~early], words[~early], shape)
    return correlations(begun, rest, turns > 0.0)


def correlations(x: Floats, y: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return the correlation of each row's known cells; NaN for fewer than three, or no variation."""
    count = known.sum(axis=1)
    some = np.where(count > 0, count, 1)
    dx = np.where(known, x - (np.where(known, x, 0.0).sum(axis=1) / some)[:, None], 0.0)
    dy = np.where(known, y - (np.where(known, y, 0.0).sum(axis=1) / some)[:, None], 0.0)
    xx, yy = (dx * dx).sum(axis=1), (dy * dy).sum(axis=1)
    fine = (count >= 3) & (xx > 1e-18) & (yy > 1e-18)
    found = np.full(len(x), math.nan)
    found[fine] = (dx * dy).sum(axis=1)[fine] / np.sqrt(xx[fine] * yy[fine])
    return found


def ginis(amounts: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return the Gini coefficient of each row's known cells; NaN where they hold nothing."""
    inside = np.sort(np.where(known, amounts, -1.0), axis=1)
    counted = inside >= 0.0
    rank = np.cumsum(counted, axis=1)
    inside = np.where(counted, inside, 0.0)
    n, total = counted.sum(axis=1), inside.sum(axis=1)
    found = np.full(len(amounts), math.nan)
    some = total > 0.0
    weighted = (rank * inside).sum(axis=1)
    found[some] = 2.0 * weighted[some] / (n[some] * total[some]) - (n[some] + 1) / n[some]
    return found


# ---------------------------------------------------------------- the statistics by name


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan


def _sd(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.std(ddof=1)) if known.size > 1 else math.nan


def _shares(amounts: Floats) -> Floats:
    total = amounts.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(amounts, total, out=np.full_like(amounts, math.nan), where=total > 0.0)
    return shares


def _by_rank(amounts: Floats, spoke: NDArray[np.bool_]) -> tuple[float, ...]:
    counts = spoke.sum(axis=1)
    if not len(counts) or (counts != counts[0]).any():
        raise ConfigError("shares by rank are of meetings of one size; say which", key="n")
    ordered = -np.sort(-_shares(amounts), axis=1)[:, : counts[0]]
    return tuple(float(value) for value in ordered.mean(axis=0))


def _ratio(tallies: Tallies, amounts: Floats, role: str) -> float:
    holds, others = tallies.spoke & (tallies.roles == role), tallies.spoke & (tallies.roles != role)
    with np.errstate(invalid="ignore", divide="ignore"):
        theirs = np.where(holds, amounts, 0.0).sum(axis=1) / holds.sum(axis=1)
        rest = np.where(others, amounts, 0.0).sum(axis=1) / others.sum(axis=1)
    both = (theirs > 0.0) & (rest > 0.0)
    if not both.any():
        return math.nan
    return math.exp(float(np.log(theirs[both] / rest[both]).mean()))


def _of_role(tallies: Tallies, amounts: Floats, role: str, times: Floats) -> float:
    share = _shares(amounts) * times[:, None]
    return _mean(share[tallies.spoke & (tallies.roles == role)])


def _tops(tallies: Tallies, role: str) -> float:
    top = np.argmax(tallies.words, axis=1)
    return _mean((tallies.roles[np.arange(len(top)), top] == role).astype(np.float64))


def _others(tallies: Tallies, role: str) -> float:
    return _mean(ginis(tallies.words, tallies.spoke & (tallies.roles != role)))


def _sessions(tallies: Tallies) -> float:
    share = _shares(tallies.words)
    last: dict[int, int] = {}
    pairs: list[tuple[int, int]] = []
    for meeting, team in enumerate(tallies.team.tolist()):
        if team in last:
            pairs.append((last[team], meeting))
        last[team] = meeting
    if not pairs:
        return math.nan
    one, two = np.array(pairs).T
    return _mean(correlations(share[one], share[two], tallies.spoke[one] & tallies.spoke[two]))


def _lengths(measure: Callable[[Floats], Any]) -> OfTallies:
    return lambda tallies, _: float(measure(tallies.lengths)) if tallies.lengths.size else math.nan


OfTallies = Callable[[Tallies, Where], Value]

OF_TALLIES: Final[Mapping[str, OfTallies]] = MappingProxyType(
    {
        "gini_words": lambda t, _: _mean(ginis(t.words, t.spoke)),
        "gini_words_sd": lambda t, _: _sd(ginis(t.words, t.spoke)),
        "gini_turns": lambda t, _: _mean(ginis(t.turns, t.spoke)),
        "gini_turns_sd": lambda t, _: _sd(ginis(t.turns, t.spoke)),
        "gini_words_others": lambda t, at: _others(t, str(at["role"])),
        "word_shares": lambda t, _: _by_rank(t.words, t.spoke),
        "turn_shares": lambda t, _: _by_rank(t.turns, t.spoke),
        "top_share": lambda t, _: _mean(_shares(t.words).max(axis=1)),
        "aba": lambda t, _: _mean(t.aba),
        "aba_lift": lambda t, _: _mean(t.aba / t.aba_expected),
        "role_ratio_words": lambda t, at: _ratio(t, t.words, str(at["role"])),
        "role_ratio_turns": lambda t, at: _ratio(t, t.turns, str(at["role"])),
        "role_relative_words": lambda t, at: _of_role(t, t.words, str(at["role"]), t.n.astype(float)),
        "role_relative_turns": lambda t, at: _of_role(t, t.turns, str(at["role"]), t.n.astype(float)),
        "role_word_share": lambda t, at: _of_role(t, t.words, str(at["role"]), np.ones(len(t.n))),
        "role_turn_share": lambda t, at: _of_role(t, t.turns, str(at["role"]), np.ones(len(t.n))),
        "role_tops": lambda t, at: _tops(t, str(at["role"])),
        "turn_words_mean": _lengths(np.mean),
        "turn_words_median": _lengths(np.median),
        "turn_words_log_mean": _lengths(lambda words: np.log(words).mean()),
        "turn_words_log_sd": _lengths(lambda words: np.log(words).std(ddof=1)),
        "early_late_r": lambda t, _: _mean(t.early_late),
        "session_r": lambda t, _: _sessions(t),
    }
)
"""The statistics of `patterns.statistics` that are about turn logs, on tallies."""
