"""Utterances as they are read from a file, checked one by one and put together to a log."""

from __future__ import annotations

import math
import unicodedata
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cosim.errors import ConfigError, nearest_name
from cosim.evidence.turn_log import NO_ROLE, WORDS_PER_SECOND, TurnLog

NAN = math.nan
MAX_WORDS = 1_000_000
MAX_SECONDS = 86_400.0


@dataclass(frozen=True)
class Utterance:
    """One row of a log as read; what the file does not say is None.

    `order` is its turn number, `seconds` the time it took when that is given apart from start and end, and
    `turns` the number of turns that a tally row stands for.
    """

    line: int
    speaker: str
    meeting: str | None = None
    role: str | None = None
    order: float | None = None
    words: float | None = None
    start: float | None = None
    end: float | None = None
    seconds: float | None = None
    turns: float | None = None


class _Names:
    """Names by code, so that a million rows hold each name once."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self._tidied: dict[str, str] = {}

    def tidy(self, name: str) -> str:
        known = self._tidied.get(name)
        if known is None:
            known = self._tidied[name] = tidy(name)
        return known

    def code(self, name: str) -> int:
        return self.codes.setdefault(name, len(self.codes))

    def of(self, codes: array[int]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        return np.array(list(self.codes), dtype=object)[np.frombuffer(codes, dtype=np.int64)]


class Rows:
    """Collects utterances and refuses those that cannot be true.

    Parameters
    ----------
    file : Path
    roles : mapping of speaker to role, optional
        Given by the caller; they go before the file's own.
    words_per_second : float
        Pace for logs without words.
    """

    def __init__(
        self, file: Path, roles: Mapping[str, str] | None = None, words_per_second: float = WORDS_PER_SECOND
    ) -> None:
        if not (0.0 < words_per_second < 20.0):
            raise ConfigError(
                "the pace must be a number of words per second",
                key="words_per_second",
                value=words_per_second,
                allowed="> 0 and < 20",
            )
        self.file, self.pace = file, words_per_second
        self.roles = {tidy(name): tidy(role) for name, role in (roles or {}).items()}
        self.notes: list[str] = []
        self._meeting = file.name.removesuffix(".gz").rpartition(".")[0] or file.name
        self._meetings, self._speakers, self._roles = _Names(), _Names(), _Names()
        self._role_of: dict[tuple[int, int], tuple[str, int]] = {}
        self._whole = {name: array("q") for name in ("meeting", "speaker", "role", "line")}
        self._real = {name: array("d") for name in ("order", "words", "start", "end", "turns")}
        self._estimated = self._counted = False

    def error(
        self, message: str, line: int | None = None, key: str | None = None, value: object = None
    ) -> ConfigError:
        """Return (not raise) an error about a line of the file."""
        return ConfigError(message, file=self.file, line=line, key=key, value=value)

    def add(self, row: Utterance) -> None:
        """Take one utterance.

        Raises
        ------
        ConfigError
            When it has no speaker, negative or backward times, no amount of speech, or a speaker whose role
            differs from an earlier line of the same meeting.
        """
        speaker = self._speakers.tidy(row.speaker)
        if not speaker:
            raise self.error("nobody is named as the speaker", row.line, "speaker")
        start, end = self._times(row)
        words = self._words(row, start, end)
        meeting = self._meetings.code(self._meetings.tidy(row.meeting or self._meeting))
        speaker_code = self._speakers.code(speaker)
        role = self._role(row, meeting, speaker, speaker_code)
        whole, real = self._whole, self._real
        whole["meeting"].append(meeting)
        whole["speaker"].append(speaker_code)
        whole["role"].append(self._roles.code(role))
        whole["line"].append(row.line)
        real["order"].append(NAN if row.order is None else row.order)
        real["words"].append(words)
        real["start"].append(start)
        real["end"].append(end)
        real["turns"].append(NAN if row.turns is None else row.turns)

    def _times(self, row: Utterance) -> tuple[float, float]:
        for key, value in (("start_s", row.start), ("end_s", row.end), ("duration", row.seconds)):
            if value is not None and value < 0.0:
                raise self.error("a time cannot be negative", row.line, key, value)
        if row.start is not None and row.end is not None and row.end < row.start:
            told = f"the turn ends before it starts (at {row.start:g} s)"
            raise self.error(told, row.line, "end_s", row.end)
        return NAN if row.start is None else row.start, NAN if row.end is None else row.end

    def _words(self, row: Utterance, start: float, end: float) -> float:
        if row.words is not None:
            self._counted = True
            if self._estimated:
                raise self.error(
                    "this line has a number of words, lines above it have none", row.line, "words"
                )
            if not 0.0 <= row.words <= MAX_WORDS:
                told = f"a number of words must lie between 0 and {MAX_WORDS:,}"
                raise self.error(told, row.line, "words", row.words)
            return row.words
        seconds = row.seconds if row.seconds is not None else end - start
        if math.isnan(seconds):
            raise self.error("this line says neither how many words nor from when to when", row.line, "words")
        if self._counted:
            raise self.error("this line has no number of words, lines above it have", row.line, "words")
        if seconds > MAX_SECONDS:
            raise self.error("nobody holds the floor for more than a day", row.line, "end_s", seconds)
        self._estimated = True
        return seconds * self.pace

    def _role(self, row: Utterance, meeting: int, speaker: str, code: int) -> str:
        role = self.roles.get(speaker) or self._roles.tidy(row.role or "") or NO_ROLE
        earlier, line = self._role_of.setdefault((meeting, code), (role, row.line))
        if earlier != role:
            told = f"{speaker!r} has another role on line {line} ({earlier!r})"
            raise self.error(told, row.line, "role", role)
        return role

    def finish(self, *, tally: bool = False) -> TurnLog:
        """Put the log together.

        Raises
        ------
        ConfigError
            When there are no utterances, a meeting has one speaker only, two turns of a meeting have one
            number, or a role was given to somebody who never speaks.
        """
        if not self._whole["line"]:
            raise self.error("the file has no turns: nothing stands below its header")
        whole = {name: np.frombuffer(values, dtype=np.int64) for name, values in self._whole.items()}
        real = {name: np.frombuffer(values, dtype=np.float64) for name, values in self._real.items()}
        self._check_speakers(whole)
        sequence = self._sequence(whole, real)
        frame = pd.DataFrame(
            {
                "meeting": self._meetings.of(self._whole["meeting"]),
                "speaker": self._speakers.of(self._whole["speaker"]),
                "role": self._roles.of(self._whole["role"]),
                "words": real["words"],
                "start_s": real["start"],
                "end_s": real["end"],
            }
        ).iloc[sequence]
        frame.insert(1, "turn", frame.groupby("meeting", sort=False).cumcount() + 1)
        if tally:
            frame["turns"] = real["turns"][sequence]
        if self._estimated:
            self.notes.append(f"the log has no words: they are estimated at {self.pace:g} a second")
        return TurnLog(
            frame.reset_index(drop=True), str(self.file), self._estimated, tally, tuple(self.notes)
        )

    def _check_speakers(self, whole: Mapping[str, np.ndarray[tuple[int], np.dtype[np.int64]]]) -> None:
        pairs = np.unique(np.stack([whole["meeting"], whole["speaker"]]), axis=1)
        counts = np.bincount(pairs[0], minlength=len(self._meetings.codes))
        for meeting, code in self._meetings.codes.items():
            if counts[code] < 2:
                first = int(whole["line"][int(np.argmax(whole["meeting"] == code))])
                speaker = list(self._speakers.codes)[int(pairs[1][int(np.argmax(pairs[0] == code))])]
                told = f"only {speaker!r} speaks in the meeting {meeting!r}"
                raise self.error(f"{told}; shares of talk need two speakers or more", first)
        for name in self.roles:
            if name not in self._speakers.codes:
                near = nearest_name(name, self._speakers.codes)
                told = "a role was given to somebody who does not speak in this log"
                raise ConfigError(told, file=self.file, key=f"roles.{name}", nearest=near)
        folded: dict[str, str] = {}
        for name in self._speakers.codes:
            other = folded.setdefault(name.casefold(), name)
            if other != name:
                self.notes.append(f"{other!r} and {name!r} are counted as two people")

    def _sequence(
        self,
        whole: Mapping[str, np.ndarray[tuple[int], np.dtype[np.int64]]],
        real: Mapping[str, np.ndarray[tuple[int], np.dtype[np.float64]]],
    ) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Return the speaking order: by turn number, else by start, else as written."""
        meeting, order, start = whole["meeting"], real["order"], real["start"]
        if not np.isnan(order).any():
            sequence = np.lexsort((order, meeting))
            same = (np.diff(meeting[sequence]) == 0) & (np.diff(order[sequence]) == 0)
            if same.any():
                first, second = sorted(int(whole["line"][i]) for i in sequence[np.argmax(same) :][:2])
                raise self.error(f"this turn has the same number as line {first}", second, "turn")
            return sequence
        if not np.isnan(start).any():
            return np.lexsort((start, meeting))
        return np.argsort(meeting, kind="stable")


def tidy(name: str) -> str:
    """Return a name without surrounding or doubled spaces, in one Unicode form."""
    return " ".join(unicodedata.normalize("NFC", name).split())
