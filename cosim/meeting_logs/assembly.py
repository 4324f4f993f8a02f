"""From the rows of a file to a log: one place decides units, amounts, people and order, for every format."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.errors import ConfigError, nearest_name
from cosim.meeting_logs.clock import epoch_unit, frame_rate, frames, with_frames
from cosim.meeting_logs.omissions import say_faults, say_unnamed
from cosim.meeting_logs.ordering import Meeting, in_order
from cosim.meeting_logs.pace import UNITS, unit_of
from cosim.meeting_logs.pieces import GAP, SHORT, is_in_pieces, joined
from cosim.meeting_logs.repeats import SHARE
from cosim.meeting_logs.spellings import alike, name_words, same_people
from cosim.meeting_logs.turn_log import NO_ROLE, TurnLog
from cosim.meeting_logs.utterances import Rows
from cosim.meeting_logs.word_count import LETTERS_PER_WORD, without_spaces

MAX_SECONDS = 86_400.0
MANY = 8
"""People above which it is asked whether nearly every utterance has a speaker of its own."""

_PLACED = ("parts", "midnights", "noons", "strays", "numbers")

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def assemble(rows: Rows, *, tally: bool = False) -> TurnLog:
    """Put a log together.

    Parameters
    ----------
    rows : Rows
        What was read.
    tally : bool
        Whether rows are totals per person.

    Raises
    ------
    ConfigError
        When too much cannot be read or names nobody, there are no utterances, nobody says anything, one
        person alone does in a meeting, two turns of a meeting have one number, a turn lasts more than a day,
        the times that words are estimated from span more than a day, or a role was given to somebody who
        never speaks.
    """
    return _Assembly(rows).log(tally)


@dataclass
class _Assembly:
    rows: Rows
    timed: bool = True
    order: dict[str, list[int]] = field(default_factory=dict)

    def log(self, tally: bool) -> TurnLog:
        rows = self.rows
        say_faults(rows)
        say_unnamed(rows)
        if not rows.whole["line"]:
            raise rows.error("the file has no turns: nothing stands below its header")
        self.whole = {name: np.frombuffer(values, dtype=np.int64) for name, values in rows.whole.items()}
        self.real = {name: np.frombuffer(values, dtype=np.float64) for name, values in rows.real.items()}
        self.start, self.end, self.seconds = (self.real[name].copy() for name in ("start", "end", "seconds"))
        self.speaker = self._one_person_each()
        self.words, shown_before = self._counted()
        self._units()
        self._long_turns()
        self._estimate()
        silent = self._silent_meetings()
        self._check_names()
        sequence = self._sequence(tally)
        if not self.timed:
            self.start, self.end = (np.full_like(times, math.nan) for times in (self.start, self.end))
        self._within_a_day()
        self._say_order()
        kept = ~np.isin(self.whole["meeting"][sequence], silent) & ~shown_before[sequence]
        frame = self._frame(sequence[kept], tally)
        frame.insert(1, "turn", frame.groupby("meeting", sort=False).cumcount() + 1)
        people = len(np.unique(self.speaker))
        if not tally and people > MANY and 2 * people > len(self.speaker):
            told = f"{people} people speak in {len(self.speaker)} {rows.noun}"
            rows.notes.append(f"{told}: is that who spoke, or does a number or time stand in the names?")
        if rows.estimated:
            rows.notes.append(f"the log has no words: they are estimated at {rows.pace:g} a second")
        notes = tuple(dict.fromkeys(rows.notes))
        more = len(set(rows.files)) - 1
        name = f"{rows.files[0]} and {more} more" if more else str(rows.files[0])
        return TurnLog(frame.reset_index(drop=True), name, rows.estimated, tally, notes)

    def _error(
        self,
        place: int,
        message: str,
        key: str | None = None,
        value: object = None,
        allowed: str | None = None,
    ) -> ConfigError:
        at = ConfigError(message, file=self.rows.files[int(self.whole["file"][place])])
        found = self.rows.error(message, int(self.whole["line"][place]), key, value, allowed)
        return ConfigError(
            message, file=at.file, line=found.line, key=found.key, value=value, allowed=allowed
        )

    def _lines(self, places: list[int]) -> str:
        """Name lines of the file, the first three."""
        shown = []
        for place in places[:3]:
            line = f"{self.whole['line'][place]:,}"
            several = len(set(self.rows.files)) > 1
            shown.append(
                f"{line} of {self.rows.files[int(self.whole['file'][place])].name!r}" if several else line
            )
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        return f"{self.rows.place}{'' if len(places) == 1 else 's'} {', '.join(shown)}{more}"

    def _one_person_each(self) -> Whole:
        """Return the speakers' codes, those of one person made one."""
        rows = self.rows
        codes = rows.speakers.codes
        merged = same_people(codes, (*rows.roles, *rows.usual_roles))
        if not merged:
            return self.whole["speaker"]
        to = np.arange(len(codes))
        for name, target in merged.items():
            to[codes[name]] = codes[target]
            rows.notes.append(f"{name!r} is counted as {target!r}")
        speaker: Whole = to[self.whole["speaker"]]
        self._one_role_each(speaker)
        return speaker

    def _one_role_each(self, speaker: Whole) -> None:
        """Give merged people the role of whichever spelling has one."""
        role = self.whole["role"].copy()
        none = self.rows.role_names.codes.get(NO_ROLE, -1)
        seen: dict[tuple[int, int], int] = {}
        pairs = list(zip(self.whole["meeting"].tolist(), speaker.tolist(), strict=True))
        for place, pair in enumerate(pairs):
            if role[place] == none:
                continue
            if role[seen.setdefault(pair, place)] != role[place]:
                name = list(self.rows.speakers.codes)[pair[1]]
                raise self._error(place, f"{name!r} has another role under another spelling", "role")
        for place, pair in enumerate(pairs):
            role[place] = role[seen[pair]] if pair in seen else role[place]
        self.whole["role"] = role

    def _counted(self) -> tuple[Floats, NDArray[np.bool_]]:
        """Return words (NaN: to be estimated), and which rows only show again what was shown before."""
        rows, words, again = self.rows, self.real["words"], self.real["again"]
        nothing = np.zeros(len(words), dtype=bool)
        if rows.estimated:
            return words, nothing
        if rows.repeating > max(2.0, SHARE * len(words)):
            left = float(again.sum())
            told = f"captions that repeat what was on the screen are counted once ({left:,.0f} of"
            rows.notes.append(f"{told} {words.sum():,.0f} words are left out)")
            nothing = (again > 0.0) & (again == words)
            self._show_longer(nothing)
            words = words - again
        if not without_spaces("".join(rows.sample)):
            return words, nothing
        if not np.isnan(self.real["seconds"]).any():
            rows.notes.append("the script puts no spaces between words: amounts are estimated from times")
            rows.estimated = True
            return np.full(len(words), math.nan), nothing
        told = f"amounts are estimated from letters, {LETTERS_PER_WORD:g} to a word"
        rows.notes.append(f"the script puts no spaces between words: {told}")
        return np.round(self.real["letters"] / LETTERS_PER_WORD), nothing

    def _show_longer(self, nothing: NDArray[np.bool_]) -> None:
        """Let an utterance last as long as it is shown, again and again."""
        last: dict[tuple[int, int], int] = {}
        for place, key in enumerate(zip(self.whole["meeting"].tolist(), self.speaker.tolist(), strict=True)):
            if not nothing[place]:
                last[key] = place
            elif key in last:
                self.end[last[key]] = np.fmax(self.end[last[key]], self.end[place])
                self.seconds[last[key]] += self.seconds[place]

    def _units(self) -> None:
        rows = self.rows
        if "frames" in rows.kinds:
            self._frames()
        if rows.kinds == {"epoch"} and rows.unit is None:
            self._since_1970()
            return
        if rows.unit is not None and (rows.kinds | rows.lasting) - {"number", "epoch"}:
            told = "the times are no plain numbers, and have units of their own"
            raise ConfigError(told, file=rows.files[0], key="--unit", value=rows.unit)
        if rows.unit is not None:
            factor, note = UNITS[rows.unit], ""
        else:
            kinds = rows.kinds | rows.lasting
            found = unit_of(self.whole["meeting"], self.words, self.start, self.seconds, kinds)
            factor, note = found.factor, found.note
        if note:
            rows.notes.append(note)
        self.timed = not math.isnan(factor)
        if self.timed and factor != 1.0:
            self.start, self.end = self.start * factor, self.end * factor
            self.seconds = self.seconds * factor

    def _since_1970(self) -> None:
        unit = epoch_unit(float(np.nanmax(np.concatenate([self.start, self.end])))) or 1.0
        if not self.rows.lasting:
            self.seconds = self.seconds * unit
        self.start, self.end = self.start * unit, self.end * unit
        self.rows.kinds.add("date")

    def _frames(self) -> None:
        times = np.concatenate([self.start, self.end])
        times = times[~np.isnan(times)]
        rate = frame_rate(max(frames(value) for value in times.tolist()))
        self.start, self.end = (
            np.array([with_frames(value, rate) for value in given.tolist()])
            for given in (self.start, self.end)
        )
        lasts = self.end - self.start
        self.seconds = np.where(np.isnan(lasts), self.seconds, lasts)
        self.rows.notes.append(f"times with frames are read at {rate} frames a second")

    def _long_turns(self) -> None:
        for key, lasts in (("end_s", self.end - self.start), ("duration", self.seconds)):
            if (lasts > MAX_SECONDS).any():
                place = int(np.argmax(lasts > MAX_SECONDS))
                told = "nobody holds the floor for more than a day; are the times in milliseconds?"
                allowed = "seconds; or --unit milliseconds"
                raise self._error(place, told, key, float(lasts[place]), allowed)

    def _estimate(self) -> None:
        if self.rows.estimated:
            self.words = self.seconds * self.rows.pace

    def _silent_meetings(self) -> list[int]:
        """Return the codes of the meetings in which nobody says anything; they are left out.

        Raises
        ------
        ConfigError
            When they are all, or when somebody is alone in saying something in a meeting.
        """
        rows, meeting = self.rows, self.whole["meeting"]
        says = (self.words > 0.0) | (self.real["turns"] > 0.0)
        pairs = np.unique(np.stack([meeting[says], self.speaker[says]]), axis=1)
        counts = np.bincount(pairs[0], minlength=len(rows.meetings.codes))
        firsts = dict(zip(*(found.tolist() for found in np.unique(meeting, return_index=True)), strict=True))
        silent = []
        for name, code in rows.meetings.codes.items():
            if code not in firsts:
                continue
            if counts[code] == 1:
                speaker = list(rows.speakers.codes)[int(pairs[1][int(np.argmax(pairs[0] == code))])]
                told = f"only {speaker!r} speaks in the meeting {name!r}"
                raise self._error(firsts[code], f"{told}; shares of talk need two speakers or more")
            if counts[code] == 0 and not says.any():
                told = f"nobody says anything in the meeting {name!r}"
                raise self._error(firsts[code], f"{told}; shares of talk need two speakers or more")
            if counts[code] == 0:
                silent.append(code)
        if silent:
            names = list(rows.meetings.codes)
            shown = ", ".join(repr(names[code]) for code in silent[:3]) + (" ..." if len(silent) > 3 else "")
            rows.notes.append(f"meetings in which nobody says anything are left out: {shown}")
        return silent

    def _check_names(self) -> None:
        rows = self.rows
        for name in rows.roles:
            if name not in rows.speakers.codes:
                words = name_words(name)
                same = [one for one in rows.speakers.codes if name_words(one) == words]
                near = same[0] if same else nearest_name(name, rows.speakers.codes)
                told = "a role was given to somebody who does not speak in this log"
                raise ConfigError(told, file=rows.files[0], key="--role", value=name, nearest=near)
        left = set(self.speaker.tolist())
        for one, other in alike(name for name, code in rows.speakers.codes.items() if code in left):
            rows.notes.append(f"{one!r} and {other!r} are counted as two people")

    def _sequence(self, tally: bool) -> NDArray[np.intp]:
        """Return the speaking order: by turn number, else by start and the order of the file."""
        meeting, order = self.whole["meeting"], self.real["order"]
        by_meeting = np.argsort(meeting, kind="stable")
        if tally:
            return by_meeting
        numbered = not np.isnan(order).any()
        bounds = np.flatnonzero(np.diff(meeting[by_meeting])) + 1
        found = []
        for places in np.split(by_meeting, bounds):
            found.append(self._meeting(self._by_number(places) if numbered else places, numbered))
        return np.concatenate(found)

    def _by_number(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the rows of a meeting by turn number; where the numbers begin again, by the file's order."""
        order = self.real["order"][places]
        falls = np.flatnonzero(np.diff(order) <= 0.0) + 1
        unique = len(np.unique(order)) == len(order)
        if (
            not unique
            and len(falls)
            and (order[falls] == order[0]).all()
            and len(order) > 2 * (len(falls) + 1)
        ):
            self.order.setdefault("numbers", []).extend(places[falls].tolist())
            return places
        places = places[np.argsort(order, kind="stable")]
        same = np.flatnonzero(np.diff(self.real["order"][places]) == 0.0)
        if same.size:
            first, second = sorted(places[same[0] : same[0] + 2].tolist())
            raise self._error(
                second, f"this turn has the same number as line {self.whole['line'][first]}", "turn"
            )
        return places

    def _meeting(self, places: NDArray[np.intp], numbered: bool) -> NDArray[np.intp]:
        """Return the rows of one meeting in speaking order, and count their times on."""
        rows = self.rows
        found = in_order(
            Meeting(
                self.start[places],
                self.end[places],
                self.speaker[places],
                self.whole["role"][places],
                self.whole["line"][places],
                self.whole["file"][places],
                clock=bool(rows.kinds & {"short", "clock", "half_day", "frames"}),
                half_days="half_day" in rows.kinds,
                dated="date" in rows.kinds,
                numbered=numbered,
            )
        )
        self.start[places], self.end[places] = found.start, found.end
        for kind in _PLACED:
            at = getattr(found, kind, [])
            if at:
                self.order.setdefault(kind, []).extend(int(places[i]) for i in at)
        if found.sorted_by:
            self.order.setdefault(found.sorted_by, []).append(int(places[0]))
        return places[found.sequence]

    def _say_order(self) -> None:
        for kind, told in (
            ("parts", "times begin again at {}: a new part of the meeting, in the order of the file"),
            ("numbers", "turn numbers begin again at {}: the order of the file holds"),
            ("midnights", "the clock passes midnight at {}: the order of the file holds"),
            ("noons", "the clock passes 12 o'clock at {}: the order of the file holds"),
            ("strays", "the times of {} do not fit those around: the rows stay in place, without times"),
            ("speaker", "the file stands speaker by speaker{}: it is put in order of time"),
            ("reversed", "the file begins with the last turn{}: its order is reversed"),
            ("time", "the rows are in no order of time{}: they are put in order of their starts"),
        ):
            places = self.order.get(kind)
            if places is None:
                continue
            several = len(self.rows.meetings.codes) > 1
            where = (
                self._lines(places) if kind in _PLACED else f" ({self._lines(places)} on)" if several else ""
            )
            self._note(told.format(where))

    def _note(self, told: str) -> None:
        self.rows.notes.append(told)

    def _within_a_day(self) -> None:
        """Count dates from each meeting's first on; of a meeting of more than a day, forget the times.

        Raises
        ------
        ConfigError
            When the words are estimated from such times.
        """
        rows, meeting = self.rows, self.whole["meeting"]
        first = np.full(len(rows.meetings.codes), math.inf)
        last = np.full(len(rows.meetings.codes), -math.inf)
        for times in (self.start, self.end):
            np.fmin.at(first, meeting, times)
            np.fmax.at(last, meeting, times)
        long = (last - first)[meeting] > MAX_SECONDS
        if long.any():
            place = int(np.argmax(long))
            name = list(rows.meetings.codes)[meeting[place]]
            told = f"the times of the meeting {name!r} span more than a day"
            if rows.estimated:
                told = f"{told}; are they in milliseconds?"
                raise self._error(place, told, "start_s", allowed="seconds, a clock, or date and time")
            self._note(f"{told}: such times give the order of turns and are left out otherwise")
            self.start, self.end = (np.where(long, math.nan, times) for times in (self.start, self.end))
        if "date" in rows.kinds:
            self.start, self.end = self.start - first[meeting], self.end - first[meeting]

    def _frame(self, sequence: NDArray[np.intp], tally: bool) -> pd.DataFrame:
        rows = self.rows
        frame = pd.DataFrame(
            {
                "meeting": rows.meetings.of(self.whole["meeting"]),
                "speaker": rows.speakers.of(self.speaker),
                "role": rows.role_names.of(self.whole["role"]),
                "words": self.words,
                "start_s": self.start,
                "end_s": self.end,
            }
        )
        if tally:
            return frame.assign(turns=self.real["turns"]).iloc[sequence]
        frame = frame.iloc[sequence]
        meeting, speaker = self.whole["meeting"][sequence], self.speaker[sequence]
        words, start, end = (values[sequence] for values in (self.words, self.start, self.end))
        if not is_in_pieces(meeting, speaker, words, start, end):
            return frame
        first = joined(meeting, speaker, words, start, end)
        pieces = frame.groupby(first, sort=True)
        whole = pieces.first().assign(words=pieces["words"].sum(), end_s=pieces["end_s"].max())
        told = f"{len(frame):,} {rows.noun} are mostly of under {SHORT} words"
        self._note(f"{told}: what one speaker says within {GAP:g} s is joined, to {len(whole):,} utterances")
        return whole[list(frame.columns)]
