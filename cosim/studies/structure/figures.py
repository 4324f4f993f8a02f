"""The figures of a study of structure: effects by form of the model, and how far the order stays."""

from __future__ import annotations

from collections.abc import Mapping

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.matrix import Block, Grid, Value, colors
from cosim.charts.style import GREEN
from cosim.formatting.words import counted, decimals, plain_name
from cosim.outcomes import outcome_title
from cosim.studies import common
from cosim.studies.arm_titles import EMERGENT
from cosim.studies.structure.design import AS_IT_IS
from cosim.studies.structure.findings import Structures


def forms(one: Structures) -> Grid:
    """Draw the effect of every way of working in every form of the model as a matrix."""
    columns = (AS_IT_IS, *one.forms)
    order = sorted(
        one.arms, key=lambda arm: (one.arms[arm].status(one.outcome) != EMERGENT, one.survival["effect"][arm])
    )
    cells = {}
    for _, row in one.effects[~one.effects["is_baseline"]].iterrows():
        clear = bool(row["low"] > 0 or row["high"] < 0)
        cells[str(row["arm"]), str(row["structure"])] = Value(float(row["difference"]), clear)
    labels = {arm: one.arms[arm].title + ("" if one.emerges(arm) else " *") for arm in order}
    labels |= {form: plain_name(form) for form in columns}
    results = one.results
    return Grid(
        title=f"{outcome_title(one.outcome)}: difference to business as usual",
        rows=tuple(order),
        blocks=(Block(columns),),
        labels=labels,
        cells=cells,
        legend=colors("lower", "higher"),
        note=f"n = {counted(results.worlds, 'setting')} × {counted(results.replicates, 'replicate')} in each "
        "cell. Bold, or an arrow: the 95 % t interval of the paired difference excludes 0, not corrected for "
        f"the {len(cells):,} cells. * built in, or not classified.",
        stamp=common.stamp(results),
        digits=max(2, decimals([cell.value for cell in cells.values()])),
    )


def ranks(every: Mapping[str, Structures]) -> RowPlot:
    """Draw how far each form ranks the ways of working alike, for outcomes with a good direction."""
    first = next(iter(every.values()))
    panels = []
    for outcome, one in every.items():
        if one.agreement is None:
            continue
        dots = {str(form): Dot(float(tau)) for form, tau in one.agreement["kendall_tau"].items()}
        panels.append(
            Panel(
                outcome_title(outcome), "rank agreement (Kendall's tau)", (Series(dots, GREEN, "s"),),
                ((0.0, "none"), (1.0, "same order")), limits=(-1.05, 1.05),
            )
        )  # fmt: skip
    return RowPlot(
        groups=(Group("", first.forms),),
        labels={form: plain_name(form) for form in first.forms},
        panels=tuple(panels),
        note=f"n = {counted(len(first.arms), 'way')} of working in each form. 1: same order as in the model "
        "as it is; 0: no relation. Order is of mean effects, built-in ones included; it has no interval.",
        stamp=common.stamp(first.results),
    )
