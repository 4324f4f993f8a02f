"""The figure of a study of the value of information: what each parameter would be worth to know."""

from __future__ import annotations

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.style import BLUE, GREY, ORANGE
from cosim.formatting.words import counted
from cosim.studies import common
from cosim.studies.information.findings import Knowing

_MOST = 20


def worth(one: Knowing) -> RowPlot:
    """Draw what it would be worth to know each parameter, and how much each moves level and lead."""
    rows = one.rows[:_MOST]
    names = [row["name"] for row in rows]
    value = {row["name"]: Dot(row["estimate"], row["low"], row["high"]) for row in rows}
    clear = frozenset(row["name"] for row in rows if row["clear"])
    null = max(float(row["null"]) for row in rows)
    shares = (("level", GREY, "s", 0.15), ("leverage", ORANGE, "^", -0.15))
    return RowPlot(
        groups=(Group("", tuple(names)),),
        labels=dict(one.names),
        panels=(
            Panel(
                "Worth of knowing it",
                "points per project",
                (Series(value, BLUE, hollow=frozenset(names) - clear),),
                ((0.0, ""), (null, "by chance")),
            ),
            Panel(
                "Level and leverage",
                "% of variance",
                tuple(
                    Series(
                        {row["name"]: Dot(float(row[key])) for row in rows}, color, marker, key, shift=shift
                    )
                    for key, color, marker, shift in shares
                ),
                percent=True,
            ),
        ),
        note=f"{_count(one)} Bars: 95 % t intervals over settings. By chance: what a parameter that does "
        "nothing reaches in 95 of "
        "100 cases at most. Level: the best choice's utility; leverage: its lead over the next best.",
        stamp=common.stamp(one.results),
        legend=(
            Key("worth knowing", BLUE, "o", True),
            Key("not distinguishable from nothing", BLUE, "o", False),
            Key("moves the level", GREY, "s", True),
            Key("moves the lead", ORANGE, "^", True),
        ),
    )


def _count(one: Knowing) -> str:
    return f"n = {counted(one.results.worlds, 'setting')} × {counted(one.results.replicates, 'replicate')}."
