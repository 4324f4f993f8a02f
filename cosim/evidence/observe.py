"""What a real meeting's log shows: voice by person and role, who follows whom, each beside equal chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.errors import ConfigError
from cosim.evidence.equal_chance import STATISTICS, Chance, chance_by_meeting
from cosim.evidence.roles import model_role
from cosim.evidence.summaries import TurnLengths, by_role, turn_lengths
from cosim.evidence.turn_log import TurnLog
from cosim.evidence.turns import LEAST_WORDS, meetings, people
from cosim.scenario.vocabulary import ROLES, Role

DOMAIN: Final = (
    "The model is calibrated on meetings of speech-technology research groups, role-played design meetings "
    "and text chats. No published share of talk by lay members of health-research teams was found."
)
"""What every report on an observed meeting should say."""

COMPARED: Final = (*STATISTICS, "aba_lift")
"""Statistics that are compared with a simulated team."""


@dataclass(frozen=True)
class Observation:
    """What a log shows.

    Attributes
    ----------
    name : str
        Of the log.
    people : DataFrame
        A row per speaker, most words first: speaker, role, model_role (None where it cannot be told),
        meetings (in which they spoke), words, turns, word_share and turn_share (means over those meetings),
        relative_words and relative_turns (share times people; 1 is an equal share).
    roles : DataFrame
        A row per role, as `summaries.by_role`; empty when the log has no roles.
    meetings : DataFrame
        A row per meeting, as `turns.meetings`.
    summary : DataFrame
        A row per statistic in `equal_chance.STATISTICS`: observed (mean over meetings), chance, chance_low
        and chance_high (mean and 95 % interval of that mean at equal chance), chance_above (share of chance
        at or above what was observed). Chance is NaN for a tally.
    lengths : TurnLengths or None
    composition : mapping of Role to int, or None
        People of each of the model's roles over the whole log; None when a role cannot be told.
    notes : tuple of str
    """

    name: str
    people: pd.DataFrame
    roles: pd.DataFrame
    meetings: pd.DataFrame
    summary: pd.DataFrame
    lengths: TurnLengths | None
    composition: Mapping[Role, int] | None
    notes: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Return what was found, one plain sentence each."""
        found = {str(row["statistic"]): row for row in _rows(self.summary)}
        words, returns = found["gini_words"], found["aba"]["observed"]
        people, meetings = len(self.people), len(self.meetings)
        told = [f"{_count(people, 'person', 'people')} spoke in {_count(meetings, 'meeting', 'meetings')}."]
        for row in _rows(self.people.head(3)):
            share, relative = row["word_share"], row["relative_words"]
            told.append(
                f"{row['speaker']} spoke {share:.0%} of the words, {relative:.1f} times an equal share."
            )
        if words["chance"] is not None:
            low, high = words["chance_low"], words["chance_high"]
            told.append(
                f"The Gini of words is {words['observed']:.2f}; in meetings of this size and length equal "
                f"chance alone gives {words['chance']:.2f} ({low:.2f} to {high:.2f})."
            )
        if returns is not None:
            told.append(
                f"In {returns:.0%} of turns the floor returns to the one who had it before; shares of turns "
                f"alone would give {self.meetings['aba_expected'].mean():.0%}."
            )
        return told

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
        When `least`, `draws` or `seed` is below 1.
    """
    person, table = people(log, least), meetings(log, least)
    chance = {} if log.tally else chance_by_meeting(log, least, draws, seed)
    everyone = _people(person)
    roles = by_role(log, least) if log.has_roles else pd.DataFrame()
    notes = list(log.notes)
    if log.tally:
        notes.append(
            "the log holds totals per person: who follows whom, and the chance baseline, are not known"
        )
    silent = len(table) - len(chance)
    if silent and not log.tally:
        told = _count(silent, "meeting has", "meetings have")
        notes.append(f"{told} no turn of {least} words or more, and so no baseline")
    return Observation(
        name=log.name,
        people=everyone,
        roles=roles,
        meetings=table,
        summary=_summary(table, chance),
        lengths=None if log.tally or not (log.frame["words"] >= least).any() else turn_lengths(log, least),
        composition=_composition(everyone),
        notes=tuple(notes),
    )


def place(observation: Observation, simulated: pd.DataFrame) -> pd.DataFrame:
    """Say where an observed team lies among simulated meetings of the same composition.

    Parameters
    ----------
    observation : Observation
    simulated : DataFrame
        A row per simulated meeting, with the columns of `turns.meetings`.

    Returns
    -------
    DataFrame
        A row per statistic in `COMPARED`: observed (mean over meetings), simulated (mean), low, high (95 % of
        simulated meetings), below (share of simulated meetings below the observed value; equal ones count
        half). NaN where either does not know.

    Raises
    ------
    ConfigError
        When a column is missing or there are no simulated meetings.
    """
    if simulated.empty:
        raise ConfigError("there are no simulated meetings to compare with")
    rows = []
    for name in COMPARED:
        if name not in simulated.columns:
            raise ConfigError("the simulated meetings lack this column", key=name)
        seen, values = float(observation.meetings[name].mean()), simulated[name].dropna().to_numpy(float)
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
    return table.sort_values("words", ascending=False, kind="stable").reset_index(drop=True)


def _composition(everyone: pd.DataFrame) -> dict[Role, int] | None:
    roles = everyone["model_role"].to_list()
    if any(role is None for role in roles):
        return None
    return {role: roles.count(role) for role in ROLES}


def _summary(table: pd.DataFrame, chance: Mapping[str, Chance]) -> pd.DataFrame:
    rows = []
    for name in STATISTICS:
        seen = float(table[name].mean())
        mean = low = high = above = math.nan
        if chance:
            each = np.stack([one.values[name].to_numpy(float) for one in chance.values()])
            each = each[~np.isnan(each).any(axis=1)]
            if len(each):
                means = each.mean(axis=0)
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


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value
