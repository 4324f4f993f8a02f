"""The frame that every figure has: a legend, panels on a grid, and what they show of which run."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cosim.charts.style import (
    GREY,
    INK,
    Layout,
    house_style,
    is_drawn,
    text_width,
    texts_of,
    wrapped,
)

TITLE, LABEL, TICK, SMALL = 9.0, 8.5, 8.0, 7.0
"""Font sizes in points: of titles, of labels, of numbers at axes and in legends, and of second lines."""

MARGIN, GAP = 0.08, 0.16
"""Inches: of white round the figure, and between panels that stand side by side."""

_NOTE, _STAMP = 7.5, 6.5
_LACKING = "Boxes in a PNG or PDF are letters that its font lacks"


class Key(NamedTuple):
    """What the legend calls a look; the markers ``ring`` and ``patch`` are a ring and a coloured area."""

    label: str
    color: str
    marker: str = "o"
    filled: bool = True
    line: float = 0.0
    dashed: bool = False
    size: float = 5.5

    def handle(self, label: str) -> Artist:
        """Return the entry, with its label as it is broken into lines."""
        if self.marker == "patch":
            return Patch(facecolor=self.color, edgecolor=GREY, linewidth=0.5, label=label)
        ring = self.marker == "ring"
        return Line2D(
            [], [], color=self.color, marker="o" if ring else self.marker, label=label,
            markersize=9.0 if ring else self.size, markeredgewidth=0.8 if ring else 1.0,
            markerfacecolor=self.color if self.filled and not ring else "white", linewidth=self.line,
            linestyle=((0, (4, 2)) if self.dashed else "-") if self.line else "",
        )  # fmt: skip


@dataclass(frozen=True)
class Pane:
    """One set of axes and what is written round it.

    Attributes
    ----------
    paint : callable
        Draws the marks; it is given the axes and about how many inches they are wide.
    height : float
        Inches of the axes alone.
    title, below : str
        In bold above the axes, and in plain letters between the title and the axes.
    xlabel, ylabel : str
    left : float
        About how many inches the labels at the left need.
    above : float
        Inches that marks need between the axes and the title.
    weight : float
        Width as a share of the widths of its row.
    finish : callable, optional
        Writes what has to know where everything is, when everything is in its place.
    """

    paint: Callable[[Axes, float], None]
    height: float
    title: str = ""
    below: str = ""
    xlabel: str = ""
    ylabel: str = ""
    left: float = 0.0
    above: float = 0.0
    weight: float = 1.0
    finish: Callable[[Axes], None] | None = None


@dataclass(frozen=True)
class Frame:
    """A figure: its panels from left to right and from the top.

    Attributes
    ----------
    panes : tuple of Pane
    note, stamp : str
        n and the meaning of intervals; run id, scenario and version.
    columns : int
        Panels side by side.
    title : str
        Above everything.
    keys : tuple of Key
        The legend.
    """

    panes: tuple[Pane, ...]
    note: str
    stamp: str
    columns: int = 1
    title: str = ""
    keys: tuple[Key, ...] = ()

    def draw(self, layout: Layout) -> Figure:
        """Draw the figure; panels get the height they ask for, and labels the room they need."""
        with house_style():
            figure = Figure(figsize=(layout.width, 2.0))
            columns = min(self.columns, len(self.panes))
            rows = [self.panes[n : n + columns] for n in range(0, len(self.panes), columns)]
            heights = [max(pane.height for pane in row) for row in rows]
            weights = [pane.weight for pane in rows[0]]
            lefts = [max(row[n].left for row in rows if n < len(row)) for n in range(columns)]
            free = layout.width - 2 * MARGIN - sum(lefts) - GAP * (columns - 1)
            grid = figure.add_gridspec(len(rows), columns, height_ratios=heights, width_ratios=weights)
            drawn: list[list[Axes]] = [[] for _ in rows]
            for n, row in enumerate(rows):
                for column, pane in enumerate(row):
                    axes = figure.add_subplot(grid[n, column])
                    _draw_pane(axes, pane, free * pane.weight / sum(weights))
                    drawn[n].append(axes)
            foot = self._write_foot(figure, layout.width)
            _arrange(figure, heights, drawn, foot, self._head(figure, layout.width))
            self._write_head(figure)
            for axes, pane in zip((axes for row in drawn for axes in row), self.panes, strict=True):
                if pane.finish is not None:
                    pane.finish(axes)
        return figure

    def _head(self, figure: Figure, width: float) -> float:
        """Return how many inches title and legend need."""
        lines = self._title_lines(width)
        head = MARGIN + 0.165 * len(lines)
        if self.keys:
            legend = _legend(figure, self.keys, width)
            head += legend.get_window_extent().height / figure.dpi + 0.07
            legend.remove()
        return head

    def _write_head(self, figure: Figure) -> None:
        width, height = figure.get_size_inches()
        lines = self._title_lines(width)
        figure.text(
            MARGIN / width, 1 - 0.06 / height, "\n".join(lines), fontsize=TITLE, fontweight="bold", va="top"
        )
        if self.keys:
            legend = _legend(figure, self.keys, width)
            legend.set_bbox_to_anchor((MARGIN / width, 1 - (0.05 + 0.165 * len(lines)) / height))

    def _title_lines(self, width: float) -> list[str]:
        return wrapped(self.title, width - 2 * MARGIN, TITLE, bold=True) if self.title else []

    def _write_foot(self, figure: Figure, width: float) -> float:
        """Write what the marks mean, and which run is shown; return how many inches that takes."""
        stamp = self.stamp
        said = [*texts_of(figure), self.note, self.title, stamp, *(key.label for key in self.keys)]
        if not all(is_drawn(text) for text in said):
            stamp = f"{_LACKING} · {stamp}"
        bottom = 0.06
        for text, size, color in ((stamp, _STAMP, GREY), (self.note, _NOTE, INK)):
            lines = wrapped(text, width - 2 * MARGIN, size)
            written = figure.text(
                MARGIN / width, 0.0, "\n".join(lines), fontsize=size, color=color, va="bottom"
            )
            written.set_transform(figure.dpi_scale_trans)
            written.set_position((MARGIN, bottom))
            bottom += 1.45 * size / 72 * len(lines) + 0.02
        return bottom


_ROOM = 4.0
"""Inches above and below a row of panels while its labels are measured: more than any of them takes."""


def _draw_pane(axes: Axes, pane: Pane, width: float) -> None:
    pane.paint(axes, width)
    above = 4.0 + 72 * pane.above
    if pane.below:
        lines = wrapped(pane.below, width, 7.8)
        axes.annotate(
            "\n".join(lines), (0, 1), xycoords="axes fraction", xytext=(0, above), fontsize=7.8,
            textcoords="offset points", va="bottom", annotation_clip=False, linespacing=1.15,
        ).set_in_layout(False)  # fmt: skip
        above += 9.7 * len(lines) + 1.0
    if pane.title:
        lines = wrapped(pane.title, width, TITLE, bold=True)
        # Looking for the height of titles takes a third of all the time; only labels at the top need it.
        y = None if axes.xaxis.get_ticks_position() == "top" else 1.0
        axes.set_title("\n".join(lines), fontsize=TITLE, fontweight="bold", loc="left", pad=above, y=y)
    if pane.xlabel:
        axes.set_xlabel("\n".join(wrapped(pane.xlabel, width, LABEL)))
    if pane.ylabel:
        axes.set_ylabel("\n".join(wrapped(pane.ylabel, pane.height, TICK)), fontsize=TICK)


def _legend(figure: Figure, keys: tuple[Key, ...], width: float) -> Legend:
    """Return the legend in as many columns as the figure is wide enough for."""
    room = width - 2 * MARGIN
    widest = max(text_width(key.label, TICK) for key in keys) + 0.34
    columns = max(1, min(len(keys), int(room / widest)))
    rows = math.ceil(len(keys) / columns)
    handles = [key.handle("\n".join(wrapped(key.label, room - 0.34, TICK))) for key in keys]
    return figure.legend(
        handles=handles, loc="upper left", ncols=math.ceil(len(keys) / rows), borderaxespad=0, borderpad=0,
        handlelength=1.6, handletextpad=0.4, columnspacing=1.4, labelspacing=0.35, fontsize=TICK,
    )  # fmt: skip


def _arrange(figure: Figure, heights: list[float], drawn: list[list[Axes]], foot: float, head: float) -> None:
    """Put every axes where what stands round it has the room it needs, and give it its height.

    What is written round axes takes as many inches whatever their height; so the axes can be given the wanted
    one when that room is known, and nothing has to be placed a second time.
    """
    height = foot + head + sum(heights) + _ROOM * len(heights)
    figure.set_figheight(height)
    figure.align_titles()
    engine = ConstrainedLayoutEngine(w_pad=GAP / 2, h_pad=0.05, wspace=0.0, hspace=0.0)
    engine.set(rect=(0.0, foot / height, 1.0, 1.0 - (foot + head) / height))
    engine.execute(figure)
    # The solver's last digits differ from one time to the next; the same figure is to have the same bytes.
    places = [[axes.get_position().bounds for axes in row] for row in drawn]
    more = [round(wanted - row[0][3] * height, 6) for wanted, row in zip(heights, places, strict=True)]
    tall = height + sum(more)
    figure.set_figheight(tall)
    for n, row in enumerate(drawn):
        for axes, (left, low, width, _) in zip(row, places[n], strict=True):
            bottom = (low * height + sum(more[n + 1 :])) / tall
            axes.set_position((round(left, 6), round(bottom, 6), round(width, 6), heights[n] / tall))
