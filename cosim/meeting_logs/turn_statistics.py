"""Who speaks how much, and who follows whom: statistics of turn logs, one definition each.

A *floor turn* is a run of one person's utterances of three words or more, once shorter utterances (mostly
back-channels such as "mm-hmm") are taken out. Shares of words count every word; shares of turns, their Gini
and turn-taking count floor turns. Numbers per meeting come first; summaries over meetings are means of
them.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cosim.errors import ConfigError
from cosim.meeting_logs.turn_log import TurnLog

LEAST_WORDS: Final = 3
"""Words below which an utterance is no floor turn. Written chat has no back-channels: use 1 there."""

LEAST_TURNS: Final = 11
"""Floor turns below which a meeting says nothing about who follows whom (`aba` is NaN)."""

Floats = NDArray[np.float64]


def gini(amounts: ArrayLike) -> float:
    """Return the Gini coefficient of amounts >= 0: 0 for equal ones, (n - 1)/n if one has all, NaN for none.

    ``2 * sum(i * x_(i)) / (n * sum(x)) - (n + 1) / n`` over the sorted amounts.
    """
    return float(gini_rows(np.atleast_2d(np.asarray(amounts, dtype=np.float64)))[0])


def gini_rows(amounts: ArrayLike) -> Floats:
    """Return the `gini` of each row of a table of amounts; shape (rows, n) gives shape (rows,)."""
    x = np.sort(np.asarray(amounts, dtype=np.float64), axis=1)
    n, total = x.shape[1], x.sum(axis=1)
    found = np.full(len(x), math.nan)
    some = total > 0.0
    if n:
        found[some] = 2.0 * (x[some] @ np.arange(1.0, n + 1.0)) / (n * total[some]) - (n + 1) / n
    return found


def floor_turns(log: TurnLog, least: int = LEAST_WORDS) -> pd.DataFrame:
    """Return the floor turns: utterances under `least` words dropped, then runs of one speaker merged.

    Parameters
    ----------
    log : TurnLog
    least : int
        1 merges without dropping anything but empty utterances.

    Returns
    -------
    DataFrame
        meeting, turn (from 1), speaker, role, words; a row per floor turn.

    Raises
    ------
    ConfigError
        When the log is a tally.
    """
    log.require_order("counting floor turns")
    if least < 1:
        raise ConfigError("must be at least 1", key="least", value=least)
    kept = log.frame[log.frame["words"] >= least]
    new = (kept["meeting"] != kept["meeting"].shift()) | (kept["speaker"] != kept["speaker"].shift())
    grouped = kept.groupby(new.cumsum().to_numpy(), sort=False)
    merged = grouped.agg(
        meeting=("meeting", "first"),
        speaker=("speaker", "first"),
        role=("role", "first"),
        words=("words", "sum"),
    ).reset_index(drop=True)
    merged.insert(1, "turn", merged.groupby("meeting", sort=False).cumcount() + 1)
    return merged


def turn_taking(turns: pd.DataFrame) -> pd.DataFrame:
    """Return who takes the floor back: a row per meeting of at least `LEAST_TURNS` floor turns.

    Parameters
    ----------
    turns : DataFrame
        As `floor_turns` returns them.

    Returns
    -------
    DataFrame
        Indexed by meeting. aba: share of turns (from the third on) taken by the previous-but-one speaker.
        aba_expected: the same if only shares of turns mattered; with the floor at B, the chance of A, who had
        it before, is A's share of turns among all but B, averaged over the turns that were taken. For ICSI
        meetings it is .33, against .58 observed.
    """
    in_meeting = turns.groupby("meeting", sort=False)["turn"].transform("size")
    own = turns.groupby(["meeting", "speaker"], sort=False)["turn"].transform("size")
    said = turns[["meeting", "speaker"]].assign(share=own / in_meeting)
    by_meeting = said.groupby("meeting", sort=False)
    before, between = by_meeting.shift(2), by_meeting.shift(1)
    table = pd.DataFrame(
        {
            "meeting": turns["meeting"],
            "aba": (turns["speaker"] == before["speaker"]).astype(float),
            "aba_expected": before["share"] / (1.0 - between["share"]),
        }
    )
    counted = (turns["turn"] > 2) & (in_meeting >= LEAST_TURNS)
    return table[counted].groupby("meeting", sort=False).mean()


def people(log: TurnLog, least: int = LEAST_WORDS) -> pd.DataFrame:
    """Return a row per meeting and person who spoke.

    Returns
    -------
    DataFrame
        meeting, speaker, role, n (people who spoke), words, turns (floor turns, or the turns that a tally
        counts), word_share, turn_share (sum to 1 in a meeting), relative_words, relative_turns (share times
        n; 1 is an equal share), rank (1: most words).
    """
    totals = log.frame.groupby(["meeting", "speaker"], sort=False, as_index=False).agg(
        role=("role", "first"), words=("words", "sum")
    )
    if log.tally:
        totals["turns"] = log.frame.groupby(["meeting", "speaker"], sort=False)["turns"].sum().to_numpy(float)
    else:
        counts = floor_turns(log, least).groupby(["meeting", "speaker"], sort=False).size()
        totals["turns"] = counts.reindex(
            pd.MultiIndex.from_frame(totals[["meeting", "speaker"]]), fill_value=0
        ).to_numpy(float)
    totals = totals[(totals["words"] > 0.0) | (totals["turns"] > 0.0)].reset_index(drop=True)
    by_meeting = totals.groupby("meeting", sort=False)
    totals.insert(3, "n", by_meeting["speaker"].transform("size"))
    for name in ("word", "turn"):
        amount, all_of_it = totals[f"{name}s"], by_meeting[f"{name}s"].transform("sum")
        totals[f"{name}_share"] = amount / all_of_it.where(all_of_it > 0.0)
        totals[f"relative_{name}s"] = totals[f"{name}_share"] * totals["n"]
    totals["rank"] = by_meeting["words"].rank(method="first", ascending=False).astype(int)
    return totals


def meetings(log: TurnLog, least: int = LEAST_WORDS) -> pd.DataFrame:
    """Return a row per meeting.

    Returns
    -------
    DataFrame
        meeting, n (people who spoke), words, turns (floor turns), gini_words, gini_turns (over the people
        who spoke), top_share (of words), aba, aba_expected, aba_lift (their ratio). Turn-taking is NaN in a
        tally, and in meetings of fewer than `LEAST_TURNS` floor turns.
    """
    person = people(log, least)
    by_meeting = person.groupby("meeting", sort=False)
    table = by_meeting.agg(
        n=("speaker", "size"), words=("words", "sum"), turns=("turns", "sum"), top_share=("word_share", "max")
    )
    for place, column in enumerate(("words", "turns")):
        found = []
        for n in person["n"].unique().tolist():
            rows = person[person["n"] == n]
            amounts = rows[column].to_numpy(float).reshape(-1, n)
            found.append(pd.Series(gini_rows(amounts), rows["meeting"].unique()))
        table.insert(3 + place, f"gini_{column}", pd.concat(found).reindex(table.index))
    taking = pd.DataFrame(columns=["aba", "aba_expected"], dtype=float)
    if not log.tally:
        taking = turn_taking(floor_turns(log, least))
    table = table.join(taking)
    table["aba_lift"] = table["aba"] / table["aba_expected"]
    return table.reset_index()
