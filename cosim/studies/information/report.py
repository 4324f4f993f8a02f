"""information: what it would be worth to know more before choosing a way of working.

The words of the page are in ``report.md.j2``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from cosim.formatting.words import and_list, decimals, signed
from cosim.outcomes import outcome_in_sentence
from cosim.reporting.blocks import Page
from cosim.reporting.wording import Worded, worded
from cosim.studies import common
from cosim.studies.factor_titles import factor_title, with_titles
from cosim.studies.information import figures
from cosim.studies.information.findings import Knowing
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of

_TEMPLATE = Path(__file__).with_name("report.md.j2")


def page(results: Results) -> Page:
    """Return the report of a study of the value of information."""
    one = Knowing(results)
    checked_outcomes(results, *one.weights)
    text = _worded(one)
    answer = text.parts["answer"]
    info = one.information
    value = with_titles(info.table.rename(columns={"name": "factor"}), one.names)
    utilities = pd.DataFrame({"arm": info.arms, "utility": info.utility})
    how = (common.methods(text.parts["methods"]),)
    closing = common.closing(results, how, " ".join(answer))
    data = {"information": value, "utility": utilities}
    return page_of(results, answer, (*text.sections, *closing), data)


def _worded(one: Knowing) -> Worded:
    """Fill the template: numbers, verdicts and figures; no words."""
    results, info = one.results, one.information
    first = next(iter(one.weights))
    digits = max(3, decimals([info.perfect.estimate]))
    values: dict[str, Any] = {
        "ceiling": common.CEILING,
        "one": one,
        "info": info,
        "digits": digits,
        "perfect": {"low": info.perfect.low, "high": info.perfect.high},
        "utility": _utility(one),
        "ranked": sorted(zip(info.arms, info.utility, strict=True), key=lambda pair: -pair[1]),
        "choices": _choices(one),
        "apart": bool(one.clear) and one.loudest["name"] not in [row["name"] for row in one.clear],
        "currency": results.currency or "money",
        "noise_words": common.noise_words(noise_of(results, first)),
        "designed": common.designed(results, ""),
        "sampler": sampler_words(results),
        "pairing": pairing_words(results),
    }
    return worded(_TEMPLATE, values, pictures={"worth": figures.worth(one).draw})


def _utility(one: Knowing) -> str:
    """Return what utility is made of: ``−100 points per unit of inequality of influence``."""
    told = [
        f"{signed(weight, 4).rstrip('0').rstrip('.')} points per unit of {outcome_in_sentence(name)}"
        for name, weight in one.weights.items()
    ]
    return and_list(told, most=None)


def _choices(one: Knowing) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in one.choices.to_dict("records"):
        found.setdefault(factor_title(row["name"]), {})[row["part"]] = one.arms[row["best"]]
    return found
