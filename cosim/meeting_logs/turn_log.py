"""A meeting's turn log: who spoke, in what role, how much, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cosim.errors import ConfigError

WORDS_PER_SECOND = 3.0
"""Pace used where a log has times and no words. ICSI meetings: 3.02 words per second of a turn; the 12 AMI
meetings that have both: 2.95 words per second of speech (computed on the logs bundled with cosim)."""

COLUMNS = ("meeting", "turn", "speaker", "role", "words", "start_s", "end_s")
"""Columns of `TurnLog.frame`."""

NO_ROLE = "unknown"
"""Role of a speaker whose role is not given."""


@dataclass(frozen=True)
class TurnLog:
    """The utterances of one or more meetings, in the order in which they were spoken.

    Attributes
    ----------
    frame : DataFrame
        A row per utterance: meeting, turn (counted from 1 in each meeting), speaker, role, words (>= 0),
        start_s and end_s (seconds; NaN where not given). In a tally a row is a person's total, and a further
        column `turns` counts their turns (NaN where not given).
    name : str
        What the log is called in messages and reports.
    estimated : bool
        Whether `words` was estimated from seconds.
    tally : bool
        Whether rows are totals per person, so that the order of turns is not known.
    notes : tuple of str
        What a reader of the results should know about how the log was read.
    """

    frame: pd.DataFrame
    name: str
    estimated: bool = False
    tally: bool = False
    notes: tuple[str, ...] = ()

    @property
    def meetings(self) -> tuple[str, ...]:
        """Names of the meetings, in the order of the log."""
        return tuple(str(name) for name in self.frame["meeting"].unique())

    @property
    def has_roles(self) -> bool:
        """Whether any speaker has a role."""
        return bool((self.frame["role"] != NO_ROLE).any())

    def only(self, meetings: Iterable[str]) -> TurnLog:
        """Return the log of some of the meetings.

        Raises
        ------
        ConfigError
            When the log has no such meeting.
        """
        wanted = list(meetings)
        known = set(self.meetings)
        for meeting in wanted:
            if meeting not in known:
                raise ConfigError(f"the log {self.name} has no such meeting", key="meeting", value=meeting)
        kept = self.frame[self.frame["meeting"].isin(wanted)].reset_index(drop=True)
        return TurnLog(kept, self.name, self.estimated, self.tally, self.notes)

    def require_order(self, purpose: str) -> None:
        """Refuse a tally, whose order of turns is not known.

        Raises
        ------
        ConfigError
            When the log is a tally.
        """
        if self.tally:
            raise ConfigError(
                f"{purpose} needs the order of turns; this log holds one total per person", file=self.name
            )


def turn_log(turns: pd.DataFrame, name: str = "turn log") -> TurnLog:
    """Make a log from a table in memory, such as the turn log of a simulation.

    Parameters
    ----------
    turns : DataFrame
        Columns meeting, speaker and words; optionally turn, role, start_s and end_s. Rows in speaking order.
    name : str

    Raises
    ------
    ConfigError
        When a column is missing, the table is empty, or a number of words is missing, negative or infinite.
    """
    for column in ("meeting", "speaker", "words"):
        if column not in turns.columns:
            raise ConfigError("the table lacks this column", file=name, key=column)
    if turns.empty:
        raise ConfigError("the table has no turns", file=name)
    words = turns["words"].astype(float)
    bad = ~((words >= 0.0) & (words < float("inf")))
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise ConfigError(
            f"row {row}: the number of words must be 0 or more", file=name, value=float(words.iloc[row])
        )
    frame = pd.DataFrame(
        {
            "meeting": turns["meeting"].astype(str).to_numpy(),
            "turn": (turns.groupby("meeting", sort=False).cumcount() + 1).to_numpy(),
            "speaker": turns["speaker"].astype(str).to_numpy(),
            "role": turns["role"].astype(str).to_numpy() if "role" in turns.columns else NO_ROLE,
            "words": words.to_numpy(),
            "start_s": turns["start_s"].to_numpy(float) if "start_s" in turns.columns else float("nan"),
            "end_s": turns["end_s"].to_numpy(float) if "end_s" in turns.columns else float("nan"),
        }
    )
    return TurnLog(frame, name)


def combine(logs: Iterable[TurnLog], name: str = "several logs") -> TurnLog:
    """Put the logs of several meetings together.

    Raises
    ------
    ConfigError
        When there is none, two hold a meeting of one name, or tallies and turn logs are mixed.
    """
    parts = list(logs)
    if not parts:
        raise ConfigError("there is no log to read")
    seen: dict[str, str] = {}
    for part in parts:
        if part.tally != parts[0].tally:
            raise ConfigError("totals per person cannot be put together with turns", file=part.name)
        for meeting in part.meetings:
            if meeting in seen:
                raise ConfigError(f"the meeting {meeting!r} also stands in {seen[meeting]}", file=part.name)
            seen[meeting] = part.name
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    return TurnLog(frame, name, any(part.estimated for part in parts), parts[0].tally, notes)
