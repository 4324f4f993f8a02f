"""sweep: how outcomes change along a setting, and whether the arms change differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cosim.analysis.sweep import grid
from cosim.charts.curves import Curve, CurvePanel, Curves
from cosim.charts.heatmap import Grid, Value
from cosim.formatting.words import counted, decimals, number, quoted, signed, span
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Block, Bullets, Cell, Page, Picture, Prose, Section, Table
from cosim.studies import common
from cosim.studies.factor_titles import builds_in, titles
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results, outcome_range
from cosim.studies.shared_findings import checked_outcomes, noise_of, resampling
from cosim.studies.sweep.findings import Change, Sweep, changes


def page(results: Results) -> Page:
    """Return the report of a sweep."""
    outcomes = checked_outcomes(results)
    sweep = Sweep(results)
    names = titles(sweep.columns)
    found = {outcome: changes(sweep, outcome) for outcome in outcomes}
    told = _answer(sweep, outcomes[0], found[outcomes[0]], names)
    sections = [_curves(sweep, found, names)]
    if sweep.is_grid and len(sweep.columns) == 2:
        sections.append(_surface(sweep, outcomes[0], names))
    sections.append(_numbers(sweep, found, names))
    sections += common.closing(results, (common.methods(_methods(sweep)),), " ".join(told))
    tables = [
        sweep.curve(column, outcome).assign(outcome=outcome)
        for outcome in outcomes
        for column in sweep.columns
    ]
    return page_of(results, told, sections, {"curves": pd.concat(tables, ignore_index=True)})


def _answer(sweep: Sweep, outcome: str, found: Sequence[Change], names: Mapping[str, str]) -> tuple[str, str]:
    title = common.lower_title(outcome)
    free = [change for change in found if not builds_in(change.column, outcome)]
    clear = [change for change in free if change.clear]
    ordered = sorted(clear or free or found, key=lambda change: -abs(change.difference))
    leader = ordered[0]
    several = len(sweep.titles_of_arms()) > 1
    with_arm = f" with {quoted(sweep.titles_of_arms()[leader.arm])}" if several else ""
    words = (
        f"from {_value(leader.first)} to {_value(leader.last)} of {quoted(names[leader.column])}{with_arm}, "
        f"{title} went from {number(leader.before, 3)} to {number(leader.after, 3)} "
        f"(difference {signed(leader.difference, 3)}, {common.interval_words(leader.low, leader.high)})"
    )
    pool = " of those that are not built in" if len(free) < len(found) and free else ""
    lead = (
        f"the largest clear change{pool} is this:"
        if clear
        else f"no clear change{pool} was found; the largest estimate:"
        if free
        else "a rule builds in what every dial does; the largest estimate:"
    )
    first = f"{common.CEILING}, {lead} {words}."
    turning = [change for change in free if change.turns is not None]
    single = len(clear) == 1 or len(free) == 1
    ends = "ends elsewhere than it begins" if single else "end elsewhere than they begin"
    second = f"{len(clear)} of {counted(len(free), 'curve')} clearly {ends}"
    if turning:
        second += (
            f", and {counted(len(turning), 'curve')} {'turns' if len(turning) == 1 else 'turn'} on the way "
            f"({quoted(names[turning[0].column])} near {_value(turning[0].turns)}): more is not always more"
        )
    return first, common.with_first_look(sweep.results, f"{second}; {common.basis(sweep.results)}.")


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _curves(sweep: Sweep, found: Mapping[str, Sequence[Change]], names: Mapping[str, str]) -> Section:
    blocks: list[Block] = []
    if sweep.is_grid and len(sweep.columns) > 1:
        blocks.append(Prose(("Each curve is an average over all settings of the other dials.",)))
    for outcome in found:
        lines = [
            f"{quoted(names[change.column])}: clearly beyond both ends near {_value(change.turns)}."
            for change in found[outcome]
            if change.turns is not None
        ]
        built_in = [names[column] for column in sweep.columns if builds_in(column, outcome)]
        caption = (
            "What moving the dial away from its first value changes: same settings, same random numbers."
        )
        if built_in:
            caption += f" Built in by a rule, no finding: {', '.join(built_in)}."
        title = common.lower_title(outcome)
        blocks += [
            Picture(
                f"change_{outcome}",
                _figure(sweep, outcome, names, change=True).draw,
                caption,
                f"Curves of the change of {title} along every dial.",
            ),
            Picture(
                f"curve_{outcome}",
                _figure(sweep, outcome, names, change=False).draw,
                "The outcome itself: bands are as wide as the settings differ, so that what a dial does is "
                "seen better above.",
                f"Curves of {title} along every dial.",
            ),
        ]
        if lines:
            blocks.append(Bullets(tuple(lines), f"{outcome_title(outcome)}: where the curve turns"))
    return Section("curves", "How does it change along each dial?", tuple(blocks))


def _figure(sweep: Sweep, outcome: str, names: Mapping[str, str], *, change: bool) -> Curves:
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


def _surface(sweep: Sweep, outcome: str, names: Mapping[str, str]) -> Section:
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
        row: f"{names[first]} {_value(value)}"
        for row, value in zip(rows[::-1], sweep.values(first), strict=True)
    }
    labels |= {column: _value(value) for column, value in zip(columns, sweep.values(second), strict=True)}
    figure = Grid(
        title=f"{outcome_title(outcome)}: difference from the mean of the grid ({number(middle, 3)}); "
        f"columns: {names[second]}",
        rows=tuple(rows),
        columns=tuple(columns),
        labels=labels,
        cells=cells,
        ends=("below the mean", "above the mean"),
        note=f"n = {counted(sweep.results.worlds, 'setting')} × "
        f"{counted(sweep.results.replicates, 'replicate')} in each cell; cells are means.",
        stamp=common.stamp(sweep.results),
        digits=max(2, decimals([cell.value for cell in cells.values()])),
        symbols=False,
    )
    picture = Picture(
        "grid", figure.draw, "Every combination of the two dials.", "Matrix of means over two dials."
    )
    return Section("grid", "Both dials at once", (picture,))


def _numbers(sweep: Sweep, found: Mapping[str, Sequence[Change]], names: Mapping[str, str]) -> Section:
    arms, several = sweep.titles_of_arms(), len(sweep.titles_of_arms()) > 1
    rows: list[tuple[Cell | str, ...]] = []
    for outcome, each in found.items():
        for change in each:
            digits = decimals([change.difference, change.low, change.high])
            marks = ["built in"] if builds_in(change.column, outcome) else ["clear"] if change.clear else []
            arm = f", {arms[change.arm]}" if several else ""
            rows.append(
                (
                    Cell(f"{names[change.column]}{arm}", ", ".join(marks)),
                    outcome_title(outcome),
                    f"{_value(change.first)} to {_value(change.last)}",
                    f"{number(change.before, 3)} to {number(change.after, 3)}",
                    f"{signed(change.difference, digits)} ({span(change.low, change.high, digits)})",
                    _value(change.turns) if change.turns is not None else "–",
                )
            )
    table = Table(
        ("dial", "outcome", "from – to", "mean", "difference (95 % interval)", "turns near"),
        tuple(rows),
        frozenset({3, 4}),
        caption="Differences between the ends are paired: same settings, same random numbers.",
    )
    first = next(iter(found))
    return Section(
        "numbers",
        "How sure is that?",
        (
            table,
            Prose((common.noise_words(_noise(sweep, first)),)),
            common.noise_table(sweep.results, list(found)),
        ),
    )


def _noise(sweep: Sweep, outcome: str) -> Any:
    return noise_of(sweep.results, outcome)


def _methods(sweep: Sweep) -> tuple[str, ...]:
    results = sweep.results
    kind = "all combinations of" if sweep.is_grid else "one at a time along"
    dials = "; ".join(f"{column}: {', '.join(map(_value, sweep.values(column)))}" for column in sweep.columns)
    sizes = [len(sweep.values(column)) for column in sweep.columns]
    return (
        common.designed(results, f"A sweep, {kind} {counted(len(sizes), 'dial')} ({dials})."),
        f"{sampler_words(results)} {pairing_words(results)}",
        "Intervals are 95 % t intervals; bands hold the whole curve with 95 % probability (bootstrap of the "
        "largest deviation over settings, 500 draws, seed 1). A curve turns where a value in between is "
        "clearly above, or clearly below, both ends; such intervals are not corrected for the number of "
        "values.",
    )
