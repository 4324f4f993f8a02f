"""screen: which of many factors matter at all, read against a factor that does nothing.

The words of the page are in ``report.md.j2``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.analysis.multiplicity import expected_by_chance
from cosim.formatting.words import counted
from cosim.reporting.blocks import Page
from cosim.reporting.wording import Worded, worded
from cosim.studies import common
from cosim.studies.difference_findings import Difference, about, difference_of, leverage_of
from cosim.studies.factor_titles import ranges_table, titles, with_titles
from cosim.studies.report_head import page_of
from cosim.studies.results import Results
from cosim.studies.screen import figures
from cosim.studies.screen.findings import WALKS, Screening
from cosim.studies.shared_findings import checked_outcomes, noise_of, row_of

_TEMPLATE = Path(__file__).with_name("report.md.j2")
_OTHER_OUTCOMES = 3


def page(results: Results) -> Page:
    """Return the report of a screening."""
    difference = difference_of(results)
    studied = results if difference is None else difference.paired
    every = {outcome: Screening(studied, outcome) for outcome in checked_outcomes(studied)}
    first = next(iter(every.values()))
    names = titles(first.factors.units)
    text = _worded(every, names, difference)
    answer = text.parts["answer"]
    how = (common.methods(text.parts["methods"]), ranges_table(results, first.factors))
    data = {
        "effects": pd.concat(
            [with_titles(one.table, names).assign(outcome=outcome) for outcome, one in every.items()]
        )
    }
    closing = common.closing(results, how, " ".join(answer))
    return page_of(results, answer, (*text.sections, *closing), data, "walks")


def _worded(
    every: Mapping[str, Screening], names: Mapping[str, str], difference: Difference | None
) -> Worded:
    """Fill the template: numbers, verdicts and figures; no words."""
    first = next(iter(every.values()))
    results = first.results
    shown = dict(list(every.items())[: _OTHER_OUTCOMES + 1])
    replicates = counted(results.replicates, "replicate")
    points = f"{first.walks} walks × {len(first.factors.units) + 1} points × {replicates}"
    level: tuple[str, ...] = ()
    if difference is not None:
        usual = Screening(difference.level, first.outcome)
        level = leverage_of(difference, first.clear, usual.clear, names)
    values = {
        "ceiling": common.CEILING,
        "subject": about(results, first.outcome),
        "level": level,
        "first": first,
        "every": every,
        "shown": shown,
        "names": names,
        "leader": row_of(first.judged, first.found[0]) if first.found else None,
        "rows": list(_rows(first)),
        "least_walks": WALKS,
        "by_chance": expected_by_chance(len(first.ranked)),
        "levels": int(results.notes["levels"]),
        "common_numbers": results.worlds == first.walks,
        "basis": common.basis(results, points),
        "noise_words": common.noise_words(noise_of(results, first.outcome)),
        "designed": common.designed(results, ""),
    }
    pictures = {
        "effects": figures.effects(first, names).draw,
        "sigma": figures.spread(first, names).draw,
        "outcomes": figures.several(shown, names).draw,
    }
    return worded(
        _TEMPLATE, values, pictures=pictures, blocks={"noise": common.noise_table(results, list(every))}
    )


def _rows(one: Screening) -> Iterator[dict[str, Any]]:
    """Yield the numbers of every factor, the dummy last."""
    tables = {"star": one.of("mu_star"), "judged": one.judged, "mu": one.of("mu")}
    sigma = one.of("sigma", corrected=one.corrected)["estimate"]
    for unit in [*one.ranked, *([one.factors.dummy] if one.factors.dummy else [])]:
        marks = ["clear"] if unit in one.clear else []
        marks += ["built in"] if unit in one.built_in else []
        found = {name: row_of(table, unit) for name, table in tables.items()}
        yield {"unit": unit, "marks": marks, "sigma": float(sigma[unit]), **found}
