"""The figures of a search for failures: how often, where, and what density costs."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from cosim.analysis.boxes import is_number
from cosim.charts.curves import Curve, CurvePanel, Curves
from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.scatter import Cloud, Mark, Scatter
from cosim.charts.style import BLUE, GREEN, GREY, SKY, VERMILION
from cosim.formatting.words import counted, number, shortened
from cosim.studies import common
from cosim.studies.arm_titles import arms_of
from cosim.studies.failures.findings import Failures

_COLORS = (VERMILION, BLUE, GREEN)
_MOST_ROWS = 20
_MOST_CURVES = 6
_MOST_ALONG = 5


def note(one: Failures) -> str:
    """Return n in words."""
    return f"n = {counted(one.results.worlds, 'setting')} × {counted(one.results.replicates, 'replicate')}."


def shares(one: Failures) -> RowPlot:
    """Draw in which share of settings each arm fails."""
    arms = arms_of(one.results)
    shown = {arm: one.share(arm) for arm in one.means}
    dots = {arm: Dot(share.estimate, share.low, share.high) for arm, share in shown.items()}
    return RowPlot(
        groups=(Group("", tuple(shown)),),
        labels={arm: arms[arm].title for arm in shown},
        panels=(
            Panel(
                f"Settings with {one.subject} {one.criterion}",
                "% of settings",
                (Series(dots, BLUE, strong=frozenset({one.arm})),),
                percent=True,
                limits=(-0.03, 1.03),
            ),
        ),
        note=f"{note(one)} Bars: 95 % Wilson intervals over settings. Ringed: the one in question.",
        stamp=common.stamp(one.results),
    )


def limits(one: Failures, names: Mapping[str, str]) -> RowPlot:
    """Draw which part of every restricted parameter's range the boxes keep, and how stable that is."""
    rows = list(dict.fromkeys(name for box in one.boxes for name in box.box.restricted))
    series = []
    for n, result in enumerate(one.boxes):
        dots = {}
        for name, (low, high) in result.box.ranges.items():
            column = one.design[name]
            least, most = float(column.min()), float(column.max())
            ends = [(min(max(end, least), most) - least) / (most - least) for end in (low, high)]
            dots[name] = Dot(sum(ends) / 2, ends[0], ends[1])
        shift = 0.0 if len(one.boxes) == 1 else 0.2 - 0.2 * n
        series.append(Series(dots, _COLORS[n % 3], "|", f"box {n + 1}", shift=shift))
    share = one.stable.set_index("factor")["restricted_share"]
    stability = {name: Dot(float(share[name])) for name in rows}
    return RowPlot(
        groups=(Group("", tuple(rows)),),
        labels=names,
        panels=(
            Panel(
                "What the box keeps",
                "part of the sampled range, %",
                tuple(series),
                percent=True,
                limits=(-0.03, 1.03),
            ),
            Panel(
                "How stable it is",
                "restricted in % of halves",
                (Series(stability, GREY, "s"),),
                percent=True,
                limits=(-0.03, 1.03),
            ),
        ),
        note=f"{note(one)} Bars: limits of the boxes; 0 and 100 are the ends of the sampled range.",
        stamp=common.stamp(one.results),
        legend=tuple(Key(f"box {n + 1}", _COLORS[n % 3], "|") for n in range(len(one.boxes))),
    )


def settings(one: Failures, names: Mapping[str, str]) -> Scatter:
    """Draw every setting in the two parameters that the first box limits most surely."""
    box = one.boxes[0]
    order = list(dict.fromkeys(box.limits.sort_values("quasi_p")["factor"]))
    first = next(name for name in order if name in box.box.ranges)
    others = [name for name in [*order, *one.stable["factor"]] if name != first]
    second = next(
        (name for name in others if name in box.box.ranges or name not in box.box.restricted), first
    )
    ends = {name: box.box.ranges.get(name, (-math.inf, math.inf)) for name in (first, second)}
    failed = one.failing(one.arm)
    clouds = []
    for fails, name, color, marker in (
        (False, "does what it should", SKY, "o"),
        (True, "fails", VERMILION, "X"),
    ):
        rows = one.design.loc[failed == fails]
        marks = tuple(Mark(float(x), float(y)) for x, y in zip(rows[first], rows[second], strict=True))
        if marks:
            clouds.append(Cloud(marks, name, color, marker, size=3.6))
    return Scatter(
        title=f"Settings in which it fails: {number(100 * float(failed.mean()), 0)} %",
        xlabel=names[first],
        ylabel=names[second],
        clouds=tuple(clouds),
        boxes=((*ends[first], *ends[second]),),
        note=f"{note(one)} Shaded: box 1"
        f"{', which limits other parameters too' if len(box.box.restricted) > 2 else ''}.",
        stamp=common.stamp(one.results),
    )


def gaps(one: Failures, names: Mapping[str, str]) -> RowPlot:
    """Draw every parameter's largest gap between settings that fail and others."""
    table = one.regional.head(_MOST_ROWS).set_index("factor")
    rows = tuple(str(name) for name in table.index)
    dots = {name: Dot(float(table["gap"][name])) for name in rows}
    floors = {name: Dot(float(table["floor"][name])) for name in rows}
    left = counted(len(one.regional) - len(rows), "parameter")
    more = "" if len(rows) == len(one.regional) else f" Not shown: {left} further left of their ticks."
    return RowPlot(
        groups=(Group("", rows),),
        labels=names,
        panels=(
            Panel(
                "Largest gap between settings that fail and others",
                "gap between the cumulative shares, % of settings",
                (
                    Series(floors, GREY, "|", keeps_color=True),
                    Series(dots, BLUE, hollow=frozenset(rows) - set(one.differing)),
                ),
                percent=True,
                limits=(0.0, 1.03),
            ),
        ),
        note=f"{note(one)} Hollow: not beyond what chance reaches with all parameters together.{more}",
        stamp=common.stamp(one.results),
        legend=(Key("parameter", BLUE, "o", True), Key("what chance reaches", GREY, "|", True)),
    )


def distributions(one: Failures, names: Mapping[str, str]) -> Curves | None:
    """Draw the cumulative shares of settings that fail and that do not; None if none clearly differs."""
    failed = one.failing(one.arm)
    table = one.regional.set_index("factor")
    panels: list[CurvePanel] = []
    for name in one.differing:
        if not is_number(one.design[name]) or len(panels) == _MOST_CURVES:
            continue
        column = one.design[name].to_numpy(dtype=float)
        grid = np.linspace(column.min(), column.max(), 21)
        curves = []
        for label, rows in (("it does what it should", ~failed), ("it fails", failed)):
            share = np.searchsorted(np.sort(column[rows]), grid, side="right") / rows.sum()
            curves.append(Curve(label, tuple(100 * share)))
        panels.append(
            CurvePanel(
                shortened(names[name], 60),
                "value of the parameter",
                "settings up to here, %",
                tuple(grid),
                tuple(curves),
                upright=(float(table["at"][name]), ""),
            )
        )
    if not panels:
        return None
    return Curves(
        tuple(panels), note=f"{note(one)} Upright: where the gap is largest.", stamp=common.stamp(one.results)
    )


def along(one: Failures, names: Mapping[str, str]) -> Curves | None:
    """Draw in which part of the range of what is judged parameters differ; None where none ever does."""
    if one.along is None or not one.along["above_floor"].any():
        return None
    largest = one.along[one.along["above_floor"]].groupby("factor")["distance"].max()
    shown = largest.sort_values(ascending=False, kind="stable").index[:_MOST_ALONG]
    bins = sorted(one.along["bin"].unique())
    curves = [
        Curve(shortened(names[name], 44), tuple(one.along.loc[one.along["factor"] == name, "distance"]))
        for name in shown
    ]
    alone = f": {curves[0].name}" if len(curves) == 1 else ""
    panel = CurvePanel(
        f"Distance between settings of this part and all others{alone}",
        f"part of the settings, from the lowest outcome (1) to the highest ({len(bins)})",
        "Cramér-von Mises statistic",
        tuple(float(part) for part in bins),
        tuple(curves),
        level=(float(one.along["floor"].iloc[0]), ""),
    )
    return Curves((panel,), note=f"{note(one)} Dashed: what chance reaches.", stamp=common.stamp(one.results))


def trajectory(one: Failures) -> Scatter:
    """Draw coverage against density along the peeling of the first box."""
    result = one.boxes[0]
    steps = result.trajectory[result.trajectory["stage"].isin(["start", "peel"])]
    path = tuple(
        Mark(100 * float(row["coverage"]), 100 * float(row["density"])) for _, row in steps.iterrows()
    )
    chosen = one.row(result)
    picked = Mark(
        100 * float(chosen["coverage"]),
        100 * float(chosen["density"]),
        label="box 1" if result.box.restricted else "",
    )
    return Scatter(
        title="Coverage and density",
        xlabel="coverage: % of all failures inside",
        ylabel="density: % of the settings inside that fail",
        clouds=(Cloud(path, "", GREY, size=3.0), Cloud((picked,), "", VERMILION, "D")),
        joined=True,
        lines=(("y", 100 * one.prim_settings.density, "wanted density"),),
        limits=(-3.0, 104.0, -3.0, 104.0),
        note=f"{note(one)} From right to left the box is peeled; box 1 as picked, pasted and pruned.",
        stamp=common.stamp(one.results),
    )
