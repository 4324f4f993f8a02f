"""The statistics that patterns are stated in: each with one definition, a unit, and what it must be told.

Those about turn logs have a function here, which serves real and simulated logs alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from cosim.errors import ConfigError, CosimError, nearest_name
from cosim.meeting_logs import summaries
from cosim.meeting_logs.turn_log import TurnLog
from cosim.meeting_logs.turn_statistics import gini, meetings, people

Where = Mapping[str, int | float | str]
Value = float | tuple[float, ...]
OfLog = Callable[[TurnLog, Where, int], Value]


@dataclass(frozen=True, slots=True)
class Statistic:
    """What a number in a pattern means.

    Attributes
    ----------
    name, unit, sentence : str
    needs : tuple of str
        What `at` must say, such as a role. A log's statistic may also be told `n`, to count only meetings in
        which that many people spoke.
    of_log : callable or None
        Computes it from a turn log, with `at` and the least words of a floor turn; None when it is not about
        turns.
    """

    name: str
    unit: str
    sentence: str
    needs: tuple[str, ...] = ()
    of_log: OfLog | None = None


def compute(name: str, log: TurnLog, at: Where | None = None, least: int = 3) -> Value:
    """Return a statistic of a turn log.

    Parameters
    ----------
    name : str
        In `STATISTICS`.
    log : TurnLog
    at : mapping, optional
        What the statistic needs, and `n` to count only meetings of that many speakers.
    least : int
        Words below which an utterance is no floor turn.

    Returns
    -------
    float or tuple of float
        NaN where the log has no meeting that says anything about it.

    Raises
    ------
    ConfigError
        When the name is unknown, is not about turns, or lacks something in `at`.
    """
    statistic, where = known(name), dict(at or {})
    if statistic.of_log is None:
        raise ConfigError("this statistic is not about turn logs", key="statistic", value=name)
    missing = [need for need in statistic.needs if need not in where]
    if missing:
        raise ConfigError(f"the statistic {name} must be told its {' and '.join(missing)}", key="at")
    if "n" in where:
        table = meetings(log, least)
        log = log.only(table.loc[table["n"] == where["n"], "meeting"])
        if log.frame.empty:
            raise ConfigError(f"the log {log.name} has no meeting of this size", key="n", value=where["n"])
    return statistic.of_log(log, where, least)


def known(name: str) -> Statistic:
    """Return a statistic by name.

    Raises
    ------
    ConfigError
        With the nearest name.
    """
    if name not in STATISTICS:
        near = nearest_name(name, STATISTICS)
        raise ConfigError("there is no such statistic", key="statistic", value=name, nearest=near)
    return STATISTICS[name]


def per_meeting(name: str, log: TurnLog, at: Where | None = None, least: int = 3) -> pd.Series[float] | None:
    """Return a statistic's value in each meeting, where it is a mean over meetings; else None."""
    if name not in ("gini_words", "gini_turns", "aba", "aba_lift"):
        return None
    table = meetings(log, least)
    if at and "n" in at:
        table = table[table["n"] == at["n"]]
    return table[name].dropna()


# ---------------------------------------------------------------- of turn logs


def _mean_of(column: str) -> OfLog:
    def mean(log: TurnLog, _: Where, least: int) -> float:
        return float(meetings(log, least)[column].mean())

    return mean


def _spread_of(column: str) -> OfLog:
    def spread(log: TurnLog, _: Where, least: int) -> float:
        return float(meetings(log, least)[column].std())

    return spread


def _shares_by_rank(column: str) -> OfLog:
    def shares(log: TurnLog, _: Where, least: int) -> Value:
        person = people(log, least)
        if person["n"].nunique() != 1:
            raise ConfigError("shares by rank are of meetings of one size; say which", key="n")
        share = person[f"{column}_share"]
        rank = share.groupby(person["meeting"]).rank(method="first", ascending=False)
        return tuple(share.groupby(rank).mean().to_list())

    return shares


def _gini_of_others(log: TurnLog, at: Where, least: int) -> float:
    person = people(log, least)
    others = person[person["role"] != at["role"]]
    return float(others.groupby("meeting")["words"].agg(gini).mean())


def _ratio(of: str) -> OfLog:
    def ratio(log: TurnLog, at: Where, least: int) -> float:
        return summaries.role_ratio(log, str(at["role"]), of, least).ratio

    return ratio


def _of_role(column: str) -> OfLog:
    def mean(log: TurnLog, at: Where, least: int) -> float:
        person = people(log, least)
        return float(person.loc[person["role"] == at["role"], column].mean())

    return mean


def _tops(log: TurnLog, at: Where, least: int) -> float:
    person = people(log, least)
    return float((person.loc[person["rank"] == 1, "role"] == at["role"]).mean())


def _length(field: str) -> OfLog:
    def length(log: TurnLog, _: Where, least: int) -> float:
        return float(getattr(summaries.turn_lengths(log, least), field))

    return length


def _early_late(log: TurnLog, _: Where, least: int) -> float:
    return summaries.stability(log, least=least)


def _session(log: TurnLog, _: Where, least: int) -> float:
    # The last letter of a meeting's name is the session, as in AMI: ES2002a, ES2002b, ...
    return summaries.session_stability(log, lambda meeting: meeting[:-1], least)


# ---------------------------------------------------------------- of what members held before and after


def kept_answer(members: pd.DataFrame) -> float:
    """Return the share of members who end on exactly the answer they began with."""
    return float(members["kept_answer"].mean())


def correctness_gain(members: pd.DataFrame) -> float:
    """Return by how much the mean score (0..1) of members rises from before to after."""
    return float((members["score_final"] - members["score_initial"]).mean())


OF_MEMBERS: Final[Mapping[str, Callable[[pd.DataFrame], float]]] = MappingProxyType(
    {"kept_answer": kept_answer, "correctness_gain": correctness_gain}
)
"""Statistics of a table of members' answers before and after (see `bundled_logs.delidata_members`)."""


def interval_of_mean(values: pd.Series[float]) -> tuple[float, float]:
    """Return the 95 % interval of a mean over meetings, by Student's t."""
    from scipy import stats

    half = float(stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values)))
    return float(np.mean(values)) - half, float(np.mean(values)) + half


def _collect(*statistics: Statistic) -> Mapping[str, Statistic]:
    found: dict[str, Statistic] = {}
    for one in statistics:
        if one.name in found:
            raise CosimError(f"two statistics are called {one.name!r}")
        found[one.name] = one
    return MappingProxyType(found)


_ROLE = ("role",)
_DIFFERENCES = ("diffuse", "relevant")
_SURVEY = ("survey",)

STATISTICS: Final[Mapping[str, Statistic]] = _collect(
    Statistic("gini_words", "Gini", "Gini of words over those who spoke.", (), _mean_of("gini_words")),
    Statistic("gini_words_sd", "Gini", "SD of it between meetings.", (), _spread_of("gini_words")),
    Statistic("gini_turns", "Gini", "Gini of floor turns over those who spoke.", (), _mean_of("gini_turns")),
    Statistic("gini_turns_sd", "Gini", "SD of it between meetings.", (), _spread_of("gini_turns")),
    Statistic(
        "gini_words_others", "Gini", "Gini of words among those not of a role.", _ROLE, _gini_of_others
    ),
    Statistic("word_shares", "share", "Share of words by rank, most first.", (), _shares_by_rank("word")),
    Statistic("turn_shares", "share", "Share of floor turns by rank.", (), _shares_by_rank("turn")),
    Statistic("top_share", "share", "Share of words of whoever speaks most.", (), _mean_of("top_share")),
    Statistic("aba", "share", "Turns taken by the previous-but-one speaker.", (), _mean_of("aba")),
    Statistic("aba_lift", "ratio", "That over what shares alone would give.", (), _mean_of("aba_lift")),
    Statistic(
        "role_ratio_words",
        "ratio",
        "Words of a role over the others' in the same meeting, geometric mean.",
        _ROLE,
        _ratio("words"),
    ),
    Statistic("role_ratio_turns", "ratio", "The same of floor turns.", _ROLE, _ratio("turns")),
    Statistic(
        "role_relative_words", "ratio", "Share of words times people.", _ROLE, _of_role("relative_words")
    ),
    Statistic(
        "role_relative_turns", "ratio", "Share of turns times people.", _ROLE, _of_role("relative_turns")
    ),
    Statistic(
        "role_word_share", "share", "Share of words of a role's member.", _ROLE, _of_role("word_share")
    ),
    Statistic(
        "role_turn_share", "share", "Share of turns of a role's member.", _ROLE, _of_role("turn_share")
    ),
    Statistic("role_tops", "share", "Meetings in which the role speaks most.", _ROLE, _tops),
    Statistic("turn_words_mean", "words", "Mean length of turns of 3 words or more.", (), _length("mean")),
    Statistic("turn_words_median", "words", "Median length of such turns.", (), _length("median")),
    Statistic("turn_words_log_mean", "log words", "Mean of the log of it.", (), _length("log_mean")),
    Statistic("turn_words_log_sd", "log words", "SD of the log of it.", (), _length("log_sd")),
    Statistic(
        "early_late_r", "correlation", "First quarter's share of words with the rest's.", (), _early_late
    ),
    Statistic(
        "session_r", "correlation", "Word shares in a session with the next (a, b, ...).", (), _session
    ),
    Statistic("kept_answer", "share", "Members who end on exactly their first answer."),
    Statistic("correctness_gain", "score", "Rise of members' mean score (0-1) by talking."),
    Statistic("agreement_gain", "share", "Rise in the share of pairs with identical choices."),
    Statistic("adoption_by_voice", "slope", "Adoption per unit of relative voice, others held equal."),
    Statistic("adoption_if_correct", "slope", "Adoption gained by being right, others held equal."),
    Statistic("adoption_by_support", "slope", "Adoption per unit of initial support, others held equal."),
    Statistic(
        "win_rate",
        "chance",
        "An option's chance to be agreed on, by its first supporters; a hung group counts as lost.",
        ("supporters",),
    ),
    Statistic("spread_closed", "share", "By how much the SD within groups falls, over before.", _SURVEY),
    Statistic("weight_own", "slope", "Weight of one's own view before in one's view after.", _SURVEY),
    Statistic("weight_others", "slope", "Weight of the others' mean before in one's view after.", _SURVEY),
    Statistic("group_shift", "scale 0-1", "Mean change of a group's mean.", ("survey", "scale")),
    Statistic("rank_shift", "share", "Mean change of options' mean ranks, over the range of ranks.", _SURVEY),
    Statistic("view_r", "correlation", "Views before with after, people asked one question.", _SURVEY),
    Statistic("rank_r", "correlation", "A member's ranks before with after.", _SURVEY),
    Statistic("panels_rise", "share", "Rise of the panels' share of the variance of views.", _SURVEY),
    Statistic("pull_by_talk", "ratio", "Added pull on others per unit of relative talk.", _SURVEY),
    Statistic("pull_by_certainty", "ratio", "Added pull on others per SD of certainty.", _SURVEY),
    Statistic("disagreement", "share", "Mean of (1 - r) / 2 over pairs of rankings before.", _SURVEY),
    Statistic("disagreement_closed", "share", "By how much that falls, over before.", _SURVEY),
    Statistic("disagreement_closed_sd", "share", "SD of it between groups.", _SURVEY),
    Statistic("first_choice_changed", "share", "Members who end with another first choice.", _SURVEY),
    Statistic("largest_camp", "share", "Share of the first choices that the first of them has.", _SURVEY),
    Statistic("stay_large", "share", "Keep a first choice that a third or more share.", _SURVEY),
    Statistic("stay_small", "share", "Keep a first choice that fewer share.", _SURVEY),
    Statistic("collective_first_kept", "share", "Groups whose best mean rank stays first.", _SURVEY),
    Statistic("shared_bias", "SD", "Mentions of shared over unshared items, standardised."),
    Statistic("status_ratio", "ratio", "Turns of high over those of low status.", _DIFFERENCES),
    Statistic("status_ratio_words", "ratio", "Words of high over those of low status.", _DIFFERENCES),
    Statistic("members", "people", "Members of a role in the team.", _ROLE),
)
"""Every statistic by name."""
