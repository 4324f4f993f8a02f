"""Process beside product: what every way of working does to either, in equal place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cosim.charts.dot_interval import Group, shortened
from cosim.charts.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    VERMILION,
    Layout,
    foot_height,
    house_style,
    label_lines,
    put_stamp,
)
from cosim.outcomes import outcome_title
from cosim.studies.arm_titles import EMERGENT
from cosim.studies.compare.figures import stamp
from cosim.studies.compare.findings import Comparison, direction
from cosim.studies.report_texts import per_point_words

_ROW = 0.205
_LABEL_SIZE, _COLUMN_SIZE = 8.5, 7.5

_Look = tuple[str, str, bool, float]
"""Marker, colour, filled, size in points."""


@dataclass(frozen=True)
class Matrix:
    """Ways of working by outcomes; a mark's size is its effect, its shape says for better or worse.

    Attributes
    ----------
    rows : tuple of str
        Arm names, from the top.
    labels : mapping of str to str
    blocks : tuple of (title, outcomes)
        Outcomes that stand together under a heading.
    table : DataFrame
        Columns outcome, arm, effect (SDs of a single project), low, high.
    built_in : mapping of str to frozenset of str
        Outcomes that an arm moves by construction, or that cannot be told.
    note, stamp : str
    """

    rows: tuple[str, ...]
    labels: Mapping[str, str]
    blocks: tuple[tuple[str, tuple[str, ...]], ...]
    table: pd.DataFrame
    built_in: Mapping[str, frozenset[str]]
    note: str
    stamp: str

    def draw(self, layout: Layout) -> Figure:
        """Draw the matrix for a page or a phone."""
        with house_style():
            rows = shortened([Group("", self.rows)], layout.rows)[0].keys
            longest = max(len(self.labels[row]) for row in rows)
            left = min(0.3 + longest * 0.54 * _LABEL_SIZE / 72, 1.45 if layout.stacked else 2.3)
            body, legend = _ROW * len(rows), 0.62 if layout.stacked else 0.3
            foot = foot_height(layout.width, self.note, self.stamp) + 0.05
            head = self._head + 0.25
            count = len(self.blocks) if layout.stacked else 1
            height = legend + count * (head + body + 0.1) + foot
            figure = Figure(figsize=(layout.width, height))
            self._draw_legend(figure, layout, height)
            columns = sum(len(outcomes) for _, outcomes in self.blocks)
            gap = 0.15
            unit = (layout.width - left - 0.35 - gap * (len(self.blocks) - 1)) / columns
            x, y = left, height - legend - head - body
            for n, (title, outcomes) in enumerate(self.blocks):
                width = layout.width - left - 0.35 if layout.stacked else unit * len(outcomes)
                axes = figure.add_axes((x / layout.width, y / height, width / layout.width, body / height))
                self._draw_block(axes, title, outcomes, rows)
                if layout.stacked or n == 0:
                    _draw_labels(
                        axes, [label_lines(self.labels[row], left - 0.2, _LABEL_SIZE) for row in rows]
                    )
                if layout.stacked:
                    y -= head + body + 0.1
                else:
                    x += width + gap
            put_stamp(figure, self.note, self.stamp)
        return figure

    @property
    def _head(self) -> float:
        """Inches that the names of the columns need."""
        names = [outcome_title(name) for _, outcomes in self.blocks for name in outcomes]
        return 0.15 + 0.54 * _COLUMN_SIZE / 72 * max(len(name) for name in names)

    def _draw_block(self, axes: Axes, title: str, outcomes: Sequence[str], rows: Sequence[str]) -> None:
        axes.set_xlim(-0.5, len(outcomes) - 0.5)
        axes.set_ylim(-len(rows) + 0.4, 0.6)
        axes.set_yticks([])
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        for n in range(len(rows)):
            axes.axhline(-n, color=FAINT, linewidth=0.5, zorder=0)
        columns = (self.table[name] for name in ("outcome", "arm", "effect", "low", "high"))
        cells = {(one, arm): values for one, arm, *values in zip(*columns, strict=True)}
        marks: dict[_Look, list[tuple[int, int]]] = {}
        for column, outcome in enumerate(outcomes):
            axes.axvline(column, color=FAINT, linewidth=0.4, zorder=0)
            for n, row in enumerate(rows):
                known = outcome in self.built_in[row]
                look = _look(cells[outcome, row], outcome, known=known)
                marks.setdefault(look, []).append((column, -n))
        for (marker, color, filled, size), places in marks.items():
            x, y = zip(*places, strict=True)
            axes.plot(
                x, y, linestyle="", marker=marker, markersize=size, color=color, zorder=3,
                markeredgewidth=1.0, markerfacecolor=color if filled else "white",
            )  # fmt: skip
        axes.set_xticks(range(len(outcomes)), [outcome_title(name) for name in outcomes])
        axes.xaxis.tick_top()
        for label in axes.get_xticklabels():
            label.set(rotation=90, fontsize=_COLUMN_SIZE)
        axes.annotate(
            title, (0, 1), xycoords="axes fraction", xytext=(-2, 72 * self._head), textcoords="offset points",
            fontsize=9.0, fontweight="bold", ha="left", va="bottom", annotation_clip=False,
        )  # fmt: skip

    def _draw_legend(self, figure: Figure, layout: Layout, height: float) -> None:
        marks = (
            ("better", "o", BLUE, True),
            ("worse", "s", VERMILION, True),
            ("hollow: built in, or not classified", "o", GREY, False),
            ("no clear difference", ".", GREY, True),
        )
        handles = [
            Line2D(
                [], [], linestyle="", marker=marker, color=color, label=label,
                markersize=3 if marker == "." else 6, markerfacecolor=color if filled else "white",
            )
            for label, marker, color, filled in marks
        ]  # fmt: skip
        figure.legend(
            handles=handles, loc="upper left", bbox_to_anchor=(0.08 / layout.width, 1 - 0.04 / height),
            ncols=2 if layout.stacked else 4, borderaxespad=0, borderpad=0, handletextpad=0.2,
            columnspacing=1.2, labelspacing=0.35, fontsize=8.0,
        )  # fmt: skip


def impacts(comparison: Comparison) -> Matrix:
    """Return the matrix of process and product outcomes of a comparison."""
    table = comparison.impacts
    blocks = (
        ("Process: the people", comparison.process),
        ("Product: the decision", comparison.product),
    )
    built_in = {
        arm: frozenset(
            outcome
            for _, outcomes in blocks
            for outcome in outcomes
            if comparison.status(arm, outcome) != EMERGENT
        )
        for arm in comparison.others
    }
    return Matrix(
        rows=comparison.ranked,
        labels={name: arm.title for name, arm in comparison.arms.items()},
        blocks=tuple((title, outcomes) for title, outcomes in blocks if outcomes),
        table=table,
        built_in=built_in,
        note=f"n = {per_point_words(comparison.results)} per row. Area: paired difference to the baseline in "
        "SDs of a single project (largest: 1 SD or more); a mark is shown where its 95 % t interval "
        "excludes 0. Better means what the outcome's definition wants, which is a judgement.",
        stamp=stamp(comparison.results),
    )


def _look(values: Sequence[float], outcome: str, *, known: bool) -> _Look:
    effect, low, high = values
    clear = math.isfinite(low) and (low > 0 or high < 0)
    if not clear or effect == 0:
        return ("o", GREY, True, 0.6)
    better = (effect > 0) == (direction(outcome) == "higher")
    # In steps, because marks of one look are stored once.
    size = 2.5 + round(2 * 6.5 * math.sqrt(min(abs(effect), 1.0))) / 2
    return ("o" if better else "s", BLUE if better else VERMILION, not known, size)


def _draw_labels(axes: Axes, texts: Sequence[str]) -> None:
    axes.set_yticks([-n for n in range(len(texts))], texts, linespacing=0.9)
    for label in axes.get_yticklabels():
        label.set(fontsize=_LABEL_SIZE if "\n" not in label.get_text() else 7.0, color=INK)
