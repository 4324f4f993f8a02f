"""How an outcome is spread over many replicates, one team above the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cosim.browser.drawing.palette import TEAM_COLOURS
from cosim.browser.drawing.svg import Data, element, line, picture, rect, text, title

At = Callable[[float], float]
WIDTH = 620.0
_LEFT, _RIGHT, _ROW = 74.0, 20.0, 74.0
BINS = 28


@dataclass(frozen=True, slots=True)
class Spread:
    """An outcome of one team over replicates, and in the run that was watched (None: not finished)."""

    team: str
    values: Sequence[float]
    watched: float | None = None


def spread_svg(spreads: Sequence[Spread], name: str, unit: str, data: Data = None) -> str:
    """Return histograms on one axis, each with its median and the middle nine tenths.

    Parameters
    ----------
    spreads : sequence of Spread
    name, unit : str
        The outcome, and what its axis counts.
    data : mapping, optional
        Numbers to be read back from the page.
    """
    every = [v for s in spreads for v in [*s.values, *([] if s.watched is None else [s.watched])]]
    low, high = min(every), max(every)
    pad = (high - low) * 0.05 or 0.05
    low, high = low - pad, high + pad
    height = 10.0 + _ROW * len(spreads) + 40.0

    def at(value: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (value - low) / (high - low)

    most = max(max(_counts(s.values, low, high)) for s in spreads)
    parts = []
    for number, spread in enumerate(spreads):
        parts.append(_histogram(spread, 10.0 + _ROW * number, (low, high), most, at))
    base = 10.0 + _ROW * len(spreads)
    for step in range(5):
        value = low + (high - low) * (0.06 + 0.88 * step / 4.0)
        parts.append(line(at(value), base, at(value), base + 5.0))
        parts.append(text(f"{value:.2f}", at(value), base + 18.0, anchor="middle", font_size=12.5))
    parts.append(text(unit, (_LEFT + WIDTH - _RIGHT) / 2.0, base + 35.0, anchor="middle", font_size=13))
    told = "; ".join(f"team {s.team}: median {median(s.values):.3f}" for s in spreads)
    return picture(WIDTH, height, "".join(parts), name=name, description=told, test_id="spread", data=data)


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return quantile(values, 0.5)


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile, interpolated between the two nearest values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _counts(values: Sequence[float], low: float, high: float) -> list[int]:
    counts = [0] * BINS
    for value in values:
        counts[min(int((value - low) / (high - low) * BINS), BINS - 1)] += 1
    return counts


def _histogram(spread: Spread, y: float, span: tuple[float, float], most: int, at: At) -> str:
    low, high = span
    base = y + _ROW - 8.0
    wide = (high - low) / BINS
    bars = []
    for number, count in enumerate(_counts(spread.values, low, high)):
        if count:
            left, right = at(low + wide * number), at(low + wide * (number + 1))
            tall = (_ROW - 26.0) * count / most
            bars.append(rect(left + 0.5, base - tall, right - left - 1.0, tall))
    middle, below, above = (quantile(spread.values, share) for share in (0.5, 0.05, 0.95))
    parts = [
        title(
            f"Team {spread.team}: median {middle:.3f}, nine tenths of {len(spread.values)} projects between "
            f"{below:.3f} and {above:.3f}"
        ),
        element("g", *bars, fill=TEAM_COLOURS[spread.team], fill_opacity=0.55),
        text(f"Team {spread.team}", 4.0, base - 8.0, font_size=14, font_weight=700),
        line(at(below), base + 3.0, at(above), base + 3.0, stroke_width=3),
        line(at(middle), base - (_ROW - 26.0), at(middle), base + 6.0, stroke_width=2.5),
        text(f"median {middle:.2f}", at(middle), y + 8.0, anchor="middle", font_size=12.5),
        line(_LEFT, base, WIDTH - _RIGHT, base, stroke_opacity=0.4),
    ]
    if spread.watched is not None:
        x = at(spread.watched)
        parts.append(
            element(
                "polygon",
                title(f"The project watched: {spread.watched:.3f}"),
                points=f"{x - 6:.1f},{base + 14:.1f} {x + 6:.1f},{base + 14:.1f} {x:.1f},{base + 3:.1f}",
                fill="currentColor",
            )
        )
    return element(
        "g", *parts, data_team=spread.team, data_median=f"{middle:.6f}", data_runs=len(spread.values)
    )
