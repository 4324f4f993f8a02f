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

_JOINERS = "\u200c\u200d"  # between letters of some scripts, and in emoji
_Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
_Whole = Mapping[str, np.ndarray[tuple[int], np.dtype[np.int64]]]
_Real = Mapping[str, _Floats]


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

    Attributes
    ----------
    dated : bool
        Whether times are dates, so that only their differences within a meeting say something.
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
        self.dated = False

    def error(
        self,
        message: str,
        line: int | None = None,
        key: str | None = None,
        value: object = None,
        allowed: str | None = None,
    ) -> ConfigError:
        """Return (not raise) an error about a line of the file."""
        return ConfigError(message, file=self.file, line=line, key=key, value=value, allowed=allowed)

    def add(self, row: Utterance) -> None:
        """Take one utterance.

        Raises
        ------
        ConfigError
            When it has no speaker, negative or backward times, no amount of speech, a negative number of
            turns, or a speaker whose role differs from an earlier line of the same meeting.
        """
        speaker = self._speakers.tidy(row.speaker)
        if not speaker:
            raise self.error("nobody is named as the speaker", row.line, "speaker")
        start, end = self._times(row)
        words = self._words(row, start, end)
        if row.turns is not None and not 0.0 <= row.turns <= MAX_WORDS:
            raise self.error("not a number of turns", row.line, "turns", row.turns, "0 or more")
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
                raise self.error("a time cannot be negative", row.line, key, value, "0 or more")
        start, end = NAN if row.start is None else row.start, NAN if row.end is None else row.end
        if end < start:
            told = f"the turn ends before it starts (at {start:g} s)"
            raise self.error(told, row.line, "end_s", row.end)
        for key, seconds in (("end_s", end - start), ("duration", row.seconds or 0.0)):
            if seconds > MAX_SECONDS:
                told = "nobody holds the floor for more than a day; are the times in milliseconds?"
                raise self.error(told, row.line, key, seconds, "seconds")
        return start, end

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
            When there are no utterances, nobody says anything, one person alone does in a meeting, two turns
            of a meeting have one number, the times that words are estimated from span more than a day, or a
            role was given to somebody who never speaks.
        """
        if not self._whole["line"]:
            raise self.error("the file has no turns: nothing stands below its header")
        whole = {name: np.frombuffer(values, dtype=np.int64) for name, values in self._whole.items()}
        real = {name: np.frombuffer(values, dtype=np.float64) for name, values in self._real.items()}
        silent = self._silent_meetings(whole, real)
        self._check_names()
        sequence = self._sequence(whole, real)
        start, end = self._within_a_day(whole, real)
        frame = pd.DataFrame(
            {
                "meeting": self._meetings.of(self._whole["meeting"]),
                "speaker": self._speakers.of(self._whole["speaker"]),
                "role": self._roles.of(self._whole["role"]),
                "words": real["words"],
                "start_s": start,
                "end_s": end,
            }
        )
        if tally:
            frame["turns"] = real["turns"]
        frame = frame.iloc[sequence[~np.isin(whole["meeting"][sequence], silent)]]
        frame.insert(1, "turn", frame.groupby("meeting", sort=False).cumcount() + 1)
        if self._estimated:
            self.notes.append(f"the log has no words: they are estimated at {self.pace:g} a second")
        return TurnLog(
            frame.reset_index(drop=True), str(self.file), self._estimated, tally, tuple(self.notes)
        )

    def _silent_meetings(self, whole: _Whole, real: _Real) -> list[int]:
        """Return the codes of the meetings in which nobody says anything; they are left out.

        Raises
        ------
        ConfigError
            When they are all, or when somebody is alone in saying something in a meeting.
        """
        says = (real["words"] > 0.0) | (real["turns"] > 0.0)
        pairs = np.unique(np.stack([whole["meeting"][says], whole["speaker"][says]]), axis=1)
        counts = np.bincount(pairs[0], minlength=len(self._meetings.codes))
        silent = []
        for meeting, code in self._meetings.codes.items():
            first = int(whole["line"][int(np.argmax(whole["meeting"] == code))])
            if counts[code] == 1:
                speaker = list(self._speakers.codes)[int(pairs[1][int(np.argmax(pairs[0] == code))])]
                told = f"only {speaker!r} speaks in the meeting {meeting!r}"
                raise self.error(f"{told}; shares of talk need two speakers or more", first)
            if counts[code] == 0 and not says.any():
                told = f"nobody says anything in the meeting {meeting!r}"
                raise self.error(f"{told}; shares of talk need two speakers or more", first)
            if counts[code] == 0:
                silent.append(code)
        if silent:
            names = list(self._meetings.codes)
            shown = ", ".join(repr(names[code]) for code in silent[:3]) + (" ..." if len(silent) > 3 else "")
            self.notes.append(f"meetings in which nobody says anything are left out: {shown}")
        return silent

    def _check_names(self) -> None:
        for name in self.roles:
            if name not in self._speakers.codes:
                near = nearest_name(name, self._speakers.codes)
                told = "a role was given to somebody who does not speak in this log"
                raise ConfigError(told, file=self.file, key="--role", value=name, nearest=near)
        folded: dict[str, str] = {}
        for name in self._speakers.codes:
            other = folded.setdefault(name.casefold(), name)
            if other != name:
                self.notes.append(f"{other!r} and {name!r} are counted as two people")

    def _within_a_day(self, whole: _Whole, real: _Real) -> tuple[_Floats, _Floats]:
        """Return starts and ends, from each meeting's first on where they are dates.

        Of a meeting that would last more than a day they are NaN.

        Raises
        ------
        ConfigError
            When the words are estimated from such times.
        """
        meeting, start, end = whole["meeting"], real["start"], real["end"]
        first = np.full(len(self._meetings.codes), math.inf)
        last = np.full(len(self._meetings.codes), -math.inf)
        for times in (start, end):
            np.fmin.at(first, meeting, times)
            np.fmax.at(last, meeting, times)
        long = (last - first)[meeting] > MAX_SECONDS
        if long.any():
            name = list(self._meetings.codes)[meeting[int(np.argmax(long))]]
            told = f"the times of the meeting {name!r} span more than a day"
            if self._estimated:
                line = int(whole["line"][int(np.argmax(long))])
                told = f"{told}; are they in milliseconds?"
                raise self.error(told, line, "start_s", allowed="seconds, a clock, or date and time")
            self.notes.append(f"{told}: such times give the order of turns and are left out otherwise")
            start, end = np.where(long, NAN, start), np.where(long, NAN, end)
        return (start - first[meeting], end - first[meeting]) if self.dated else (start, end)

    def _sequence(self, whole: _Whole, real: _Real) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
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
    """Return a name without surrounding or doubled spaces and invisible characters, in one Unicode form."""
    name = unicodedata.normalize("NFC", name)
    if not name.isprintable():
        name = "".join(letter for letter in name if letter.isspace() or _is_seen(letter))
    return " ".join(name.split()).strip(_JOINERS)


def _is_seen(letter: str) -> bool:
    """Say whether a character shows, or joins those beside it as some scripts need."""
    hidden = unicodedata.category(letter) in ("Cc", "Cf", "Cs") or letter in "\ufffe\uffff"
    return letter in _JOINERS or not hidden
