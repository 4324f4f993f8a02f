"""sweep: how outcomes change along a setting, and whether the arms change differently.

The words of the page are in ``report.md.j2``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.charts.style import Draw
from cosim.formatting.words import decimals
from cosim.reporting.blocks import Page
from cosim.reporting.wording import Worded, worded
from cosim.studies import common
from cosim.studies.factor_titles import builds_in, titles
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of
from cosim.studies.sweep import figures
from cosim.studies.sweep.findings import Change, Sweep, changes

_TEMPLATE = Path(__file__).with_name("report.md.j2")
Found = Mapping[str, Sequence[Change]]


def page(results: Results) -> Page:
    """Return the report of a sweep."""
    outcomes = checked_outcomes(results)
    sweep = Sweep(results)
    text = _worded(sweep, {outcome: changes(sweep, outcome) for outcome in outcomes})
    answer = text.parts["answer"]
    closing = common.closing(results, (common.methods(text.parts["methods"]),), " ".join(answer))
    tables = [
        sweep.curve(column, outcome).assign(outcome=outcome)
        for outcome in outcomes
        for column in sweep.columns
    ]
    data = {"curves": pd.concat(tables, ignore_index=True)}
    return page_of(results, answer, (*text.sections, *closing), data)


def _worded(sweep: Sweep, found: Found) -> Worded:
    """Fill the template: numbers and figures; no words."""
    results, names = sweep.results, titles(sweep.columns)
    first = next(iter(found))
    free = [change for change in found[first] if not builds_in(change.column, first)]
    clear = [change for change in free if change.clear]
    values = {
        "ceiling": common.CEILING,
        "sweep": sweep,
        "names": names,
        "arms": sweep.titles_of_arms(),
        "changes": found,
        "first": first,
        "free": free,
        "clear": clear,
        "turning": [change for change in free if change.turning],
        "leader": max(clear or free or found[first], key=lambda change: abs(change.difference)),
        "built_in": {
            outcome: [column for column in sweep.columns if builds_in(column, outcome)] for outcome in found
        },
        "rows": _rows(found),
        "first_look": common.first_look(results),
        "basis": common.basis(results),
        "noise_words": common.noise_words(noise_of(results, first)),
        "designed": common.designed(results, ""),
        "sampler": sampler_words(results),
        "pairing": pairing_words(results),
    }
    pictures: dict[str, Draw] = {}
    for outcome in found:
        pictures[f"change_{outcome}"] = figures.curves(sweep, outcome, names, change=True).draw
        pictures[f"curve_{outcome}"] = figures.curves(sweep, outcome, names, change=False).draw
    if sweep.is_grid and len(sweep.columns) == 2:
        pictures["grid"] = figures.surface(sweep, first, names).draw
    noise = common.noise_table(results, list(found))
    return worded(
        _TEMPLATE, values, pictures=pictures, blocks={"noise": noise}, filters={"value": figures.value_words}
    )


def _rows(found: Found) -> list[dict[str, Any]]:
    """Return the change along every dial, for the table."""
    rows = []
    for outcome, each in found.items():
        for change in each:
            ruled = builds_in(change.column, outcome)
            digits = decimals([change.difference, change.low, change.high])
            mark = "built in" if ruled else "clear" if change.clear else ""
            rows.append({**asdict(change), "outcome": outcome, "digits": digits, "mark": mark})
    return rows
