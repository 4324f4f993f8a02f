"""factorial: what each factor does by itself, and which of them help or hinder each other.

The words of the page are in ``report.md.j2``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.formatting.words import decimals
from cosim.reporting.blocks import Page
from cosim.reporting.wording import Worded, worded
from cosim.studies import common
from cosim.studies.factor_titles import factors_of, ranges_table, titles
from cosim.studies.factorial import figures
from cosim.studies.factorial.findings import ALPHA, Factorial
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of

_TEMPLATE = Path(__file__).with_name("report.md.j2")
Rows = list[dict[str, Any]]


def page(results: Results) -> Page:
    """Return the report of a factorial study."""
    every = {outcome: Factorial(results, outcome) for outcome in checked_outcomes(results)}
    text = _worded(results, every)
    answer = text.parts["answer"]
    how = (common.methods(text.parts["methods"]), ranges_table(results, factors_of(results)))
    closing = common.closing(results, how, " ".join(answer))
    table = pd.concat([one.table.assign(outcome=outcome) for outcome, one in every.items()])
    return page_of(results, answer, (*text.sections, *closing), {"effects": table})


def _worded(results: Results, every: Mapping[str, Factorial]) -> Worded:
    """Fill the template: numbers, verdicts and figures; no words."""
    first = next(iter(every.values()))
    names = titles(first.names)
    mains, pairs = _rows(first.of_order(1), names), _rows(first.of_order(2), names)
    values = {
        "ceiling": common.CEILING,
        "first": first,
        "every": every,
        "pairs": pairs,
        "found": [row for row in mains if row["clear"] and not row["built_in"]],
        "clear_pairs": [row for row in pairs if row["clear"]],
        "ruled": [row for row in mains if row["built_in"]],
        "tables": {outcome: _all_rows(one, names) for outcome, one in every.items()},
        "aliasing": _named(first.aliasing.sentence(), names),
        "error": ALPHA,
        "first_look": common.first_look(results),
        "basis": common.basis(results),
        "noise_words": common.noise_words(noise_of(results, first.outcome)),
        "resolution": results.notes["resolution"],
        "worlds": results.worlds,
        "designed": common.designed(results, ""),
        "sampler": sampler_words(results),
        "pairing": pairing_words(results),
    }
    pictures = {"effects": figures.effects(every, names).draw}
    if pairs:
        pictures |= {
            f"interactions_{outcome}": figures.interactions(one, names).draw for outcome, one in every.items()
        }
    return worded(
        _TEMPLATE, values, pictures=pictures, blocks={"noise": common.noise_table(results, list(every))}
    )


def _all_rows(one: Factorial, names: Mapping[str, str]) -> Rows:
    orders = sorted(one.effects["order"].unique().tolist())
    return [row for order in orders for row in _rows(one.of_order(order), names)]


def _rows(effects: pd.DataFrame, names: Mapping[str, str]) -> Rows:
    """Return effects as the template takes them, with what they are called and how many digits they need."""
    found: Rows = []
    for term, row in effects.iterrows():
        numbers = [float(row[name]) for name in ("effect", "low", "high")]
        found.append(
            {
                **{str(column): value for column, value in row.items()},
                "title": " × ".join(names[name] for name in str(term).split("*")),
                "digits": decimals(numbers[:1]),
                "table_digits": decimals(numbers),
                "marks": [mark.replace("_", " ") for mark in ("clear", "built_in") if row[mark]],
                "mixed_up": _named(str(row["aliased_with"]), names),
            }
        )
    return found


def _named(sentence: str, names: Mapping[str, str]) -> str:
    for name, title in names.items():
        sentence = sentence.replace(name, title)
    return sentence.replace("*", " × ")
