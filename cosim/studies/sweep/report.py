"""sweep: how outcomes change along a setting, and whether the arms change differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cosim.analysis.sweep import curve, grid
from cosim.charts.curves import Curve, CurvePanel, Curves
from cosim.charts.heatmap import Grid, Value
from cosim.formatting.words import counted, decimals, number, quoted, signed, span
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Block, Bullets, Cell, Page, Picture, Prose, Section, Table
from cosim.studies import common
from cosim.studies.arm_titles import Arm, arms_of
from cosim.studies.factor_titles import builds_in, titles
from cosim.studies.report_kind import ReportKind, page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import KEYS, Results, outcome_range


@dataclass(frozen=True)
class Sweep:
    """A sweep, worked out.

    Attributes
    ----------
    results : Results
    """

    results: Results

    @property
    def columns(self) -> tuple[str, ...]:
        """What is swept."""
        return tuple(self.results.notes["columns"])

    @property
    def is_grid(self) -> bool:
        """Whether all combinations were run."""
        return str(self.results.notes["mode"]) == "grid"

    @cached_property
    def design(self) -> pd.DataFrame:
        """The design table with ``arm`` the way of working alone, and ``swept``, what is set in it."""
        settings: Mapping[str, Any] = self.results.notes["settings"]
        names = self.results.design["arm"]
        return self.results.design.assign(
            arm=names.map({name: entry["arm"] for name, entry in settings.items()}),
            swept=names.map({name: tuple(entry["values"]) for name, entry in settings.items()}),
        )

    @cached_property
    def arms(self) -> Mapping[str, Arm]:
        """The ways of working that are swept, by name."""
        found = arms_of(self.results)
        names = dict.fromkeys(self.design["arm"])
        return {name: found[name] for name in names if name in found} or {
            name: Arm(name, name) for name in names
        }

    def titles_of_arms(self) -> dict[str, str]:
        """Return what figures call the ways of working."""
        return {
            name: self.arms[name].title if name in self.arms else name for name in self.design["arm"].unique()
        }

    def curve(self, column: str, outcome: str, reference: object = None) -> pd.DataFrame:
        """Return the outcome along one setting; in a grid, averaged over the others."""
        runs, design = self._along(column, outcome)
        return curve(
            runs, design, outcome, column, reference=reference, resampling=common.resampling(self.results)
        )

    def values(self, column: str) -> list[Any]:
        """Return the values of a setting, ascending."""
        return sorted(self.design.loc[self._points(column), column].unique().tolist())

    def _points(self, column: str) -> pd.Series[bool]:
        if self.is_grid:
            return pd.Series(True, index=self.design.index)
        return self.design["swept"].map(lambda swept: swept == (column,))

    def _along(self, column: str, outcome: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        design = self.design.loc[self._points(column)]
        runs = self.results.runs.loc[self.results.runs["point"].isin(design["point"])]
        if not self.is_grid or len(self.columns) == 1:
            return runs, design
        # One point for each arm, world and value: the mean over all settings of the others.
        keys = ["arm", "world", column]
        first = design.groupby(keys, sort=False)["point"].transform("first")
        together = runs.assign(point=runs["point"].map(pd.Series(first.to_numpy(), index=design["point"])))
        cells = together.groupby(["point", "world", "replicate"])[outcome].mean()
        means = cells.reset_index()
        means["run"] = np.arange(len(means))
        means["arm"] = "swept"
        return means.loc[:, [*KEYS, outcome]], design.drop_duplicates(keys)


@dataclass(frozen=True)
class Change:
    """How an outcome changes from the first to the last value of a setting, in one way of working."""

    column: str
    arm: str
    first: Any
    last: Any
    before: float
    after: float
    difference: float
    low: float
    high: float
    turns: Any

    @property
    def clear(self) -> bool:
        """Whether the interval excludes no change."""
        return self.low > 0 or self.high < 0


def changes(sweep: Sweep, outcome: str) -> list[Change]:
    """Return the change along every setting in every way of working."""
    found = []
    for column in sweep.columns:
        values = sweep.values(column)
        ends = [sweep.curve(column, outcome, reference=value) for value in (values[0], values[-1])]
        for arm in dict.fromkeys(ends[0]["arm"]):
            up, back = (table[table["arm"] == arm].reset_index(drop=True) for table in ends)
            last = up.iloc[-1]
            found.append(
                Change(
                    column, str(arm), values[0], values[-1], float(up["mean"].iloc[0]), float(last["mean"]),
                    float(last["difference"]), float(last["difference_low"]), float(last["difference_high"]),
                    _turn(up, back),
                )
            )  # fmt: skip
    return found


def _turn(up: pd.DataFrame, back: pd.DataFrame) -> Any:
    """Return the value in between that is clearly beyond both ends; None when there is none."""
    inner = slice(1, len(up) - 1)
    above = (up["difference_low"] > 0) & (back["difference_low"] > 0)
    below = (up["difference_high"] < 0) & (back["difference_high"] < 0)
    for beyond, best in ((above, "idxmax"), (below, "idxmin")):
        rows = up.iloc[inner].loc[beyond.iloc[inner]]
        if len(rows):
            return rows.loc[getattr(rows["mean"], best)(), "value"]
    return None


def page(results: Results) -> Page:
    """Return the report of a sweep."""
    outcomes = common.checked_outcomes(results)
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
        caption = "What moving the dial away from its first value changes, in the same settings and luck."
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
        "differences to the first value, paired: same settings, same luck"
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
    table = grid(
        sweep.results.runs, design, outcome, (first, second), common.resampling(sweep.results, draws=20)
    )
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
        caption="Differences between the ends are paired: same settings, same luck.",
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
    return common.noise_of(sweep.results, outcome)


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


KIND = ReportKind("sweep", page)
