"""The order of turns: what the times of a log say about it, and what the order of the file says.

Overlapping turns stand in a file in no strict order of their starts, and are sorted. A start that falls *far*
behind is news about the file instead: a recording that was stopped and began again, several files joined, a
clock that passed midnight or noon or fell back to nothing. Then the file's own order holds, and times go on
counting. Rows that stand speaker by speaker, newest first, or in no order of time at all are put in order of
time. Whatever was done is said.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosim.meeting_logs.clock import DAY, HALF_DAY

FAR: Final = 60.0
"""Seconds by which a start must fall behind an earlier one to be news about the file."""

_NEAR_START: Final = 0.2  # of the part so far: a smaller fall that goes back to its beginning is one too
_LEAST_FALL: Final = 10.0
_LEAST_PART: Final = 3  # rows to a part, on average; with fewer the rows are in no order of time
_WRAP: Final = 3600.0  # the longest silence across midnight or noon

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass
class Meeting:
    """The times of one meeting, in the order of the file, or of turn numbers where there are such.

    Attributes
    ----------
    start, end : float array
        Seconds, NaN where not known.
    speaker, role, line, file : int array
        Codes; line and file for messages, and a file change is always a new part.
    clock : bool
        Whether times are written as clocks (which can pass midnight and noon).
    half_days : bool
        Whether they are written with AM or PM (which pass midnight only).
    dated : bool
        Whether they are dates, which are never set back.
    numbered : bool
        Whether the rows are in order of turn numbers, so that nothing is sorted.
    """

    start: Floats
    end: Floats
    speaker: Whole
    role: Whole
    line: Whole
    file: Whole
    clock: bool = False
    half_days: bool = False
    dated: bool = False
    numbered: bool = False


@dataclass
class Ordered:
    """Rows in speaking order.

    Attributes
    ----------
    sequence : int array
        Places of the rows in the order in which they were spoken.
    start, end : float array
        Times by place in the file, counted on across the parts; NaN where they are out of line.
    parts, midnights, noons : list of int
        Places at which a new part, a new day or a new half of the day begins.
    strays : list of int
        Places whose times do not belong where they stand; the rows stay, without times.
    sorted_by : {"", "speaker", "reversed", "time"}
        Why rows that stood far from their time were put in order of time.
    """

    sequence: Whole
    start: Floats
    end: Floats
    parts: list[int] = field(default_factory=list)
    midnights: list[int] = field(default_factory=list)
    noons: list[int] = field(default_factory=list)
    strays: list[int] = field(default_factory=list)
    sorted_by: str = ""


def in_order(meeting: Meeting) -> Ordered:
    """Put the rows of one meeting into the order in which they were spoken."""
    start, size = meeting.start, len(meeting.start)
    joined = [int(place) + 1 for place in np.flatnonzero(np.diff(meeting.file))]
    if np.isnan(start).all() or (
        not joined and not (np.diff(start) < 0.0).any() and not np.isnan(start).any()
    ):
        found = Ordered(np.arange(size), start.copy(), meeting.end.copy())
        return _count_on(meeting, found, [], joined) if joined else found
    if meeting.dated and not meeting.numbered:
        return _sorted(meeting, "reversed" if _is_reversed(start) else "")
    falls, strays = _falls(meeting)
    falls = sorted(set(falls) | set(joined)) if not meeting.dated else falls
    if not meeting.numbered and falls and not joined:
        why = _unordered(meeting, falls)
        if why:
            return _sorted(meeting, why)
    found = Ordered(np.arange(size), start.copy(), meeting.end.copy(), strays=strays)
    return _count_on(meeting, found, falls, joined)


def _falls(meeting: Meeting) -> tuple[list[int], list[int]]:
    """Return the places where a new part begins, and those of single rows whose time is out of line."""
    starts, ends = meeting.start.tolist(), meeting.end.tolist()
    falls: list[int] = []
    strays: list[int] = []
    first, latest, place = 0, -math.inf, 0
    while place < len(starts):
        begin = starts[place]
        if begin < latest - _LEAST_FALL:  # which NaN is not
            reach = begin if math.isnan(ends[place]) else ends[place]
            fall = latest - max(begin, min(reach, begin + FAR))  # a long turn that overlaps is no fall
            if fall > FAR or (fall >= _LEAST_FALL and _to_the_start(meeting, first, place, latest)):
                back = _back_again(meeting.start, place, latest)
                if back is not None:
                    strays.extend(range(place, back))
                    place = back
                    continue
                falls.append(place)
                first, latest = place, -math.inf
        if not math.isnan(begin):
            latest = max(latest, begin)
        place += 1
    return falls, strays


def _to_the_start(meeting: Meeting, first: int, place: int, latest: float) -> bool:
    """Say whether a fall goes back to where a part of several speakers began, as a new recording does."""
    origin = meeting.start[first]
    if place - first < _LEAST_PART or meeting.start[place] > origin + _NEAR_START * (latest - origin):
        return False
    return len(np.unique(meeting.speaker[first:place])) > 1


def _back_again(start: Floats, place: int, latest: float) -> int | None:
    """Return where the times go on as before after a few rows that fell back, or None if they do not."""
    at = place
    while at < len(start) and (math.isnan(start[at]) or start[at] < latest - _LEAST_FALL):
        at += 1
    if at == len(start) or at - place > max(3, len(start) // 20):
        return None
    fell, rose = latest - start[place], start[at] - start[place:at][~np.isnan(start[place:at])][-1]
    return at if rose > fell / 2.0 and rose > FAR / 2.0 else None


def _unordered(meeting: Meeting, falls: Sequence[int]) -> str:
    """Say why rows with such falls are in no order of time, or return nothing where they are parts."""
    if _is_reversed(meeting.start):
        return "reversed"
    for codes in (meeting.speaker, meeting.role):
        runs = np.flatnonzero(np.diff(codes)) + 1
        blocks = len(runs) + 1
        if blocks == len(np.unique(codes)) > 1 and len(codes) > blocks and set(falls) <= set(runs.tolist()):
            return "speaker"
    least = _LEAST_PART * (len(falls) + 1)
    return "time" if len(meeting.start) < least else ""


def _is_reversed(start: Floats) -> bool:
    steps = np.diff(start)
    return len(start) > 3 and bool((steps <= 0.0).all()) and bool((steps < 0.0).any())


def _sorted(meeting: Meeting, why: str) -> Ordered:
    start = meeting.start
    if why == "reversed":
        return Ordered(np.arange(len(start))[::-1].copy(), start.copy(), meeting.end.copy(), sorted_by=why)
    sequence = np.argsort(_known(start), kind="stable")
    return Ordered(sequence, start.copy(), meeting.end.copy(), sorted_by=why)


def _known(start: Floats) -> Floats:
    """Return starts in which what is not known is taken from the row before."""
    filled = start.copy()
    for place in np.flatnonzero(np.isnan(filled)):
        filled[place] = filled[place - 1] if place else -math.inf
    return filled


def _count_on(meeting: Meeting, found: Ordered, falls: Sequence[int], joined: Sequence[int]) -> Ordered:
    """Let the times of each part go on where those of the one before ended, and sort within parts."""
    start, end = found.start, found.end
    for place in found.strays:
        start[place] = end[place] = math.nan
    starts = sorted({*falls, *joined})
    bounds = [0, *starts, len(start)]
    offset, reached = 0.0, 0.0
    for number, (begin, stop) in enumerate(itertools.pairwise(bounds)):
        part = slice(begin, stop)
        if number and not meeting.dated:
            added = _offset(meeting, found, begin, part, offset, reached, begin in joined)
            if added is not None:
                offset, where = added
                where.append(begin)
        start[part] += offset
        end[part] += offset
        times = np.concatenate([start[part], end[part]])
        if not np.isnan(times).all():
            reached = float(np.nanmax(times))
    if not meeting.numbered:
        order = [np.argsort(_known(start[a:b]), kind="stable") + a for a, b in itertools.pairwise(bounds)]
        found.sequence = np.concatenate(order)
    return found


def _offset(
    meeting: Meeting, found: Ordered, begin: int, part: slice, offset: float, reached: float, joined: bool
) -> tuple[float, list[int]] | None:
    """Return what is added to the times of a part, and the list that it is counted in.

    None where nothing is: another file goes on where the clock of the one before had come to.
    """
    known = meeting.start[part][~np.isnan(meeting.start[part])]
    if not known.size or (joined and known[0] + offset >= reached > 0.0):
        return None
    if meeting.clock and not joined:
        before = found.start[:begin]
        before = before[~np.isnan(before)]
        latest = float(before[-1]) - offset if before.size else 0.0
        for turn, where in ((HALF_DAY, found.noons), (DAY, found.midnights)):
            if turn == HALF_DAY and meeting.half_days:
                continue
            if 0.0 <= known[0] + turn - latest <= _WRAP:
                return offset + turn, where
    return reached, found.parts
