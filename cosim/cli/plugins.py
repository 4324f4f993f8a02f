"""cosim plugins: what other packages add."""

from __future__ import annotations

import click


@click.command(short_help="List what other packages add, and what is wrong with it.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, every column.")
def command(as_json: bool) -> None:
    """List the plugins that are installed: interventions, outcomes, scenarios, patterns, kinds of study.

    The exit code is 1 when one of them cannot be used; the reason stands beside it.
    """
    import logging

    from cosim.config import plugins

    logging.getLogger("cosim").setLevel(logging.ERROR)  # what is wrong is told in the table
    _load()
    rows: list[dict[str, object]] = [
        {
            "package": f"{one.package} {one.version}",
            "adds": plugins.GROUPS[group],
            "name": one.name,
            "records": ", ".join(one.records),
            "content": one.content,
            "state": one.problem or "in use",
        }
        for group in plugins.GROUPS
        for one in plugins.plugins(group)
    ]
    if as_json:
        import json

        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
    elif not rows:
        click.echo("No plugins are installed. docs/how_to/plugins.md tells how to write one.")
    else:
        from cosim.formatting import terminal

        columns = ["package", "adds", "records", "content", "state"]
        click.echo(terminal.table(rows, columns, columns))
    if any(row["state"] != "in use" for row in rows):
        raise SystemExit(1)


def _load() -> None:
    """Have every registry look for what plugins add."""
    from cosim.catalogue import load_scenario, names
    from cosim.config import plugins
    from cosim.errors import CosimError
    from cosim.interventions import INTERVENTIONS
    from cosim.outcomes import MEASURES
    from cosim.patterns.registry import patterns
    from cosim.studies.registry import KINDS

    for registry in (INTERVENTIONS, MEASURES, KINDS, patterns()):
        len(registry)
    names()
    for one in plugins.plugins("cosim.scenarios"):
        for name in one.records:
            try:
                load_scenario(name)
            except CosimError as error:
                one.problem = str(error)
