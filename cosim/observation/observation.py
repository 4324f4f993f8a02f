"""What a real meeting's log shows: voice by person and role, who follows whom, each beside equal chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.errors import ConfigError
from cosim.meeting_logs.equal_chance import STATISTICS, Chance, each_chance
from cosim.meeting_logs.roles import model_role
from cosim.meeting_logs.summaries import TurnLengths, by_role, turn_lengths
from cosim.meeting_logs.turn_log import TurnLog
from cosim.meeting_logs.turn_statistics import LEAST_TURNS, LEAST_WORDS, Floats, floor_turns, meetings, people
from cosim.scenario.vocabulary import ROLES, Role

DOMAIN: Final = (
    "The model is calibrated on meetings of speech-technology research groups, role-played design meetings "
    "and text chats. No published share of talk by lay members of health-research teams was found."
)
"""What every report on an observed meeting should say."""

COMPARED: Final = (*STATISTICS, "aba_lift")
"""Statistics that are compared with a simulated team."""

MOST_MEETINGS: Final = 2_000
MOST_SPEAKERS: Final = 200
MOST_TURNS: Final = 20_000
"""What a log may hold at most: meetings, people in a meeting, and floor turns in a meeting."""

_MANY: Final = 200_000
_FEW_DRAWS: Final = 200
_MOST_CELLS: Final = 4_000_000


@dataclass(frozen=True)
class Observation:
    """What a log shows.

    Attributes
    ----------
    name : str
        Of the log.
    people : DataFrame
        A row per speaker, the largest relative share of words first: speaker, role, model_role (None where
        it cannot be told), meetings (in which they spoke), words, turns, word_share and turn_share (means
        over those meetings), relative_words and relative_turns (share times people; 1 is an equal share),
        and for both of these the 95 % interval at equal chance (chance_words_low ... chance_turns_high).
    roles : DataFrame
        A row per role, as `summaries.by_role`, with the same intervals; empty when the log has no roles.
    meetings : DataFrame
        A row per meeting, as `turn_statistics.meetings`, and minutes (NaN where the log has no times).
    summary : DataFrame
        A row per statistic in `equal_chance.STATISTICS`: observed (mean over meetings; over those with a
        chance baseline, where any has one), chance, chance_low and chance_high (mean and 95 % interval of
        that mean at equal chance), chance_above (share of chance at or above what was observed). Chance is
        NaN for a tally.
    lengths : TurnLengths or None
    composition : mapping of Role to int, or None
        People of each of the model's roles over the whole log; None when a role cannot be told.
    cleaning : DataFrame
        A row per step from what was read to floor turns: step, turns, words, why.
    least, draws, seed : int
        Words below which an utterance is no floor turn; simulated meetings of the chance baseline, and its
        seed.
    notes : tuple of str
    """

    name: str
    people: pd.DataFrame
    roles: pd.DataFrame
    meetings: pd.DataFrame
    summary: pd.DataFrame
    lengths: TurnLengths | None
    composition: Mapping[Role, int] | None
    cleaning: pd.DataFrame
    least: int
    draws: int
    seed: int
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON; what is not known is None."""
        lengths = self.lengths
        return {
            "name": self.name,
            "people": _rows(self.people),
            "roles": _rows(self.roles),
            "meetings": _rows(self.meetings),
            "summary": _rows(self.summary),
            "turn_lengths": None if lengths is None else {key: _plain(x) for key, x in vars(lengths).items()},
            "composition": None if self.composition is None else dict(self.composition),
            "cleaning": _rows(self.cleaning),
            "notes": list(self.notes),
            "domain": DOMAIN,
        }


def observe(log: TurnLog, *, least: int = LEAST_WORDS, draws: int = 1000, seed: int = 1) -> Observation:
    """Describe a real meeting, or several.

    Parameters
    ----------
    log : TurnLog
    least : int
        Words below which an utterance is no floor turn; 1 for written chat.
    draws, seed : int
        Of the chance baseline.

    Returns
    -------
    Observation

    Raises
    ------
    ConfigError
        When `least`, `draws` or `seed` is below 1, or the log holds more than `MOST_MEETINGS` meetings, more
        than `MOST_SPEAKERS` people in one of them, or more than `MOST_TURNS` floor turns in one.
    """
    _check_size(log)
    person, table = people(log, least), meetings(log, least)
    _check_turns(log, table)
    if len(log.frame) > _MANY:
        draws = min(draws, _FEW_DRAWS)
    chance = _Baseline(person, table)
    if not log.tally:
        for meeting, one in each_chance(log, least, draws, seed):
            chance.add(meeting, one)
    everyone = _people(person)
    roles = by_role(log, least) if log.has_roles else pd.DataFrame()
    notes = list(log.notes)
    if log.tally:
        notes.append(
            "the log holds totals per person: who follows whom, and the chance baseline, are not known"
        )
        notes.append(
            "turns or messages are as the log counts them: one person's in a row are not merged as they are "
            "in simulated logs, so that turns are not compared with these"
        )
    short = int(((log.frame["words"] > 0.0) & (log.frame["words"] < least)).sum())
    if not log.tally and len(log.frame) >= LEAST_TURNS and 2 * short > len(log.frame):
        notes.append(
            f"more than half of the utterances ({short:,} of {len(log.frame):,}) are under {least} words and "
            "no turns; --least 1 counts them"
        )
    silent = len(table) - chance.meetings
    if silent and not log.tally:
        told = f"{silent:,} meeting{' has' if silent == 1 else 's have'} no turn of {least} words or more"
        left_out = f": means beside equal chance leave {'it' if silent == 1 else 'them'} out"
        notes.append(f"{told}, and so no baseline{left_out if chance.meetings else ''}")
    return Observation(
        name=log.name,
        people=chance.beside(everyone, "speaker"),
        roles=chance.beside(roles, "role") if len(roles) else roles,
        meetings=table.assign(minutes=table["meeting"].map(_minutes(log))),
        summary=_summary(table, chance),
        lengths=None if log.tally or not (log.frame["words"] >= least).any() else turn_lengths(log, least),
        composition=_composition(everyone),
        cleaning=_cleaning(log, table, least),
        least=least,
        draws=draws,
        seed=seed,
        notes=tuple(notes),
    )


def place(observed: Mapping[str, float], simulated: pd.DataFrame) -> pd.DataFrame:
    """Say where an observed team lies among simulated ones of the same composition.

    Parameters
    ----------
    observed : mapping of statistic to number
        For several meetings, means over them.
    simulated : DataFrame
        A row per simulation of the same meetings, a column per statistic.

    Returns
    -------
    DataFrame
        A row per observed statistic: observed, simulated (mean), low, high (95 % of simulations), below
        (share of simulations below the observed value; equal ones count half). NaN where either does not
        know.

    Raises
    ------
    ConfigError
        When a column is missing or there are no simulations.
    """
    if simulated.empty:
        raise ConfigError("there are no simulated meetings to compare with")
    rows = []
    for name, seen in observed.items():
        if name not in simulated.columns:
            raise ConfigError("the simulated meetings lack this column", key=name)
        values = simulated[name].dropna().to_numpy(float)
        low, high = np.quantile(values, [0.025, 0.975]) if values.size else (math.nan, math.nan)
        known = values.size > 0 and not math.isnan(seen)
        below = float(np.mean(values < seen) + np.mean(values == seen) / 2.0) if known else math.nan
        mean = float(values.mean()) if values.size else math.nan
        rows.append(
            {
                "statistic": name,
                "observed": seen,
                "simulated": mean,
                "low": float(low),
                "high": float(high),
                "below": below,
            }
        )
    return pd.DataFrame(rows)


@dataclass
class _Baseline:
    """Means over meetings of what equal chance gives: of the log's statistics, of people, and of roles."""

    person: pd.DataFrame
    table: pd.DataFrame
    seen: list[str] = field(default_factory=list)
    sums: dict[str, Floats] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    _shares: dict[tuple[str, str, str], Floats] = field(default_factory=dict)
    _seats: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rows = dict(iter(self.person.groupby("meeting", sort=False)))

    @property
    def meetings(self) -> int:
        """How many meetings have a baseline."""
        return len(self.seen)

    def add(self, meeting: str, chance: Chance) -> None:
        """Take in one meeting."""
        self.seen.append(meeting)
        for name in STATISTICS:
            values = chance.values[name].to_numpy(float)
            if not np.isnan(values).any():
                self.sums[name] = self.sums.get(name, 0.0) + values
                self.counts[name] = self.counts.get(name, 0) + 1
        rows = self._rows[meeting]
        for column in ("speaker", "role"):
            names = rows[column].to_list()
            if len(self._shares) * chance.draws > _MOST_CELLS:
                continue  # intervals of so many people would not fit in memory, and nobody reads them
            for of, shares in (("words", chance.word_shares), ("turns", chance.turn_shares)):
                for seat, name in enumerate(names):
                    key = (column, of, name)
                    self._shares[key] = self._shares.get(key, 0.0) + shares[:, seat] * chance.n
            for name in names:
                self._seats[column, name] = self._seats.get((column, name), 0) + 1

    def beside(self, table: pd.DataFrame, column: str) -> pd.DataFrame:
        """Return a table of people or roles with the intervals of their relative shares at equal chance."""
        found = table.copy()
        for of in ("words", "turns"):
            ends = [self._interval(column, of, str(name)) for name in table[column]]
            found[f"chance_{of}_low"] = [low for low, _ in ends]
            found[f"chance_{of}_high"] = [high for _, high in ends]
        return found

    def _interval(self, column: str, of: str, name: str) -> tuple[float, float]:
        if (column, of, name) not in self._shares:
            return math.nan, math.nan
        means = self._shares[column, of, name] / self._seats[column, name]
        low, high = np.quantile(means, [0.025, 0.975])
        return float(low), float(high)


def _check_size(log: TurnLog) -> None:
    """Refuse what cannot be a team's log before anything is worked out.

    Raises
    ------
    ConfigError
    """
    held = log.frame["meeting"].nunique()
    if not (log.frame["words"].any() or (log.tally and log.frame["turns"].any())):
        raise ConfigError(f"nobody says anything in the log {log.name}")
    if held > MOST_MEETINGS:
        told = f"the log {log.name} holds {held:,} meetings; is the column of the meeting the right one?"
        raise ConfigError(told, allowed=f"at most {MOST_MEETINGS:,}; split the log")
    speakers = log.frame.groupby("meeting", sort=False)["speaker"].nunique()
    if speakers.max() > MOST_SPEAKERS:
        told = (
            f"in the log {log.name}, {speakers.max():,} people speak in the meeting "
            f"{str(speakers.idxmax())!r}; is the column of the speaker the right one?"
        )
        raise ConfigError(told, allowed=f"at most {MOST_SPEAKERS:,} people in a meeting")


def _check_turns(log: TurnLog, table: pd.DataFrame) -> None:
    longest = table["turns"].max()
    if longest > MOST_TURNS:
        meeting = str(table["meeting"].iloc[int(table["turns"].argmax())])
        told = (
            f"in the log {log.name}, the meeting {meeting!r} has {longest:,.0f} turns; does the log hold "
            "several meetings and no column that says which?"
        )
        raise ConfigError(told, allowed=f"at most {MOST_TURNS:,} turns in a meeting")


def _minutes(log: TurnLog) -> pd.Series[float]:
    """Return from the first start to the last end (or start) of each meeting; NaN where it has no times."""
    grouped = log.frame.groupby("meeting", sort=False)
    starts, ends = grouped["start_s"], grouped["end_s"].max()
    return (ends.where(ends >= starts.max(), starts.max()) - starts.min()) / 60.0


def _cleaning(log: TurnLog, table: pd.DataFrame, least: int) -> pd.DataFrame:
    columns = ["step", "turns", "words", "why"]
    words = log.frame["words"]
    if log.tally:
        row = (
            "read",
            float(table["turns"].sum()),
            float(words.sum()),
            "totals per person, taken as they are",
        )
        return pd.DataFrame([row], columns=columns)
    short = words < least
    kept, floor = int((~short).sum()), len(floor_turns(log, least))
    rows = [
        ("read", len(words), float(words.sum()), "utterances in the file"),
        (
            "too short for a turn",
            int(short.sum()),
            float(words[short].sum()),
            f"under {least} words, mostly back-channels such as mm-hmm: no turns, but their words count in "
            "shares of words"
            if least > 1
            else "nothing was said",
        ),
        (
            "merged",
            kept - floor,
            0.0,
            "two utterances of one person with no turn of another between them are one turn",
        ),
        (
            "floor turns",
            floor,
            float(words[~short].sum()),
            "what turns, their Gini and who follows whom count",
        ),
    ]
    return pd.DataFrame(rows, columns=columns)


def _people(person: pd.DataFrame) -> pd.DataFrame:
    grouped = person.groupby("speaker", sort=False)
    table = grouped.agg(
        role=("role", "first"),
        meetings=("meeting", "size"),
        words=("words", "sum"),
        turns=("turns", "sum"),
        word_share=("word_share", "mean"),
        turn_share=("turn_share", "mean"),
        relative_words=("relative_words", "mean"),
        relative_turns=("relative_turns", "mean"),
    ).reset_index()
    table.insert(2, "model_role", [model_role(role) for role in table["role"]])
    return table.sort_values(["relative_words", "words"], ascending=False, kind="stable", ignore_index=True)


def _composition(everyone: pd.DataFrame) -> dict[Role, int] | None:
    roles = everyone["model_role"].to_list()
    if any(role is None for role in roles):
        return None
    return {role: roles.count(role) for role in ROLES}


def _summary(table: pd.DataFrame, chance: _Baseline) -> pd.DataFrame:
    compared = table[table["meeting"].isin(chance.seen)] if chance.seen else table
    rows = []
    for name in STATISTICS:
        seen = float(compared[name].mean())
        mean = low = high = above = math.nan
        if name in chance.sums:
            means = chance.sums[name] / chance.counts[name]
            mean, (low, high) = float(means.mean()), np.quantile(means, [0.025, 0.975])
            above = float(((means >= seen).sum() + 1) / (means.size + 1))
        rows.append(
            {
                "statistic": name,
                "observed": seen,
                "chance": mean,
                "chance_low": float(low),
                "chance_high": float(high),
                "chance_above": above,
            }
        )
    return pd.DataFrame(rows)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value
