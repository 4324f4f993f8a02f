"""Curves with bands, a panel per subject: dose and response, and how estimates settle as n grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from cosim.charts.frame import Frame, Key, Pane
from cosim.charts.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, VERMILION, Layout, wrapped
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
        columns = 1 if layout.stacked else self.columns or min(3, len(self.panels))
        names = list(dict.fromkeys(curve.name for panel in self.panels for curve in panel.curves))
        named = [name for name in names if name]
        keys = tuple(Key(name, *_look(names, name), line=1.2, size=4.5) for name in named)
        return Frame(
            tuple(
                self._pane(n, names, columns, 1.9 if layout.stacked else 1.75)
                for n in range(len(self.panels))
            ),
            self.note,
            self.stamp,
            columns,
            keys=keys if len(named) > 1 else (),
        ).draw(layout)

    def _pane(self, n: int, names: Sequence[str], columns: int, height: float) -> Pane:
        panel = self.panels[n]
        alike = [other for other in self.panels if panel.shared and other.ylabel == panel.ylabel]
        limits = _limits(alike or [panel])
        says = n % columns == 0 or self.panels[n - 1].ylabel != panel.ylabel or not panel.shared
        return Pane(
            lambda axes, width: _draw_panel(axes, panel, names, limits, width),
            height,
            panel.title,
            xlabel=panel.xlabel,
            ylabel=panel.ylabel if says else "",
            left=0.7 if says else 0.45,
        )


def _look(names: Sequence[str], name: str) -> tuple[str, str]:
    return LOOKS[names.index(name) % len(LOOKS)]


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
        color, marker = _look(names, curve.name)
        if curve.band and np.isfinite(curve.band).all():
            low, high = zip(*curve.band, strict=True)
            axes.fill_between(places, low, high, color=color, alpha=0.15, linewidth=0, zorder=1)
        if curve.low:
            for x, under, over in zip(places, curve.low, curve.high, strict=True):
                if math.isfinite(under) and math.isfinite(over):
                    axes.plot((x, x), (under, over), color=color, linewidth=1.2, zorder=2)
        axes.plot(places, curve.y, color=color, linewidth=1.2, marker=marker, markersize=4, zorder=3)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    if panel.doubling:
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_locator(FixedLocator(places))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    elif any(isinstance(value, str) for value in panel.x):
        axes.set_xticks(
            places,
            ["\n".join(wrapped(str(value), width / len(places), 7.5)) for value in panel.x],
            fontsize=7.5,
        )
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
