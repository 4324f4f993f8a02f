"""The figures of a factorial study: main effects, and the matrix of interactions."""

from __future__ import annotations

import math
from collections.abc import Mapping

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.matrix import Block, Grid, Value, colors
from cosim.charts.style import BLUE, GREY
from cosim.formatting.words import counted, decimals
from cosim.outcomes import outcome_title
from cosim.studies import common
from cosim.studies.factor_titles import builds_in
from cosim.studies.factorial.findings import Factorial


def effects(every: Mapping[str, Factorial], names: Mapping[str, str]) -> RowPlot:
    """Draw the main effects on the first outcomes."""
    first = next(iter(every.values()))
    order = tuple(str(term) for term in first.of_order(1).sort_values("effect", kind="stable").index)
    free = tuple(name for name in order if not builds_in(name, first.outcome))
    panels = []
    for outcome, one in list(every.items())[:3]:
        rows = one.of_order(1)
        dots = {
            str(term): Dot(float(row["effect"]), float(row["low"]), float(row["high"]))
            for term, row in rows.iterrows()
        }
        hollow = frozenset(str(term) for term in rows.index[rows["built_in"]])
        panels.append(
            Panel(
                outcome_title(outcome),
                f"effect{common.unit_words(first.results, outcome)}",
                (Series(dots, BLUE, hollow=hollow),),
                ((0.0, "no effect"),),
            )
        )
    return RowPlot(
        groups=(
            Group("", free),
            Group("built in by a rule, not a finding", tuple(name for name in order if name not in free)),
        ),
        labels=dict(names),
        panels=tuple(panels),
        note=_note(first)
        + " Dots: mean with the factor high minus mean with it low, over all settings of the "
        f"others; bars: 95 % t intervals over {_units(first)}.",
        stamp=common.stamp(first.results),
        legend=(Key("hollow: built in by a rule", GREY, "o", False),) if len(free) < len(order) else (),
    )


def interactions(one: Factorial, names: Mapping[str, str]) -> Grid:
    """Draw the interactions of all pairs as a matrix."""
    cells: dict[tuple[str, str], Value] = {}
    rows = one.of_order(2)
    for term, row in rows.iterrows():
        first, second = str(term).split("*")
        clear = bool(row["low"] > 0 or row["high"] < 0)
        cells[second, first] = Value(float(row["effect"]), clear, "*" if row["built_in"] else "")
    finite = [float(value) for value in rows["effect"] if math.isfinite(value)]
    return Grid(
        title=f"Interactions: {outcome_title(one.outcome)}",
        rows=one.names[1:],
        blocks=(Block(one.names[:-1]),),
        labels=names,
        cells=cells,
        legend=colors("lower together", "higher together"),
        note=_note(one)
        + " Cells: half the difference of one factor's effect between the other's levels; bold: "
        "the 95 % t interval excludes 0 (not corrected for the number of cells).",
        stamp=common.stamp(one.results),
        digits=max(2, decimals(finite)),
    )


def _units(one: Factorial) -> str:
    """Return what intervals are over, in the word of the page."""
    return "settings" if one.results.worlds > 1 else "replicates"


def _note(one: Factorial) -> str:
    results = one.results
    treatments = results.design["arm"].nunique()
    return (
        f"n = {treatments:,} treatments × {counted(results.worlds, 'setting')} × "
        f"{counted(results.replicates, 'replicate')}."
    )
