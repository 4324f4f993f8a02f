"""What unit the times of a log are in: words a second tell where its columns do not."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SLOWEST: Final = 0.3
FASTEST: Final = 8.0
"""Words a second of speech between which a pace can be believed: people speak at 2 to 4, less with pauses."""

UNITS: Final = {"seconds": 1.0, "milliseconds": 0.001, "minutes": 60.0}
"""Units that plain numbers may be in, and their seconds."""

_LEAST_ROWS: Final = 6
_LEAST: Final = 0.5  # words a second, in a unit that is guessed
_USUAL: Final = 2.5
_SMALL: Final = {
    "milliseconds": 1e-3,
    "microseconds": 1e-6,
    "ticks of 100 nanoseconds": 1e-7,
    "nanoseconds": 1e-9,
}
_LONG_TURN: Final = 900.0
_LONG_MEETING: Final = 43_200.0
_MOST_TURN: Final = 300.0

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Unit:
    """What to do with the times of a log.

    Attributes
    ----------
    factor : float
        By which every time is multiplied; NaN where the times cannot be right and only give the order.
    note : str
        What a reader should know; empty where nothing was guessed.
    """

    factor: float = 1.0
    note: str = ""


def unit_of(meeting: Whole, words: Floats, start: Floats, seconds: Floats, kinds: Iterable[str]) -> Unit:
    """Say what unit times are in whose unit nobody named.

    Parameters
    ----------
    meeting : int array
        Codes, in the order of the file.
    words : float array
        As counted; NaN where the log has none.
    start, seconds : float array
        When each row begins and how long it lasts, as read; NaN where not known.
    kinds : iterable of str
        How they are written, see `clock.Kind`.
    """
    written = {"number" if kind == "epoch" else kind for kind in kinds}
    if written & {"date", "half_day", "frames"} or not written:
        return Unit()
    if np.isnan(words).any():
        return _without_words(meeting, start, seconds) if written == {"number"} else Unit()
    lasts = float(np.nansum(seconds))
    timed = ~np.isnan(seconds if lasts > 0.0 else start)
    if timed.sum() < _LEAST_ROWS or words[timed].sum() <= 0.0:
        return Unit()
    spoken = lasts if lasts > 0.0 else _span(meeting, start)
    pace = float(words[timed].sum()) / spoken if spoken > 0.0 else math.inf
    if written == {"short"} and (
        _passes_noon(start) or (pace > FASTEST and (math.isinf(pace) or pace / 60.0 <= FASTEST))
    ):
        why = f"as minutes and seconds they would make {pace:.1f} words a second"
        if pace <= FASTEST:
            why = "1 o'clock follows 12 o'clock"
        return Unit(60.0, f"times such as 10:03 are read as hours and minutes ({why})")
    if written == {"number"} and pace < SLOWEST and (lasts > 0.0 or _whole(start, seconds)):
        unit = min(_SMALL, key=lambda name: abs(math.log(pace / _SMALL[name] / _USUAL)))
        if _LEAST <= pace / _SMALL[unit] <= FASTEST:
            told = f"times are read as {unit} (as seconds they would make"
            return Unit(_SMALL[unit], f"{told} {pace:.2g} words a second); if that is wrong: --unit seconds")
    if pace > FASTEST and math.isfinite(pace):
        return _too_fast(pace, written)
    if pace < SLOWEST and lasts > 0.0:
        told = f"{pace:.2g} words a second of speech are fewer than people say"
        return Unit(1.0, f"{told}: are the times seconds, and is all of the text there?")
    return Unit()


def _too_fast(pace: float, written: set[str]) -> Unit:
    told = f"{pace:.0f} words a second are more than people say"
    if written == {"number"}:
        return Unit(math.nan, f"{told}: times give only the order; if they are minutes: --unit minutes")
    return Unit(1.0, f"{told}: is text repeated, or are times left out?")


def _without_words(meeting: Whole, start: Floats, seconds: Floats) -> Unit:
    """Judge by the length of turns and meetings where there are no words."""
    lasts = seconds[~np.isnan(seconds)]
    if len(lasts) < _LEAST_ROWS or not _whole(start, seconds):
        return Unit()
    usual = float(np.median(lasts))
    long = usual > _LONG_TURN or _span(meeting, start) > _LONG_MEETING * len(np.unique(meeting))
    if long and usual / 1000.0 <= _MOST_TURN:
        told = f"times are read as milliseconds (as seconds half of the turns would last over {usual:.0f} s)"
        return Unit(0.001, f"{told}; if that is wrong: --unit seconds")
    return Unit()


def _whole(start: Floats, seconds: Floats) -> bool:
    times = np.concatenate([start, seconds])
    times = times[~np.isnan(times)]
    return bool((times == np.floor(times)).all())


def _span(meeting: Whole, start: Floats) -> float:
    """Return how long the meetings last from start to start; what falls back counts nothing."""
    total = 0.0
    for code in np.unique(meeting):
        own = start[meeting == code]
        steps = np.diff(own[~np.isnan(own)])
        total += float(steps[steps > 0.0].sum())
    return total


def _passes_noon(start: Floats) -> bool:
    """Say whether clocks such as 12:59 are followed by 1:00, which only hours and minutes are."""
    known = start[~np.isnan(start)]
    before, after = known[:-1], known[1:]
    noon = (before >= 720.0) & (before < 780.0) & (after >= 60.0) & (after < 120.0)
    midnight = (before >= 1380.0) & (before < 1440.0) & (after < 60.0)
    near = (noon & (after + 720.0 - before <= 10.0)) | (midnight & (after + 1440.0 - before <= 2.0))
    return bool(near.any())
