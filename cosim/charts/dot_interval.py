"""Dot-and-interval plots with a row per way of working: most figures of a comparison are of this form."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cosim.charts.frame import LABEL, SMALL, Frame, Key, Pane
from cosim.charts.style import BLUE, FAINT, GREY, INK, Layout, cut, text_width, wrapped
from cosim.formatting.words import number, signed

_ROW, _TALL_ROW = 0.205, 0.24  # inches; where a label has two lines, all rows are taller
_BESIDE = 4  # panels, at the most
_LINE = 0.135  # inches; a line of small letters above the axes


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
    area : bool
        Whether the intervals are drawn as areas as high as the row, without marks.
    """

    dots: Mapping[str, Dot]
    color: str = BLUE
    marker: str = "o"
    name: str = ""
    hollow: frozenset[str] = frozenset()
    strong: frozenset[str] = frozenset()
    shift: float = 0.0
    keeps_color: bool = False
    area: bool = False


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
    groups : tuple of Group
        Rows of its own, where panels do not share those of the figure.
    """

    title: str
    xlabel: str
    series: tuple[Series, ...]
    lines: tuple[tuple[float, str], ...] = ()
    percent: bool = False
    limits: tuple[float, float] | None = None
    groups: tuple[Group, ...] = ()


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
        Row key to what is written at its left.
    panels : tuple of Panel
        Side by side on a page; those with rows of their own one above the other.
    note, stamp : str
        n and the meaning of intervals; run id, scenario and version.
    legend : tuple of Key
    keep : tuple of str
        Rows that are shown even where there is not room for all.
    """

    groups: tuple[Group, ...]
    labels: Mapping[str, str]
    panels: tuple[Panel, ...]
    note: str
    stamp: str
    legend: tuple[Key, ...] = ()
    keep: tuple[str, ...] = field(default=())

    def draw(self, layout: Layout) -> Figure:
        """Draw the figure for a page or a phone."""
        below = layout.stacked or any(panel.groups for panel in self.panels)
        columns = 1 if below else math.ceil(len(self.panels) / math.ceil(len(self.panels) / _BESIDE))
        shared = shortened(self.groups, layout.rows, self.keep)
        rows = [_lines(panel.groups or shared) for panel in self.panels]
        labels = row_labels(self.labels, (line.key for each in rows for line in each if line.key), layout)
        left, tall = label_width(labels), row_height(labels)
        width = (layout.width - left - 0.2) / columns - 0.16
        levels = [
            level + 1
            for panel, lines in zip(self.panels, rows, strict=True)
            for _, _, level, _ in _placed(panel, lines, width)
        ]
        above = _LINE * max(levels, default=0)
        panes = tuple(
            _pane(panel, lines, tall, above, labels, left)
            if n % columns == 0
            else _pane(panel, lines, tall, above, {}, 0.0)
            for n, (panel, lines) in enumerate(zip(self.panels, rows, strict=True))
        )
        return Frame(panes, self.note, self.stamp, columns, keys=self.legend).draw(layout)


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
            shown = f"{len(keys)} of {len(group.keys)} shown"
            heading = f"{heading} ({shown})" if heading else shown
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


class Label(NamedTuple):
    """What is written at the left of a row, and its font size."""

    text: str
    size: float


def row_labels(labels: Mapping[str, str], keys: Iterable[str], layout: Layout) -> dict[str, Label]:
    """Return what is written at the left of rows: in one line where it fits, in two small ones or cut."""
    return {key: _label(labels[key], 1.4 if layout.stacked else 2.2) for key in keys}


def _label(text: str, most: float) -> Label:
    if text_width(text, LABEL) <= most:
        return Label(text, LABEL)
    first, *rest = wrapped(text, most, SMALL)
    return Label("\n".join([first, cut(" ".join(rest), most, SMALL)]) if rest else first, SMALL)


def row_height(labels: Mapping[str, Label]) -> float:
    """Return how many inches a row takes."""
    return _TALL_ROW if any("\n" in label.text for label in labels.values()) else _ROW


def label_width(labels: Mapping[str, Label]) -> float:
    """Return how many inches labels take at the left of the axes."""
    widths = (text_width(line, size) for text, size in labels.values() for line in text.split("\n"))
    return 0.1 + max(widths, default=0.0)


def write_labels(axes: Axes, labels: Sequence[tuple[float, Label]]) -> None:
    """Write labels at heights of the vertical axis, which itself is not drawn."""
    axes.set_yticks([at for at, _ in labels], [label.text for _, label in labels], linespacing=0.9)
    for tick, (_, label) in zip(axes.get_yticklabels(), labels, strict=True):
        tick.set(fontsize=label.size, color=INK)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _pane(
    panel: Panel, lines: Sequence[_Line], tall: float, above: float, labels: Mapping[str, Label], left: float
) -> Pane:
    def paint(axes: Axes, width: float) -> None:
        _draw_panel(axes, panel, lines, width)
        write_labels(axes, [(-n, labels[line.key]) for n, line in enumerate(lines) if line.key in labels])
        for n, line in enumerate(lines):
            if line.heading:
                _draw_heading(axes, n, line.heading if labels else "")

    return Pane(paint, tall * len(lines), panel.title, xlabel=panel.xlabel, left=left, above=above)


def _draw_panel(axes: Axes, panel: Panel, lines: Sequence[_Line], width: float) -> None:
    limits = panel.limits or _limits(panel, lines)
    axes.set_xlim(*limits)
    axes.set_ylim(-len(lines) + 0.4, 0.6)
    axes.patch.set_visible(False)
    ruled = [(*limits, -n) for n, line in enumerate(lines) if line.key]
    _draw_segments(axes, ruled, FAINT, 0.5, 0)
    for n, (x, _) in enumerate(panel.lines):
        if limits[0] <= x <= limits[1]:
            style = "-" if n == 0 else (0, (4, 2))
            axes.axvline(x, color=GREY, linewidth=0.9, linestyle=style, zorder=1)
    for at, side, level, label in _placed(panel, lines, width):
        axes.annotate(
            label, (at, 1.0), xycoords="axes fraction", xytext=(0, 2 + 72 * _LINE * level), fontsize=SMALL,
            textcoords="offset points", ha=side, va="bottom", color=GREY, annotation_clip=False,
        ).set_in_layout(False)  # fmt: skip
    for series in panel.series:
        _draw_series(axes, series, lines, limits, panel.percent)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(width / 0.55)), steps=[1, 2, 2.5, 5, 10]))
    if panel.percent:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(100 * x, 0)))
    elif max(abs(limits[0]), abs(limits[1])) >= 1000:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(x, 0)))


_Side = Literal["left", "center", "right"]


def _placed(panel: Panel, lines: Sequence[_Line], width: float) -> list[tuple[float, _Side, int, str]]:
    """Return for the label of each line where in the panel it stands, how it reaches, its level, and itself.

    A label never reaches beyond its own panel: the next one has a label there too. Where two would meet, the
    second stands above the first.
    """
    low, high = panel.limits or _limits(panel, lines)
    found: list[tuple[float, _Side, int, str]] = []
    ends: list[float] = []
    for x, text in sorted(panel.lines):
        if not text or not low <= x <= high:
            continue
        label = cut(text, width, SMALL)
        long = text_width(label, SMALL)
        start = (x - low) / (high - low) * width - long / 2
        side: _Side = "left" if start < 0 or long >= width else "right" if start + long > width else "center"
        at = {"left": 0.0, "center": (x - low) / (high - low), "right": 1.0}[side]
        start = min(max(start, 0.0), max(width - long, 0.0))
        level = next((n for n, end in enumerate(ends) if start >= end), len(ends))
        ends[level : level + 1] = [start + long + 0.05]
        found.append((at, side, level, label))
    return found


def _draw_heading(axes: Axes, n: int, heading: str) -> None:
    axes.axhline(-n - 0.45, color=GREY, linewidth=0.5, zorder=0)
    if heading:
        axes.annotate(
            heading, (0, -n - 0.1), xycoords=("figure fraction", "data"), xytext=(5.8, 0), fontsize=7.8,
            textcoords="offset points", ha="left", va="center", color=GREY, fontstyle="italic",
            annotation_clip=False, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        ).set_in_layout(False)  # fmt: skip


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
        if series.area:
            axes.fill_betweenx(
                (y - 0.36, y + 0.36), dot.low, dot.high, color=series.color, linewidth=0, zorder=0
            )
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
