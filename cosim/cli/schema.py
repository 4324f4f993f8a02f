"""cosim schema: JSON Schema, so that editors check and complete configs while they are written."""

from __future__ import annotations

import click


@click.command(short_help="Print a JSON Schema for editors.")
@click.argument("what", type=click.Choice(["scenario", "study"]), default="study")
def command(what: str) -> None:
    """Print the JSON Schema of scenario files or study configs, for editors.

    In VS Code with the YAML extension: write the schema to a file and put
    `# yaml-language-server: $schema=FILE` at the top of a config.
    """
    import json

    from cosim.cli import json_schema

    made = json_schema.scenario_schema() if what == "scenario" else json_schema.study_schema()
    click.echo(json.dumps(made, indent=1, ensure_ascii=False))
