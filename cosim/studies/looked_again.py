"""Comparisons that looked again: the page of all arms in their own worlds, and who was best in fresh ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cosim.analysis.allocation import equal_points, fixed_worlds, race_level
from cosim.analysis.intervals import paired_interval
from cosim.analysis.sequence import confidence_sequence
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
        Intervals hold together for all arms (Bonferroni, 95 %): t intervals over worlds or, where it was
        looked until enough was known, confidence sequences. ``fixed_worlds``: in how many a t interval would
        be as narrow, had their number been settled before; of the distance, or for the leader of the gain.
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
    level, interval = race_level(len(arms), _LEVEL), _sequence if "until" in results.notes else _interval
    rows = []
    for arm in [leader, *(arm for arm in arms if arm != leader)]:
        there = means[means[arm].notna()]
        gain = interval(there[arm], there[against], level)
        behind = (math.nan,) * 3 if arm == leader else interval(there[arm], there[leader], level)
        told, other = (gain, against) if arm == leader else (behind, leader)
        rows.append(
            {
                "arm": arm,
                "outcome": outcome,
                "worlds": len(there),
                "before": float(before[arm].sub(before[against]).mean()),
                **dict(zip(("difference", "low", "high"), gain, strict=True)),
                **dict(zip(("behind", "behind_low", "behind_high"), behind, strict=True)),
                "fixed_worlds": _fixed(there[arm] - there[other], told, level),
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
    until = results.notes.get("until")
    fixed = table["fixed_worlds"].max() if until is not None else most
    equal = equal_points(len(results.notes["arms"]) - 1, most if math.isnan(fixed) else int(fixed))
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
            f"This took {fresh * replicates:,} further runs; "
            + ("all ways of working in as many settings" if until is None else _FIXED)
            + f" would have taken {equal * replicates:,}.",
            *([_stopped(results, table, float(until))] if until is not None else []),
        )
    )


_FIXED = "a design settled beforehand, of all ways of working, for the same precision"


def _stopped(results: Results, table: pd.DataFrame, until: float) -> str:
    """Say why it was looked no more; that intervals hold all the same."""
    left = int(results.notes["further"]) - int(results.design_table.read([AGAIN])[AGAIN].notna().sum())
    rivals = table.iloc[1:]
    narrow = rivals["behind_high"] - rivals["behind_low"] <= 2.0 * until
    open_ones = ~((rivals["behind_low"] > 0) | (rivals["behind_high"] < 0) | narrow)
    gain = table.iloc[0]
    enough = not open_ones.any() and gain["high"] - gain["low"] <= 2.0 * until
    why = (
        f"It ended when every difference was clear, or known to within {until:g}, "
        f"with {left * results.replicates:,} runs to spare"
        if enough
        else f"It ended because the runs were used up, before every difference was known to within {until:g}"
    )
    return f"{why}. Intervals hold at every look (confidence sequences), so the end was not chosen by luck."


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


def _sequence(one: pd.Series, other: pd.Series, level: float) -> tuple[float, float, float]:
    found = confidence_sequence(
        np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64), level
    )
    return found.estimate, found.low, found.high


def _fixed(apart: pd.Series, told: tuple[float, float, float], level: float) -> float:
    half = (told[2] - told[1]) / 2
    return float(fixed_worlds(float(apart.std(ddof=1)), half, level)) if half > 0 else math.nan


def _interval(one: pd.Series, other: pd.Series, level: float) -> tuple[float, float, float]:
    apart = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    found = paired_interval(apart[:, None], level, "nested")
    return found.estimate, found.low, found.high
