"""cosim show: a scenario as it is run, every value with status and source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cosim.catalogue.register import Released
    from cosim.scenario import Scenario


@click.command(short_help="Show a scenario with all values and sources.")
@click.argument("scenario")
@click.option(
    "--json", "form", flag_value="json", help="As JSON: the scenario, and every parameter's record."
)
@click.option("--yaml", "form", flag_value="yaml", help="As a scenario file, every value written out.")
def command(scenario: str, form: str | None) -> None:
    """Show SCENARIO with all its values and where they come from.

    SCENARIO is a name of the catalogue, a file, or an id that was ever released.
    """
    from cosim.catalogue.register import Released, scenario_or_released

    found = scenario_or_released(scenario)
    if isinstance(found, Released):
        _tell_released(found, form)
        return
    if form == "json":
        import json

        record = {"identity": found.identity, "scenario": found.to_dict(), "parameters": list(_values(found))}
        click.echo(json.dumps(record, indent=1, ensure_ascii=False))
    elif form == "yaml":
        click.echo(_as_yaml(found), nl=False)
    else:
        _tell(found)


def _tell(scenario: Scenario) -> None:
    from cosim.formatting import terminal
    from cosim.scenario.discrepancy import in_words

    click.echo(f"{scenario.name}: {scenario.title}".rstrip(": "))
    for part in (scenario.question, scenario.description):
        if part:
            click.echo("\n" + terminal.paragraph(part))
    click.echo(f"\nidentity: {scenario.identity}")
    for source in scenario.sources:
        click.echo(terminal.paragraph(f"source: {source}", "", "  "))
    for assumption in scenario.assumed:
        click.echo(terminal.paragraph(f"assumed: {assumption}", "", "  "))
    for line in in_words(scenario.discrepancies):
        click.echo(terminal.paragraph(f"encoded twice: {line}", "", "  "))
    click.echo(f"\nTeam of {scenario.size}\n" + _team(scenario))
    click.echo("\nPhases\n" + _phases(scenario))
    used = [f"{name} (dose {dose:g})" if dose < 1 else name for name, dose in scenario.interventions.items()]
    click.echo("\nInterventions: " + (", ".join(used) or "none"))
    click.echo("\nParameters (* differs from the default)")
    rows = list(_values(scenario))
    notes = list(dict.fromkeys(row["source"] for row in rows if row["source"] != row["status"]))
    for row in rows:
        row["note"] = f"[{notes.index(row['source']) + 1}]" if row["source"] in notes else ""
    columns = ["mark", "key", "value", "unit", "kind", "status", "note"]
    click.echo(terminal.table(rows, columns, ["", *columns[1:]]))
    click.echo("\nSources of the parameters")
    for number, note in enumerate(notes, 1):
        click.echo(terminal.paragraph(f"[{number}] {note}", "", "    "))
    click.echo(
        "\n`cosim parameters KEY` tells what a parameter means; --yaml writes all this as a file to edit."
    )


def _tell_released(found: Released, form: str | None) -> None:
    """Show what an id stands for that another version of the model has released."""
    from cosim.config.yaml_text import yaml_text
    from cosim.formatting import terminal
    from cosim.version import __version__

    values = dict(found.values)
    if form == "json":
        import json

        record = {"identity": found.identity, "model": found.model, "noted": found.noted, "scenario": values}
        click.echo(json.dumps(record, indent=1, ensure_ascii=False))
        return
    if form is None:
        told = (
            f"{found.identity} was released with model {found.model} and noted on {found.noted}. This is "
            f"cosim {__version__}, whose scenario {values['name']!r} has other values or other parameters: "
            "to run this one, install the version that released it. Its values:"
        )
        click.echo(terminal.paragraph(told) + "\n")
    click.echo(yaml_text(values), nl=False)


def _team(scenario: Scenario) -> str:
    from cosim.formatting import terminal

    rows = []
    for name, group in scenario.team.items():
        given = group.model_dump(exclude_defaults=True, exclude={"role", "count", "lead", "label"})
        more = ", ".join(f"{key} {terminal.shown(value)}" for key, value in given.items())
        rows.append(
            {
                "group": name if group.label is None else f"{name} ({group.label})",
                "role": group.role,
                "count": group.count,
                "lead": "lead" if group.lead else "",
                "own": more,
            }
        )
    return terminal.table(
        rows, ["group", "role", "count", "lead", "own"], ["group", "role", "people", "", "own values"]
    )


def _phases(scenario: Scenario) -> str:
    from cosim.formatting import terminal
    from cosim.scenario.vocabulary import TASK_OF_PHASE

    rows = [
        {
            "phase": name,
            **phase.model_dump(),
            "declared": phase.declared or phase.level,
            "task": phase.task or TASK_OF_PHASE[name],
        }
        for name, phase in scenario.phases.items()
    ]
    columns = ["phase", "level", "declared", "meetings", "minutes", "options", "task", "rule"]
    if any(phase.owner for phase in scenario.phases.values()):
        columns.append("owner")
    return terminal.table(rows, columns)


def _values(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Yield a row per parameter: what the scenario's value is, and the record behind it."""
    from cosim.scenario import parameters

    for record in parameters():
        section, *rest = record.key.split(".")
        if section == "roles":
            role, attribute = rest
            if not any(group.role == role for group in scenario.team.values()):
                continue
            value = {str(key): shifts for key, shifts in scenario.roles.items()}.get(role, {}).get(
                attribute, record.default
            )
        else:
            value = getattr(getattr(scenario, section), rest[0])
        own = value != record.default
        yield {
            "mark": "*" if own else "",
            "key": record.key,
            "value": value,
            "default": record.default,
            "unit": record.unit,
            "kind": record.kind,
            "status": "scenario" if own else record.status,
            "source": "set by this scenario" if own else record.source,
            "plausible": record.plausible,
            "sentence": record.sentence,
        }


def _as_yaml(scenario: Scenario) -> str:
    from cosim.config.yaml_text import yaml_text

    return yaml_text(scenario.model_dump(mode="json", exclude_none=True))
