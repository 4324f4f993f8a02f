"""What worlds drew beside parameters, for tables: how ways of working are delivered, and what the team is."""

from __future__ import annotations

import pandas as pd

from cosim.interventions.delivery import DeliveryNumber
from cosim.reporting.blocks import Cell, Table
from cosim.studies.arm_titles import intervention_title
from cosim.studies.delivered_ways import ways
from cosim.studies.results import Results
from cosim.studies.teams import TRAITS


def way_title(name: str) -> str:
    """Return the name of a number of delivery for people: ``Round robin: compliance``."""
    number = ways()[name]
    return f"{intervention_title(number.intervention)}: {number.quantity}"


def about(name: str) -> tuple[str, str, str]:
    """Return unit, status and sentence of a number of delivery or a trait of the team; empty for others."""
    if name in ways():
        number = ways()[name]
        return number.unit, number.status, number.sentence
    for trait in TRAITS:
        if trait.key == name:
            return trait.unit, "assumption", trait.sentence
    return "", "", ""


def drawn_tables(results: Results) -> tuple[Table, ...]:
    """Return what was drawn of the delivery of ways, and of teams: a table each, where there is any."""
    found = []
    columns = [name for name in results.factor_columns if name in ways()]
    if columns:
        rows = tuple(_way_row(_drawn(results, name), ways()[name]) for name in columns)
        heads = ("way of working", "number", "as recorded", "drawn from", "unit", "status", "source")
        folded = f"How ways of working are delivered: {len(rows)} numbers, all sampled"
        found.append(Table(heads, rows, frozenset({2}), folded=folded))
    traits = [trait for trait in TRAITS if trait.key in results.factor_columns]
    if traits:
        lines = tuple((trait.key, _spread_words(_drawn(results, trait.key)), trait.unit) for trait in traits)
        folded = f"The teams: {len(lines)} traits, as they were drawn"
        found.append(Table(("trait", "drawn", "unit"), lines, folded=folded))
    return tuple(found)


def _drawn(results: Results, column: str) -> pd.Series:
    return results.design_table.read([column])[column].dropna()


def _way_row(values: pd.Series, number: DeliveryNumber) -> tuple[Cell | str, ...]:
    return (
        intervention_title(number.intervention),
        number.quantity,
        f"{number.value:g}",
        Cell(f"{values.min():.3g} – {values.max():.3g}", strong=True),
        number.unit,
        number.status,
        number.source,
    )


def _spread_words(values: pd.Series) -> str:
    """Return the shares of a few values, or the ends and the middle of many."""
    shares = values.value_counts(normalize=True).sort_index()
    if len(shares) <= 8:
        told = (f"{str(value).replace('_', ' ')} {100 * share:.0f} %" for value, share in shares.items())
        return ", ".join(told)
    return f"{values.min():.3g} – {values.max():.3g}, half of them up to {values.median():.3g}"
