"""Tables of docs/ODD.md from the records. ``python -m cosim.documents.odd docs/ODD.md`` renews them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from cosim.catalogue import load_scenario
from cosim.config.parameter import Parameter
from cosim.documents.earned import earned_table
from cosim.formatting.words import plain_name
from cosim.interventions import table as interventions
from cosim.outcomes import OUTCOMES
from cosim.reporting.generated import Parts, markdown_table, refill
from cosim.scenario import ATTRIBUTES, parameters, phase_parameters
from cosim.scenario.vocabulary import ROLES
from cosim.studies.assumptions import range_words, value_words
from cosim.studies.report_texts import status_words

_COLUMNS = ("key", "default", "plausible or allowed", "unit", "kind", "status", "what it is", "source")
_WANTED = {1: "more", -1: "less", 0: ""}


def parameter_tables() -> str:
    """Return a table of records for each section of a scenario."""
    records = [record for record in parameters() if not record.key.startswith("roles.")]
    parts = [status_words()]
    for section, found in groupby(records, key=lambda record: record.key.partition(".")[0]):
        parts += [f"**{plain_name(section)}**", _records(list(found))]
    return "\n\n".join(parts)


def phase_table() -> str:
    """Return the records of a phase."""
    return _records(phase_parameters())


def attribute_table() -> str:
    """Return the default of every attribute for every role."""
    rows = [
        (
            f"`{one.name}`",
            *(f"{one.by_role[role]:g}" for role in ROLES),
            f"± {one.half_range:g}",
            one.unit,
            one.status,
            one.sentence,
            one.source,
        )
        for one in ATTRIBUTES
    ]
    columns = ("attribute", *ROLES, "plausible", "unit", "status", "what it is", "source")
    return markdown_table(columns, rows)


def team_table() -> str:
    """Return the default team."""
    scenario = load_scenario("research_team")
    rows = []
    for name, group in scenario.team.items():
        own = [
            f"{one.name} {getattr(group, one.name):g}"
            for one in ATTRIBUTES
            if getattr(group, one.name) is not None
        ]
        lead = "yes" if group.lead else ""
        rows.append((name, group.role, str(group.count), lead, ", ".join(own) or "as the role"))
    return markdown_table(("group", "role", "members", "accountable lead", "attributes"), rows)


def outcome_table() -> str:
    """Return the definition of every outcome."""
    rows = [(f"`{one.name}`", one.group, one.unit, _WANTED[one.better], one.sentence) for one in OUTCOMES]
    return markdown_table(("outcome", "group", "unit", "wanted", "definition"), rows)


def intervention_table() -> str:
    """Return mechanism, built-in outcomes and evidence grade of every intervention."""
    rows = [
        (
            f"`{row['name']}`",
            str(row["mechanism"]),
            str(row["effort"]),
            f"{row['compliance']:g} / {row['decay']:g}",
            str(row["built_in"]) or "nothing",
            str(row["grade"]),
        )
        for row in interventions()
    ]
    columns = (
        "intervention",
        "mechanism at full dose",
        "effort",
        "compliance / decay",
        "built in",
        "evidence",
    )
    return markdown_table(columns, rows)


def _records(records: Sequence[Parameter]) -> str:
    rows = [
        (
            f"`{record.key}`",
            value_words(record.default),
            range_words(record),
            record.unit,
            record.kind,
            record.status,
            record.sentence,
            record.source,
        )
        for record in records
    ]
    return markdown_table(_COLUMNS, rows)


PARTS: Parts = {
    "parameters": parameter_tables,
    "phases": phase_table,
    "attributes": attribute_table,
    "team": team_table,
    "outcomes": outcome_table,
    "interventions": intervention_table,
    "earned": earned_table,
}
"""The generated parts of docs/ODD.md by name."""

if __name__ == "__main__":
    refill(Path(sys.argv[1]), PARTS)
