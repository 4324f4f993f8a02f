"""Dot-and-interval plots with a row per way of working: most figures of a comparison are of this form."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cosim.charts.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    Layout,
    foot_height,
    house_style,
    label_lines,
    put_stamp,
    wrapped,
)
from cosim.formatting.words import number, signed

_ROW = 0.205  # inches; two lines of 8 points still fit
_TITLE_SIZE, _LABEL_SIZE, _LINE_SIZE = 9.0, 8.5, 7.0


@dataclass(frozen=True)
class Dot:
    """A mark with its interval; nan ends draw no interval."""

    x: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Series:
    """Marks of one colour and shape, at most one per row.

    Attributes
    ----------
    dots : mapping of str to Dot
        By row key.
    color, marker, name
        How it looks, and what the legend calls it ('' keeps it out of the legend).
    hollow : frozenset of str
        Rows whose mark is not filled.
    strong : frozenset of str
        Rows whose mark gets a ring round it.
    shift : float
        Upward shift in rows, so that several series do not cover each other.
    keeps_color : bool
        Whether hollow marks keep their colour (else they are grey).
    """

    dots: Mapping[str, Dot]
    color: str = BLUE
    marker: str = "o"
    name: str = ""
    hollow: frozenset[str] = frozenset()
    strong: frozenset[str] = frozenset()
    shift: float = 0.0
    keeps_color: bool = False


@dataclass(frozen=True)
class Panel:
    """One set of axes.

    Attributes
    ----------
    title, xlabel : str
    series : tuple of Series
    lines : tuple of (float, str)
        Vertical lines with their label; the first is solid.
    percent : bool
        Whether the axis shows a share.
    limits : tuple of float or None
        Ends of the axis; by default what the filled marks and the lines need. Marks beyond them become
        arrows with their value.
    """

    title: str
    xlabel: str
    series: tuple[Series, ...]
    lines: tuple[tuple[float, str], ...] = ()
    percent: bool = False
    limits: tuple[float, float] | None = None


@dataclass(frozen=True)
class Group:
    """Rows that belong together, with a heading ('' for none)."""

    heading: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class RowPlot:
    """A whole figure.

    Attributes
    ----------
    groups : tuple of Group
        Rows from the top.
    labels : mapping of str to str
        Row key to what is written beside it.
    panels : tuple of Panel
    note, stamp : str
        n and the meaning of intervals; run id, scenario and version.
    legend : tuple of (label, colour, marker, filled)
        The marker ``ring`` is the ring of strong rows.
    keep : tuple of str
        Rows that are shown even where there is not room for all.
    """

    groups: tuple[Group, ...]
    labels: Mapping[str, str]
    panels: tuple[Panel, ...]
    note: str
    stamp: str
    legend: tuple[tuple[str, str, str, bool], ...] = ()
    keep: tuple[str, ...] = field(default=())

    def draw(self, layout: Layout) -> Figure:
        """Draw the figure for a page or a phone."""
        with house_style():
            groups = shortened(self.groups, layout.rows, self.keep)
            lines = _lines(groups)
            left = _label_width(self.labels, lines, layout)
            top = 0.08 + self._legend_height(layout)
            columns = 1 if layout.stacked else len(self.panels)
            above = 0.17 if any(label for panel in self.panels for _, label in panel.lines) else 0.0
            heads = [above + _head(panel, (layout.width - left) / columns - 0.2) for panel in self.panels]
            body = _ROW * len(lines)
            axis = 0.42 + 0.14 * max(len(panel.xlabel.split("\n")) for panel in self.panels)
            foot = foot_height(layout.width, self.note, self.stamp)
            if layout.stacked:
                height = top + sum(head + body + axis for head in heads) + foot
            else:
                height = top + max(heads) + body + axis + foot
            figure = Figure(figsize=(layout.width, height))
            self._draw_legend(figure, layout, height)
            y = height - top
            width = (layout.width - left - 0.12 - 0.28 * (columns - 1)) / columns
            for number_, (panel, head) in enumerate(zip(self.panels, heads, strict=True)):
                x = left if layout.stacked else left + number_ * (width + 0.28)
                low = y - (head if layout.stacked else max(heads)) - body
                axes = figure.add_axes((x / layout.width, low / height, width / layout.width, body / height))
                _draw_panel(axes, panel, lines, width, above)
                if layout.stacked or number_ == 0:
                    _draw_labels(axes, self.labels, lines, left)
                if layout.stacked:
                    y = low - axis
            put_stamp(figure, self.note, self.stamp)
        return figure

    def _legend_height(self, layout: Layout) -> float:
        if not self.legend:
            return 0.0
        return 0.2 * (len(self.legend) if layout.stacked else math.ceil(len(self.legend) / 3)) + 0.06

    def _draw_legend(self, figure: Figure, layout: Layout, height: float) -> None:
        if not self.legend:
            return
        handles = [
            Line2D(
                [], [], color=color, marker="o" if marker == "ring" else marker, linestyle="", label=label,
                markersize=9 if marker == "ring" else 5.5, markeredgewidth=0.8 if marker == "ring" else 1.0,
                markerfacecolor=color if filled else "white",
            )
            for label, color, marker, filled in self.legend
        ]  # fmt: skip
        figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0.08 / layout.width, 1 - 0.04 / height),
            ncols=1 if layout.stacked else min(3, len(handles)),
            borderaxespad=0,
            borderpad=0,
            handletextpad=0.2,
            columnspacing=1.4,
            labelspacing=0.35,
        )


def shortened(groups: Sequence[Group], rows: int, keep: Sequence[str] = ()) -> tuple[Group, ...]:
    """Return groups cut to so many rows: the first of each, in proportion, and those to be kept.

    A cut group's heading says how many of how many are shown.
    """
    total = sum(len(group.keys) for group in groups)
    if total <= rows:
        return tuple(groups)
    cut = []
    for group in groups:
        share = max(2, round(rows * len(group.keys) / total))
        keys = [key for n, key in enumerate(group.keys) if n < share or key in keep]
        heading = group.heading
        if len(keys) < len(group.keys):
            heading = f"{heading or 'Ways of working'} ({len(keys)} of {len(group.keys)} shown)"
        cut.append(Group(heading, tuple(keys)))
    return tuple(cut)


@dataclass(frozen=True)
class _Line:
    key: str = ""
    heading: str = ""


def _lines(groups: Sequence[Group]) -> list[_Line]:
    lines = []
    for group in groups:
        if not group.keys:
            continue
        if group.heading:
            lines.append(_Line(heading=group.heading))
        lines += [_Line(key=key) for key in group.keys]
    return lines


def _label_width(labels: Mapping[str, str], lines: Sequence[_Line], layout: Layout) -> float:
    longest = max([len(labels[line.key]) for line in lines if line.key] or [1])
    return min(0.3 + longest * 0.54 * _LABEL_SIZE / 72, 2.3 if not layout.stacked else 1.55)


def _head(panel: Panel, width: float) -> float:
    return 0.12 + 0.155 * len(wrapped(panel.title, width, _TITLE_SIZE))


def _draw_labels(axes: Axes, labels: Mapping[str, str], lines: Sequence[_Line], left: float) -> None:
    positions, texts = [], []
    for n, line in enumerate(lines):
        if line.key:
            text = label_lines(labels[line.key], left - 0.2, _LABEL_SIZE)
            positions.append(-n)
            texts.append(text)
    axes.set_yticks(positions, texts, linespacing=0.9)
    for label in axes.get_yticklabels():
        label.set_fontsize(_LABEL_SIZE if "\n" not in label.get_text() else 7.0)


def _draw_panel(axes: Axes, panel: Panel, lines: Sequence[_Line], width: float, above: float) -> None:
    limits = panel.limits or _limits(panel, lines)
    axes.set_xlim(*limits)
    axes.set_ylim(-len(lines) + 0.4, 0.6)
    axes.set_yticks([])
    axes.patch.set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    ruled = [(*limits, -n) for n, line in enumerate(lines) if line.key]
    _draw_segments(axes, ruled, FAINT, 0.5, 0)
    for n, line in enumerate(lines):
        if line.heading:
            _draw_heading(axes, n, line.heading, first=not axes.figure.axes or axes is axes.figure.axes[0])
    for n, (x, label) in enumerate(panel.lines):
        if limits[0] <= x <= limits[1]:
            style = "-" if n == 0 else (0, (4, 2))
            axes.axvline(x, color=GREY, linewidth=0.9, linestyle=style, zorder=1)
            # A label never reaches beyond its own panel: the next one has a label there too.
            at, side = _label_place((x - limits[0]) / (limits[1] - limits[0]), label, width)
            axes.annotate(
                label, (at, 1.0), xycoords="axes fraction", xytext=(0, 2), fontsize=_LINE_SIZE,
                textcoords="offset points", ha=side, va="bottom", color=GREY, annotation_clip=False,
            )  # fmt: skip
    for series in panel.series:
        _draw_series(axes, series, lines, limits, panel.percent)
    title = "\n".join(wrapped(panel.title, width - 0.05, _TITLE_SIZE))
    axes.annotate(
        title, (0, 1), xycoords="axes fraction", xytext=(0, 4 + 72 * above), textcoords="offset points",
        fontsize=_TITLE_SIZE, fontweight="bold", ha="left", va="bottom", annotation_clip=False,
    )  # fmt: skip
    axes.set_xlabel("\n".join(wrapped(panel.xlabel, width, 8.5)))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(width / 0.55)), steps=[1, 2, 2.5, 5, 10]))
    if panel.percent:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(100 * x, 0)))
    elif max(abs(limits[0]), abs(limits[1])) >= 1000:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(x, 0)))


def _label_place(at: float, label: str, width: float) -> tuple[float, Literal["left", "center", "right"]]:
    """Return where a line's label stands, as a share of the panel, and which way it reaches."""
    half = 0.5 * len(label) * 0.54 * _LINE_SIZE / 72 / width
    if half >= 0.5:
        return 0.0, "left"
    if at - half < 0.0:
        return 0.0, "left"
    return (1.0, "right") if at + half > 1.0 else (at, "center")


def _draw_heading(axes: Axes, n: int, heading: str, *, first: bool) -> None:
    axes.axhline(-n - 0.45, color=GREY, linewidth=0.5, zorder=0)
    if not first:
        return
    axes.annotate(
        heading, (0, -n - 0.1), xycoords=("figure fraction", "data"), xytext=(5.8, 0), fontsize=7.8,
        textcoords="offset points", ha="left", va="center", color=GREY, fontstyle="italic",
        annotation_clip=False, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip


def _draw_series(
    axes: Axes, series: Series, lines: Sequence[_Line], limits: tuple[float, float], percent: bool
) -> None:
    """Draw all marks of one look at once, which keeps the file small."""
    looks: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    bars: dict[bool, list[tuple[float, float, float]]] = {False: [], True: []}
    rings: list[tuple[float, float]] = []
    colors = {False: series.color, True: series.color if series.keeps_color else GREY}
    for n, line in enumerate(lines):
        dot = series.dots.get(line.key)
        if dot is None or not math.isfinite(dot.x):
            continue
        y, hollow = -n + series.shift, line.key in series.hollow
        if not limits[0] <= dot.x <= limits[1]:
            _draw_beyond(axes, dot, y, limits, colors[hollow], percent)
            continue
        looks[hollow].append((dot.x, y))
        if math.isfinite(dot.low) and math.isfinite(dot.high):
            bars[hollow].append((max(dot.low, limits[0]), min(dot.high, limits[1]), y))
            _draw_cut(axes, dot, y, limits, colors[hollow], percent)
        if line.key in series.strong:
            rings.append((dot.x, y))
    for hollow, color in colors.items():
        if bars[hollow]:
            _draw_segments(axes, bars[hollow], color, 1.4, 2)
        if looks[hollow]:
            face = "white" if hollow else color
            _draw_marks(axes, looks[hollow], series.marker, 5.0, color, face, 3)
    if rings:
        _draw_marks(axes, rings, "o", 9.5, INK, "none", 4)


def _draw_segments(
    axes: Axes, segments: Sequence[tuple[float, float, float]], color: str, width: float, z: int
) -> None:
    """Draw horizontal pieces (from, to, height) as one line with gaps."""
    x = [value for low, high, _ in segments for value in (low, high, math.nan)]
    y = [value for _, _, height in segments for value in (height, height, math.nan)]
    axes.plot(x, y, color=color, linewidth=width, solid_capstyle="butt", zorder=z)


def _draw_marks(
    axes: Axes, places: Sequence[tuple[float, float]], marker: str, size: float, edge: str, face: str, z: int
) -> None:
    x, y = zip(*places, strict=True)
    axes.plot(
        x, y, linestyle="", marker=marker, markersize=size, color=edge, markerfacecolor=face, zorder=z,
        markeredgewidth=0.8 if face == "none" else 1.1,
    )  # fmt: skip


def _written(x: float, percent: bool) -> str:
    return number(100 * x, 0) if percent else signed(x, 0 if abs(x) >= 100 else 2)


def _draw_cut(axes: Axes, dot: Dot, y: float, limits: tuple[float, float], color: str, percent: bool) -> None:
    """Mark a bar that is cut at the edge of the axis: an arrow there, and where the bar ends."""
    for end, right in ((dot.low, False), (dot.high, True)):
        if limits[0] <= end <= limits[1]:
            continue
        text = _written(end, percent)
        axes.annotate(
            f"{text} →" if right else f"← {text}", (limits[1] if right else limits[0], y), fontsize=6.0,
            xytext=(-1 if right else 1, 0), textcoords="offset points", color=color, va="center",
            ha="right" if right else "left", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.3},
        )  # fmt: skip


def _draw_beyond(
    axes: Axes, dot: Dot, y: float, limits: tuple[float, float], color: str, percent: bool
) -> None:
    """Mark a value that lies outside of the axis: an arrow at the edge, the number and its interval."""
    x = dot.x
    right = x > limits[1]
    edge = limits[1] if right else limits[0]
    sign = -1 if right else 1
    text = _written(x, percent)
    if math.isfinite(dot.low) and math.isfinite(dot.high):
        text += f" ({_written(dot.low, percent)} to {_written(dot.high, percent)})"
    text = f"{text} →" if right else f"← {text}"
    axes.annotate(
        text, (edge, y), xytext=(sign, 0), textcoords="offset points", fontsize=7.0, color=color,
        ha="right" if right else "left", va="center",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


def _limits(panel: Panel, lines: Sequence[_Line]) -> tuple[float, float]:
    """Return ends that hold every filled mark with its interval, and every line."""
    shown = [line.key for line in lines if line.key]
    values = [x for x, _ in panel.lines]
    for only_filled in (True, False):
        for series in panel.series:
            for key in shown:
                dot = series.dots.get(key)
                if dot is None or (only_filled and key in series.hollow):
                    continue
                values += [x for x in (dot.x, dot.low, dot.high) if math.isfinite(x)]
        if len(values) > len(panel.lines):
            break
    if not values:
        return (0.0, 1.0)
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or 0.1 * abs(high) or 0.1
    return low - room, high + room
