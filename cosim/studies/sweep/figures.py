"""The figures of a sweep: curves along every dial, their changes, and the surface over two dials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cosim.analysis.sweep import grid
from cosim.charts.curves import Curve, CurvePanel, Curves
from cosim.charts.matrix import Block, Grid, Value, colors
from cosim.formatting.words import counted, decimals, number
from cosim.outcomes import outcome_title
from cosim.studies import common
from cosim.studies.results import outcome_range
from cosim.studies.shared_findings import resampling
from cosim.studies.sweep.findings import Sweep


def curves(sweep: Sweep, outcome: str, names: Mapping[str, str], *, change: bool) -> Curves:
    """Draw the means, or their paired differences to the first value."""
    arms, panels = sweep.titles_of_arms(), []
    title = outcome_title(outcome) + common.unit_words(sweep.results, outcome)
    for column in sweep.columns:
        values = tuple(sweep.values(column))
        table = sweep.curve(column, outcome, values[0] if change else None)
        words = any(isinstance(value, (str, bool)) for value in values)
        panels.append(
            CurvePanel(
                names[column],
                "dose" if column.startswith("with.") else names[column].lower(),
                f"change of {common.lower_title(outcome)}" if change else title,
                tuple(str(value) for value in values) if words else values,
                tuple(
                    _curve(sweep, outcome, rows, arms[str(arm)] if len(arms) > 1 else "", change=change)
                    for arm, rows in table.groupby("arm", sort=False)
                ),
                level=(0.0, "") if change else _usual(sweep, outcome),
            )
        )
    unit = "settings" if sweep.results.worlds > 1 else "replicates"
    size = (
        f"n = {counted(sweep.results.worlds, 'setting')} × {counted(sweep.results.replicates, 'replicate')}"
    )
    meaning = (
        "differences to the first value, paired: same settings, same random numbers"
        if change
        else f"{_bands(sweep)}; dashed: the team as it stands"
    )
    return Curves(
        tuple(panels),
        f"{size} at each value. Bars: 95 % t intervals over {unit}; {meaning}.",
        common.stamp(sweep.results),
    )


def _curve(sweep: Sweep, outcome: str, rows: pd.DataFrame, name: str, *, change: bool) -> Curve:
    if change:
        columns = (rows[each] for each in ("difference", "difference_low", "difference_high"))
        return Curve(name, *(tuple(column) for column in columns))
    # An interval knows nothing of what an outcome can be; with few settings it would hide the curve.
    ends = rows[["low", "high", "band_low", "band_high"]].clip(*outcome_range(outcome))
    band = (
        ()
        if common.first_look(sweep.results)
        else tuple(zip(ends["band_low"], ends["band_high"], strict=True))
    )
    return Curve(name, tuple(rows["mean"]), tuple(ends["low"]), tuple(ends["high"]), band)


def _bands(sweep: Sweep) -> str:
    if common.first_look(sweep.results):
        return f"no bands for whole curves with fewer than {common.FEW}"
    return "bands: 95 % for the whole curve (bootstrap), within what the outcome can be"


def _usual(sweep: Sweep, outcome: str) -> tuple[float, str] | None:
    """Return the level of the team as it stands, where the design holds it."""
    points = sweep.design.loc[(sweep.design["swept"] == ()) & (sweep.design["arm"] == "baseline"), "point"]
    if points.empty:
        return None
    runs = sweep.results.runs
    return float(runs.loc[runs["point"].isin(points), outcome].mean()), ""


def surface(sweep: Sweep, outcome: str, names: Mapping[str, str]) -> Grid:
    """Draw the means over all combinations of two dials as a matrix."""
    first, second = sweep.columns
    design = sweep.design[sweep.design["arm"] == sweep.design["arm"].iloc[0]]
    table = grid(sweep.results.runs, design, outcome, (first, second), resampling(sweep.results, draws=20))
    middle = float(table["mean"].mean())
    cells = {
        (f"r{row[first]}", f"c{row[second]}"): Value(float(row["mean"]) - middle, clear=True)
        for _, row in table.iterrows()
    }
    rows = [f"r{value}" for value in sweep.values(first)][::-1]
    columns = [f"c{value}" for value in sweep.values(second)]
    labels = {
        row: f"{names[first]} {value_words(value)}"
        for row, value in zip(rows[::-1], sweep.values(first), strict=True)
    }
    labels |= {
        column: value_words(value) for column, value in zip(columns, sweep.values(second), strict=True)
    }
    return Grid(
        title=f"{outcome_title(outcome)}: difference from the mean of the grid ({number(middle, 3)}); "
        f"columns: {names[second]}",
        rows=tuple(rows),
        blocks=(Block(tuple(columns)),),
        labels=labels,
        cells=cells,
        legend=colors("below the mean", "above the mean", pale=False),
        note=f"n = {counted(sweep.results.worlds, 'setting')} × "
        f"{counted(sweep.results.replicates, 'replicate')} in each cell; cells are means.",
        stamp=common.stamp(sweep.results),
        digits=max(2, decimals([cell.value for cell in cells.values()])),
        symbols=False,
    )


def value_words(value: Any) -> str:
    """Return the value of a dial, a number or a word, as short as it can be."""
    return f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
