"""Every form of chart: numbers where they belong, nothing cut and nothing covered, on page and phone."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from cosim.charts.curves import Curve, CurvePanel, Curves
from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.histograms import Spread, Spreads
from cosim.charts.matrix import Block, Grid, Sized, Value, colors
from cosim.charts.scatter import Cloud, Mark, Scatter
from cosim.charts.style import PAGE, PHONE, Layout, cut, text_width, wrapped
from tests.charts.legible import faults

LONG = "a way of working with a name that nobody would want to read aloud in any meeting"
NOTE = "n = 12 settings × 4 replicates per row. Dots: means; bars: 95 % t intervals over settings. " * 2
STAMP = "cosim 9.9.9 · run 0123456789ab · research_team-0.1-5789b1d4622f · seed 7"
LAYOUTS = pytest.mark.parametrize("layout", [PAGE, PHONE], ids=["page", "phone"])


def rows(count: int, long: int = 0) -> dict[str, str]:
    return {f"r{n}": f"{LONG} {n}" if n < long else f"Way {n}" for n in range(count)}


def row_plot(count: int, panels: int, long: int = 0) -> RowPlot:
    labels = rows(count, long)
    keys = tuple(labels)
    dots = {key: Dot(n - 3.0, n - 3.5, n - 2.0) for n, key in enumerate(keys)}
    one = (
        Series(dots, shift=0.17),
        Series(dots, marker="s", shift=-0.17, hollow=frozenset(keys[:1])),
    )
    return RowPlot(
        (Group("emerges from the dynamics", keys[:-1]), Group("built in by a rule", keys[-1:])),
        labels,
        tuple(
            Panel(f"Panel {n} with quite a title", "difference (ratio)\nnearer to equal →", one,
                  lines=((0.0, "baseline 0.71"), (0.1, "equal share")))
            for n in range(panels)
        ),
        NOTE, STAMP,
        (Key("filled: emerges from the dynamics", "#000000"), Key(f"ringed: {LONG}", "#000000", "ring")),
    )  # fmt: skip


def grid(columns: int, long: int = 0) -> Grid:
    labels = rows(columns, long)
    keys = tuple(labels)
    cells = {(a, b): Value(0.01 * (n - m), n > m) for n, a in enumerate(keys) for m, b in enumerate(keys)}
    return Grid("Interactions", keys, (Block(keys),), labels, cells, NOTE, STAMP, colors("lower", "higher"))


def impacts() -> Grid:
    labels = {**rows(6, 2), **{f"c{n}": f"Outcome number {n}" for n in range(20)}}
    blocks = (
        Block(tuple(f"c{n}" for n in range(8)), "Process"),
        Block(tuple(f"c{n}" for n in range(8, 20)), "Product"),
    )
    cells = {(row, f"c{n}"): Sized("o", "#000000", 2.0 + n / 4) for row in rows(6) for n in range(20)}
    return Grid("", tuple(rows(6)), blocks, labels, cells, NOTE, STAMP, (Key("better", "#000000"),))


def curves(panels: int) -> Curves:
    x = (0.0, 0.5, 1.0)
    lines = tuple(
        Curve(f"Way {n}" if n else LONG, (n, n + 1.0, n + 2.0), band=((n - 1.0, n + 1.0),) * 3)
        for n in range(6)
    )
    words = CurvePanel(
        "Words", "rule of the floor", "Gini of influence", ("standing", "queue", "luce"), lines
    )
    return Curves(
        (
            words,
            *(CurvePanel(f"Dial {n}: {LONG}", "dose", "Gini of influence", x, lines) for n in range(panels)),
        ),
        NOTE,
        STAMP,
    )


def spreads(count: int) -> Spreads:
    draws = np.linspace(-1.0, 1.0, 200)
    below = "0.43: above 85 % of simulated teams"
    one = (Spread(f"Statistic {n}", below, "share", draws, here=0.5, usual=0.1) for n in range(count))
    return Spreads(tuple(one), ("simulated teams", "this log", "the model's default"), NOTE, STAMP)


def scatter(marks: int) -> Scatter:
    ring = [2 * math.pi * n / marks for n in range(marks)]
    cloud = Cloud(
        tuple(
            Mark(math.cos(a) + 1.1, math.sin(a) + 1.1, label=f"{LONG[:40]} {n}") for n, a in enumerate(ring)
        ),
        "on the front",
    )
    return Scatter(
        "Size and unevenness", "mean size", "spread", (cloud,), NOTE, STAMP,
        lines=(("x", 1.0, "budget"),), slopes=((1.0, "sigma = mu*"), (0.1, "sigma = mu*/10")),
    )  # fmt: skip


CHARTS = {
    "few rows": row_plot(2, 1),
    "many rows": row_plot(40, 3),
    "many panels": row_plot(3, 8),
    "long labels": row_plot(5, 4, long=3),
    "matrix": grid(5),
    "wide matrix": grid(16, long=2),
    "marks": impacts(),
    "curves": curves(3),
    "one panel of curves": curves(0),
    "histograms": spreads(5),
    "scatter": scatter(25),
}


@LAYOUTS
@pytest.mark.parametrize("name", CHARTS)
def test_nothing_is_cut_and_nothing_covers_anything(name: str, layout: Layout) -> None:
    figure = CHARTS[name].draw(layout)
    assert faults(figure) == []
    assert figure.get_figwidth() == pytest.approx(layout.width)


def test_faults_are_found() -> None:
    figure = Figure(figsize=(3, 2))
    figure.text(0.5, 0.5, "one")
    figure.text(0.51, 0.51, "two")
    figure.text(0.99, 0.1, "beyond the edge")
    assert faults(figure) == ["cut: 'beyond the edge'", "'one' and 'two' cover each other"]


def inches(axes: Axes) -> tuple[float, float]:
    box = axes.get_window_extent()
    return box.width / axes.figure.dpi, box.height / axes.figure.dpi


@LAYOUTS
def test_rows_are_as_high_whatever_stands_round_them(layout: Layout) -> None:
    heights = [inches(row_plot(8, 2).draw(layout).axes[n])[1] for n in (0, 1)]
    assert heights == pytest.approx([0.205 * 10] * 2, rel=1e-6)
    many = row_plot(8, 2, long=1).draw(layout).axes[0]
    assert inches(many)[1] == pytest.approx(0.24 * 10, rel=1e-6)


def test_panels_stand_side_by_side_on_a_page_and_below_each_other_on_a_phone() -> None:
    page, phone = (row_plot(4, 3).draw(layout).axes for layout in (PAGE, PHONE))
    assert len({round(axes.get_position().y0, 6) for axes in page}) == 1
    assert len({round(inches(axes)[0], 6) for axes in page}) == 1
    tops = [axes.get_position().y1 for axes in phone]
    assert tops == sorted(tops, reverse=True)
    assert all(above.get_position().y0 > below.get_position().y1 for above, below in pairwise(phone))


def test_dots_stand_at_their_numbers_in_the_row_of_their_label() -> None:
    series = Series({"a": Dot(0.25, 0.0, 0.5), "b": Dot(0.75)})
    plot = RowPlot(
        (Group("", ("a", "b")),), {"a": "A", "b": "B"},
        (Panel("P", "x", (series,), percent=True, limits=(0.0, 1.0)),),
        "n = 2", "run",
    )  # fmt: skip
    (axes,) = plot.draw(PAGE).axes
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    assert [(list(line.get_xdata()), list(line.get_ydata())) for line in marks] == [([0.25, 0.75], [0, -1])]
    bars = [line for line in axes.lines if line.get_linewidth() == 1.4]
    assert list(bars[0].get_xdata()[:2]) == [0.0, 0.5]
    assert [(label.get_text(), label.get_position()[1]) for label in axes.get_yticklabels()] == [
        ("A", 0),
        ("B", -1),
    ]
    axes.figure.canvas.draw()
    assert [label.get_text() for label in axes.get_xticklabels()][:2] == ["0", "10"]


def test_areas_are_as_high_as_their_row_and_have_no_mark() -> None:
    panel = Panel("", "x", (Series({"a": Dot(0.5, 0.2, 0.9)}, area=True),), groups=(Group("", ("a",)),))
    (axes,) = RowPlot((), {"a": "A"}, (panel,), "n = 1", "run").draw(PAGE).axes
    (area,) = axes.collections
    box = area.get_datalim(axes.transData)
    assert (box.x0, box.x1, box.y0, box.y1) == pytest.approx((0.2, 0.9, -0.36, 0.36))
    assert all(line.get_marker() in ("None", None, "") for line in axes.lines)


def test_panels_with_rows_of_their_own_stand_below_each_other_on_a_page_too() -> None:
    panels = tuple(
        Panel("", unit, (Series({key: Dot(1.0)}),), groups=(Group("", (key,)),))
        for key, unit in (("a", "share"), ("b", "words"))
    )  # fmt: skip
    axes = RowPlot((), {"a": "A", "b": "B"}, panels, "n = 1", "run").draw(PAGE).axes
    assert [[label.get_text() for label in one.get_yticklabels()] for one in axes] == [["A"], ["B"]]
    assert axes[0].get_position().y0 > axes[1].get_position().y1


def test_cells_say_their_number_where_there_is_room_and_else_whether_it_is_clear() -> None:
    told = [text.get_text() for text in grid(4).draw(PAGE).axes[0].texts]
    assert told[:5] == ["0.00", "−0.01", "−0.02", "−0.03", "+0.01"]
    narrow = {text.get_text() for text in grid(16).draw(PHONE).axes[0].texts}
    assert narrow == {"", "▲"}


def test_rows_that_a_phone_has_no_room_for_are_counted() -> None:
    told = " ".join(text.get_text() for text in grid(20).draw(PHONE).findobj(Text))
    assert "The first 14 of 20 rows." in told.replace("\n", " ")


def test_histograms_hold_every_draw_and_weights_count() -> None:
    one = Spread("t", "below", "x", [0.1, 0.1, 0.9, math.nan], limits=(0.0, 1.0))
    (axes,) = Spreads((one,), ("bars", "", ""), "n", "run").draw(PAGE).axes
    assert axes.patches[0].get_data().values.sum() == 3
    weighted = Spread("t", "below", "x", [0.1, 0.9], weights=[0.25, 0.75], limits=(0.0, 1.0))
    (axes,) = Spreads((weighted,), ("bars", "", ""), "n", "run").draw(PAGE).axes
    assert sorted(axes.patches[0].get_data().values)[-2:] == [0.25, 0.75]


def test_lines_break_between_words_and_words_only_where_they_must() -> None:
    lines = wrapped("Co-written ground rules and delegated decisions", 1.2, 8.5)
    assert " ".join(lines) == "Co-written ground rules and delegated decisions"
    assert all(text_width(line, 8.5) <= 1.2 for line in lines)
    broken = wrapped("W" * 40, 1.0, 8.5)
    assert "".join(broken) == "W" * 40
    assert all(text_width(line, 8.5) <= 1.0 for line in broken)
    assert wrapped("one\n\ntwo", 1.0, 8.5) == ["one", "", "two"]
    assert text_width(cut(LONG, 1.5, 7.0), 7.0) <= 1.5
    assert cut("short", 1.5, 7.0) == "short"
