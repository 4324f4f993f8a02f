"""The factors of a study: what people call them, over which range they went, and what they build in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from cosim.analysis.tables import Factors
from cosim.execution.design import DUMMY
from cosim.formatting.words import counted, plain_name
from cosim.interventions import KNOWN, built_in_by
from cosim.outcomes import outcome_named
from cosim.reporting.blocks import Cell, Table
from cosim.scenario import parameters
from cosim.studies.arm_titles import intervention_title
from cosim.studies.delivered_ways import ways
from cosim.studies.drawn_ways import about, way_title
from cosim.studies.results import Results

_WITH = "with."
_ROLES = {"patient": "public"}


def factors_of(results: Results) -> Factors:
    """Return the factors of a sampled design, as its notes have them."""
    notes = results.notes
    return Factors(list(notes["factors"]), dict(notes.get("groups") or {}) or None, notes.get("dummy"))


def factor_title(name: str) -> str:
    """Return a factor's name as words: ``roles.patient.prestige``: Prestige, public.

    The block stands before a key of one word, since "rate", "anchor" or "drift" alone say nothing.
    """
    if name == DUMMY:
        return "Dummy (changes nothing)"
    if name.startswith(_WITH):
        return intervention_title(name.removeprefix(_WITH))
    if name in ways():
        return way_title(name)
    first, *rest = name.split(".")
    if first == "roles" and len(rest) == 2:
        return f"{plain_name(rest[1])}, {_ROLES.get(rest[0], rest[0])}"
    if not rest:
        return plain_name(first)
    words = " ".join(rest)
    alone = "_" in words or name not in _parameter_keys() or first in words
    return plain_name(words if alone else f"{first} {words}")


def titles(names: Sequence[str]) -> dict[str, str]:
    """Return the titles of factors or groups; where two would be called alike, their section is added."""
    found = {name: factor_title(name) for name in names}
    words = list(found.values())
    return {
        name: title if words.count(title) == 1 else f"{title} ({name.partition('.')[0]})"
        for name, title in found.items()
    }


@cache
def _parameter_keys() -> frozenset[str]:
    return frozenset(record.key for record in parameters())


def marked(names: Mapping[str, str], outcome: str) -> dict[str, str]:
    """Return titles for figures without room for hollow marks: a built-in factor says so beside its name."""
    return {
        name: f"{title} (built in)" if builds_in(name, outcome) else title for name, title in names.items()
    }


def builds_in(name: str, outcome: str) -> bool:
    """Whether moving a factor moves an outcome by the construction of a rule."""
    if name.startswith(_WITH):
        one = KNOWN.get(name.removeprefix(_WITH))
        return one is not None and outcome_named(outcome).is_among(one.built_in)
    return outcome_named(outcome).is_among(built_in_by(name))


def ranges_table(results: Results, factors: Factors) -> Table:
    """Return every factor with the range it went over, unit, status and meaning."""
    records = {record.key: record for record in parameters()}
    ranges: Mapping[str, Any] = results.notes.get("ranges", {})
    rows: list[tuple[Cell | str, ...]] = []
    for name, group in zip(factors.names, factors.membership, strict=True):
        record = records.get(name)
        unit, status, sentence = about(name)
        rows.append(
            (
                Cell(factor_title(name), group if group != name else ""),
                name,
                _range_words(ranges.get(name)),
                record.unit if record else "dose" if name.startswith(_WITH) else unit,
                record.status if record else status,
                record.sentence if record else sentence,
            )
        )
    return Table(
        ("factor", "key", "range", "unit", "status", "what it is"),
        tuple(rows),
        folded=f"{counted(len(rows), 'factor')} and their ranges",
    )


def _range_words(given: Any) -> str:
    if not given:
        return "–"
    if len(given) == 2 and not any(isinstance(end, str) for end in given):
        return f"{given[0]:g} – {given[1]:g}"
    return ", ".join(str(value).replace("_", " ") for value in given)


def with_titles(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a table of factors with their titles as its first column, for a CSV file."""
    return table.assign(title=table["factor"].map(names))[
        ["title", *(column for column in table.columns if column != "title")]
    ]
