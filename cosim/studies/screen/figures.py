"""The figures of a screening: effects and their floor, size and unevenness, other outcomes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.scatter import Cloud, Mark, Scatter
from cosim.charts.style import BLUE, GREY, VERMILION
from cosim.formatting.words import counted
from cosim.outcomes import outcome_title
from cosim.studies import common
from cosim.studies.screen.findings import Screening

_SHOWN = 30


def effects(one: Screening, names: Mapping[str, str]) -> RowPlot:
    """Draw the effects of every factor, the largest first."""
    shown = list(one.ranked[:_SHOWN])
    clear = tuple(unit for unit in shown if unit in one.clear)
    rest = tuple(unit for unit in shown if unit not in one.clear)
    floor = _floor(one, one.of("mu_star"))
    panels = [_panel(one, one.of("mu_star"), "Mean size (mu*), noise included", floor)]
    if one.corrected:
        panels.append(_panel(one, one.judged, "Noise taken out (rms)", _floor(one, one.judged)))
    dummy = (one.factors.dummy,) if one.factors.dummy else ()
    left = len(one.ranked) - len(shown)
    more = f" {left} smaller ones are in the table." if left else ""
    return RowPlot(
        groups=(
            Group("beyond the floor", clear),
            Group(
                "no factor is called clear" if one.shortage else "not distinguishable from the dummy",
                rest + dummy,
            ),
        ),
        labels=dict(names),
        panels=tuple(panels),
        note=f"{_note(one)} Bars: 95 % bootstrap intervals over walks.{more}",
        stamp=common.stamp(one.results),
        legend=(Key("built in by a rule: no finding", GREY, "o", False),)
        if one.built_in.intersection(shown)
        else (),
        keep=dummy,
    )


def spread(one: Screening, names: Mapping[str, str]) -> Scatter:
    """Draw the mean size of effects against their spread."""
    star, sigma = one.of("mu_star"), one.of("sigma", corrected=one.corrected)
    other = "a factor" if one.shortage else "not distinguishable from the dummy"
    looks = ((True, "beyond the floor", BLUE, True), (False, other, GREY, False))
    clouds = []
    for clear, name, color, filled in looks:
        units = [unit for unit in one.ranked if (unit in one.clear) == clear and sigma["estimate"][unit] >= 0]
        marks = tuple(
            Mark(
                float(star["estimate"][unit]),
                float(sigma["estimate"][unit]),
                (float(star["low"][unit]), float(star["high"][unit])),
                (float(sigma["low"][unit]), float(sigma["high"][unit])),
                f"{names[unit]}{' (built in)' if unit in one.built_in else ''}" if clear or n < 4 else "",
            )
            for n, unit in enumerate(units)
        )
        if marks:
            clouds.append(Cloud(marks, name, color, filled=filled))
    if one.factors.dummy is not None:
        where = Mark(float(star["estimate"][one.factors.dummy]), 0.0)
        clouds.append(Cloud((where,), "the dummy, which changes nothing", VERMILION, "X"))
    noise = "replicate noise taken out" if one.corrected else "replicate noise included"
    return Scatter(
        title=f"Effects on {common.lower_title(one.outcome)}: size and unevenness",
        xlabel=f"mean size of the effect, mu*{common.unit_words(one.results, one.outcome)}",
        ylabel=f"spread of the effect, sigma ({noise})",
        clouds=tuple(clouds),
        slopes=((1.0, "sigma = mu*: depends on the rest"), (0.1, "sigma = mu*/10: nearly straight")),
        note=f"{_note(one)} Lines: 95 % bootstrap intervals over walks.",
        stamp=common.stamp(one.results),
    )


def several(every: Mapping[str, Screening], names: Mapping[str, str]) -> RowPlot:
    """Draw the effects on several outcomes, of those factors that are among the largest for one."""
    rows: dict[str, None] = {}
    for one in every.values():
        rows.update(dict.fromkeys(one.clear[:10] or one.ranked[:4]))
    panels = tuple(
        _panel(one, one.judged, outcome_title(name), _floor(one, one.judged)) for name, one in every.items()
    )
    first = next(iter(every.values()))
    return RowPlot(
        groups=(Group("", tuple(rows)),),
        labels=dict(names),
        panels=panels,
        note=f"{_note(first)} Dots: root mean square effects"
        f"{', noise taken out' if first.corrected else ''}; bars: 95 % bootstrap intervals over walks.",
        stamp=common.stamp(first.results),
    )


def _panel(one: Screening, table: pd.DataFrame, title: str, floor: float) -> Panel:
    dots = {
        str(unit): Dot(float(row["estimate"]), float(row["low"]), float(row["high"]))
        for unit, row in table.iterrows()
    }
    label = "floor" if floor > 0 else "0, the dummy" if one.factors.dummy else "0"
    return Panel(
        title,
        f"change over the whole range{common.unit_words(one.results, one.outcome)}",
        (Series(dots, BLUE, hollow=one.built_in),),
        ((floor, label),),
    )


def _floor(one: Screening, table: pd.DataFrame) -> float:
    dummy = one.factors.dummy
    return max(0.0, float(table["high"][dummy])) if dummy is not None else 0.0


def _note(one: Screening) -> str:
    walks, replicates = int(one.results.notes["trajectories"]), counted(one.results.replicates, "replicate")
    return f"n = {walks} walks of {len(one.factors.units)} steps × {replicates}."
