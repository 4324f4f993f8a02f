"""Comparisons that looked again: the page of all arms in their own worlds, and who was best in fresh ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cosim.analysis.allocation import equal_points
from cosim.analysis.intervals import paired_interval
from cosim.execution.points import AGAIN
from cosim.formatting.words import counted, signed, span
from cosim.outcomes import outcome_named, outcome_title
from cosim.reporting.blocks import Page, Prose, Section, Table
from cosim.studies.arm_titles import arms_of
from cosim.studies.results import Results

_LEVEL = 0.95


def looked_again(results: Results) -> bool:
    """Say whether some arms were run in fresh worlds."""
    return AGAIN in results.design_table.columns


def own_worlds(results: Results) -> Results:
    """Return a study without what was run in fresh worlds: every arm in every world."""
    return results.part(results.design_table.read([AGAIN])[AGAIN].isna(), without=AGAIN)


def in_fresh_worlds(results: Results) -> pd.DataFrame:
    """Return how good the arms were that may be the best, in worlds that had no part in choosing them.

    Returns
    -------
    DataFrame
        A row per arm, most worlds first: ``arm``, ``outcome``, ``worlds``, ``before`` (the difference to the
        baseline in the study's own worlds, which chose), ``difference`` in fresh ones with ``low`` and
        ``high``, ``behind`` the leader with ``behind_low`` and ``behind_high`` (nan for the leader itself).
        Intervals are t intervals over worlds that hold together for all arms (Bonferroni, 95 %).
    """
    against, outcome = str(results.notes["against"]), str(results.notes["outcome"])
    design, runs = results.design_table.read(["point", AGAIN]), results.outcome_runs([outcome])
    again = runs["point"].isin(design.loc[design[AGAIN].notna(), "point"])
    before = _means(runs[~again], outcome)
    means = _means(runs[again], outcome)
    arms = [arm for arm in means.columns if arm != against]
    listed = list(results.notes["arms"])
    arms.sort(key=lambda arm: (-len(means[arm].dropna()), listed.index(arm)))
    sign = float(outcome_named(outcome).better)
    first = before[arms].sub(before[against], axis=0).mean() * sign
    leader = str(first.idxmax())
    level = 1.0 - (1.0 - _LEVEL) / max(2 * len(arms) - 1, 1)
    rows = []
    for arm in [leader, *(arm for arm in arms if arm != leader)]:
        there = means[means[arm].notna()]
        gain = _interval(there[arm], there[against], level)
        behind = (math.nan,) * 3 if arm == leader else _interval(there[arm], there[leader], level)
        rows.append(
            {
                "arm": arm,
                "outcome": outcome,
                "worlds": len(there),
                "before": float(before[arm].sub(before[against]).mean()),
                **dict(zip(("difference", "low", "high"), gain, strict=True)),
                **dict(zip(("behind", "behind_low", "behind_high"), behind, strict=True)),
            }
        )
    return pd.DataFrame(rows)


def page_of_both(results: Results, make: Callable[[Results], Page]) -> Page:
    """Return the page of the own worlds, with what fresh worlds say of the best beside it."""
    page = make(own_worlds(results))
    table = in_fresh_worlds(results)
    section = Section(
        "again", "Who is best, looked at again", (_words(results, table), _table(results, table))
    )
    place = next((k for k, one in enumerate(page.sections) if one.key == "limits"), len(page.sections))
    sections = (*page.sections[:place], section, *page.sections[place:])
    return replace(page, sections=sections, data={**page.data, "again": table})


def _words(results: Results, table: pd.DataFrame) -> Prose:
    fresh = int(results.design_table.read([AGAIN])[AGAIN].notna().sum())
    most, replicates = int(table["worlds"].max()), results.replicates
    equal = equal_points(len(results.notes["arms"]) - 1, most)
    clear = (
        table["behind_high"] < 0
        if outcome_named(table["outcome"].iloc[0]).better > 0
        else table["behind_low"] > 0
    )
    tied = [str(arm) for arm in table["arm"][~clear][1:]]
    arms = arms_of(results)
    names = ", ".join(f"“{arms[arm].title}”" for arm in tied)
    leader = arms[str(table["arm"].iloc[0])].title
    told = f"not told apart from it: {names}" if tied else "every other is clearly behind it"
    return Prose(
        (
            "The best of many looks better than it is. Which ways of working may be the best was therefore "
            "read off the settings above, and how good they are was measured in fresh ones, most where it "
            "decides most.",
            f"“{leader}”, the best placed above, was run again in {counted(most, 'fresh setting')}; {told}. "
            f"This took {fresh * replicates:,} further runs; all ways of working in as many settings would "
            f"have taken {equal * replicates:,}.",
        )
    )


def _table(results: Results, table: pd.DataFrame) -> Table:
    arms = arms_of(results)
    rows = tuple(
        (
            arms[str(row["arm"])].title,
            f"{int(row['worlds']):,}",
            signed(float(row["before"])),
            _told(row, "difference", "low", "high"),
            "–" if math.isnan(row["behind"]) else _told(row, "behind", "behind_low", "behind_high"),
        )
        for row in table.to_dict("records")
    )
    outcome = str(table["outcome"].iloc[0])
    return Table(
        (
            "way of working",
            "fresh settings",
            "difference above",
            "difference in fresh settings",
            "to the first",
        ),
        rows,
        frozenset({1, 2, 3, 4}),
        caption=f"{outcome_title(outcome)}: differences to the baseline, and to the way of working placed "
        "first; 95 % intervals for all together.",
    )


def _told(row: Mapping[Any, Any], value: str, low: str, high: str) -> str:
    return f"{signed(float(row[value]))} ({span(float(row[low]), float(row[high]))})"


def _means(runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return runs.pivot_table(index="world", columns="arm", values=outcome, observed=True)


def _interval(one: pd.Series, other: pd.Series, level: float) -> tuple[float, float, float]:
    apart = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    found = paired_interval(apart[:, None], level, "nested")
    return found.estimate, found.low, found.high
