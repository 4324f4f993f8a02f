"""Trends over a team's meetings, and what an interrupted series can say of a change in ways of working.

A series of a few meetings is short: next to intervals stands a test that assumes nothing about chance but
that any meeting could as well have been the first after the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from cosim.meeting_logs.turn_statistics import Floats

LEAST_EACH: Final = 3
"""Meetings before and after a change below which nothing is estimated."""

LEAST_SLOPES: Final = 8
"""Meetings below which only the level may change, with no trend of its own."""


@dataclass(frozen=True)
class Trend:
    """A straight line through a series.

    Attributes
    ----------
    slope, low, high : float
        Change a meeting, with its 95 % t interval; NaN for fewer than four meetings.
    n : int
    """

    slope: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Interruption:
    """What changed with a way of working.

    Attributes
    ----------
    before, after : float
        Means.
    level, low, high : float
        The step at the change, a trend taken out where there are 8 meetings or more, with its 95 % interval.
    trended : bool
        Whether a trend was taken out.
    p : float
        Share of possible places of the change with a step at least as large.
    places : int
        So many places are possible; p cannot be below one over this.
    memory : float
        Correlation of what is left with the meeting before: above 0 the interval is too narrow.
    meetings_before, meetings_after : int
    """

    before: float
    after: float
    level: float
    low: float
    high: float
    trended: bool
    p: float
    places: int
    memory: float
    meetings_before: int
    meetings_after: int


def trend(values: Floats) -> Trend:
    """Return the straight trend of a series in order; NaN are left out."""
    at = np.flatnonzero(~np.isnan(values)).astype(np.float64)
    y = values[~np.isnan(values)]
    if len(y) < 4:
        return Trend(float("nan"), float("nan"), float("nan"), len(y))
    slope, half, _ = _fit(np.column_stack([at - at.mean(), np.ones(len(at))]), y)
    return Trend(slope, slope - half, slope + half, len(y))


def interruption(values: Floats, change: int) -> Interruption | None:
    """Return what a series says of a change before its meeting `change` (counted from 0).

    Returns
    -------
    Interruption or None
        None where fewer than three meetings stand on either side.
    """
    kept = ~np.isnan(values)
    at, y = np.flatnonzero(kept), values[kept]
    first = int((at < change).sum())
    if min(first, len(y) - first) < LEAST_EACH:
        return None
    trended = len(y) >= LEAST_SLOPES
    level, half, rest = _step(y, first, trended)
    places = range(LEAST_EACH, len(y) - LEAST_EACH + 1)
    steps = np.array([abs(_step(y, place, trended)[0]) for place in places])
    memory = float("nan")
    if len(rest) > 3 and rest.std() > 1e-12:
        memory = float((rest[1:] * rest[:-1]).sum() / (rest**2).sum())
    return Interruption(
        float(y[:first].mean()),
        float(y[first:].mean()),
        level,
        level - half,
        level + half,
        trended,
        float((steps >= abs(level) - 1e-12).mean()),
        len(steps),
        memory,
        first,
        len(y) - first,
    )


def _step(y: Floats, first: int, trended: bool) -> tuple[float, float, Floats]:
    after = (np.arange(len(y)) >= first).astype(np.float64)
    columns = [after, np.ones(len(y))]
    if trended:
        columns.append(np.asarray(np.arange(len(y)) - (len(y) - 1) / 2.0, dtype=np.float64))
    return _fit(np.column_stack(columns), y)


def _fit(x: Floats, y: Floats) -> tuple[float, float, Floats]:
    """Return the first coefficient, half its 95 % t interval, and the residuals."""
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    rest = y - x @ beta
    freedom = len(y) - x.shape[1]
    variance = float(rest @ rest) / freedom
    spread = float(np.sqrt(variance * np.linalg.inv(x.T @ x)[0, 0]))
    return float(beta[0]), float(stats.t.ppf(0.975, freedom)) * spread, np.asarray(rest)
