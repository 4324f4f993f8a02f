"""Every parameter of a study with value, range, status and source, from the parameter records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from cosim.config.parameter import Parameter
from cosim.formatting.words import plain_name
from cosim.reporting.blocks import Block, Cell, Prose, Table
from cosim.scenario import ATTRIBUTES, Scenario, parameters
from cosim.studies.drawn_ways import drawn_tables
from cosim.studies.report_texts import sampler_words, status_words
from cosim.studies.results import Results

_COLUMNS = ("parameter", "value", "range", "unit", "status", "what it is", "source")
_KINDS = {
    "uncertainty": "uncertain",
    "lever": "lever",
    "attribute": "member",
    "design": "design",
    "cost": "price",
}


def assumption_blocks(results: Results, arm: str) -> tuple[Block, ...]:
    """Return the tables of team, phases and parameters of a study.

    Parameters
    ----------
    results : Results
    arm : str
        The baseline: its design points say which parameters were sampled.
    """
    scenario = results.scenario
    if scenario is None:
        return (Prose(("This study is not about a team: it has no parameter records.",)),)
    sampled = set(results.sampled(arm))
    lead = Prose(
        (
            f"{status_words()} {sampler_words(results)}",
            "A range in bold was sampled; the others show what is plausible, or what is allowed.",
        )
    )
    return (lead, _team(scenario), _phases(scenario), *drawn_tables(results), *_sections(scenario, sampled))


def _team(scenario: Scenario) -> Table:
    names = [attribute.name for attribute in ATTRIBUTES]
    rows = []
    for name, group in scenario.team.items():
        own = [
            f"{plain_name(each).lower()} {getattr(group, each):g}"
            for each in names
            if getattr(group, each) is not None
        ]
        time = [f"joins at {plain_name(group.joins).lower()}"] if group.joins else []
        time += [f"leaves after {plain_name(group.leaves).lower()}"] if group.leaves else []
        rows.append(
            (
                Cell(plain_name(name), "accountable lead" if group.lead else ""),
                plain_name(group.role) if group.role != "patient" else "Public contributor (patient)",
                str(group.count),
                group.constituency or group.role,
                ", ".join([*own, *time]) or "as the role",
            )
        )
    columns = ("group", "role", "members", "speaks for", "differs from the role in")
    return Table(columns, tuple(rows), frozenset({2}), f"The team of scenario {scenario.identity}.")


def _phases(scenario: Scenario) -> Table:
    rows = tuple(
        (
            plain_name(name),
            phase.level + (f" (declared: {phase.declared})" if phase.declared else ""),
            f"{phase.meetings} of {phase.minutes:g} min",
            str(phase.options),
            phase.rule.replace("_", " "),
            f"{phase.quorum:g}",
            f"{phase.importance:g}",
        )
        for name, phase in scenario.phases.items()
    )
    columns = ("phase", "level enacted", "meetings", "options", "rule", "quorum", "weight")
    caption = "The phases. Levels are named as in the IAP2 spectrum; their order is no order of merit."
    return Table(columns, rows, frozenset({3, 5, 6}), caption)


def _sections(scenario: Scenario, sampled: set[str]) -> Iterator[Table]:
    values = scenario_values(scenario)
    records = [record for record in parameters() if record.key in values]
    for section, found in groupby(records, key=lambda record: record.key.partition(".")[0]):
        rows = tuple(_row(record, values[record.key], record.key in sampled) for record in found)
        title = "Members, by role" if section == "roles" else plain_name(section)
        varied = sum(record.key in sampled for record in records if record.key.startswith(f"{section}."))
        yield Table(
            _COLUMNS,
            rows,
            frozenset({1}),
            folded=f"{title}: {len(rows)} parameters, {varied} of them sampled",
        )


def scenario_values(scenario: Scenario) -> Mapping[str, Any]:
    """Return the value of every parameter that a scenario has, by dotted key."""
    found: dict[str, Any] = {}
    roles = {group.role for group in scenario.team.values() if group.count}
    for record in parameters():
        first, _, rest = record.key.partition(".")
        if first == "roles":
            role, _, attribute = rest.partition(".")
            if role in roles:
                own: Mapping[str, float] = dict(scenario.roles).get(role, {})
                found[record.key] = own.get(attribute, record.default)
        else:
            found[record.key] = getattr(getattr(scenario, first), rest)
    return found


def _row(record: Parameter, value: Any, sampled: bool) -> tuple[Cell | str, ...]:
    changed = value != record.default
    return (
        Cell(record.key, _KINDS[record.kind]),
        Cell(value_words(value), "changed" if changed else ""),
        Cell(range_words(record), strong=sampled),
        record.unit,
        record.status,
        record.sentence,
        record.source,
    )


def value_words(value: Any) -> str:
    """Return a parameter's value as written in a table."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value).replace("_", " ")
    return f"{value:g}"


def range_words(record: Parameter) -> str:
    """Return the plausible range of an uncertainty; what is allowed of anything else."""
    if not record.numeric:
        return ", ".join(str(choice).replace("_", " ") for choice in record.allowed)
    low, high = record.plausible or record.allowed
    return f"{low:g} – {high:g}"
