"""Utterances as they are read from a file, in whatever format: counted and checked one by one."""

from __future__ import annotations

import math
import unicodedata
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from cosim.errors import ConfigError
from cosim.meeting_logs.nobody import is_nobody
from cosim.meeting_logs.repeats import CLEAR, Repeats
from cosim.meeting_logs.turn_log import NO_ROLE, WORDS_PER_SECOND
from cosim.meeting_logs.word_count import count_letters, count_words

NAN = math.nan
MAX_WORDS = 1_000_000
UNNAMED: Final = ("leave_out", "continue")
"""What may be done with utterances whose speaker is not known."""

MOST_UNNAMED: Final = 20
"""Per cent of the words, in whole numbers as they are shown, that may have no speaker."""

_JOINERS = "\u200c\u200d"  # between letters of some scripts, and in emoji
_SAMPLE = 200


@dataclass(slots=True)
class Utterance:
    """One row of a log as read; what the file does not say is None.

    `speaker` is None, or a word such as ``unknown``, where nobody is named. `text` is counted and forgotten;
    `words` goes before it. `order` is the turn number, `seconds` the time it took when that is given apart
    from start and end, `turns` the number of turns that a tally row stands for, and `shown` until when the
    caption that holds the utterance was on the screen.
    """

    line: int
    speaker: str | None
    meeting: str | None = None
    role: str | None = None
    order: float | None = None
    words: float | None = None
    text: str | None = None
    start: float | None = None
    end: float | None = None
    seconds: float | None = None
    turns: float | None = None
    shown: float | None = None


class Names:
    """Names by code, so that a million rows hold each name once."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self._tidied: dict[str, str] = {}

    def tidy(self, name: str) -> str:
        """Return the name as `tidy` does."""
        known = self._tidied.get(name)
        if known is None:
            known = self._tidied[name] = tidy(name)
        return known

    def code(self, name: str) -> int:
        """Return the code of a name, a new one for a new name."""
        return self.codes.setdefault(name, len(self.codes))

    def of(
        self, codes: np.ndarray[tuple[int], np.dtype[np.int64]]
    ) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        """Return the names of codes."""
        return np.array([*self.codes, ""], dtype=object)[codes]


@dataclass(frozen=True)
class Known:
    """People who are known beforehand.

    Attributes
    ----------
    spellings : mapping
        The name under which each spelling is counted; spellings as written, and casefolded.
    roles : mapping
        The role of each name; they go before the file's own.
    """

    spellings: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Unnamed:
    """Utterances without a speaker: how many, how many words, where the first stands."""

    count: int = 0
    words: float = 0.0
    file: Path | None = None
    line: int = 0
    carried: int = 0


class Rows:
    """Collects utterances and refuses those that cannot be true.

    Parameters
    ----------
    file : Path
    roles : mapping of speaker to role, optional
        Given by the caller; they go before the file's own.
    words_per_second : float
        Pace for logs without words.
    unnamed : {"leave_out", "continue"}
        What is done with utterances that name no speaker.
    unit : str, optional
        Unit of times that are plain numbers, see `pace.UNITS`; by default seconds, unless these cannot be.
    who : Known, optional
        Whose names and roles are known whether they speak or not.

    Attributes
    ----------
    noun : str
        What an utterance is called in messages: "rows", "captions", ...
    place : str
        What is counted where messages say which: lines, or ``segment``.
    doubtful : str
        What a reader of the format has to say of names that it did not take for such.
    one_meeting : bool
        Whether all is one meeting, whatever the file calls it.
    kinds, lasting : set of str
        How starts and ends, and durations, are written, see `clock.Kind`.
    faults : list of ConfigError
        What cannot be read and was left out; refused where it is too much.
    """

    def __init__(
        self,
        file: Path,
        roles: Mapping[str, str] | None = None,
        words_per_second: float = WORDS_PER_SECOND,
        unnamed: str = "leave_out",
        unit: str | None = None,
        who: Known | None = None,
    ) -> None:
        if not (0.0 < words_per_second < 20.0):
            raise ConfigError(
                "the pace must be a number of words per second",
                key="words_per_second",
                value=words_per_second,
                allowed="> 0 and < 20",
            )
        if unnamed not in UNNAMED:
            raise ConfigError("not a known choice", key="unnamed", value=unnamed, allowed=", ".join(UNNAMED))
        self.pace, self.unnamed, self.unit = words_per_second, unnamed, unit
        self.roles = {tidy(name): tidy(role) for name, role in (roles or {}).items()}
        who = who or Known()
        self.spellings, self.usual_roles = dict(who.spellings), dict(who.roles)
        self.notes: list[str] = []
        self.noun, self.place, self.doubtful = "rows", "line", ""
        self.one_meeting = False
        self.kinds: set[str] = set()
        self.lasting: set[str] = set()
        self.faults: list[ConfigError] = []
        self.nobody = Unnamed()
        self.read = 0
        self.meetings, self.speakers, self.role_names = Names(), Names(), Names()
        self.files: list[Path] = []
        self.repeats, self.repeating = Repeats(), 0
        self.sample: list[str] = []
        self.counted = self.estimated = False
        self.whole = {name: array("q") for name in ("meeting", "speaker", "role", "line", "file")}
        self.real = {
            name: array("d")
            for name in ("order", "words", "again", "letters", "start", "end", "seconds", "turns")
        }
        self._role_of: dict[tuple[int, int], tuple[str, int]] = {}
        self._before: dict[str, str] = {}
        self.open(file)

    @property
    def known(self) -> frozenset[str]:
        """Names and spellings that are known to be people's."""
        return frozenset((*self.roles, *self.spellings))

    def open(self, file: Path) -> None:
        """Go on with another file of the same meeting."""
        self.file = file
        self.files.append(file)
        self._before.clear()
        if len(self.files) == 1:
            self._meeting = file.name.removesuffix(".gz").rpartition(".")[0] or file.name

    def error(
        self,
        message: str,
        line: int | None = None,
        key: str | None = None,
        value: object = None,
        allowed: str | None = None,
    ) -> ConfigError:
        """Return (not raise) an error about a line (or segment) of the file."""
        if line is not None and self.place != "line":
            key, line = f"{self.place} {line}{f', {key}' if key else ''}", None
        return ConfigError(message, file=self.file, line=line, key=key, value=value, allowed=allowed)

    def add(self, row: Utterance) -> None:
        """Take one utterance.

        Raises
        ------
        ConfigError
            When it has no amount of speech, a negative number of turns, or a speaker whose role differs from
            an earlier line of the same meeting.
        """
        fault = self._broken_times(row)
        if fault is not None:
            self.fault(fault)
            return
        self.read += 1
        named = None if self.one_meeting else row.meeting
        meeting = self.meetings.tidy(named or self._meeting)
        speaker = self._speaker(row, meeting)
        words, again, letters, seconds = self._amount(row, (meeting, speaker))
        if row.turns is not None and not 0.0 <= row.turns <= MAX_WORDS:
            raise self.error("not a number of turns", row.line, "turns", row.turns, "0 or more")
        if speaker is None:
            self._lose(row.line, words if words is not None else seconds * self.pace)
            return
        start, end = NAN if row.start is None else row.start, NAN if row.end is None else row.end
        meeting_code, speaker_code = self.meetings.code(meeting), self.speakers.code(speaker)
        role = self._role(row, meeting_code, speaker, speaker_code)
        whole, real = self.whole, self.real
        whole["meeting"].append(meeting_code)
        whole["speaker"].append(speaker_code)
        whole["role"].append(self.role_names.code(role))
        whole["line"].append(row.line)
        whole["file"].append(len(self.files) - 1)
        real["order"].append(NAN if row.order is None else row.order)
        real["words"].append(NAN if words is None else words)
        real["again"].append(again)
        real["letters"].append(letters)
        real["start"].append(start)
        real["end"].append(end)
        real["seconds"].append(seconds)
        real["turns"].append(NAN if row.turns is None else row.turns)

    def fault(self, error: ConfigError) -> None:
        """Leave out an utterance that cannot be read; a log with too many of these is refused."""
        self.read += 1
        self.faults.append(error)

    def _broken_times(self, row: Utterance) -> ConfigError | None:
        times = (row.start, row.end, row.seconds)
        for key, value in zip(("start_s", "end_s", "duration"), times, strict=True):
            if value is not None and value < 0.0:
                return self.error("a time cannot be negative", row.line, key, value, "0 or more")
        if row.start is not None and row.end is not None and row.end < row.start:
            told = f"the turn ends before it starts (at {row.start:g} s)"
            return self.error(told, row.line, "end_s", row.end)
        return None

    def _amount(
        self, row: Utterance, who: tuple[str, str | None]
    ) -> tuple[float | None, float, float, float]:
        """Return words (None: to be estimated), those that were shown before, letters and seconds."""
        given = NAN if row.start is None or row.end is None else row.end - row.start
        seconds = given if row.seconds is None else row.seconds
        if row.words is None and row.text is None:
            if math.isnan(seconds):
                told = "this line says neither how many words nor from when to when"
                raise self.error(told, row.line, "words")
            if self.counted:
                raise self.error("this line has no number of words, lines above it have", row.line, "words")
            self.estimated = True
            return None, 0.0, 0.0, seconds
        if self.estimated:
            raise self.error("this line has a number of words, lines above it have none", row.line, "words")
        self.counted = True
        if row.words is not None:
            if not 0.0 <= row.words <= MAX_WORDS:
                told = f"a number of words must lie between 0 and {MAX_WORDS:,}"
                raise self.error(told, row.line, "words", row.words)
            return row.words, 0.0, 0.0, seconds
        text = row.text or ""
        if len(self.sample) < _SAMPLE:
            self.sample.append(text)
        again = self.repeats.of(who, row.line, text, row.start, row.shown or row.end)
        self.repeating += again >= CLEAR
        return float(count_words(text)), float(again), float(count_letters(text)), seconds

    def _speaker(self, row: Utterance, meeting: str) -> str | None:
        """Return who spoke, or None where that is not known and the utterance is left out."""
        name = self.speakers.tidy(row.speaker or "")
        if self.spellings:
            name = self.spellings.get(name) or self.spellings.get(name.casefold(), name)
        if (
            name in self.usual_roles
            or name in self.speakers.codes
            or name in self.roles
            or not is_nobody(name)
        ):
            self._before[meeting] = name
            return name
        if self.unnamed == "continue" and meeting in self._before:
            self.nobody.carried += 1
            return self._before[meeting]
        return None

    def _lose(self, line: int, words: float) -> None:
        lost = self.nobody
        if not lost.count:
            lost.file, lost.line = self.file, line
        lost.count += 1
        lost.words += 0.0 if math.isnan(words) else words

    def _role(self, row: Utterance, meeting: int, speaker: str, code: int) -> str:
        given = self.roles.get(speaker) or self.usual_roles.get(speaker)
        role = given or self.role_names.tidy(row.role or "") or NO_ROLE
        earlier, line = self._role_of.setdefault((meeting, code), (role, row.line))
        if earlier != role:
            told = f"{speaker!r} has another role on line {line} ({earlier!r})"
            raise self.error(told, row.line, "role", role)
        return role


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
