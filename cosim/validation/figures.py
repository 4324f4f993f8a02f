"""Figures of a validation: each pattern's targets beside simulated samples, directions, and null models."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    VERMILION,
    Layout,
    foot_height,
    house_style,
    label_lines,
    put_stamp,
)
from cosim.formatting.words import shortened
from cosim.patterns import Expectation, Target
from cosim.patterns.pattern import About
from cosim.patterns.statistics import STATISTICS
from cosim.validation.null_models import variants_of
from cosim.validation.questions import brief, title
from cosim.validation.validation import Finding, Validation

_ROW, _LABEL = 0.215, 8.0
_LOOKS = (
    (BLUE, "o"),
    (GREEN, "^"),
    (ORANGE, "s"),
    (PURPLE, "D"),
    (VERMILION, "v"),
    (GREY, "P"),
    (INK, "X"),
)


@dataclass(frozen=True)
class Row:
    """One number: what was found, what is accepted, and what simulated samples show."""

    label: str
    target: float
    interval: tuple[float, float] | None
    accepted: tuple[float, float]
    median: float
    low: float
    high: float
    met: bool
    least: float = -math.inf


@dataclass(frozen=True)
class TargetPlot:
    """A pattern's targets, those of one unit on one axis.

    Attributes
    ----------
    facets : tuple of (unit, rows)
    note, stamp : str
    """

    facets: tuple[tuple[str, tuple[Row, ...]], ...]
    note: str
    stamp: str

    def draw(self, layout: Layout) -> Figure:
        """Draw the figure for a page or a phone."""
        with house_style():
            legend = 0.62 if layout.stacked else 0.3
            axis, gap = 0.45, 0.12
            body = sum(_ROW * len(rows) + axis + gap for _, rows in self.facets)
            height = legend + body + foot_height(layout.width, self.note, self.stamp)
            figure = Figure(figsize=(layout.width, height))
            left = 1.6 if layout.stacked else 2.5
            y = height - legend
            for unit, rows in self.facets:
                tall = _ROW * len(rows)
                box = (left / layout.width, (y - tall) / height)
                size = ((layout.width - left - 0.25) / layout.width, tall / height)
                axes = figure.add_axes((*box, *size))
                _draw_rows(axes, rows, left)
                axes.set_xlabel(unit)
                y -= tall + axis + gap
            _draw_legend(figure, layout, height)
            put_stamp(figure, self.note, self.stamp)
        return figure


def _draw_rows(axes: Axes, rows: Sequence[Row], left: float) -> None:
    axes.set_ylim(-len(rows) + 0.4, 0.6)
    for n, row in enumerate(rows):
        low, high = row.accepted
        axes.fill_betweenx(
            [-n - 0.36, -n + 0.36], max(low, row.least), high, color=FAINT, linewidth=0, zorder=0
        )
        if row.interval is not None:
            axes.plot(row.interval, (-n + 0.17, -n + 0.17), color=INK, linewidth=1.0, zorder=2)
        axes.plot(row.target, -n + 0.17, marker="D", markersize=4.0, color=INK, zorder=3)
        color = BLUE if row.met else VERMILION
        if math.isfinite(row.low):
            axes.plot((row.low, row.high), (-n - 0.17, -n - 0.17), color=color, linewidth=1.6, zorder=2)
        face = color if row.met else "white"
        axes.plot(
            row.median, -n - 0.17, marker="o" if row.met else "s", markersize=4.8, color=color,
            markerfacecolor=face, zorder=3,
        )  # fmt: skip
    labels = [label_lines(row.label, left - 0.2, _LABEL) for row in rows]
    axes.set_yticks([-n for n in range(len(rows))], labels, linespacing=0.9)
    for label in axes.get_yticklabels():
        label.set_fontsize(_LABEL if "\n" not in label.get_text() else 7.0)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.06)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))


def _draw_legend(figure: Figure, layout: Layout, height: float) -> None:
    handles = [
        Line2D([], [], color=INK, marker="D", markersize=4, linewidth=1.0, label="found, 95 % interval"),
        Patch(color=FAINT, label="accepted"),
        Line2D([], [], color=BLUE, marker="o", markersize=5, linewidth=1.6, label="simulated: met"),
        Line2D(
            [], [], color=VERMILION, marker="s", markersize=5, linewidth=1.6, label="simulated: missed",
            markerfacecolor="white",
        ),
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.08 / layout.width, 1 - 0.04 / height),
        ncols=2 if layout.stacked else 4, borderaxespad=0, borderpad=0, handletextpad=0.4,
        columnspacing=1.2, labelspacing=0.35, fontsize=8.0,
    )  # fmt: skip


def stamp(validation: Validation) -> str:
    """Return what is written small on every figure."""
    effort = validation.effort
    return f"cosim {validation.version} · validation · {effort.samples} samples · seed {effort.seed}"


def of_pattern(validation: Validation, findings: Sequence[Finding]) -> TargetPlot:
    """Draw a pattern's targets beside simulated samples of the same size."""
    facets: dict[str, list[Row]] = {}
    sizes: dict[str, None] = {}
    for one in findings:
        if one.sampled is None or not isinstance(one.asked, Target):
            continue
        unit = STATISTICS[one.asked.statistic].unit
        facets.setdefault(unit, []).extend(_rows(one, one.asked))
        sizes[f"{one.sampled.size} {one.sampled.unit}"] = None
    note = (
        f"Simulated: median of {validation.effort.samples} samples and central 95 % of them; a sample is "
        f"as large as what was observed ({', '.join(sizes)})."
    )
    return TargetPlot(tuple((unit, tuple(rows)) for unit, rows in facets.items()), note, stamp(validation))


def _rows(one: Finding, target: Target) -> list[Row]:
    assert one.sampled is not None
    parts = zip(target.values, target.accepted(), one.sampled.median, one.sampled.interval, strict=True)
    several = len(target.values) > 1
    return [
        Row(
            f"{title(target)}: {place}" if several else title(target),
            value,
            target.interval,
            accepted,
            median,
            low,
            high,
            accepted[0] <= median <= accepted[1],
            0.0 if STATISTICS[target.statistic].unit in ("share", "Gini", "chance") else -math.inf,
        )
        for place, (value, accepted, median, (low, high)) in enumerate(parts, 1)
    ]


def directions(validation: Validation) -> RowPlot:
    """Draw every direction: the effect in the expected direction, in SDs of a single project."""
    labels: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    looks: dict[str, dict[str, Dot]] = {"right": {}, "wrong": {}, "unclear": {}}
    hollow: set[str] = set()
    for place, one in enumerate(validation.findings):
        if one.paired is None or not isinstance(one.asked, Expectation):
            continue
        key = str(place)
        labels[key] = brief(one.asked)
        groups.setdefault(shortened(f"{one.pattern.id}  {one.pattern.title}", 50), []).append(key)
        sign = 1.0 if one.asked.direction in ("higher", "above", "interior") else -1.0
        paired = one.paired
        unit = paired.effect / paired.difference if paired.difference else math.nan
        ends = sorted((sign * paired.low * unit, sign * paired.high * unit))
        looks[one.verdict][key] = Dot(sign * paired.effect, *ends)
        if paired.built_in:
            hollow.add(key)
    colors = {"right": (BLUE, "o"), "wrong": (VERMILION, "s"), "unclear": (GREY, "D")}
    series = tuple(
        Series(dots, colors[name][0], colors[name][1], hollow=frozenset(hollow), keeps_color=True)
        for name, dots in looks.items()
    )
    panel = Panel(
        "Effect in the direction that is expected",
        "SDs of a single project",
        series,
        lines=((0.0, "no effect"),),
        limits=(-1.0, 6.0),
    )
    return RowPlot(
        tuple(Group(heading, tuple(keys)) for heading, keys in groups.items()),
        labels,
        (panel,),
        f"n = {validation.effort.projects} pairs of projects with the same random numbers per row. Dots: "
        "mean paired difference; bars: 95 % t intervals. Right of the line is the direction "
        "that the evidence has.",
        stamp(validation),
        (
            ("right direction", BLUE, "o", True),
            ("wrong direction", VERMILION, "s", True),
            ("unclear: interval holds 0", GREY, "D", True),
            ("hollow: built in by a rule", GREY, "o", False),
        ),
    )


def null_models(validation: Validation, about: About = "talk") -> RowPlot:
    """Draw how far the model and every variant of it are from each pattern's gates, those about one thing."""
    table = validation.nulls[validation.nulls["gate"] & (validation.nulls["about"] == about)]
    variants = variants_of(about)
    step = 0.54 / (len(variants) - 1)
    series, names = [], []
    titles: Mapping[str, str] = {one.pattern.id: one.pattern.title for one in validation.findings}
    keys = tuple(str(name) for name in dict.fromkeys(table["pattern"]))
    for place, (variant, look) in enumerate(zip(variants, _LOOKS, strict=False)):
        own = table[table["variant"] == variant.name]
        far = (own.groupby("pattern")["distance"].apply(lambda x: float((x**2).mean() ** 0.5))).to_dict()
        dots = {key: Dot(far[key]) for key in keys if key in far}
        series.append(Series(dots, *look, shift=0.27 - step * place))
        names.append((variant.title, *look, True))
    panel = Panel(
        "Distance from what is accepted",
        "in units of the tolerance, root mean square over a pattern's targets",
        tuple(series),
        lines=((1.0, "edge of what is accepted"),),
        limits=(0.0, 10.0),
    )
    return RowPlot(
        (Group("", keys),),
        {key: f"{key}  {titles[key]}" for key in keys},
        (panel,),
        "Only targets that count as gates. Null models keep the whole model's numbers for what they still "
        "have; "
        + ("nothing is fitted again." if about == "talk" else "rivals have one rate, which was fitted."),
        stamp(validation),
        tuple(names),
    )
