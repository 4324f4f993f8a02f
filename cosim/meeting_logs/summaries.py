"""Numbers about many meetings: by group size, by role, and of turn lengths."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cosim.errors import ConfigError, nearest_name
from cosim.meeting_logs.turn_log import TurnLog
from cosim.meeting_logs.turn_statistics import LEAST_WORDS, floor_turns, meetings, people


def by_size(log: TurnLog, least: int = LEAST_WORDS) -> pd.DataFrame:
    """Return means over the meetings of each group size.

    Returns
    -------
    DataFrame
        A row per n (people who spoke): meetings, turns, gini_words, gini_words_sd (between meetings, NaN
        for one), gini_turns, gini_turns_sd, aba, aba_expected, aba_lift, and share_1 ... share_n, the mean
        word share by rank (NaN beyond n).
    """
    table = meetings(log, least)
    grouped = table.groupby("n")
    sizes = grouped.agg(
        meetings=("meeting", "size"),
        turns=("turns", "mean"),
        gini_words=("gini_words", "mean"),
        gini_words_sd=("gini_words", "std"),
        gini_turns=("gini_turns", "mean"),
        gini_turns_sd=("gini_turns", "std"),
        aba=("aba", "mean"),
        aba_expected=("aba_expected", "mean"),
        aba_lift=("aba_lift", "mean"),
    )
    person = people(log, least)
    ranks = person.pivot_table(index="n", columns="rank", values="word_share", aggfunc="mean")
    ranks.columns = [f"share_{rank}" for rank in ranks.columns]
    return sizes.join(ranks).reset_index()


def by_role(log: TurnLog, least: int = LEAST_WORDS) -> pd.DataFrame:
    """Return what each role has of the talk, 1 being an equal share.

    Returns
    -------
    DataFrame
        A row per role: persons (rows of person and meeting), relative_words and relative_turns (mean of
        share times n) and their SD.
    """
    grouped = people(log, least).groupby("role", sort=True)
    return grouped.agg(
        persons=("speaker", "size"),
        relative_words=("relative_words", "mean"),
        relative_words_sd=("relative_words", "std"),
        relative_turns=("relative_turns", "mean"),
        relative_turns_sd=("relative_turns", "std"),
    ).reset_index()


@dataclass(frozen=True)
class RoleRatio:
    """How much more one role speaks than the others in the same meeting.

    Attributes
    ----------
    ratio : float
        Geometric mean over meetings of (mean share of the role / mean share of the others).
    low, high : float
        95 % interval, by Student's t on the logarithms (NaN for one meeting). Meetings are taken as
        independent, which they are not where the same people meet again: the interval is then too narrow.
    above_one : float
        Share of meetings in which the role speaks more than the others on average.
    meetings, persons : int
        Meetings that have both the role and others; different people who hold the role in them.
    """

    ratio: float
    low: float
    high: float
    above_one: float
    meetings: int
    persons: int


def role_ratio(log: TurnLog, role: str, of: str = "words", least: int = LEAST_WORDS) -> RoleRatio:
    """Return the within-meeting ratio of a role's share of words (or turns) to the others' share.

    Raises
    ------
    ConfigError
        When nobody has that role in a meeting with others, or `of` is neither words nor turns.
    """
    if of not in ("words", "turns"):
        raise ConfigError("not an amount of talk", key="of", value=of, allowed="words, turns")
    person = people(log, least)
    if role not in set(person["role"]):
        roles = list(dict.fromkeys(person["role"]))
        raise ConfigError(
            f"nobody in the log {log.name} has this role",
            key="role",
            value=role,
            allowed=", ".join(roles),
            nearest=nearest_name(role, roles),
        )
    person["holds"] = person["role"] == role
    means = person.groupby(["meeting", "holds"], sort=False)[of].mean().unstack()
    means = means.reindex(columns=[True, False]).dropna()
    means = means[(means[True] > 0.0) & (means[False] > 0.0)]
    if means.empty:
        raise ConfigError(
            f"no meeting of the log {log.name} has both this role and others", key="role", value=role
        )
    logs = np.log((means[True] / means[False]).to_numpy(float))
    from scipy import stats  # slow to import

    half = math.nan
    if logs.size > 1:
        half = float(stats.t.ppf(0.975, logs.size - 1) * logs.std(ddof=1) / math.sqrt(logs.size))
    centre = float(logs.mean())
    holders = person[person["holds"] & person["meeting"].isin(means.index)]["speaker"].nunique()
    return RoleRatio(
        ratio=math.exp(centre),
        low=math.exp(centre - half),
        high=math.exp(centre + half),
        above_one=float((logs > 0.0).mean()),
        meetings=int(logs.size),
        persons=int(holders),
    )


@dataclass(frozen=True)
class TurnLengths:
    """Words of the utterances of at least `least` words (not merged to floor turns).

    Attributes
    ----------
    count : int
    mean, median, p90 : float
        Words.
    log_mean, log_sd : float
        Of the natural logarithm.
    mean_of_meetings : float
        Mean over meetings of each meeting's mean length.
    """

    count: int
    mean: float
    median: float
    p90: float
    log_mean: float
    log_sd: float
    mean_of_meetings: float


def turn_lengths(log: TurnLog, least: int = LEAST_WORDS) -> TurnLengths:
    """Return the lengths of turns.

    Raises
    ------
    ConfigError
        When the log is a tally, or has no utterance of `least` words.
    """
    log.require_order("turn lengths")
    kept = log.frame[log.frame["words"] >= max(least, 1)]
    if kept.empty:
        raise ConfigError(
            f"no turn of the log {log.name} has {least} words or more", key="least", value=least
        )
    words = kept["words"].to_numpy(float)
    logs = np.log(words)
    return TurnLengths(
        count=words.size,
        mean=float(words.mean()),
        median=float(np.median(words)),
        p90=float(np.quantile(words, 0.9)),
        log_mean=float(logs.mean()),
        log_sd=float(logs.std(ddof=1)) if words.size > 1 else math.nan,
        mean_of_meetings=float(kept.groupby("meeting")["words"].mean().mean()),
    )


def stability(log: TurnLog, first_part: float = 0.25, least: int = LEAST_WORDS) -> float:
    """Return how far early shares of words foretell later ones: mean over meetings of their correlation.

    Parameters
    ----------
    log : TurnLog
    first_part : float
        Share of the meeting's floor turns that is early.

    Returns
    -------
    float
        NaN when no meeting has three speakers with varying shares in both parts.
    """
    found: list[float] = []
    for _, turns in floor_turns(log, least).groupby("meeting", sort=False):
        codes, names = pd.factorize(turns["speaker"])
        cut = round(first_part * len(turns))
        words = turns["words"].to_numpy(float)
        early = np.bincount(codes[:cut], weights=words[:cut], minlength=len(names))
        late = np.bincount(codes[cut:], weights=words[cut:], minlength=len(names))
        if len(names) >= 3 and early.std() > 0.0 and late.std() > 0.0:
            found.append(float(np.corrcoef(early, late)[0, 1]))
    return float(np.mean(found)) if found else math.nan


def session_stability(log: TurnLog, team: Callable[[str], str], least: int = LEAST_WORDS) -> float:
    """Return how far people's shares of words persist from one session of a team to its next.

    Parameters
    ----------
    log : TurnLog
        Sessions in the order in which they were held.
    team : callable
        The team that met, from a meeting's name (for AMI meetings ``lambda name: name[:-1]``).

    Returns
    -------
    float
        Mean, over pairs of consecutive sessions, of the correlation of word shares over the people who
        spoke in both (three or more, with varying shares); NaN when there is no such pair.
    """
    shares = {
        str(name): rows.set_index("speaker")["word_share"]
        for name, rows in people(log, least).groupby("meeting")
    }
    last: dict[str, str] = {}
    found: list[float] = []
    for meeting in log.meetings:
        group = team(meeting)
        if group in last:
            both = pd.concat([shares[last[group]], shares[meeting]], axis=1, join="inner").to_numpy(float)
            if len(both) >= 3 and (both.std(axis=0) > 0.0).all():
                found.append(float(np.corrcoef(both[:, 0], both[:, 1])[0, 1]))
        last[group] = meeting
    return float(np.mean(found)) if found else math.nan
