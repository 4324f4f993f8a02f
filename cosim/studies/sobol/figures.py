"""The figures of a variance-based study: shares, pairs, convergence, and indices without variances."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from cosim.charts.curves import Curve, CurvePanel, Curves
from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.matrix import Block, Grid, Value, colors
from cosim.charts.style import BLUE, GREEN, GREY, INK, ORANGE
from cosim.formatting.words import counted
from cosim.outcomes import outcome_title
from cosim.studies import common
from cosim.studies.difference_findings import about
from cosim.studies.factor_titles import builds_in, marked
from cosim.studies.sobol.findings import Indices

_TITLES = {
    "S1": "first index (alone)",
    "ST": "total index (with interactions)",
    "Sh": "Shapley effect (interactions shared out)",
}
_SHOWN, _FOLLOWED = 30, 5


def note(one: Indices) -> str:
    """Return n in words."""
    samples, replicates = int(one.results.notes["samples"]), counted(one.results.replicates, "replicate")
    noise = "replicate noise taken out" if one.noise_kind == "corrected" else "replicate noise left in"
    return f"N = {samples:,}: n = {len(one.results.design):,} design points × {replicates}, {noise}."


def shares(one: Indices, names: Mapping[str, str]) -> RowPlot:
    """Draw first and total indices of every factor, the largest first."""
    shown = one.ranked[:_SHOWN]
    dummy = (one.factors.dummy,) if one.factors.dummy else ()
    kinds = list(one.kinds)
    looks = {"S1": (ORANGE, "s", 0.17), "ST": (BLUE, "o", -0.17), "Sh": (BLUE, "D", 0.0)}
    hollow = frozenset(unit for unit in one.factors.units if builds_in(unit, one.outcome))
    series = []
    for index in kinds:
        color, marker, shift = looks[index]
        series.append(
            Series(
                _dots(one.of(index)), color, marker, hollow=hollow, keeps_color=True,
                shift=shift if len(kinds) > 1 else 0.0,
            )
        )  # fmt: skip
    floor = max(0.0, float(one.of(one.main)["high"][dummy[0]])) if dummy else 0.0
    lines = [(0.0, "")]
    if floor > 0 and math.isfinite(floor):
        lines.append((floor, "floor"))
    left = len(one.ranked) - len(shown)
    legend = [Key(_TITLES[index], looks[index][0], looks[index][1]) for index in kinds]
    if hollow & set(shown):
        legend.append(Key("hollow: built in by a rule", GREY, "o", False))
    return RowPlot(
        groups=(Group("", (*shown, *dummy)),),
        labels=dict(names),
        panels=(
            Panel(
                title=f"Share of the variance of {about(one.results, one.outcome)}",
                xlabel="% of variance",
                series=tuple(series),
                lines=tuple(lines),
                percent=True,
                limits=_limits(one, kinds),
            ),
        ),
        note=f"{note(one)} Bars: 95 % bootstrap intervals over base samples"
        f"{f'; {left} smaller ones are in the table' if left else ''}.",
        stamp=common.stamp(one.results),
        legend=tuple(legend),
        keep=dummy,
    )  # fmt: skip


def pairs(one: Indices, names: Mapping[str, str]) -> Grid:
    """Draw second-order indices of the factors with the largest total indices."""
    table = one.of("S2")
    units = one.ranked[:14]
    cells = {}
    for first, other in table.index:
        row = table.loc[(first, other)]
        if first in units and other in units:
            a, b = sorted((first, other), key=units.index)
            cells[b, a] = Value(100 * float(row["estimate"]), bool(row["above_floor"]))
    left = len(one.ranked) - len(units)
    return Grid(
        title=f"% of the variance of {common.lower_title(one.outcome)} that two factors make together",
        rows=units[1:],
        blocks=(Block(units[:-1]),),
        labels=marked(names, one.outcome),
        cells=cells,
        legend=colors("below 0 (by chance)", "above 0"),
        note=f"{note(one)} Second-order indices of the {len(units)} factors with the largest total indices"
        f"{f' ({left} others: see the table)' if left else ''}; bold: the 95 % bootstrap interval lies above "
        "the floor.",
        stamp=common.stamp(one.results),
        digits=0,
    )


def convergence(one: Indices, table: pd.DataFrame, names: Mapping[str, str]) -> Curves:
    """Draw the largest indices, and the dummy's, against the number of base samples."""
    names = marked(names, one.outcome)
    units = [*one.ranked[:_FOLLOWED], *([one.factors.dummy] if one.factors.dummy else [])]
    panels = []
    for index in ("S1", "ST"):
        part = table[table["index"] == index].set_index(["factor", "n_base"])
        sizes = sorted(table["n_base"].unique().tolist())
        curves = []
        for unit in units:
            rows = part.loc[unit].loc[sizes]
            curves.append(
                Curve(
                    names[unit],
                    tuple(100 * rows["estimate"]),
                    band=tuple(zip(100 * rows["low"], 100 * rows["high"], strict=True)),
                )
            )
        panels.append(
            CurvePanel(
                _TITLES[index].capitalize(), "base samples N", "% of variance", tuple(map(float, sizes)),
                tuple(curves), level=(0.0, ""), doubling=True,
                shared=False,
            )
        )  # fmt: skip
    return Curves(
        tuple(panels),
        f"{note(one)} {outcome_title(one.outcome)}; bands: 95 % bootstrap intervals (200 draws).",
        common.stamp(one.results),
        columns=2,
    )


def companions(one: Indices, tables: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> RowPlot:
    """Draw PAWN and delta of every factor beside their floors."""
    shown = one.ranked[:_SHOWN]
    panels = []
    for name, table in tables.items():
        rows = table.set_index("factor")
        floors = {str(unit): Dot(float(row["floor"])) for unit, row in rows.iterrows()}
        below = frozenset(str(unit) for unit, row in rows.iterrows() if not row["above_floor"])
        panels.append(
            Panel(
                name, f"{name} index (0 – 1)",
                (Series(floors, INK, "|"), Series(_dots(rows), GREEN, hollow=below)), ((0.0, "0"),),
            )
        )  # fmt: skip
    points = len(one.space_filling())
    return RowPlot(
        groups=(Group("", shown),),
        labels=marked(names, one.outcome),
        panels=tuple(panels),
        note=f"n = {points:,} points that fill the space × "
        f"{counted(one.results.replicates, 'replicate')} (means). "
        f"{outcome_title(one.outcome)}. Bars: 95 % intervals from half-samples (100 draws).",
        stamp=common.stamp(one.results),
        legend=(
            Key("clears its floor", GREEN, "o", True),
            Key("does not", GREY, "o", False),
            Key("floor", INK, "|", True),
        ),
    )


def _dots(table: pd.DataFrame) -> dict[str, Dot]:
    return {
        str(unit): Dot(float(row["estimate"]), float(row["low"]), float(row["high"]))
        for unit, row in table.iterrows()
    }


def _limits(one: Indices, kinds: list[str]) -> tuple[float, float]:
    """Return ends that hold the estimates; intervals of a far too small sample may go beyond them."""
    rows = one.table[(one.table["noise"] == one.noise_kind) & one.table["index"].isin(kinds)]
    low = min(-0.05, float(rows["estimate"].min()) - 0.05, max(-0.3, float(rows["low"].min())))
    high = max(0.2, float(rows["estimate"].max()) + 0.1, min(1.2, float(rows["high"].max())))
    return low, high
