"""One number against another, with intervals both ways and names for the marks that matter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cosim.charts.frame import Frame, Key, Pane
from cosim.charts.style import BLUE, FAINT, GREY, INK, VERMILION, Layout, text_width, wrapped

_SIZE, _LINES = 7.2, 4
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Mark:
    """A mark; nan ends draw no interval, an empty label writes nothing beside it."""

    x: float
    y: float
    x_ends: tuple[float, float] = (math.nan, math.nan)
    y_ends: tuple[float, float] = (math.nan, math.nan)
    label: str = ""


@dataclass(frozen=True)
class Cloud:
    """Marks of one look."""

    marks: tuple[Mark, ...]
    name: str = ""
    color: str = BLUE
    marker: str = "o"
    filled: bool = True
    size: float = 5.0


@dataclass(frozen=True)
class Scatter:
    """A whole figure.

    Attributes
    ----------
    title, xlabel, ylabel : str
    clouds : tuple of Cloud
        Drawn in this order.
    lines : tuple of (axis, place, label)
        Straight lines across: ``x`` for an upright one, ``y`` for a level one.
    slopes : tuple of (slope, label)
        Lines through the origin.
    boxes : tuple of (x from, x to, y from, y to)
        Rectangles; infinite ends reach the edge.
    joined : bool
        Whether the marks of a cloud are joined by a line.
    limits : tuple of float or None
        Ends of the axes: x from, x to, y from, y to.
    note, stamp : str
    """

    title: str
    xlabel: str
    ylabel: str
    clouds: tuple[Cloud, ...]
    note: str
    stamp: str
    lines: tuple[tuple[Literal["x", "y"], float, str], ...] = ()
    slopes: tuple[tuple[float, str], ...] = ()
    boxes: tuple[_Box, ...] = ()
    joined: bool = False
    limits: _Box | None = None

    def draw(self, layout: Layout) -> Figure:
        """Draw the figure for a page or a phone."""
        keys = tuple(
            Key(cloud.name, cloud.color, cloud.marker, cloud.filled) for cloud in self.clouds if cloud.name
        )
        most = 6 if layout.stacked else 14
        pane = Pane(
            lambda axes, _: self._draw(axes),
            3.2 if layout.stacked else 3.9,
            xlabel=self.xlabel,
            ylabel=self.ylabel,
            left=0.7,
            finish=lambda axes: self._write(axes, most),
        )
        return Frame((pane,), self.note, self.stamp, 1, self.title, keys).draw(layout)

    def _draw(self, axes: Axes) -> None:
        for cloud in self.clouds:
            _draw_cloud(axes, cloud, joined=self.joined)
        limits = self.limits or _limits(self.clouds, self.lines)
        axes.set_xlim(limits[0], limits[1])
        axes.set_ylim(limits[2], limits[3])
        for axis, place, label in self.lines:
            upright = axis == "x"
            (axes.axvline if upright else axes.axhline)(place, color=GREY, linewidth=0.9, zorder=1)
            axes.annotate(
                label, (place, 1.0) if upright else (0.0, place), xytext=(2, -2) if upright else (2, 2),
                xycoords=("data", "axes fraction") if upright else ("axes fraction", "data"),
                textcoords="offset points", fontsize=7.0, color=GREY, ha="left",
                va="top" if upright else "bottom", zorder=5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            )  # fmt: skip
        for slope, label in self.slopes:
            _draw_slope(axes, slope, label, limits)
        for x_from, x_to, y_from, y_to in self.boxes:
            low_x, low_y = max(x_from, limits[0]), max(y_from, limits[2])
            size = (min(x_to, limits[1]) - low_x, min(y_to, limits[3]) - low_y)
            axes.add_patch(
                Rectangle((low_x, low_y), *size, facecolor=VERMILION, alpha=0.12, zorder=0, linewidth=0)
            )
            axes.add_patch(
                Rectangle((low_x, low_y), *size, fill=False, edgecolor=VERMILION, linewidth=1.3, zorder=1)
            )

    def _write(self, axes: Axes, most: int) -> None:
        """Write labels where they cover neither each other nor a mark, the first ones first."""
        frame = axes.get_window_extent()
        dpi = axes.figure.dpi
        width, height = frame.width / dpi, frame.height / dpi

        def inches(x: float, y: float) -> tuple[float, float]:
            place = axes.transData.transform((x, y))
            return (float(place[0]) - frame.x0) / dpi, (float(place[1]) - frame.y0) / dpi

        marks = [mark for cloud in self.clouds for mark in cloud.marks]
        taken = [(x - 0.05, x + 0.05, y - 0.05, y + 0.05) for x, y in (inches(m.x, m.y) for m in marks)]
        for text in axes.texts:  # of lines
            box = text.get_window_extent()
            taken.append(
                (
                    (box.x0 - frame.x0) / dpi,
                    (box.x1 - frame.x0) / dpi,
                    (box.y0 - frame.y0) / dpi,
                    (box.y1 - frame.y0) / dpi,
                )
            )
        for mark in [mark for mark in marks if mark.label][:most]:
            # Broken and not cut: two sets may begin alike.
            lines = wrapped(mark.label, 1.8 if width > 4 else 1.3, _SIZE)[:_LINES]
            long = max(text_width(line, _SIZE) for line in lines)
            tall = 0.02 + 0.06 * len(lines)
            x, y = inches(mark.x, mark.y)
            for dx, dy in _PLACES:
                left = x + dx if dx > 0 else x + dx - long if dx < 0 else x - long / 2
                place = (left, left + long, y + dy - tall, y + dy + tall)
                inside = place[0] >= 0 and place[1] <= width and place[2] >= 0 and place[3] <= height
                if inside and not any(_overlap(place, other) for other in taken):
                    taken.append(place)
                    axes.annotate(
                        "\n".join(lines), (mark.x, mark.y), xytext=(72 * (left - x), 72 * dy),
                        textcoords="offset points", fontsize=_SIZE, ha="left", va="center", color=INK,
                        linespacing=0.95, annotation_clip=False, zorder=5,
                        arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.4, "shrinkA": 0}
                        if abs(dy) > 0.2 else None,
                    )  # fmt: skip
                    break


_PLACES = tuple(
    (dx, dy) for dy in (0.0, 0.12, -0.12, 0.26, -0.26, 0.4, -0.4) for dx in (0.08, -0.08, 0.0) if dx or dy
)


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _draw_cloud(axes: Axes, cloud: Cloud, *, joined: bool) -> None:
    for mark in cloud.marks:
        if all(map(math.isfinite, mark.x_ends)):
            axes.plot(mark.x_ends, (mark.y, mark.y), color=FAINT, linewidth=0.9, zorder=1)
        if all(map(math.isfinite, mark.y_ends)):
            axes.plot((mark.x, mark.x), mark.y_ends, color=FAINT, linewidth=0.9, zorder=1)
    axes.plot(
        [mark.x for mark in cloud.marks], [mark.y for mark in cloud.marks], color=cloud.color, zorder=3,
        linestyle="-" if joined else "", linewidth=0.8, marker=cloud.marker, markersize=cloud.size,
        markerfacecolor=cloud.color if cloud.filled else "white", markeredgewidth=0.9,
    )  # fmt: skip


def _draw_slope(axes: Axes, slope: float, label: str, limits: _Box) -> None:
    reach = min(limits[1], limits[3] / slope)
    axes.plot((0, reach), (0, slope * reach), color=GREY, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
    axes.annotate(
        label, (reach, slope * reach), xytext=(-3, -1), textcoords="offset points", fontsize=7.0, color=GREY,
        ha="right", va="top", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8}, zorder=2,
    )  # fmt: skip


def _limits(clouds: tuple[Cloud, ...], lines: tuple[tuple[Literal["x", "y"], float, str], ...]) -> _Box:
    marks = [mark for cloud in clouds for mark in cloud.marks]
    found: list[float] = []
    for axis in ("x", "y"):
        values = [v for m in marks for v in (getattr(m, axis), *getattr(m, f"{axis}_ends"))]
        values += [place for which, place, _ in lines if which == axis]
        clean = np.array([value for value in values if math.isfinite(value)] or [0.0, 1.0])
        low, high = float(clean.min()), float(clean.max())
        room = 0.05 * (high - low) or 0.1 * abs(high) or 0.1
        found += [low - room, high + room]
    return (found[0], found[1], found[2], found[3])
