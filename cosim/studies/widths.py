"""Studies whose worlds come from ranges of several widths: the page of the usual width, and what others say.

A comparison over all widths together would answer for no width; so every page is that of the worlds whose
ranges are as usual (or nearest to it), with a section that holds the other widths beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from cosim.execution.points import SCALE
from cosim.formatting.words import percent, signed, span
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Cell, Page, Prose, Section, Table
from cosim.studies.arm_titles import arms_of
from cosim.studies.results import Results

MakePage = Callable[[Results], Page]


def widths_of(results: Results) -> tuple[float, ...]:
    """Return how many times as wide as usual the ranges were, narrowest first; none if all were one."""
    if SCALE not in results.design_table.columns:
        return ()
    return tuple(sorted(float(width) for width in results.design_table.read([SCALE])[SCALE].unique()))


def of_width(results: Results, width: float) -> Results:
    """Return the part of a study whose worlds come from ranges of one width."""
    return results.part(results.design_table.read([SCALE])[SCALE] == width, without=SCALE)


def page_of_widths(results: Results, make: MakePage) -> Page:
    """Return the page of the usual width, with the other widths beside it."""
    widths = widths_of(results)
    usual = min(widths, key=lambda width: abs(math.log(width)))
    page = make(of_width(results, usual))
    if results.kind != "compare":
        return page
    table = by_width(results)
    blocks = (_words(usual), _table(results, table))
    section = Section("widths", "Does it hold when ranges are narrower or wider?", blocks)
    place = next((k for k, one in enumerate(page.sections) if one.key == "limits"), len(page.sections))
    sections = (*page.sections[:place], section, *page.sections[place:])
    return replace(page, sections=sections, data={**page.data, "widths": table})


def by_width(results: Results) -> pd.DataFrame:
    """Return every arm's difference to the baseline under each width of ranges.

    Returns
    -------
    DataFrame
        A row per width and arm: ``width``, ``arm``, ``outcome`` (the primary one), ``difference`` with
        ``low`` and ``high`` (95 %, over worlds), ``better_share`` of worlds in which the arm is better than
        the baseline (nan for an outcome without a good direction), ``place`` by the mean (1 is best),
        ``worlds``.
    """
    from cosim.studies.compare.findings import Comparison

    parts = []
    for width in widths_of(results):
        comparison = Comparison(of_width(results, width))
        rows = comparison.rows(comparison.primary).loc[list(comparison.others)]
        share = rows["positive_share"]
        if comparison.better == "lower":
            share = 1.0 - rows["zero_share"] - share
        order = {arm: place for place, arm in enumerate(comparison.ranked, 1)}
        parts.append(
            pd.DataFrame(
                {
                    "width": width,
                    "arm": rows.index,
                    "outcome": comparison.primary,
                    "difference": rows["difference"].to_numpy(),
                    "low": rows["low"].to_numpy(),
                    "high": rows["high"].to_numpy(),
                    "better_share": share.to_numpy()
                    if comparison.better in ("lower", "higher")
                    else math.nan,
                    "place": [order[arm] for arm in rows.index],
                    "worlds": comparison.results.worlds,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _words(usual: float) -> Prose:
    told = "as they are" if usual == 1.0 else f"{usual:g} times as wide"
    return Prose(
        (
            f"Everything else on this page holds for the settings whose ranges are {told}. How wide a range "
            "is, is itself assumed: here every range was made so many times as wide about its usual value, "
            "cut at what is allowed, in settings of its own.",
        )
    )


def _table(results: Results, table: pd.DataFrame) -> Table:
    arms = arms_of(results)
    widths = sorted(table["width"].unique())
    wide = table.set_index(["arm", "width"])
    first = table[table["width"] == widths[0]].sort_values("place")
    rows: list[tuple[Cell | str, ...]] = []
    for arm in first["arm"]:
        cells: list[Cell | str] = [arms[arm].title]
        for width in widths:
            one = wide.loc[(arm, width)]
            better = (
                ""
                if math.isnan(one["better_share"])
                else f", better in {percent(float(one['better_share']))}"
            )
            ends = span(float(one["low"]), float(one["high"]), 3)
            cells.append(
                Cell(signed(float(one["difference"]), 3), f"{ends}{better}; place {int(one['place'])}")
            )
        rows.append(tuple(cells))
    outcome = outcome_title(str(table["outcome"].iloc[0]))
    return Table(
        ("way of working", *(f"ranges × {width:g}" for width in widths)),
        tuple(rows),
        frozenset(range(1, len(widths) + 1)),
        caption=f"{outcome}: difference to the baseline, 95 % interval over settings, share of settings in "
        "which it is better, and place among the ways of working.",
    )
