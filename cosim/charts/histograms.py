"""Small histograms side by side: where one value lies in the spread of simulated ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from cosim.charts.style import (
    BLUE,
    GREY,
    INK,
    SKY,
    VERMILION,
    Layout,
    foot_height,
    house_style,
    put_stamp,
    wrapped,
)

_TITLE_SIZE, _TEXT_SIZE = 9.0, 7.8
_BODY, _AXIS = 1.0, 0.46  # inches
_RIGHT = 0.22  # room for half a number at the end of an axis
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
        with house_style():
            columns = min(len(self.spreads), 2 if layout.stacked else 3)
            rows = math.ceil(len(self.spreads) / columns)
            gap = 0.24
            width = (layout.width - 0.08 - _RIGHT - gap * (columns - 1)) / columns
            heads = [
                (wrapped(one.title, width, _TITLE_SIZE), wrapped(one.told, width, _TEXT_SIZE))
                for one in self.spreads
            ]
            head = max(0.16 * len(title) + 0.135 * len(told) for title, told in heads) + 0.1
            labels = max(len(wrapped(one.xlabel, width, 8.0)) for one in self.spreads)
            axis = _AXIS + 0.13 * (labels - 1)
            drawn = sum(bool(name) for name in self.names)
            top = 0.1 + 0.19 * (drawn if layout.stacked else 1)
            height = top + rows * (head + _BODY + axis) + foot_height(layout.width, self.note, self.stamp)
            figure = Figure(figsize=(layout.width, height))
            self._draw_legend(figure, layout, height)
            for number, (one, (title, told)) in enumerate(zip(self.spreads, heads, strict=True)):
                row, column = divmod(number, columns)
                left = 0.08 + column * (width + gap)
                low = height - top - row * (head + _BODY + axis) - head - _BODY
                place = (left / layout.width, low / height, width / layout.width, _BODY / height)
                axes = figure.add_axes(place)
                _draw_spread(axes, one, width)
                _draw_head(axes, title, told)
            put_stamp(figure, self.note, self.stamp)
        return figure

    def _draw_legend(self, figure: Figure, layout: Layout, height: float) -> None:
        bars, here, usual = self.names
        handles: list[Patch | Line2D] = [Patch(facecolor=SKY, edgecolor="none", label=bars)]
        if here:
            handles.append(Line2D([], [], color=VERMILION, linewidth=2.0, label=here))
        if usual:
            handles.append(Line2D([], [], color=INK, linewidth=1.0, linestyle=(0, (4, 2)), label=usual))
        figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0.08 / layout.width, 1 - 0.04 / height),
            ncols=1 if layout.stacked else len(handles),
            borderaxespad=0,
            borderpad=0,
            handlelength=1.4,
            handletextpad=0.5,
            columnspacing=1.6,
            labelspacing=0.3,
        )


def _draw_head(axes: Axes, title: Sequence[str], told: Sequence[str]) -> None:
    axes.annotate(
        "\n".join(told), (0, 1), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points",
        fontsize=_TEXT_SIZE, color=INK, ha="left", va="bottom", annotation_clip=False, linespacing=1.15,
    )  # fmt: skip
    axes.annotate(
        "\n".join(title), (0, 1), xycoords="axes fraction", xytext=(0, 5 + 9.7 * len(told)),
        textcoords="offset points", fontsize=_TITLE_SIZE, fontweight="bold", ha="left", va="bottom",
        annotation_clip=False,
    )  # fmt: skip


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
    axes.tick_params(axis="x", labelsize=7.5, colors=GREY, labelcolor=INK)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(width / 0.5)), steps=[1, 2, 2.5, 5, 10]))
    axes.set_xlabel("\n".join(wrapped(one.xlabel, width, 8.0)), fontsize=8.0, labelpad=2)


def _limits(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    room = 0.04 * (high - low) or 0.1
    return low - room, high + room
