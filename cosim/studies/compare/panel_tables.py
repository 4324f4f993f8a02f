"""The panel of outcomes, the null models and the split over channels: as tables of the page, and as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cosim.formatting.words import decimals, number, percent, plain_name, signed, span
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Cell, Table
from cosim.studies.compare.findings import PARITY, Comparison


def panel_table(comparison: Comparison) -> Table:
    """Return every way of working on every outcome of the panel, with its verdict."""
    data = panel_data(comparison)
    cells = {(one, arm): values for one, arm, *values in data.itertuples(index=False)}
    columns = ["way of working"]
    for entry in comparison.panel:
        unit = comparison.results.unit(entry.outcome)
        columns.append(f"{outcome_title(entry.outcome)}{f' ({unit})' if entry.outcome == 'money' else ''}")
    start = [number(cells[entry.outcome, comparison.baseline][0], 2) for entry in comparison.panel]
    rows: list[tuple[Cell | str, ...]] = [
        (Cell(comparison.arms[comparison.baseline].title, "baseline"), *start)
    ]
    for arm in comparison.ranked:
        found: list[Cell | str] = [comparison.arms[arm].title]
        for entry in comparison.panel:
            _, difference, _, _, verdict = cells[entry.outcome, arm]
            digits = 0 if entry.cost else decimals([difference])
            found.append(Cell(signed(difference, digits), verdict))
        rows.append(tuple(found))
    return Table(
        tuple(columns),
        tuple(rows),
        frozenset(range(1, len(columns))),
        caption="Differences to the baseline, whose means stand in the first row.",
    )


def panel_data(comparison: Comparison) -> pd.DataFrame:
    """Return mean, paired difference with its interval, and verdict by outcome of the panel and arm."""
    outcomes = [entry.outcome for entry in comparison.panel]
    rows = []
    for entry, outcome in zip(comparison.panel, outcomes, strict=True):
        table = comparison.compared(outcome)
        for arm in (comparison.baseline, *comparison.ranked):
            verdict = comparison.verdict(entry, arm) if arm != comparison.baseline else ""
            rows.append((outcome, arm, *(float(table[name][arm]) for name in _PANEL_COLUMNS), verdict))
    return pd.DataFrame(rows, columns=["outcome", "arm", *_PANEL_COLUMNS, "verdict"])


_PANEL_COLUMNS = ("mean", "difference", "low", "high")


def nulls_table(comparison: Comparison) -> Table:
    """Return what of every way of working's effect stays with channels of influence off."""
    data = nulls_data(comparison)
    rows: list[tuple[Cell | str, ...]] = []
    for arm in comparison.ranked:
        found = data.loc[data["arm"] == arm].to_dict("records")
        whole = _spanned(found[0], "whole")
        cells: list[Cell | str] = [Cell(comparison.arms[arm].title, _PATHS[comparison.paths[arm]]), whole]
        for one in found:
            cells += [_spanned(one, "left"), percent(float(one["share"]))]
        rows.append(tuple(cells))
    columns = ["way of working", "as it is (95 % interval)"]
    for null in comparison.channels.nulls:
        columns += [null, "of it stays"]
    return Table(
        tuple(columns),
        tuple(rows),
        frozenset(range(1, len(columns))),
        caption=f"Differences to the baseline in {outcome_title(comparison.primary)}, as it is and under "
        "the two null models. A dash: no clear effect of which something could stay.",
    )


_PATHS = {"talk": "", "outside": "not through the talk", "rule": "built in", "open": "not classified"}


def _spanned(row: Mapping[Any, Any], name: str) -> str:
    values = [float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"])]
    digits = decimals(values)
    return f"{signed(values[0], digits)} ({span(values[1], values[2], digits)})"


def nulls_data(comparison: Comparison) -> pd.DataFrame:
    """Return effects on the primary outcome as they are and under the null models, by arm and null."""
    rows = []
    for arm in comparison.ranked:
        for null in comparison.channels.nulls:
            kept = comparison.channels.kept(arm, null, comparison.primary)
            row: dict[str, object] = {"outcome": comparison.primary, "arm": arm, "null": null}
            for name, one in (("whole", kept.whole), ("left", kept.left), ("lost", kept.lost)):
                row |= {name: one.estimate, f"{name}_low": one.low, f"{name}_high": one.high}
            rows.append({**row, "share": kept.share, "path": comparison.paths[arm]})
    return pd.DataFrame(rows)


def null_levels_data(comparison: Comparison) -> pd.DataFrame:
    """Return the baseline's mean as it is and under the null models, by outcome."""
    channels = comparison.channels
    rows = []
    known = comparison.results.outcomes
    for outcome in dict.fromkeys(name for name in (comparison.primary, PARITY) if name in known):
        found = {"": channels.usual(outcome)}
        found |= {null: channels.level(null, outcome) for null in channels.nulls}
        rows += [(outcome, null, one.estimate, one.low, one.high) for null, one in found.items()]
    return pd.DataFrame(rows, columns=["outcome", "null", "mean", "low", "high"])


def channels_table(comparison: Comparison) -> Table:
    """Return the Shapley split of effects over the channels of influence."""
    data = channels_data(comparison)
    arms = list(dict.fromkeys(data["arm"]))
    cells = {(one["channel"], one["arm"]): one for one in data.to_dict("records")}
    rows: list[tuple[Cell | str, ...]] = []
    for channel in dict.fromkeys(data["channel"]):
        found = [cells[channel, arm] for arm in arms]
        texts = [f"{signed(one['estimate'])} ({span(one['low'], one['high'])})" for one in found]
        rows.append((_REST if channel == "rest" else plain_name(channel), *texts))
    titles = [
        f"{comparison.arms[arm].title}: level" if arm == comparison.baseline else comparison.arms[arm].title
        for arm in arms
    ]
    return Table(
        ("channel", *titles),
        tuple(rows),
        frozenset(range(1, len(titles) + 1)),
        caption=f"{outcome_title(comparison.primary)}: the baseline's mean, and the effect of each way of "
        "working, in parts by channel (95 % intervals over settings and sampled orders).",
    )


_REST = "What stays with all of them off"


def channels_data(comparison: Comparison) -> pd.DataFrame:
    """Return the Shapley split of the baseline's mean and of effects, by arm and channel."""
    found = [
        comparison.channels.split(arm, comparison.primary).assign(arm=arm, outcome=comparison.primary)
        for arm in (comparison.baseline, *comparison.channels.split_arms)
    ]
    return pd.concat(found, ignore_index=True)


def contests_data(comparison: Comparison) -> pd.DataFrame:
    """Return who is ahead of whom: every arm against the baseline, and the leader against each other."""
    leader = comparison.standing.leader if comparison.standing else None
    pairs = [(arm, comparison.baseline) for arm in comparison.ranked]
    if leader is not None:
        pairs += [(leader, arm) for arm in comparison.ranked if arm != leader]
    rows = []
    for first, second in pairs:
        above = comparison.above(first, second)
        rows.append((first, second, above.estimate, above.low, above.high))
    return pd.DataFrame(rows, columns=["first", "second", "above_share", "above_low", "above_high"])
