"""structure: which findings survive when a mechanism is switched off or takes its rival form.

The words of the page are in ``report.md.j2``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.charts.style import Draw
from cosim.formatting.words import and_list, decimals, plain_name
from cosim.reporting.blocks import Page
from cosim.reporting.wording import Worded, worded
from cosim.studies import common
from cosim.studies.arm_titles import BASELINE
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of
from cosim.studies.structure import figures
from cosim.studies.structure.design import AS_IT_IS
from cosim.studies.structure.findings import Structures

_TEMPLATE = Path(__file__).with_name("report.md.j2")
_MOST_NAMED = 8
Rows = list[dict[str, Any]]


def page(results: Results) -> Page:
    """Return the report of a study of structure."""
    every = {outcome: Structures(results, outcome) for outcome in checked_outcomes(results)}
    text = _worded(results, every)
    answer = text.parts["answer"]
    how = (common.methods(text.parts["methods"]),)
    closing = common.closing(results, how, " ".join(answer), arm=BASELINE)
    data = {
        "effects": pd.concat([one.effects for one in every.values()], ignore_index=True),
        "survival": pd.concat([one.survival.reset_index() for one in every.values()], ignore_index=True),
    }
    return page_of(results, answer, (*text.sections, *closing), data)


def _worded(results: Results, every: Mapping[str, Structures]) -> Worded:
    """Fill the template: numbers, verdicts and figures; no words."""
    first = next(iter(every.values()))
    has_order = any(one.agreement is not None for one in every.values())
    values = {
        "ceiling": common.CEILING,
        "first": first,
        "every": every,
        "titles": {name: arm.title for name, arm in first.arms.items()},
        **_findings(first),
        "surviving": {outcome: _surviving(one) for outcome, one in every.items()},
        "has_order": has_order,
        "ranked": [row for outcome, one in every.items() for row in _ranked(outcome, one)],
        "changed": _changed(first),
        "tables": {outcome: _effects(one) for outcome, one in every.items()},
        "first_look": common.first_look(results),
        "basis": common.basis(results),
        "noise_words": common.noise_words(noise_of(results, first.outcome)),
        "worlds": results.worlds,
        "designed": common.designed(results, ""),
        "sampler": sampler_words(results),
        "pairing": pairing_words(results),
    }
    pictures: dict[str, Draw] = {f"forms_{name}": figures.forms(one).draw for name, one in every.items()}
    if has_order:
        pictures["ranks"] = figures.ranks(every).draw
    return worded(
        _TEMPLATE, values, pictures=pictures, blocks={"noise": common.noise_table(results, list(every))}
    )


def _findings(one: Structures) -> dict[str, list[str]]:
    """Return the arms with a finding, and what becomes of them."""
    found = one.findings()
    by_verdict = {
        name: found.index[found["verdict"] == verdict]
        for name, verdict in (("kept", "survives all"), ("lost", "weakens"), ("turned", "reversed"))
    }
    by_verdict |= {"findings": found.index, "same_sign": found.index[found["same_sign_share"] == 1.0]}
    return {name: list(map(str, arms)) for name, arms in by_verdict.items()}


def _surviving(one: Structures) -> Rows:
    table = one.survival.reset_index()
    return [
        {
            **row,
            "status": one.arms[str(row["arm"])].status(one.outcome),
            "digits": decimals([row["effect"], row["low"], row["high"]]),
            "lost_in": str(row["lost_in"]),
            "reversed_by": str(row["reversed_by"]),
        }
        for row in _records(table)
    ]


def _ranked(outcome: str, one: Structures) -> Rows:
    """Return the form that changes the order most, and how far the best three stay, if there is an order."""
    table = one.agreement
    if table is None or not table["kendall_tau"].notna().any():
        return []
    form = str(table["kendall_tau"].idxmin())
    tau, kept = float(table["kendall_tau"][form]), float(table["top_kept"].mean())
    return [{"outcome": outcome, "form": form, "tau": tau, "kept": kept}]


def _changed(one: Structures) -> Rows:
    """Return what every form sets, and the ways of working whose effect it clearly changes."""
    given = dict(one.results.config.get("structure", {}).get("variants", {}))
    changed = one.effects[~one.effects["is_baseline"] & (one.effects["structure"] != AS_IT_IS)]
    rows = []
    for form in one.forms:
        part = changed[changed["structure"] == form]
        clear = part[(part["change_low"] > 0) | (part["change_high"] < 0)]
        arms = and_list([one.arms[str(arm)].title for arm in clear["arm"]], most=_MOST_NAMED)
        rows.append({"form": plain_name(form), "sets": dict(given.get(form, {})), "arms": arms})
    return rows


def _effects(one: Structures) -> Rows:
    return [
        {
            **row,
            "status": one.arms[str(row["arm"])].status(one.outcome),
            "digits": decimals([row["difference"], row["low"], row["high"]]),
            "of_change": {"low": row["change_low"], "high": row["change_high"]},
        }
        for row in _records(one.effects[~one.effects["is_baseline"]])
    ]


def _records(table: pd.DataFrame) -> Rows:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
