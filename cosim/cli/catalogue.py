"""cosim catalogue: the named scenarios."""

from __future__ import annotations

import click


@click.command(short_help="List the named scenarios.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, every column.")
def command(as_json: bool) -> None:
    """List the named, citable scenarios."""
    from cosim.catalogue import table

    rows = table()
    if as_json:
        import json

        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    from cosim.formatting import terminal

    click.echo(
        terminal.table(
            rows,
            ["name", "people", "public", "meetings", "title"],
            ["scenario", "people", "public", "meetings", "what it is"],
        )
    )
    click.echo(
        "\n`cosim show NAME` shows a scenario with all its values and sources; `cosim simulate NAME` runs it."
    )
