"""Curves with bands, a panel per subject: dose and response, and how estimates settle as n grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from cosim.charts.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    Layout,
    foot_height,
    house_style,
    put_stamp,
    wrapped,
)
from cosim.formatting.words import shortened

LOOKS: tuple[tuple[str, str], ...] = (
    (BLUE, "o"),
    (VERMILION, "s"),
    (GREEN, "^"),
    (PURPLE, "D"),
    (ORANGE, "v"),
    (SKY, "P"),
    (INK, "X"),
    (GREY, "*"),
)
"""Colours and marks, in the order in which curves take them."""


@dataclass(frozen=True)
class Curve:
    """A curve; `low` and `high` are intervals at its points, `band` holds the whole curve (nan: none)."""

    name: str
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    band: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class CurvePanel:
    """One set of axes.

    Attributes
    ----------
    title, xlabel, ylabel : str
    x : tuple of float or str
        Words stand at equal distances.
    curves : tuple of Curve
    level : tuple of (place, label) or None
        A level line.
    upright : tuple of (place, label) or None
        An upright line.
    doubling : bool
        Whether the x axis counts doublings.
    shared : bool
        Whether panels with the same label of the y axis have the same y axis.
    """

    title: str
    xlabel: str
    ylabel: str
    x: tuple[float | str, ...]
    curves: tuple[Curve, ...]
    level: tuple[float, str] | None = None
    upright: tuple[float, str] | None = None
    doubling: bool = False
    shared: bool = True


@dataclass(frozen=True)
class Curves:
    """A whole figure; curves of one name look alike in every panel."""

    panels: tuple[CurvePanel, ...]
    note: str
    stamp: str
    columns: int = 0

    def draw(self, layout: Layout) -> Figure:
        """Draw the figure for a page or a phone."""
        with house_style():
            columns = 1 if layout.stacked else self.columns or min(3, len(self.panels))
            rows = math.ceil(len(self.panels) / columns)
            names = list(dict.fromkeys(curve.name for panel in self.panels for curve in panel.curves))
            named = [name for name in names if name]
            wide = 1 if layout.stacked else 3
            top = 0.06 + (0.19 * math.ceil(len(named) / wide) + 0.06 if len(named) > 1 else 0.0)
            left, gap, body, below = 0.9, 0.62, 1.75 if not layout.stacked else 1.9, 0.55
            width = (layout.width - left - 0.15 - gap * (columns - 1)) / columns
            head = 0.1 + 0.155 * max(len(wrapped(panel.title, width, 9.0)) for panel in self.panels)
            foot = foot_height(layout.width, self.note, self.stamp)
            height = top + rows * (head + body + below) + foot
            figure = Figure(figsize=(layout.width, height))
            for n, panel in enumerate(self.panels):
                row, column = divmod(n, columns)
                x = left + column * (width + gap)
                y = height - top - row * (head + body + below) - head - body
                axes = figure.add_axes((x / layout.width, y / height, width / layout.width, body / height))
                alike = [other for other in self.panels if panel.shared and other.ylabel == panel.ylabel]
                _draw_panel(axes, panel, names, _limits(alike or [panel]), width)
                if column == 0 or self.panels[n - 1].ylabel != panel.ylabel or not panel.shared:
                    axes.set_ylabel("\n".join(wrapped(panel.ylabel, body, 8.0)), fontsize=8.0)
            if len(named) > 1:
                figure.legend(
                    handles=[_handle(name, names.index(name)) for name in named], loc="upper left",
                    bbox_to_anchor=(0.08 / layout.width, 1 - 0.04 / height), ncols=wide, borderaxespad=0,
                    borderpad=0, handletextpad=0.4, columnspacing=1.4, labelspacing=0.35, fontsize=8.0,
                )  # fmt: skip
            put_stamp(figure, self.note, self.stamp)
        return figure


def _draw_panel(
    axes: Axes, panel: CurvePanel, names: Sequence[str], limits: tuple[float, float], width: float
) -> None:
    places = _places(panel)
    axes.set_ylim(*limits)
    if panel.level is not None:
        axes.axhline(panel.level[0], color=GREY, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        _note(axes, panel.level[1], (1.0, panel.level[0]), ("axes fraction", "data"), "right")
    if panel.upright is not None:
        axes.axvline(panel.upright[0], color=GREY, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
        _note(axes, panel.upright[1], (panel.upright[0], 0.0), ("data", "axes fraction"), "left")
    for curve in panel.curves:
        color, marker = LOOKS[names.index(curve.name) % len(LOOKS)]
        if curve.band and np.isfinite(curve.band).all():
            low, high = zip(*curve.band, strict=True)
            axes.fill_between(places, low, high, color=color, alpha=0.15, linewidth=0, zorder=1)
        if curve.low:
            for x, under, over in zip(places, curve.low, curve.high, strict=True):
                if math.isfinite(under) and math.isfinite(over):
                    axes.plot((x, x), (under, over), color=color, linewidth=1.2, zorder=2)
        axes.plot(places, curve.y, color=color, linewidth=1.2, marker=marker, markersize=4, zorder=3)
    axes.set_title("\n".join(wrapped(panel.title, width, 9.0)), fontsize=9.0, fontweight="bold", loc="left",
                   pad=5)  # fmt: skip
    axes.set_xlabel("\n".join(wrapped(panel.xlabel, width, 8.5)))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    if panel.doubling:
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_locator(FixedLocator(places))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    elif any(isinstance(value, str) for value in panel.x):
        axes.set_xticks(
            places, ["\n".join(wrapped(str(value), width / len(places), 7.5)) for value in panel.x]
        )
        axes.tick_params(axis="x", labelsize=7.5)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(width / 0.5)), steps=[1, 2, 2.5, 5, 10]))


def _note(axes: Axes, text: str, at: tuple[float, float], coords: tuple[str, str], side: str) -> None:
    axes.annotate(
        shortened(text, 30), at, xycoords=coords, xytext=(2 if side == "left" else -2, 2), color=GREY,
        textcoords="offset points", fontsize=7.0, ha=side, va="bottom",
    )  # fmt: skip


def _places(panel: CurvePanel) -> list[float]:
    if any(isinstance(value, str) for value in panel.x):
        return [float(n) for n in range(len(panel.x))]
    return [float(value) for value in panel.x]


def _limits(panels: Sequence[CurvePanel]) -> tuple[float, float]:
    values = [panel.level[0] for panel in panels if panel.level is not None]
    for panel in panels:
        for curve in panel.curves:
            values += [*curve.y, *curve.low, *curve.high, *(end for pair in curve.band for end in pair)]
    clean = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(clean), max(clean)
    room = 0.06 * (high - low) or 0.1 * abs(high) or 0.1
    return low - room, high + room


def _handle(name: str, position: int) -> Line2D:
    color, marker = LOOKS[position % len(LOOKS)]
    return Line2D([], [], color=color, marker=marker, markersize=4.5, linewidth=1.2, label=name)
