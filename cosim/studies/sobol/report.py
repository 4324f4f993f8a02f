"""sobol: how much of an outcome's variance is each factor's, alone and together with others.

The words of the page are in ``report.md.j2``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.analysis.noise import enough
from cosim.charts.style import Draw
from cosim.formatting.words import counted
from cosim.reporting.blocks import Page
from cosim.reporting.wording import Worded, worded
from cosim.studies import common
from cosim.studies.difference_findings import Difference, about, difference_of, leverage_of
from cosim.studies.factor_titles import builds_in, factors_of, ranges_table, titles, with_titles
from cosim.studies.report_head import page_of
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of, row_of, varied
from cosim.studies.sobol import figures
from cosim.studies.sobol.findings import USABLE, WANTED, Indices

_TEMPLATE = Path(__file__).with_name("report.md.j2")
_UNITS = {"saltelli": "base samples", "fast": "points per curve", "shapley": "walks"}


def page(results: Results) -> Page:
    """Return the report of a variance-based study."""
    difference = difference_of(results)
    studied = results if difference is None else difference.paired
    outcomes, constant = varied(studied, checked_outcomes(studied))
    if not outcomes:
        return _nothing(studied, constant)
    every = {outcome: Indices(studied, outcome) for outcome in outcomes}
    first = every[outcomes[0]]
    names = titles(first.factors.units)
    text = _worded(every, names, constant, difference)
    answer = text.parts["answer"]
    how = (common.methods(text.parts["methods"]), ranges_table(results, first.factors))
    closing = common.closing(results, how, " ".join(answer))
    return page_of(results, answer, (*text.sections, *closing), _data(every, names), _settings_word(first))


def _nothing(results: Results, constant: Sequence[str]) -> Page:
    """Return the page of a study none of whose outcomes varied: all that it found is that."""
    values = {"every": [], "constant": common.constant_words(constant), "basis": common.basis(results)}
    answer = worded(_TEMPLATE, values).parts["answer"]
    how = (common.noise_table(results, constant), ranges_table(results, factors_of(results)))
    return page_of(results, answer, common.closing(results, how, " ".join(answer)), {}, "design points")


def _data(every: Mapping[str, Indices], names: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    tables = [with_titles(one.table, names).assign(outcome=outcome) for outcome, one in every.items()]
    data = {"indices": pd.concat(tables)}
    first = next(iter(every.values()))
    for name, table in _companions(first).items():
        data[name.lower()] = with_titles(table, names).assign(outcome=first.outcome)
    if first.convergence is not None:
        data["convergence"] = with_titles(first.convergence, names).assign(outcome=first.outcome)
    return data


def _settings_word(one: Indices) -> str:
    return "design points" if _own_numbers(one) else "sets of random numbers"


def _own_numbers(one: Indices) -> bool:
    return one.results.worlds == len(one.results.design)


def _companions(one: Indices) -> dict[str, pd.DataFrame]:
    return {name: table for name, table in one.companions.items() if isinstance(table, pd.DataFrame)}


def _worded(
    every: Mapping[str, Indices],
    names: Mapping[str, str],
    constant: Sequence[str],
    difference: Difference | None,
) -> Worded:
    """Fill the template: numbers, figures and tables that several kinds share; no words."""
    first = next(iter(every.values()))
    results, table = first.results, first.of(first.main)
    noise = noise_of(results, first.outcome)
    studies = [_study(one) for one in every.values()]
    companions = _companions(first)
    moved = [name for found in companions.values() for name in found.loc[found["above_floor"], "factor"]]
    above = _pairs_above(first)
    n, replicates = len(results.design), results.replicates
    values: dict[str, Any] = {
        "ceiling": common.CEILING,
        "basis": common.basis(results, f"{n:,} design points × {counted(replicates, 'replicate')}"),
        "every": studies,
        "first": studies[0],
        "names": names,
        "leader": row_of(table, first.ranked[0]),
        "told": {unit: row_of(table, unit) for unit in first.ranked},
        "usable": USABLE,
        "wanted": WANTED,
        "noise": noise,
        "noise_words": common.noise_words(noise),
        "together": _together(first),
        "constant": common.constant_words(constant) if constant else "",
        "level": () if difference is None else _leverage(difference, first, names),
        "pairs": len(above),
        "clear_pairs": sum(above),
        "no_companion": [found for found in first.companions.values() if isinstance(found, str)],
        "both": [name for name in dict.fromkeys(moved) if name in first.clear],
        "designed": common.designed(results, ""),
        "samples": results.notes["samples"],
        "curves": results.notes.get("curves"),
        "own_numbers": _own_numbers(first),
    }
    pictures: dict[str, Draw] = {
        f"indices_{outcome}": figures.shares(one, names).draw for outcome, one in every.items()
    }
    if above:
        pictures["pairs"] = figures.pairs(first, names).draw
    if first.convergence is not None:
        pictures["convergence"] = figures.convergence(first, first.convergence, names).draw
    if companions:
        pictures["companions"] = figures.companions(first, companions, names).draw
    blocks = {"noise": common.noise_table(results, list(every))}
    return worded(_TEMPLATE, values, pictures=pictures, blocks=blocks)


def _study(one: Indices) -> dict[str, Any]:
    """Return what the page tells of one outcome."""
    built_in = {unit for unit in one.ranked if builds_in(unit, one.outcome)}
    units = [*one.ranked, *([one.factors.dummy] if one.factors.dummy else [])]
    plain = one.table[one.table["noise"] == "uncorrected"].set_index(["index", "factor"])["estimate"]
    rows = [
        {
            "unit": unit,
            "is_clear": unit in one.clear,
            "built_in": unit in built_in,
            "indices": [
                {**row_of(one.of(index), unit), "plain": float(plain[index, unit])} for index in one.kinds
            ],
        }
        for unit in units
    ]
    samples = int(one.results.notes["samples"])
    return {
        "one": one,
        "outcome": one.outcome,
        "about": about(one.results, one.outcome),
        "built_in": built_in,
        "rows": rows,
        "enough": enough(one.widest, WANTED, samples, _UNITS.get(one.method, "points")),
    }


def _together(one: Indices) -> float | None:
    """Return the sum of all first indices; None where the method has none."""
    if "S1" not in one.kinds:
        return None
    return float(one.of("S1")["estimate"][list(one.ranked)].sum(skipna=False))


def _leverage(difference: Difference, one: Indices, names: Mapping[str, str]) -> tuple[str, ...]:
    usual = Indices(difference.level, one.outcome)
    differs = bool(varied(difference.level, [one.outcome])[0])
    return leverage_of(difference, one.clear, usual.clear if differs else (), names)


def _pairs_above(one: Indices) -> list[bool]:
    """Say of every pair of factors whether it clearly works together; none where the design has no pairs."""
    if not (one.second_order and len(one.ranked) > 1):
        return []
    above = one.of("S2")["above_floor"]
    return [bool(above[pair]) for pair in above.index if one.factors.dummy not in pair]
