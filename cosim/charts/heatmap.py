"""A matrix of cells: colour for size and sign, a number where there is room, bold where it is clear."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

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
    wrapped,
)
from cosim.formatting.words import signed

_LABEL, _COLUMN, _TEXT = 8.5, 7.5, 7.0
# Narrower cells have no room for a number.
_ROOM = 0.36


@dataclass(frozen=True)
class Value:
    """One cell.

    Attributes
    ----------
    value : float
        Its size; nan leaves the cell empty.
    clear : bool
        Whether its interval excludes 0: bold, in full colour.
    mark : str
        A sign in the corner.
    """

    value: float
    clear: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Grid:
    """A whole figure.

    Attributes
    ----------
    title : str
    rows, columns : tuple of str
        Keys.
    labels : mapping of str to str
        Of rows and columns.
    cells : mapping of (row, column) to Value
    ends : tuple of str
        What the colours of values below and above 0 mean.
    note, stamp : str
    digits : int
    symbols : bool
        Whether clear cells carry an arrow where there is no room for a number.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    labels: Mapping[str, str]
    cells: Mapping[tuple[str, str], Value]
    ends: tuple[str, str]
    note: str
    stamp: str
    digits: int = 2
    symbols: bool = True

    def draw(self, layout: Layout) -> Figure:
        """Draw the matrix for a page or a phone."""
        with house_style():
            longest = max(len(self.labels[row]) for row in self.rows)
            left = min(0.3 + longest * 0.54 * _LABEL / 72, 1.45 if layout.stacked else 2.3)
            unit = min((layout.width - left - 0.15) / len(self.columns), 0.75)
            tall = min(max(0.24, 0.5 * unit), 0.34)
            names = max(len(self.labels[column]) for column in self.columns)
            head = 0.12 + 0.54 * _COLUMN / 72 * min(names, 34)
            title = wrapped(self.title, layout.width - 0.2, 9.0)
            above = 0.1 + 0.16 * len(title) + (0.4 if layout.stacked else 0.24)
            foot = foot_height(layout.width, self.note, self.stamp) + 0.05
            body = tall * len(self.rows)
            height = above + head + body + 0.1 + foot
            figure = Figure(figsize=(layout.width, height))
            width = unit * len(self.columns)
            axes = figure.add_axes(
                (left / layout.width, (foot + 0.05) / height, width / layout.width, body / height)
            )
            self._draw(axes, unit, left)
            figure.text(0.08 / layout.width, 1 - 0.06 / height, "\n".join(title), fontsize=9.0,
                        fontweight="bold", ha="left", va="top")  # fmt: skip
            self._draw_legend(figure, layout, height, 0.12 + 0.16 * len(title))
            put_stamp(figure, self.note, self.stamp)
        return figure

    def _draw(self, axes: Axes, unit: float, left: float) -> None:
        axes.set_xlim(-0.5, len(self.columns) - 0.5)
        axes.set_ylim(len(self.rows) - 0.5, -0.5)
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        sizes = [abs(cell.value) for cell in self.cells.values() if math.isfinite(cell.value)]
        largest = max([*sizes, 1e-12])
        for y, row in enumerate(self.rows):
            for x, column in enumerate(self.columns):
                cell = self.cells.get((row, column))
                if cell is not None and math.isfinite(cell.value):
                    self._draw_cell(axes, x, y, cell, largest, unit)
        axes.set_xticks(
            range(len(self.columns)), [_cut(self.labels[column]) for column in self.columns], rotation=90
        )
        axes.xaxis.tick_top()
        for label in axes.get_xticklabels():
            label.set(fontsize=_COLUMN, color=INK)
        texts = [label_lines(self.labels[row], left - 0.2, _LABEL) for row in self.rows]
        axes.set_yticks(range(len(self.rows)), texts, linespacing=0.9)
        for label in axes.get_yticklabels():
            label.set(fontsize=_LABEL if "\n" not in label.get_text() else 7.0, color=INK)

    def _draw_cell(self, axes: Axes, x: int, y: int, cell: Value, largest: float, unit: float) -> None:
        share = cell.value / largest
        strength = share if cell.clear else 0.35 * share
        axes.add_patch(
            Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=_SCALE(0.5 + 0.5 * strength),
                      edgecolor=FAINT if not cell.clear else GREY, linewidth=0.5)
        )  # fmt: skip
        color = "white" if abs(strength) > 0.6 else INK if cell.clear else GREY
        if unit >= _ROOM:
            text = signed(cell.value, self.digits) + cell.mark
        elif self.symbols and cell.clear:
            text = ("▲" if cell.value > 0 else "▼") + cell.mark
        else:
            text = ""
        axes.text(
            x, y, text, ha="center", va="center", fontsize=_TEXT if unit > 0.4 else 6.2, color=color,
            fontweight="bold" if cell.clear else "normal",
        )  # fmt: skip

    def _draw_legend(self, figure: Figure, layout: Layout, height: float, down: float) -> None:
        from matplotlib.patches import Patch

        handles = [
            Patch(facecolor=_SCALE(0.1), edgecolor=GREY, linewidth=0.5, label=self.ends[0]),
            Patch(facecolor=_SCALE(0.9), edgecolor=GREY, linewidth=0.5, label=self.ends[1]),
            Patch(facecolor=_SCALE(0.42), edgecolor=FAINT, linewidth=0.5, label="pale: interval holds 0"),
        ]
        figure.legend(
            handles=handles, loc="upper left", bbox_to_anchor=(0.08 / layout.width, 1 - down / height),
            ncols=2 if layout.stacked else 3, borderaxespad=0, borderpad=0, handlelength=1.1,
            handletextpad=0.4, columnspacing=1.2, labelspacing=0.35, fontsize=8.0,
        )  # fmt: skip


_SCALE = LinearSegmentedColormap.from_list("house", [BLUE, "#FFFFFF", VERMILION])


def _cut(label: str) -> str:
    return label if len(label) <= 34 else label[:33].rstrip() + "…"
