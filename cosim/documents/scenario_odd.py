"""The ODD protocol of one scenario: the model's description, with this scenario's team, values and ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import cosim.execution
from cosim.config.parameter import Parameter
from cosim.documents import odd
from cosim.formatting.words import plain_name
from cosim.interventions import table as interventions
from cosim.reporting.generated import Parts, filled, markdown_table
from cosim.scenario import Scenario, parameters, phase_parameters
from cosim.scenario.discrepancy import in_words
from cosim.studies.assumptions import value_words

_TITLE = "# The model, described (ODD)\n"


def template() -> str:
    """Return the model's ODD: in an installed package it lies inside it, in a checkout in ``docs/``."""
    package = Path(cosim.execution.__file__).parents[1]
    inside = package / "documents" / "ODD.md"
    path = inside if inside.is_file() else package.parent / "docs" / "ODD.md"
    return path.read_text(encoding="utf-8")


def scenario_odd(scenario: Scenario, used: Iterable[str] = (), study: str = "") -> str:
    """Return the ODD protocol of a scenario, in Markdown.

    Parameters
    ----------
    scenario : Scenario
    used : iterable of str
        The interventions that a study compares; those of the scenario itself are added.
    study : str, optional
        What was done with it, for the head.
    """
    names = set(used) | set(scenario.interventions)
    parts: Parts = {
        **odd.PARTS,
        "team": lambda: _team(scenario),
        "phases": lambda: _phases(scenario),
        "parameters": lambda: _parameters(scenario),
        "interventions": lambda: _interventions(names),
    }
    head = (
        f"# {scenario.title or plain_name(scenario.name)}: the model, described (ODD)\n\n"
        f"This is the description of the model as scenario `{scenario.identity}` uses it: team, phases, "
        f"values "
        f"and ways of working below are its own. {study}\n"
    )
    if scenario.question:
        head += f"\nIts question: {scenario.question.strip()}\n"
    head += _told("Where the scenario comes from", map(str, scenario.sources))
    head += _told("What of it is assumed", scenario.assumed)
    head += _told("Where a second encoding from the sources alone differed", in_words(scenario.discrepancies))
    return head + filled(template(), parts).removeprefix(_TITLE)


def _told(title: str, lines: Iterable[str]) -> str:
    told = "\n".join(f"- {' '.join(line.split())}" for line in lines)
    return f"\n{title}:\n\n{told}\n" if told else ""


def _team(scenario: Scenario) -> str:
    rows = []
    for name, group in scenario.team.items():
        own = group.model_dump(exclude_defaults=True, exclude={"role", "count", "lead"})
        told = ", ".join(f"{key} {_shown(value)}" for key, value in own.items())
        rows.append((name, group.role, str(group.count), "yes" if group.lead else "", told or "as the role"))
    return markdown_table(("group", "role", "members", "accountable lead", "of its own"), rows)


def _phases(scenario: Scenario) -> str:
    records = {record.key.rpartition(".")[2]: record for record in phase_parameters()}
    rows = []
    for name, phase in scenario.phases.items():
        for key, value in phase.model_dump().items():
            if value is not None:
                record = records.get(key)
                rows.append((name, f"`{key}`", _shown(value), record.unit if record else ""))
    return markdown_table(("phase", "key", "value", "unit"), rows)


def _parameters(scenario: Scenario) -> str:
    rows = []
    for record in parameters():
        section, *rest = record.key.split(".")
        if section == "roles":
            continue
        value = getattr(getattr(scenario, section), rest[0])
        own = value != record.default
        source = "set by this scenario" if own else f"{record.status}: {record.source}"
        rows.append((f"`{record.key}`", _value(record, value), record.unit, record.sentence, source))
    return markdown_table(("key", "value", "unit", "what it is", "source"), rows)


def _value(record: Parameter, value: Any) -> str:
    text = value_words(value)
    return text if value == record.default else f"**{text}** (default {value_words(record.default)})"


def _interventions(names: set[str]) -> str:
    rows: list[Mapping[str, object]] = [row for row in interventions() if row["name"] in names]
    if not rows:
        return "None: the team works as usual."
    columns = ("intervention", "mechanism at full dose", "effort", "built in", "evidence")
    keys = ("mechanism", "effort", "built_in", "grade")
    return markdown_table(
        columns, [(f"`{row['name']}`", *(str(row[key]) or "nothing" for key in keys)) for row in rows]
    )


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
