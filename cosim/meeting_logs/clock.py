"""The times of a log, in every way that logs write them: one reader for captions, tables and all else."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

Kind = Literal["number", "epoch", "short", "clock", "half_day", "frames", "span", "date"]
"""How a time is written: a plain number; one so large that it may count from 1970; ``m:ss`` (which could be
``h:mm``); ``h:mm:ss``; with AM or PM; with
frames, ``h:mm:ss:ff``; with units, ``1m 20s``; with a date."""

TIMES: Final = "seconds (83.5), a clock (1:23, 0:01:23.5, 9:05:00 AM) or 2024-05-01 09:05:00"
"""What a time may look like, for messages."""

DAY: Final = 86_400.0
HALF_DAY: Final = 43_200.0
_EPOCH: Final = (1e9, 1e10)  # seconds from 1970 to the years 2001 to 2286
_FRAME_PLACES: Final = 1000.0

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_COLONS = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d+))?")
_FRAMES = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2})[:;](\d{1,2})")
_HALF = re.compile(
    r"(1[0-2]|0?[1-9])(?:[:.](\d{1,2}))?(?:[:.](\d{1,2})(?:[.,](\d+))?)?\s*([ap])\.?\s?m\.?", re.IGNORECASE
)
_UNITS = re.compile(
    r"(?:(\d+)\s*(?:h|hrs?|hours?))?\s*(?:(\d+)\s*(?:m|mins?|minutes?))?\s*"
    r"(?:(\d+(?:[.,]\d+)?)\s*(?:s|secs?|seconds?))?",
    re.IGNORECASE,
)
_MILLIS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:ms|msecs?|milliseconds?)", re.IGNORECASE)


@dataclass(slots=True)
class Moment:
    """A time as read.

    Attributes
    ----------
    seconds : float
        From the beginning of the clock; of a date, from the calendar's first day. Of ``frames``, the frames
        are thousandths, since their number a second is only known when the whole file is read (`frames`).
    kind : str
        How it was written.
    """

    seconds: float
    kind: Kind


def read_time(cell: str, comma: bool = False) -> Moment | None:
    """Read a time, or return None for what is none.

    Parameters
    ----------
    cell : str
    comma : bool
        Whether a plain number may have a decimal comma.

    Examples
    --------
    >>> read_time("1:02:03,5"), read_time("0:0:4.25").seconds, read_time("12:01 a.m.").seconds
    (Moment(seconds=3723.5, kind='clock'), 4.25, 60.0)
    """
    if _NUMBER.fullmatch(cell):
        return _number(float(cell))
    cell = " ".join(cell.split())
    plain = cell.replace(",", ".") if comma else cell
    if _NUMBER.fullmatch(plain):
        return _number(float(plain))
    if (found := _COLONS.fullmatch(cell)) is not None:
        hours, minutes, seconds, fraction = found.groups()
        return _clock(hours, minutes, seconds, fraction, "short" if hours is None else "clock")
    if (found := _HALF.fullmatch(cell)) is not None:
        hours, minutes, seconds, fraction, which = found.groups()
        hour = int(hours) % 12 + (12 if which in "pP" else 0)
        return _clock(str(hour), minutes, seconds, fraction, "half_day")
    if (found := _FRAMES.fullmatch(cell)) is not None:
        hours, minutes, seconds, frames = found.groups()
        moment = _clock(hours, minutes, seconds, None, "frames")
        return moment and Moment(moment.seconds + int(frames) / _FRAME_PLACES, "frames")
    return _with_units(cell) or _date(cell)


def frames(seconds: float) -> int:
    """Return the frames in a time that was read with kind ``frames``."""
    return round(seconds % 1.0 * _FRAME_PLACES)


def frame_rate(most: int) -> int:
    """Return the frames a second where `most` is the highest number of a frame in a file."""
    return next(rate for rate in (25, 30, 50, 60, 100) if most < rate)


def with_frames(seconds: float, rate: int) -> float:
    """Return seconds for a time of kind ``frames``, at `rate` a second."""
    return seconds if math.isnan(seconds) else math.floor(seconds + 1e-9) + frames(seconds) / rate


def _number(value: float) -> Moment | None:
    if not math.isfinite(value):
        return None
    return Moment(value, "epoch" if value >= _EPOCH[0] and epoch_unit(value) else "number")


def epoch_unit(value: float) -> float | None:
    """Return the seconds in the unit in which a number counts from 1970, or None where it cannot.

    Examples
    --------
    >>> epoch_unit(1.7e9), epoch_unit(1.7e12), epoch_unit(83.5)
    (1.0, 0.001, None)
    """
    low, high = _EPOCH
    return next((unit for unit in (1.0, 1e-3, 1e-6) if low <= value * unit < high), None)


def _clock(
    hours: str | None, minutes: str | None, seconds: str | None, fraction: str | None, kind: Kind
) -> Moment | None:
    if int(seconds or 0) >= 60 or (hours is not None and int(minutes or 0) >= 60):
        return None
    whole = 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds or 0)
    return Moment(whole + float(f"0.{fraction or 0}"), kind)


def _with_units(cell: str) -> Moment | None:
    if (found := _MILLIS.fullmatch(cell)) is not None:
        return Moment(float(found[1].replace(",", ".")) / 1000.0, "span")
    found = _UNITS.fullmatch(cell)
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = found.groups()
    whole = 3600.0 * int(hours or 0) + 60.0 * int(minutes or 0)
    return Moment(whole + float((seconds or "0").replace(",", ".")), "span")


def _date(cell: str) -> Moment | None:
    try:
        stamp = datetime.fromisoformat(cell)
    except ValueError:
        return None
    offset = stamp.utcoffset() or timedelta()
    return Moment((stamp.replace(tzinfo=None) - datetime.min - offset).total_seconds(), "date")
