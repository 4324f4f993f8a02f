"""A matrix of cells: numbers on colours, or marks whose area is the size of an effect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cosim.charts.dot_interval import Label, label_width, row_height, row_labels, write_labels
from cosim.charts.frame import GAP, Frame, Key, Pane
from cosim.charts.style import BLUE, FAINT, GREY, INK, VERMILION, Layout, cut, text_width
from cosim.formatting.words import signed

_COLUMN, _TEXT = 7.5, 7.0
_LONGEST = 2.1  # inches of a column's name

_SCALE = LinearSegmentedColormap.from_list("house", [BLUE, "#FFFFFF", VERMILION])


def _shade(strength: float) -> str:
    return str(to_hex(_SCALE(0.5 + 0.5 * strength)))


@dataclass(frozen=True)
class Value:
    """A number on a colour.

    Attributes
    ----------
    value : float
        Its size; nan leaves the cell empty.
    clear : bool
        Whether its interval excludes 0: bold, in full colour.
    mark : str
        A sign behind the number.
    """

    value: float
    clear: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Sized:
    """A mark of a size in points."""

    marker: str
    color: str
    size: float
    filled: bool = True


@dataclass(frozen=True)
class Block:
    """Columns that stand together, under a heading ('' for none)."""

    columns: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True)
class Grid:
    """A whole figure.

    Attributes
    ----------
    title : str
    rows : tuple of str
        Keys.
    blocks : tuple of Block
        Side by side on a page, one above the other on a phone.
    labels : mapping of str to str
        Of rows and columns.
    cells : mapping of (row, column) to Value or Sized
    note, stamp : str
    legend : tuple of Key
    digits : int
        Of numbers.
    symbols : bool
        Whether clear cells carry an arrow where there is no room for a number.
    """

    title: str
    rows: tuple[str, ...]
    blocks: tuple[Block, ...]
    labels: Mapping[str, str]
    cells: Mapping[tuple[str, str], Value | Sized]
    note: str
    stamp: str
    legend: tuple[Key, ...] = ()
    digits: int = 2
    symbols: bool = True

    def draw(self, layout: Layout) -> Figure:
        """Draw the matrix for a page or a phone."""
        rows = self.rows[: layout.rows]
        labels = row_labels(self.labels, rows, layout)
        left = label_width(labels)
        columns = 1 if layout.stacked else len(self.blocks)
        beside = (
            max(len(block.columns) for block in self.blocks)
            if layout.stacked
            else sum(len(block.columns) for block in self.blocks)
        )
        unit = (layout.width - left - 0.3 - GAP * (columns - 1)) / beside
        numbers = any(isinstance(cell, Value) for cell in self.cells.values())
        tall = min(max(0.24, 0.5 * unit), 0.34) if numbers else row_height(labels)
        panes = tuple(
            self._pane(block, rows, (unit, tall), labels, left)
            if n % columns == 0
            else self._pane(block, rows, (unit, tall), {}, 0.0)
            for n, block in enumerate(self.blocks)
        )
        note = self.note
        if len(rows) < len(self.rows):
            note += f" The first {len(rows)} of {len(self.rows)} rows."
        return Frame(panes, note, self.stamp, columns, self.title, self.legend).draw(layout)

    def _pane(
        self,
        block: Block,
        rows: Sequence[str],
        cell: tuple[float, float],
        labels: Mapping[str, Label],
        left: float,
    ) -> Pane:
        unit, tall = cell

        def paint(axes: Axes, _: float) -> None:
            axes.set_xlim(-0.5, len(block.columns) - 0.5)
            axes.set_ylim(0.5 - len(rows), 0.5)
            for side in axes.spines.values():
                side.set_visible(False)
            self._draw_values(axes, block, rows, unit)
            self._draw_marks(axes, block, rows)
            names = [cut(self.labels[column], _LONGEST, _COLUMN) for column in block.columns]
            upright = any(text_width(name, _COLUMN) > 0.9 * unit for name in names)
            axes.set_xticks(
                range(len(names)), names, rotation=90 if upright else 0, fontsize=_COLUMN, color=INK
            )
            axes.xaxis.tick_top()
            axes.tick_params(length=0)
            write_labels(axes, [(-y, labels[row]) for y, row in enumerate(rows) if labels])

        return Pane(paint, tall * len(rows), block.title, left=left, weight=len(block.columns))

    def _draw_values(self, axes: Axes, block: Block, rows: Sequence[str], unit: float) -> None:
        """Draw numbers on colours, the largest of the whole matrix in full colour."""
        values = {key: cell for key, cell in self.cells.items() if isinstance(cell, Value)}
        values = {key: cell for key, cell in values.items() if math.isfinite(cell.value)}
        largest = max([*(abs(cell.value) for cell in values.values()), 1e-12])
        words = {key: signed(cell.value, self.digits) + cell.mark for key, cell in values.items()}
        size = next(
            (
                size
                for size in (_TEXT, 6.2)
                if all(text_width(text, size, bold=True) < 0.94 * unit for text in words.values())
            ),
            0.0,
        )
        for y, row in enumerate(rows):
            for x, column in enumerate(block.columns):
                if (cell := values.get((row, column))) is None:
                    continue
                strength = cell.value / largest * (1.0 if cell.clear else 0.35)
                axes.add_patch(
                    Rectangle((x - 0.48, -y - 0.46), 0.96, 0.92, facecolor=_shade(strength),
                              edgecolor=GREY if cell.clear else FAINT, linewidth=0.5)
                )  # fmt: skip
                arrow = ("▲" if cell.value > 0 else "▼") + cell.mark if self.symbols and cell.clear else ""
                axes.text(
                    x, -y, words[row, column] if size else arrow, ha="center", va="center",
                    fontsize=size or 6.2,
                    color="white" if abs(strength) > 0.6 else INK if cell.clear else GREY,
                    fontweight="bold" if cell.clear else "normal",
                )  # fmt: skip

    def _draw_marks(self, axes: Axes, block: Block, rows: Sequence[str]) -> None:
        """Draw marks on faint lines, those of one look at once, which keeps the file small."""
        looks: dict[Sized, list[tuple[int, int]]] = {}
        for y, row in enumerate(rows):
            for x, column in enumerate(block.columns):
                cell = self.cells.get((row, column))
                if isinstance(cell, Sized):
                    looks.setdefault(cell, []).append((x, -y))
        if looks:
            axes.hlines(
                [-y for y in range(len(rows))], *axes.get_xlim(), color=FAINT, linewidth=0.5, zorder=0
            )
            axes.vlines(range(len(block.columns)), *axes.get_ylim(), color=FAINT, linewidth=0.4, zorder=0)
        for look, places in looks.items():
            xs, ys = zip(*places, strict=True)
            axes.plot(
                xs, ys, linestyle="", marker=look.marker, markersize=look.size, color=look.color, zorder=3,
                markeredgewidth=1.0, markerfacecolor=look.color if look.filled else "white",
            )  # fmt: skip


def colors(below: str, above: str, *, pale: bool = True) -> tuple[Key, ...]:
    """Return the legend of colours: what those below and above 0 mean, and what pale ones do."""
    ends = (Key(below, _shade(-0.8), "patch"), Key(above, _shade(0.8), "patch"))
    return (*ends, Key("pale: interval holds 0", _shade(-0.16), "patch")) if pale else ends
