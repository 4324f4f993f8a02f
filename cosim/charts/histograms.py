"""Small histograms side by side: where one value lies in the spread of simulated ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cosim.charts.frame import Frame, Key, Pane
from cosim.charts.style import BLUE, INK, SKY, VERMILION, Layout

_HEIGHT = 1.0  # inches
_BINS, _FEW_BINS = 30, 16


@dataclass(frozen=True)
class Spread:
    """One histogram.

    Attributes
    ----------
    title, told, xlabel : str
        In bold, a line below it, and under the axis.
    values : sequence of float
    weights : sequence of float, optional
    here : float
        The value that is placed in it; NaN for none.
    usual : float
        A second value, drawn dashed; NaN for none.
    limits : tuple of float, optional
        Ends of the axis.
    """

    title: str
    told: str
    xlabel: str
    values: Sequence[float]
    weights: Sequence[float] | None = None
    here: float = math.nan
    usual: float = math.nan
    limits: tuple[float, float] | None = None


@dataclass(frozen=True)
class Spreads:
    """A whole figure.

    Attributes
    ----------
    spreads : tuple of Spread
    names : tuple of str
        What the histogram, the line and the dashed line are called; '' for what is not drawn.
    note, stamp : str
    """

    spreads: tuple[Spread, ...]
    names: tuple[str, str, str]
    note: str
    stamp: str

    def draw(self, layout: Layout) -> Figure:
        """Draw the figure for a page or a phone."""
        bars, here, usual = self.names
        keys = (
            Key(bars, SKY, "patch"),
            Key(here, VERMILION, "", line=2.0),
            Key(usual, INK, "", line=1.0, dashed=True),
        )
        return Frame(
            tuple(_pane(one) for one in self.spreads),
            self.note,
            self.stamp,
            2 if layout.stacked else 3,
            keys=tuple(key for key in keys if key.label),
        ).draw(layout)


def _pane(one: Spread) -> Pane:
    return Pane(lambda axes, width: _draw_spread(axes, one, width), _HEIGHT, one.title, one.told, one.xlabel)


def _draw_spread(axes: Axes, one: Spread, width: float) -> None:
    values = np.asarray(one.values, dtype=np.float64)
    known = np.isfinite(values)
    lines = [x for x in (one.here, one.usual) if math.isfinite(x)]
    low, high = one.limits or _limits([*values[known].tolist(), *lines])
    weights = None if one.weights is None else np.asarray(one.weights, dtype=np.float64)[known]
    bins = _BINS if weights is None else _FEW_BINS  # weighted samples are small ones
    heights, edges = np.histogram(values[known], bins=bins, range=(low, high), weights=weights)
    axes.stairs(heights, edges, fill=True, color=SKY, edgecolor=BLUE, linewidth=0.0)
    if math.isfinite(one.usual):
        axes.axvline(one.usual, color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
    if math.isfinite(one.here):
        axes.axvline(one.here, color=VERMILION, linewidth=2.0)
    axes.set_xlim(low, high)
    axes.set_ylim(0, max(float(heights.max()) * 1.06, 1e-12))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(width / 0.5)), steps=[1, 2, 2.5, 5, 10]))


def _limits(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    room = 0.04 * (high - low) or 0.1
    return low - room, high + room
